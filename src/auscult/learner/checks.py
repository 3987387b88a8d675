"""What a Learner is given, checked before anything is made of it; each refusal is one sentence with the way out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from auscult.errors import LearnerError
from auscult.learner.callback import Callback

_MANY = 10**9


def check_parts(model: Any, splits: Mapping[str, Any], loss: Any, opt: Any, accumulate: Any) -> None:
    """Raise LearnerError where the parts of a learner are not what they should be."""
    if not isinstance(model, nn.Module):
        raise LearnerError(f"the model is a {type(model).__name__}; give a torch.nn.Module")
    if any(nn.parameter.is_lazy(p) for p in model.parameters()):
        raise LearnerError(
            "the model has lazy parameters without a shape; run it once on a batch, then make the learner"
        )
    if not any(p.requires_grad for p in model.parameters()):
        raise LearnerError("the model has no parameter that requires a gradient; there is nothing to train")
    for name, loader in splits.items():
        if loader is None and name != "train":
            continue
        if not isinstance(loader, Iterable) and not hasattr(loader, "__getitem__"):
            raise LearnerError(f"the {name} split is a {type(loader).__name__}; give a DataLoader or a list of batches")
        if isinstance(loader, Iterator):
            raise LearnerError(
                f"the {name} split is a {type(loader).__name__}, gone over once only; give a DataLoader or a list"
            )
        if isinstance(loader, (Mapping, Tensor, str)):
            raise LearnerError(f"the {name} split is a {type(loader).__name__}; give a DataLoader or a list of batches")
    if not callable(loss):
        raise LearnerError(f"the loss is a {type(loss).__name__}; give a function of outputs and targets")
    reduction = getattr(loss, "reduction", "mean")
    if reduction != "mean":
        raise LearnerError(f"the loss has reduction={reduction!r}; give one that is the mean over the batch")
    if not callable(opt):
        raise LearnerError(f"opt is a {type(opt).__name__}; give what makes an optimizer, as torch.optim.Adam does")
    if isinstance(accumulate, bool) or not isinstance(accumulate, int) or accumulate < 1:
        raise LearnerError(f"accumulate is a number of batches from 1 up, got {accumulate!r}; 1 steps after each")


def made(opt: Callable[..., torch.optim.Optimizer], model: nn.Module, lr: float) -> torch.optim.Optimizer:
    """The optimizer that `opt` makes for the model."""
    optimizer = opt(list(model.parameters()), lr=lr)
    if not isinstance(optimizer, torch.optim.Optimizer):
        raise LearnerError(f"opt gave a {type(optimizer).__name__}; it is to give a torch.optim.Optimizer")
    if isinstance(optimizer, torch.optim.LBFGS):
        raise LearnerError("LBFGS evaluates the loss many times a step, which a Learner does not; write a loop for it")
    return optimizer


def checked_callbacks(callbacks: Iterable[Callback]) -> list[Callback]:
    """The callbacks as a list; LearnerError where one is none."""
    listed: list[Any] = list(callbacks) if isinstance(callbacks, Iterable) else [callbacks]
    for callback in listed:
        if not isinstance(callback, Callback):
            kind = f"the class {callback.__name__}" if isinstance(callback, type) else f"a {type(callback).__name__}"
            raise LearnerError(f"{kind} is no callback; give an object of a class derived from Callback")
    return listed


def check_epochs(epochs: Any) -> None:
    """Raise LearnerError where it is no number of epochs."""
    if isinstance(epochs, bool) or not isinstance(epochs, int) or not 0 < epochs < _MANY:
        raise LearnerError(f"epochs is a whole number from 1 up, got {epochs!r}; say how often to go over the data")


def rates_of(what: str, given: float | Sequence[float], groups: int) -> list[float]:
    """One learning rate for each parameter group."""
    try:
        rates = [float(x) for x in given] if isinstance(given, Sequence) else [float(given)] * groups
    except (TypeError, ValueError):
        rates = []
    if len(rates) != groups or not all(0 <= rate < float("inf") for rate in rates):
        raise LearnerError(f"{what} is a positive number, or one for each of {groups} parameter groups; got {given!r}")
    return rates


def check_plan(fit: Mapping[str, Any] | None, plan: Mapping[str, Any], path: Any) -> None:
    """LearnerError where the checkpoint is not of the fit asked for."""
    if fit is None:
        raise LearnerError(f"{path} was saved outside a fit; load it with learn.load, then fit")
    for key in (*plan, *fit["plan"]):
        was, asked = fit["plan"].get(key), plan.get(key)
        if was != asked:
            raise LearnerError(
                f"the checkpoint {path} is of a fit with {key} {was}, this one has {asked}; ask for the same, or keep "
                "this one in another folder"
            )
