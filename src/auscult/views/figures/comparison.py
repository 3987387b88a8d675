"""Several runs in one picture: their losses, and their typical update-to-data ratios."""

from __future__ import annotations

from collections.abc import Sequence

from auscult.runs import Run
from auscult.runs import quantities as q
from auscult.views.band import DEFAULT, Band
from auscult.views.digest import course, median_course
from auscult.views.figures.palette import SERIES
from auscult.views.figures.picture import Picture, add_course, add_guide, compact, decades, frame, plain


def compare(runs: Sequence[Run], band: Band = DEFAULT) -> list[Picture]:
    """The losses of several runs, and the median over matrices of their ratios, laid over one another."""
    names = labels(runs)
    made = [_losses(runs, names), _ratios(runs, names, band)]
    return [picture for picture in made if picture is not None]


def labels(runs: Sequence[Run]) -> list[str]:
    """A name for each run: the one it was given where that tells it from the others, else its id."""
    given = [str(run.fact("name") or run.id) for run in runs]
    return [name if given.count(name) == 1 else run.id for name, run in zip(given, runs, strict=True)]


def color(i: int) -> str:
    """The colour of the i-th run."""
    return SERIES[i % len(SERIES)]


def _losses(runs: Sequence[Run], names: Sequence[str]) -> Picture | None:
    found = [(i, course(run.series(q.LOSS))) for i, run in enumerate(runs)]
    found = [(i, c) for i, c in found if len(c)]
    if not found:
        return None
    plot = frame(None, "loss", log=decades(*(c.middle for _, c in found)))
    for i, c in found:
        add_course(plot, c, names[i], color(i), legend=True, shade="least and largest")
    return Picture("loss", "Loss", "The losses over one another; a lower curve learns faster.", plot)


def _ratios(runs: Sequence[Run], names: Sequence[str], band: Band) -> Picture | None:
    plot = frame(None, "median log10(update / data)")
    for i, run in enumerate(runs):
        series = median_course(run, q.RATIO)
        if len(series):
            plot.add_scatter(
                x=compact(series.steps), y=series.values, name=plain(names[i]), mode="lines", showlegend=True,
                line={"color": color(i), "width": 1.8},
                hovertemplate="step %{x:,.0f}: %{y:.2f}<extra>%{fullData.name}</extra>",
            )  # fmt: skip
    if not plot.data:
        return None
    add_guide(plot, band)
    caption = (
        "The median over the matrices of each run. A run above the shade tends to take steps too large for "
        "what it moves; one below it hardly moves."
    )
    return Picture("update-ratio", "Update-to-data ratio", caption, plot)
