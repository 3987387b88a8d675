"""What is watched: a module, a mapping or a list, turned into named tensors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from torch import Tensor, nn
from torch.optim import Optimizer

from auscult.errors import TargetError
from auscult.observe.naming import Named, is_optimizable, name_tensors, named_in

_TAKES = "watch takes a module, a mapping of names to tensors or modules, or a list of tensors"


def tensors_of(target: Any) -> dict[int, tuple[Tensor, Named]]:
    """The trainable tensors of what was given to `watch`, by id, named; a tied tensor once.

    Raises TargetError where there is nothing to watch.
    """
    named: dict[int, Named] = {}
    tensors: dict[int, Tensor] = {}
    for prefix, part in _parts(target):
        if isinstance(part, nn.Module):
            names = named_in(part, prefix)
            for parameter in part.parameters():
                tensors.setdefault(id(parameter), parameter)
                named.setdefault(id(parameter), names[id(parameter)])
        elif isinstance(part, Tensor):
            tensors.setdefault(id(part), part)
            if prefix:
                named.setdefault(id(part), Named(prefix))
        else:
            raise TargetError(f"{_TAKES}; got {type(part).__name__} in it")
    found = {key: t for key, t in tensors.items() if t.requires_grad and is_optimizable(t)}
    if not found:
        what = "no parameters at all" if not tensors else "no parameter that asks for a gradient (requires_grad=True)"
        raise TargetError(f"the target has {what}, so there is nothing to listen to; give the model that is trained")
    unnamed = [t for key, t in found.items() if key not in named]
    if unnamed:
        named.update(name_tensors(unnamed))
    return {key: (t, named[key]) for key, t in found.items()}


def _parts(target: Any) -> Iterable[tuple[str, Any]]:
    if isinstance(target, (nn.Module, Tensor)):
        return [("", target)]
    if isinstance(target, Mapping):
        return [(str(name), part) for name, part in target.items()]
    if isinstance(target, Iterable) and not isinstance(target, str):
        parts = list(target)
        modules = sum(isinstance(part, nn.Module) for part in parts)
        return [
            (f"{type(p).__name__.lower()}{i}" if isinstance(p, nn.Module) and modules > 1 else "", p)
            for i, p in enumerate(parts)
        ]
    raise TargetError(f"{_TAKES}; got {type(target).__name__}")


def optimizers_of(given: Any, tensors: dict[int, tuple[Tensor, Named]]) -> tuple[Optimizer, ...]:
    """The optimizers given to `watch`, one or several; each must hold something of the target.

    Raises TargetError otherwise.
    """
    if given is None:
        return ()
    optimizers = tuple(given) if isinstance(given, (list, tuple)) else (given,)
    for optimizer in optimizers:
        if not isinstance(optimizer, Optimizer):
            raise TargetError(
                f"optimizer takes a torch.optim.Optimizer or a list of them; got {type(optimizer).__name__}"
            )
        if not any(id(p) in tensors for group in optimizer.param_groups for p in group["params"]):
            raise TargetError(
                f"{type(optimizer).__name__} holds no parameter of the target; give the one that trains it"
            )
    return optimizers
