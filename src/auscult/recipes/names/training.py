"""Training the model of names by plain gradient descent, what it comes to, and names it makes up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - as everyone writes it
from torch import Generator, Tensor, nn
from torch.utils.data import TensorDataset

from auscult.recipes.names.data import ALPHABET, CONTEXT, Split, read_names, split_names
from auscult.recipes.names.model import NamesMLP
from auscult.recipes.task import Task

SEED = 2147483647  # the lecture's
_LONGEST = 100  # letters; a model that has learnt nothing may never end a name


def lecture_rate(steps: int) -> Callable[[int], float]:
    """The lecture's learning rate at each of so many steps: 0.1, and 0.01 from half way on."""
    return lambda step: 0.1 if step < steps // 2 else 0.01


def descend(
    model: nn.Module,
    data: Split,
    steps: int,
    lr: Callable[[int], float],
    batch: int = 32,
    generator: Generator | None = None,
    on_step: Callable[[int], None] = lambda step: None,
) -> None:
    """Move the model's parameters by plain gradient descent, without an optimizer, as the lecture does.

    lr: the learning rate of each step. generator: draws the batches. on_step: called after each step with its number.
    """
    parameters = list(model.parameters())
    for step in range(steps):
        at = torch.randint(0, len(data.x), (batch,), generator=generator)
        loss = F.cross_entropy(model(data.x[at]), data.y[at])
        for p in parameters:
            p.grad = None
        loss.backward()
        rate = lr(step)
        for p in parameters:
            assert p.grad is not None
            p.data += -rate * p.grad
        on_step(step)


@torch.no_grad()
def loss_of(model: nn.Module, data: Split) -> float:
    """Mean cross-entropy in nats over every example, in eval mode."""
    mode = model.training
    model.eval()
    loss = F.cross_entropy(model(data.x), data.y).item()
    model.train(mode)
    return loss


@torch.no_grad()
def sample(model: nn.Module, count: int, seed: int = SEED + 10) -> list[str]:
    """Names the model makes up, letter by letter, in eval mode; the random stream of torch is left as it is."""
    mode = model.training
    model.eval()
    generator = Generator().manual_seed(seed)
    names = []
    for _ in range(count):
        context, name = [0] * CONTEXT, ""
        while len(name) < _LONGEST:
            chances = F.softmax(model(torch.tensor([context])), dim=1)
            letter = int(torch.multinomial(chances, num_samples=1, generator=generator).item())
            if letter == 0:
                break
            name += ALPHABET[letter]
            context = [*context[1:], letter]
        names.append(name)
    model.train(mode)
    return names


def task(names: str | Path | None = None, **model: Any) -> Task:
    """Which letter follows: the names of a file, or of the `names` package, and a NamesMLP with the options `model`.

    Raises AuscultError where there are no names to read.
    """
    train, valid, test = (TensorDataset(split.x, split.y) for split in split_names(read_names(names)))
    return Task("names", train, valid, test, lambda: NamesMLP(**model), _cross_entropy)


def _cross_entropy(logits: Tensor, letters: Tensor) -> Tensor:
    return F.cross_entropy(logits, letters)
