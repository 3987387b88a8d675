"""What every batch has, whatever its form: tensors that can be moved, and a number of examples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor


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


def count_examples(inputs: Any, targets: Any) -> int:
    """The first dimension of the targets where they are one tensor, else of the first tensor among the inputs."""
    if isinstance(targets, Tensor) and targets.ndim:
        return len(targets)
    if isinstance(inputs, (Mapping, tuple, list)):
        found = inputs.values() if isinstance(inputs, Mapping) else inputs
        return next((count_examples(one, None) for one in found if isinstance(one, Tensor)), 1)
    return len(inputs) if isinstance(inputs, Tensor) and inputs.ndim else 1
