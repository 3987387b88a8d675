"""The character model of the lecture: plain tensors, a loop that moves them itself, no optimizer."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F  # noqa: N812 - as everyone writes it
from torch import Tensor

from auscult.recipes.names import ALPHABET, CONTEXT, Split


def make_parameters(embedding: int = 10, hidden: int = 200, seed: int = 2147483647) -> dict[str, Tensor]:
    """C (27, embedding), W1 (3 · embedding, hidden), b1, W2 (hidden, 27) and b2, well initialised.

    W1 has gain 5/3 over the root of its fan-in; W2 is small, so that the first predictions are near uniform.
    """
    g = torch.Generator().manual_seed(seed)
    fan_in = CONTEXT * embedding
    parameters = {
        "C": torch.randn((len(ALPHABET), embedding), generator=g),
        "W1": torch.randn((fan_in, hidden), generator=g) * (5 / 3) / fan_in**0.5,
        "b1": torch.randn(hidden, generator=g) * 0.01,
        "W2": torch.randn((hidden, len(ALPHABET)), generator=g) * 0.01,
        "b2": torch.zeros(len(ALPHABET)),
    }
    return {name: p.requires_grad_() for name, p in parameters.items()}


def loss_of(parameters: dict[str, Tensor], x: Tensor, y: Tensor) -> Tensor:
    """Mean cross-entropy of the letters y (n,) after the contexts x (n, CONTEXT), in nats."""
    C, W1, b1, W2, b2 = parameters.values()  # noqa: N806 - the lecture's names
    h = torch.tanh(C[x].flatten(1) @ W1 + b1)
    return F.cross_entropy(h @ W2 + b2, y)


def train(
    parameters: dict[str, Tensor],
    data: Split,
    lr: float,
    steps: int,
    batch: int = 32,
    seed: int = 2147483647,
    on_step: Callable[[int], None] = lambda step: None,
) -> None:
    """Move the parameters by plain gradient descent."""
    g = torch.Generator().manual_seed(seed)
    for step in range(steps):
        at = torch.randint(0, len(data.x), (batch,), generator=g)
        loss = loss_of(parameters, data.x[at], data.y[at])
        for p in parameters.values():
            p.grad = None
        loss.backward()
        for p in parameters.values():
            assert p.grad is not None
            p.data += -lr * p.grad
        on_step(step)
