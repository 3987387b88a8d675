"""Copies from a device that the program does not wait for: where they go, and whether they are there."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def comes_later(device: torch.device) -> bool:
    """Whether numbers of a device can be had without waiting for it, some steps later."""
    return device.type == "cuda"


class Arrival:
    """What was copied from a device up to now, behind the training's own work there: whether it is here.

    Of other devices than CUDA's nobody knows when a copy is there: they are waited for when the copy is made.
    """

    def __init__(self, device: torch.device) -> None:
        self._event = torch.cuda.Event() if _is_pinned(device) else None
        if self._event is not None:
            self._event.record(torch.cuda.current_stream(device))

    def is_here(self) -> bool:
        """Whether it is, without waiting."""
        return self._event is None or self._event.query()

    def wait(self) -> None:
        """Wait for it."""
        if self._event is not None:
            self._event.synchronize()


def room(shape: Sequence[int], dtype: torch.dtype, device: torch.device) -> Tensor:
    """Memory here that a device can copy to by itself."""
    return torch.empty(shape, dtype=dtype, pin_memory=_is_pinned(device))


def bring(values: Tensor, to: Tensor) -> None:
    """Have values copied to such a room; an `Arrival` made afterwards tells when they are there."""
    to.copy_(values, non_blocking=_is_pinned(values.device))


def _is_pinned(device: torch.device) -> bool:
    return device.type == "cuda"
