"""What is treated: a model, a batch and a loss to try it on, and the promise that a failed remedy leaves no trace."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from auscult.anatomy.passes import (
    Model,
    Step,
    as_step,
    first_line,
    random_state,
    restore_random,
    run_pass,
    tensors_of,
    unwrapped,
)
from auscult.errors import AuscultError, TreatError

_COMPUTED_BY_HOOK = ("WeightNorm", "SpectralNorm")  # the older forms, torch.nn.utils.weight_norm and spectral_norm


class Patient:
    """A model, a batch and a loss, in the convention of `auscult.anatomy.passes`.

    Raises TargetError where these do not fit it.
    """

    def __init__(
        self, model: Model, batch: Any, loss: Callable[..., Tensor] | None = None, step: Step | None = None
    ) -> None:
        as_step(model, loss, step)
        self.model = unwrapped(model)
        self.tensors = tensors_of(model)
        self._batch, self._loss, self._step = batch, loss, step
        self._names = {id(tensor): name for name, tensor in self.tensors.items()}

    @property
    def modules(self) -> dict[str, nn.Module]:
        """The modules by name; none where the model is bare tensors."""
        return dict(self.model.named_modules()) if isinstance(self.model, nn.Module) else {}

    def name_of(self, tensor: Tensor | None) -> str | None:
        """A parameter's name; None for a tensor that is none of the model's."""
        return self._names.get(id(tensor)) if tensor is not None else None

    def run(self) -> Tensor:
        """The loss of a forward pass, with its graph; see `run_pass`."""
        return run_pass(self.model, self._batch, self._loss, step=self._step)


def check_weights(model: Model, tensors: Mapping[str, Tensor]) -> None:
    """Raise TreatError where a model's weights are not there to be changed."""
    for name, tensor in tensors.items():
        if nn.parameter.is_lazy(tensor):
            raise TreatError(f"{name} is lazy and has no shape yet; run the model once on a batch, then treat it")
        if tensor.is_inference():
            raise TreatError(f"{name} was made under torch.inference_mode and can get no gradient; make it outside")
        if tensor.device.type == "meta":
            raise TreatError(f"{name} is on the meta device and has no numbers; load or make the weights first")
    if not isinstance(model, nn.Module):
        return
    for path, module in model.named_modules():
        hooks = {type(h).__name__ for h in module._forward_pre_hooks.values()}
        if parametrize.is_parametrized(module) or hooks & set(_COMPUTED_BY_HOOK):
            raise TreatError(
                f"the weights of {path or type(module).__name__} are computed from others (a parametrization such as "
                "weight_norm); remove that, treat the model, and put it on again"
            )


@contextmanager
def unharmed(model: Model, what: str) -> Iterator[None]:
    """Leave a model bit-identical where the remedy inside fails, and raise that as TreatError or TargetError.

    Parameters, buffers, gradients, training flags and random streams are put back, in place. TreatError also where
    the weights are not there to be changed: lazy, on the meta device, or computed from other tensors.
    """
    model = unwrapped(model)
    tensors = tensors_of(model)
    check_weights(model, tensors)
    modules = list(model.modules()) if isinstance(model, nn.Module) else []
    held = [*tensors.values(), *(b for m in modules for b in m._buffers.values() if b is not None)]
    copies = [(t, t.detach().clone(), t.requires_grad) for t in held]
    gradients = [(t, t.grad) for t in tensors.values() if t.is_leaf]
    places = [(m, dict(m._parameters), dict(m._buffers), m.training) for m in modules]
    momenta = [(m, m.momentum) for m in modules if isinstance(m, nn.modules.batchnorm._NormBase)]
    streams = random_state()
    try:
        yield
    except BaseException as e:
        for m, parameters, buffers, training in places:
            m._parameters.update(parameters)
            m._buffers.update(buffers)
            m.training = training
        with torch.no_grad():
            for t, copy, asked in copies:
                t.data.copy_(copy)
                if t.is_leaf:
                    t.requires_grad_(asked)
        for t, gradient in gradients:
            t.grad = gradient
        for m, momentum in momenta:
            m.momentum = momentum
        restore_random(streams)
        if isinstance(e, AuscultError) or not isinstance(e, Exception):
            raise
        raise TreatError(f"{what} failed with {type(e).__name__}: {first_line(e)}; the model is as it was") from e
