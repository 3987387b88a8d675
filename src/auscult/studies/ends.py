"""The pictures of what lies around the ends of a batch-size study's trainings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from auscult.studies.figures import add_band, color
from auscult.studies.summary import Summary, edge_of
from auscult.views.figures.palette import HEAT, SERIES
from auscult.views.figures.picture import BAR, MUTED, Picture, decades, frame

GRID_3D = "#9da3ad"  # opaque: what is half transparent there is lost on a light page
STATISTICS = {
    "data": "batch norms take the statistics of the whole data at every point",
    "eval": "batch norms keep the statistics of the training, interpolated on a line",
}


def around_the_ends(s: Summary) -> list[Picture]:
    """Every picture of the ends that the study has numbers for."""
    made = [sharpness(s), eigenvalues(s), line(s), *surfaces(s), ways(s)]
    return [picture for picture in made if picture is not None]


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
        dotted = {"color": SERIES[i], "width": 1.4, "dash": "dot"}
        plot.add_scatter(**middle, mode="lines", line=dotted, showlegend=False, hoverinfo="skip")
    plot.update_xaxes(title={"text": "batch"}, type="category", tickformat=None)
    caption = (
        "By how many percent the training loss rises at most when every weight may move by ε of its size plus ε, "
        "100 · (max − loss) / (1 + loss); a point for each seed, the mean dotted. Higher is sharper."
    )
    return Picture("sharpness", "Sharpness of the ends", caption, plot)


def sharpness_by_loss(summaries: Sequence[Summary]) -> Picture | None:
    """Sharpness over the training loss, every end of every learning rate: whether the batch matters beside progress."""
    s = summaries[0]
    plot = frame(None, f"sharpness, ε {s.minima.epsilons[0]:g}")
    known: list[float] = []
    for b in s.batches:
        x, y, text = [], [], []
        for each in summaries:
            found = each.sharpness(b)[:, 0]
            if len(found) == len(each.base(b)):
                x += [t.numbers["final"]["train"]["loss"] for t in each.base(b)]
                y += list(found)
                text += [f"learning rate {each.lr:g}"] * len(found)
        plot.add_scatter(
            x=x, y=y, text=text, name=f"batch {b}", mode="markers", showlegend=True,
            marker={"color": color(s, b), "size": 8, "opacity": 0.8},
            hovertemplate="loss %{x:.3~g}: %{y:.4~g}, %{text}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
        known += x
    if not known:
        return None
    wide = min(known) > 0 and decades(np.array(known))
    log = {"type": "log", "exponentformat": "power", "dtick": 1} if wide else {}
    plot.update_xaxes(title={"text": "training loss at the end"}, tickformat=None, **log)
    caption = (
        "A point for each training, of all learning rates. Where the batch sizes lie on one curve, it is the progress "
        "that makes an end sharp or flat, and the batch only decides how far a training comes."
    )
    return Picture("sharpness-by-loss", "Sharpness against progress", caption, plot)


def eigenvalues(s: Summary) -> Picture | None:
    """The largest eigenvalue of the Hessian by batch size, against what the learning rate bears."""
    found = {str(b): v for b in s.batches if (v := s.eigenvalues(b)).count}
    if not found:
        return None
    bound = edge_of(s)
    means = [v.mean for v in found.values()]
    log = decades(np.array([*means, *([bound] if bound else [])]))
    plot = frame(None, "largest eigenvalue", log=log)
    plot.add_scatter(
        x=list(found), y=means, mode="markers+lines", showlegend=False, marker={"color": SERIES[0], "size": 9},
        error_y={"array": [v.std for v in found.values()], "thickness": 1, "width": 4},
        line={"color": SERIES[0], "width": 1.4, "dash": "dot"}, hovertemplate="batch %{x}: %{y:.4~g}<extra></extra>",
    )  # fmt: skip
    caption = "Of the Hessian of the training loss at the ends of training: mean and standard deviation over the seeds."
    if bound:
        plot.add_hline(y=bound, line={"color": MUTED, "width": 1.2, "dash": "dash"})
        plot.add_annotation(
            x=0, xref="paper", xanchor="left", y=np.log10(bound) if log else bound,
            yanchor="bottom", showarrow=False, text=f"edge of stability {bound:.3g}", font={"size": 11},
        )  # fmt: skip
        caption += (
            " The dashed line is what the learning rate bears, were steps made on the whole data: full batches tend "
            "to end there (Cohen et al. 2021), smaller ones below."
        )
    plot.update_xaxes(title={"text": "batch"}, type="category", tickformat=None)
    return Picture("eigenvalues", "Curvature of the ends", caption, plot)


def line(s: Summary) -> Picture | None:
    """Losses between the ends of the smallest and the largest batch, straight and curved."""
    if len(s.batches) < 2 or not len(s.line("train/loss")[1]):
        return None
    plot = frame(None, "loss", log=decades(s.line("train/loss")[1].ravel()))
    for i, split in enumerate(("train", "valid")):
        alphas, values = s.line(f"{split}/loss")
        add_band(plot, values, split, SERIES[i], list(alphas), "α")
        add_band(plot, s.line(f"{split}/loss", True)[1], f"{split}, curved", SERIES[i], list(alphas), "α", "dot")
    for at, batch in ((0, s.batches[0]), (1, s.batches[-1])):
        plot.add_vline(x=at, line={"color": MUTED, "width": 1, "dash": "dot"})
        plot.add_annotation(
            x=at, y=1, yref="paper", yanchor="bottom", showarrow=False, text=f"batch {batch}", font={"size": 11}
        )
    plot.update_xaxes(title={"text": "α"}, tickformat=None)
    plot.update_layout(margin={"t": 28})
    caption = (
        f"The loss along the straight line through two ends of training, θ(α) = α·b + (1 − α)·a: a is that of batch "
        f"{s.batches[0]}, b that of batch {s.batches[-1]}; dotted along the curve sin(πα/2)·b + cos(πα/2)·a. Mean "
        f"and range over the seeds; {STATISTICS[s.minima.norm]}."
    )
    return Picture("line", "Between the two ends", caption, plot)


def surfaces(s: Summary) -> list[Picture]:
    """The loss around the ends of the smallest and the largest batch, on one scale: as contours and in 3-D."""
    ends = (
        {b: found for b in dict.fromkeys((s.batches[0], s.batches[-1])) if (found := s.surface(b))} if s.batches else {}
    )
    if not ends:
        return []
    scale = _Scale(*(found["loss"] for found in ends.values()))
    made = []
    for b, found in ends.items():
        plot = frame(None, "second direction", height=460)
        scale.contours(plot, found)
        plot.update_xaxes(title={"text": "first direction"}, tickformat=None, constrain="domain")
        caption = (
            "The training loss on a plane of two random directions, each filter's scaled to the length of the filter "
            "itself (Li et al. 2018), so that the size of the weights does not count. The middle is the end of "
            f"training; the colours are the same for all batch sizes; {STATISTICS[s.minima.norm]}."
        )
        made.append(Picture(f"surface-{b}", f"Around the end of batch {b}", caption, plot))
    caption = "The same surfaces as heights, the logarithm of the training loss, on one scale. Drag to turn them."
    return [*made, Picture("surfaces", "The same in three dimensions", caption, scale.in_3d(ends))]


def ways(s: Summary) -> Picture | None:
    """The ways of the smallest and the largest batch from one start, on the plane in which they move most."""
    found = s.ways() if len(s.batches) > 1 else None
    if found is None:
        return None
    plot = frame(None, "", height=520)
    _Scale(found.arrays["loss"]).contours(plot, found.arrays)
    for which, batch, tint in (("first", s.batches[0], "#ffffff"), ("second", s.batches[-1], "#7fd1ff")):
        x, y = found.arrays[which].T
        under = {"color": "rgba(20,24,40,.75)", "width": 5}
        plot.add_scatter(x=x, y=y, mode="lines", line=under, hoverinfo="skip", showlegend=False)
        plot.add_scatter(
            x=x, y=y, mode="lines+markers", name=f"batch {batch}", line={"color": tint, "width": 2}, showlegend=False,
            marker={"size": 6, "color": tint, "line": {"width": 1, "color": "rgba(20,24,40,.9)"}},
            hovertemplate=f"batch {batch}, checkpoint %{{pointNumber}}<extra></extra>",
        )  # fmt: skip
        for text, at in ((f"batch {batch}", -1), ("start", 0)):
            plot.add_annotation(
                x=x[at], y=y[at], text=text, showarrow=True, arrowwidth=1, ax=0, ay=-28 if at else 28,
                font={"size": 12, "color": "#1d2026"}, bgcolor="rgba(255,255,255,.85)", borderpad=2,
            )  # fmt: skip
    along = [f"{share:.0%} of the variance" for share in found.numbers["explained"]]
    plot.update_xaxes(title={"text": f"first principal direction, {along[0]}"}, tickformat=None, constrain="domain")
    plot.update_yaxes(title={"text": f"second, {along[1]}"})
    caption = (
        "Two trainings from the same weights, seen on the plane in which their checkpoints lie furthest apart, over "
        f"the training loss on that plane; {STATISTICS[s.minima.norm]}."
    )
    return Picture("ways", "The ways they went", caption, plot)


class _Scale:
    """Losses on one logarithmic scale of colours; where some are not positive, as they are."""

    def __init__(self, *losses: np.ndarray) -> None:
        known = np.concatenate([v[np.isfinite(v)] for v in losses])
        self._log = bool(len(known) and known.min() > 0)
        drawn = np.log10(known) if self._log else known
        self.low, self.high = (float(drawn.min()), float(drawn.max())) if len(drawn) else (0.0, 1.0)
        ticks = np.arange(np.ceil(self.low), np.floor(self.high) + 1)
        self._ticks = {"tickvals": ticks, "ticktext": [f"{10**t:.3g}" for t in ticks]} if self._log else {}

    def of(self, loss: np.ndarray) -> np.ndarray:
        """What is drawn of losses."""
        kept = np.where(np.isfinite(loss), loss, np.nan)
        return np.log10(kept) if self._log else kept

    def contours(self, plot: go.Figure, found: dict[str, np.ndarray]) -> None:
        """Draw a surface, one unit as long on both axes."""
        plot.add_contour(
            x=found["x"], y=found["y"], z=self.of(found["loss"]), customdata=found["loss"], zmin=self.low,
            zmax=self.high, colorscale=HEAT, line={"width": 0.6}, meta={"paint": "heat"},
            contours={"start": self.low, "end": self.high, "size": (self.high - self.low) / 16 or 1},
            colorbar={**BAR, **self._ticks, "title": {"text": "loss"}},
            hovertemplate="%{x:.2f}, %{y:.2f}: %{customdata:.4~g}<extra></extra>",
        )  # fmt: skip
        plot.update_yaxes(scaleanchor="x", constrain="domain")

    def in_3d(self, found: dict[int, dict[str, np.ndarray]]) -> go.Figure:
        """Surfaces by batch size beside each other, as heights."""
        plot = frame(None, "", height=460)
        plain = {"showbackground": False, "gridcolor": GRID_3D, "zeroline": False, "color": MUTED, "nticks": 5}
        for i, (batch, one) in enumerate(found.items()):
            name = f"scene{i + 1 if i else ''}"
            plot.add_surface(
                x=one["x"], y=one["y"], z=self.of(one["loss"]), customdata=one["loss"], cmin=self.low, cmax=self.high,
                colorscale=HEAT, meta={"paint": "heat"}, showscale=False, scene=name,
                hovertemplate="%{x:.2f}, %{y:.2f}: %{customdata:.4~g}<extra></extra>",
            )  # fmt: skip
            side = [i / len(found), (i + 1) / len(found)]
            plot.update_layout(
                {
                    name: {
                        "domain": {"x": side, "y": [0, 0.94]},
                        "xaxis": {**plain, "title": {"text": ""}},
                        "yaxis": {**plain, "title": {"text": ""}},
                        "zaxis": {**plain, **self._ticks, "title": {"text": "loss"}, "range": [self.low, self.high]},
                        "aspectratio": {"x": 1, "y": 1, "z": 0.8},
                        "camera": {"eye": {"x": 1.1, "y": -1.1, "z": 1.05}, "center": {"x": 0, "y": 0, "z": -0.2}},
                    }
                }
            )
            plot.add_annotation(
                x=sum(side) / 2, y=1, xref="paper", yref="paper", text=f"batch {batch}", showarrow=False,
                font={"size": 13, "color": MUTED},
            )  # fmt: skip
        plot.update_xaxes(visible=False)
        plot.update_yaxes(visible=False)
        return plot.update_layout(margin={"l": 0, "r": 0, "t": 8, "b": 0})
