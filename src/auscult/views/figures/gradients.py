"""Gradients against the data they move, their norm over the step, and how far parameters have come."""

from __future__ import annotations

from auscult.runs import Run
from auscult.runs import quantities as q
from auscult.views.digest import course
from auscult.views.figures import by_parameter
from auscult.views.figures.palette import SERIES
from auscult.views.figures.picture import Picture, add_course, decades, frame


def gradient_ratio(run: Run) -> Picture | None:
    """The gradient-to-data ratio of every parameter over steps."""
    if not run.quantities.get(q.GRAD_RATIO):
        return None
    plot = frame(run, "log10(gradient / data)")
    notes = by_parameter.draw(plot, run, q.GRAD_RATIO)
    caption = (
        "log10 of std(gradient) / std(data). It says less than the update ratio, for the learning rate and "
        "the optimizer stand between a gradient and its update; layers far apart here still deserve a look."
    )
    return Picture("gradient-ratio", "Gradient-to-data ratio", caption, plot, notes)


def gradient_norm(run: Run) -> Picture | None:
    """The norm of all gradients of a step together, before and after clipping where the script clips."""
    after = course(run.series(q.GRAD_NORM))
    before = course(run.series(q.GRAD_NORM_BEFORE_CLIP), sparse=True)
    if not len(after) and not len(before):
        return None
    plot = frame(run, "‖gradient‖₂", log=decades(after.low, after.high, before.low, before.high))
    clips = len(before) > 0
    if clips:
        add_course(plot, before, "before clipping", SERIES[1], legend=True, shade="least and largest")
    if len(after):
        name = "after clipping" if clips else "gradient norm"
        add_course(plot, after, name, SERIES[0], legend=clips, shade="least and largest")
    bad = max(after.nonfinite, before.nonfinite)
    first = min(s for s in (after.first_nonfinite, before.first_nonfinite) if s is not None) if bad else None
    notes = (f"Not finite at {bad:,} of the steps looked at, first at step {first:,}.",) if first is not None else ()
    return Picture(
        "gradient-norm",
        "Gradient norm",
        "The norm of all gradients of a step together, as the optimizer sees them.",
        plot,
        notes,
    )


def distance(run: Run) -> Picture | None:
    """How far each parameter has come from where it started."""
    if not run.quantities.get(q.DISTANCE):
        return None
    plot = frame(run, "‖θ − θ₀‖₂")
    notes = by_parameter.draw(plot, run, q.DISTANCE)
    plot.update_yaxes(rangemode="tozero")
    caption = (
        "How far each parameter has come from its value at the start. A flat line at zero is a "
        "parameter that never moved."
    )
    return Picture("distance", "Distance from the start", caption, plot, notes)
