"""What every picture has in common: its frame, its axes, the lines that mark epochs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go

from auscult.runs import Run
from auscult.runs import quantities as q
from auscult.views.band import Band
from auscult.views.digest import Course
from auscult.views.figures.palette import GUIDE_GREEN
from auscult.views.words import number

HEIGHT = 340
MANY_EPOCHS = 40  # more than so many lines hide what they should mark
FEW = 40  # up to so many points each is marked
WIDE = 20.0  # a positive quantity that spans more than this factor is drawn on a log axis
GRID = "rgba(128,128,128,.16)"
BAND_FILL = "rgba(47,158,125,.13)"
GUIDE = {"color": GUIDE_GREEN, "width": 1.4}
BAR = {"thickness": 10, "outlinewidth": 0, "ticks": "", "tickfont": {"size": 11}, "len": 1, "ypad": 0}
MANY_ROWS = 60  # beyond, a heatmap names some of its rows only
INK = "#1d2026"  # the page swaps it for the dark scheme
MUTED = "#868b94"  # legible on white and on near-black


@dataclass(frozen=True)
class Picture:
    """One figure with what a reader needs beside it: `key` is its anchor, `notes` say what it leaves out, `group`
    where it stands."""

    key: str
    title: str
    caption: str
    plot: go.Figure
    notes: tuple[str, ...] = ()
    group: Literal["baseline", "start", "learning", "optimizer", "inside"] = "learning"


def frame(run: Run | None, y: str, height: int = HEIGHT, log: float = 0, **layout: Any) -> go.Figure:
    """An empty figure over steps, its epochs marked; `log`: decades that a log axis spans, or 0."""
    x_axis = {"title": {"text": "step", "standoff": 8}, "tickformat": ",~d"}
    y_axis = {"title": {"text": plain(y), "standoff": 8}, "automargin": True}
    if log:
        y_axis |= {"type": "log", "dtick": "D2" if log < 2 else 1, "exponentformat": "power"}
    of_both = {"gridcolor": GRID, "zeroline": False, "nticks": 8}
    return go.Figure(
        layout={  # all at once: Plotly takes its time over each update
            "template": "none",
            "height": height,
            "margin": {"l": 64, "r": 16, "t": 12, "b": 44},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {
                "family": "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
                "size": 12,
                "color": MUTED,
            },
            "hovermode": "closest",
            "legend": {
                "itemsizing": "constant",
                "font": {"size": 11},
                "tracegroupgap": 2,
                "y": 1,
                "yanchor": "top",
            },
            "xaxis": {**of_both, **x_axis},
            "yaxis": {**of_both, **y_axis},
            "shapes": epoch_lines(run) if run is not None else [],
            **layout,
        }
    )


def epoch_lines(run: Run) -> list[dict[str, Any]]:
    """Thin vertical lines at the epochs; every second, third, … where there are many."""
    epochs = run.events(q.EPOCH)
    line = {"color": "rgba(128,128,128,.35)", "width": 1, "dash": "dot"}
    return [
        {"type": "line", "x0": e.step, "x1": e.step, "yref": "paper", "y0": 0, "y1": 1, "layer": "below", "line": line}
        for e in epochs[:: len(epochs) // MANY_EPOCHS + 1]
    ]


def add_course(plot: go.Figure, c: Course, name: str, color: str, *, legend: bool, shade: str, **place: Any) -> None:
    """Draw the middle of a course as a line and its spread as a shade behind it."""
    x = compact(c.steps)
    group = {"legendgroup": name, **place}
    if c.spread:
        edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False, **group}
        ok = np.isfinite(c.middle)  # a shade with gaps is filled across them wrongly
        plot.add_scatter(x=x[ok], y=compact(c.low[ok]), **edge)
        plot.add_scatter(x=x[ok], y=compact(c.high[ok]), fill="tonexty", fillcolor=faint(color), name=shade, **edge)
    plot.add_scatter(
        x=x, y=compact(c.middle), name=plain(name), mode="lines" if len(c) > FEW else "lines+markers",
        showlegend=legend, marker={"size": 5},
        line={"color": color, "width": 1.8},
        hovertemplate="step %{x:,.0f}: %{y:.4~g}<extra>%{fullData.name}</extra>",
        **group,
    )  # fmt: skip


def add_guide(plot: go.Figure, band: Band, named: bool = True) -> None:
    """Shade the band of update ratios and draw the guide line."""
    plot.add_hrect(y0=band.low, y1=band.high, fillcolor=BAND_FILL, line_width=0, layer="below")
    plot.add_hline(y=band.guide, line=GUIDE, layer="below")
    if not named:
        return
    plot.add_annotation(
        x=0, xref="paper", xanchor="left", y=band.guide, yanchor="bottom", showarrow=False,
        text=f"guide {number(band.guide)}", font={"size": 11, "color": GUIDE["color"]},
    )  # fmt: skip


def name_rows(plot: go.Figure, rows: Sequence[str]) -> None:
    """Let a heatmap's rows read from the top, all named, or every second, third, … where there are many."""
    plot.update_yaxes(autorange="reversed", showgrid=False, nticks=None, tickfont={"size": 11}, ticks="")
    if len(rows) > MANY_ROWS:
        plot.update_yaxes(tickvals=[plain(name) for name in rows[:: -(-len(rows) // 40)]])


def plain(name: str) -> str:
    """A name as Plotly shows it letter by letter: it reads tags and entities in every text."""
    return escape(name, quote=False)


def decades(*values: np.ndarray) -> float:
    """Decades that the values span, where they are positive and call for a log axis; else 0."""
    flat = np.concatenate([v[np.isfinite(v)] for v in values] or [np.empty(0)])
    wide = len(flat) and flat.min() > 0 and flat.max() / flat.min() > WIDE
    return float(np.log10(flat.max() / flat.min())) if wide else 0.0


def compact(values: np.ndarray) -> np.ndarray:
    """float32 where that is exact enough for a picture: half the bytes in the report."""
    large = np.abs(values[np.isfinite(values)]).max(initial=0) > 2**24 if values.size else False
    return values if large else values.astype(np.float32)


def faint(color: str) -> str:
    """A "#rrggbb" colour at the strength of a shade."""
    r, g, b = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({r},{g},{b},.16)"
