"""Looks inside small networks, and what they should say: float64 copies with ordinary hooks, computed by the book."""

import copy
import math

import torch

import auscult
from auscult.runs import quantities as q

OUTPUT = (q.OUTPUT_MEAN, q.OUTPUT_STD, q.OUTPUT_MAX, q.OUTPUT_NONFINITE)
OUTPUT_GRAD = (q.OUTPUT_GRAD_MEAN, q.OUTPUT_GRAD_STD, q.OUTPUT_GRAD_MAX, q.OUTPUT_GRAD_NONFINITE)
ACTIVATION = (q.ACTIVATION_MEAN, q.ACTIVATION_STD, q.ACTIVATION_MAX, q.ACTIVATION_NONFINITE)
ACTIVATION_GRAD = (
    q.ACTIVATION_GRAD_MEAN, q.ACTIVATION_GRAD_STD, q.ACTIVATION_GRAD_MAX, q.ACTIVATION_GRAD_NONFINITE,
)  # fmt: skip


def one_step(model, loss, steps=1, lr=0.0, parameters=None, **kwargs):
    """The run of a training that is looked into at every step; no fault of ours may happen in it."""
    optimizer = torch.optim.SGD(list(model.parameters()) if parameters is None else parameters, lr=lr)
    with auscult.watch(model, optimizer, every=1, **kwargs) as recorder:
        for _ in range(steps):
            optimizer.zero_grad()
            loss(model).backward()
            optimizer.step()
    assert recorder.bill.faults == 0, recorder.run.events(q.FAULT)
    return recorder.run


class Reference:
    """A float64 copy of a model after one backward pass: what each module gave, by path, its k-th call by `path#k`."""

    def __init__(self, model, loss):
        self.model = copy.deepcopy(model).double()
        self.given, self.took = {}, {}
        for path, module in self.model.named_modules():
            module.register_forward_hook(self._hook(path))
        self.loss = loss(self.model)
        self.loss.backward()

    def _hook(self, path):
        def hook(module, inputs, output):
            calls = sum(key.partition("#")[0] == path for key in self.given)
            output = output[0] if isinstance(output, tuple) else output
            if isinstance(output, torch.Tensor) and output.requires_grad:
                output.retain_grad()
                key = f"{path}#{calls + 1}" if calls else path
                self.given[key] = output
                self.took[key] = inputs[0] if inputs else None

        return hook


def four(x):
    """Mean, standard deviation, largest absolute value, and how many are not finite."""
    x = x.detach().double()
    std = x.std().item() if x.numel() > 1 else math.nan
    return x.mean().item(), std, x.abs().max().item(), int((~torch.isfinite(x)).sum())


def same(run, layer, quantities, x, step=0, rel=1e-4):
    """Assert that the four quantities of a layer are those of a tensor."""
    expected = four(x)
    near = {quantities[0]: expected[1] if expected[1] == expected[1] else 1.0}  # a mean may be next to nothing
    for quantity, value in zip(quantities, expected, strict=True):
        got = run.at(step, quantity, [layer])[layer]
        margin = rel * max(abs(value), near.get(quantity, 0.0))
        assert got == value or abs(got - value) <= margin or (got != got and value != value), (
            f"{quantity} of {layer} is {got}, not {value}"
        )


def matches(run, reference, layers, **kwargs):
    """Assert output and activation, forward and back, of layers: {name: (path of the layer, path of activation)}."""
    for name, (layer, activation) in layers.items():
        if layer is not None:
            same(run, name, OUTPUT, reference.given[layer], **kwargs)
            same(run, name, OUTPUT_GRAD, reference.given[layer].grad, **kwargs)
        if activation is not None:
            same(run, name, ACTIVATION, reference.given[activation], **kwargs)
            same(run, name, ACTIVATION_GRAD, reference.given[activation].grad, **kwargs)


def layers_of(run):
    """The layers of a run by name."""
    return {layer.name: layer for layer in run.layers}
