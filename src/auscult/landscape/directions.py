"""Directions in which a landscape is looked at: random or given, scaled to the weights they move.

A weight's filter is its slice at one index of its first dimension: an output filter of a convolution, the weights into
one unit of a linear layer. Li et al., "Visualizing the loss landscape of neural nets" (2018, arXiv 1712.09913), section
4: each filter of a random Gaussian direction becomes d_ij ‖w_ij‖ / ‖d_ij‖ (Frobenius); what has one dimension, biases
and the gains of norms, is not moved.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

import torch
from torch import Tensor

from auscult.curvature import Objective
from auscult.errors import LandscapeError

Scale = Literal["filter", "layer", "weight", "none"]


def random_directions(
    objective: Objective,
    count: int = 2,
    *,
    seed: int = 0,
    scale: Scale = "filter",
    units: Mapping[str, int] | None = None,
    vectors: bool = False,
    orthogonal: bool = False,
) -> tuple[Tensor, ...]:
    """Gaussian directions at the present parameters, each (parameters,), the same for the same seed on every device.

    Args:
        scale: "filter" as above; "layer": each tensor has the norm of its weight; "weight": each element is multiplied
            by its weight; "none": as drawn.
        units: for a weight by name, the dimension its filters are counted along, where it is not the first, as 1 for
            a plain tensor of (inputs, outputs).
        vectors: move tensors of one dimension too; each then counts as one filter.
        orthogonal: make each direction orthogonal to those before, within each unit that is scaled: filters or tensors
            for "filter" and "layer", which keep their norms, else the whole vector. A filter of a single element has
            but one direction, and is not moved by the second.

    A filter whose weights are all zero is not moved, except by "none".

    Raises LandscapeError where `scale` or `units` do not fit.
    """
    if count < 1:
        raise LandscapeError(f"count is a number of directions, got {count}; 1 for a line, 2 for a surface")
    generator = torch.Generator().manual_seed(seed)
    drawn = [torch.randn(objective.size, generator=generator) for _ in range(count)]
    return _scaled(objective, drawn, scale, units, vectors, orthogonal)


def scaled(
    objective: Objective,
    *directions: Tensor,
    scale: Scale = "filter",
    units: Mapping[str, int] | None = None,
    vectors: bool = False,
    orthogonal: bool = False,
) -> tuple[Tensor, ...]:
    """Directions of one's own, each (parameters,), scaled as `random_directions` scales its own."""
    for d in directions:
        objective.layout.check(d)
        if d.ndim != 1 or not bool(torch.isfinite(d).all()):
            raise LandscapeError(f"a direction is one vector of finite numbers, got shape {tuple(d.shape)}")
    return _scaled(objective, list(directions), scale, units, vectors, orthogonal)


def _scaled(
    objective: Objective,
    drawn: list[Tensor],
    scale: Scale,
    units: Mapping[str, int] | None,
    vectors: bool,
    orthogonal: bool,
) -> tuple[Tensor, ...]:
    if scale not in get_args(Scale):
        raise LandscapeError(f"scale is {scale!r}; it is one of {', '.join(get_args(Scale))}")
    dims = _dimensions(objective, units or {})
    made: list[Tensor] = []
    for d in drawn:
        parts = []
        earlier = [objective.named(e) for e in made]
        for name, part in objective.named(d.detach().to("cpu", torch.float64)).items():
            weight = objective.layout.tensors[name].detach().to("cpu", torch.float64)
            if weight.ndim < 2 and not vectors:
                parts.append(torch.zeros_like(weight))
                continue
            rows = _rows(part, dims[name], scale)
            if orthogonal and scale in ("filter", "layer"):
                rows = _rejected(rows, [_rows(e[name], dims[name], scale) for e in earlier])
            parts.append(_shaped(_sized(rows, _rows(weight, dims[name], scale), scale), weight.shape, dims[name]))
        whole = torch.cat([p.reshape(-1) for p in parts])
        if orthogonal and scale in ("weight", "none"):
            whole = _rejected(whole[None], [e[None] for e in made])[0]
        made.append(whole)
    return tuple(d.to(objective.layout.device, objective.layout.dtype) for d in made)


def _dimensions(objective: Objective, units: Mapping[str, int]) -> dict[str, int]:
    """The dimension along which each tensor's filters are counted."""
    for name, dim in units.items():
        shape = objective.layout.shapes.get(name)
        if shape is None:
            raise LandscapeError(f"units names {name!r}; there are {', '.join(objective.names)}")
        if not 0 <= dim < max(len(shape), 1):
            raise LandscapeError(f"units gives dimension {dim} for {name}, which has shape {tuple(shape)}")
    return {name: units.get(name, 0) for name in objective.names}


def _rows(tensor: Tensor, dim: int, scale: Scale) -> Tensor:
    """What is scaled as one, a row each: (filters, elements) or (1, elements)."""
    if tensor.ndim < 2:
        return tensor.reshape(1, -1)
    moved = tensor.movedim(dim, 0)
    return moved.reshape(len(moved), -1) if scale == "filter" else moved.reshape(1, -1)


def _shaped(rows: Tensor, shape: torch.Size, dim: int) -> Tensor:
    """The tensor whose rows these are."""
    if len(shape) < 2:
        return rows.reshape(shape)
    first = [shape[dim], *(n for i, n in enumerate(shape) if i != dim)]
    return rows.reshape(first).movedim(0, dim)


def _sized(rows: Tensor, weights: Tensor, scale: Scale) -> Tensor:
    if scale == "none":
        return rows
    if scale == "weight":
        return rows * weights
    length = rows.norm(dim=1, keepdim=True)
    return torch.where(length > 0, rows * (weights.norm(dim=1, keepdim=True) / length), 0.0)


def _rejected(rows: Tensor, earlier: list[Tensor]) -> Tensor:
    """Rows without their parts along earlier ones, each (rows, elements); twice, for rounding (Gram-Schmidt).

    What is left by rounding alone counts as nothing.
    """
    length = rows.norm(dim=1, keepdim=True)
    for _ in range(2):
        for e in earlier:
            square = e.square().sum(1, keepdim=True)
            along = torch.where(square > 0, (rows * e).sum(1, keepdim=True) / square, 0.0)
            rows = rows - along * e
    return torch.where(rows.norm(dim=1, keepdim=True) > 1e-12 * length, rows, 0.0)
