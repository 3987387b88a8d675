"""What was seen inside the network, boiled down for pictures: layers over steps, and histograms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from auscult.runs import Layer, Run
from auscult.runs import quantities as q
from auscult.views.digest import BINS
from auscult.views.words import percent

CELLS = 60_000  # of one heatmap: many layers get fewer columns
FINEST = 128  # bins of a histogram that are kept; finer ones are joined
TAIL = 0.001  # of a histogram's counts, on each side, that need not be in the picture


@dataclass(frozen=True)
class Grid:
    """One quantity of some layers over steps."""

    layers: tuple[Layer, ...]
    steps: np.ndarray  # (n,) float64
    values: np.ndarray  # (layers, n) float32

    @property
    def names(self) -> list[str]:
        """The layers with the activations that follow them."""
        return [layer.shown_as for layer in self.layers]


def grid(run: Run, *quantities: str, layers: Sequence[Layer] | None = None, known: bool = False) -> Grid | None:
    """Of each layer the first of the quantities that it has, over steps; None where no layer has any.

    known: leave out the layers for which nothing is defined at any step.
    """
    have = {quantity: set(run.quantities.get(quantity, ())) for quantity in quantities}
    wanted = run.layers if layers is None else layers
    chosen = [(layer, next((k for k in quantities if layer.name in have[k]), "")) for layer in wanted]
    rows = [layer for layer, quantity in chosen if quantity]
    if not rows:
        return None
    bins = max(100, min(BINS, CELLS // len(rows)))
    read = []
    for quantity in quantities:
        mine = [layer.name for layer, has in chosen if has == quantity]
        if mine:
            read.append(run.matrix(quantity, mine, bins=bins))
    steps = max((m.steps for m in read), key=len)
    if not len(steps):
        return None
    found: dict[str, np.ndarray] = {}
    for m in read:
        if len(m.steps):
            found |= zip(m.subjects, onto(steps, m.steps, m.values), strict=True)
    rows = [r for r in rows if r.name in found and not (known and np.isnan(found[r.name]).all())]
    return Grid(tuple(rows), steps, np.stack([found[r.name] for r in rows])) if rows else None


def onto(steps: np.ndarray, own: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Values (rows, own steps) at other steps: each takes those of the step nearest to it."""
    if len(own) == len(steps):
        return values
    return values[:, np.abs(own[None] - steps[:, None]).argmin(axis=1)]


@dataclass(frozen=True)
class Histogram:
    """How the values of one layer were spread at one look."""

    step: int
    low: float  # edges
    high: float
    counts: np.ndarray  # (bins,) float64

    @property
    def width(self) -> float:
        """Of a bin."""
        return (self.high - self.low) / len(self.counts)

    @property
    def density(self) -> np.ndarray:
        """Its area is 1."""
        return self.counts / (self.counts.sum() * self.width)

    @property
    def span(self) -> tuple[float, float]:
        """Where all but the tails lie."""
        reached = np.cumsum(self.counts) / self.counts.sum()
        first, last = np.searchsorted(reached, (TAIL, 1 - TAIL))
        return self.low + first * self.width, self.low + (min(last, len(self.counts) - 1) + 1) * self.width

    def within(self, edges: np.ndarray) -> np.ndarray:
        """The share of the values between other edges."""
        own = np.linspace(self.low, self.high, len(self.counts) + 1)
        reached = np.concatenate([[0], np.cumsum(self.counts)]) / self.counts.sum()
        return np.diff(np.interp(edges, own, reached))


def histograms(run: Run, *kinds: str) -> dict[str, list[Histogram]]:
    """By the layer's name, in the order of the steps: of the first of the kinds that the layer has."""
    out: dict[str, list[Histogram]] = {}
    for kind in kinds:
        found: dict[str, list[Histogram]] = {}
        for stored in run.arrays(kind):
            histogram = _histogram(stored.step, stored.values)
            if histogram is not None and stored.subject not in out:
                found.setdefault(stored.subject, []).append(histogram)
        out |= found
    return out


def _histogram(step: int, packed: np.ndarray) -> Histogram | None:
    """None where there was nothing finite, or no two values differed."""
    flat = np.asarray(packed, np.float64).ravel()
    if len(flat) < 3 or not np.isfinite(flat).all() or flat[1] <= flat[0] or flat[2:].sum() <= 0:
        return None
    counts, join = flat[2:], -(-(len(flat) - 2) // FINEST)
    if join > 1:
        counts = np.concatenate([counts, np.zeros(-len(counts) % join)])
        high = flat[0] + (flat[1] - flat[0]) * len(counts) / (len(flat) - 2)
        return Histogram(step, float(flat[0]), float(high), counts.reshape(-1, join).sum(axis=1))
    return Histogram(step, float(flat[0]), float(flat[1]), counts)


def spread(things: Sequence, room: int) -> list:
    """At most `room` of the things, evenly spread, the first and the last among them."""
    if len(things) <= room:
        return list(things)
    return [things[i] for i in np.unique(np.linspace(0, len(things) - 1, room).round().astype(int))]


def carriers(layers: Sequence[Layer]) -> tuple[Layer, ...]:
    """The layers that carry the signal from one to the next: without the norms, which set its scale anew."""
    return tuple(layer for layer in layers if not layer.operation.endswith("-norm")) or tuple(layers)


def aliases(layer: Layer) -> list[str]:
    """The names under which a finding may mean a layer: its own, and those of its parameters."""
    return [name for name in (layer.name, layer.weight, layer.bias) if name]


def flat_share(run: Run, step: int) -> dict[str, str]:
    """In words, by layer: the share of its values that lie on a flat part of the activation at a step."""
    saturated, off = run.at(step, q.SATURATED), run.at(step, q.OFF)
    told = {name: f"{percent(v)} off" for name, v in off.items() if np.isfinite(v)}
    return told | {name: f"{percent(v)} saturated" for name, v in saturated.items() if np.isfinite(v)}
