"""What the batch size does to a training: many trainings that differ in it, and in nothing else unless asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, Protocol

from auscult.errors import StudyError
from auscult.runs.trials import Trials, key_of
from auscult.studies.execution import Executor, Work
from auscult.studies.specs import found
from auscult.studies.training import KIND, Training, train

SGD = "torch.optim:SGD"
SCALINGS = {"linear": 1.0, "root": 0.5}  # of the learning rate: by (batch / smallest)^power


@dataclass(frozen=True)
class Plan:
    """What a study of the batch size is asked for.

    task, optimizer: as `Training` has them. batches, lrs, epochs: trained is every batch at every learning rate.
    seeds: how many of each. scaling: also train the larger batches at learning rates scaled from the smallest's.
    switch: also go from the largest to the smallest batch half way. looks, samples: as `Training` has them.
    minima, points: whether to look around the ends, and the points of a surface's side. norm: how batch norms
    normalise there: "data", by the statistics of the whole data at every point, or "eval", by those of the training.
    """

    task: str
    optimizer: str
    batches: tuple[int, ...]
    lrs: tuple[float, ...]
    epochs: int
    seeds: int
    task_options: Mapping[str, Any]
    optimizer_options: Mapping[str, Any]
    scaling: bool = True
    switch: bool = True
    looks: int = 5
    samples: int = 32
    minima: bool = True
    points: int = 21
    norm: Literal["data", "eval"] = "data"

    @property
    def trainings(self) -> tuple[Training, ...]:
        """Every training, those of one seed together, without repeats."""
        return tuple({key_of(t.config): t for seed in range(self.seeds) for t in self._of(seed)}.values())

    def base(self, batch: int, lr: float, seed: int) -> Training:
        """The training of a batch size at a learning rate as it is."""
        return Training(
            self.task, self.optimizer, batch, lr, self.epochs, seed, dict(self.task_options),
            dict(self.optimizer_options), looks=self.looks, samples=self.samples,
        )  # fmt: skip

    def scaled(self, batch: int, lr: float, seed: int, rule: str) -> Training:
        """The training of a batch size at the learning rate scaled from that of the smallest batch."""
        return self.base(batch, lr * (batch / min(self.batches)) ** SCALINGS[rule], seed)

    def switched(self, lr: float, seed: int) -> Training:
        """The training that begins with the largest batch and ends with the smallest."""
        one = self.base(max(self.batches), lr, seed)
        return replace(one, switch_at=max(1, self.epochs // 2), switch_to=min(self.batches))

    def _of(self, seed: int) -> Iterator[Training]:
        for lr in self.lrs:
            yield from (self.base(batch, lr, seed) for batch in sorted(self.batches))
            if self.scaling:
                for rule in SCALINGS:
                    yield from (self.scaled(b, lr, seed, rule) for b in sorted(self.batches) if b > min(self.batches))
            if self.switch and len(self.batches) > 1 and self.epochs > 1:
                yield self.switched(lr, seed)


def checked(plan: Plan) -> Plan:
    """The plan, where it can be made: the numbers fit, task and optimizer are there. Raises StudyError otherwise."""
    if not plan.batches or min(plan.batches) < 1:
        raise StudyError(f"batches are numbers of examples from 1 up, got {list(plan.batches)}")
    if not plan.lrs or min(plan.lrs) <= 0:
        raise StudyError(f"lr is a positive number or several, got {list(plan.lrs)}")
    for what, least in (("epochs", 1), ("seeds", 1), ("looks", 2), ("samples", 3), ("points", 0)):
        if getattr(plan, what) < least:
            raise StudyError(f"{what} is a number from {least} up, got {getattr(plan, what)}")
    if plan.norm not in ("data", "eval"):
        raise StudyError(f"norm is data or eval, got {plan.norm!r}")
    found(plan.optimizer, "the optimizer")
    examples = len(found(plan.task, "the task")(**plan.task_options).train)
    if max(plan.batches) > examples:
        raise StudyError(
            f"a batch of {max(plan.batches):,} is larger than the {examples:,} examples; choose smaller batches"
        )
    return plan


class Progress(Protocol):
    """What is told of a study as it goes on."""

    def begin(self, what: str, total: int, done: int) -> None:
        """So many trials of a kind there are, and so many are done already."""

    def over(self, title: str, error: str | None, seconds: float) -> None:
        """One is over."""


def run_trainings(plan: Plan, trials: Trials, executor: Executor, progress: Progress) -> None:
    """Make the trainings of a plan that are not in the store yet, or failed before."""
    jobs = [(t.config, train, (t,), title_of(t)) for t in plan.trainings]
    run_missing("trainings", jobs, trials, executor, progress)


def run_missing(
    what: str,
    jobs: Sequence[tuple[dict[str, Any], Work, tuple[Any, ...], str]],
    trials: Trials,
    executor: Executor,
    progress: Progress,
) -> None:
    """Do what the store has not, or has as failed. A job: its name in the store, a call that gives numbers and arrays,
    its arguments, and its title."""
    missing = [job for job in jobs if (had := trials.get(job[0])) is None or had.error]
    progress.begin(what, len(jobs), len(jobs) - len(missing))
    for outcome in executor.run(_call, [(work, arguments) for _, work, arguments, _ in missing]):
        config, _, _, title = missing[outcome.index]
        numbers, arrays = outcome.result or ({}, {})
        trials.add(config, numbers, arrays, outcome.seconds, outcome.error)
        progress.over(title, outcome.error, outcome.seconds)


def _call(work: Work, arguments: tuple[Any, ...]) -> Any:
    return work(*arguments)


def title_of(t: Training) -> str:
    """A training in a few words."""
    then = f" then {t.switch_to}" if t.switch_at else ""
    return f"batch {t.batch}{then}, lr {t.lr:g}, seed {t.seed}"


def keep(plan: Plan, trials: Trials) -> None:
    """Note in the store what is asked. Raises StudyError where another study lies there."""
    asked = {"kind": KIND, "task": plan.task, "task_options": dict(plan.task_options)}
    if (trials.folder / "study.json").exists():
        had = trials.asked
        if {k: had.get(k) for k in asked} != asked:
            raise StudyError(f"{trials.folder} holds a study of {had.get('task')}; choose another folder with --dir")
    trials.ask({"kind": KIND, **asdict(plan)})
