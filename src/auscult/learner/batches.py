"""What a loader gives, ready for the model: a pair of inputs and targets, how many examples they are, on the device.

The convention is that of `auscult.anatomy.passes`: a batch is (inputs, targets), and inputs is what the model is called
with: a tensor, a tuple or list of arguments, or a dict of keyword arguments. What gives batches of another form is told
how to take them apart by `unpack=`, a function from the batch to such a pair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

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
    examples = _examples(inputs, targets)
    if not examples:
        raise LearnerError("a batch holds no example; leave empty batches out of the loader")
    return Batch(inputs, targets, examples)


def move(thing: Any, device: torch.device) -> Any:
    """The same with every tensor on the device; copies from pinned memory do not block."""
    if isinstance(thing, Mapping):
        moved = {key: move(value, device) for key, value in thing.items()}
        return moved if type(thing) is dict else type(thing)(moved)  # type: ignore[call-arg]
    if isinstance(thing, tuple) and hasattr(thing, "_fields"):
        return type(thing)(*(move(value, device) for value in thing))
    if isinstance(thing, (tuple, list)):
        return type(thing)(move(value, device) for value in thing)
    return thing.to(device, non_blocking=True) if isinstance(thing, Tensor) else thing


def device_of(model: nn.Module) -> torch.device:
    """The device of the model's first parameter."""
    return next(iter(model.parameters())).device


def length(loader: Loader | None) -> int | None:
    """How many batches a loader gives, None where it does not say."""
    try:
        return len(loader)  # type: ignore[arg-type]
    except (TypeError, NotImplementedError):
        return None


def _examples(inputs: Any, targets: Any) -> int:
    """The first dimension of the targets where they are one tensor, else of the first tensor among the inputs."""
    if isinstance(targets, Tensor) and targets.ndim:
        return len(targets)
    if isinstance(inputs, (Mapping, tuple, list)):
        found = inputs.values() if isinstance(inputs, Mapping) else inputs
        return next((_examples(one, None) for one in found if isinstance(one, Tensor)), 1)
    return len(inputs) if isinstance(inputs, Tensor) and inputs.ndim else 1
