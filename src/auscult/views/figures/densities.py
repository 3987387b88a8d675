"""How the values inside the network are spread: all layers at one look, and one layer over the looks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from auscult.runs import Layer, Run
from auscult.runs import quantities as q
from auscult.views.figures.palette import HEAT, depth_colors
from auscult.views.figures.picture import Picture, faint, frame, plain
from auscult.views.inside import Histogram, aliases, flat_share, histograms, spread

CURVES = 16  # layers laid over one another
LOOKS = 12  # that the slider stops at
CHOICES = 12  # layers that can be chosen to be seen over time
COLUMNS, ROWS = 48, 64  # of that picture


def activations(run: Run) -> list[Picture]:
    """The activations of all layers at one look, and of one layer over the looks; none where none were kept."""
    by_layer, whose = _of(run, q.HISTOGRAM_ACTIVATION, q.HISTOGRAM_OUTPUT)
    caption = (
        f"How the {whose} of each layer are spread at one look, from violet, the first layer, to gold. Healthy layers "
        "lie over one another and keep a width. Hills at the very ends of a tanh or sigmoid are saturated units; "
        "curves that narrow from layer to layer are a signal that dies out."
    )
    later = (
        f"The {whose} of one layer over the training: each column is one look, its colour strong where many values "
        "lie. A healthy column keeps its width; ends that gain colour are saturation, a single line at 0 is a layer "
        "that goes silent."
    )
    return _both(run, by_layer, "histograms", whose.capitalize(), caption, later, told=True)


def gradients(run: Run) -> list[Picture]:
    """The same of the gradients that reach the layers."""
    by_layer, whose = _of(run, q.HISTOGRAM_ACTIVATION_GRAD, q.HISTOGRAM_OUTPUT_GRAD)
    caption = (
        f"How the gradients of the loss with respect to the {whose} are spread at one look, from violet, the first "
        "layer, to gold. Healthy layers have curves of the same width: a narrow spike among broad hills is a layer "
        "the loss hardly reaches."
    )
    later = (
        "The gradients of one layer over the training: each column is one look, its colour strong where many values "
        "lie. They may narrow as the loss falls; a column that collapses at once is a layer that stopped learning."
    )
    return _both(run, by_layer, "gradient-histograms", f"Gradients at the {whose}", caption, later, told=False)


def _of(run: Run, activation: str, output: str) -> tuple[list[tuple[Layer, list[Histogram]]], str]:
    """Of the layers with an activation, where there are any; else of the outputs. None of a layer without histogram."""
    at_activation = histograms(run, activation)
    found = at_activation or histograms(run, output)
    return [(x, found[x.name]) for x in run.layers if x.name in found], "activations" if at_activation else "outputs"


def _both(
    run: Run, by_layer: list[tuple[Layer, list[Histogram]]], key: str, title: str, caption: str, later: str, told: bool
) -> list[Picture]:
    if not by_layer:
        return []
    drawn = [_overlay(run, by_layer, key, title, caption, told)]
    if len({h.step for _, found in by_layer for h in found}) > 2:
        drawn.append(_over_steps(by_layer, key, title, later))
    return drawn


def _overlay(
    run: Run, by_layer: list[tuple[Layer, list[Histogram]]], key: str, title: str, caption: str, told: bool
) -> Picture:
    steps = sorted({h.step for _, found in by_layer for h in found})
    looks, shown = spread(steps, LOOKS), spread(by_layer, CURVES)
    tint = depth_colors([layer.name for layer, _ in by_layer])
    plot = frame(None, "density", height=360)
    options, clipped = [], False
    for step in looks:
        now = [(layer, h) for layer, found in shown if (h := _latest(found, step)) is not None]
        share = flat_share(run, step) if told else {}
        for layer, h in now:
            aside = share.get(layer.name, "")
            plot.add_scatter(
                x0=h.low + h.width / 2, dx=h.width, y=h.density.astype(np.float32), mode="lines", showlegend=True,
                name=plain(layer.shown_as) + (f"  {aside}" if aside else ""), visible=step == looks[0],
                line={"color": tint[layer.name], "width": 1.8}, fill="tozeroy", fillcolor=_pale(tint[layer.name]),
                meta={"names": aliases(layer), "when": {"look": len(options)}},
                hovertemplate="%{x:.3~g}: %{y:.3~g}<extra>%{fullData.name}</extra>",
            )  # fmt: skip
        ranges = _ranges([h for _, h in now])
        clipped |= any(h.density.max() > ranges["yaxis.range"][1] for _, h in now)
        options.append({"text": f"step {step:,}", "layout": ranges})
    plot.update_layout({axis: {"range": options[0]["layout"][f"{axis}.range"]} for axis in ("xaxis", "yaxis")})
    plot.update_layout(meta={"choose": [{"key": "look", "as": "slider", "label": "at", "options": options}]})
    plot.update_xaxes(title={"text": "value"}, tickformat=None, exponentformat="power")
    plot.update_yaxes(rangemode="tozero", exponentformat="power")
    notes = (f"Drawn: {len(shown)} of {len(by_layer)} layers, evenly spread.",) if len(shown) < len(by_layer) else ()
    if clipped:
        notes += ("Bins that hold most of a layer, as the zeros of a ReLU do, rise out of the picture.",)
    return Picture(key, f"{title}, layer over layer", caption, plot, notes, "inside")


def _over_steps(by_layer: list[tuple[Layer, list[Histogram]]], key: str, title: str, caption: str) -> Picture:
    shown = spread(by_layer, CHOICES)
    plot = frame(None, "value", height=320)
    options = []
    for layer, found in shown:
        looks = spread(found, COLUMNS)
        spans = [h.span for h in looks]
        edges = np.linspace(min(low for low, _ in spans), max(high for _, high in spans), ROWS + 1)
        z = np.stack([h.within(edges) for h in looks], axis=1)
        plot.add_heatmap(
            z=z.astype(np.float32), y=((edges[1:] + edges[:-1]) / 2).astype(np.float32), colorscale=HEAT,
            x=np.arange(len(looks)), zmin=0, zmax=float(np.sort(z, axis=0)[-2].max()) or 1.0, visible=not options,
            meta={"paint": "heat", "when": {"layer": len(options)}}, showscale=False,
            customdata=np.broadcast_to(np.array([h.step for h in looks], np.int32), z.shape),
            hovertemplate="step %{customdata:,}<br>near %{y:.3~g}: %{z:.2%} of the values<extra></extra>",
        )  # fmt: skip
        places = spread(range(len(looks)), 9)
        ticks = {"xaxis.tickvals": places, "xaxis.ticktext": [f"{looks[i].step:,}" for i in places]}
        ticks |= {"xaxis.range": [-0.5, len(looks) - 0.5], "yaxis.range": [float(edges[0]), float(edges[-1])]}
        options.append({"text": layer.shown_as, "names": aliases(layer), "layout": ticks})
    first = options[0]["layout"]
    plot.update_xaxes(
        title={"text": "step (not to scale)"},
        tickvals=first["xaxis.tickvals"], ticktext=first["xaxis.ticktext"], range=first["xaxis.range"],
        tickformat=None, nticks=None, showgrid=False,
    )  # fmt: skip
    plot.update_yaxes(range=first["yaxis.range"], showgrid=False, exponentformat="power")
    plot.update_layout(meta={"choose": [{"key": "layer", "as": "list", "label": "layer", "options": options}]})
    all_shown = len(shown) == len(by_layer)
    notes = () if all_shown else (f"To choose from: {len(shown)} of {len(by_layer)} layers, evenly spread.",)
    return Picture(f"{key}-over-steps", f"{title}, over the training", caption, plot, notes, "inside")


def _latest(found: Sequence[Histogram], step: int) -> Histogram | None:
    return next((h for h in reversed(found) if h.step <= step), None)


def _ranges(shown: Sequence[Histogram]) -> dict[str, list[float]]:
    """Axes for one look; the fullest bin of a layer, as that of a ReLU's zeros, may rise out of them."""
    low, high = min(h.span[0] for h in shown), max(h.span[1] for h in shown)
    top = max(float(np.sort(h.density)[-2:].min()) for h in shown)
    room = 0.03 * (high - low)
    return {"xaxis.range": [low - room, high + room], "yaxis.range": [0, 1.15 * top or 1]}


def _pale(color: str) -> str:
    return faint(color).replace(".16)", ".05)")
