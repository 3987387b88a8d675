"""`suggest_lr`: the learning rate that brings a recorded run's update-to-data ratio to where trainings go well."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from typing import Any

import numpy as np

from auscult.errors import TreatError
from auscult.runs import Optimizer, Parameter, Run, find_run
from auscult.runs import quantities as q
from auscult.runs.families import Family, family
from auscult.settings import runs_folder
from auscult.treat.treatment import NONE, figure, fit, table

# log10 of the ratio aimed at. SGD: the middle of the band from -3 to -2.5 that reads as right in the lecture, around
# its guide of 10^-3. Adaptive optimizers move each element by about lr whatever the gradient, so that guide is none for
# them: from the sweeps of 1,210 trainings that the rule learning-rate-too-high describes, where it would have reached
# half of the best rate's fall or more in 98 % of 200 cases (-2.75 for SGD: 80 % of 138).
TARGETS: dict[Family, float] = {"sgd": -2.75, "adaptive": -2.25}
# 5 to 95 % of the good rates in these sweeps: inside, nothing asks for a change.
USUAL: dict[Family, tuple[float, float]] = {"sgd": (-3.2, -1.3), "adaptive": (-3.0, -1.4)}
_LEAST_STEPS, _LEAST_SAMPLES = 30, 10  # of the training; of them looked at, past the start
_SETTLING = 0.2  # share of the steps at full rate that still belong to the start
_FULL = 0.5  # a rate below this share of its highest is warm-up or decay
_FURTHEST = 4.0  # decades


@dataclass(frozen=True)
class GroupRate:
    """One parameter group. ratio and target are log10 of the update-to-data ratio, ratio the median over matrices."""

    name: str
    family: Family
    lr: float
    ratio: float
    target: float
    suggested: float
    usual: tuple[float, float]
    samples: int

    @property
    def is_usual(self) -> bool:
        """Whether the ratio lies where those of good trainings do."""
        return self.usual[0] <= self.ratio <= self.usual[1]


@dataclass(frozen=True)
class SuggestedRate:
    """The learning rates a run had and those suggested, group by group; those of the first group at hand."""

    run: str
    groups: tuple[GroupRate, ...]
    skipped: tuple[tuple[str, str], ...] = ()

    @property
    def lr(self) -> float:
        """The highest rate of the first group."""
        return self.groups[0].lr

    @property
    def suggested(self) -> float:
        """The rate suggested for the first group."""
        return self.groups[0].suggested

    def __str__(self) -> str:
        rows = [
            (g.name, figure(g.lr), f"10^{g.ratio:.2f}", f"10^{g.target:g}", f"{g.suggested:.2g}",
             "nothing asks for a change" if g.is_usual else NONE)
            for g in self.groups
        ]  # fmt: skip
        lines = [f"suggest_lr: run {self.run}", ""]
        lines += table(("group", "lr", "ratio", "target", "suggested", "but"), rows)
        return "\n".join([*lines, *(fit(f"skipped {name}: {why}") for name, why in self.skipped)])


def suggest_lr(run: Any, *, target: float | None = None, dir: str | os.PathLike[str] | None = None) -> SuggestedRate:
    """The learning rate of each group that brings the median update-to-data ratio of its matrices to the target.

    The ratio is that of the steady part of the run: past the first fifth, at half the highest rate or more. It follows
    the rate in proportion, so lr ← lr · 10^(target − ratio), by four decades at most; look again after a change, as the
    layers settle anew at every rate.

    Args:
        run: a Run, a recorder, or what `auscult.open_run` takes: a folder, an id, "last".
        target: log10 of the ratio; by default -2.75 for SGD, -2.25 for adaptive optimizers (see TARGETS).
        dir: the folder of the runs.

    Raises RunNotFound or RunError as `auscult.open_run` does; TreatError where the run is too short, was looked at too
    seldom, diverged, or does not know its rate.
    """
    opened = _opened(run, dir)
    if target is not None and not -10 < target < 0:
        raise TreatError(f"target {target} is to be log10 of a ratio between 0 and 1: -3 for a thousandth")
    _refuse_diverged(opened)
    if opened.steps < _LEAST_STEPS:
        raise TreatError(f"the run has {opened.steps} steps; it takes {_LEAST_STEPS} to tell how fast its weights move")
    groups, skipped = [], []
    for optimizer, index, parameters in _groups(opened):
        name = q.group_name(optimizer.name, index)
        try:
            groups.append(_judged(opened, name, optimizer, parameters, target))
        except TreatError as e:
            skipped.append((name, str(e)))
    if not groups:
        why = "; ".join(f"{name}: {why}" for name, why in skipped) or "no optimizer moved a matrix"
        raise TreatError(f"no learning rate can be suggested for run {opened.id} ({why})")
    return SuggestedRate(opened.id, tuple(groups), tuple(skipped))


def _opened(run: Any, dir: str | os.PathLike[str] | None) -> Run:
    if isinstance(run, Run):
        return run
    if isinstance(run, (str, os.PathLike)):
        return find_run(os.fspath(run), runs_folder(dir))
    if isinstance(getattr(run, "run", None), Run):
        return run.run
    raise TreatError(f"a {type(run).__name__} is no run; give a Run, a recorder, or a run's folder or id")


def _groups(run: Run) -> list[tuple[Optimizer, int, list[Parameter]]]:
    """Each parameter group with the matrices it trains."""
    found = []
    for optimizer in run.optimizers:
        for index in range(max(1, len(optimizer.groups))):
            mine = [
                p
                for p in run.parameters
                if p.kind == "matrix"
                and p.trainable
                and (
                    (p.optimizer, p.group or 0) == (optimizer.name, index)
                    or (p.optimizer is None and optimizer.class_name == "none" and index == 0)
                )
            ]
            if mine:
                found.append((optimizer, index, mine))
    return found


def _judged(run: Run, name: str, optimizer: Optimizer, matrices: list[Parameter], target: float | None) -> GroupRate:
    seen = run.matrix(q.RATIO, [p.name for p in matrices])
    steps, ratios = seen.steps.astype(np.int64), seen.values.astype(np.float64)
    rate = run.series(q.LR, name)
    known = np.isfinite(rate.values) & (rate.values > 0)
    if (rate.values < 0).any():
        raise TreatError("it moves its parameters along the gradient, which makes the loss larger: a sign is wrong")
    if not known.any():
        raise TreatError("its learning rate is not known: nobody recorded one, and the updates follow no gradient")
    top = float(rate.values[known].max())
    steps, mine, theirs = np.intersect1d(steps, rate.steps, return_indices=True)
    ratios = ratios[:, mine]
    rates = np.where(np.isfinite(rate.values[theirs]), rate.values[theirs], top)
    full = rates >= _FULL * top
    if full.any():
        first, last = steps[full][0], steps[full][-1]
        full &= (steps >= first + _SETTLING * (last - first)) & (steps > 0)
    if full.sum() < _LEAST_SAMPLES:
        raise TreatError(
            f"it was looked at on {int(full.sum())} steps past the start; it takes {_LEAST_SAMPLES}: "
            "train longer, or look more often (every=)"
        )
    rows = [row[np.isfinite(row)] for row in ratios[:, full]]
    medians = [float(np.median(row)) for row in rows if len(row)]
    if not medians:
        raise TreatError("none of its matrices moved")
    kind = family(optimizer.class_name)
    ratio, aim = float(np.median(medians)), TARGETS[kind] if target is None else target
    lr = float(np.median(rates[full]))
    decades = max(-_FURTHEST, min(_FURTHEST, aim - ratio))
    return GroupRate(name, kind, lr, ratio, aim, lr * 10**decades, USUAL[kind], int(full.sum()))


def _refuse_diverged(run: Run) -> None:
    """Raise TreatError where the loss went to NaN or rose: such ratios tell nothing about a rate that works."""
    loss = run.series(q.LOSS)
    advice = "its ratios tell nothing about a rate that works; begin again with a tenth of the rate"
    told = [e.step for e in run.events(q.NONFINITE_LOSS)]
    skipped = {e.step for e in run.events(q.SKIPPED_STEP)}
    good = np.isfinite(loss.values)
    last_good = int(loss.steps[good][-1]) if good.any() else -1
    bad = [s for s in (*told, *loss.steps[np.isinf(loss.values)].tolist()) if s not in skipped]
    if bad and max(bad) > last_good:
        raise TreatError(
            f"the loss of run {run.id} is not finite from step {min(s for s in bad if s > last_good)} on; {advice}"
        )
    values = loss.values[good].astype(np.float64)
    if len(values) < _LEAST_SAMPLES:
        return
    part = max(3, len(values) // 10)
    begin, end = float(np.median(values[:part])), float(np.median(values[-part:]))
    noise = float(np.median(np.abs(np.diff(values)))) or math.ulp(abs(begin))
    if end > begin + 0.1 * abs(begin) and end > values[0] and end - begin > 3 * noise:
        raise TreatError(f"the loss of run {run.id} rose from {begin:.3g} to {end:.3g}; {advice}")
