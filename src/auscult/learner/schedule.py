"""Callbacks that set the optimizer's hyper-parameters as a fit goes on: by curves of ours, or PyTorch's schedulers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal

from torch import Tensor
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler, ReduceLROnPlateau

from auscult.errors import LearnerError
from auscult.learner.callback import Callback

if TYPE_CHECKING:
    from auscult.learner.fit import Fit

Curve = Callable[[float], float]


class Schedule(Callback):
    """Sets learning rate and momentum before each step, by curves over the position in the fit.

    Of the fit's T steps the one of index t has the position t/(T − 1), from 0 to 1. Momentum is betas[0] of optimizers
    that have betas and momentum of those that have that; an optimizer with a momentum of 0 uses none and is left alone.
    After the fit momentum is what it was before; the learning rate stays what the curve made it.

    lr: a curve from positions to learning rates, or one for each parameter group. momentum: a curve.
    """

    order = -50

    def __init__(self, lr: Curve | Sequence[Curve] | None = None, momentum: Curve | None = None) -> None:
        self._lr, self._momentum = lr, momentum
        self._before: list[float | None] = []

    def before_fit(self, fit: Fit) -> None:
        """Note the momentum there is."""
        if fit.steps is None:
            raise LearnerError("a schedule needs to know how many steps there are; give a train loader that has a len")
        groups = fit.optimizer.param_groups
        if isinstance(self._lr, Sequence) and len(self._lr) != len(groups):
            raise LearnerError(
                f"the schedule has {len(self._lr)} curves, the optimizer {len(groups)} groups; give one for each"
            )
        self._before = [_momentum(group) for group in groups]

    def before_batch(self, fit: Fit) -> None:
        """Set what holds for the step this batch belongs to."""
        assert fit.steps is not None
        position = min(fit.step / max(fit.steps - 1, 1), 1.0)
        for i, group in enumerate(fit.optimizer.param_groups):
            if self._lr is not None:
                set_lr(group, self._lr(position) if callable(self._lr) else self._lr[i](position))
            if self._momentum is not None and self._before[i]:
                _set_momentum(group, self._momentum(position))

    def after_fit(self, fit: Fit) -> None:
        """Put the momentum back."""
        for group, momentum in zip(fit.optimizer.param_groups, self._before, strict=False):
            if momentum:
                _set_momentum(group, momentum)

    def state(self) -> dict[str, Any]:
        """The momentum before the fit."""
        return {"before": list(self._before)}

    def load_state(self, state: dict[str, Any]) -> None:
        """Take it over."""
        self._before = list(state["before"])


class Scheduler(Callback):
    """One of PyTorch's learning rate schedulers, made anew for each fit and kept in its checkpoints.

    make: a function from the optimizer to the scheduler, such as `lambda o: CosineAnnealingLR(o, T_max=10)`.
    every: what it steps after, each "step" of the optimizer or each "epoch".
    monitor: the number of the epoch that ReduceLROnPlateau looks at.
    """

    order = -50

    def __init__(
        self,
        make: Callable[[Optimizer], LRScheduler],
        every: Literal["step", "epoch"] = "epoch",
        monitor: str = "valid_loss",
    ) -> None:
        if every not in ("step", "epoch"):
            raise LearnerError(f"a scheduler steps every 'step' or 'epoch', got {every!r}; give one of these")
        self._make, self._every, self._monitor = make, every, monitor
        self.scheduler: LRScheduler | None = None

    def before_fit(self, fit: Fit) -> None:
        """Make it."""
        self.scheduler = self._make(fit.optimizer)
        if isinstance(self.scheduler, ReduceLROnPlateau) and self._every != "epoch":
            raise LearnerError("ReduceLROnPlateau looks at a number of the epoch; give every='epoch'")

    def after_step(self, fit: Fit) -> None:
        """Step it, where it goes by steps."""
        if self._every == "step" and self.scheduler is not None:
            self.scheduler.step()

    def after_epoch(self, fit: Fit) -> None:
        """Step it, where it goes by epochs."""
        if self._every != "epoch" or self.scheduler is None:
            return
        if isinstance(self.scheduler, ReduceLROnPlateau):
            self.scheduler.step(fit.number(self._monitor))
        else:
            self.scheduler.step()

    def state(self) -> dict[str, Any]:
        """The scheduler's own."""
        return dict(self.scheduler.state_dict()) if self.scheduler is not None else {}

    def load_state(self, state: dict[str, Any]) -> None:
        """Hand it to the scheduler, once there is one."""
        if self.scheduler is not None:
            self.scheduler.load_state_dict(state)


def set_lr(group: dict[str, Any], lr: float) -> None:
    """Set a parameter group's learning rate, in place where that is a tensor."""
    if isinstance(group["lr"], Tensor):
        group["lr"].fill_(lr)
    else:
        group["lr"] = lr


def _momentum(group: dict[str, Any]) -> float | None:
    return group["betas"][0] if "betas" in group else group.get("momentum")


def _set_momentum(group: dict[str, Any], momentum: float) -> None:
    if "betas" in group:
        group["betas"] = (momentum, *group["betas"][1:])
    else:
        group["momentum"] = momentum
