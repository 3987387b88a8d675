"""How often each size of the update-to-data ratio occurs."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from auscult.runs import Run
from auscult.runs import quantities as q
from auscult.views.band import Band
from auscult.views.digest import EDGES, Counts, counts, weights
from auscult.views.figures import by_parameter
from auscult.views.figures.picture import BAND_FILL, BAR, GUIDE, Picture, faint, frame, name_rows, plain
from auscult.views.words import number, share

CURVES = 12  # up to so many layers each has a curve; beyond, each has a row


def histogram(run: Run, band: Band) -> Picture | None:
    """How often each size of the ratio occurs, by matrix and embedding; what is out of range is counted."""
    names = weights(run)
    found = [c for c in counts(run, q.RATIO, names, EDGES) if c.recorded]
    if not found:
        return None
    draw = _curves if len(found) <= CURVES else _rows
    plot = draw(run, found)
    plot.add_vrect(x0=band.low, x1=band.high, fillcolor=BAND_FILL, line_width=0, layer="below")
    plot.add_vline(x=band.guide, line=GUIDE, layer="below" if draw is _curves else "above")
    high = any(c.inside[EDGES[:-1] >= 0].any() for c in found)
    near, text, whole = [-6, 0], [-3, 3], [-6, 3]
    plot.update_xaxes(
        title={"text": "log10(update / data)"},
        range=whole if high else near,
        tickformat=None,
        dtick=1,
        nticks=None,
    )
    plot.update_layout(
        margin={"t": 40},
        updatemenus=[{
            "type": "buttons", "direction": "right", "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom",
            "pad": {"b": 6, "t": 0}, "font": {"size": 11}, "showactive": False,
            "bgcolor": "rgba(128,128,128,.1)", "bordercolor": "rgba(128,128,128,.3)",
            "buttons": [
                {"label": label, "method": "relayout", "args": [{"xaxis.range": span}]}
                for label, span in (("−6 … 0", near), ("−3 … 3", text), ("−6 … 3", whole))
            ],
        }],
    )  # fmt: skip
    caption = (
        "All steps looked at together, by the size of their update in magnitudes of the data: "
        f"{number(band.guide)} is the guide, 0 an update as large as the data itself, 3 one a thousand "
        "times as large. One narrow hill in the shade, the same for all layers, is what one hopes to see."
    )
    return Picture("ratio-histogram", "Update-to-data ratio, histogram", caption, plot, _outside(found))


def _curves(run: Run, found: list[Counts]) -> go.Figure:
    plot = frame(None, "share of steps, %", height=320)
    look = by_parameter.look_of(run)
    for c in found:
        color = look[c.name].color
        plot.add_scatter(
            x=EDGES[:-1].astype(np.float32), y=(100 * c.inside / c.recorded).astype(np.float32),
            name=plain(c.name), meta={"parameter": c.name},
            mode="lines", line={"color": color, "width": 1.4, "shape": "hv"},
            fill="tozeroy", fillcolor=faint(color), showlegend=True,
            hovertemplate="from %{x:.2f}: %{y:.1f} % of steps<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    plot.update_yaxes(rangemode="tozero")
    return plot


def _rows(run: Run, found: list[Counts]) -> go.Figure:
    plot = frame(None, "", height=max(220, min(900, 90 + 14 * len(found))))
    density = np.stack([100 * c.inside / c.recorded for c in found]).astype(np.float32)
    seen = density[density > 0]
    plot.add_heatmap(
        x=EDGES.astype(np.float32), y=[plain(c.name) for c in found],
        z=np.where(density > 0, density, np.nan),
        colorscale=[[0, "rgba(91,81,201,.12)"], [1, "#5b51c9"]],
        zmin=0, zmax=float(np.quantile(seen, 0.95)) if len(seen) else 1, colorbar={**BAR, "ticksuffix": " %"},
        hovertemplate="%{y}<br>%{x:.2f}: %{z:.1f} % of steps<extra></extra>",
    )  # fmt: skip
    name_rows(plot, [c.name for c in found])
    return plot


def _outside(found: list[Counts]) -> tuple[str, ...]:
    total = sum(c.recorded for c in found)
    parts = (
        (sum(c.below for c in found), f"below {number(EDGES[0])}"),
        (sum(c.above for c in found), f"above {number(EDGES[-1])}"),
        (sum(c.zero for c in found), "without any update"),
        (sum(c.undefined for c in found), "undefined (data or update without spread)"),
    )
    said = [f"{n:,} {what} ({share(n / total)})" for n, what in parts if n]
    if not said:
        return (f"All {total:,} ratios of these {len(found):,} tensors are defined and in range.",)
    return (f"Of {total:,} ratios, not drawn: {'; '.join(said)}.",)
