"""The lecture's model of names: letters embedded, a hidden layer of tanh or several, a letter predicted.

Written with plain tensors, in the lecture's names and the lecture's order of drawing, so that a generator's seed gives
its very numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import torch
from torch import Generator, Tensor, nn

from auscult.recipes.names.data import ALPHABET, CONTEXT

Norm = Literal["none", "batch", "scratch"]


class BatchNorm(nn.Module):
    """Batch normalisation as one writes it first: (x - mean) / std of the batch, times a gain, plus a shift.

    In training the running mean and standard deviation move towards the batch's by `momentum`; in eval mode they take
    its place, so that a single example will do. torch's own takes the root of variance + eps, the biased one, and keeps
    running variances.

    gain, shift, running_mean, running_std: (1, units).
    """

    running_mean: Tensor
    running_std: Tensor

    def __init__(self, units: int, momentum: float = 0.001) -> None:
        super().__init__()
        self.momentum = momentum
        self.gain = nn.Parameter(torch.ones(1, units))
        self.shift = nn.Parameter(torch.zeros(1, units))
        self.register_buffer("running_mean", torch.zeros(1, units))
        self.register_buffer("running_std", torch.ones(1, units))

    def forward(self, x: Tensor) -> Tensor:
        """Normalise x (n, units)."""
        if not self.training:
            return self.gain * (x - self.running_mean) / self.running_std + self.shift
        mean, std = x.mean(0, keepdim=True), x.std(0, keepdim=True)
        with torch.no_grad():
            self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * mean
            self.running_std = (1 - self.momentum) * self.running_std + self.momentum * std
        return self.gain * (x - mean) / std + self.shift


class NamesMLP(nn.Module):
    """Predicts the letter that follows CONTEXT letters: C, then W1, b1, … of the hidden layers, and the last W and b.

    hidden: units of each hidden layer. embedding: numbers a letter becomes.
    weight_std: of the hidden layers' weights; by default (5/3) / √fan_in, which keeps tanh in its range.
    bias_std: of the hidden layers' biases.
    last_weight_std, last_bias_std: of the last layer's; small ones make the first predictions near uniform.
    norm: what comes between a hidden layer and its tanh: nothing, torch's batch norm, or the one written from scratch.
        With one, hidden layers have no bias, which it would cancel.
    """

    def __init__(
        self,
        hidden: Sequence[int] = (200,),
        embedding: int = 10,
        *,
        weight_std: float | None = None,
        bias_std: float = 0.01,
        last_weight_std: float = 0.01,
        last_bias_std: float = 0.0,
        norm: Norm = "none",
        generator: Generator | None = None,
    ) -> None:
        super().__init__()

        def normal(*shape: int) -> Tensor:
            return torch.randn(shape, generator=generator)

        self.layers = len(hidden) + 1
        self.C = nn.Parameter(normal(len(ALPHABET), embedding))
        widths = [CONTEXT * embedding, *hidden, len(ALPHABET)]
        for i, (fan_in, units) in enumerate(pairwise(widths), 1):
            last = i == self.layers
            std = last_weight_std if last else weight_std
            weight = normal(fan_in, units)
            weight = weight * (5 / 3) / fan_in**0.5 if std is None else weight * std
            self.register_parameter(f"W{i}", nn.Parameter(weight))
            if last or norm == "none":
                self.register_parameter(f"b{i}", nn.Parameter(normal(units) * (last_bias_std if last else bias_std)))
            else:
                self.add_module(f"norm{i}", BatchNorm(units) if norm == "scratch" else nn.BatchNorm1d(units))

    def forward(self, x: Tensor) -> Tensor:
        """The logits (n, letters) of what follows the contexts x (n, CONTEXT), int64."""
        h = self.C[x].flatten(1)
        for i in range(1, self.layers + 1):
            h = h @ getattr(self, f"W{i}")
            if hasattr(self, f"b{i}"):
                h = h + getattr(self, f"b{i}")
            if hasattr(self, f"norm{i}"):
                h = getattr(self, f"norm{i}")(h)
            if i < self.layers:
                h = torch.tanh(h)
        return h
