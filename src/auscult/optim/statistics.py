"""Statistics of the gradients g of a parameter: averages, the number of steps, what corrects their bias, the maximum.

An average begins at zero. Without dampening it is a decayed sum, m ← β m + g; with dampening the weights of its
gradients come to sum to one, m ← β m + (1 − β) g (fastai book ch. 16).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import torch

from auscult.optim.bundle import Bundle
from auscult.optim.part import MOMENTUM, SQR_MOMENTUM, Declares, Hyper, State, Statistic

GRAD_AVG, SQR_AVG, SQR_MAX, STEP = "grad_avg", "sqr_avg", "sqr_avg_max", "step"


class Average(Statistic):
    """A statistic that is a weighted sum of what it has seen; begun at zero, its weights do not sum to one."""

    keeps: ClassVar[str]

    @abstractmethod
    def weight(self, hyper: Mapping[str, Any], steps: int) -> float:
        """The sum of the weights after so many steps, for a β that did not change."""


@dataclass(frozen=True, repr=False)
class AverageGrad(Average):
    """The average of the gradients, kept as `grad_avg`; without dampening unless asked for.

    coefficient: the name of the hyper-parameter that is β; schedulers cycle the one that is called `momentum`.
    """

    name: ClassVar[str] = "average_grad"
    keeps: ClassVar[str] = GRAD_AVG
    dampening: bool = False
    coefficient: str = "momentum"

    def __call__(self, *, dampening: bool = False, coefficient: str = "momentum") -> AverageGrad:
        """The same with other options."""
        return AverageGrad(dampening, coefficient)

    def declare(self) -> Declares:
        """β, and the average."""
        return Declares((Hyper(self.coefficient, MOMENTUM.default, below=1.0),), (State(GRAD_AVG),))

    def run(self, b: Bundle) -> None:
        """m ← β m + g, or with dampening m ← β m + (1 − β) g."""
        beta = b.hyper[self.coefficient]
        if self.dampening:
            torch._foreach_lerp_(b.state[GRAD_AVG], b.grads, 1 - beta)
        else:
            torch._foreach_mul_(b.state[GRAD_AVG], b.number(beta))
            torch._foreach_add_(b.state[GRAD_AVG], b.grads)

    def weight(self, hyper: Mapping[str, Any], steps: int) -> float:
        """1 − β^t, or without dampening (1 − β^t) / (1 − β)."""
        return _weight(hyper[self.coefficient], steps, self.dampening)


@dataclass(frozen=True, repr=False)
class AverageSqrGrad(Average):
    """The average of the squared gradients, kept as `sqr_avg`; with dampening unless asked not to."""

    name: ClassVar[str] = "average_sqr_grad"
    keeps: ClassVar[str] = SQR_AVG
    dampening: bool = True

    def __call__(self, *, dampening: bool = True) -> AverageSqrGrad:
        """The same with other options."""
        return AverageSqrGrad(dampening)

    def declare(self) -> Declares:
        """β₂, and the average."""
        return Declares((SQR_MOMENTUM,), (State(SQR_AVG),))

    def run(self, b: Bundle) -> None:
        """v ← β₂ v + (1 − β₂) g², or without dampening v ← β₂ v + g²."""
        beta = b.hyper["sqr_momentum"]
        torch._foreach_mul_(b.state[SQR_AVG], b.number(beta))
        torch._foreach_addcmul_(b.state[SQR_AVG], b.grads, b.grads, 1 - beta if self.dampening else 1.0)

    def weight(self, hyper: Mapping[str, Any], steps: int) -> float:
        """1 − β₂^t, or without dampening (1 − β₂^t) / (1 − β₂)."""
        return _weight(hyper["sqr_momentum"], steps, self.dampening)


def _weight(beta: float, steps: int, dampening: bool) -> float:
    return (1 - beta**steps) / (1.0 if dampening else 1 - beta)


@dataclass(frozen=True, repr=False)
class StepCount(Statistic):
    """How many steps t a parameter has made, 1 in its first; a step in which it had no gradient is none."""

    name: ClassVar[str] = "step_count"

    def declare(self) -> Declares:
        """The count."""
        return Declares(state=(State(STEP, "count"),))

    def run(self, b: Bundle) -> None:
        """t ← t + 1."""
        b.counts[STEP] += 1


@dataclass(frozen=True, repr=False)
class Debias(Statistic):
    """What the averages before it are to be divided by, so that they do not remember that they began at zero.

    1 − β^t for an average with dampening (Kingma & Ba 2015), with the β of the moment, also where a schedule moves it.
    Parts that come later use it; without it they take the averages as they are.
    """

    name: ClassVar[str] = "debias"
    derived: ClassVar[bool] = True

    def declare(self) -> Declares:
        """The number of steps; and whatever averages there are."""
        return Declares(needs=(STEP,), provides=("debias",))

    def run(self, b: Bundle) -> None:
        """The weight of every average before this part."""
        for part in b.parts:
            if part is self:
                break
            if isinstance(part, Average):
                b.weights[part.keeps] = part.weight(b.hyper, b.counts[STEP])


@dataclass(frozen=True, repr=False)
class Maximum(Statistic):
    """The largest `sqr_avg` so far, element by element, kept as `sqr_avg_max` (Reddi, Kale & Kumar 2018)."""

    name: ClassVar[str] = "maximum"

    def declare(self) -> Declares:
        """The average, and its maximum."""
        return Declares(state=(State(SQR_MAX),), needs=(SQR_AVG,))

    def run(self, b: Bundle) -> None:
        """v̂ ← max(v̂, v); it is debiased as v is."""
        torch._foreach_maximum_(b.state[SQR_MAX], b.state[SQR_AVG])


average_grad = AverageGrad()
average_sqr_grad = AverageSqrGrad()
step_count = StepCount()
debias = Debias()
maximum = Maximum()
