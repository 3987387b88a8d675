"""What the training does over its steps: loss, logged values, learning rate, time."""

from __future__ import annotations

import numpy as np

from auscult.runs import Run, Series
from auscult.runs import quantities as q
from auscult.views.digest import course
from auscult.views.figures.palette import SERIES
from auscult.views.figures.picture import GRID, HEIGHT, Picture, add_course, compact, decades, frame, plain
from auscult.views.words import count, duration, places

PANELS = 12  # logged quantities that are drawn; the rest are named
MANY_GROUPS = 30


def loss(run: Run) -> Picture | None:
    """Every optimizer's own loss over steps, and what was logged under a name with "loss" in it."""
    read = [(s or "loss", q.LOSS, s) for s in run.quantities.get(q.LOSS, ())]
    read += [(s, q.LOGGED, s) for s in run.quantities.get(q.LOGGED, ()) if _is_loss(s)]
    if any(s in q.HEARD_OF_TWO for _, _, s in read):
        read = [one for one in read if one[2] != q.HEARD]  # what was heard before they were kept apart
    found = [(name, course(run.series(quantity, subject), sparse=bool(subject))) for name, quantity, subject in read]
    found = [(name, c) for name, c in found if len(c)]
    if not found:
        return None
    plot = frame(run, "loss", log=decades(*(c.middle for _, c in found)))
    for i, (name, c) in enumerate(found):
        add_course(plot, c, name, SERIES[i % len(SERIES)], legend=len(found) > 1, shade="least and largest")
    notes = []
    for name, c in found:
        if c.first_nonfinite is not None:
            plot.add_vline(x=c.first_nonfinite, line={"color": "#c2362f", "width": 1.2})
            plot.add_annotation(
                x=c.first_nonfinite, y=1, yref="paper", yanchor="top", xanchor="auto", showarrow=False,
                text="not finite", font={"size": 11, "color": "#c2362f"},
            )  # fmt: skip
            notes.append(f"{name}: not finite at {count(c.nonfinite, 'step')}, first at step {c.first_nonfinite:,}.")
    spread = any(c.spread for _, c in found)
    caption = "The loss that was differentiated." + (
        " The line is the mean of neighbouring steps, the shade reaches from their least to their largest."
        if spread
        else ""
    )
    return Picture("loss", "Loss", caption, plot, tuple(notes))


def logged(run: Run) -> Picture | None:
    """The script's own numbers, one panel each."""
    names = [s for s in run.quantities.get(q.LOGGED, ()) if not _is_loss(s)]
    found = [(s, course(run.series(q.LOGGED, s), sparse=True)) for s in names[:PANELS]]
    found = [(s, c) for s, c in found if len(c)]
    if not found:
        return None
    plot = frame(run, "", height=max(HEIGHT, 60 + 150 * len(found)) if len(found) > 1 else HEIGHT)
    if len(found) > 1:
        plot.update_layout(grid={"rows": len(found), "columns": 1, "ygap": 0.25})
    for i, (name, c) in enumerate(found):
        at = "" if i == 0 else str(i + 1)
        add_course(plot, c, name, SERIES[i % len(SERIES)], legend=False, shade="least and largest", yaxis=f"y{at}")
        style = {
            "title": {"text": plain(name), "standoff": 8},
            "gridcolor": GRID,
            "zeroline": False,
            "nticks": 5,
        }
        plot.update_layout({f"yaxis{at}": {**style, "automargin": True}})
    notes = (f"Not drawn: {places(names[PANELS:])}.",) if len(names) > PANELS else ()
    return Picture("logged", "Logged by the script", "What the script gave to recorder.log.", plot, notes)


def learning_rate(run: Run) -> Picture | None:
    """The learning rate of each group over steps."""
    subjects = run.quantities.get(q.LR, ())
    found = [(s, course(run.series(q.LR, s), sparse=True)) for s in subjects[:MANY_GROUPS]]
    found = [(s, c) for s, c in found if np.isfinite(c.middle).any()]
    if not found:
        return None
    plot = frame(run, "learning rate", height=240, log=decades(*(c.middle for _, c in found)))
    for i, (name, c) in enumerate(found):
        plot.add_scatter(
            x=compact(c.steps), y=compact(c.middle), name=plain(name),
            mode="lines" if len(c) > 1 else "markers",
            line={"color": SERIES[i % len(SERIES)], "width": 1.8}, showlegend=len(found) > 1,
            hovertemplate="step %{x:,.0f}: %{y:.4~g}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    if all(np.nanmax(c.high) == np.nanmin(c.low) for _, c in found):
        plot.update_yaxes(rangemode="tozero", type="linear")
    notes = (f"Not drawn: {places(subjects[MANY_GROUPS:])}.",) if len(subjects) > MANY_GROUPS else ()
    return Picture("learning-rate", "Learning rate", "Of each parameter group, as the optimizer used it.", plot, notes)


def step_time(run: Run) -> Picture | None:
    """Wall time of a step without our own part of it: median and the middle nine tenths."""
    series = run.series(q.STEP_TIME)
    ms = Series(series.steps, series.values * 1000)
    c = course(ms, quantiles=(0.05, 0.5, 0.95), sparse=True)
    finite = ms.values[np.isfinite(ms.values)]
    if not len(finite):
        return None
    plot = frame(run, "ms", height=240)
    add_course(plot, c, "step time", SERIES[5], legend=False, shade="5 to 95 %")
    top = float(np.quantile(finite, 0.99)) * 1.3
    plot.update_yaxes(range=[0, top])
    over = int((finite > top).sum())
    notes = (
        (f"{over:,} longer steps are not shown; the longest took {duration(float(finite.max()) / 1000)}.",)
        if over
        else ()
    )
    caption = "Wall time of one step without auscult's own. Shade: the middle nine tenths of neighbouring steps."
    return Picture("step-time", "Step time", caption if c.spread else caption.split(" Shade")[0], plot, notes)


def _is_loss(name: str) -> bool:
    return "loss" in name.lower()
