"""Shapers: what changes the gradient before later parts see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch

from auscult.optim.bundle import Bundle
from auscult.optim.part import EPS, LR, WEIGHT_DECAY, Declares, Hyper, Shaper, Stages, State, Tensors

TRUST = "trust"


@dataclass(frozen=True, repr=False)
class L2Reg(Shaper):
    """g ← g + wd · θ: the gradient of wd/2 ‖θ‖², which later parts average and scale like the rest of g."""

    name: ClassVar[str] = "l2_reg"

    def declare(self) -> Declares:
        """wd."""
        return Declares((WEIGHT_DECAY,))

    def stages(self, b: Bundle) -> Stages:
        """The gradient with that of the penalty."""
        yield "decay", torch._foreach_add(b.grads, b.params, alpha=b.hyper["weight_decay"])

    def run(self, b: Bundle) -> None:
        """Nothing where wd is 0."""
        if b.hyper["weight_decay"]:
            super().run(b)


@dataclass(frozen=True, repr=False)
class Larc(Shaper):
    """g ← q (g + wd · θ), with q from the norms of each whole parameter: how far it may move for its size.

    The local rate is λ = trust ‖θ‖₂ / (‖g‖₂ + wd ‖θ‖₂ + ε) (You, Gitman & Ginsburg 2017). Clipped (LARC), q =
    min(λ / lr, 1): the step is that of λ, but never more than that of lr. Not clipped (LARS), q = λ, and lr multiplies
    it. q = 1 where θ or g is zero. The last q is kept as `trust`.
    """

    name: ClassVar[str] = "larc"
    adaptive: ClassVar[bool] = True
    clip: bool = True

    def __call__(self, *, clip: bool = True) -> Larc:
        """The same with other options."""
        return Larc(clip)

    def declare(self) -> Declares:
        """Trust, wd and ε; q."""
        hypers = (Hyper("trust", 0.02), WEIGHT_DECAY, EPS, *((LR,) if self.clip else ()))
        return Declares(hypers, (State(TRUST, "number"),))

    def stages(self, b: Bundle) -> Stages:
        """The gradient with decay, then scaled."""
        wd, lr = b.hyper["weight_decay"], b.hyper["lr"]
        data, grad = (torch.stack(torch._foreach_norm(x)) for x in (b.params, b.grads))
        rate = b.hyper["trust"] * data / (grad + wd * data + b.hyper["eps"])
        if self.clip:
            rate = torch.clamp(rate / lr, max=1.0) if lr else torch.ones_like(rate)
        factors = list(torch.where((data > 0) & (grad > 0), rate, 1.0).unbind())
        torch._foreach_copy_(b.state[TRUST], factors)
        decayed = torch._foreach_add(b.grads, b.params, alpha=wd)
        yield "decay", decayed
        yield "trust", torch._foreach_mul(decayed, factors)

    def factors(self, b: Bundle) -> Tensors | None:
        """The q of the last step."""
        return b.state[TRUST]


l2_reg = L2Reg()
larc = Larc()
