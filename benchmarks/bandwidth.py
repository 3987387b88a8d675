"""The floor: how long the bytes of an update ratio take to be read and written at all, measured here."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

BYTES = 16  # an element of float32: copied before the step (4 read, 4 written), then it and its copy read (4 and 4)


_ENOUGH_S = 2.0  # of trying
_LARGE = 10**8  # elements, far beyond any cache: more of them are no slower each


@dataclass(frozen=True)
class Floor:
    """The least that the update ratio of so many float32 elements can cost on this machine, for data of that size."""

    elements: int
    copy_gb_s: float  # bytes read and written
    read_gb_s: float

    @property
    def seconds(self) -> float:
        """A copy, and a reading of both."""
        return BYTES / 2 * self.elements * (1 / self.copy_gb_s + 1 / self.read_gb_s) / 1e9

    def least(self, other: Floor) -> Floor:
        """The lower of two: measured when less else went on."""
        copy, read = max(self.copy_gb_s, other.copy_gb_s), max(self.read_gb_s, other.read_gb_s)
        return Floor(self.elements, copy, read)

    def __str__(self) -> str:
        return f"{1e6 * self.seconds:,.1f} µs (copying {self.copy_gb_s:.0f} GB/s, reading {self.read_gb_s:.0f} GB/s)"


def floor(elements: int) -> Floor:
    """Measured with copies and a dot product of arrays of that size, less what calling them on nothing costs.

    The fastest of some tries: other work on the machine can only make them slower. What is in the caches stays there,
    as it does in a training whose parameters fit into them.
    """
    held = min(elements, _LARGE)
    a, b = torch.randn(held), torch.randn(held)
    none = torch.zeros(1), torch.zeros(1)
    by_torch = fastest(lambda: b.copy_(a)) - fastest(lambda: none[1].copy_(none[0]))
    now, before, one, other = (t.numpy() for t in (a, b, *none))
    by_numpy = fastest(lambda: np.copyto(before, now)) - fastest(lambda: np.copyto(other, one))
    copy = min(by_torch, by_numpy)
    read = fastest(lambda: torch.dot(a, b)) - fastest(lambda: torch.dot(*none))
    moved = BYTES / 2 * held / 1e9
    return Floor(elements, moved / max(copy, 1e-9), moved / max(read, 1e-9))


def fastest(work: Callable[[], object], tries: int = 15, seconds: float = 0.01) -> float:
    """Seconds a call takes at best."""
    work()  # the first time it may have to wake threads
    began = time.perf_counter()
    work()
    calls = max(1, round(seconds / max(time.perf_counter() - began, 1e-7)))
    best, first = float("inf"), time.perf_counter()
    for i in range(tries):
        began = time.perf_counter()
        if i >= 3 and began > first + _ENOUGH_S:
            break
        for _ in range(calls):
            work()
        best = min(best, (time.perf_counter() - began) / calls)
    return best
