"""The learning rates that elements really have in an adaptive optimizer: parameter by parameter, and over the steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from auscult.runs import Parameter, Run
from auscult.runs import quantities as q
from auscult.views.digest import parameters
from auscult.views.figures.palette import GUIDE_GREEN, HEAT
from auscult.views.figures.picture import MANY_ROWS, Picture, frame, name_rows, plain
from auscult.views.inside import Histogram, histograms, spread
from auscult.views.words import places, share

ALL_ROWS = 40  # up to so many parameters each has a row; beyond, the matrices and embeddings have
LOOKS = 12  # that the slider stops at
CHOICES = 12  # parameters that can be chosen to be seen over the steps
COLUMNS = 64  # looks of that picture
BY_ELEMENT = (
    "An adaptive optimizer divides lr by the size that each element's gradients usually have: this is what comes out, "
    "the rate that the averaged gradient is multiplied by."
)
BY_PARAMETER = (
    "The optimizer gives each parameter as a whole a rate of its own, by the size of its data and of its gradient: "
    "this is what comes of lr."
)
FULL = 0.35  # share of the elements in one bin at which the colours end


@dataclass(frozen=True)
class _Rates:
    """One parameter: its histograms of log10 rates, look by look, and the learning rate of its group at each."""

    parameter: Parameter
    looks: list[Histogram]
    lr: np.ndarray  # (looks,), log10
    most: float  # log10 of lr / ε at the end, what an element has that never had a gradient; NaN where there is no ε

    def at(self, step: int) -> int | None:
        """Which look was the last one up to a step."""
        return next((i for i in reversed(range(len(self.looks))) if self.looks[i].step <= step), None)

    def untouched(self) -> float:
        """The share of the elements that had no gradient up to the last look."""
        last = self.looks[-1]
        edges = np.linspace(last.low, last.high, len(last.counts) + 1)
        return float(last.counts[edges[1:] > self.most].sum() / last.counts.sum()) if np.isfinite(self.most) else 0.0


def by_parameter(run: Run) -> Picture | None:
    """How many elements of each parameter have which learning rate, at one look."""
    found = _found(run)
    if not found:
        return None
    heavy = [r for r in found if r.parameter.kind in ("matrix", "embedding")]
    shown = heavy if heavy and len(found) > ALL_ROWS else found
    steps = spread(sorted({h.step for r in shown for h in r.looks}), LOOKS)
    low, high = _reach(shown)
    plot = frame(None, "", height=max(190, min(900, 80 + len(shown) * (26 if len(shown) <= MANY_ROWS else 14))))
    names, options = [plain(r.parameter.name) for r in shown], []
    edges = _edges(shown[0].looks[0], low, high)
    for step in steps:
        at = [r.at(step) for r in shown]
        z = [
            np.zeros(len(edges) - 1) if i is None else r.looks[i].within(edges) for r, i in zip(shown, at, strict=True)
        ]
        when = {"when": {"look": len(options)}}
        plot.add_heatmap(
            x=edges.astype(np.float32), y=names, z=np.array(z, np.float32), colorscale=HEAT, zmin=0, zmax=FULL,
            showscale=False, ygap=2 if len(shown) <= MANY_ROWS else 0, visible=step == steps[-1],
            meta={"paint": "heat", "rows": [[r.parameter.name] for r in shown], **when},
            hovertemplate="<b>%{y}</b><br>rates near 10^%{x:.2f}: %{z:.1%} of its elements<extra></extra>",
        )  # fmt: skip
        plot.add_scatter(
            x=[np.nan if i is None else float(r.lr[i]) for r, i in zip(shown, at, strict=True)], y=names,
            mode="markers", marker={"symbol": "line-ns-open", "size": 16, "color": GUIDE_GREEN, "line": {"width": 2}},
            name="lr of the group", showlegend=True, visible=step == steps[-1], meta=when,
            hovertemplate="<b>%{y}</b><br>lr of its group: 10^%{x:.2f}<extra></extra>",
        )  # fmt: skip
        options.append({"text": f"step {step:,}", "layout": {}})
    name_rows(plot, [r.parameter.name for r in shown])
    plot.update_yaxes(type="category")
    plot.update_xaxes(title={"text": "log10(effective learning rate)"}, range=[low, high], tickformat=None, dtick=1)
    choice = {"key": "look", "as": "slider", "label": "at", "options": options, "first": len(options) - 1}
    plot.update_layout(
        margin={"t": 30}, meta={"choose": [choice]},
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom"},
    )  # fmt: skip
    by_element = any(np.count_nonzero(h.counts) > 1 for r in shown for h in r.looks)
    caption = (
        f"{BY_ELEMENT if by_element else BY_PARAMETER} A row far to the right has small gradients, and is moved all "
        "the same; one far to the left has large ones, and is held back."
    )
    if by_element:
        caption += " The wider a row, the more the optimizer does that one learning rate could not."
    notes = list(_untouched(shown))
    if len(shown) < len(found):
        notes.append(f"Rows: the {len(shown)} matrices and embeddings; {len(found) - len(shown)} others are left out.")
    title = "Effective learning rate, parameter by parameter"
    return Picture("effective-lr", title, caption, plot, tuple(notes), "optimizer")


def over_steps(run: Run) -> Picture | None:
    """How many elements of one parameter have which learning rate, over the looks."""
    found = [r for r in _found(run) if len(r.looks) > 2]
    if not found:
        return None
    shown = spread(found, CHOICES)
    plot = frame(None, "log10(effective learning rate)", height=320)
    options = []
    for r in shown:
        at = spread(range(len(r.looks)), COLUMNS)
        looks = [r.looks[i] for i in at]
        low, high = _reach([r])
        edges = _edges(looks[0], low, high)
        z = np.stack([h.within(edges) for h in looks], axis=1)
        when = {"when": {"parameter": len(options)}}
        steps = np.array([h.step for h in looks], np.int32)
        plot.add_heatmap(
            x=np.arange(len(looks)), y=((edges[1:] + edges[:-1]) / 2).astype(np.float32), z=z.astype(np.float32),
            colorscale=HEAT, zmin=0, zmax=FULL, showscale=False, visible=not options,
            meta={"paint": "heat", **when}, customdata=np.broadcast_to(steps, z.shape),
            hovertemplate="step %{customdata:,}<br>rates near 10^%{y:.2f}: %{z:.1%} of the elements<extra></extra>",
        )  # fmt: skip
        plot.add_scatter(
            x=np.arange(len(looks)), y=r.lr[at].astype(np.float32), mode="lines", name="lr of the group",
            line={"color": GUIDE_GREEN, "width": 2}, showlegend=True, visible=not options, meta=when,
            customdata=steps, hovertemplate="step %{customdata:,}: 10^%{y:.2f}<extra>lr of the group</extra>",
        )  # fmt: skip
        marks = spread(range(len(looks)), 9)
        layout = {"xaxis.tickvals": marks, "xaxis.ticktext": [f"{looks[i].step:,}" for i in marks]}
        layout |= {"xaxis.range": [-0.5, len(looks) - 0.5], "yaxis.range": [low, high]}
        options.append({"text": r.parameter.name, "names": [r.parameter.name], "layout": layout})
    first = options[0]["layout"]
    plot.update_xaxes(
        title={"text": "step (not to scale)"}, tickvals=first["xaxis.tickvals"], ticktext=first["xaxis.ticktext"],
        range=first["xaxis.range"], tickformat=None, nticks=None, showgrid=False,
    )  # fmt: skip
    plot.update_yaxes(range=first["yaxis.range"], showgrid=False)
    plot.update_layout(
        margin={"t": 30}, meta={"choose": [{"key": "parameter", "as": "list", "label": "of", "options": options}]},
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom"},
    )  # fmt: skip
    caption = (
        "The same of one parameter over the training: each column is one look, its colour strong where many elements "
        "lie. Rates go against the gradients: they fall while these grow and rise as they shrink, also while lr is "
        "held, and fall with lr. A sudden drop is a burst of large gradients, which the averages remember for long."
    )
    all_shown = len(shown) == len(found)
    notes = () if all_shown else (f"To choose from: {len(shown)} of {len(found)} parameters, evenly spread.",)
    title = "Effective learning rate, over the training"
    return Picture("effective-lr-over-steps", title, caption, plot, notes, "optimizer")


def _found(run: Run) -> list[_Rates]:
    """The parameters that have rates, matrices and embeddings first."""
    by_name = histograms(run, q.RATES)
    ordered = sorted((p for p in parameters(run) if p.name in by_name), key=lambda p: p.kind in ("bias", "gain"))
    return [_rates(run, p, by_name[p.name]) for p in ordered]


def _rates(run: Run, parameter: Parameter, looks: list[Histogram]) -> _Rates:
    lr = np.full(len(looks), np.nan)
    most = np.nan
    if parameter.optimizer is not None and parameter.group is not None:
        series = run.series(q.LR, q.group_name(parameter.optimizer, parameter.group))
        at = np.searchsorted(series.steps, [h.step for h in looks])
        known = at < len(series)
        with np.errstate(divide="ignore"):
            lr[known] = np.log10(series.values[at[known]])
        groups = next((o.groups for o in run.optimizers if o.name == parameter.optimizer), ())
        eps = groups[parameter.group].get("eps") if parameter.group < len(groups) else None
        most = float(lr[-1] - np.log10(eps)) if isinstance(eps, float) and eps > 0 else np.nan
    return _Rates(parameter, looks, lr, most)


def _reach(shown: list[_Rates]) -> tuple[float, float]:
    """Where the rates and lr lie, without those of elements that never had a gradient, in whole bins."""
    spans = []
    for r in shown:
        for h in r.looks:
            edges = np.linspace(h.low, h.high, len(h.counts) + 1)
            counts = np.where(edges[1:] > r.most - 0.5, 0, h.counts) if np.isfinite(r.most) else h.counts
            if counts.any():
                spans.append(Histogram(h.step, h.low, h.high, counts).span)
    lows, highs = zip(*spans, strict=True) if spans else ((shown[0].looks[0].low,), (shown[0].looks[0].high,))
    lr = np.concatenate([r.lr[np.isfinite(r.lr)] for r in shown])
    width = shown[0].looks[0].width
    low, high = min([*lows, *lr]), max([*highs, *lr])
    return float(np.floor(low / width - 1) * width), float(np.ceil(high / width + 1) * width)


def _edges(like: Histogram, low: float, high: float) -> np.ndarray:
    """The edges of the bins between two of them."""
    return np.linspace(low, high, round((high - low) / like.width) + 1)


def _untouched(shown: list[_Rates]) -> tuple[str, ...]:
    """One note on the elements whose gradient has been zero throughout."""
    told = [(r, s) for r in shown if (s := r.untouched()) > 0]
    if not told:
        return ()
    named = places([f"{share(s)} of {r.parameter.name}" for r, s in sorted(told, key=lambda pair: -pair[1])])
    return (f"Not drawn: elements at lr / ε, the most there is. They had no gradient to speak of so far: {named}.",)
