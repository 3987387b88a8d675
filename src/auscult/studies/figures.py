"""The pictures of a batch-size study: what each batch size does, over seeds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import plotly.graph_objects as go

from auscult.runs.trials import Trial
from auscult.studies.summary import Summary
from auscult.views.figures.palette import SERIES
from auscult.views.figures.picture import MUTED, Picture, decades, faint, frame

BINS = 80
BROKEN = 10  # times the lowest loss: a training that came to nothing
MANY = 40  # parameters that one picture names


def pictures(s: Summary) -> list[Picture]:
    """Every picture of the trainings at one learning rate that the study has numbers for."""
    made = [losses(s), updates(s), distance(s), distance_ratio(s), path(s), alignment(s), by_parameter(s), noise(s)]
    return [picture for picture in made if picture is not None]


def color(s: Summary, batch: int) -> str:
    """The colour of a batch size."""
    return SERIES[s.batches.index(batch) % len(SERIES)]


def losses(s: Summary) -> Picture | None:
    """Training and validation loss of each epoch."""
    lines = {b: s.epochs(b, "valid_loss") for b in s.batches}
    if not any(np.isfinite(v).any() for v in lines.values()):
        return None
    plot = _over_epochs("loss", log=decades(*(v.ravel() for v in lines.values())))
    for b, values in lines.items():
        add_band(plot, values, f"batch {b}", color(s, b))
        train = np.nanmean(s.epochs(b, "train_loss"), axis=0)
        plot.add_scatter(
            x=_epochs(train), y=train, mode="lines", showlegend=False, hoverinfo="skip",
            line={"color": color(s, b), "width": 1.2, "dash": "dot"},
        )  # fmt: skip
    caption = (
        "The validation loss after each epoch, mean and range over the seeds; dotted, the training loss. An epoch of a "
        "larger batch makes fewer steps, so at the same learning rate it gets less far."
    )
    return Picture("losses", "Loss", caption, plot)


def updates(s: Summary) -> Picture | None:
    """The distribution of the norms of updates, with medians."""
    norms = {b: s.updates(b) for b in s.batches}
    positive = {b: np.log10(v[v > 0]) for b, v in norms.items() if (v > 0).any()}
    if not positive:
        return None
    low, high = (f(np.concatenate(list(positive.values()))) for f in (np.min, np.max))
    edges = np.linspace(low, high if high > low else low + 1, BINS + 1)
    plot = frame(None, "share of the updates")
    for b, values in positive.items():
        counts = np.histogram(values, edges)[0] / len(values)
        plot.add_scatter(
            x=10 ** ((edges[1:] + edges[:-1]) / 2), y=counts, name=f"batch {b}", mode="lines", fill="tozeroy",
            line={"color": color(s, b), "width": 1.6, "shape": "hvh"}, fillcolor=faint(color(s, b)),
            hovertemplate="%{x:.3~g}: %{y:.1%}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
        median = float(np.median(10**values))
        plot.add_vline(x=median, line={"color": color(s, b), "width": 1.4, "dash": "dash"})
        plot.add_annotation(
            x=np.log10(median), y=1, yref="paper", yanchor="bottom", showarrow=False, text=f"{median:.2g}",
            font={"size": 11, "color": color(s, b)},
        )  # fmt: skip
    plot.update_xaxes(
        type="log", title={"text": "norm of an update ‖Δθ‖"}, tickformat=None, exponentformat="power", dtick="D2"
    )
    plot.update_yaxes(tickformat=".0%", rangemode="tozero")
    plot.update_layout(margin={"t": 28})
    caption = (
        "How large the updates are, all steps of all seeds; the dashed lines are the medians. The mean of more "
        "gradients is shorter, because they do not point the same way."
    )
    return Picture("updates", "Size of the updates", caption, plot)


def distance(s: Summary) -> Picture | None:
    """The distance of each epoch."""
    lines = {b: s.epochs(b, "distance") for b in s.batches}
    plot = _over_epochs("distance of the epoch", log=decades(*(v.ravel() for v in lines.values())))
    for b, values in lines.items():
        add_band(plot, values, f"batch {b}", color(s, b))
    caption = "How far each epoch moves the weights, ‖θ at its end − θ at its start‖; mean and range over the seeds."
    return Picture("distance", "Distance per epoch", caption, plot) if plot.data else None


def distance_ratio(s: Summary) -> Picture | None:
    """How many times further the smallest batch moves."""
    if len(s.batches) < 2:
        return None
    small = s.batches[0]
    plot = _over_epochs(f"distance of batch {small} / of the larger")
    for b in s.batches[1:]:
        add_band(plot, s.distance_ratio(small, b), f"{small} over {b}", color(s, b))
    plot.add_hline(y=1, line={"color": MUTED, "width": 1, "dash": "dot"})
    caption = (
        f"How many times further an epoch of batch {small} moves than one of a larger batch. Above 1 the small batch "
        "moves more; a rising line means that the large one comes to rest sooner."
    )
    return Picture("distance-ratio", "Ratio of the distances", caption, plot)


def path(s: Summary) -> Picture | None:
    """Path over distance: how much of the way was to and fro."""
    plot = _over_epochs("path / distance")
    values = {b: s.epochs(b, "path") / s.epochs(b, "distance") for b in s.batches}
    for b, v in values.items():
        add_band(plot, v, f"batch {b}", color(s, b))
    if decades(*(v.ravel() for v in values.values())):
        plot.update_yaxes(type="log")
    caption = (
        "The sum of the norms of an epoch's updates over the distance it came. 1 is a straight line; with noise the "
        "steps undo each other, the more the smaller the batch."
    )
    return Picture("path", "Path against distance", caption, plot) if plot.data else None


def alignment(s: Summary) -> Picture | None:
    """How far gradients of single batches point the same way."""
    plot = _over_epochs("mean cosine of two batches' gradients")
    for b in s.batches:
        add_band(plot, s.alignment(b), f"batch {b}", color(s, b), at=s.looks(b))
    plot.add_hline(y=0, line={"color": MUTED, "width": 1, "dash": "dot"})
    caption = (
        "How far the gradients of two batches, drawn at the same weights, point the same way: 1 for the same "
        "direction, 0 for none. What is left of the agreement is what the next batch will not undo."
    )
    return Picture("alignment", "Alignment of the gradients", caption, plot) if plot.data else None


def by_parameter(s: Summary) -> Picture | None:
    """The alignment of single parameters, at the first look and at the last."""
    if not s.batches:
        return None
    ends = dict.fromkeys((s.batches[0], s.batches[-1]))
    found = {b: s.alignment_by_parameter(b) for b in ends}
    names = [name for name in found[s.batches[0]] if len(found[s.batches[0]]) <= MANY or name.endswith("weight")][:MANY]
    if not names:
        return None
    plot = frame(None, "", height=max(200, 90 + 22 * len(names)))
    for b, values in found.items():
        for at, (look, symbol) in {0: ("first look", "circle-open"), -1: ("last look", "circle")}.items():
            plot.add_scatter(
                x=[values[name][at] for name in names], y=names, mode="markers", name=f"batch {b}, {look}",
                marker={"color": color(s, b), "size": 9, "symbol": symbol, "line": {"width": 1.6}}, showlegend=True,
                hovertemplate="%{y}: %{x:.3f}<extra>%{fullData.name}</extra>",
            )  # fmt: skip
    plot.update_yaxes(autorange="reversed", type="category", nticks=len(names))
    plot.update_xaxes(title={"text": "mean cosine of two batches' gradients"}, tickformat=None)
    plot.add_vline(x=0, line={"color": MUTED, "width": 1, "dash": "dot"})
    caption = (
        "The same for each parameter: open at the start, full at the last look. Where it falls to 0 first, the batches "
        "have nothing left to agree on."
    )
    return Picture("by-parameter", "Alignment by parameter", caption, plot)


def noise(s: Summary) -> Picture | None:
    """The gradient noise scale at each look, with its interval."""
    plot = _over_epochs("gradient noise scale, examples")
    for b in s.batches:
        found = [(at, n) for at, n in zip(s.looks(b), s.noise(b), strict=True) if n.known]
        if found:
            at, values = [at for at, _ in found], [n.scale for _, n in found]
            plot.add_scatter(
                x=at, y=values, name=f"batch {b}", mode="lines+markers", line={"color": color(s, b), "width": 1.8},
                error_y={
                    "array": [n.high - n.scale for _, n in found], "arrayminus": [n.scale - n.low for _, n in found],
                    "thickness": 1, "width": 3,
                },
                hovertemplate="after epoch %{x}: %{y:,.0f}<extra>%{fullData.name}</extra>",
            )  # fmt: skip
    if not plot.data:
        return None
    plot.update_yaxes(type="log", exponentformat="power", dtick="D2")
    caption = (
        "tr Σ / |G|², at the weights of each batch size's trainings, with an interval of 95 %. Up to it a larger batch "
        "saves steps almost one for one; far above it, it only costs examples. It grows as the loss falls. A look "
        "where the gradient cannot be told from noise has no point."
    )
    return Picture("noise", "Gradient noise scale", caption, plot)


def rates(summaries: Sequence[Summary]) -> Picture | None:
    """The validation loss over the learning rate, a line for each batch size, of everything trained at one rate."""
    s = summaries[0]
    found = {b: {lr: s.final(trials, "valid") for lr, trials in _at_rates(summaries, b)} for b in s.batches}
    if max((len(v) for v in found.values()), default=0) < 2:
        return None
    values = np.array([v.mean for by in found.values() for v in by.values()])
    top = BROKEN * np.nanmin(values)
    beyond = [f"batch {b} at {lr:.3g}" for b, by in found.items() for lr, v in by.items() if not v.mean <= top]
    kept = values[values <= top]
    plot = frame(None, "validation loss", log=math.log10(kept.max() / kept.min()) if kept.min() > 0 else 0)
    for b, by in found.items():
        by = {lr: v for lr, v in by.items() if v.mean <= top}
        ends = [by[lr] for lr in sorted(by)]
        plot.add_scatter(
            x=sorted(by), y=[e.mean for e in ends], name=f"batch {b}", mode="lines+markers",
            line={"color": color(s, b), "width": 1.8}, marker={"size": 7},
            error_y={"array": [e.std for e in ends], "thickness": 1, "width": 3},
            hovertemplate="learning rate %{x:.3~g}: %{y:.4~g}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    plot.update_xaxes(type="log", title={"text": "learning rate"}, tickformat=None, exponentformat="power", dtick="D2")
    caption = (
        "At the end of training, mean and standard deviation over the seeds, of every learning rate that was tried, "
        "the scaled ones among them. Batch sizes are compared fairly at the bottoms of their lines."
    )
    notes = (f"Off the picture, their loss over {BROKEN} times the lowest: {', '.join(beyond)}.",) if beyond else ()
    return Picture("rates", "Each at its best learning rate", caption, plot, notes)


def _at_rates(summaries: Sequence[Summary], batch: int) -> Iterator[tuple[float, list[Trial]]]:
    """Every learning rate at which a batch size was trained throughout, and the trials."""
    for s in summaries:
        for row in s.rows():
            if row.batch == batch and not row.switched:
                yield row.lr, row.trials


def _over_epochs(y: str, log: float = 0) -> go.Figure:
    plot = frame(None, y, log=log)
    plot.update_xaxes(title={"text": "epoch"})
    return plot


def _epochs(values: np.ndarray) -> list[int]:
    return list(range(1, values.shape[-1] + 1))


def add_band(
    plot: go.Figure, values: np.ndarray, name: str, tint: str, at: Sequence[float] | None = None,
    along: str = "epoch", dash: str = "solid",
) -> None:  # fmt: skip
    """A line for the mean over the seeds, (seeds, epochs), and their range behind it; at, along: other places."""
    if not values.size or not np.isfinite(values).any():
        return
    x: list[float] = list(_epochs(values) if at is None else at)
    kept = np.atleast_1d(np.isfinite(values).any(axis=0))
    x, values = [one for one, k in zip(x, kept, strict=True) if k], values[:, kept]
    if len(values) > 1:
        edge = {"x": x, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
        plot.add_scatter(y=np.nanmin(values, axis=0), legendgroup=name, **edge)
        plot.add_scatter(y=np.nanmax(values, axis=0), fill="tonexty", fillcolor=faint(tint), legendgroup=name, **edge)
    plot.add_scatter(
        x=x, y=np.nanmean(values, axis=0), name=name, legendgroup=name, showlegend=True, marker={"size": 5},
        line={"color": tint, "width": 1.8, "dash": dash}, mode="lines+markers" if len(x) < 40 else "lines",
        hovertemplate=f"{along} %{{x}}: %{{y:.4~g}}<extra>%{{fullData.name}}</extra>",
    )  # fmt: skip
