"""`edge`: how sharp the loss is against what the learning rate bears."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from auscult.curvature.eigen import pairs_of
from auscult.curvature.objective import Objective
from auscult.curvature.stability import limit_of, plain_limit
from auscult.errors import CurvatureError

_NEAR = 0.1  # trainings at the edge hover within about a tenth of it (Cohen et al. 2021, figures 1 and 5)


@dataclass(frozen=True)
class Edge:
    """The sharpness at a point, and what the learning rate bears.

    sharpness: the largest eigenvalue of the Hessian; for an optimizer that scales elements, RMSProp and Adam, or groups
    of several learning rates, that of the Hessian preconditioned as it does. residual: how well it is known.
    bound: what steps on a quadratic bear, and `rule` how it comes about. ratio: sharpness / bound.
    vector: the direction, (parameters,), of norm 1.
    """

    sharpness: float
    residual: float
    bound: float
    rule: str
    ratio: float
    preconditioned: bool
    converged: bool
    products: int
    vector: Tensor

    @property
    def side(self) -> str:
        """ "below", "at" or "beyond" the edge of stability: more than a tenth off or not."""
        return "below" if self.ratio < 1 - _NEAR else "at" if self.ratio <= 1 + _NEAR else "beyond"

    def __str__(self) -> str:
        what = "preconditioned sharpness" if self.preconditioned else "sharpness"
        means = {
            "below": "steps on the whole data shrink along every direction of curvature.",
            "at": "where steps on the whole data settle; training goes on, the loss no longer falls at every step.",
            "beyond": "steps on the whole data grow along the sharpest direction until the curvature falls.",
        }
        end = "" if self.converged else " (not converged)"
        return (
            f"{what} {self.sharpness:.4g}{end}, {self.ratio:.2f} of the {self.bound:.4g} = {self.rule} that the "
            f"learning rate bears: {self.side} the edge of stability: {means[self.side]} The bound is for steps on the "
            "whole data; minibatch SGD settles below it, the smaller the batch the further."
        )


def edge(
    objective: Objective,
    optimizer: torch.optim.Optimizer | None = None,
    *,
    lr: float | None = None,
    momentum: float = 0.0,
    nesterov: bool = False,
    tolerance: float = 1e-3,
    most: int = 500,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Edge:
    """The sharpness of the loss, the bound of an optimizer's learning rate, and on which side it is.

    On a quadratic, steps stay bounded while the largest eigenvalue is below 2/lr for gradient descent; (2 + 2β)/lr
    with momentum; (2 + 2β)/((1 + 2β) lr) with Nesterov's (Cohen et al. 2021, arXiv 2103.00065); for Adam, with the
    eigenvalue of P^−½ H P^−½, (2 + 2β₁)/((1 − β₁) lr), 38/lr at β₁ = .9, P = (1 − β₁ᵗ) diag(√v̂ + ε) (Cohen et al.
    2022, arXiv 2207.14484). Decay that is part of the gradient is added to H; decoupled decay is left out.

    Args:
        optimizer: torch.optim's or auscult.optim's SGD, RMSprop, Adam or AdamW, as its last step left it.
        lr, momentum, nesterov: in its place, of gradient descent.
        tolerance, most, seed, progress: as of `eigen`.

    Raises CurvatureError where the optimizer's limit is not known, and what the objective raises.
    """
    if (optimizer is None) == (lr is None):
        raise CurvatureError("give an optimizer, or lr=; " + ("got neither" if lr is None else "got both"))
    if optimizer is not None:
        limit = limit_of(objective, optimizer)
    else:
        assert lr is not None
        limit = plain_limit(lr, momentum, nesterov)
    with objective.hessian() as h:

        def multiply(v: Tensor) -> Tensor:
            scaled = v if limit.scale is None else v * limit.scale
            made = h @ scaled
            if limit.decay is not None:
                made = made + limit.decay * scaled
            return made if limit.scale is None else made * limit.scale

        found = pairs_of(
            multiply, objective, 1, "largest", tolerance=tolerance, most=most, seed=seed, progress=progress
        )
    sharpness = float(found.values[0])
    return Edge(
        sharpness=sharpness,
        residual=float(found.residuals[0]),
        bound=limit.bound,
        rule=limit.rule,
        ratio=sharpness / limit.bound,
        preconditioned=limit.scale is not None,
        converged=found.converged,
        products=found.products,
        vector=found.vectors[0],
    )
