"""What a loader gives, ready for the model: a pair of inputs and targets, how many examples they are, on the device.

The convention is that of `auscult.anatomy.passes`: a batch is (inputs, targets), and inputs is what the model is called
with: a tensor, a tuple or list of arguments, or a dict of keyword arguments. What gives batches of another form is told
how to take them apart by `unpack=`, a function from the batch to such a pair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import torch
from torch import nn

from auscult.anatomy.batches import count_examples
from auscult.errors import LearnerError

Loader = Iterable[Any]
Unpack = Callable[[Any], tuple[Any, Any]]


class Batch(NamedTuple):
    """Inputs and targets, and the number of examples they are."""

    inputs: Any
    targets: Any
    examples: int


def as_pair(batch: Any) -> tuple[Any, Any]:
    """(inputs, targets) of a batch that is such a pair; LearnerError of another."""
    if isinstance(batch, (tuple, list)) and len(batch) == 2:
        return batch[0], batch[1]
    got = f"{len(batch)} things" if isinstance(batch, (tuple, list)) else f"a {type(batch).__name__}"
    raise LearnerError(
        f"a batch is (inputs, targets), not {got}; give unpack=, a function from your batch to that pair"
    )


def take(batch: Any, unpack: Unpack) -> Batch:
    """The batch taken apart, its examples counted."""
    inputs, targets = unpack(batch)
    examples = count_examples(inputs, targets)
    if not examples:
        raise LearnerError("a batch holds no example; leave empty batches out of the loader")
    return Batch(inputs, targets, examples)


def device_of(model: nn.Module) -> torch.device:
    """The device of the model's first parameter."""
    return next(iter(model.parameters())).device


def length(loader: Loader | None) -> int | None:
    """How many batches a loader gives, None where it does not say."""
    try:
        return len(loader)  # type: ignore[arg-type]
    except (TypeError, NotImplementedError):
        return None
