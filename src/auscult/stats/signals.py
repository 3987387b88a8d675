"""What activations and their gradients are like: reductions left on their device; no `.item()`, no state."""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor

_ROUNDING = 1e-6  # of the mean: the spread that float32 gives a constant, several times over


def summary(x: Tensor, enough: int = 1 << 62) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The mean m of a tensor, ‖x − m‖/√(n − 1), its smallest and its largest element, 0-d each.

    Of a tensor with more than `enough` elements mean and deviation are of the first ones, as many as that.
    """
    part = x if x.numel() <= enough else x.reshape(-1)[:enough]
    mean = part.mean()
    low, high = torch.aminmax(x)
    return mean, torch.linalg.vector_norm(part - mean) * (max(part.numel() - 1, 1) ** -0.5), low, high


def by_unit(mask: Tensor, unit_dim: int) -> Tensor:
    """The share of a mask's elements that are set, over all dimensions but that of the units, (units,) float32."""
    others = [d for d in range(mask.ndim) if d != unit_dim % mask.ndim]
    set_ = mask.sum(dim=others, dtype=torch.int32) if others else mask.int()
    return set_ * (mask.shape[unit_dim] / mask.numel())


def power(x: Tensor) -> Tensor:
    """E[x²], 0-d."""
    return x.square().mean()


def drift(running: Tensor, batch: Tensor, batch_std: Tensor) -> Tensor:
    """√mean(((running − batch) / batch_std)²) over channels, 0-d: how far running means lie from a batch's."""
    return ((running - batch) / batch_std).square().mean().sqrt()


def log_drift(running: Tensor, batch: Tensor, eps: float) -> Tensor:
    """√mean(log10((running + ε) / (batch + ε))²) over channels, 0-d, of two variances."""
    return ((running + eps) / (batch + eps)).log10().square().mean().sqrt()


def feature_spread(x: Tensor, feature_dim: int) -> Tensor:
    """log10 of the largest over the smallest standard deviation of a feature that varies at all, 0-d.

    NaN where none does. What rounding makes of a constant does not vary.
    """
    others = [d for d in range(x.ndim) if d != feature_dim % x.ndim]
    if not others:
        return x.new_full((), torch.nan)
    var, mean = torch.var_mean(x, dim=others, correction=0)
    std = var.sqrt()
    varies = std > _ROUNDING * mean.abs()
    return (torch.where(varies, std, -torch.inf).max() / torch.where(varies, std, torch.inf).min()).log10()


def fingerprints(rows: Tensor, biases: Tensor | None) -> Tensor:
    """Two numbers for each row (units, 2) that are equal, but for rounding, where rows and biases are."""
    marks = torch.stack([(rows * probe).sum(1) for probe in _probes(rows.shape[1], rows.dtype, rows.device)], 1)
    return marks if biases is None else marks + torch.stack((biases, 1.7 * biases), 1)


@lru_cache(maxsize=64)
def _probes(columns: int, dtype: torch.dtype, device: torch.device) -> tuple[Tensor, Tensor]:
    """Two directions (columns,) that hardly any two rows have the same shares of."""
    at = torch.arange(columns, device=device, dtype=dtype)
    return torch.cos(at + 1), torch.sin(2 * at + 1)


def thinned(x: Tensor, most: int) -> Tensor:
    """A copy of at most so many elements of a tensor, evenly spaced, flat."""
    flat = x.reshape(-1)
    return flat[:: max(1, -(-len(flat) // most))].clone()
