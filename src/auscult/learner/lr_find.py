"""`lr_find`: a copy of the model trained for a moment at rising learning rates, to see which it bears.

Smith, "Cyclical learning rates for training neural networks" (arXiv 1506.01186).
"""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go

from auscult.anatomy.passes import first_line
from auscult.anatomy.streams import undisturbed
from auscult.errors import LearnerError
from auscult.learner.callback import Callback
from auscult.learner.display import Display
from auscult.learner.fit import Fit
from auscult.learner.schedule import set_lr
from auscult.learner.suggestions import SUGGESTIONS
from auscult.pictures import FAINT, LINE, MARKS, figure

if TYPE_CHECKING:
    from auscult.learner.learner import Learner

_LEAST = 10  # steps
_START = 0.1  # share of the steps that the smoothing needs to settle: no suggestion is read off them


@dataclass(frozen=True)
class FoundRates:
    """A sweep: rates, losses as they were, smoothed losses, and the suggestions; str() lists these, `plot` draws it.

    smoothed: s_t = Σ β^(t−i) (1 − β) loss_i / (1 − β^t), the exponential mean with its bias removed. The suggestions
    are read off it without the first tenth of the steps. ended: why the sweep was over.
    """

    lrs: tuple[float, ...]
    losses: tuple[float, ...]
    smoothed: tuple[float, ...]
    valley: float
    steep: float
    slide: float
    minimum: float
    ended: str

    @property
    def plot(self) -> go.Figure:
        """Loss over learning rate with the suggestions marked, a Plotly figure."""
        plot = figure("learning rate", "loss", height=360)
        plot.update_xaxes(type="log", exponentformat="power", dtick=1)
        plot.add_scatter(
            x=self.lrs, y=self.losses, name="of each step", mode="lines", line={"color": FAINT, "width": 1}
        )
        plot.add_scatter(x=self.lrs, y=self.smoothed, name="smoothed", mode="lines", line={"color": LINE, "width": 2})
        at = np.log(self.lrs)
        for (name, rate), color in zip(self.suggestions.items(), MARKS, strict=True):
            plot.add_scatter(
                x=[rate], y=[float(np.interp(math.log(rate), at, self.smoothed))], name=f"{name} {rate:.2g}",
                mode="markers", marker={"size": 10, "color": color, "line": {"width": 1, "color": "white"}},
            )  # fmt: skip
        shown = [s for s in self.smoothed if math.isfinite(s)]
        low, high = min(shown), min(max(shown), 1.5 * max(shown[0], 1e-12) if shown[0] > 0 else max(shown))
        plot.update_yaxes(range=[low - 0.08 * (high - low), high + 0.08 * (high - low)] if high > low else None)
        return plot

    @property
    def suggestions(self) -> dict[str, float]:
        """The suggestions by name."""
        return {name: getattr(self, name) for name in SUGGESTIONS}

    def __str__(self) -> str:
        lines = [f"lr_find: {len(self.lrs)} steps from {self.lrs[0]:.0e} to {self.lrs[-1]:.2g}, {self.ended}", ""]
        lines += ["suggestion        lr  definition"]
        for name, rate in self.suggestions.items():
            definition = (SUGGESTIONS[name].__doc__ or "").splitlines()[0].rstrip(".")
            lines.append(f"{name:<10}  {rate:>8.2g}  {definition[0].lower()}{definition[1:]}")
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> Any:
        return self.plot._repr_html_()


def lr_find(
    learner: Learner, display: Display, start: float, end: float, steps: int, stop_at: float, smoothing: float
) -> FoundRates:
    """Sweep; see `Learner.lr_find`."""
    if not 0 < start < end:
        raise LearnerError(f"lr_find goes up from start to end, got {start} and {end}; 1e-7 and 10 are usual")
    if steps < _LEAST:
        raise LearnerError(f"lr_find takes {_LEAST} steps or more, got {steps}; 100 are usual")
    if stop_at <= 1 or not 0 <= smoothing < 1:
        raise LearnerError(
            f"stop_at is a factor above 1 and smoothing below 1, got {stop_at} and {smoothing}; 4 and 0.98 are usual"
        )
    sweep = _Sweep(start, end, steps, stop_at, smoothing)
    with undisturbed(learner.splits), display.bar("lr_find", steps) as tick:
        sweep.tick = tick
        trial = _trial(learner, start)
        Fit(trial, steps, [*trial.callbacks, sweep], Display(quiet=True), {}).run()  # an epoch has a step at least
    return sweep.found()


def _trial(learner: Learner, lr: float) -> Learner:
    """A copy that trains apart from the learner: its weights, its optimizer's state, the callbacks that take part."""
    try:
        model, loss = copy.deepcopy((learner.model, learner.loss))
        callbacks = [copy.deepcopy(c) for c in learner.callbacks if c.in_lr_find]
    except Exception as e:
        raise LearnerError(
            f"lr_find works on a copy of the model and copying failed with {type(e).__name__}: {first_line(e)}; mend "
            "that, or make a learner of a fresh model for it"
        ) from e
    for parameter in model.parameters():
        parameter.grad = None
    trial = learner.alike(model, loss, callbacks, lr)
    trial.optimizer.load_state_dict(copy.deepcopy(learner.optimizer.state_dict()))
    return trial


class _Sweep(Callback):
    """Raises the learning rate from step to step, and stops when the loss has blown up."""

    order = 2000

    def __init__(self, start: float, end: float, steps: int, stop_at: float, smoothing: float) -> None:
        self._lrs = np.geomspace(start, end, steps)
        self._stop_at, self._smoothing = stop_at, smoothing
        self._losses: list[float] = []
        self._smoothed: list[float] = []
        self._mean, self._best = 0.0, math.inf
        self._of_step: list[tuple[float, int]] = []  # the batches that make a step
        self._ended = "all made"
        self.tick: Any = None

    def before_batch(self, fit: Fit) -> None:
        for group in fit.optimizer.param_groups:
            set_lr(group, float(self._lrs[len(self._losses)]))

    def before_backward(self, fit: Fit) -> None:
        assert fit.loss is not None
        self._of_step.append((float(fit.loss.detach()), fit.examples))

    def before_step(self, fit: Fit) -> None:
        """The loss of the step about to be made is that at the rate of the steps before."""
        loss = sum(x * n for x, n in self._of_step) / sum(n for _, n in self._of_step)
        self._of_step = []
        if not math.isfinite(loss):
            self._ended = f"ended at a loss of {loss}"
            fit.stop(self._ended)
            return
        self._losses.append(loss)
        self._mean = self._smoothing * self._mean + (1 - self._smoothing) * loss
        self._smoothed.append(self._mean / (1 - self._smoothing ** len(self._losses)))
        self._best = min(self._best, self._smoothed[-1])
        self.tick(loss)
        if self._smoothed[-1] > self._stop_at * self._best and self._best > 0:
            self._ended = f"ended at a loss {self._stop_at:g} times the best"
            fit.stop(self._ended)
        elif len(self._losses) == len(self._lrs):
            fit.stop(self._ended)

    def found(self) -> FoundRates:
        n = len(self._losses)
        if n < _LEAST:
            raise LearnerError(f"lr_find {self._ended} after {n} steps, too few to tell; start lower, or mend the loss")
        lrs, losses = self._lrs[:n], np.array(self._smoothed)
        first = round(_START * n)
        read = {name: suggest(lrs[first:], losses[first:]) for name, suggest in SUGGESTIONS.items()}
        kept = tuple(float(x) for x in lrs), tuple(self._losses), tuple(self._smoothed)
        return FoundRates(*kept, **read, ended=self._ended)
