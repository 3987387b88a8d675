"""Where two runs part: every quantity that both recorded, held against the other's over the steps both made.

Two trainings that differ in their seed alone differ too, so a series parts from the baseline's only where it leaves the
range that the baseline's covers about that step, by more than matters, and stays outside. That allows for noise, for
spikes and for a training that is a little ahead of the other, without a guess at how any of them is distributed. What
matters is more for small tensors, whose spread is a matter of chance: by 1/√n.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from auscult.findings import Deviation
from auscult.rules._compared import KINDS, Kind, Names
from auscult.runs import Matrix, Run

DENSE = 20  # first steps that are compared one by one
RUNG = 1.06  # later steps are taken together up to so many times the first of them
STAYS = 5  # looks that must lie outside: a difference that does not last is none
NEAR = 3  # looks before and after these whose range in the baseline they must leave
LEAST = 4  # looks that both must have
TAIL = 3  # of the looks that must lie outside, so many where the run ends before
TOGETHER = 1.12  # series that part at steps no further from each other part at once: looks are 10 % apart
FLOOR, CEILING = -30.0, 30.0  # log10 of what is zero, and of what is infinite


@dataclass(frozen=True)
class Parted:
    """One series that parts from the baseline's: since which step, and how far on its scale."""

    kind: Kind
    subject: str
    step: int
    gap: float
    value: float  # over the first looks outside, as recorded
    baseline: float


def deviations(run: Run, baseline: Run) -> tuple[tuple[Deviation, ...], int]:
    """What parts from the baseline, first things first, and how many series could be compared."""
    here, there = run.quantities, baseline.quantities
    names = Names(run, baseline)
    sizes = {p.name: p.size for p in run.parameters} | {x.name: x.units for x in run.layers if x.units}
    unlike = names.unlike
    found: dict[tuple[str, str], Parted] = {}
    compared = set()
    for kind in KINDS:
        subjects = [
            s
            for s in here.get(kind.quantity, ())
            if names.there(s) in there.get(kind.quantity, ()) and (kind.quantity, s) not in unlike
        ]
        if not subjects:
            continue
        a, b = _read(run, kind, subjects), _read(baseline, kind, [names.there(s) for s in subjects])
        parted, known = _parted(kind, a, b, np.array([sizes.get(s, np.inf) for s in subjects], float))
        compared |= {(kind.quantity, s) for s in known}
        for one in parted:  # the loss is compared in two ways
            key = kind.quantity, one.subject
            found[key] = min(found.get(key, one), one, key=lambda p: p.step)
    places = {name: i for i, name in enumerate([*(x.name for x in run.layers), *(p.name for p in run.parameters)])}
    return tuple(_told(found.values(), names, places)), len(compared)


def _read(run: Run, kind: Kind, subjects: Sequence[str]) -> Matrix:
    """The quantity as it was recorded, or over what it is divided by."""
    read = run.matrix(kind.quantity, subjects)
    values = read.values.astype(np.float64)
    if kind.over is not None:
        over = run.matrix(kind.over, subjects).values
        values = np.divide(values, over, out=np.full_like(values, np.nan), where=np.isfinite(values) & (over > 0))
    return Matrix(read.steps, read.subjects, values)


def _parted(kind: Kind, a: Matrix, b: Matrix, sizes: np.ndarray) -> tuple[list[Parted], list[str]]:
    """The series of one quantity that part, and the subjects that could be compared."""
    steps, x, y, seen = _on_rungs(a, b)
    if len(steps) < LEAST:
        return [], []
    on_scale = _scaled(kind, x, y)
    gap = _gaps(*on_scale)
    beyond = seen & (np.abs(gap) > (kind.matters + sizes**-0.5)[:, None])
    found = []
    for row in np.flatnonzero(beyond.any(axis=1)):
        at = int(np.argmax(beyond[row]))
        value, base = (float(np.nanmedian(v[row, at : at + STAYS])) for v in (x, y))
        found.append(Parted(kind, a.subjects[row], int(steps[at]), float(gap[row, at]), value, base))
    both = np.isfinite(on_scale[0]) & np.isfinite(on_scale[1])
    return found, [s for s, enough in zip(a.subjects, both.sum(axis=1) >= LEAST, strict=True) if enough]


def _on_rungs(a: Matrix, b: Matrix) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The first step of each rung, (n,), the medians of both there, (subjects, n), and where `a` was looked at.

    The two are looked at on different steps: between its looks a series goes on straight.
    """
    last = min((m.steps[-1] for m in (a, b) if len(m.steps)), default=0)
    looks = [(m.steps[m.steps <= last], m.values[:, m.steps <= last]) for m in (a, b)]
    if not all(len(steps) for steps, _ in looks):  # one of them is over before the other begins
        nothing = np.empty((len(a.subjects), 0))
        return np.empty(0), nothing, nothing, nothing
    every = np.unique(np.concatenate([steps for steps, _ in looks]))
    rungs, starts = np.unique(_rung(every), return_index=True)
    x, y = (_medians(_rung(steps), values, rungs) for steps, values in looks)
    return every[starts], _filled(x), _filled(y), ~np.isnan(x)


def _rung(steps: np.ndarray) -> np.ndarray:
    later = np.floor(np.log(np.maximum(steps, DENSE) / DENSE) / np.log(RUNG))
    return np.where(steps < DENSE, steps, DENSE + later).astype(np.int64)


def _medians(at: np.ndarray, values: np.ndarray, rungs: np.ndarray) -> np.ndarray:
    out = np.full((len(values), len(rungs)), np.nan)
    for rung, begin, end in zip(*_stretches(at), strict=True):
        some = values[:, begin:end]
        out[:, np.searchsorted(rungs, rung)] = some[:, 0] if end - begin == 1 else _median(some)
    return out


def _stretches(at: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each rung of these, ascending, and where it begins and ends."""
    rungs, begin = np.unique(at, return_index=True)
    return rungs, begin, np.append(begin[1:], len(at))


def _median(values: np.ndarray) -> np.ndarray:
    """Of each row the lower median of what is no NaN."""
    known = (~np.isnan(values)).sum(axis=1)
    return np.sort(values, axis=1)[np.arange(len(values)), np.maximum(known - 1, 0) // 2]


def _filled(values: np.ndarray) -> np.ndarray:
    """What is NaN between two looks, on the line between them."""
    at = np.arange(values.shape[1])
    values = values.copy()
    for row in values:
        known = ~np.isnan(row)
        if known.any():
            row[:] = np.interp(at, at[known], row[known], left=np.nan, right=np.nan)
    return values


def _scaled(kind: Kind, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both on the scale they are compared on."""
    if kind.scale == "fall":
        top, bottom = np.where(np.isnan(b), -np.inf, b).max(axis=1), np.where(np.isnan(b), np.inf, b).min(axis=1)
        fall = np.where(top > bottom, top - bottom, np.nan)[:, None]
        a, b = a / fall, b / fall
    if kind.scale == "log":
        with np.errstate(divide="ignore", invalid="ignore"):
            a, b = np.log10(a), np.log10(b)
    return np.clip(a, FLOOR, CEILING), np.clip(b, FLOOR, CEILING)


def _gaps(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """At each look how far the next of `a` lie above all of `b` about it, or below; 0 where they do not."""
    return _above(a, b) - _above(-a, -b)


def _above(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """At each look how far the next of `a` lie above all of `b` about it; 0 where they do not."""
    ahead, around = _windows(a, 0, STAYS), _windows(b, NEAR, STAYS + NEAR)
    known, near = ~np.isnan(ahead), ~np.isnan(around)
    enough = (known.sum(axis=2) >= TAIL) & (near.sum(axis=2) >= LEAST)
    spared = (known.sum(axis=2) == STAYS).astype(int)[..., None]  # of a full window one may fall back, but the first
    low = np.take_along_axis(np.sort(np.where(known, ahead, np.inf), axis=2), spared, axis=2)[..., 0]
    gap = np.fmin(low, a) - np.where(near, around, -np.inf).max(axis=2)
    return np.maximum(np.where(enough, gap, 0.0), 0.0)


def _windows(values: np.ndarray, before: int, after: int) -> np.ndarray:
    """(subjects, n, before + after): about each look so many before it and, with itself, after; NaN beyond the ends."""
    padded = np.pad(values, ((0, 0), (before, after - 1)), constant_values=np.nan)
    return np.lib.stride_tricks.sliding_window_view(padded, before + after, axis=1)


def _told(found: Iterable[Parted], names: Names, places: Mapping[str, int]) -> Iterator[Deviation]:
    """What parted, in the order it did; at once, in the order of the signal, and of one quantity together."""
    left = sorted(found, key=lambda p: p.step)
    while left:
        until = left[0].step * TOGETHER + 1
        groups: dict[tuple[str, bool], list[Parted]] = {}
        for p in sorted((p for p in left if p.step <= until), key=lambda p: _place(p, places)):
            groups.setdefault((p.kind.quantity, p.gap > 0), []).append(p)
        left = [p for p in left if p.step > until]
        for some in groups.values():
            most = max(some, key=lambda p: abs(p.gap))
            yield Deviation(
                quantity=most.kind.quantity,
                stage=most.kind.stage,
                scale=most.kind.scale,
                where=tuple(p.subject for p in some if p.subject),
                first_step=min(p.step for p in some),
                most=(most.subject, names.there(most.subject)),
                value=most.value,
                baseline=most.baseline,
            )


def _place(p: Parted, places: Mapping[str, int]) -> tuple[int, int]:
    """In the order of the signal: forward through the layers, and back."""
    place = places.get(p.subject, -1)
    return KINDS.index(p.kind), -place if p.kind.stage == "backward" else place
