"""The update-to-data ratio as lines over steps, and as layers × steps."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from auscult.runs import Run
from auscult.runs import quantities as q
from auscult.views.band import Band
from auscult.views.digest import BINS, EDGES, counts, parameters, unmoved, weights
from auscult.views.figures import by_parameter
from auscult.views.figures.palette import DIVERGING
from auscult.views.figures.picture import BAR, MANY_ROWS, Picture, add_guide, compact, frame, name_rows, plain
from auscult.views.words import number

ALL_ROWS = 40  # up to so many parameters the heatmap has a row for each; beyond, for matrices and embeddings
REACH = 2.0  # magnitudes from the guide to the end of the heatmap's colours
STILL = "#8a8f98"  # no update at all


def lines(run: Run, band: Band) -> Picture | None:
    """The ratio of every parameter over steps, with the guide line and the band."""
    if not run.quantities.get(q.RATIO):
        return None
    plot = frame(run, "log10(update / data)", height=400)
    notes = by_parameter.draw(plot, run, q.RATIO)
    add_guide(plot, band, named=len(run.quantities[q.RATIO]) <= by_parameter.NAMED)
    plot.update_yaxes(range=_reach(plot, band))
    caption = (
        f"How much each step changes a parameter: log10 of std(update) / std(data). Near "
        f"{number(band.guide)} the parameter changes {_fraction(band.guide)}; the shade, {number(band.low)} "
        f"to {number(band.high)}, is the usual range. Above it the learning rate tends to be too high, below "
        "it too low. The curves should settle, and the layers should agree."
    )
    return Picture("update-ratio", "Update-to-data ratio", caption, plot, notes + _missing(run))


def heatmap(run: Run, band: Band) -> Picture | None:
    """The same ratios as layers × steps, colours centred at the guide."""
    names = [p.name for p in parameters(run) if p.name in run.quantities.get(q.RATIO, ())]
    rows = names if len(names) <= ALL_ROWS else weights(run)
    if not rows:
        return None
    grid = run.matrix(q.RATIO, rows, bins=BINS)
    if not len(grid.steps):
        return None
    tall = max(180, min(900, 70 + len(rows) * (22 if len(rows) <= ALL_ROWS else 14)))
    plot = frame(run, "", height=tall)
    x = compact(grid.steps)
    place = {"x": x, "y": [plain(name) for name in rows], "ygap": 1 if len(rows) <= MANY_ROWS else 0}
    still = np.stack([unmoved(run, name, grid.steps) for name in rows])
    if still.any():
        plot.add_heatmap(
            z=np.where(still, 1, np.nan).astype(np.float32), showscale=False,
            colorscale=[[0, STILL], [1, STILL]],
            hovertemplate="%{y}<br>step %{x:,.0f}: no update<extra></extra>", **place,
        )  # fmt: skip
    plot.add_heatmap(
        z=np.where(np.isfinite(grid.values), grid.values, np.nan),
        zmin=band.guide - REACH, zmax=band.guide + REACH, colorscale=DIVERGING, meta={"paint": "diverging"},
        colorbar={**BAR, "tickvals": [band.guide + d for d in (-2, -1, 0, 1, 2)]},
        hovertemplate="%{y}<br>step %{x:,.0f}: %{z:.2f}<extra></extra>", **place,
    )  # fmt: skip
    name_rows(plot, rows)
    plot.update_xaxes(showgrid=False, range=[float(x[0]), float(x[-1])] if len(x) > 1 else None)
    notes = [f"Colours end at {number(band.guide - REACH)} and {number(band.guide + REACH)}."]
    if still.any():
        notes.append("Grey: looked at, and the parameter did not move.")
    if (~np.isfinite(grid.values) & ~still).any():
        notes.append("Blank: not recorded, or undefined.")
    if len(rows) < len(names):
        notes.append(f"Rows: the {len(rows)} matrices and embeddings; {len(names) - len(rows)} others are left out.")
    caption = (
        "The first layer is at the top. Blue: smaller steps than the guide, red: larger. A row that stands "
        "out is a layer that disagrees with the others; a change of colour along a row is a change in time."
    )
    return Picture("ratio-heatmap", "Update-to-data ratio, layer by layer", caption, plot, tuple(notes))


def _missing(run: Run) -> tuple[str, ...]:
    """One note on the parameters with undefined or zero ratios, the worst of them by name."""
    found = [c for c in counts(run, q.RATIO, run.quantities.get(q.RATIO, ()), EDGES) if c.zero or c.undefined]
    if not found:
        return ()
    worst = sorted(found, key=lambda c: -(c.zero + c.undefined))[:3]
    named = "; ".join(
        f"{c.name}: {c.undefined:,} undefined, {c.zero:,} without update, of {c.recorded:,}" for c in worst
    )
    more = f"; and {len(found) - 3} more parameters" if len(found) > 3 else ""
    return (f"Gaps in the curves: {named}{more}.",)


def _fraction(guide: float) -> str:
    return "by a thousandth of itself" if guide == -3 else f"by 10^{number(guide)} of itself"


def _reach(plot: go.Figure, band: Band) -> list[float]:
    """A y range that shows all curves and the band, but is not stretched by the few lowest values."""
    drawn = [np.asarray(t.y, float) for t in plot.data if t.meta and t.visible is not False]  # type: ignore[union-attr]
    flat = np.concatenate([y[np.isfinite(y)] for y in drawn] or [np.empty(0)])
    low, high = (np.quantile(flat, 0.002), flat.max()) if len(flat) else (band.low, band.high)
    return [float(min(low, band.low)) - 0.4, float(max(high, band.high)) + 0.4]
