"""The loss on a line or a plane through the parameters, spanned by directions (Li et al. 2018, arXiv 1712.09913)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from auscult.curvature import Objective
from auscult.errors import LandscapeError
from auscult.landscape.directions import random_directions
from auscult.landscape.progress import Progress, shown
from auscult.landscape.states import Given, others_of, state_of
from auscult.landscape.sweep import TRAIN, Measured, Reading, Sweep, statistics, write

if TYPE_CHECKING:
    import plotly.graph_objects as go


@dataclass(frozen=True)
class Surface:
    """Loss and metrics at θ + x·d₁ + y·d₂ for every x and y; on a line, where y is None, at θ + x·d₁.

    Arrays are (rows, columns): one row for each y, one column for each x; on a line (columns,). Losses that are not
    finite are kept as they are. measured: which points have been; key: what tells the same points of the same
    parameters; statistics: how batch norms normalised, in words, empty where there is none.
    """

    x: np.ndarray
    y: np.ndarray | None
    splits: dict[str, Measured]
    measured: np.ndarray
    statistics: str
    key: str

    @property
    def loss(self) -> np.ndarray:
        """The training loss."""
        return self.splits[TRAIN].loss

    @property
    def complete(self) -> bool:
        """Whether every point has been measured."""
        return bool(self.measured.all())

    @property
    def nonfinite(self) -> int:
        """The number of measured points at which the loss of some split is not finite."""
        bad = ~np.isfinite(np.stack([split.loss for split in self.splits.values()])).all(0)
        return int((bad & self.measured).sum())

    @property
    def plot(self) -> go.Figure:
        """A contour plot of the training loss, or the line; for more see `auscult.landscape.figures`."""
        from auscult.landscape import figures

        return figures.contour(self) if self.y is not None else figures.lines({"": self})

    def __str__(self) -> str:
        shape = " × ".join(str(n) for n in self.loss.shape)
        done = "" if self.complete else f", {int(self.measured.sum()):,} of them measured"
        told = [f"{'surface' if self.y is not None else 'line'} of {shape} points{done}"]
        for name, split in self.splits.items():
            finite = split.loss[np.isfinite(split.loss)]
            if len(finite):
                told.append(f"{name} loss from {finite.min():.4g} to {finite.max():.4g}")
        if self.nonfinite:
            told.append(f"{self.nonfinite:,} points where it is not finite")
        return "; ".join([*told, *([self.statistics] if self.statistics else [])])

    __repr__ = __str__


class Interrupted(KeyboardInterrupt):
    """Ctrl-C while a surface was measured; `partial` is what there is of it, to be gone on with by `begun=`."""

    def __init__(self, partial: Surface) -> None:
        super().__init__(f"{int(partial.measured.sum()):,} of {partial.measured.size:,} points are in .partial")
        self.partial = partial


def surface(
    objective: Objective,
    directions: int | Sequence[Tensor] = 2,
    *,
    origin: Given | None = None,
    steps: int = 51,
    reach: float = 1.0,
    x: Sequence[float] | np.ndarray | None = None,
    y: Sequence[float] | np.ndarray | None = None,
    seed: int = 0,
    splits: Mapping[str, Any] | None = None,
    metrics: Any = (),
    points: Iterable[int] | None = None,
    begun: Surface | None = None,
    progress: Progress | None = None,
    quiet: bool = False,
) -> Surface:
    """The loss around the parameters as they are, on a plane of two directions or a line of one.

        surface(objective)                          # 51 × 51 over [−1, 1]², random directions, filter-normalised
        surface(objective, 1, steps=201)            # a line
        surface(objective, random_directions(objective, scale="layer", seed=3), splits={"valid": loader})

    Each point is set in place and costs a forward pass over every split, and what `norm="data"` adds; a point's value
    does not depend on which others are measured. Parameters, buffers, modes, gradients and random streams are
    afterwards what they were. For batch norms give the objective norm="data": by their running statistics, the points
    away from the origin are measured with statistics that are not theirs.

    Args:
        directions: their number, for random ones by `seed`, or vectors, (parameters,), used as they are.
        origin: the point in the middle, θ: a vector, a state_dict or a module, the latter two with their buffers.
        steps, reach: so many coordinates from −reach to reach; or x= and y= themselves (y is x where left out).
        splits: other data by name, measured as well; the objective's own are "train".
        metrics: functions (outputs, targets) or objects such as those of `auscult.learner`, measured on every split.
        points: flat indices, row × columns + column, of those to measure, as range(i, 2601, n) for the ith of n
            processes; see `joined`.
        begun: one of the same points, of which only what is missing is measured. Ctrl-C raises Interrupted, a
            KeyboardInterrupt that holds such a one.
        progress: called with the points done and their total; without it a terminal shows a bar, unless `quiet`.

    Raises LandscapeError, TargetError and CurvatureError.
    """
    xs, ys = _axis(steps, reach, x), _axis(steps, reach, x if y is None else y)
    middle = state_of(objective, objective.vector() if origin is None else origin)
    at = middle.vector
    sweep = Sweep(objective, splits, metrics)
    with torch.inference_mode(False), objective.at(at), others_of(objective, middle, middle) as others:
        others.put(0.0)
        spanned = (
            random_directions(objective, directions, seed=seed) if isinstance(directions, int) else tuple(directions)
        )
        if len(spanned) not in (1, 2):
            raise LandscapeError(f"a line has one direction and a surface two, got {len(spanned)}")
        if len(spanned) == 1 and y is not None:
            raise LandscapeError("y is given, but one direction only; give a second, or leave y out")
        for d in spanned:
            objective.layout.check(d)
        place = _Place(objective, at, spanned)
        shape = (len(ys), len(xs)) if len(spanned) == 2 else (len(xs),)
        found = Surface(
            xs, ys if len(spanned) == 2 else None, sweep.empty(*shape), np.zeros(shape, bool), statistics(objective),
            _key(objective, at, spanned, xs, ys, sweep),
        )  # fmt: skip
        if begun is not None:
            _take(begun, found)
        wanted = [i for i in _wanted(points, found.measured.size) if not found.measured.flat[i]]
        try:
            _measure(sweep, place, found, wanted, progress, quiet)
        except KeyboardInterrupt:
            raise Interrupted(found) from None
    return found


def joined(*parts: Surface) -> Surface:
    """One surface of parts measured apart; LandscapeError where they are not of the same points."""
    if not parts:
        raise LandscapeError("joined takes the parts of a surface, got none")
    first = parts[0]
    splits = {
        name: Measured(np.full_like(s.loss, np.nan), {m: np.full_like(a, np.nan) for m, a in s.metrics.items()})
        for name, s in first.splits.items()
    }
    whole = Surface(first.x, first.y, splits, np.zeros_like(first.measured), first.statistics, first.key)
    for part in parts:
        _take(part, whole)
    return whole


def _measure(
    sweep: Sweep, place: _Place, found: Surface, wanted: list[int], progress: Progress | None, quiet: bool
) -> None:
    """Read each point wanted; the device is waited for once a row."""
    columns = len(found.x)
    readings: list[tuple[int, Reading]] = []
    with sweep.open(), shown("surface", len(wanted), progress, quiet) as tick, _flushed(readings, found) as flush:
        row = None
        for done, i in enumerate(wanted, 1):
            if i // columns != row:
                flush()
                row = i // columns
                place.put_row(0.0 if found.y is None else float(found.y[row]))
            place.put_column(float(found.x[i % columns]))
            readings.append((i, sweep.read()))
            tick(done, len(wanted))


@contextmanager
def _flushed(readings: list[tuple[int, Reading]], found: Surface) -> Iterator[Any]:
    """What writes the readings so far; whatever happens, they are written in the end."""

    def flush() -> None:
        write(readings, found.splits)
        for i, _ in readings:
            found.measured.flat[i] = True
        readings.clear()

    try:
        yield flush
    finally:
        flush()


class _Place:
    """The parameters at θ + y·d₂ + x·d₁, added in this order, one operation for each tensor that moves."""

    def __init__(self, objective: Objective, origin: Tensor, directions: tuple[Tensor, ...]) -> None:
        into = [t.data for t in objective.layout.tensors.values()]  # which autograd knows nothing of
        parts = [list(objective.named(v.detach()).values()) for v in (origin, *directions)]
        moves = [[bool(part.any()) for part in direction] for direction in parts[1:]]
        across = parts[2] if len(parts) == 3 else [None] * len(into)
        slants = moves[1] if len(parts) == 3 else [False] * len(into)
        rows = [torch.empty_like(o) if slant else o for o, slant in zip(parts[0], slants, strict=True)]
        every = list(zip(into, parts[0], rows, parts[1], across, moves[0], slants, strict=True))
        self._rows = [(row, o, d) for _, o, row, _, d, _, slant in every if slant]
        self._still = [(t, row) for t, _, row, _, _, moved, _ in every if not moved]
        self._moved = [(t, row, d) for t, _, row, d, _, moved, _ in every if moved]

    def put_row(self, y: float) -> None:
        """Begin a row: what x does not move is in place."""
        for row, o, d in self._rows:
            torch.add(o, d, alpha=y, out=row)
        for t, row in self._still:
            t.copy_(row)

    def put_column(self, x: float) -> None:
        """Put the parameters at x in this row."""
        for t, row, d in self._moved:
            torch.add(row, d, alpha=x, out=t)


def _axis(steps: int, reach: float, given: Sequence[float] | np.ndarray | None) -> np.ndarray:
    if given is not None:
        axis = np.asarray(given, float)
        if axis.ndim != 1 or not len(axis) or not np.isfinite(axis).all():
            raise LandscapeError(f"coordinates are a list of finite numbers, got shape {axis.shape}")
        return axis
    if steps < 1 or not 0 < reach < np.inf:
        raise LandscapeError(f"steps is a number of coordinates and reach is positive, got {steps} and {reach}")
    axis = np.linspace(-reach, reach, steps) if steps > 1 else np.zeros(1)
    return (axis - axis[::-1]) / 2  # the middle is 0, exactly


def _wanted(points: Iterable[int] | None, size: int) -> list[int]:
    wanted = range(size) if points is None else sorted({int(i) for i in points})
    if len(wanted) and not 0 <= wanted[0] <= wanted[-1] < size:
        raise LandscapeError(f"points are flat indices from 0 to {size - 1}, got {wanted[0]} to {wanted[-1]}")
    return list(wanted)


def _key(
    objective: Objective, at: Tensor, spanned: tuple[Tensor, ...], xs: np.ndarray, ys: np.ndarray, sweep: Sweep
) -> str:
    """What is the same where parameters, directions, coordinates, splits, metrics and norms are."""
    digest = hashlib.blake2b(digest_size=16)
    for v in (at, *spanned):
        digest.update(v.detach().cpu().contiguous().view(torch.uint8).numpy().data)
    digest.update(xs.tobytes() + ys.tobytes())
    digest.update(repr((objective.norm, objective.names, sweep.splits, sweep.metrics)).encode())
    return digest.hexdigest()


def _take(part: Surface, into: Surface) -> None:
    """Copy what a part has measured."""
    if part.key != into.key:
        raise LandscapeError(
            "these are not parts of one surface: parameters, directions, coordinates, splits, metrics or norms differ"
        )
    for name, split in part.splits.items():
        into.splits[name].loss[part.measured] = split.loss[part.measured]
        for metric, array in split.metrics.items():
            into.splits[name].metrics[metric][part.measured] = array[part.measured]
    into.measured[part.measured] = True
