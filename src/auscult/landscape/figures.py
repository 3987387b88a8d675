"""Plotly figures of landscapes: interpolations, lines over each other, contours, surfaces in 3-D, trajectories."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from auscult.errors import LandscapeError
from auscult.landscape.interpolate import Interpolation
from auscult.landscape.surface import Surface
from auscult.landscape.sweep import TRAIN
from auscult.landscape.trajectory import Trajectory
from auscult.pictures import BAR, FAINT, INK, LINE, MARKS, RAMP, SECOND, figure

WIDE = 20.0  # a positive quantity that spans more than this factor is drawn by its logarithm
COLORS = (LINE, SECOND, *MARKS)
_HEIGHT = 260  # of a panel
_GRID_3D, _CONTOUR_3D = "#9da3ad", "#2b3a55"  # opaque: what is half transparent there is lost on a light page


def interpolation(found: Interpolation, names: Sequence[str] = ("start", "end")) -> go.Figure:
    """Losses over α, training and other splits, and a panel below for each metric; the ends are marked by `names`."""
    metrics = list(next(iter(found.splits.values())).metrics)
    plot = figure(
        "α, along a curve" if found.curved else "α", "loss", *metrics, height=_HEIGHT * (1 + len(metrics)) + 60
    )
    for (split, measured), color in zip(found.splits.items(), _colors(len(found.splits)), strict=True):
        for row, values in enumerate([measured.loss, *measured.metrics.values()], 1):
            plot.add_scatter(
                x=found.alphas, y=_shown(values), name=split, legendgroup=split, showlegend=row == 1,
                mode="lines+markers", marker={"size": 5}, line={"color": color, "width": 2}, row=row, col=1,
                hovertemplate="α %{x:.4g}: %{y:.4g}<extra>%{fullData.name}</extra>",
            )  # fmt: skip
    for at, name in zip((0, 1), names, strict=True):
        plot.add_vline(x=at, line={"color": FAINT, "width": 1, "dash": "dot"})
        plot.add_annotation(
            x=at, y=1, yref="y domain", yanchor="bottom", text=name, showarrow=False, font={"size": 12}
        )  # fmt: skip
    _log_where_wide(plot, [s.loss for s in found.splits.values()])
    plot.update_layout(margin={"t": 40})
    return _told(plot, found.statistics, found.nonfinite)


def lines(found: Mapping[str, Surface], split: str = TRAIN, metric: str | None = None) -> go.Figure:
    """Lines of several runs over each other, each a surface of one direction, by name."""
    plot = figure("step along the direction", metric or f"{split} loss", height=360)
    drawn = []
    for (name, line), color in zip(found.items(), _colors(len(found)), strict=True):
        if line.y is not None:
            raise LandscapeError(f"{name or 'this'} is a surface of two directions; draw it as a contour")
        drawn.append(_values(line, split, metric))
        plot.add_scatter(
            x=line.x, y=_shown(drawn[-1]), name=name, mode="lines", line={"color": color, "width": 2},
            showlegend=len(found) > 1, hovertemplate="%{x:.4g}: %{y:.4g}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    _log_where_wide(plot, drawn)
    first = next(iter(found.values()))
    return _told(plot, first.statistics, sum(line.nonfinite for line in found.values()))


def contour(found: Surface, split: str = TRAIN, metric: str | None = None) -> go.Figure:
    """Contours of a surface: colours by the logarithm where values span decades, and clipped above its spikes."""
    plot = figure("first direction", "second direction", height=520)
    scale = _ground(plot, found, split, metric)
    plot.add_scatter(
        x=[0], y=[0], mode="markers", showlegend=False, hoverinfo="skip",
        marker={"symbol": "cross-thin", "size": 11, "line": {"width": 1.5, "color": "#ffffff"}},
    )  # fmt: skip
    return _told(_square(plot, found.x, found.y), *_remarks(found, scale))


def surface_3d(found: Surface, split: str = TRAIN, metric: str | None = None) -> go.Figure:
    """A surface in three dimensions; heights as the colours of `contour`: by the logarithm, spikes cut off."""
    if found.y is None:
        raise LandscapeError("a line has one direction; draw it with lines")
    plot = figure("", "", height=560)
    scale = _Scale(_values(found, split, metric), metric or f"{split} loss")
    plot.add_surface(
        x=found.x, y=found.y, z=scale.drawn, customdata=scale.values, surfacecolor=scale.drawn, cmin=scale.low,
        cmax=scale.high, colorscale=RAMP, colorbar={**scale.bar, "len": 0.7}, hovertemplate=_POINT,
        lighting={"ambient": 0.75, "diffuse": 0.5, "specular": 0.06, "roughness": 0.9},
        contours={"z": {"show": True, "color": _CONTOUR_3D, "width": 1, "start": scale.low, "end": scale.high,
                        "size": (scale.high - scale.low) / 14 or 1}},
    )  # fmt: skip
    axis = {"showbackground": False, "gridcolor": _GRID_3D, "zeroline": False, "color": INK, "nticks": 6}
    plot.update_layout(
        scene={
            "xaxis": {**axis, "title": {"text": "first direction"}},
            "yaxis": {**axis, "title": {"text": "second direction"}},
            "zaxis": {**axis, **scale.ticks, "title": {"text": scale.title}},
            "aspectratio": {"x": 1, "y": 1, "z": 0.75},
            "camera": {"eye": {"x": 1.25, "y": -1.25, "z": 0.85}, "center": {"x": 0, "y": 0, "z": -0.15}},
        },
        margin={"l": 0, "r": 16, "t": 8, "b": 24},
    )
    plot.update_xaxes(visible=False)
    plot.update_yaxes(visible=False)
    return _told(plot, *_remarks(found, scale))


def trajectory(path: Trajectory, ground: Surface | None = None) -> go.Figure:
    """The path of a training on its two principal directions, on the contour of the loss there where it is given."""
    titles = [
        f"{which} principal direction, {share:.1%} of the variance"
        for which, share in zip(("first", "second"), path.explained, strict=True)
    ]
    plot = figure(*titles, height=560)
    x, y = path.path.T
    remarks: tuple[str, int] = ("", 0)
    if ground is not None:
        remarks = _remarks(ground, _ground(plot, ground, TRAIN, None))
        plot.add_scatter(
            x=x, y=y, mode="lines", line={"color": "rgba(20,24,40,.75)", "width": 5}, hoverinfo="skip", showlegend=False
        )  # fmt: skip
    numbers = np.arange(len(x))
    ink = "#ffffff" if ground is not None else LINE
    plot.add_scatter(
        x=x, y=y, mode="lines+markers", customdata=numbers, showlegend=False, line={"color": ink, "width": 2},
        marker={"size": 6, "color": ink, "line": {"width": 1, "color": "rgba(20,24,40,.9)"}},
        hovertemplate="checkpoint %{customdata} at (%{x:.3g}, %{y:.3g})<extra></extra>",
    )  # fmt: skip
    for at, name, symbol, color in ((0, "first", "circle", MARKS[1]), (-1, "final", "star", SECOND)):
        plot.add_scatter(
            x=[x[at]], y=[y[at]], mode="markers", name=name, hoverinfo="skip",
            marker={"size": 14, "symbol": symbol, "color": color, "line": {"width": 1.5, "color": "#ffffff"}},
        )  # fmt: skip
    plot.update_layout(legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"}, margin={"t": 36})
    axes = (ground.x, ground.y) if ground is not None else path.axes(2)
    return _told(_square(plot, *axes), *remarks)


_POINT = "(%{x:.3g}, %{y:.3g}): %{customdata:.4g}<extra></extra>"


class _Scale:
    """How values are drawn: by their logarithm where they span decades, and no higher than their spikes allow."""

    def __init__(self, values: np.ndarray, title: str) -> None:
        self.values = np.where(np.isfinite(values), values, np.nan)
        finite = values[np.isfinite(values)]
        self.log = bool(len(finite) and finite.min() > 0 and finite.max() / finite.min() > WIDE)
        drawn = np.log10(self.values) if self.log else self.values
        finite = drawn[np.isfinite(drawn)]
        self.low, self.high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
        usual = float(np.quantile(finite, 0.95)) if len(finite) else 1.0
        spike = usual + (usual - self.low)  # as far again as from the lowest to almost the highest
        self.clipped = self.low < spike < self.high
        self.high = spike if self.clipped else self.high
        self.drawn = np.minimum(drawn, self.high)
        self.title = title + (", log scale" if self.log else "")
        self.ticks = _ticks(self.low, self.high) if self.log else {}

    @property
    def bar(self) -> dict[str, Any]:
        """The colour bar."""
        title = {"text": self.title, "side": "right", "font": {"size": 12}}
        return {**BAR, **self.ticks, "title": title}


def _ground(plot: go.Figure, found: Surface, split: str, metric: str | None) -> _Scale:
    """Draw the contours under what else there is."""
    if found.y is None:
        raise LandscapeError("a line has one direction; draw it with lines")
    scale = _Scale(_values(found, split, metric), metric or f"{split} loss")
    plot.add_contour(
        x=found.x, y=found.y, z=scale.drawn, customdata=scale.values, zmin=scale.low, zmax=scale.high, colorscale=RAMP,
        colorbar=scale.bar, hovertemplate=_POINT, hoverongaps=False, line={"width": 0.7, "color": "rgba(20,24,40,.45)"},
        contours={"coloring": "heatmap", "start": scale.low, "end": scale.high,
                  "size": (scale.high - scale.low) / 16 or 1},
    )  # fmt: skip
    return scale


def _values(found: Surface, split: str, metric: str | None) -> np.ndarray:
    if split not in found.splits:
        raise LandscapeError(f"there is no split {split!r}; there are {', '.join(found.splits)}")
    measured = found.splits[split]
    if metric is None:
        return measured.loss
    if metric not in measured.metrics:
        raise LandscapeError(f"there is no metric {metric!r}; there are {', '.join(measured.metrics) or 'none'}")
    return measured.metrics[metric]


def _ticks(low: float, high: float) -> dict[str, Any]:
    """Round numbers on an axis of logarithms: 1, 2, 5 where there are few decades."""
    steps = (1, 2, 5) if high - low < 3 else (1,)
    every = max(1, math.ceil((high - low) / 8))
    places = range(math.floor(low), math.ceil(high) + 1, every)
    at = [d + math.log10(s) for d in places for s in steps if low <= d + math.log10(s) <= high]
    return {"tickvals": at, "ticktext": [f"{10**v:.3g}" for v in at]}


def _square(plot: go.Figure, x: np.ndarray, y: np.ndarray | None) -> go.Figure:
    """One unit as long on both axes, and nothing beside the surface."""
    assert y is not None
    plot.update_xaxes(range=[float(x.min()), float(x.max())], constrain="domain", showgrid=False)
    plot.update_yaxes(
        range=[float(y.min()), float(y.max())], constrain="domain", showgrid=False, scaleanchor="x", scaleratio=1
    )
    return plot


def _colors(count: int) -> list[str]:
    return [COLORS[i % len(COLORS)] for i in range(count)]


def _shown(values: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(values), values, np.nan)


def _log_where_wide(plot: go.Figure, drawn: Sequence[np.ndarray]) -> None:
    flat = np.concatenate([v[np.isfinite(v)].ravel() for v in drawn] or [np.empty(0)])
    if len(flat) and flat.min() > 0 and flat.max() / flat.min() > WIDE:
        few = flat.max() / flat.min() < 100
        plot.update_yaxes(type="log", exponentformat="power", dtick="D2" if few else 1, row=1, col=1)


def _remarks(found: Surface, scale: _Scale) -> tuple[str, int]:
    clipped = f"cut off above {10**scale.high if scale.log else scale.high:.3g}" if scale.clipped else ""
    return "; ".join(told for told in (clipped, found.statistics) if told), found.nonfinite


def _told(plot: go.Figure, remark: str, nonfinite: int) -> go.Figure:
    """Say below the figure what it cannot show."""
    missing = f"{nonfinite:,} points that are not finite are left out" if nonfinite else ""
    text = "; ".join(t for t in (remark, missing) if t)
    if text:
        plot.add_annotation(
            x=0, y=0, xref="paper", yref="paper", yshift=-48, xanchor="left", yanchor="top", showarrow=False,
            text=text, font={"size": 11},
        )  # fmt: skip
        plot.update_layout(margin={"b": 76})
    return plot
