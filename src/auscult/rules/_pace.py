"""How fast a group's matrices move: the one measurement both learning-rate rules judge."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from auscult.findings import Remedy
from auscult.rules._case import Case, Family, Group
from auscult.rules._once import once
from auscult.rules._rule import Unjudged, figure
from auscult.runs import Parameter
from auscult.runs import quantities as q

LEAST_STEPS = 30  # steps of a training before its pace is judged
LEAST_SAMPLES = 10  # of them looked at, past the start
EXACTLY = 0.01  # of a decade: as near as a ratio comes to that of weight decay where nothing else moves
DRAWN_SMALL = 0.8  # of the size that PyTorch draws
CLEARLY_LESS = 1 / 3  # of the highest rate
SHRINKS = {"Adagrad": 0.6}  # decades by which an optimizer's steps shrink in the first thirty, at any rate

# The ratio a remedy aims at, and how often following it would have reached half of the best rate's fall or more, in
# the sweeps that learning-rate-too-high describes. Raising a rate: for SGD the middle of the band from -3 to -2.5
# that reads as right, 80 % of 138 cases; for adaptive optimizers 98 % of 200.
RAISED_TO: dict[Family, float] = {"sgd": -2.75, "adaptive": -2.25}
# Lowering one, held against Pace.fastest: 69 % of 67 cases for SGD, 93 % of 74 for adaptive optimizers.
LOWERED_TO: dict[Family, float] = {"sgd": -2.25, "adaptive": -2.5}


@dataclass(frozen=True)
class Pace:
    """The log10 update-to-data ratio of a group's matrices: over the steady part of the run, and from the start."""

    group: Group
    each: dict[str, float]  # matrix: its median over the steady part
    steps: np.ndarray  # (n,) sampled steps
    middle: np.ndarray  # (n,) median over the matrices; NaN where none is defined
    steady_at: np.ndarray  # (n,) which samples the steady part is
    grown: float = 1.0  # how many times as large as it was drawn the middle matrix ended
    small: Mapping[str, float] = field(default_factory=dict)  # matrix: the share of its usual size it stays at
    kind: str = "matrix"  # of its parameters; "embedding" of a group that has nothing else
    shift: float = 0.0  # decades that the ratios were lowered by, to be of the usual size and not of the own

    @property
    def what(self) -> str:
        """Whose pace it is, in words."""
        return f"the {'matrices' if self.kind == 'matrix' else 'embeddings'} of {self.group.name}"

    @property
    def shrinks(self) -> float:
        """Decades by which its ratio at the beginning lies higher than it would at a steady pace of the same rate."""
        return SHRINKS.get(self.group.class_name, 0.0)

    @property
    def steady(self) -> float:
        """The median over matrices of their steady ratios; NaN where none moved."""
        return float(np.median(list(self.each.values()))) if self.each else float("nan")

    @cached_property
    def early(self) -> float:
        """The median before the steady part, without the very first step; NaN where there are too few samples."""
        first = np.flatnonzero(self.steady_at)
        before = self.middle[1 : first[0]] if len(first) else self.middle[1:]
        before = before[np.isfinite(before)]
        return float(np.median(before)) if len(before) >= 3 else float("nan")

    @cached_property
    def peak(self) -> float:
        """The highest ratio of any sample after the very first step; NaN where there is none."""
        later = self.middle[1:][np.isfinite(self.middle[1:])]
        return float(later.max()) if len(later) else float("nan")

    @property
    def raised(self) -> tuple[float, int]:
        """The highest ratio that a rise of the rate between two looks must have brought, and the step it is seen at.

        An update is proportional to the rate. NaN where the rate did not rise.
        """
        lr = self.group.lr
        with np.errstate(invalid="ignore", divide="ignore"):
            brought = np.where(lr[2:] > lr[1:-1], self.middle[1:-1] + np.log10(lr[2:] / lr[1:-1]), np.nan)
        brought[~np.isfinite(brought)] = np.nan
        if np.isnan(brought).all():
            return float("nan"), int(self.steps[0])
        at = int(np.nanargmax(brought))
        return float(brought[at]), int(self.steps[at + 2])

    @property
    def peak_at_less(self) -> float:
        """The highest ratio of a sample, after the very first, whose rate was clearly below the highest; or NaN."""
        with np.errstate(invalid="ignore"):
            less = self.group.lr[1:] < CLEARLY_LESS * self.group.top_lr
        found = self.middle[1:][less & np.isfinite(self.middle[1:])]
        return float(found.max()) if len(found) else float("nan")

    @property
    def decays(self) -> float:
        """The share of the weights that weight decay takes in a step, as log10, where that is most of the first."""
        pull = self.group.decay * self.group.lr[0]
        mine = pull > 0 and not self.middle[0] > np.log10(pull) + np.log10(2)
        return float(np.log10(pull)) if mine else float("-inf")

    @property
    def of_usual(self) -> Pace:
        """The same, held against the size that matrices usually have, where these were drawn smaller and stayed so."""
        shift = _shift(float(np.median(list(self.small.values()) or [1.0])))
        each = {name: ratio + shift for name, ratio in self.each.items()}
        return replace(self, each=each, middle=self.middle + shift, shift=shift)

    def lowers(self, name: str) -> float:
        """Decades by which the ratio of one matrix lies lower still, of its usual size: where it alone is so small."""
        return min(0.0, _shift(self.small.get(name, 1.0)) - self.shift)

    def where(self, beyond: Callable[[float], bool]) -> list[str]:
        """The matrices whose own steady ratio lies beyond, or all of them where the group does only as a whole."""
        return [name for name, ratio in self.each.items() if beyond(ratio)] or list(self.group.named(self.kind))

    @property
    def samples(self) -> int:
        """Samples of the steady part."""
        return int(self.steady_at.sum())

    @property
    def fastest(self) -> float:
        """The ratio that says how much too high a rate is.

        Weights that are thrown out grow, which lowers every later ratio: what counts is how they moved at first.
        Updates of an adaptive optimizer do not follow the gradient, so its highest ratio tells; those of SGD explode
        with it, so there it is the highest of the first step, the two medians and what a rise of the rate brought.
        """
        if self.group.family == "adaptive" and np.isfinite(self.peak):
            return self.peak
        known = [r for r in (self.steady, self.early, float(self.middle[0]), self.raised[0]) if np.isfinite(r)]
        return max(known, default=self.peak)

    def before(self, step: int, samples: int) -> float:
        """The highest ratio of the last samples before a step; NaN where there is none."""
        last = self.middle[self.steps < step][-samples:]
        last = last[np.isfinite(last)]
        return float(last.max()) if len(last) else float("nan")

    def step_of(self, value: float) -> int:
        """The sampled step whose ratio comes nearest to a value; ties go to the last."""
        if not np.isfinite(self.middle).any():
            return int(self.steps[-1])
        distance = np.abs(np.where(np.isfinite(self.middle), self.middle, np.inf) - value)
        return int(self.steps[np.flatnonzero(distance == distance.min())[-1]])

    def first_beyond(self, threshold: float) -> int:
        """The first sampled step whose ratio lies above the threshold, after the very first where there are more."""
        with np.errstate(invalid="ignore"):
            beyond = self.middle > threshold
        beyond[:1] &= len(beyond) == 1
        at = np.flatnonzero(beyond)
        return int(self.steps[at[0]]) if len(at) else int(self.steps[0])

    def target(self, high: bool) -> float:
        """The ratio a remedy for a rate that is too high, or too low, aims at."""
        return (LOWERED_TO if high else RAISED_TO)[self.group.family]

    def factor(self, high: bool) -> float:
        """What the learning rate is to be multiplied by to bring the ratio to the target."""
        target = self.target(high)
        decades = min(-0.3, target - self.fastest) if high else max(0.3, target - self.steady)
        return 10 ** max(-4.0, min(4.0, decades))

    def advice(self, high: bool) -> Remedy:
        """The learning rate that would bring the ratio to the target, as something to do."""
        target, factor, lr = self.target(high), self.factor(high), self.group.top_lr
        change = (
            f"Set the learning rate of {self.group.name} to about {figure(lr * factor, 1)} (it is {figure(lr)})"
            if lr > 0
            else f"Multiply the learning rate of {self.group.name} by about {figure(factor, 1)}"
        )
        whose = self.what.removeprefix("the ").split()[0]
        reached = f"that brings the update ratio of its {whose} to about 10^{target:g}"
        return Remedy(f"{change}: {reached}.", "auscult.treat.suggest_lr" if self.kind == "matrix" else None)


@once
def paces(case: Case) -> tuple[Pace, ...] | Unjudged:
    """The pace of each group that has matrices to train, or why there is nothing to judge."""
    groups = [g for g in case.groups if g.named("matrix")]
    if not groups:
        return Unjudged("no weight matrix is trained by a known optimizer", "skipped")
    if not len(case.steps):
        return Unjudged("no step was looked at")
    return tuple(_pace(case, g, "matrix") for g in groups)


@once
def paces_of_tables(case: Case) -> tuple[Pace, ...]:
    """The pace of each group that has embeddings and no matrices.

    It is that of all rows together: where a step touches few of them, it is low whatever the rate.
    """
    groups = [g for g in case.groups if g.named("embedding") and not g.named("matrix")]
    return tuple(_pace(case, g, "embedding") for g in groups) if len(case.steps) else ()


@once
def paces_of_rows(case: Case) -> tuple[Pace, ...]:
    """The same of the rows that got a gradient, at the steps looked at, where a training has nothing but embeddings."""
    if any(g.named("matrix") for g in case.groups):
        return ()
    return tuple(_of_rows(case, pace) for pace in paces_of_tables(case))


def _of_rows(case: Case, pace: Pace) -> Pace:
    tables = [p for p in pace.group.parameters if p.kind == "embedding" and p.trainable]
    names = [p.name for p in tables if p.shape[-1] > 1] or [p.name for p in tables]  # one column is a bias by its index
    seen = [case.looks(q.RATIO_TOUCHED, name) for name in names]
    rows = np.stack([case.on_steps(looks.steps, looks.values) for looks in seen])
    steady = np.where(pace.steady_at & np.isfinite(rows), rows, np.nan)
    moved = [(name, row[~np.isnan(row)]) for name, row in zip(names, steady, strict=True)]
    each = {name: float(np.median(values)) for name, values in moved if len(values)}
    return replace(pace, each=each, middle=middle(rows))


def decays_alone(case: Case, p: Parameter) -> bool:
    """Whether weight decay alone moves a parameter, by the same share of it at each step."""
    group = next((g for g in case.groups if p in g.parameters), None)
    row = case.ratios[p.name]
    if group is None or not group.decay > 0 or not np.isfinite(row).any():
        return False
    with np.errstate(divide="ignore", invalid="ignore"):
        off = np.abs(row - np.log10(group.decay * group.lr))[np.isfinite(row)]
    return float(off.max()) < EXACTLY


def too_few_samples(case: Case) -> Unjudged | None:
    """Why a run is too short to say that its pace is right, or None where it is not."""
    if case.total_steps >= LEAST_STEPS and len(case.steps) >= LEAST_SAMPLES:
        return None
    return Unjudged(
        f"{case.total_steps} steps, {len(case.steps)} of them looked at, are too few to judge the pace: "
        f"it takes {LEAST_STEPS} and {LEAST_SAMPLES}"
    )


def _pace(case: Case, group: Group, kind: str) -> Pace:
    names = group.named(kind)
    steady = case.steady(group)
    rows = np.stack([case.ratios[n] for n in names])
    grown, small = _sizes(case, group)
    return Pace(group, case.medians(names, steady), case.steps, middle(rows), steady, grown, small, kind)


def _shift(small: float) -> float:
    """Decades that a size of so small a share of the usual one lies below it; 0 where that is nearly all of it."""
    return float(np.log10(small)) if 0 < small < DRAWN_SMALL else 0.0


def _sizes(case: Case, group: Group) -> tuple[float, dict[str, float]]:
    """The middle of how many times as large the matrices ended as they were drawn, and how small each stayed.

    That is the share of the size that PyTorch draws, which it began with or ended at; 1 at most. Weights drawn smaller
    than usual may grow to what is usual: those count from the spread that PyTorch draws. Those whose scale a
    normalisation takes away again grow on the noise of every step, and are left out. 1 where nothing is known.
    """
    found, small = [], {}
    normed = {x.weight for x in case.layers if x.norm}
    for p in group.parameters:
        norm = case.looks(q.DATA_NORM, p.name)
        if p.kind == "matrix" and p.trainable and len(norm) and p.name not in normed:
            usual = usual_norm(p)
            found.append(norm.late / max(norm.first, usual))
            small[p.name] = min(1.0, max(norm.first, norm.late) / usual)
    return (float(np.median(found)) if found else 1.0), small


def usual_norm(p: Parameter) -> float:
    """The norm of a matrix as PyTorch draws it: the root of the sum of 1/(3 fan_in)."""
    return (p.size / (3 * (p.size / p.shape[0]))) ** 0.5


def middle(rows: np.ndarray) -> np.ndarray:
    """The median of each column's finite values, (rows, n) to (n,); NaN where there is none."""
    found = np.full(rows.shape[1], np.nan)
    some = np.isfinite(rows).any(axis=0)
    found[some] = np.nanmedian(np.where(np.isfinite(rows), rows, np.nan)[:, some], axis=0)
    return found
