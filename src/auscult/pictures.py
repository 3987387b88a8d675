"""The frame of plots outside the report, quiet on light pages and on dark ones."""

from __future__ import annotations

import plotly.graph_objects as go
from plotly.subplots import make_subplots

LINE, SECOND, FAINT = "#4a6fd4", "#d8486f", "rgba(128,128,128,.45)"
MARKS = ("#2f9e7d", "#d98a1f", "#8a5cc7", "#1593ad")
GRID, INK = "rgba(128,128,128,.16)", "#868b94"


def figure(x: str, *ys: str, height: int = 320) -> go.Figure:
    """An empty figure, one panel above another for each quantity in `ys`."""
    plot = make_subplots(rows=len(ys), cols=1, shared_xaxes=True, vertical_spacing=0.09)
    plot.update_layout(
        template="none",
        height=height,
        margin={"l": 72, "r": 16, "t": 16, "b": 48},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif", "size": 12, "color": INK},
        legend={"font": {"size": 11}},
    )
    plot.update_xaxes(gridcolor=GRID, zeroline=False)
    plot.update_yaxes(gridcolor=GRID, zeroline=False, automargin=True)
    plot.update_xaxes(title={"text": x, "standoff": 8}, row=len(ys), col=1)
    for row, y in enumerate(ys, 1):
        plot.update_yaxes(title={"text": y, "standoff": 8}, row=row, col=1)
    return plot


# from low to high, in order of lightness, so that it also reads without colour vision
RAMP = [[0.0, "#23306b"], [0.22, "#3c62b4"], [0.45, "#55a5bd"], [0.68, "#a9d3a5"], [0.86, "#f2e3a1"], [1.0, "#fbf6e3"]]
BAR = {"thickness": 10, "outlinewidth": 0, "ticks": "", "tickfont": {"size": 11}, "len": 1, "ypad": 0}
