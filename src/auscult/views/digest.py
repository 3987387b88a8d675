"""A run's numbers boiled down to what a picture or a table can hold; what is not finite is counted."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from auscult.runs import Parameter, Run, Series
from auscult.runs import quantities as q

BINS = 600  # columns of a picture: about one for two pixels of a wide screen
EXACT = 16 * BINS  # frames up to which every series is read by itself; beyond, the store's roll-up is read
# Bins of log10 ratios: from a thousandth of the guide 1e-3 to a thousand times the data; the interval
# [-3, 3], a thousandth to a thousand times the data, lies inside.
EDGES = np.linspace(-6, 3, 181)
LATE = 0.95  # of the steps: the loss "at the end" is the mean from here on
SETTLED = 0.2  # "at the end" is the median over this last share of what was recorded


@dataclass(frozen=True)
class Course:
    """One series in at most BINS bins: the middle and spread of each; NaN where it holds nothing finite."""

    steps: np.ndarray  # (bins,)
    middle: np.ndarray
    low: np.ndarray
    high: np.ndarray
    nonfinite: int
    first_nonfinite: int | None

    def __len__(self) -> int:
        return len(self.steps)

    @property
    def spread(self) -> bool:
        """True where bins hold more than one value."""
        return bool(np.any(self.high > self.low))


def course(
    series: Series,
    bins: int = BINS,
    quantiles: tuple[float, float, float] | None = None,
    sparse: bool = False,
) -> Course:
    """The series in bins: mean, least and largest of the finite values of each, or three quantiles of them.

    sparse: NaN means that there was nothing to record at the step, which is no gap.
    """
    if sparse:
        there = ~np.isnan(series.values)
        series = Series(series.steps[there], series.values[there])
    values = series.values.astype(np.float64)
    finite = np.isfinite(values)
    values = np.where(finite, values, np.nan)
    edges = np.linspace(0, len(values), min(bins, len(values)) + 1).astype(int)
    rows = []
    for a, b in itertools.pairwise(edges):
        cell = values[a:b][finite[a:b]]
        if not len(cell):
            rows.append((np.nan, np.nan, np.nan))
        elif quantiles:
            low, middle, high = np.quantile(cell, quantiles)
            rows.append((middle, low, high))
        else:
            rows.append((cell.mean(), cell.min(), cell.max()))
    middle, low, high = np.array(rows).reshape(-1, 3).T
    steps = np.array([series.steps[a:b].mean() for a, b in itertools.pairwise(edges)])
    bad = series.steps[~finite]
    return Course(steps, middle, low, high, len(bad), int(bad[0]) if len(bad) else None)


def courses(run: Run, quantity: str, subjects: Sequence[str], bins: int = BINS) -> list[tuple[str, Series]]:
    """Of each subject that has the quantity: its binned means, where they are finite NaN elsewhere."""
    known = set(run.quantities.get(quantity, ()))
    subjects = [s for s in subjects if s in known]
    if not subjects:
        return []
    if len(run.series(quantity, subjects[0])) > EXACT:
        grid = run.matrix(quantity, subjects, bins=bins)
        return [(s, Series(grid.steps, _gaps(row))) for s, row in zip(subjects, grid.values, strict=True)]
    read = [(s, course(run.series(quantity, s), bins)) for s in subjects]
    return [(s, Series(c.steps, c.middle.astype(np.float32))) for s, c in read]


@dataclass(frozen=True)
class Counts:
    """How all ratios of one parameter are spread: counts by bin (`inside`), and of what lies in none."""

    name: str
    inside: np.ndarray  # (len(edges) - 1,)
    below: int
    above: int
    zero: int  # no update at all: log10 is −∞
    undefined: int

    @property
    def recorded(self) -> int:
        """Steps at which the ratio was recorded, defined or not."""
        return int(self.inside.sum()) + self.below + self.above + self.zero + self.undefined


def counts(run: Run, quantity: str, names: Sequence[str], edges: np.ndarray) -> list[Counts]:
    """The spread of a log10 ratio of each parameter, over every step recorded."""
    out = []
    for name in names:
        v = run.series(quantity, name).values
        zero, undefined = int(np.isneginf(v).sum()), int(np.isnan(v).sum())
        below = int((v < edges[0]).sum()) - zero
        inside = np.histogram(v[np.isfinite(v)], edges)[0]
        out.append(Counts(name, inside, below, len(v) - zero - undefined - below - int(inside.sum()), zero, undefined))
    return out


def unmoved(run: Run, name: str, steps: np.ndarray) -> np.ndarray:
    """For bins about these steps, True where the parameter was looked at and never moved."""
    series = run.series(q.RATIO, name)
    at = np.searchsorted((steps[1:] + steps[:-1]) / 2, series.steps)
    moved = np.bincount(at[np.isfinite(series.values)], minlength=len(steps)) > 0
    return (np.bincount(at[np.isneginf(series.values)], minlength=len(steps)) > 0) & ~moved


def settled(run: Run, quantity: str, names: Sequence[str]) -> dict[str, float]:
    """Median of the finite values at the end, by name.

    −∞ or ∞ where there is nothing else at the end but NaN; NaN where there is nothing at all.
    """
    out = {}
    for name, series in courses(run, quantity, names):
        tail = series.values[-max(1, round(SETTLED * len(series.values))) :]
        finite = tail[np.isfinite(tail)]
        if len(finite):
            out[name] = float(np.median(finite))
        else:
            exact = run.series(quantity, name).values
            exact = exact[-max(1, round(SETTLED * len(exact))) :]
            infinite = exact[np.isinf(exact)]
            out[name] = float(infinite.min()) if len(infinite) else np.nan
    return out


def weights(run: Run) -> list[str]:
    """The matrices and embeddings that have a ratio; where there are none, all that have one."""
    have = set(run.quantities.get(q.RATIO, ()))
    names = [p.name for p in run.parameters if p.kind in ("matrix", "embedding") and p.name in have]
    return names or list(run.quantities.get(q.RATIO, ()))


def typical_ratio(run: Run) -> float:
    """The median over matrices of their log10 update-to-data ratio at the end; NaN where none is defined."""
    names = [p.name for p in run.parameters if p.kind == "matrix"]
    values = list(settled(run, q.RATIO, names).values())
    defined = [v for v in values if not np.isnan(v)]
    finite = [v for v in defined if np.isfinite(v)]
    if finite:
        return float(np.median(finite))
    return -np.inf if defined else np.nan


def loss_from_to(run: Run) -> tuple[float, float] | None:
    """The first loss, and the mean of those of the last twentieth of the steps, five at least; None without any."""
    series = run.series(q.LOSS)
    if not len(series):
        return None
    values, late = series.values, np.searchsorted(series.steps, LATE * series.steps[-1])
    tail = values[min(int(late), max(0, len(values) - 5)) :].astype(np.float64)
    return float(values[0]), float(tail.mean() if np.isfinite(tail).all() else tail[-1])


def parameters(run: Run) -> tuple[Parameter, ...]:
    """The run's parameters; those named only by its numbers come last, as matrices of unknown shape."""
    known = run.parameters
    names = {p.name for p in known}
    stray = [s for s in run.quantities.get(q.RATIO, ()) if s not in names]
    return known + tuple(Parameter(s, "matrix", (), "", "") for s in stray)


def _gaps(values: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(values), values, np.nan).astype(np.float32)


def median_course(run: Run, quantity: str) -> Series:
    """At each step the median of a quantity over the matrices, or over all where there are none."""
    names = [p.name for p in run.parameters if p.kind == "matrix"] or None
    grid = run.matrix(quantity, names, bins=BINS)
    known = np.isfinite(grid.values).any(axis=0) if grid.values.size else np.zeros(len(grid.steps), bool)
    values = np.where(np.isfinite(grid.values), grid.values, np.nan)[:, known]
    return Series(
        grid.steps[known],
        np.nanmedian(values, axis=0).astype(np.float32) if known.any() else values[:0].ravel(),
    )


def labels(runs: Sequence[Run]) -> list[str]:
    """A name for each run: the one it was given where that tells it from the others, else its id."""
    given = [str(run.fact("name") or run.id) for run in runs]
    return [name if given.count(name) == 1 else run.id for name, run in zip(given, runs, strict=True)]
