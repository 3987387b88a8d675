"""The learning rates that single elements have in an adaptive optimizer, counted over decades."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class RateHistogram:
    """How many elements have which learning rate: `counts` over equal bins of log10 from `low` to `high`.

    below, above: rates outside, with those that are zero below; undefined: NaN.
    """

    low: float
    high: float
    counts: tuple[int, ...]
    below: int
    above: int
    undefined: int

    @property
    def edges(self) -> tuple[float, ...]:
        """The edges of the bins, log10 of a rate, one more than there are bins."""
        width = (self.high - self.low) / len(self.counts)
        return tuple(self.low + i * width for i in range(len(self.counts) + 1))


def rate_histogram(rates: Tensor, low: float = -8.0, high: float = 2.0, bins: int = 40) -> RateHistogram:
    """Count log10 of learning rates, as `Optimizer.effective_lr` gives them, over bins that are equal and closed below.

    rates: any shape. low, high: log10 of the edges; the same ones make histograms of many steps comparable.
    """
    logs = (torch.view_as_real(rates) if rates.is_complex() else rates).detach().flatten().log10()
    edges = torch.linspace(low, high, bins + 1, dtype=logs.dtype, device=logs.device)
    at = torch.bucketize(logs, edges, right=True)  # 0 below, bins + 1 from the last edge on, and for NaN
    counts = torch.bincount(at, minlength=bins + 2).tolist()
    undefined = int(logs.isnan().sum())
    return RateHistogram(low, high, tuple(counts[1:-1]), counts[0], counts[-1] - undefined, undefined)
