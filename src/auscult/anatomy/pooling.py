"""Mean and variance over many batches as if they were one."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from auscult.errors import NonFiniteError, TargetError


class Pooled:
    """The exact mean and unbiased variance of all values a batch norm gets, channel by channel, in float64.

    Batches are merged by Chan, Golub & LeVeque 1983: sums of squares about each batch's own mean, which do not cancel.
    """

    def __init__(self, norm: nn.modules.batchnorm._BatchNorm) -> None:
        self.count = 0
        self._before: tuple[Tensor, Tensor] | None = None
        self._norm = norm
        self._mean: Tensor = torch.zeros(norm.num_features, dtype=torch.float64)
        self._squares: Tensor = torch.zeros(norm.num_features, dtype=torch.float64)

    def add(self, x: Tensor) -> None:
        """Merge a batch, (examples, channels, …)."""
        values = x.detach() if x.ndim > 1 else x.detach()[:, None]
        values = values.to("cpu" if x.device.type == "mps" else x.device, torch.float64)
        count = values.numel() // values.shape[1]
        if not count:
            return
        others = [0, *range(2, values.ndim)]
        mean = values.mean(others, keepdim=True)
        squares = (values - mean).square_().sum(others).cpu()
        mean = mean.flatten().cpu()
        total = self.count + count
        away = mean - self._mean
        self._mean = self._mean + away * (count / total)
        self._squares = self._squares + squares + away.square() * (self.count * count / total)
        self.count = total

    @property
    def mean(self) -> Tensor:
        """The mean of each channel, (channels,) float64."""
        return self._mean

    @property
    def variance(self) -> Tensor:
        """The unbiased variance of each channel, (channels,) float64."""
        return self._squares / (self.count - 1)

    def settle(self) -> None:
        """Make these the norm's running statistics; TargetError where they are not defined, or not finite."""
        if self.count < 2:
            raise TargetError(f"a batch norm got {self.count} values of a channel; a variance takes at least 2")
        if not bool(torch.isfinite(self._mean).all() and torch.isfinite(self._squares).all()):
            raise NonFiniteError(
                "a batch norm gets values that are not finite; look at the batches and the layers before it"
            )
        mean, var = self._norm.running_mean, self._norm.running_var
        assert mean is not None
        assert var is not None
        self._before = mean.to("cpu", torch.float64, copy=True), var.to("cpu", torch.float64, copy=True)
        with torch.no_grad():
            mean.copy_(self.mean)
            var.copy_(self.variance)

    @property
    def drifts(self) -> tuple[float, float]:
        """How far the running statistics were off before: means in deviations, variances in decades; √mean squares."""
        if self._before is None:
            return math.nan, math.nan
        mean, var = self._before
        varies = self.variance > 0
        away = (mean - self.mean)[varies] / self.variance[varies].sqrt()
        return _rms(away), _rms((var[varies] / self.variance[varies]).log10())


def _rms(x: Tensor) -> float:
    """√mean(x²) of the finite elements; NaN where there is none."""
    x = x[torch.isfinite(x)]
    return float(x.square().mean().sqrt()) if x.numel() else math.nan
