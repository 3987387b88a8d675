"""What is noted of a training beside its numbers: versions, command, seeds, optimizers."""

from __future__ import annotations

import platform
import sys
import time
from importlib.metadata import version
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer as TorchOptimizer

from auscult.observe.probe import Watched
from auscult.runs import Optimizer, Parameter


def of_the_program(name: str) -> dict[str, Any]:
    """Facts that hold for the whole run: when and how it was started, and with what."""
    return {
        "started": time.time(),
        "name": name,
        "command": list(sys.argv),
        "versions": {
            "auscult": version("auscult"),
            "torch": torch.__version__,
            "python": platform.python_version(),
        },
        "machine": {
            "system": platform.system(),
            "processor": platform.machine(),
            "threads": torch.get_num_threads(),
        },
        "seeds": {"torch": torch.initial_seed()},
    }


def of_optimizer(optimizer: TorchOptimizer | None, name: str) -> Optimizer:
    """The record of an optimizer, its groups' hyper-parameters as they are now; of none, for a loop without one."""
    if optimizer is None:
        return Optimizer(name, "none", ({},))
    groups = tuple({k: _plain(v) for k, v in g.items() if k != "params"} for g in optimizer.param_groups)
    return Optimizer(name, _class_name(optimizer), groups)


def of_tensor(watched: Watched, optimizer: str | None) -> Parameter:
    """The record of a watched tensor."""
    t = watched.tensor
    return Parameter(
        watched.name,
        watched.kind,
        tuple(t.shape),
        str(t.dtype).removeprefix("torch."),
        str(t.device),
        t.requires_grad,
        optimizer,
        watched.group,
    )


def _class_name(optimizer: TorchOptimizer) -> str:
    """The class, and of an optimizer composed of parts, which ones: by these rules know how it moves."""
    name, parts = type(optimizer).__name__, getattr(optimizer, "parts", None)
    if name != "Optimizer" or not isinstance(parts, tuple):
        return name
    return f"{name}({', '.join(getattr(part, 'name', str(part)) for part in parts)})"


def _plain(value: Any) -> Any:
    if isinstance(value, Tensor):
        return value.item() if value.numel() == 1 else None
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value if isinstance(value, (bool, int, float, str)) or value is None else str(value)
