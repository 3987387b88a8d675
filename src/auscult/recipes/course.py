"""The course of a fit, drawn: the loss of each step and epoch, and what the schedule set."""

from __future__ import annotations

from pathlib import Path

import plotly.graph_objects as go
from torch import Tensor

from auscult.errors import AuscultError
from auscult.learner import Callback, Fit
from auscult.pictures import LINE, MARKS, SECOND, figure

_INK, _STEPS = "#4b5058", "#9aa2ad"  # on white


class Course(Callback):
    """Keeps of each step its loss, learning rate and momentum, and of each epoch the validation loss.

    Of the first parameter group; momentum is empty for an optimizer that has none.
    """

    order = 90  # when the schedule has set them

    def __init__(self) -> None:
        self.losses: list[Tensor] = []
        self.lr: list[float] = []
        self.momentum: list[float] = []
        self.valid: dict[int, float] = {}  # by the steps made

    def before_step(self, fit: Fit) -> None:
        """What this step is made with."""
        assert fit.loss is not None
        group = fit.optimizer.param_groups[0]
        self.losses.append(fit.loss.detach().clone())
        self.lr.append(float(group["lr"]))
        momentum = group["betas"][0] if "betas" in group else group.get("momentum")
        if momentum:
            self.momentum.append(float(momentum))

    def after_epoch(self, fit: Fit) -> None:
        """What the epoch came to."""
        if fit.row.valid_loss is not None:
            self.valid[fit.step] = fit.row.valid_loss

    def plot(self, title: str = "") -> go.Figure:
        """Loss, learning rate and momentum over the steps, one panel above another, on white."""
        names = ["loss", "learning rate", *(["momentum"] if self.momentum else [])]
        plot = figure("step", *names, height=60 + 190 * len(names))
        steps = list(range(len(self.lr)))
        losses = [float(loss) for loss in self.losses]
        plot.add_scatter(x=steps, y=losses, name="of a step", mode="lines", line={"color": _STEPS, "width": 1.2})
        plot.add_scatter(
            x=list(self.valid), y=list(self.valid.values()), name="validation", mode="markers",
            marker={"size": 9, "color": MARKS[0]},
        )  # fmt: skip
        for row, (values, color) in enumerate(((self.lr, LINE), (self.momentum, SECOND)), 2):
            if values:
                line = {"color": color, "width": 2}
                plot.add_scatter(x=steps, y=values, mode="lines", line=line, showlegend=False, row=row, col=1)
        plot.update_layout(
            title={"text": title, "font": {"size": 15}, "x": 0.02}, margin={"t": 44}, paper_bgcolor="white",
            font={"color": _INK},
            legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1.02, "yanchor": "bottom"},
        )  # fmt: skip
        return plot

    def write(self, path: str | Path, title: str = "") -> None:
        """Write the plot as one HTML file that needs no network. Raises AuscultError where it cannot be written."""
        try:
            Path(path).write_text(self.plot(title).to_html(config={"displayModeBar": False}), encoding="utf-8")
        except OSError as e:
            raise AuscultError(f"cannot write {path}: {e.strerror}; name a file that can be written") from None
