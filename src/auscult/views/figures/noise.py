"""The gradient noise scale over the training, against the batch."""

from __future__ import annotations

import numpy as np

from auscult.runs import Run
from auscult.runs.noise import LEAST, noise_looks
from auscult.views.figures.palette import SERIES
from auscult.views.figures.picture import Picture, compact, frame

_WINDOWS = 12
_LOOKS = 2 * LEAST  # of a window, where there are enough


def noise_scale(run: Run) -> Picture | None:
    """The noise scale of neighbouring looks with its interval, and the batch."""
    looks = noise_looks(run)
    if len(looks) < LEAST:
        return None
    count = min(_WINDOWS, max(1, len(looks) // _LOOKS))
    windows = [looks.at(which) for which in np.array_split(np.arange(len(looks)), count)]
    found = [(float(w.steps.mean()), w.scale) for w in windows]
    told = [(step, s) for step, s in found if s is not None and s.known]
    least = [(step, s.low) for step, s in found if s is not None and not s.known and s.low > 0]
    plot = frame(run, "examples")
    plot.update_yaxes(type="log", exponentformat="power", dtick="D2")
    if told:
        steps, scale, low, high = (
            np.array(v) for v in zip(*((t, s.scale, s.low, s.high) for t, s in told), strict=True)
        )
        plot.add_scatter(
            x=compact(steps), y=compact(scale), name="noise scale", mode="markers",
            marker={"size": 7, "color": SERIES[0]},
            error_y={"type": "data", "symmetric": False, "array": high - scale, "arrayminus": scale - low,
                     "thickness": 1, "width": 3},
            hovertemplate="step %{x:,.0f}: %{y:,.4~g}<extra>noise scale</extra>",
        )  # fmt: skip
    if least:
        steps, low = (np.array(v) for v in zip(*least, strict=True))
        plot.add_scatter(
            x=compact(steps), y=compact(low), name="noise scale, at least", mode="markers",
            marker={"size": 9, "symbol": "triangle-up-open", "color": SERIES[0]},
            hovertemplate="step %{x:,.0f}: above %{y:,.4~g}<extra></extra>",
        )  # fmt: skip
    plot.add_scatter(  # a line would join each to an epoch's last
        x=compact(looks.steps), y=compact(looks.batch), name="batch", mode="markers",
        marker={"size": 9, "symbol": "line-ew-open", "color": SERIES[1]},
        hovertemplate="step %{x:,.0f}: %{y:,.4~g}<extra>batch</extra>",
    )  # fmt: skip
    caption = (
        "tr Σ / |G|², the noise of an example's gradient over the gradient of all, from parts of the batches looked "
        "into; with intervals of 95 %. Far above it a larger batch saves hardly any steps; most trainings end far "
        "below. An open triangle: the gradient cannot be told from zero, the scale lies above."
    )
    return Picture("noise-scale", "Gradient noise scale", caption, plot)
