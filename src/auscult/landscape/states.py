"""Points a landscape goes through, given as vectors, state_dicts or modules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from auscult.anatomy.norm_passes import norms_of
from auscult.anatomy.passes import unwrapped
from auscult.curvature import Objective
from auscult.errors import LandscapeError

Given = Tensor | Mapping[str, Any] | nn.Module


@dataclass(frozen=True)
class State:
    """A point: the parameters that are varied, (parameters,), and what else a state holds, by name: buffers, frozen
    parameters. A vector holds nothing else."""

    vector: Tensor
    others: dict[str, Tensor]


def state_of(objective: Objective, given: Given) -> State:
    """The point that a vector, a state_dict or a module is; LandscapeError where it does not fit the model."""
    if isinstance(given, Tensor):
        objective.layout.check(given)
        if given.ndim != 1:
            raise LandscapeError(f"a point is one vector, got shape {tuple(given.shape)}")
        return State(given.detach().to(objective.layout.device, objective.layout.dtype).clone(), {})
    tensors = tensors_in(objective, given)
    return State(objective.flat(tensors), _others(objective, given, set(tensors)))


def tensors_in(objective: Objective, given: Given) -> dict[str, Tensor]:
    """The varied parameters of a point by name, each in its shape, none copied."""
    if isinstance(given, Tensor):
        objective.layout.check(given)
        return objective.named(given.detach())
    if not isinstance(given, (Mapping, nn.Module)):
        raise LandscapeError(f"a point is a vector, a state_dict or a module; got a {type(given).__name__}")
    held = _state_dict(given)
    made = {}
    for name, shape in objective.layout.shapes.items():
        if not isinstance(held.get(name), Tensor):
            raise LandscapeError(f"the state has no {name!r}; give one of the same model, with the names it has now")
        if held[name].shape != shape:
            raise LandscapeError(
                f"{name} has shape {tuple(held[name].shape)} in the state, {tuple(shape)} in the model"
            )
        made[name] = held[name].detach()
    return made


@contextmanager
def others_of(objective: Objective, start: State, end: State) -> Iterator[Others]:
    """What else two states hold and differ in, to be moved between them; afterwards it is as it was."""
    own = _full_state(objective.model) if isinstance(objective.model, nn.Module) else {}
    settled = _statistics(objective.model) if objective.norm != "eval" else set()
    ways = {}
    for name in {**start.others, **end.others}:
        at = own[name].detach()
        if not at.is_floating_point():
            continue
        a, b = (_like(at, name, state.others.get(name, at)) for state in (start, end))
        if name not in settled and not (torch.equal(a, at) and torch.equal(b, at)):
            ways[name] = (at, a, b)
    kept = [(at, at.clone()) for at, _, _ in ways.values()]
    try:
        yield Others(ways)
    finally:
        for at, was in kept:
            at.data.copy_(was)


class Others:
    """Buffers and frozen parameters on their way from one state's to another's."""

    def __init__(self, moved: dict[str, tuple[Tensor, Tensor, Tensor]]) -> None:
        self._moved = moved

    @property
    def names(self) -> tuple[str, ...]:
        """What differs."""
        return tuple(self._moved)

    def put(self, alpha: float) -> None:
        """Linear between the two; beyond them as at the nearer one, since a variance must not become negative."""
        a = min(max(alpha, 0.0), 1.0)
        for own, start, end in self._moved.values():
            own.data.copy_((1 - a) * start + a * end)


def _state_dict(given: Mapping[str, Any] | nn.Module) -> Mapping[str, Any]:
    if isinstance(given, nn.Module):
        return _full_state(unwrapped(given))  # type: ignore[arg-type]
    return given


def _full_state(module: nn.Module) -> dict[str, Tensor]:
    """Every parameter and buffer by name, those that are not saved too."""
    return {**dict(module.named_parameters(remove_duplicate=False)), **dict(module.named_buffers())}


def _others(objective: Objective, given: Mapping[str, Any] | nn.Module, varied: set[str]) -> dict[str, Tensor]:
    varied_now = {t.data_ptr() for t in objective.layout.tensors.values()}
    own = _full_state(objective.model) if isinstance(objective.model, nn.Module) else {}
    found = {}
    for name, t in _state_dict(given).items():
        tied = name in own and own[name].data_ptr() in varied_now
        if isinstance(t, Tensor) and name in own and name not in varied and not tied:
            found[name] = t.detach().clone()
    return found


def _statistics(model: Any) -> set[str]:
    """The names of the batch norms' running statistics."""
    if not isinstance(model, nn.Module):
        return set()
    kinds = ("running_mean", "running_var", "num_batches_tracked")
    return {f"{name}.{kind}" if name else kind for name in norms_of(model).values() for kind in kinds}


def _like(own: Tensor, name: str, given: Tensor) -> Tensor:
    if given.shape != own.shape:
        raise LandscapeError(f"{name} has shape {tuple(given.shape)} in the state, {tuple(own.shape)} in the model")
    return given.detach().to(own, copy=True)
