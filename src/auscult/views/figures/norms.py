"""How far the running statistics of the normalisation layers lie from those of the batches they see."""

from __future__ import annotations

import numpy as np

from auscult.runs import Run
from auscult.runs import quantities as q
from auscult.views.figures.palette import depth_colors
from auscult.views.figures.picture import GRID, MUTED, Picture, compact, frame, plain
from auscult.views.inside import Grid, aliases, grid
from auscult.views.words import places

NAMED = 16  # layers the legend names
PANELS = (
    (q.NORM_MEAN_DRIFT, "mean: distance from the batch's, in its standard deviations"),
    (q.NORM_VAR_DRIFT, "variance: distance from the batch's, in magnitudes (log10)"),
    (q.EVAL_MEAN_DRIFT, "mean: distance from that of an evaluation, in standard deviations"),
    (q.EVAL_VAR_DRIFT, "variance: distance from that of an evaluation, in magnitudes"),
)


def norms(run: Run) -> Picture | None:
    """The drift of running means and variances, over steps."""
    panels = [(title, seen) for quantity, title in PANELS if (seen := grid(run, quantity, known=True)) is not None]
    if not panels:
        return None
    n = len(panels)
    plot = frame(run, "", height=80 + 190 * n)
    gap = 28 / (190 * n)
    order = [layer.name for layer in run.layers if any(layer in seen.layers for _, seen in panels)]
    tint = depth_colors(order)
    for i, (title, seen) in enumerate(panels):
        top = 1 - i / n
        style = {"domain": [1 - (i + 1) / n, top - gap], "gridcolor": GRID, "zeroline": False, "automargin": True}
        plot.update_layout({f"yaxis{i + 1 if i else ''}": {**style, "rangemode": "tozero", "nticks": 5, "title": None}})
        plot.add_annotation(
            x=0, xref="paper", xanchor="left", y=top - gap, yref="paper", yanchor="bottom", showarrow=False,
            text=title, font={"size": 12, "color": MUTED},
        )  # fmt: skip
        for layer, row in zip(seen.layers, seen.values, strict=True):
            plot.add_scatter(
                x=compact(seen.steps), y=np.where(np.isfinite(row), row, np.nan).astype(np.float32),
                yaxis="y" + str(i + 1) * (i > 0), legendgroup=layer.name,
                name=plain(f"{layer.operation}({layer.name})"),
                mode="lines" if len(seen.steps) > 1 else "markers", meta={"names": aliases(layer)},
                line={"color": tint[layer.name], "width": 1.6}, showlegend=i == 0 and len(order) <= NAMED,
                hovertemplate="step %{x:,.0f}: %{y:.3~g}<extra>%{fullData.name}</extra>",
            )  # fmt: skip
    plot.update_xaxes(anchor=f"y{n if n > 1 else ''}")
    plot.update_layout(margin={"t": 4})
    caption = (
        "In evaluation a batch norm uses its running statistics in place of the batch's. The curves say how far the "
        "two lie apart, averaged over channels; where the script evaluates, how far they lie from those of what it "
        "evaluates. Healthy curves fall within the first hundreds of steps and stay low; "
        "one that stays high means that the network evaluates as another one than it trains as."
    )
    notes = (*_small(run), *_fixed(run))
    return Picture("norms", "Running statistics of the norms", caption, plot, notes, "inside")


def _small(run: Run) -> tuple[str, ...]:
    """How few values a batch's statistics are taken over, at the fewest."""
    seen = grid(run, q.NORM_VALUES, known=True)
    if seen is None or not np.isfinite(seen.values).any():
        return ()
    at = np.unravel_index(np.nanargmin(np.where(np.isfinite(seen.values), seen.values, np.nan)), seen.values.shape)
    return (
        f"Batch statistics are over {seen.values[at]:,.0f} values of a channel at the fewest, in {seen.names[at[0]]}.",
    )


def _fixed(run: Run) -> tuple[str, ...]:
    """The layers that did not use the batch's statistics while training."""
    seen: Grid | None = grid(run, q.NORM_TRAINS, known=True)
    if seen is None:
        return ()
    names = [layer.name for layer, row in zip(seen.layers, seen.values, strict=True) if np.nanmin(row) < 1]
    return (f"Used their running statistics while training, at some steps: {places(names)}.",) if names else ()
