"""Several runs in one picture: their losses, what they logged, their typical update-to-data ratios, saturation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from auscult.runs import Run, Series
from auscult.runs import quantities as q
from auscult.views.band import DEFAULT, Band
from auscult.views.digest import BINS, course, labels, median_course
from auscult.views.figures.palette import SERIES
from auscult.views.figures.picture import Picture, add_course, add_guide, compact, decades, frame, plain

LOGGED = 4  # numbers of the user's own that are drawn, at most


def compare(runs: Sequence[Run], band: Band = DEFAULT) -> list[Picture]:
    """What several runs recorded, laid over one another: losses, numbers of the user's own, ratios, saturation."""
    names = labels(runs)
    made = [_losses(runs, names), *_logged(runs, names), _ratios(runs, names, band), _saturation(runs, names)]
    return [picture for picture in made if picture is not None]


def color(i: int) -> str:
    """The colour of the i-th run."""
    return SERIES[i % len(SERIES)]


def _losses(runs: Sequence[Run], names: Sequence[str]) -> Picture | None:
    caption = "The losses over one another; a lower curve learns faster."
    return overlaid("loss", "Loss", caption, names, [run.series(q.LOSS) for run in runs])


def _logged(runs: Sequence[Run], names: Sequence[str]) -> list[Picture | None]:
    """The numbers that some run logged more than once."""
    made = []
    for name in dict.fromkeys(name for run in runs for name in run.quantities.get(q.LOGGED, ())):
        series = [run.series(q.LOGGED, name) for run in runs]
        series = [Series(s.steps[(there := ~np.isnan(s.values))], s.values[there]) for s in series]
        if len(made) < LOGGED and max(len(s) for s in series) > 1:
            made.append(overlaid(f"logged-{len(made)}", name, "As the runs logged it.", names, series))
    return made


def overlaid(key: str, title: str, caption: str, names: Sequence[str], series: Sequence[Series]) -> Picture | None:
    """Series of several runs over one another; None where all are empty."""
    found = [(i, course(s)) for i, s in enumerate(series) if len(s)]
    if not found:
        return None
    plot = frame(None, title.lower() if key == "loss" else title, log=decades(*(c.middle for _, c in found)))
    for i, c in found:
        add_course(plot, c, names[i], color(i), legend=True, shade="least and largest")
    return Picture(key, title, caption, plot)


def _ratios(runs: Sequence[Run], names: Sequence[str], band: Band) -> Picture | None:
    plot = frame(None, "median log10(update / data)")
    _add_lines(plot, names, [median_course(run, q.RATIO) for run in runs], ".2f")
    if not plot.data:
        return None
    add_guide(plot, band)
    caption = (
        "The median over the matrices of each run. A run above the shade tends to take steps too large for "
        "what it moves; one below it hardly moves."
    )
    return Picture("update-ratio", "Update-to-data ratio", caption, plot)


def _saturation(runs: Sequence[Run], names: Sequence[str]) -> Picture | None:
    plot = frame(None, "saturated")
    plot.update_yaxes(tickformat=".0%", rangemode="tozero")
    _add_lines(plot, names, [_most_saturated(run) for run in runs], ".1%")
    if not plot.data:
        return None
    caption = (
        "The share of activations at the flat ends of tanh or sigmoid, where no gradient passes, in the layer of each "
        "run that has most of them."
    )
    return Picture("saturation", "Saturation", caption, plot)


def _most_saturated(run: Run) -> Series:
    grid = run.matrix(q.SATURATED, bins=BINS)
    known = np.isfinite(grid.values).any(axis=0) if grid.values.size else np.zeros(len(grid.steps), bool)
    values = np.where(np.isfinite(grid.values), grid.values, -np.inf)[:, known]
    return Series(grid.steps[known], values.max(axis=0) if known.any() else np.empty(0, np.float32))


def _add_lines(plot, names: Sequence[str], series: Sequence[Series], form: str) -> None:
    for i, s in enumerate(series):
        if len(s):
            plot.add_scatter(
                x=compact(s.steps), y=s.values, name=plain(names[i]), mode="lines", showlegend=True,
                line={"color": color(i), "width": 1.8},
                hovertemplate=f"step %{{x:,.0f}}: %{{y:{form}}}<extra>%{{fullData.name}}</extra>",
            )  # fmt: skip
