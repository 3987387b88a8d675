"""The loss between two minimisers, along a line or a curve (Keskar et al. 2016, arXiv 1609.04836, section 2.2)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import torch

from auscult.curvature import Objective
from auscult.errors import LandscapeError
from auscult.landscape.progress import Progress, shown
from auscult.landscape.states import Given, others_of, state_of
from auscult.landscape.sweep import TRAIN, Measured, Reading, Sweep, statistics, write

if TYPE_CHECKING:
    import plotly.graph_objects as go

ALPHAS = tuple(-1 + i / 8 for i in range(25))  # Keskar et al.: α ∈ [−1, 2], 25 points
RISE = 0.1  # of 1 + the loss, the measure that Keskar's sharpness takes; the tenth is ours


@dataclass(frozen=True)
class Width:
    """How far in α the loss stays low below and above an end; infinity where it does as far as was measured."""

    below: float
    above: float

    @property
    def total(self) -> float:
        """Both sides together."""
        return self.below + self.above


@dataclass(frozen=True)
class Interpolation:
    """Loss and metrics at each α: 0 is the start, 1 the end, both exactly.

    distance: ‖end − start‖₂ over the varied parameters. moved: the buffers and frozen parameters that were
    interpolated too; statistics: how batch norms normalised, in words.
    """

    alphas: np.ndarray
    splits: dict[str, Measured]
    distance: float
    curved: bool
    moved: tuple[str, ...]
    statistics: str

    @property
    def loss(self) -> np.ndarray:
        """The training loss, (alphas,)."""
        return self.splits[TRAIN].loss

    @property
    def nonfinite(self) -> int:
        """The number of points at which the loss of some split is not finite."""
        return int((~np.isfinite(np.stack([s.loss for s in self.splits.values()])).all(0)).sum())

    def ends(self, split: str = TRAIN) -> tuple[float, float]:
        """The loss at the start and at the end."""
        loss = self._split(split).loss
        return float(loss[self.alphas == 0][0]), float(loss[self.alphas == 1][0])

    def barrier(self, split: str = TRAIN, above: Literal["line", "mean"] = "line") -> float:
        """The height of the loss between the ends, at the points measured.

        above "line": max over α ∈ [0, 1] of f(α) − (α f(1) + (1 − α) f(0)), at least 0 (Entezari et al. 2022, arXiv
        2110.06296); "mean": max f(α) − (f(0) + f(1)) / 2 (Frankle et al. 2020, arXiv 1912.05671). NaN where a loss
        between them is NaN.
        """
        if above not in ("line", "mean"):
            raise LandscapeError(f"above is {above!r}; it is line or mean")
        loss, (first, last) = self._split(split).loss, self.ends(split)
        between = (self.alphas >= 0) & (self.alphas <= 1)
        a = self.alphas[between]
        with np.errstate(invalid="ignore"):  # an infinite end makes it NaN
            base = a * last + (1 - a) * first if above == "line" else np.full(len(a), (first + last) / 2)
            return float(np.max(loss[between] - base))

    def widths(self, split: str = TRAIN, rise: float | None = None) -> tuple[Width, Width]:
        """How wide in α the loss is at the start and at the end: as far as it stays within `rise` of that end's.

        rise: by default a tenth of 1 + the end's loss. Between points the loss is taken as straight; one that is not
        finite counts as above. A width times `distance` is one in parameters, on a line.
        """
        loss, (first, last) = self._split(split).loss, self.ends(split)
        return self._width(loss, 0.0, first, rise), self._width(loss, 1.0, last, rise)

    @property
    def plot(self) -> go.Figure:
        """Losses over α, and below them the metrics."""
        from auscult.landscape import figures

        return figures.interpolation(self)

    def __str__(self) -> str:
        told = [f"{len(self.alphas)} points from {self.alphas[0]:g} to {self.alphas[-1]:g}, {self.distance:.4g} apart"]
        for name in self.splits:
            first, last = self.ends(name)
            told.append(f"{name} loss {first:.4g} and {last:.4g}, barrier {self.barrier(name):.4g}")
        if self.nonfinite:
            told.append(f"{self.nonfinite} points where it is not finite")
        if self.moved:
            told.append(f"interpolated too: {', '.join(self.moved)}")
        return "; ".join([*told, *([self.statistics] if self.statistics else [])])

    __repr__ = __str__

    def _split(self, name: str) -> Measured:
        if name not in self.splits:
            raise LandscapeError(f"there is no split {name!r}; there are {', '.join(self.splits)}")
        return self.splits[name]

    def _width(self, loss: np.ndarray, at: float, end: float, rise: float | None) -> Width:
        level = end + (RISE * (1 + end) if rise is None else rise)
        middle = int(np.flatnonzero(self.alphas == at)[0])
        below = _reached(at - self.alphas[middle::-1], loss[middle::-1], level)
        return Width(below, _reached(self.alphas[middle:] - at, loss[middle:], level))


def interpolate(
    objective: Objective,
    start: Given,
    end: Given,
    *,
    alphas: Sequence[float] | np.ndarray = ALPHAS,
    curved: bool = False,
    splits: Mapping[str, Any] | None = None,
    metrics: Any = (),
    progress: Progress | None = None,
    quiet: bool = False,
) -> Interpolation:
    """The loss at θ(α) = α·end + (1 − α)·start; Keskar's start is the small-batch minimiser, his end the large one.

        interpolate(Objective(model, train, loss, norm="data"), small, large, splits={"valid": valid}, metrics=accuracy)

    Batch norms: an objective with norm="data" gives them the statistics of the whole training data at every point.
    With norm="eval" their buffers are interpolated, as all buffers and frozen parameters in which states or modules
    differ: linearly in α, and beyond the ends as at the nearer one, since a variance must not become negative. Vectors
    have no buffers: the model's own stay, as buffers of integers do. The model is afterwards what it was.

    Args:
        start, end: vectors, (parameters,), state_dicts or modules.
        alphas: where; 0 and 1 are added where they are left out.
        curved: along sin(πα/2)·end + cos(πα/2)·start instead, of which [0, 1] is the way from one to the other.
        splits, metrics, progress, quiet: as of `surface`.

    Raises LandscapeError, TargetError and CurvatureError.
    """
    given = np.asarray(alphas, float)
    if given.ndim != 1 or not np.isfinite(given).all():
        raise LandscapeError(f"alphas are a list of finite numbers, got shape {given.shape}")
    at = np.union1d(given, [0.0, 1.0])
    sweep = Sweep(objective, splits, metrics)
    found = sweep.empty(len(at))
    first, last = state_of(objective, start), state_of(objective, end)
    readings: list[tuple[int, Reading]] = []
    with (
        torch.inference_mode(False),
        objective.at(first.vector),
        others_of(objective, first, last) as others,
        sweep.open(),
        shown("interpolate", len(at), progress, quiet) as tick,
    ):
        for i, alpha in enumerate(at.tolist()):
            a, b = _weights(alpha, curved)
            objective.layout.set(a * first.vector + b * last.vector)
            others.put(alpha)
            readings.append((i, sweep.read()))
            tick(i + 1, len(at))
        write(readings, found)
    distance = float((last.vector.double() - first.vector.double()).norm())
    return Interpolation(at, found, distance, curved, others.names, statistics(objective))


def _weights(alpha: float, curved: bool) -> tuple[float, float]:
    """Of the start and of the end; exact at whole numbers, where π/2 is not."""
    if not curved:
        return 1 - alpha, alpha
    if alpha == int(alpha):
        return ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))[int(alpha) % 4]
    return math.cos(alpha * math.pi / 2), math.sin(alpha * math.pi / 2)


def _reached(away: np.ndarray, loss: np.ndarray, level: float) -> float:
    """The distance at which the loss, from 0 on, first passes a level."""
    for i in range(1, len(loss)):
        if not loss[i] <= level:
            if not np.isfinite(loss[i]):
                return float(away[i - 1])
            share = (level - loss[i - 1]) / (loss[i] - loss[i - 1])
            return float(away[i - 1] + share * (away[i] - away[i - 1]))
    return math.inf
