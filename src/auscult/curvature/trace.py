"""`trace`: the trace of the Hessian, whole and by parameter, and its diagonal, from random probes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from auscult.curvature.hessian import Hessian
from auscult.curvature.objective import Objective
from auscult.errors import CurvatureError

_TOGETHER = 8  # probes between two looks at the error
_LEAST = 16  # probes before an error is believed


@dataclass(frozen=True)
class Estimate:
    """A number, and the standard error it is known with."""

    value: float
    error: float

    def __str__(self) -> str:
        return f"{self.value:.6g} ± {self.error:.2g}"


@dataclass(frozen=True)
class Trace:
    """The trace of a Hessian, and of its block of each parameter, with standard errors.

    diagonal: an unbiased estimate of each diagonal element, (parameters,), far noisier than their sum. probes: random
    vectors; products: Hessian-vector products.
    """

    whole: Estimate
    by_parameter: dict[str, Estimate]
    diagonal: Tensor
    probes: int
    products: int

    @property
    def value(self) -> float:
        """The trace."""
        return self.whole.value

    @property
    def error(self) -> float:
        """Its standard error."""
        return self.whole.error

    def __str__(self) -> str:
        rows = [f"{name}: {block}" for name, block in self.by_parameter.items()]
        return "\n".join([f"trace: {self.whole}, {self.products} Hessian-vector products", *rows])


def trace(
    objective: Objective,
    *,
    probes: int = 100,
    tolerance: float | None = None,
    sketch: int = 0,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Trace:
    """The trace of the Hessian by Hutchinson's estimator, with its standard error.

    The mean of vᵀHv over probes v of ±1 (Hutchinson 1989), whose variance is 2 Σ_{i≠j} H_ij². With a sketch it is
    Hutch++ (Meyer, Musco, Musco & Woodruff 2021): exact on a subspace Q that H was seen to map random vectors to,
    probes for the rest; that pays where a few eigenvalues outweigh the others, and costs two products a vector of the
    sketch. diag H = diag(PH) + diag((I−P)HP) + diag((I−P)H(I−P)), P = QQᵀ: the first two are exact, and sum to tr(PH).

    Args:
        probes: random vectors, at least 2.
        tolerance: stop once the standard error is at most so much of |trace|, after 16 probes or more. Stopping by
            what was drawn makes the error a little too small.
        sketch: vectors of the subspace; it is held twice, (sketch, parameters).
        progress: called with (products done, the most there will be).

    Raises CurvatureError, and what the objective raises.
    """
    if probes < 2:
        raise CurvatureError(f"{probes} probes have no standard error; give at least 2")
    if not 0 <= sketch <= objective.size:
        raise CurvatureError(f"a sketch of {sketch} vectors does not fit {objective.size} parameters")
    generator = torch.Generator().manual_seed(seed)
    sizes = objective.layout.sizes
    with objective.hessian() as h:
        known = _Known(h, _signs(sketch, h, generator)) if sketch else None
        spent = 2 * sketch
        sums: list[Tensor] = []  # of each probe: its blocks' parts, (blocks,)
        diagonal = torch.zeros(objective.size, dtype=torch.float64, device=h.device)
        exact = known.diagonal if known is not None else diagonal.clone()
        while len(sums) < probes:
            v = _signs(min(_TOGETHER, probes - len(sums)), h, generator)
            seen = (v * (known.rest(h, v) if known is not None else h.products(v))).double()  # (probes, parameters)
            diagonal += seen.sum(0)
            sums += torch.stack([part.sum(1) for part in seen.split(sizes, 1)], 1).unbind()
            if progress is not None:
                progress(spent + len(sums), spent + probes)
            if tolerance is not None and len(sums) >= _LEAST and _good(sums, exact, tolerance):
                break
    blocks = torch.stack(sums)  # (probes, blocks)
    fixed = torch.stack([part.sum() for part in exact.split(sizes)])
    named = {name: _estimate(float(f), b) for name, f, b in zip(objective.names, fixed, blocks.unbind(1), strict=True)}
    whole = _estimate(float(fixed.sum()), blocks.sum(1))
    made = (exact + diagonal / len(sums)).to(h.dtype)
    return Trace(whole, named, made, len(sums), spent + len(sums))


class _Known:
    """What is known exactly of H from its products with an orthonormal basis Q."""

    def __init__(self, h: Hessian, probes: Tensor) -> None:
        self._q = torch.linalg.qr(h.products(probes).T).Q.T.contiguous()  # (sketch, parameters)
        hq = h.products(self._q)
        beyond = hq - (hq @ self._q.T) @ self._q
        self.diagonal = (self._q * hq).double().sum(0) + (beyond * self._q).double().sum(0)

    def rest(self, h: Hessian, v: Tensor) -> Tensor:
        """(I − P) H (I − P) v of each."""
        return self._without(h.products(self._without(v)))

    def _without(self, v: Tensor) -> Tensor:
        return v - (v @ self._q.T) @ self._q


def _signs(count: int, h: Hessian, generator: torch.Generator) -> Tensor:
    drawn = torch.randint(0, 2, (count, h.size), generator=generator, dtype=torch.int8)
    return (2 * drawn - 1).to(h.device, h.dtype)


def _estimate(exact: float, seen: Tensor) -> Estimate:
    return Estimate(exact + float(seen.mean()), float(seen.std()) / math.sqrt(len(seen)))


def _good(sums: list[Tensor], exact: Tensor, tolerance: float) -> bool:
    now = _estimate(float(exact.sum()), torch.stack(sums).sum(1))
    return now.error <= tolerance * abs(now.value)
