"""Layers × steps as heatmaps: how the signal and its gradient keep their scale, what saturates, what dies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import plotly.graph_objects as go

from auscult.runs import Run
from auscult.runs import quantities as q
from auscult.views.figures.palette import DIVERGING, HEAT
from auscult.views.figures.picture import BAR, MANY_ROWS, Picture, compact, frame, name_rows, plain
from auscult.views.inside import Grid, aliases, carriers, grid, onto
from auscult.views.words import number, places

NO_SPREAD = "#8a8f98"
NOT_FINITE = "#c51fb5"
REACH = (1.0, 4.0)  # magnitudes from the middle of the colours to their end, at least and at most


def signal(run: Run) -> Picture | None:
    """The standard deviation of what each layer hands on, over steps."""
    seen = grid(run, q.ACTIVATION_STD, q.OUTPUT_STD, layers=carriers(run.layers))
    if seen is None:
        return None
    plot, notes = _magnitudes(run, seen, 0.0, (q.ACTIVATION_NONFINITE, q.OUTPUT_NONFINITE))
    caption = (
        "The standard deviation of what each layer hands on: its activation, or its output where none follows. The "
        "middle of the colours is 1; blue is smaller, red larger. Read downwards for depth, and to the right for time. "
        "Healthy rows keep one colour from the first layer to the last; a fade to blue is a signal that dies out on "
        "its way, a turn to red one that blows up."
    )
    return Picture("signal", "Signal, layer by layer", caption, plot, notes, "inside")


def signal_gradient(run: Run) -> Picture | None:
    """The standard deviation of the gradient that reaches each layer, over steps."""
    seen = grid(run, q.ACTIVATION_GRAD_STD, q.OUTPUT_GRAD_STD, layers=carriers(run.layers))
    if seen is None:
        return None
    positive = seen.values[np.isfinite(seen.values) & (seen.values > 0)]
    middle = float(np.median(np.log10(positive))) if len(positive) else 0.0
    plot, notes = _magnitudes(run, seen, middle, (q.ACTIVATION_GRAD_NONFINITE, q.OUTPUT_GRAD_NONFINITE))
    caption = (
        "The standard deviation of the gradient where it reaches each layer. It travels from the bottom, the loss, to "
        f"the top. The middle of the colours is the median of all, {number(10**middle, 2)}. Healthy layers share a "
        "colour; blue rows at the top are layers the loss hardly reaches (vanishing gradients), red ones get far more "
        "than the others (exploding)."
    )
    return Picture("signal-gradient", "Gradient of the signal, layer by layer", caption, plot, notes, "inside")


def saturation(run: Run) -> Picture | None:
    """The share of saturated values of the layers that are flat at both ends, over steps."""
    seen = grid(run, q.SATURATED, known=True)
    if seen is None:
        return None
    strict = _beside(run, q.SATURATED_99, seen)
    hover = "<b>%{y}</b>, step %{x:,.0f}<br>%{z:.1%} saturated (beyond a tanh's .97)"
    hover += "<br>%{customdata:.1%} beyond .99" if strict is not None else ""
    plot, notes = _shares(run, seen, hover, strict)
    caption = (
        "The share of each layer's activations at the flat ends of tanh or sigmoid (beyond .97 of a tanh's reach). "
        "There the slope is close to zero, so the gradient stops. A few per cent, up to about 20 % in the first layer, "
        "is usual at the start; rows that stay strongly coloured learn little."
    )
    return Picture("saturation", "Saturation, layer by layer", caption, plot, notes, "inside")


def dead(run: Run) -> Picture | None:
    """The share of dead units of each layer, over steps."""
    seen = grid(run, q.DEAD, known=True)
    if seen is None:
        return None
    off = _beside(run, q.OFF, seen)
    hover = "<b>%{y}</b>, step %{x:,.0f}<br>%{z:.1%} of the units dead in this step"
    hover += "<br>%{customdata:.1%} of the values off" if off is not None else ""
    plot, notes = _shares(run, seen, hover, off)
    fewest = grid(run, q.UNIT_EXAMPLES, layers=seen.layers, known=True)
    if fewest is not None and np.isfinite(fewest.values).any():
        least, most = np.nanmin(fewest.values), np.nanmax(fewest.values)
        over = f"{least:,.0f}" if least == most else f"{least:,.0f} to {most:,.0f}"
        notes += (f"Judged over {over} examples of a unit at each step; over more, fewer units count as dead.",)
    caption = (
        "The share of each layer's units that no example of the step moves off the flat part of their activation: a "
        "ReLU that is always 0, a tanh always at an end. No gradient passes a dead unit, so it cannot come back by "
        "itself. Healthy is 0; a row that takes colour and keeps it lost units there, often to a step too large."
    )
    return Picture("dead", "Dead units, layer by layer", caption, plot, notes, "inside")


def _magnitudes(run: Run, seen: Grid, middle: float, nonfinite: tuple[str, str]) -> tuple[go.Figure, tuple[str, ...]]:
    bad = _broken(run, seen, nonfinite)
    gaps = ~np.isfinite(seen.values) & ~bad
    seen = replace(seen, values=_held(seen.values, gaps))
    finite = np.isfinite(seen.values)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(finite & (seen.values > 0), np.log10(seen.values), np.nan).astype(np.float32)
    known = z[np.isfinite(z)]
    far = float(np.quantile(np.abs(known - middle), 0.99)) if len(known) else 1.0
    reach = float(np.clip(far, *REACH))
    ends = [middle - reach, middle - reach / 2, middle, middle + reach / 2, middle + reach]
    plot = _frame(run, seen)
    zero = finite & (seen.values == 0)
    _flag(plot, seen, zero, NO_SPREAD, "no spread at all: every value is the same")
    plot.add_heatmap(
        z=z, zmin=ends[0], zmax=ends[-1], colorscale=DIVERGING, meta={"paint": "diverging", "rows": _rows(seen)},
        colorbar={**BAR, "tickvals": ends, "ticktext": [number(10**e, 2) for e in ends]},
        customdata=np.where(finite, seen.values, np.nan).astype(np.float32),
        hovertemplate="<b>%{y}</b>, step %{x:,.0f}<br>standard deviation %{customdata:.3~g}<extra></extra>",
        **_place(seen),
    )  # fmt: skip
    _flag(plot, seen, bad, NOT_FINITE, "NaN or infinite values")
    notes = [f"Colours end at {number(10 ** ends[0], 2)} and {number(10 ** ends[-1], 2)}."] if far > reach else []
    notes += ["Grey: no spread at all."] if zero.any() else []
    notes += ["Magenta: NaN or infinite values."] if bad.any() else []
    notes += (
        ["Layers that are looked at less often keep the colour of their last look."] if (gaps & finite).any() else []
    )
    notes += ["Blank: not recorded, or undefined."] if (~finite & ~bad).any() else []
    return plot, (*notes, *_hidden(run))


def _shares(run: Run, seen: Grid, hover: str, beside: np.ndarray | None) -> tuple[go.Figure, tuple[str, ...]]:
    finite = np.isfinite(seen.values)
    plot = _frame(run, seen)
    plot.add_heatmap(
        z=np.where(finite, seen.values, np.nan).astype(np.float32), zmin=0, zmax=1, colorscale=HEAT,
        meta={"paint": "heat", "rows": _rows(seen)}, customdata=beside,
        colorbar={**BAR, "tickvals": [0, 0.25, 0.5, 0.75, 1], "ticktext": ["0 %", "25 %", "50 %", "75 %", "100 %"]},
        hovertemplate=hover + "<extra></extra>", **_place(seen),
    )  # fmt: skip
    notes = ("Blank: not recorded, or undefined.",) if (~finite).any() else ()
    return plot, notes


def _frame(run: Run, seen: Grid) -> go.Figure:
    rows = len(seen.layers)
    plot = frame(run, "", height=max(180, min(900, 70 + rows * (24 if rows <= MANY_ROWS else 14))))
    name_rows(plot, seen.names)
    plot.update_yaxes(type="category")  # a layer may be called "0"
    x = compact(seen.steps)
    plot.update_xaxes(showgrid=False, range=[float(x[0]), float(x[-1])] if len(x) > 1 else None)
    return plot


def _place(seen: Grid) -> dict[str, Any]:
    gap = 1 if len(seen.layers) <= MANY_ROWS else 0
    return {"x": compact(seen.steps), "y": [plain(name) for name in seen.names], "ygap": gap}


def _flag(plot: go.Figure, seen: Grid, where: np.ndarray, color: str, what: str) -> None:
    if where.any():
        plot.add_heatmap(
            z=np.where(where, 1, np.nan).astype(np.float32), showscale=False, colorscale=[[0, color], [1, color]],
            hovertemplate=f"<b>%{{y}}</b>, step %{{x:,.0f}}<br>{what}<extra></extra>", **_place(seen),
        )  # fmt: skip


def _held(values: np.ndarray, gaps: np.ndarray) -> np.ndarray:
    """Each row with its gaps filled by the last value before, up to the last one there is."""
    columns = np.arange(values.shape[1])
    known = np.where(gaps, 0, columns)
    last = np.max(np.where(gaps, -1, columns), axis=1, initial=-1, keepdims=True)
    held = np.take_along_axis(values, np.maximum.accumulate(known, axis=1), axis=1)
    return np.where(gaps & (columns < last), held, values)


def _broken(run: Run, seen: Grid, quantities: tuple[str, str]) -> np.ndarray:
    """True where values were NaN or infinite: their standard deviation is, or they were counted."""
    bad = np.isinf(seen.values)
    counted = grid(run, *quantities, layers=seen.layers)
    if counted is not None:
        rows = {
            layer.name: row
            for layer, row in zip(counted.layers, onto(seen.steps, counted.steps, counted.values), strict=True)
        }
        for i, layer in enumerate(seen.layers):
            bad[i] |= np.nan_to_num(rows.get(layer.name, np.zeros(bad.shape[1]))) > 0
    return bad


def _beside(run: Run, quantity: str, seen: Grid) -> np.ndarray | None:
    """Another quantity of the same layers at the same steps; None where it is unknown for some of them."""
    other = grid(run, quantity, layers=seen.layers, known=True)
    whole = other is not None and other.layers == seen.layers
    return onto(seen.steps, other.steps, other.values) if other is not None and whole else None


def _rows(seen: Grid) -> list[list[str]]:
    return [aliases(layer) for layer in seen.layers]


def _hidden(run: Run) -> tuple[str, ...]:
    """One note on the layers whose values cannot be seen."""
    reasons: dict[str, list[str]] = {}
    for layer in run.layers:
        if layer.hidden:
            reasons.setdefault(layer.hidden, []).append(layer.name)
    return tuple(f"Cannot be seen, {why}: {places(names)}." for why, names in reasons.items())
