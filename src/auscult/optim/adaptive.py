"""Steppers that scale each element by what its gradients have been: m and v are the averages of g and of g².

Below, m̂ and v̂ are the averages without bias where an earlier part debiases them, else as they are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import torch

from auscult.errors import OptimError
from auscult.optim.bundle import Bundle
from auscult.optim.part import EPS, LR, SQR_MOMENTUM, WEIGHT_DECAY, Declares, Hyper, Stages, State, Stepper, Tensors
from auscult.optim.shapers import TRUST
from auscult.optim.statistics import GRAD_AVG, SQR_AVG, SQR_MAX, STEP
from auscult.optim.steppers import averaged


class _Scaled(Stepper):
    """θ ← θ − lr · d / (√v̂ + ε), with one multi-tensor kernel an operation and nothing computed twice."""

    adaptive: ClassVar[bool] = True
    squares: ClassVar[str] = SQR_AVG

    def step_along(self, b: Bundle, direction: Tensors, weight: float, factor: float = 1.0) -> None:
        """Step along direction / weight, scaled.

        √v̂ + ε = (√v + ε √w) / √w for v̂ = v / w: the weight costs no pass over the tensors.
        """
        root = math.sqrt(b.weight(SQR_AVG))
        scale = torch._foreach_sqrt(b.state[self.squares])
        torch._foreach_add_(scale, b.number(b.hyper["eps"] * root))
        torch._foreach_addcdiv_(b.params, direction, scale, -b.hyper["lr"] * factor * root / weight)

    def scale(self, b: Bundle) -> Tensors:
        """√v̂ + ε."""
        scale = torch._foreach_sqrt(torch._foreach_div(b.state[self.squares], b.number(b.weight(SQR_AVG))))
        torch._foreach_add_(scale, b.number(b.hyper["eps"]))
        return scale

    def rates(self, b: Bundle) -> Tensors:
        """lr / (√v̂ + ε)."""
        return _over(b.hyper["lr"], self.scale(b))


def _over(rate: float, scale: Tensors) -> Tensors:
    return torch._foreach_mul(torch._foreach_reciprocal(scale), rate)


@dataclass(frozen=True, repr=False)
class RmsProp(_Scaled):
    """θ ← θ − lr · g / (√v̂ + ε) (Tieleman & Hinton 2012); with m̂ in place of g where the gradients are averaged.

    eps_inside: divide by √(v̂ + ε), as the text of fastai book ch. 16 writes it (its code has ε outside).
    """

    name: ClassVar[str] = "rms_prop"
    eps_inside: bool = False

    def __call__(self, *, eps_inside: bool = False) -> RmsProp:
        """The same with other options."""
        return RmsProp(eps_inside)

    def declare(self) -> Declares:
        """lr and ε; v, and m where it is there."""
        return Declares((LR, EPS), needs=(SQR_AVG,), takes=(GRAD_AVG, "debias"))

    def scale(self, b: Bundle) -> Tensors:
        """√v̂ + ε, or √(v̂ + ε)."""
        if not self.eps_inside:
            return super().scale(b)
        squares = torch._foreach_div(b.state[SQR_AVG], b.weight(SQR_AVG))
        torch._foreach_add_(squares, b.hyper["eps"])
        return torch._foreach_sqrt(squares)

    def stages(self, b: Bundle) -> Stages:
        """The average where there is one, then scaled."""
        direction = b.grads
        if GRAD_AVG in b.state:
            direction = averaged(b)
            yield "momentum", direction
        yield "scaling", torch._foreach_div(direction, self.scale(b))

    def run(self, b: Bundle) -> None:
        """The step, with few passes over the tensors."""
        if self.eps_inside:
            super().run(b)
        elif GRAD_AVG in b.state:
            self.step_along(b, b.state[GRAD_AVG], b.weight(GRAD_AVG))
        else:
            self.step_along(b, b.grads, 1.0)


@dataclass(frozen=True, repr=False)
class Adam(_Scaled):
    """θ ← θ − lr · m̂ / (√v̂ + ε) (Kingma & Ba 2015)."""

    name: ClassVar[str] = "adam"

    def declare(self) -> Declares:
        """lr and ε; m and v."""
        return Declares((LR, EPS), needs=(GRAD_AVG, SQR_AVG), takes=("debias",))

    def stages(self, b: Bundle) -> Stages:
        """The average, then scaled."""
        direction = averaged(b)
        yield "momentum", direction
        yield "scaling", torch._foreach_div(direction, self.scale(b))

    def run(self, b: Bundle) -> None:
        """The step, with few passes over the tensors."""
        self.step_along(b, b.state[GRAD_AVG], b.weight(GRAD_AVG))


@dataclass(frozen=True, repr=False)
class AmsGrad(Adam):
    """Adam with the largest v so far in place of v (Reddi, Kale & Kumar 2018), debiased as v is."""

    name: ClassVar[str] = "amsgrad"
    squares: ClassVar[str] = SQR_MAX

    def declare(self) -> Declares:
        """lr and ε; m and the maximum of v."""
        return Declares((LR, EPS), needs=(GRAD_AVG, SQR_MAX), takes=("debias",))


@dataclass(frozen=True, repr=False)
class RAdam(_Scaled):
    """Adam whose scaling waits until v is known well enough, and is then rectified by r (Liu et al. 2020).

    ρ∞ = 2 / (1 − β₂) − 1 and ρ = ρ∞ − 2 t β₂^t / (1 − β₂^t). While ρ ≤ 5: θ ← θ − lr · m̂. After: θ ← θ − lr · r m̂ √w /
    (√v + ε), with w = 1 − β₂^t (so that ε is not debiased) and r² = (ρ − 4)(ρ − 2) ρ∞ / ((ρ∞ − 4)(ρ∞ − 2) ρ).
    """

    name: ClassVar[str] = "radam"

    def declare(self) -> Declares:
        """lr, ε and β₂; m, v and the number of steps."""
        return Declares((LR, EPS, SQR_MOMENTUM), needs=(GRAD_AVG, SQR_AVG, STEP), takes=("debias",))

    def scale(self, b: Bundle) -> Tensors:
        """(√v + ε) / √w."""
        scale = torch._foreach_sqrt(b.state[SQR_AVG])
        torch._foreach_add_(scale, b.number(b.hyper["eps"]))
        torch._foreach_div_(scale, math.sqrt(b.weight(SQR_AVG)))
        return scale

    def rectification(self, b: Bundle) -> float | None:
        """r; None while there is no scaling."""
        beta, t = b.hyper["sqr_momentum"], b.counts[STEP]
        end = 2 / (1 - beta) - 1
        now = end - 2 * t * beta**t / (1 - beta**t)
        return math.sqrt((now - 4) * (now - 2) * end / ((end - 4) * (end - 2) * now)) if now > 5 else None

    def stages(self, b: Bundle) -> Stages:
        """The average, then scaled, then rectified."""
        direction, r = averaged(b), self.rectification(b)
        yield "momentum", direction
        scaled = direction if r is None else torch._foreach_div(direction, self.scale(b))
        yield "scaling", scaled
        yield "rectification", scaled if r is None else torch._foreach_mul(scaled, r)

    def rates(self, b: Bundle) -> Tensors:
        """lr, then lr · r √w / (√v + ε)."""
        r = self.rectification(b)
        if r is None:
            return [torch.full_like(p, b.hyper["lr"]) for p in b.params]
        return _over(b.hyper["lr"] * r, self.scale(b))

    def run(self, b: Bundle) -> None:
        """The step, with few passes over the tensors."""
        r, rate, weight = self.rectification(b), b.hyper["lr"], b.weight(GRAD_AVG)
        if r is None:
            torch._foreach_add_(b.params, b.state[GRAD_AVG], alpha=-rate / weight)
        else:
            scale = torch._foreach_sqrt(b.state[SQR_AVG])
            torch._foreach_add_(scale, b.number(b.hyper["eps"]))
            value = -rate * r * math.sqrt(b.weight(SQR_AVG)) / weight
            torch._foreach_addcdiv_(b.params, b.state[GRAD_AVG], scale, value)


@dataclass(frozen=True, repr=False)
class QhAdam(_Scaled):
    """θ ← θ − lr · ((1 − ν₁) g + ν₁ m̂) / (√((1 − ν₂) g² + ν₂ v̂) + ε) (Ma & Yarats 2019)."""

    name: ClassVar[str] = "qhadam"

    def declare(self) -> Declares:
        """lr, ε, ν₁ and ν₂; m and v."""
        nus = Hyper("nu1", 0.7, most=1.0), Hyper("nu2", 1.0, most=1.0)
        return Declares((LR, EPS, *nus), needs=(GRAD_AVG, SQR_AVG), takes=("debias",))

    def scale(self, b: Bundle) -> Tensors:
        """√((1 − ν₂) g² + ν₂ v̂) + ε."""
        nu2 = b.hyper["nu2"]
        squares = torch._foreach_mul(b.state[SQR_AVG], nu2 / b.weight(SQR_AVG))
        if nu2 != 1:
            if len(b.grads) != len(b.params):
                raise OptimError("qhadam's rate depends on the gradient when nu2 is not 1; ask before zero_grad")
            torch._foreach_addcmul_(squares, b.grads, b.grads, 1 - nu2)
        scale = torch._foreach_sqrt(squares)
        torch._foreach_add_(scale, b.number(b.hyper["eps"]))
        return scale

    def stages(self, b: Bundle) -> Stages:
        """Average and gradient mixed, then scaled."""
        mixed = torch._foreach_lerp(b.grads, averaged(b), b.hyper["nu1"])
        yield "momentum", mixed
        yield "scaling", torch._foreach_div(mixed, self.scale(b))


@dataclass(frozen=True, repr=False)
class Lamb(_Scaled):
    """θ ← θ − lr · q u with u = m̂ / (√v̂ + ε) + wd · θ and q = min(‖θ‖₂ / ‖u‖₂, most) (You et al. 2020).

    The norms are of each whole parameter; q = 1 where one of them is zero. The last q is kept as `trust`.

    decay_inside: whether u has wd · θ in it, as published; without, put `weight_decay` before it.
    """

    name: ClassVar[str] = "lamb"
    decay_inside: bool = True

    def __call__(self, *, decay_inside: bool = True) -> Lamb:
        """The same with other options."""
        return Lamb(decay_inside)

    def declare(self) -> Declares:
        """lr, ε, the largest q and wd; m and v; q."""
        hypers = (LR, EPS, Hyper("max_trust", 10.0), *((WEIGHT_DECAY,) if self.decay_inside else ()))
        return Declares(hypers, (State(TRUST, "number"),), needs=(GRAD_AVG, SQR_AVG), takes=("debias",))

    def stages(self, b: Bundle) -> Stages:
        """The average, scaled, with decay, and as long as the parameter allows."""
        direction = averaged(b)
        yield "momentum", direction
        direction = torch._foreach_div(direction, self.scale(b))
        yield "scaling", direction
        if self.decay_inside:
            direction = torch._foreach_add(direction, b.params, alpha=b.hyper["weight_decay"])
            yield "decay", direction
        data, step = (torch.stack(torch._foreach_norm(x)) for x in (b.params, direction))
        trust = torch.where((data > 0) & (step > 0), torch.clamp(data / step, max=b.hyper["max_trust"]), 1.0)
        factors = list(trust.unbind())
        torch._foreach_copy_(b.state[TRUST], factors)
        yield "trust", torch._foreach_mul(direction, factors)

    def rates(self, b: Bundle) -> Tensors:
        """lr · q / (√v̂ + ε), with the q of the last step."""
        return torch._foreach_mul(super().rates(b), b.state[TRUST])


rms_prop = RmsProp()
adam = Adam()
amsgrad = AmsGrad()
radam = RAdam()
qhadam = QhAdam()
lamb = Lamb()
