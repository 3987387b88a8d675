"""`batch_size`: the whole study in one call."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from auscult.errors import StudyError
from auscult.runs.trials import Trials
from auscult.settings import runs_folder
from auscult.studies.batch_size import SGD, Plan, checked, keep, run_trainings
from auscult.studies.execution import Executor, Processes
from auscult.studies.minima import run_minima
from auscult.studies.page import StudyPage
from auscult.studies.specs import name_of, short_name
from auscult.studies.summary import Summary
from auscult.studies.training import KIND


def batch_size(
    task: str | Callable[..., Any],
    batches: Sequence[int] = (32, 256),
    lr: float | Sequence[float] = 0.01,
    epochs: int = 20,
    seeds: int = 3,
    *,
    optimizer: str | Callable[..., Any] = SGD,
    task_options: Mapping[str, Any] | None = None,
    optimizer_options: Mapping[str, Any] | None = None,
    scaling: bool = True,
    switch: bool = True,
    looks: int = 5,
    samples: int = 32,
    minima: bool = True,
    points: int = 21,
    norm: Literal["data", "eval"] = "data",
    dir: str | os.PathLike[str] | None = None,
    executor: Executor | None = None,
    quiet: bool = False,
) -> StudyPage:
    """What the batch size does to a training, and which to use: trains at each, several times, and concludes.

    Args:
        task: a function that gives an `auscult.learner.Task`, or its name `module:function`, or a recipe's: "digits",
            "mnist", "imagenette", "names". Other processes must find it, so it is a function of a module.
        batches: numbers of examples. lr: the learning rate, or several. epochs: of each training. seeds: how many
            trainings of each kind; the model and the order of the examples differ between them.
        optimizer: called with the parameters and lr; a function or class, or its name.
        task_options, optimizer_options: their further arguments, of kinds that JSON takes.
        scaling: also train the larger batches at learning rates scaled by batch size and by its root.
        switch: also go from the largest to the smallest batch half way.
        looks: how often the gradients of single batches are compared. samples: of how many batches.
        minima: also look around the ends of the trainings at the learning rates as they are: box sharpness, the largest
            eigenvalue, the line and the curve from the smallest batch's to the largest's, and for the first seed
            surfaces of points × points and the ways the two went; 0 points for none of these.
        norm: how batch norms normalise there: "data", by the statistics of the whole data at every point, or "eval",
            by those of the training.
        dir: the study's folder; by default one named by the task among the runs.
        executor: where trainings are made: `Processes()`, by default one a core; `Here()`; `Ray()`.
        quiet: show no progress.

    A study that is broken off goes on where it was when it is asked for again; a training that failed is tried again,
    told of, and stops no other. Raises StudyError where what is asked cannot be.
    """
    plan = checked(
        Plan(
            task=name_of(task, "the task"),
            optimizer=name_of(optimizer, "the optimizer"),
            batches=tuple(dict.fromkeys(batches)),
            lrs=tuple(float(x) for x in ([lr] if isinstance(lr, (int, float)) else lr)),
            epochs=epochs, seeds=seeds, task_options=dict(task_options or {}),
            optimizer_options=dict(optimizer_options or {}), scaling=scaling, switch=switch, looks=looks,
            samples=samples, minima=minima, points=points, norm=norm,
        )
    )  # fmt: skip
    trials = Trials(_folder(plan, dir))
    keep(plan, trials)
    with _progress(quiet) as progress:
        executor = executor or Processes()
        run_trainings(plan, trials, executor, progress)
        if minima:
            run_minima(plan, trials, executor, progress)
    return _page(plan, trials)


def open_study(folder: str | os.PathLike[str]) -> StudyPage:
    """The study in a folder, as far as it is. Raises RunError where there is none, StudyError where it is another."""
    trials = Trials(folder)
    asked = dict(trials.asked)
    if asked.pop("kind", None) != KIND:
        raise StudyError(f"{folder} holds no study of the batch size; give the folder of one")
    asked |= {"batches": tuple(asked["batches"]), "lrs": tuple(asked["lrs"])}
    return _page(Plan(**asked), trials)


def _page(plan: Plan, trials: Trials) -> StudyPage:
    return StudyPage([Summary(plan, trials, lr) for lr in plan.lrs])


def _folder(plan: Plan, dir: str | os.PathLike[str] | None) -> Path:
    if dir is not None:
        return Path(dir)
    return Path(runs_folder()) / f"study-{short_name(plan.task)}"


class _Bars:
    """A bar of the trials on stderr, and a line for each that fails."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        self._bars = Bars(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            TimeRemainingColumn(), console=console,
        )  # fmt: skip
        self._plain = not console.is_terminal
        self._bar: Any = None

    def __enter__(self) -> _Bars:
        self._bars.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._bars.stop()

    def begin(self, what: str, total: int, done: int) -> None:
        """So many trials of a kind there are, and so many are done already."""
        self._bar = self._bars.add_task(what, total=total, completed=done)
        if self._plain:
            print(f"{what}: {total}, of which {done} are done", file=sys.stderr)

    def over(self, title: str, error: str | None, seconds: float) -> None:
        """One is over."""
        self._bars.update(self._bar, advance=1, description=title)
        if error:
            self._bars.console.print(f"failed: {title}: {error}", style="red", highlight=False, markup=False)
        elif self._plain:
            print(f"{title}: {seconds:.0f} s", file=sys.stderr)


class _Silence:
    """Tells nobody."""

    def begin(self, what: str, total: int, done: int) -> None:
        """So many trials of a kind there are, and so many are done already."""

    def over(self, title: str, error: str | None, seconds: float) -> None:
        """One is over."""

    def __enter__(self) -> _Silence:
        return self

    def __exit__(self, *error: object) -> None:
        pass


def _progress(quiet: bool) -> _Bars | _Silence:
    return _Silence() if quiet else _Bars()
