"""`eigen`: the largest eigenvalues of the Hessian, or its ends, with their vectors and errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import torch
from torch import Tensor

from auscult.curvature.lanczos import Choose, Multiply, Pairs, eigenpairs, random_start
from auscult.curvature.objective import Objective
from auscult.errors import CurvatureError

Which = Literal["magnitude", "largest", "smallest", "both"]
BASIS = 64  # vectors; more of them save fewer products than they cost


@dataclass(frozen=True)
class Eigen:
    """Eigenvalues of a Hessian, their vectors, (values, parameters), and how good they are.

    residuals: ‖Hv − λv‖ of each; an eigenvalue lies within it. converged: all are within the tolerance asked for.
    products: Hessian-vector products it took. A value that the Hessian has several times may be here fewer times.
    """

    values: tuple[float, ...]
    residuals: tuple[float, ...]
    vectors: Tensor
    products: int
    converged: bool

    def __str__(self) -> str:
        rows = [f"{value:12.6g}  ± {error:.1e}" for value, error in zip(self.values, self.residuals, strict=True)]
        end = "" if self.converged else "; not converged"
        return "\n".join(["eigenvalue   ± residual", *rows, f"{self.products} Hessian-vector products{end}"])


def eigen(
    objective: Objective,
    k: int = 1,
    *,
    which: Which = "magnitude",
    tolerance: float = 1e-4,
    most: int = 500,
    basis: int | None = None,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Eigen:
    """The k eigenvalues of the Hessian that are largest in magnitude, largest, smallest, or k at both ends.

    By Lanczos with full reorthogonalisation and thick restarts; see `auscult.curvature.lanczos`.

    Args:
        which: "magnitude": by |λ|, largest first; "largest": descending; "smallest": ascending; "both": the k largest,
            descending, then the k smallest, ascending.
        tolerance: of each residual ‖Hv − λv‖, relative to the largest |λ|; the error of λ is about its square.
        most: Hessian-vector products; where they do not suffice, `converged` says so.
        basis: vectors of the parameters' size that are held, the memory it takes; by default up to 64, fewer where
            they would exceed the objective's `memory`, down to 2k + 4. Fewer take more products.
        progress: called with (products done, most).

    Raises CurvatureError, and what the objective raises.
    """
    if which not in get_args(Which):
        raise CurvatureError(f"which is {which!r}; it is one of {', '.join(get_args(Which))}")
    with objective.hessian() as h:
        found = pairs_of(
            h.__matmul__, objective, k, which, tolerance=tolerance, most=most, basis=basis, seed=seed, progress=progress
        )
    values, residuals = tuple(map(float, found.values)), tuple(map(float, found.residuals))
    return Eigen(values, residuals, found.vectors, found.products, found.converged)


def pairs_of(
    multiply: Multiply,
    objective: Objective,
    k: int,
    which: Which,
    *,
    tolerance: float = 1e-4,
    most: int = 500,
    basis: int | None = None,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Pairs:
    """Eigenpairs of any symmetric operator on vectors of the parameters."""
    size, count = objective.size, 2 * k if which == "both" else k
    if not 1 <= count <= size:
        raise CurvatureError(f"asked for {count} eigenvalues of {size} there are; ask for 1 to {size}")
    like = torch.zeros(0, dtype=objective.layout.dtype, device=objective.layout.device)
    least = 2 * count + 4
    if basis is None:
        fit = objective.memory // (size * like.element_size())
        basis = max(least, min(BASIS, fit), 4 * count if 4 * count <= fit else 0)
    if basis < least and basis < size:
        raise CurvatureError(f"a basis of {basis} vectors is too small for {count} eigenvalues; give at least {least}")
    generator = torch.Generator().manual_seed(seed)
    return eigenpairs(
        multiply,
        random_start(size, generator, like),
        _choose(which, k),
        tolerance=tolerance,
        most=most,
        basis=basis,
        generator=generator,
        progress=progress,
    )


def _choose(which: Which, k: int) -> Choose:
    def choose(values: np.ndarray) -> np.ndarray:
        ascending = np.arange(len(values))
        if which == "magnitude":
            return np.argsort(-np.abs(values), kind="stable")[:k]
        if which == "largest":
            return ascending[::-1][:k]
        if which == "smallest":
            return ascending[:k]
        return np.concatenate([ascending[::-1][:k], ascending[: min(k, max(0, len(values) - k))]])

    return choose
