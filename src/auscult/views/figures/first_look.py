"""The scale of the signal and of its gradient with depth, as the initialisation left them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from auscult.runs import Run
from auscult.runs.start import LayerStart, start_of
from auscult.views.figures.palette import depth_colors
from auscult.views.figures.picture import GRID, MUTED, Picture, decades, frame, plain
from auscult.views.inside import aliases, carriers
from auscult.views.words import places

PANEL = 170  # pixels
NAMED = 30  # up to so many layers each is named under its point
SHARES = (("saturated", "#d8486f"), ("dead units", "#4a6fd4"), ("off", "rgba(128,128,128,.38)"))


def start(run: Run) -> Picture | None:
    """Standard deviations of activations and gradients, and shares saturated and dead, with depth."""
    first = start_of(run)
    carrying = carriers(run.layers)
    layers = [] if first is None else [layer for layer in first.layers if layer.layer in carrying and _known(layer)]
    if first is None or not layers:
        return None
    std = np.array([layer.std for layer in layers])
    gradient = np.array([layer.gradient_std for layer in layers])
    shares = np.array([(x.saturated, x.dead, x.off) for x in layers]).T
    panels = [("standard deviation of the signal", std), ("standard deviation of its gradient", gradient)]
    panels = [(title, values) for title, values in panels if np.isfinite(values).any()]
    bars = [(name, tint, v) for (name, tint), v in zip(SHARES, shares, strict=True) if np.isfinite(v).any()]
    if not panels and not bars:
        return None
    plot = _panels(layers, [title for title, _ in panels] + (["share of the values, and of the units"] if bars else []))
    for i, (_, values) in enumerate(panels):
        _points(plot, layers, values, "y" + str(i + 1) * (i > 0))
    for name, tint, values in bars:
        plot.add_bar(
            x=np.arange(len(layers)), y=np.where(np.isfinite(values), values, np.nan), name=name, showlegend=True,
            marker={"color": tint}, yaxis="y" + str(len(panels) + 1) * (len(panels) > 0),
            customdata=[plain(layer.layer.shown_as) for layer in layers],
            hovertemplate="<b>%{customdata}</b>: %{y:.1%} " + name + "<extra></extra>",
        )  # fmt: skip
    if bars:
        most = max(np.nanmax(v[np.isfinite(v)], initial=0) for _, _, v in bars)
        share = {"tickformat": ".0%" if most > 0.04 else ".1%", "range": [0, max(1.1 * float(most), 0.01)]}
        plot.update_layout({f"yaxis{len(panels) + 1 if panels else ''}": share})
    caption = (
        f"The first look, at step {first.step:,}. Good initial weights keep both curves level: what a layer hands on, "
        "and the gradient that comes back, neither shrink nor grow from the first layer to the last. Then every layer "
        "learns at the same pace from the first step on."
    )
    infinite = [layer.layer.name for layer in layers if math.isinf(layer.std)]
    notes = (f"Infinite, so not drawn: {places(infinite)}.",) if infinite else ()
    return Picture("start", "The network as it was initialised", caption, plot, notes, "start")


def _known(layer: LayerStart) -> bool:
    return not all(math.isnan(v) for v in (layer.std, layer.gradient_std, layer.saturated, layer.dead, layer.off))


def _panels(layers: Sequence[LayerStart], titles: Sequence[str]) -> go.Figure:
    n, names = len(titles), [layer.layer.shown_as for layer in layers]
    plot = frame(None, "", height=70 + PANEL * n, barmode="group", bargap=0.45)
    gap = 34 / (PANEL * n)
    for i, title in enumerate(titles):
        top = 1 - i / n
        axis = {"domain": [1 - (i + 1) / n, top - gap], "gridcolor": GRID, "zeroline": False, "automargin": True}
        plot.update_layout({f"yaxis{i + 1 if i else ''}": {**axis, "nticks": 5, "title": None}})
        plot.add_annotation(
            x=0, xref="paper", xanchor="left", y=top - gap, yref="paper", yanchor="bottom", showarrow=False,
            text=title, font={"size": 12, "color": MUTED},
        )  # fmt: skip
    every = -(-len(names) // NAMED)
    plot.update_xaxes(
        title={"text": "layer, first to last"}, anchor=f"y{n if n > 1 else ''}", tickformat=None, nticks=None,
        showgrid=False, tickvals=list(range(0, len(names), every)), ticktext=[_short(x) for x in names[::every]],
        range=[-0.6, len(names) - 0.4], automargin=True,
    )  # fmt: skip
    plot.update_layout(
        meta={"columns": [aliases(layer.layer) for layer in layers]}, margin={"t": 4},
        legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1 / n - gap, "yanchor": "bottom"},
    )  # fmt: skip
    return plot


def _points(plot: go.Figure, layers: Sequence[LayerStart], values: np.ndarray, axis: str) -> None:
    tints = depth_colors([layer.layer.name for layer in layers])
    values = np.where(np.isfinite(values), values, np.nan)
    plot.add_scatter(
        x=np.arange(len(values)), y=values, yaxis=axis, mode="lines+markers", showlegend=False, connectgaps=True,
        line={"color": "rgba(128,128,128,.55)", "width": 1.4},
        marker={"size": 10 if len(values) <= NAMED else 6, "color": list(tints.values())},
        customdata=[plain(layer.layer.shown_as) for layer in layers],
        hovertemplate="<b>%{customdata}</b>: %{y:.3~g}<extra></extra>",
    )  # fmt: skip
    name = "yaxis" + axis[1:]
    span = decades(values)
    if span:
        every = "D2" if span < 2 else math.ceil(span / 6)
        plot.update_layout({name: {"type": "log", "dtick": every, "exponentformat": "power"}})
    elif np.isfinite(values).any():
        top = float(np.nanmax(values))
        plot.update_layout({name: {"range": [0, 1.18 * top] if top > 0 else None, "exponentformat": "power"}})


def _short(name: str) -> str:
    return plain(name if len(name) <= 18 else "…" + name[-17:])
