"""Lanczos iterations for a symmetric operator: a few eigenpairs with their errors, or quadratures for its density."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

Multiply = Callable[[Tensor], Tensor]
Choose = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Pairs:
    """Eigenvalues, (k,), residual norms ‖Hv − λv‖, (k,), vectors, (k, size), and the products they took."""

    values: np.ndarray
    residuals: np.ndarray
    vectors: Tensor
    products: int
    converged: bool


def eigenpairs(
    multiply: Multiply,
    start: Tensor,
    choose: Choose,
    *,
    tolerance: float,
    most: int,
    basis: int,
    generator: torch.Generator,
    progress: Callable[[int, int], None] | None = None,
) -> Pairs:
    """The eigenpairs that `choose` picks, by thick-restart Lanczos with full reorthogonalisation (Wu & Simon 2000).

    multiply: the operator times a vector, (size,). start: (size,), not zero. choose: from all Ritz values, ascending,
    the indices of those that are wanted, best first. tolerance: of the residuals, relative to the largest |Ritz value|.
    most: products. basis: vectors that are held; when they are used up, the better half of the Ritz vectors is kept.

    A residual is |β s|, the size of what leaves the basis (Parlett 1998, 13.2), and not less than rounding. An
    eigenvalue lies within it of the value given; the error is of the order of its square over the gap.
    """
    size = start.numel()
    basis = min(basis, size)
    eps = torch.finfo(start.dtype).eps
    vectors = torch.empty(basis + 1, size, dtype=start.dtype, device=start.device)
    vectors[0] = start / start.norm()
    projected = np.zeros((basis, basis))
    count = products = 0
    while True:
        rest, along = _beyond(multiply(vectors[count]), vectors[: count + 1])
        projected[: count + 1, count] = projected[count, : count + 1] = along.double().cpu().numpy()
        count, products = count + 1, products + 1
        values, parts = np.linalg.eigh(projected[:count, :count])
        scale = float(np.abs(values).max())
        beta = float(rest.norm())
        if beta <= 16 * eps * scale:  # nothing leaves the basis: go on from anywhere
            rest, _ = _beyond(random_start(size, generator, start), vectors[:count])
            beta = 0.0
        residuals = np.maximum(beta * np.abs(parts[-1]), eps * scale)
        wanted = choose(values)
        whole = count == size
        enough = whole or count >= min(size, 2 * len(wanted) + 2)
        done = enough and bool((residuals[wanted] <= max(tolerance, 2 * eps) * scale).all())
        if progress is not None:
            progress(products, most)
        if whole or done or products >= most:
            made = torch.from_numpy(parts[:, wanted].T.copy()).to(start) @ vectors[:count]
            return Pairs(values[wanted], residuals[wanted], made, products, done or whole)
        if count == basis:
            count = _restart(vectors, projected, choose, values, parts)
        vectors[count] = rest / rest.norm()


def random_start(size: int, generator: torch.Generator, like: Tensor) -> Tensor:
    """A Gaussian vector, (size,), drawn on the CPU so that it is the same on every device."""
    return torch.randn(size, generator=generator, dtype=torch.float64).to(like)


def quadratures(
    products: Multiply, starts: Tensor, steps: int, *, keep: bool, progress: Callable[[int, int], None] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Gauss quadrature of the spectral density seen from each start: nodes and weights, (starts, steps) each.

    products: the operator times each of several vectors, (starts, size). starts: of norm one. keep: hold all vectors
    and reorthogonalise against them; without, rounding makes copies of nodes, which share their weight (Golub &
    Meurant 1994). Where a Krylov space ends early, the nodes after that have weight zero.
    """
    runs = len(starts)
    held = [starts]
    alphas, betas = np.zeros((runs, steps)), np.zeros((runs, steps))
    alive = np.ones(runs, dtype=bool)
    eps = torch.finfo(starts.dtype).eps
    for step in range(steps):
        rest = products(held[-1])
        alpha = (held[-1] * rest).sum(1)
        alphas[:, step] = alpha.double().cpu().numpy()
        rest = rest - alpha[:, None] * held[-1]
        if step:
            rest -= torch.from_numpy(betas[:, step - 1]).to(rest)[:, None] * held[-2]
        if keep:
            every = torch.stack(held, 1)  # (starts, step + 1, size)
            rest = rest - torch.bmm(torch.bmm(rest[:, None], every.mT), every)[:, 0]
        beta = rest.norm(dim=1)
        alive &= beta.double().cpu().numpy() > 16 * eps * np.abs(alphas).max(1)
        betas[:, step] = np.where(alive, beta.double().cpu().numpy(), 0.0)
        held.append(rest / beta.clamp_min(torch.finfo(rest.dtype).tiny)[:, None])
        if not keep:
            held = held[-2:]
        if progress is not None:
            progress(step + 1, steps)
        if not alive.any():
            break
    matrices = [np.diag(a) + np.diag(b[:-1], 1) + np.diag(b[:-1], -1) for a, b in zip(alphas, betas, strict=True)]
    values, parts = np.linalg.eigh(np.stack(matrices))
    return values, parts[:, 0] ** 2


def _beyond(vector: Tensor, basis: Tensor) -> tuple[Tensor, Tensor]:
    """What of a vector is orthogonal to an orthonormal basis, and its parts along it; twice is enough (Parlett 6.9)."""
    along = basis @ vector
    rest = vector - along @ basis
    again = basis @ rest
    return rest - again @ basis, along + again


def _restart(vectors: Tensor, projected: np.ndarray, choose: Choose, values: np.ndarray, parts: np.ndarray) -> int:
    """Replace the basis by its better half of Ritz vectors, and return their number."""
    wanted = choose(values)
    others = np.setdiff1d(np.arange(len(values)), wanted)
    nearest = np.abs(values[others][:, None] - values[wanted][None]).min(1)
    kept = np.concatenate([wanted, others[np.argsort(nearest)][: (len(values) - len(wanted)) // 2]])
    vectors[: len(kept)] = torch.from_numpy(parts[:, kept].T.copy()).to(vectors) @ vectors[: len(values)]
    projected[:] = 0.0
    projected[np.arange(len(kept)), np.arange(len(kept))] = values[kept]
    return len(kept)
