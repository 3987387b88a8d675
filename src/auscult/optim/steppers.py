"""Steppers whose rate is one for all elements, and what moves parameters beside them: decay and lookahead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch

from auscult.errors import OptimError
from auscult.optim.bundle import Bundle
from auscult.optim.part import LR, MOMENTUM, WEIGHT_DECAY, Declares, Hyper, Mover, Stages, State, Stepper, Tensors
from auscult.optim.statistics import GRAD_AVG, STEP

SLOW = "slow"


class _Uniform(Stepper):
    """A stepper that moves every element by lr times the direction."""

    def rates(self, b: Bundle) -> Tensors:
        """lr."""
        return [torch.full_like(p, b.hyper["lr"]) for p in b.params]


@dataclass(frozen=True, repr=False)
class Sgd(_Uniform):
    """θ ← θ − lr · g."""

    name: ClassVar[str] = "sgd"

    def declare(self) -> Declares:
        """lr."""
        return Declares((LR,))

    def stages(self, b: Bundle) -> Stages:
        """The gradient as it is."""
        yield "gradient", b.grads


@dataclass(frozen=True, repr=False)
class Momentum(_Uniform):
    """θ ← θ − lr · m, with m the average of the gradients (Polyak 1964; fastai book ch. 16)."""

    name: ClassVar[str] = "momentum"

    def declare(self) -> Declares:
        """lr, and the average."""
        return Declares((LR,), needs=(GRAD_AVG,), takes=("debias",))

    def stages(self, b: Bundle) -> Stages:
        """The average in place of the gradient; without bias where something debiases it."""
        yield "momentum", averaged(b)


@dataclass(frozen=True, repr=False)
class Nesterov(_Uniform):
    """θ ← θ − lr · (g + β m), with m ← β m + g the average without dampening (Sutskever et al. 2013)."""

    name: ClassVar[str] = "nesterov"

    def declare(self) -> Declares:
        """lr and β, and the average."""
        return Declares((LR, MOMENTUM), needs=(GRAD_AVG,))

    def stages(self, b: Bundle) -> Stages:
        """The average, then the look ahead along it."""
        yield "momentum", b.state[GRAD_AVG]
        yield "nesterov", torch._foreach_add(b.grads, b.state[GRAD_AVG], alpha=b.hyper["momentum"])


@dataclass(frozen=True, repr=False)
class Lion(Stepper):
    """θ ← θ − lr · sign(β₁ m + (1 − β₁) g), with m as the step before left it (Chen et al. 2023).

    The average comes after it, with a coefficient of its own: `average_grad(dampening=True, coefficient="…")`.
    """

    name: ClassVar[str] = "lion"

    def declare(self) -> Declares:
        """lr and β₁; the average of the step before."""
        return Declares((LR, MOMENTUM), recalls=(GRAD_AVG,))

    def stages(self, b: Bundle) -> Stages:
        """Average and gradient mixed, then of every element the sign alone."""
        mixed = torch._foreach_lerp(b.state[GRAD_AVG], b.grads, 1 - b.hyper["momentum"])
        yield "momentum", mixed
        yield "sign", torch._foreach_sign(mixed)

    def rates(self, b: Bundle) -> Tensors:
        """None: it moves every element by lr, whatever its gradient."""
        raise OptimError("lion has no learning rate of an element: every step is lr long; plot lr instead")


@dataclass(frozen=True, repr=False)
class WeightDecay(Mover):
    """θ ← θ − lr · wd · θ: decay that nothing averages or scales (Loshchilov & Hutter 2019); it comes first."""

    name: ClassVar[str] = "weight_decay"

    def declare(self) -> Declares:
        """lr and wd."""
        return Declares((LR, WEIGHT_DECAY))

    def moves(self, b: Bundle) -> Stages:
        """−lr · wd · θ."""
        yield "decay", torch._foreach_mul(b.params, -b.hyper["lr"] * b.hyper["weight_decay"])

    def run(self, b: Bundle) -> None:
        """Multiply by 1 − lr · wd."""
        if b.hyper["weight_decay"]:
            torch._foreach_mul_(b.params, b.number(1 - b.hyper["lr"] * b.hyper["weight_decay"]))


@dataclass(frozen=True, repr=False)
class Lookahead(Mover):
    """Every k steps the slow weights s ← s + α (θ − s), and θ ← s (Zhang et al. 2019); it comes last."""

    name: ClassVar[str] = "lookahead"

    def declare(self) -> Declares:
        """The number of steps k and α; s, which begins as θ was before the first step."""
        hypers = (Hyper("k", 6, low=1, whole=True), Hyper("alpha", 0.5, most=1.0))
        return Declares(hypers, (State(SLOW, "data"),), needs=(STEP,))

    def moves(self, b: Bundle) -> Stages:
        """Back to the slow weights where they are due, else nothing."""
        if b.counts[STEP] % b.hyper["k"]:
            yield "lookahead", [torch.zeros_like(p) for p in b.params]
        else:
            to = torch._foreach_lerp(b.state[SLOW], b.params, b.hyper["alpha"])
            yield "lookahead", torch._foreach_sub(to, b.params)

    def run(self, b: Bundle) -> None:
        """On every k-th step of a parameter."""
        if b.counts[STEP] % b.hyper["k"] == 0:
            torch._foreach_lerp_(b.state[SLOW], b.params, b.hyper["alpha"])
            torch._foreach_copy_(b.params, b.state[SLOW])


def averaged(b: Bundle) -> Tensors:
    """The average of the gradients, without bias where something debiases it."""
    weight = b.weight(GRAD_AVG)
    return b.state[GRAD_AVG] if weight == 1 else torch._foreach_div(b.state[GRAD_AVG], b.number(weight))


sgd = Sgd()
momentum = Momentum()
nesterov = Nesterov()
lion = Lion()
weight_decay = WeightDecay()
lookahead = Lookahead()
