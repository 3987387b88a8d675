"""Well known optimizers, each a short list of parts: read it, print it, and compose your own from it."""

from __future__ import annotations

from torch.optim.optimizer import ParamsT

from auscult.errors import OptimError
from auscult.optim import adaptive, steppers
from auscult.optim.adaptive import adam, lamb, qhadam, radam, rms_prop
from auscult.optim.optimizer import Optimizer
from auscult.optim.part import Part
from auscult.optim.shapers import l2_reg, larc
from auscult.optim.statistics import average_grad, average_sqr_grad, debias, maximum, step_count
from auscult.optim.steppers import lion, lookahead, sgd

_MOMENTS: tuple[Part, ...] = (average_grad(dampening=True), average_sqr_grad, step_count, debias)
_AMSGRAD: tuple[Part, ...] = (maximum, adaptive.amsgrad)
_KEPT = "kept_momentum"


class SGD(Optimizer):
    """Stochastic gradient descent, θ ← θ − lr (g + wd · θ); equal to torch.optim.SGD without momentum."""

    def __init__(self, params: ParamsT, lr: float = 1e-3, weight_decay: float = 0.0) -> None:
        super().__init__(params, [l2_reg, sgd], lr=lr, weight_decay=weight_decay)


class Momentum(Optimizer):
    """SGD along the decayed sum of the gradients, m ← β m + g + wd · θ (fastai book ch. 16); equal to torch.optim.SGD.

    nesterov: along g + β m. dampening: m ← β m + (1 − β) g, steps 1 − β times as long; not torch's, which leaves the
    first gradient whole.
    """

    def __init__(
        self,
        params: ParamsT,
        lr: float = 1e-3,
        momentum: float = 0.9,
        weight_decay: float = 0.0,
        *,
        nesterov: bool = False,
        dampening: bool = False,
    ) -> None:
        parts = [l2_reg, average_grad(dampening=dampening), steppers.nesterov if nesterov else steppers.momentum]
        super().__init__(params, parts, lr=lr, momentum=momentum, weight_decay=weight_decay)


class RMSProp(Optimizer):
    """θ ← θ − lr · g / (√v + ε), v ← α v + (1 − α) g² with α = sqr_momentum; equal to torch.optim.RMSprop.

    dampening: without, v ← α v + g², as the code of fastai book ch. 16 has it: steps √(1 − α) times as long.
    eps_inside: g / √(v + ε), as the text of that chapter has it.
    """

    def __init__(
        self,
        params: ParamsT,
        lr: float = 1e-2,
        sqr_momentum: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        *,
        dampening: bool = True,
        eps_inside: bool = False,
    ) -> None:
        parts = [l2_reg, average_sqr_grad(dampening=dampening), rms_prop(eps_inside=eps_inside)]
        super().__init__(params, parts, lr=lr, sqr_momentum=sqr_momentum, eps=eps, weight_decay=weight_decay)


class Adam(Optimizer):
    """Adam (Kingma & Ba 2015), with the gradient of wd/2 ‖θ‖² added to g; equal to torch.optim.Adam.

    amsgrad: divide by the largest v so far (Reddi, Kale & Kumar 2018).
    """

    def __init__(
        self,
        params: ParamsT,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        *,
        amsgrad: bool = False,
    ) -> None:
        parts = [l2_reg, *_MOMENTS, *(_AMSGRAD if amsgrad else (adam,))]
        super().__init__(params, parts, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)


class AdamW(Optimizer):
    """Adam with decay that is not averaged or scaled (Loshchilov & Hutter 2019); equal to torch.optim.AdamW."""

    def __init__(
        self,
        params: ParamsT,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        *,
        amsgrad: bool = False,
    ) -> None:
        parts = [steppers.weight_decay, *_MOMENTS, *(_AMSGRAD if amsgrad else (adam,))]
        super().__init__(params, parts, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)


class RAdam(Optimizer):
    """Rectified Adam (Liu et al. 2020); equal to torch.optim.RAdam. decoupled: decay as AdamW's."""

    def __init__(
        self,
        params: ParamsT,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        *,
        decoupled: bool = False,
    ) -> None:
        parts = [steppers.weight_decay if decoupled else l2_reg, *_MOMENTS, radam]
        super().__init__(params, parts, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)


class QHAdam(Optimizer):
    """Quasi-hyperbolic Adam (Ma & Yarats 2019), with its recommended ν and β; decay as AdamW's."""

    def __init__(
        self,
        params: ParamsT,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.995, 0.999),
        nus: tuple[float, float] = (0.7, 1.0),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        if not isinstance(nus, (tuple, list)) or len(nus) != 2:
            raise OptimError(f"nus is {nus!r}; give two numbers, ν₁ and ν₂")
        parts = [steppers.weight_decay, *_MOMENTS, qhadam]
        hyper = {"betas": betas, "nu1": nus[0], "nu2": nus[1], "eps": eps, "weight_decay": weight_decay}
        super().__init__(params, parts, lr=lr, **hyper)


class LARC(Optimizer):
    """SGD with momentum whose steps are as long as each layer's weights allow (You, Gitman & Ginsburg 2017).

    The gradient is scaled before it is averaged, as published. clip: never more than lr (LARC); without, LARS.
    """

    def __init__(
        self,
        params: ParamsT,
        lr: float = 1e-1,
        momentum: float = 0.9,
        trust: float = 0.02,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        *,
        clip: bool = True,
    ) -> None:
        hyper = {"momentum": momentum, "trust": trust, "eps": eps, "weight_decay": weight_decay}
        super().__init__(params, [larc(clip=clip), average_grad, steppers.momentum], lr=lr, **hyper)


class LAMB(Optimizer):
    """Adam's steps, each layer's as long as its weights (You et al. 2020), with decay within them as published.

    max_trust: the most by which a step is lengthened, float("inf") for no limit.
    """

    def __init__(
        self,
        params: ParamsT,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-6,
        weight_decay: float = 0.0,
        *,
        max_trust: float = 10.0,
    ) -> None:
        hyper = {"betas": betas, "eps": eps, "weight_decay": weight_decay, "max_trust": max_trust}
        super().__init__(params, [*_MOMENTS, lamb], lr=lr, **hyper)


class Lion(Optimizer):
    """Steps of lr along the sign of averaged gradients (Chen et al. 2023), with decay as AdamW's.

    betas: β₁, by which the average is mixed with the gradient to step (`momentum`), and β₂, by which it is kept.
    """

    def __init__(
        self,
        params: ParamsT,
        lr: float = 1e-4,
        betas: tuple[float, float] = (0.9, 0.99),
        weight_decay: float = 0.0,
    ) -> None:
        parts = [steppers.weight_decay, lion, average_grad(dampening=True, coefficient=_KEPT)]
        super().__init__(params, parts, lr=lr, betas=betas, weight_decay=weight_decay)


def Lookahead(optimizer: Optimizer, k: int = 6, alpha: float = 0.5) -> Optimizer:  # noqa: N802 named as the others
    """The same optimizer with one part more: slow weights that follow every k steps (Zhang et al. 2019).

    optimizer: a composed one that has not stepped yet; use what is returned in its place. alpha: how much of the way
    the slow weights go. Raises OptimError where it has stepped, or is another kind of optimizer.
    """
    if not isinstance(optimizer, Optimizer):
        raise OptimError(
            f"Lookahead composes auscult's optimizers, got {type(optimizer).__name__}; "
            "take its preset, or compose it from parts"
        )
    if optimizer.state:
        raise OptimError("the optimizer has stepped already; put Lookahead around it before the first step")
    parts = [*optimizer.parts, *([] if step_count in optimizer.parts else [step_count]), lookahead]
    made = object.__new__(type(optimizer))  # an Adam stays an Adam
    groups = [dict(group) for group in optimizer.param_groups]
    Optimizer.__init__(made, groups, parts, **{**optimizer.defaults, "k": k, "alpha": alpha})
    return made
