"""Reductions over many tensors at once, left on their device: no `.item()`, no transfer, no state."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def centred(tensors: Sequence[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
    """The mean m of each tensor x and ‖x − m‖₂, two lists of 0-d tensors.

    Two passes: subtracting before squaring keeps the spread of values that lie far from zero (a norm's gains), where
    the one-pass formula ‖x‖² − n·m² cancels. Measured on CPU, it is also faster than `torch.std` and `torch.var_mean`.
    """
    if not tensors:
        return [], []
    means = [x.mean() for x in tensors]
    return means, list(torch._foreach_norm(torch._foreach_sub(list(tensors), means)))


def extremes(tensors: Sequence[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
    """Smallest and largest element of each tensor, two lists of 0-d tensors; NaN where any element is."""
    pairs = [torch.aminmax(x) for x in tensors]
    return [p.min for p in pairs], [p.max for p in pairs]


def nonfinite_count(tensor: Tensor) -> Tensor:
    """How many elements are NaN or infinite, 0-d."""
    return (~torch.isfinite(tensor)).sum()


def nonfinite_counts(tensors: Sequence[Tensor]) -> list[Tensor]:
    """How many elements of each are NaN or infinite, 0-d each."""
    return [torch.count_nonzero(x) for x in torch._foreach_mul(list(tensors), 0.0)] if tensors else []


def touched_stds(
    now: Tensor, before: Tensor, gradient: Tensor, waits_for_nothing: bool = False
) -> tuple[Tensor, Tensor]:
    """std of the update and of the data before over the rows whose gradient is not zero, 0-d; (rows, features) each.

    `gradient` may be sparse. NaN where fewer than two elements were touched. waits_for_nothing: of a dense one, read
    all rows rather than ask the device which ones were touched.
    """
    if waits_for_nothing and not gradient.is_sparse:
        touched = gradient.ne(0).any(1, keepdim=True)  # (rows, 1)
        then = wide(before)
        return _std_where(touched, wide(now) - then), _std_where(touched, then)
    if gradient.is_sparse:
        rows = gradient.coalesce().indices()[0]
    else:
        rows = gradient.ne(0).any(1).nonzero()[:, 0]
    then = wide(before[rows])
    if then.numel() < 2:
        undefined = torch.full((), float("nan"), dtype=then.dtype, device=then.device)
        return undefined, undefined
    return (wide(now[rows]) - then).std(), then.std()


def _std_where(rows: Tensor, x: Tensor) -> Tensor:
    n = rows.sum() * x.shape[1]
    mean = torch.where(rows, x, 0).sum() / n
    variance = torch.where(rows, x - mean, 0).square().sum() / (n - 1)
    return torch.where(n > 1, variance.sqrt(), torch.nan)


def wide(tensor: Tensor) -> Tensor:
    """At least float32: half precision overflows and rounds in sums."""
    return tensor.float() if tensor.dtype in (torch.float16, torch.bfloat16) else tensor
