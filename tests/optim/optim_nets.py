"""A small real network and its training, for any optimizer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn


def net(seed: int = 0) -> nn.Sequential:
    """Convolution, norm, and two linear layers: parameters of one, two and four dimensions, in float64.

    No bias before the norm: its gradient is rounding, which Adam and Lion would make whole steps of.
    """
    torch.manual_seed(seed)
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(),
        nn.Linear(4 * 36, 12), nn.Tanh(), nn.Linear(12, 5),
    ).double()  # fmt: skip


_g = torch.Generator().manual_seed(1)
IMAGES = torch.randn(48, 1, 8, 8, generator=_g, dtype=torch.float64)
LABELS = torch.randint(0, 5, (48,), generator=_g)


def loss_of(model: nn.Module, step: int = 0) -> Tensor:
    """The loss of the batch of a step; three batches of 16 take turns."""
    at = slice(16 * (step % 3), 16 * (step % 3) + 16)
    return nn.functional.cross_entropy(model(IMAGES[at]), LABELS[at])


def train(model: nn.Module, optimizer: Any, steps: Iterable[int], after: Callable[[int], None] | None = None) -> None:
    for step in steps:
        optimizer.zero_grad()
        loss_of(model, step).backward()
        optimizer.step()
        if after is not None:
            after(step)


def weights(model: nn.Module) -> list[Tensor]:
    return [p.detach().clone() for p in model.parameters()]


def trained(make: Callable[[Iterable[nn.Parameter]], Any], steps: int = 200) -> list[Tensor]:
    """The weights after so many steps of an optimizer made for them."""
    model = net()
    train(model, make(model.parameters()), range(steps))
    return weights(model)


def apart(some: Iterable[Tensor], others: Iterable[Tensor]) -> float:
    """The largest difference of an element."""
    return max(float((a - b).abs().max()) for a, b in zip(some, others, strict=True))
