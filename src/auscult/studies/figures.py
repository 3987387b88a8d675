"""The pictures of a batch-size study: what each batch size does, over seeds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from auscult.studies.summary import Summary
from auscult.views.figures.palette import HEAT, SERIES
from auscult.views.figures.picture import BAR, MUTED, Picture, decades, faint, frame

BINS = 80


def pictures(s: Summary) -> list[Picture]:
    """Every picture the study has numbers for."""
    made = [losses(s), updates(s), distance(s), distance_ratio(s), path(s), alignment(s), noise(s)]
    made += [sharpness(s), line(s), *surfaces(s)]
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
        _add_band(plot, values, f"batch {b}", color(s, b))
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
        _add_band(plot, values, f"batch {b}", color(s, b))
    caption = "How far each epoch moves the weights, ‖θ at its end − θ at its start‖; mean and range over the seeds."
    return Picture("distance", "Distance per epoch", caption, plot) if plot.data else None


def distance_ratio(s: Summary) -> Picture | None:
    """How many times further the smallest batch moves."""
    if len(s.batches) < 2:
        return None
    small = s.batches[0]
    plot = _over_epochs(f"distance of batch {small} / of the larger")
    for b in s.batches[1:]:
        _add_band(plot, s.distance_ratio(small, b), f"{small} over {b}", color(s, b))
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
        _add_band(plot, v, f"batch {b}", color(s, b))
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
        _add_band(plot, s.alignment(b), f"batch {b}", color(s, b), at=s.looks(b))
    plot.add_hline(y=0, line={"color": MUTED, "width": 1, "dash": "dot"})
    caption = (
        "How far the gradients of two batches, drawn at the same weights, point the same way: 1 for the same "
        "direction, 0 for none. What is left of the agreement is what the next batch will not undo."
    )
    return Picture("alignment", "Alignment of the gradients", caption, plot) if plot.data else None


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


def sharpness(s: Summary) -> Picture | None:
    """Keskar's sharpness by batch size, a point a seed."""
    found = {b: v for b in s.batches if len(v := s.sharpness(b))}
    if not found:
        return None
    plot = frame(None, "sharpness", log=decades(*(v.ravel() for v in found.values())))
    for i, epsilon in enumerate(s.minima.epsilons):
        x = [str(b) for b, v in found.items() for _ in v]
        plot.add_scatter(
            x=x, y=[value for v in found.values() for value in v[:, i]], name=f"ε {epsilon:g}", mode="markers",
            marker={"color": SERIES[i], "size": 8, "opacity": 0.75}, showlegend=True,
            hovertemplate="batch %{x}: %{y:.4~g}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
        middle = {"x": [str(b) for b in found], "y": [float(v[:, i].mean()) for v in found.values()]}
        line = {"color": SERIES[i], "width": 1.4, "dash": "dot"}
        plot.add_scatter(**middle, mode="lines", line=line, showlegend=False, hoverinfo="skip")
    plot.update_xaxes(title={"text": "batch"}, type="category", tickformat=None)
    caption = (
        "By how many percent the training loss rises at most when every weight may move by ε of its size plus ε, "
        "100 · (max − loss) / (1 + loss); a point for each seed, the mean dotted. Higher is sharper."
    )
    return Picture("sharpness", "Sharpness of the ends", caption, plot)


def line(s: Summary) -> Picture | None:
    """Losses on the line between the ends of the smallest and the largest batch."""
    if len(s.batches) < 2 or not len(s.line("train/loss")[1]):
        return None
    plot = frame(None, "loss", log=decades(s.line("train/loss")[1].ravel()))
    for i, split in enumerate(("train", "valid")):
        alphas, values = s.line(f"{split}/loss")
        _add_band(plot, values, split, SERIES[i], at=[float(a) for a in alphas])
    for at, batch in ((0, s.batches[0]), (1, s.batches[-1])):
        plot.add_vline(x=at, line={"color": MUTED, "width": 1, "dash": "dot"})
        plot.add_annotation(
            x=at, y=1, yref="paper", yanchor="bottom", showarrow=False, text=f"batch {batch}", font={"size": 11}
        )
    plot.update_xaxes(title={"text": "α"}, tickformat=None)
    plot.update_layout(margin={"t": 28})
    caption = (
        f"The loss along the straight line through two ends of training: α = 0 is that of batch {s.batches[0]}, α = 1 "
        f"that of batch {s.batches[-1]}. Mean and range over the seeds; batch norms take the statistics of the whole "
        "data at every point."
    )
    return Picture("line", "Between the two ends", caption, plot)


def surfaces(s: Summary) -> list[Picture]:
    """The loss around the ends of the smallest and the largest batch, on one scale."""
    ends = (
        {b: found for b in dict.fromkeys((s.batches[0], s.batches[-1])) if (found := s.surface(b))} if s.batches else {}
    )
    if not ends:
        return []
    logs = {b: np.log10(np.where(found["loss"] > 0, found["loss"], np.nan)) for b, found in ends.items()}
    known = np.concatenate([v[np.isfinite(v)] for v in logs.values()])
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    ticks = np.arange(np.ceil(low), np.floor(high) + 1)
    bar = {**BAR, "tickvals": ticks, "ticktext": [f"{10**t:.3g}" for t in ticks], "title": {"text": "loss"}}
    made = []
    for b, found in ends.items():
        plot = frame(None, "second direction", height=460)
        plot.add_contour(
            x=found["x"], y=found["y"], z=logs[b], customdata=found["loss"], zmin=low, zmax=high, colorscale=HEAT,
            contours={"start": low, "end": high, "size": (high - low) / 16 or 1}, colorbar=bar, line={"width": 0.6},
            hovertemplate="%{x:.2f}, %{y:.2f}: %{customdata:.4~g}<extra></extra>", meta={"paint": "heat"},
        )  # fmt: skip
        plot.update_xaxes(title={"text": "first direction"}, tickformat=None, constrain="domain")
        plot.update_yaxes(scaleanchor="x", constrain="domain")
        caption = (
            "The training loss on a plane of two random directions, each filter's scaled to the length of the filter "
            "itself (Li et al. 2018), so that the size of the weights does not count. The middle is the end of "
            "training; the colours are the same for all batch sizes."
        )
        made.append(Picture(f"surface-{b}", f"Around the end of batch {b}", caption, plot))
    return made


def _over_epochs(y: str, log: float = 0) -> go.Figure:
    plot = frame(None, y, log=log)
    plot.update_xaxes(title={"text": "epoch"})
    return plot


def _epochs(values: np.ndarray) -> list[int]:
    return list(range(1, values.shape[-1] + 1))


def _add_band(plot: go.Figure, values: np.ndarray, name: str, tint: str, at: Sequence[float] | None = None) -> None:
    """A line for the mean over the seeds, (seeds, epochs), and their range behind it."""
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
        x=x, y=np.nanmean(values, axis=0), name=name, legendgroup=name, line={"color": tint, "width": 1.8},
        mode="lines+markers" if len(x) < 40 else "lines", marker={"size": 5}, showlegend=True,
        hovertemplate="epoch %{x}: %{y:.4~g}<extra>%{fullData.name}</extra>",
    )  # fmt: skip
