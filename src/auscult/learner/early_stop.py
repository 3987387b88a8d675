"""`EarlyStop`: end the fit when an epoch's number no longer gets better, and keep the best weights."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

from torch import Tensor

from auscult.anatomy.passes import unwrapped
from auscult.errors import LearnerError
from auscult.learner.callback import Callback

if TYPE_CHECKING:
    from auscult.learner.fit import Fit

_LOWER = ("loss", "error", "perplexity", "mae", "mse", "rmse")
_HIGHER = ("accuracy", "acc", "f1", "auc", "score", "precision", "recall", "r2", "bleu")


class EarlyStop(Callback):
    """Ends the fit after `patience` epochs in a row that are not better than the best by more than `min_delta`.

    monitor: a number of the epoch: train_loss, valid_loss, or a metric's name.
    mode: whether lower ("min") or higher ("max") is better; by default from the name.
    restore_best: after a fit that ended by itself or by this, put back the weights and buffers of the best epoch; the
        optimizer stays as it is. NaN is never better.
    """

    def __init__(
        self,
        monitor: str = "valid_loss",
        patience: int = 3,
        *,
        min_delta: float = 0.0,
        mode: Literal["min", "max"] | None = None,
        restore_best: bool = True,
    ) -> None:
        if patience < 1:
            raise LearnerError(f"patience is a number of epochs from 1 up, got {patience}; 3 is usual")
        self.monitor, self.patience, self.min_delta, self.restore_best = monitor, patience, min_delta, restore_best
        self._sign = -1.0 if (mode or _mode_of(monitor)) == "max" else 1.0
        self._forget()

    @property
    def best(self) -> float:
        """The best number so far; NaN before the first."""
        return self._sign * self._best if self.best_epoch >= 0 else math.nan

    def before_fit(self, fit: Fit) -> None:
        """Begin anew."""
        if self.monitor not in fit.available:
            raise LearnerError(
                f"EarlyStop monitors {self.monitor!r}, which no epoch has; there are {', '.join(fit.available)}"
            )
        self._forget()

    def after_epoch(self, fit: Fit) -> None:
        """Compare the epoch with the best."""
        value = self._sign * fit.number(self.monitor)
        if value < self._best - self.min_delta or (self.best_epoch < 0 and not math.isnan(value)):
            self._best, self.best_epoch, self._waited = value, fit.row.epoch, 0
            if self.restore_best:
                model = unwrapped(fit.model)
                self._weights = {k: v.detach().cpu().clone() for k, v in _tensors(model).items()}
            return
        self._waited += 1
        if self._waited >= self.patience:
            least = f"its best, {self.best:.6g}, was in epoch {self.best_epoch}" if self.best_epoch >= 0 else "all NaN"
            epochs = "epoch" if self._waited == 1 else f"{self._waited} epochs"
            fit.stop(f"{self.monitor} has not got better for the last {epochs}; {least}")

    def after_fit(self, fit: Fit) -> None:
        """Put the best weights back, unless the fit failed."""
        if fit.error is None and self._weights:
            for name, tensor in _tensors(unwrapped(fit.model)).items():
                tensor.data.copy_(self._weights[name])
        self._weights = {}

    def state(self) -> dict[str, Any]:
        """The best so far, with its weights."""
        return {
            "best": self._best, "best_epoch": self.best_epoch, "waited": self._waited, "weights": dict(self._weights),
        }  # fmt: skip

    def load_state(self, state: dict[str, Any]) -> None:
        """Go on from there."""
        self._best, self.best_epoch, self._waited = state["best"], state["best_epoch"], state["waited"]
        self._weights = dict(state["weights"])

    def _forget(self) -> None:
        self._best, self.best_epoch, self._waited = math.inf, -1, 0
        self._weights: dict[str, Tensor] = {}


def _tensors(model: Any) -> dict[str, Tensor]:
    return {**dict(model.named_parameters()), **dict(model.named_buffers())}


def _mode_of(monitor: str) -> str:
    words = monitor.lower().split("_")
    if any(word in _HIGHER for word in words):
        return "max"
    if any(word in _LOWER for word in words):
        return "min"
    raise LearnerError(f"whether a lower or a higher {monitor!r} is better is not known; give mode='min' or 'max'")
