"""A mean over examples, exact in that it weights each batch by its examples and adds in float64."""

from __future__ import annotations

import math

import torch
from torch import Tensor


class WeightedMean:
    """Σ n·x / Σ n over the batches added; nothing is read from the device until `value`."""

    def __init__(self) -> None:
        self._total: Tensor | float = 0.0
        self._weight: Tensor | float = 0.0

    def add(self, value: Tensor | float, weight: Tensor | float) -> None:
        """Add a batch's mean, and the number it is a mean over."""
        self._total = self._total + wide(value) * wide(weight)
        self._weight = self._weight + wide(weight)

    def add_sum(self, total: Tensor, weight: Tensor | float) -> None:
        """Add a batch's sum, and the number of things it is a sum of."""
        self._total = self._total + wide(total)
        self._weight = self._weight + wide(weight)

    def value(self) -> float:
        """The mean so far; NaN of nothing."""
        weight = float(self._weight)
        return float(self._total) / weight if weight else math.nan


def wide(value: Tensor | float) -> Tensor | float:
    """In float64, without its graph; in float32 on devices that have no more."""
    if not isinstance(value, Tensor):
        return float(value)
    return value.detach().to(torch.float32 if value.device.type == "mps" else torch.float64)
