"""The one-cycle policy: the learning rate up and down again once over a fit, momentum the other way.

Smith, "A disciplined approach to neural network hyper-parameters" (arXiv 1803.09820), in the form with two cosine
pieces that fastai made the usual one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from auscult.errors import LearnerError
from auscult.pictures import LINE, SECOND, figure

_POINTS = 401


def cosine(start: float, end: float, position: float) -> float:
    """From start to end along half a cosine: start + (1 + cos(π(1 − position)))·(end − start)/2."""
    return start + (1 + math.cos(math.pi * (1 - position))) * (end - start) / 2


@dataclass(frozen=True)
class OneCycle:
    """The learning rate and momentum at a position from 0, the first step of a fit, to 1, its last.

    Learning rate: lr_max/div → lr_max over the share pct_start of the fit, then → lr_max/div_final, along cosines.
    Momentum: momentums[0] → [1] → [2] along with it. Of T steps the one of index t has the position t/(T − 1).

    torch.optim.lr_scheduler.OneCycleLR is the same with div_factor = div, final_div_factor = div_final/div, and its
    peak at step pct_start·T − 1 rather than pct_start·(T − 1).
    """

    lr_max: float
    pct_start: float = 0.25
    div: float = 25.0
    div_final: float = 1e5
    momentums: tuple[float, float, float] = (0.95, 0.85, 0.95)

    def __post_init__(self) -> None:
        if not (self.lr_max > 0 and math.isfinite(self.lr_max)):
            raise LearnerError(f"lr_max is to be a positive number, got {self.lr_max}; lr_find suggests one")
        if not 0 < self.pct_start < 1:
            raise LearnerError(f"pct_start is a share of the fit between 0 and 1, got {self.pct_start}; 0.25 is usual")
        if not (self.div > 0 and self.div_final > 0):
            raise LearnerError(
                f"div and div_final divide lr_max, got {self.div} and {self.div_final}; give positive ones"
            )

    def lr(self, position: float) -> float:
        """The learning rate at a position."""
        return self._two_pieces((self.lr_max / self.div, self.lr_max, self.lr_max / self.div_final), position)

    def momentum(self, position: float) -> float:
        """The momentum at a position."""
        return self._two_pieces(self.momentums, position)

    def plot(self, steps: int | None = None) -> go.Figure:
        """Learning rate and momentum, a Plotly figure: over the fit's steps, or over positions from 0 to 1."""
        count = steps if steps is not None and 1 < steps < _POINTS else _POINTS
        at = [i / (count - 1) for i in range(count)]
        x = [p * (steps - 1) for p in at] if steps is not None else at
        plot = figure("step" if steps is not None else "share of the fit", "learning rate", "momentum", height=380)
        for row, (name, curve, color) in enumerate(
            (("learning rate", self.lr, LINE), ("momentum", self.momentum, SECOND)), 1
        ):
            plot.add_scatter(
                x=x, y=[curve(p) for p in at], name=name, mode="lines", line={"color": color, "width": 1.8},
                showlegend=False, row=row, col=1,
            )  # fmt: skip
        return plot

    def _repr_html_(self) -> Any:
        return self.plot()._repr_html_()

    def _two_pieces(self, values: tuple[float, float, float], position: float) -> float:
        start, middle, end = values
        if position <= self.pct_start:
            return cosine(start, middle, position / self.pct_start)
        return cosine(middle, end, (position - self.pct_start) / (1 - self.pct_start))
