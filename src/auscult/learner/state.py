"""All a training goes on from, and putting a learner back to it: checked first, and undone where that fails."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from auscult.anatomy.passes import first_line, unwrapped
from auscult.anatomy.streams import restore_streams, streams_of
from auscult.errors import LearnerError
from auscult.learner.callback import Callback, names_of

if TYPE_CHECKING:
    from auscult.learner.learner import Learner

_NEEDED = ("model", "buffers", "loss", "kind", "optimizer", "callbacks", "streams", "table", "step")


def state_of(learner: Learner, callbacks: list[Callback], fit: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Model, loss, optimizer, callbacks (with schedules and GradScaler), random streams, table and step.

    Tensors are those of the learner, not copies. `fit`: where a fit going on is, and what was asked of it.
    """
    model = unwrapped(learner.model)
    assert isinstance(model, nn.Module)
    states = {name: callback.state() for name, callback in names_of(callbacks).items()}
    return {
        "model": dict(model.state_dict()),
        "buffers": _unsaved_buffers(model),
        "loss": _loss_state(learner),
        "kind": type(learner.optimizer).__name__,
        "optimizer": learner.optimizer.state_dict(),
        "callbacks": {name: state for name, state in states.items() if state},
        "streams": streams_of(learner.splits),
        "table": learner.table.as_rows(),
        "step": learner.step,
        "fit": dict(fit) if fit is not None else None,
    }


def check_state(learner: Learner, state: Mapping[str, Any], callbacks: list[Callback]) -> None:
    """Raise LearnerError where the state is another model's, optimizer's or set of callbacks'; nothing is changed."""
    missing = [key for key in _NEEDED if key not in state]
    if missing:
        raise LearnerError(f"the checkpoint has no {missing[0]}; give a file that learn.save wrote")
    model = unwrapped(learner.model)
    assert isinstance(model, nn.Module)
    _check_tensors("model", dict(model.state_dict()), state["model"])
    _check_tensors("model", _unsaved_buffers(model), state["buffers"])
    _check_tensors("loss", _loss_state(learner), state["loss"])
    groups, saved = learner.optimizer.state_dict()["param_groups"], state["optimizer"]["param_groups"]
    if [len(g["params"]) for g in groups] != [len(g["params"]) for g in saved]:
        raise LearnerError(
            f"the checkpoint's optimizer has {_groups(saved)}, this one {_groups(groups)}; make it as it was made then"
        )
    kind = type(learner.optimizer).__name__
    unknown = {key for ours, theirs in zip(groups, saved, strict=True) for key in theirs.keys() - ours.keys()}
    if state["kind"] != kind or unknown - {"initial_lr"}:
        other = f"has {min(unknown)!r}" if state["kind"] == kind else f"is {state['kind']}"
        raise LearnerError(f"the checkpoint's optimizer {other}, this one is {kind}; make it as it was made then")
    for name in state["callbacks"]:
        if name not in names_of(callbacks):
            raise LearnerError(f"the checkpoint holds the state of {name}; give the learner that callback too")


def load_state(learner: Learner, state: Mapping[str, Any], callbacks: list[Callback]) -> None:
    """Put the learner back to a state that `check_state` passed; where that fails, it is as it was.

    Raises LearnerError where something in the model, the optimizer or a callback refuses its part.
    """
    before = copy.deepcopy(state_of(learner, callbacks))
    try:
        _apply(learner, state, callbacks)
    except Exception as e:
        _apply(learner, before, callbacks)
        raise LearnerError(
            f"the checkpoint cannot be loaded, {type(e).__name__}: {first_line(e)}; the learner is as it was"
        ) from e


def _apply(learner: Learner, state: Mapping[str, Any], callbacks: list[Callback]) -> None:
    model = unwrapped(learner.model)
    assert isinstance(model, nn.Module)
    model.load_state_dict(state["model"])
    buffers = dict(model.named_buffers())
    for name, value in state["buffers"].items():
        buffers[name].copy_(value)
    if isinstance(learner.loss, nn.Module):
        learner.loss.load_state_dict(state["loss"])
    _load_optimizer(learner.optimizer, state["optimizer"])
    for name, callback in names_of(callbacks).items():
        if name in state["callbacks"]:
            callback.load_state(state["callbacks"][name])
    learner.table.load_rows(state["table"])
    learner.step = state["step"]
    restore_streams(learner.splits, state["streams"])


def _load_optimizer(optimizer: torch.optim.Optimizer, state: Mapping[str, Any]) -> None:
    """As `Optimizer.load_state_dict`, which casts a state to its parameter's dtype; here it keeps its own."""
    optimizer.load_state_dict(copy.deepcopy(dict(state)))
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    indices = [i for group in state["param_groups"] for i in group["params"]]
    for parameter, index in zip(parameters, indices, strict=True):
        for key, value in state["state"].get(index, {}).items():
            now = optimizer.state[parameter].get(key)
            if isinstance(value, Tensor) and isinstance(now, Tensor) and now.dtype != value.dtype:
                optimizer.state[parameter][key] = value.to(now.device, copy=True)


def _loss_state(learner: Learner) -> dict[str, Any]:
    return dict(learner.loss.state_dict()) if isinstance(learner.loss, nn.Module) else {}


def _unsaved_buffers(model: nn.Module) -> dict[str, Tensor]:
    """The buffers that a state_dict leaves out."""
    saved = model.state_dict().keys()
    return {name: buffer for name, buffer in model.named_buffers() if name not in saved}


def _check_tensors(what: str, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> None:
    for name in (*ours, *theirs):
        if name not in theirs or name not in ours:
            holder = f"the {what}" if name in ours else "the checkpoint"
            raise LearnerError(f"only {holder} has {name}; give the {what} that the checkpoint is of")
        a, b = ours[name], theirs[name]
        if isinstance(a, Tensor) and isinstance(b, Tensor) and (a.shape, a.dtype) != (b.shape, b.dtype):
            raise LearnerError(
                f"{name} is {_form(b)} in the checkpoint and {_form(a)} in the {what}; give the one it is of"
            )


def _form(tensor: Tensor) -> str:
    return f"{str(tensor.dtype).removeprefix('torch.')} {tuple(tensor.shape)}"


def _groups(groups: list[dict[str, Any]]) -> str:
    sizes = [len(g["params"]) for g in groups]
    return f"{sizes[0]} tensors" if len(sizes) == 1 else f"groups of {', '.join(map(str, sizes))} tensors"
