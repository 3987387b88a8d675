"""One forward pass of anyone's model, up to the loss, that leaves no trace: what is then read with `read([loss])`.

The convention of everything that takes a model, a batch and a loss:

    f(model, (inputs, targets), loss)      the short form: loss(outputs, targets), as torch.nn.functional.cross_entropy
    f(model, batch, step=step)             the general form: step(model, batch) gives the loss, whatever the batch is

`inputs` is what the model is called with: a tensor, a tuple or list of arguments, or a dict of keyword arguments. A
model without a module is a mapping of names to tensors ({"W1": W1, "b1": b1}); nothing can be called then, so it takes
the general form.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from auscult.anatomy.nodes import watch_hooks
from auscult.errors import AuscultError, TargetError

Model = nn.Module | Mapping[str, Tensor]
Step = Callable[[Any, Any], Tensor]
_WANTED = "give a torch.nn.Module, or a mapping of names to tensors"


def run_pass(
    model: Model, batch: Any, loss: Callable[..., Tensor] | None = None, *, step: Step | None = None
) -> Tensor:
    """The loss of one forward pass, one element, with its graph.

    Afterwards the random streams of torch (CPU and CUDA), NumPy and Python, the buffers, the gradients and the
    training flags are what they were. Gradients are enabled, under `no_grad` too; the mode (train or eval) is the
    model's own.

    Raises TargetError where model, batch and loss do not fit the convention above, where the model or the loss raises
    (the cause is kept), and where what comes out is no finite scalar that depends on a parameter.
    """
    compute = as_step(model, loss, step)
    tensors = tensors_of(model)
    versions = {name: t._version for name, t in tensors.items() if t.requires_grad and not t.is_inference()}
    unwatch = watch_hooks()
    with no_trace(model), torch.inference_mode(False), torch.enable_grad():
        try:
            made = compute(unwrapped(model), batch)
        except AuscultError:
            raise
        except Exception as e:
            raise TargetError(f"the forward pass raised {type(e).__name__}: {first_line(e)}; mend it first") from e
        finally:
            unwatch()
        if any(t.grad is not None for t in tensors.values() if t.is_leaf):
            raise TargetError("the step ran backward itself; give one that only returns the loss")
    moved = [name for name, version in versions.items() if tensors[name]._version != version]
    if moved:
        raise TargetError(f"the step changed the parameter {moved[0]}; give one that only returns the loss")
    return _checked(made)


def as_step(model: Model, loss: Callable[..., Tensor] | None, step: Step | None) -> Step:
    """The general form of either; TargetError where neither or both are given, or the model cannot be called."""
    if not isinstance(model, (nn.Module, Mapping)):
        raise TargetError(f"the model is a {type(model).__name__}; {_WANTED}")
    if (loss is None) == (step is None):
        got = "neither" if loss is None else "both"
        raise TargetError(
            f"give loss=, called as loss(outputs, targets), or step=, called as step(model, batch); got {got}"
        )
    if not callable(step if loss is None else loss):
        kind = type(step if loss is None else loss).__name__
        raise TargetError(f"the loss is a {kind}; give the function that computes it, not what it gave")
    if step is not None:
        return step
    if not isinstance(model, nn.Module):
        raise TargetError("a mapping of tensors cannot be called; give step=, called as step(tensors, batch)")
    assert loss is not None

    def short(model: Any, batch: Any) -> Tensor:
        inputs, targets = _pair(batch)
        return loss(call(model, inputs), targets)

    return short


def call(model: Callable[..., Any], inputs: Any) -> Any:
    """What a model gives for inputs: a tensor, a tuple or list of arguments, a dict of keyword arguments."""
    if isinstance(inputs, Mapping):
        return model(**inputs)
    return model(*inputs) if isinstance(inputs, (tuple, list)) else model(inputs)


def unwrapped(model: Model) -> Model:
    """The model itself where torch.compile wraps it: what is compiled cannot be seen."""
    return getattr(model, "_orig_mod", model)


def tensors_of(model: Model) -> dict[str, Tensor]:
    """The parameters by name, of a mapping all its tensors; one that has two names under its first."""
    if isinstance(model, nn.Module):
        return dict(unwrapped(model).named_parameters())  # type: ignore[union-attr]
    if not isinstance(model, Mapping):
        raise TargetError(f"the model is a {type(model).__name__}; {_WANTED}")
    named: dict[int, tuple[str, Tensor]] = {}
    for name, tensor in model.items():
        if not isinstance(tensor, Tensor):
            raise TargetError(f"{name!r} is a {type(tensor).__name__}; a mapping gives names to tensors")
        named.setdefault(id(tensor), (str(name), tensor))
    return dict(named.values())


@contextmanager
def no_trace(model: Model) -> Iterator[None]:
    """Leave random streams, buffers, gradients and training flags as they are, whatever happens inside.

    Gradients are out of sight meanwhile. Buffers are put back without telling autograd, so the graph can still be read.
    """
    tensors = [t for t in tensors_of(model).values() if t.is_leaf]
    gradients = [t.grad for t in tensors]
    modules = list(model.modules()) if isinstance(model, nn.Module) else []
    flags = [m.training for m in modules]
    held = [(m._buffers, name, b) for m in modules for name, b in m._buffers.items() if b is not None]
    if not isinstance(model, nn.Module):  # what takes no gradient there serves as a buffer
        held = [({}, name, t) for name, t in model.items() if not t.requires_grad]
    copies = [None if _unmade(b) else b.detach().clone() for _, _, b in held]
    streams = random_state()
    for t in tensors:
        t.grad = None
    try:
        yield
    finally:
        restore_random(streams)
        for t, gradient in zip(tensors, gradients, strict=True):
            t.grad = gradient
        for m, flag in zip(modules, flags, strict=True):
            m.training = flag
        for (holder, name, buffer), copy in zip(held, copies, strict=True):
            holder[name] = buffer
            if copy is not None:
                buffer.data.copy_(copy)


def random_state() -> tuple[Any, ...]:
    """The random streams of torch (CPU, CUDA where it is in use), NumPy and Python."""
    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_available() and torch.cuda.is_initialized() else []
    return torch.get_rng_state(), cuda, np.random.get_state(), random.getstate()


def restore_random(state: tuple[Any, ...]) -> None:
    """Set the random streams back to what `random_state` gave."""
    cpu, cuda, numpy, python = state
    torch.set_rng_state(cpu)
    if cuda:
        torch.cuda.set_rng_state_all(cuda)
    np.random.set_state(numpy)
    random.setstate(python)


def same_random(a: tuple[Any, ...], b: tuple[Any, ...]) -> bool:
    """Whether two states that `random_state` gave are one."""
    tensors = zip([a[0], *a[1]], [b[0], *b[1]], strict=True) if len(a[1]) == len(b[1]) else [(a[0], b[0][:0])]
    numpy = all(np.array_equal(x, y) for x, y in zip(a[2], b[2], strict=True))
    return numpy and a[3] == b[3] and all(torch.equal(x, y) for x, y in tensors)


def _pair(batch: Any) -> tuple[Any, Any]:
    if isinstance(batch, (tuple, list)) and len(batch) == 2:
        return batch[0], batch[1]
    got = f"{len(batch)} things" if isinstance(batch, (tuple, list)) else f"a {type(batch).__name__}"
    raise TargetError(f"with loss= a batch is (inputs, targets), not {got}; give step=, called as step(model, batch)")


def _checked(loss: Any) -> Tensor:
    if not isinstance(loss, Tensor):
        raise TargetError(f"the loss is a {type(loss).__name__}; it is to be a tensor of one element")
    if loss.numel() != 1:
        raise TargetError(f"the loss has shape {tuple(loss.shape)}; reduce it to one element, as with .mean()")
    if not loss.requires_grad:
        raise TargetError("the loss depends on no parameter that requires a gradient; train at least one")
    if not bool(torch.isfinite(loss.detach()).all()):
        raise TargetError(
            f"the loss is {float(loss.detach())}; look for values that are not finite in the batch and weights"
        )
    return loss


def _unmade(tensor: Tensor) -> bool:
    return nn.parameter.is_lazy(tensor) or tensor.device.type == "meta"


def first_line(e: Exception) -> str:
    """What an error says, in one line."""
    return (str(e).strip().splitlines() or ["no message"])[0]
