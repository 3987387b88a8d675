"""Tensors as the memory they are, for the native core; where it was not built, or cannot read them, there is none.

The core (`native/`) reads tensors in one pass and one call, on the CPU, where the plain path takes several calls of
PyTorch for each. Which of them measures makes no difference to the numbers but for rounding.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

try:
    _core: Any = importlib.import_module("auscult.stats._core")
except ImportError:  # no compiler where it was installed
    _core = None

BUILT = _core is not None
MOST_GATED: int = _core.MOST_MEMBERS if BUILT else 0  # optimizers that a gate has room for
_SHOWN = BUILT and _core.view_by(getattr(Tensor, "__dlpack_c_exchange_api__", None))
_CODES = {torch.float32: 0, torch.float64: 1, torch.bfloat16: 2, torch.float16: 3}
_MOST_DIMS = 16
_SIDE_BY_SIDE = ((), ())

Layout = tuple[int, int, int, tuple[int, ...], tuple[int, ...]]


def copies_for(tensors: Sequence[Tensor]) -> list[Tensor]:
    """Room for a copy of each: laid out as the tensor is, or in plain order where its elements lie apart."""
    return [
        torch.empty_like(t, memory_format=torch.preserve_format if is_dense(t) else torch.contiguous_format)
        for t in tensors
    ]


def snapshot(
    tensors: Sequence[Tensor], plain: Sequence[Tensor], before: Sequence[Tensor], start: Sequence[Tensor]
) -> Any | None:
    """The core's `Snapshot` of tensors that lie where `plain` does; None where it cannot read one of them.

    plain: the same memory without autograd. before: what `copies_for` gave, written by `keep`. start: as they began.
    Whoever holds it holds `plain`, `before` and `start`: a tensor that is at the address it had is then the memory it
    was, since nobody else can have been given it.
    """
    if not BUILT or not all(type(t) in (Tensor, nn.Parameter) for t in tensors):
        return None
    layouts: list[tuple[Layout, Layout, Layout]] = []
    for now, then, first in zip(plain, before, start, strict=True):
        same_order = is_dense(now) and now.stride() == then.stride() == first.stride()
        three = tuple(_layout(t, same_order or t.is_contiguous()) for t in (now, then, first))
        if None in three or not now.shape == then.shape == first.shape or not now.dtype == then.dtype == first.dtype:
            return None
        layouts.append(three)  # type: ignore[arg-type]
    columns = tuple(zip(*layouts, strict=True)) if layouts else ((), (), ())
    return _core.Snapshot(tuple(tensors), Tensor.data_ptr, *columns, torch.get_num_threads())


def gate(*listens: Callable[..., None]) -> Any | None:
    """The core's `Gate` before four methods of a listener: backward begins and ended, step begins and ended."""
    return _core.Gate(Tensor, *listens) if BUILT else None


def backward(original: Callable[..., Any], otherwise: Callable[..., Any], failed: Callable[[], None]) -> Any | None:
    """What can stand for `torch.autograd.backward`, tells whom its `listen` names and costs less than Python can.

    otherwise: what is called where it is no plain call. failed: what is told where the pass raises. None where PyTorch
    does not show the core its tensors, or there is no core.
    """
    task = torch._C._current_graph_task_id
    return _core.Backward(Tensor, original, otherwise, task, failed) if _SHOWN else None


def hook(otherwise: Callable[..., None]) -> Any | None:
    """An optimizer's hook that tells whom its `listen` names, or calls `otherwise`; None without a core."""
    return _core.Hook(otherwise) if BUILT else None


def hear_in(thread: int) -> None:
    """Let `backward` and `hook` tell only of what happens in a thread, by its ident, and leave the rest to Python."""
    if BUILT:
        _core.heard_in(thread)


def moments(tensors: Sequence[Tensor]) -> np.ndarray | None:
    """Of each tensor mean, ‖x − mean‖, smallest, largest and the count of non-finite elements, (5, tensors) float64.

    None where the core cannot read one of them. NaN elements are in none of smallest and largest.
    """
    if not BUILT:
        return None
    layouts = tuple(_layout(t, is_dense(t)) for t in tensors)
    if None in layouts:
        return None
    table = np.empty((5, len(tensors)))
    _core.moments(layouts, table, torch.get_num_threads())
    return table


def summary(x: Tensor, enough: int) -> tuple[float, float, float, float, float] | None:
    """What `signals.summary` gives, and the count of those not finite; None where the core cannot read the tensor."""
    at = _beside(x, x.numel() <= enough)
    return None if at is None else _core.summary(*at, enough, torch.get_num_threads())


def histogram(x: Tensor, most: int, bins: int) -> np.ndarray | None:
    """Lowest and highest edge, then the counts (bins,) of at most so many finite elements, evenly spaced, float32.

    None where the core cannot read the tensor.
    """
    at = _beside(x)
    if at is None:
        return None
    table = np.empty(2 + bins, np.float32)
    _core.histogram(*at, max(1, -(-x.numel() // most)), table)
    return table


def is_dense(tensor: Tensor) -> bool:
    """Whether the elements lie side by side, each once, in whatever order."""
    if tensor.is_contiguous():
        return True
    expected = 1
    for stride, size in sorted(zip(tensor.stride(), tensor.shape, strict=True)):
        if size != 1:
            if stride != expected:
                return False
            expected *= size
    return True


def _beside(x: Tensor, in_any_order: bool = False) -> tuple[int, int, int] | None:
    """Address, elements and type of a tensor whose elements lie side by side; None for others, and without a core."""
    code = _CODES.get(x.dtype)
    if code is None or not BUILT or not x.is_cpu or type(x) not in (Tensor, nn.Parameter) or x.is_neg():
        return None
    if x.layout != torch.strided or not (x.is_contiguous() or (in_any_order and is_dense(x))):
        return None
    at, elements = x.data_ptr(), x.numel()
    return (at, elements, code) if at and elements else None


def _layout(tensor: Tensor, side_by_side: bool) -> Layout | None:
    code = _CODES.get(tensor.dtype)
    if code is None or tensor.layout != torch.strided or not tensor.is_cpu or tensor.ndim > _MOST_DIMS:
        return None
    if tensor.is_neg() or type(tensor) not in (Tensor, nn.Parameter):
        return None
    shape, strides = _SIDE_BY_SIDE if side_by_side else (tuple(tensor.shape), tensor.stride())
    return tensor.data_ptr(), tensor.numel(), code, shape, strides
