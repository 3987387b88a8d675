"""Lines of one quantity, one for each parameter: matrices and embeddings first, the rest a click away."""

from __future__ import annotations

import plotly.graph_objects as go

from auscult.runs import Parameter, Run
from auscult.views.digest import courses, median_course, parameters
from auscult.views.figures.palette import DEPTH_SCALE, Look, looks
from auscult.views.figures.picture import INK, MUTED, compact, plain
from auscult.views.words import kinds

NAMED = 24  # up to so many parameters each has its own line in the legend; beyond, each kind has
ALL_SHOWN = 12  # up to so many parameters biases and gains are drawn from the start
KINDS = ("matrix", "embedding", "bias", "gain")


def draw(plot: go.Figure, run: Run, quantity: str) -> tuple[str, ...]:
    """Draw the lines, and return notes on what is not shown at first."""
    known = parameters(run)
    look = looks(known)
    ordered = sorted(known, key=lambda p: p.kind in ("bias", "gain"))
    read = dict(courses(run, quantity, [p.name for p in ordered]))
    ordered = [p for p in ordered if p.name in read]
    heavy = any(p.kind in ("matrix", "embedding") for p in ordered)
    folded = {p.name for p in ordered if heavy and len(ordered) > ALL_SHOWN and p.kind in ("bias", "gain")}
    many = len(ordered) > NAMED
    if many:
        _legend_by_kind(plot, ordered, folded)
    for p in ordered:
        series = read[p.name]
        plot.add_scatter(
            x=compact(series.steps), y=series.values, name=plain(p.name), meta={"parameter": p.name},
            mode="lines" if len(series) > 1 else "markers",
            line={"color": look[p.name].color, "dash": look[p.name].dash, "width": 1.2 if many else 1.6},
            marker={"color": look[p.name].color},
            opacity=0.75 if many else 1, showlegend=not many, legendgroup=p.kind if many else p.name,
            visible="legendonly" if p.name in folded else True,
            hovertemplate="step %{x:,.0f}: %{y:.3~g}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    if many:
        _median(plot, run, quantity)
        _depth_bar(plot)
    return (f"{len(folded)} biases and gains are hidden at first; the legend shows them.",) if folded else ()


def _legend_by_kind(plot: go.Figure, ordered: list[Parameter], folded: set[str]) -> None:
    for kind in KINDS:
        members = [p for p in ordered if p.kind == kind]
        if members:
            plot.add_scatter(
                x=[None], y=[None], mode="lines", legendgroup=kind,
                name=f"{len(members)} {kind if len(members) == 1 else kinds(kind)}",
                line={"color": MUTED, "width": 2, "dash": {"bias": "dot", "gain": "dash"}.get(kind, "solid")},
                visible="legendonly" if members[0].name in folded else True,
            )  # fmt: skip
    plot.update_layout(legend={"groupclick": "togglegroup"})


def _median(plot: go.Figure, run: Run, quantity: str) -> None:
    series = median_course(run, quantity)
    plot.add_scatter(
        x=compact(series.steps), y=series.values, name="median of matrices", mode="lines",
        meta={"paint": "ink"}, line={"color": INK, "width": 2.2}, legendrank=1,
        hovertemplate="step %{x:,.0f}: %{y:.3~g}<extra>%{fullData.name}</extra>",
    )  # fmt: skip


def _depth_bar(plot: go.Figure) -> None:
    """A colour bar that reads from the first layer down to the last."""
    plot.add_scatter(
        x=[None], y=[None], mode="markers", showlegend=False, hoverinfo="skip",
        marker={
            "color": [0], "reversescale": True, "cmin": 0, "cmax": 1, "colorscale": DEPTH_SCALE,
            "colorbar": {
                "tickvals": [0, 1], "ticktext": ["last layer", "first layer"], "thickness": 8, "len": 0.55,
                "y": 0, "yanchor": "bottom", "outlinewidth": 0, "ticks": "", "tickfont": {"size": 11},
            },
        },
    )  # fmt: skip


def look_of(run: Run) -> dict[str, Look]:
    """The look of each parameter of a run."""
    return looks(parameters(run))
