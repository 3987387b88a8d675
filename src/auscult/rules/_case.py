"""`Case`: one run as the rules see it, read once and shared by all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from auscult.rules._looks import NONE, Looks
from auscult.rules._loss import Curve
from auscult.runs import Event, Layer, Optimizer, Parameter, Run, Task
from auscult.runs import quantities as q
from auscult.runs.families import Family, family
from auscult.runs.start import Start, start_of

SETTLING = 0.2  # share of a group's steps at full learning rate that still belong to the start
MOSTLY = 0.5  # share of the elements, or of the matrices
FAR_BELOW = 0.75  # of the loss of a guess
HEAD = 1.5  # over the root of the fan-in: an output layer that is not drawn too large
ALIKE = 4  # matrices of one gain
FULL_RATE = 0.5  # a rate below this share of its highest is warm-up or decay


@dataclass(frozen=True)
class Group:
    """The parameters one learning rate moves, and that rate over the steps of `Case.steps`."""

    name: str  # as the learning rate's subject: "Adam[0]"
    class_name: str
    family: Family
    parameters: tuple[Parameter, ...]
    lr: np.ndarray  # (steps,) NaN where it is not known
    decay: float = 0.0  # what weight decay takes of the weights in a step, over the learning rate
    uphill: bool = False  # whether its updates go along the gradient, and make the loss larger

    def named(self, *kinds: str) -> tuple[str, ...]:
        """Names of its trainable parameters of these kinds."""
        return tuple(p.name for p in self.parameters if p.kind in kinds and p.trainable)

    @property
    def top_lr(self) -> float:
        """The highest learning rate it had; NaN where none is known."""
        known = self.lr[np.isfinite(self.lr)]
        return float(known.max()) if len(known) else float("nan")


@dataclass(frozen=True)
class Case:
    """What the rules ask of a run: losses, ratios and rates. Everything is read at most once."""

    run: Run

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The watched tensors."""
        return self.run.parameters

    @cached_property
    def optimizers(self) -> tuple[Optimizer, ...]:
        """The optimizers that stepped, and the loop without one."""
        return self.run.optimizers

    @cached_property
    def total_steps(self) -> int:
        """Steps the training made, looked at or not."""
        return self.run.steps

    @cached_property
    def steps(self) -> np.ndarray:
        """The sampled steps (n,), ascending: those that were looked at, with a record of any parameter's movement."""
        return self._ratios[0]

    @cached_property
    def ratios(self) -> dict[str, np.ndarray]:
        """The log10 update-to-data ratio of each parameter at `steps`; NaN undefined, -inf not moved."""
        return self._ratios[1]

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The parameter groups, each with the parameters it moves."""
        loose = next((o for o in self.optimizers if o.class_name == "none"), None)
        found = []
        for optimizer in self.optimizers:
            for index in range(max(1, len(optimizer.groups))):
                mine = tuple(p for p in self.parameters if (p.optimizer, p.group or 0) == (optimizer.name, index))
                if optimizer is loose and index == 0:
                    mine += tuple(p for p in self.parameters if p.optimizer is None)
                name = q.group_name(optimizer.name, index)
                options = optimizer.groups[index] if optimizer.groups else {}
                decay, kind, rate = (
                    _decay(optimizer.class_name, options),
                    family(optimizer.class_name),
                    self._rate(name),
                )
                found.append(Group(name, optimizer.class_name, kind, mine, np.abs(rate), decay, _uphill(options, rate)))
        return tuple(found)

    @property
    def uphill(self) -> bool:
        """Whether all that is trained is moved along the gradient, as by a wrong sign or to make something large."""
        trained = [group for group in self.groups if any(p.trainable for p in group.parameters)]
        return bool(trained) and all(group.uphill for group in trained)

    @cached_property
    def loss(self) -> Curve:
        """The finite losses of the first optimizer's backward passes."""
        read = self.run.series(q.LOSS)
        good = np.isfinite(read.values)
        return Curve(read.steps[good], read.values[good].astype(np.float64))

    @cached_property
    def bad_losses(self) -> tuple[int, ...]:
        """The steps at which the loss was NaN or infinite and the step was made all the same, ascending."""
        read = self.run.series(q.LOSS)
        told = {e.step for e in self.events(q.NONFINITE_LOSS)} | {int(s) for s in read.steps[np.isinf(read.values)]}
        return tuple(sorted(told - {e.step for e in self.events(q.SKIPPED_STEP)}))

    @cached_property
    def broke_at(self) -> int | None:
        """The step from which the loss was never seen finite again; None where it ended finite."""
        if not self.bad_losses or (len(self.loss) and self.loss.steps[-1] > self.bad_losses[-1]):
            return None
        last_good = int(self.loss.steps[-1]) if len(self.loss) else -1
        return next(s for s in self.bad_losses if s > last_good)

    @cached_property
    def several_losses(self) -> bool:
        """True where optimizers take turns with losses of their own, as adversaries do."""
        subjects = self.run.quantities.get(q.LOSS, ())
        return sum(bool(np.isfinite(self.run.series(q.LOSS, s).values).any()) for s in subjects) > 1

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """The places of the network where something is measured, in the order of the forward pass."""
        return self.run.layers

    @cached_property
    def hidden_layers(self) -> tuple[Layer, ...]:
        """The layers with weights between the input and the output, as far as they can be seen."""
        weighted = ("linear", "convolution")
        return tuple(x for x in self.layers if x.operation in weighted and not x.is_output and x.hidden is None)

    @cached_property
    def task(self) -> Task | None:
        """What the loss is; None where that is not known."""
        return self.run.task

    @cached_property
    def start(self) -> Start | None:
        """The first look inside the network; None where there is none."""
        return start_of(self.run)

    def fed_by(self, name: str) -> tuple[Layer, ...]:
        """The layers that take input from this one."""
        return tuple(layer for layer in self.layers if name in layer.after)

    def seen(self, quantity: str) -> dict[str, Looks]:
        """One quantity of every subject that has it: its finite values."""
        if quantity not in self._seen:
            read = self.run.matrix(quantity)
            steps, values = read.steps.astype(np.int64), read.values.astype(np.float64)
            found = {name: np.isfinite(row) for name, row in zip(read.subjects, values, strict=True)}
            self._seen[quantity] = {
                name: Looks(steps[good], row[good])
                for (name, good), row in zip(found.items(), values, strict=True)
                if good.any()
            }
        return self._seen[quantity]

    def looks(self, quantity: str, subject: str = "") -> Looks:
        """The finite values of one quantity of one subject; none where it was not recorded."""
        return self.seen(quantity).get(subject, NONE)

    @cached_property
    def frozen_share(self) -> float:
        """Share of the elements that are not asked to train."""
        total = sum(p.size for p in self.parameters)
        return sum(p.size for p in self.parameters if not p.trainable) / total if total else 0.0

    @cached_property
    def looks_trained(self) -> bool:
        """True where the run seems to go on from trained weights, with small steps and little progress to expect.

        Either most elements are not asked to train, or the loss begins far below that of a guess that knows nothing
        while most matrices have a spread that no usual initialisation gives.
        """
        if self.frozen_share > MOSTLY:
            return True
        first = self._first_spreads
        if not first or not len(self.loss):
            return False
        begin, guess = self._begin_and_guess
        return 0 < begin < FAR_BELOW * guess and self._mostly_unusual(first) and not _one_gain(first)

    @property
    def _begin_and_guess(self) -> tuple[float, float]:
        """The first loss and that of a guess that knows nothing, or else the best constant one's; NaN if unknown.

        Where it is not known what the loss is, it is taken for a classifier's: ln(outputs).
        """
        if self.task is not None and self.start is not None:
            known = [v for v in (self.start.uniform, self.start.base_rate) if np.isfinite(v)]
            return self.start.loss, known[0] if known else float("nan")
        outputs = min(_sides(list(self._first_spreads)[-1]))  # which side it is, a bare tensor does not tell
        return self.loss.begin.value, float(np.log(outputs))

    @cached_property
    def has_new_head(self) -> bool:
        """True where fresh output weights, of a usual size or less, seem to stand on layers that are trained.

        That is, most of the other matrices have a spread that no usual initialisation gives.
        """
        heads = [x for x in self.layers if x.is_output]
        small = [x.weight_std <= HEAD * x.fan_in**-0.5 for x in heads if x.weight_std and x.fan_in]
        rest = {p: std for p, std in self._first_spreads.items() if all(p.name != x.weight for x in heads)}
        return bool(small) and all(small) and self._mostly_unusual(rest)

    @cached_property
    def _first_spreads(self) -> dict[Parameter, float]:
        spread = self.table(q.DATA_STD)
        return {p: _first(spread[p.name]) for p in self.parameters if p.kind == "matrix" and p.size > 1}

    def _mostly_unusual(self, first: dict[Parameter, float]) -> bool:
        return sum(not _usual_init(p, std) for p, std in first.items()) > MOSTLY * len(first)

    def steady(self, group: Group) -> np.ndarray:
        """Which of `steps` say how fast a group moves: past warm-up and settling, before the rate decays."""
        full = np.ones(len(self.steps), bool)
        if np.isfinite(group.top_lr):
            rate = np.nan_to_num(group.lr, nan=group.top_lr)
            full = rate >= FULL_RATE * group.top_lr
        if not full.any():
            return full
        first, last = self.steps[full][0], self.steps[full][-1]
        return full & (self.steps >= first + SETTLING * (last - first)) & (self.steps > 0)

    def medians(self, names: tuple[str, ...], at: np.ndarray) -> dict[str, float]:
        """The median log10 ratio of each parameter where it moved at all in the samples `at`."""
        moved = {name: (row := self.ratios[name][at])[np.isfinite(row)] for name in names}
        return {name: float(np.median(values)) for name, values in moved.items() if len(values)}

    def on_steps(self, steps: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Values of other steps at `steps`; NaN where there is none."""
        found = np.full(len(self.steps), np.nan)
        _, mine, theirs = np.intersect1d(self.steps, steps, return_indices=True)
        found[mine] = values[theirs]
        return found

    def events(self, kind: str) -> tuple[Event, ...]:
        """The run's events of one kind."""
        return tuple(e for e in self._events if e.kind == kind)

    def table(self, quantity: str) -> dict[str, np.ndarray]:
        """One quantity of each parameter, all on one grid; NaN where undefined, and at steps it was not recorded."""
        if quantity not in self._tables:
            read = self.run.matrix(quantity, [p.name for p in self.parameters])
            self._tables[quantity] = dict(zip(read.subjects, read.values.astype(np.float64), strict=True))
        return self._tables[quantity]

    @cached_property
    def answers(self) -> dict[Callable, object]:
        """What was asked of this case already, by what asks it; see `_once.py`."""
        return {}

    @cached_property
    def _tables(self) -> dict[str, dict[str, np.ndarray]]:
        return {}

    @cached_property
    def _seen(self) -> dict[str, dict[str, Looks]]:
        return {}

    @cached_property
    def _events(self) -> tuple[Event, ...]:
        return self.run.events()

    @cached_property
    def all_ratios(self) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """The steps whose updates were measured, looked at or not, and the log10 ratio of each parameter at these."""
        read = self.run.matrix(q.RATIO, [p.name for p in self.parameters])
        return read.steps.astype(np.int64), dict(zip(read.subjects, read.values.astype(np.float64), strict=True))

    @cached_property
    def _ratios(self) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        steps, values = self.all_ratios
        looked_at = self.run.series(q.GRAD_NORM).steps
        if not len(looked_at):
            return steps, values
        among = np.isin(steps, looked_at)  # of the steps between, neither rates nor gradients are known
        return steps[among], {name: row[among] for name, row in values.items()}

    def _rate(self, name: str) -> np.ndarray:
        read = self.run.series(q.LR, name)
        return self.on_steps(read.steps, read.values)


def _decay(class_name: str, options: dict[str, float | bool | str | list | None]) -> float:
    """The weight decay that pulls straight at the weights; that which an adaptive optimizer rescales does not."""
    straight = class_name == "SGD" or options.get("decoupled_weight_decay") is True
    decay = options.get("weight_decay")
    return float(decay) if straight and isinstance(decay, int | float) else 0.0


def _uphill(options: dict[str, float | bool | str | list | None], rate: np.ndarray) -> bool:
    """Whether an optimizer was told to maximize, or most rates of a loop are those of steps along the gradient."""
    known = rate[np.isfinite(rate)]
    return options.get("maximize") is True or (len(known) > 0 and float(np.median(known)) < 0)


def _first(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known[0]) if len(known) else float("nan")


def _sides(parameter: Parameter) -> tuple[int, int]:
    """The two sides of a matrix, a filter's weights counted as one."""
    return parameter.shape[0], parameter.size // parameter.shape[0]


def _one_gain(first: dict[Parameter, float]) -> bool:
    """Whether the unusual spreads are one and the same factor over the root of the fan-in, within chance: drawn so.

    Of fewer than four that may be a coincidence.
    """
    odd = {p: std for p, std in first.items() if not _usual_init(p, std)}
    gains = [std * _sides(p)[1] ** 0.5 for p, std in odd.items()]
    return len(gains) >= ALIKE and max(gains) / min(gains) - 1 < max(map(_chance, odd))


def _chance(parameter: Parameter) -> float:
    """By how large a share of it the spread of so many weights varies."""
    return 0.01 + 2 / (2 * parameter.size) ** 0.5


def _usual_init(parameter: Parameter, std: float) -> bool:
    """Whether a spread is one that usual initialisations give this shape, within chance; none at all is one too."""
    rows, columns = _sides(parameter)
    gains = (3**-0.5, 1.0, 2**0.5, 5 / 3)  # torch's default, LeCun, He, tanh
    usual = [gain / side**0.5 for gain in gains for side in (rows, columns)]
    usual += [(2 / (rows + columns)) ** 0.5, 0.02, 0.01, 1.0]  # Glorot; transformers; a plain randn
    return not std > 0 or any(abs(std / u - 1) < _chance(parameter) for u in usual)
