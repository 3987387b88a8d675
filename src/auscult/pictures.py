"""The frame of the Learner's own plots, quiet on light pages and on dark ones."""

from __future__ import annotations

import plotly.graph_objects as go
from plotly.subplots import make_subplots

LINE, SECOND, FAINT = "#4a6fd4", "#d8486f", "rgba(128,128,128,.45)"
MARKS = ("#2f9e7d", "#d98a1f", "#8a5cc7", "#1593ad")
_GRID, _INK = "rgba(128,128,128,.16)", "#868b94"


def figure(x: str, *ys: str, height: int = 320) -> go.Figure:
    """An empty figure, one panel above another for each quantity in `ys`."""
    plot = make_subplots(rows=len(ys), cols=1, shared_xaxes=True, vertical_spacing=0.09)
    plot.update_layout(
        template="none",
        height=height,
        margin={"l": 72, "r": 16, "t": 16, "b": 48},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif", "size": 12, "color": _INK},
        legend={"font": {"size": 11}},
    )
    plot.update_xaxes(gridcolor=_GRID, zeroline=False)
    plot.update_yaxes(gridcolor=_GRID, zeroline=False, automargin=True)
    plot.update_xaxes(title={"text": x, "standoff": 8}, row=len(ys), col=1)
    for row, y in enumerate(ys, 1):
        plot.update_yaxes(title={"text": y, "standoff": 8}, row=row, col=1)
    return plot
