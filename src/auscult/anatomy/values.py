"""The numbers of a forward pass at its sites: kept by autograd, or computed again from what it keeps."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.autograd.graph import Node

from auscult.anatomy.activations import Activation
from auscult.anatomy.again import convolve
from auscult.anatomy.nodes import KEEP_BOTH, inputs, is_packed, kept, kind, operand, plain
from auscult.anatomy.sites import Site

PART = 1 << 18  # elements that are enough where not all are needed
_ENTRIES = 1024  # of an embedding, likewise
_BATCH_NORMS = ("batch-norm", "instance-norm")


def some(x: Tensor, unit_dim: int = -1) -> Tensor:
    """The first examples of a tensor, at most PART elements of it; all units of each."""
    examples = 0 if unit_dim % x.ndim else x.ndim - 1
    if x.numel() <= PART or x.ndim < 2:
        return x
    return x.narrow(examples, 0, max(1, x.shape[examples] * PART // x.numel()))


def input_of(activation: Activation, node: Node) -> Tensor | None:
    """What went into an activation, where its node keeps that."""
    return kept(node, "self") if activation.keeps == "self" else None


def data_of(site: Site) -> Tensor | None:
    """What went into a layer."""
    return kept(site.node, site.data_at) if site.data_at else None


def taken_by(site: Site) -> Tensor | None:
    """What a layer takes, or looks up."""
    taken = plain(site.node, "indices") if site.operation == "embedding" else data_of(site)
    taken = next(iter(taken), None) if isinstance(taken, tuple | list) else taken
    return taken if isinstance(taken, Tensor) else None


def output_of(site: Site, compute: bool = True) -> Tensor | None:
    """What a layer's own operation gave. Computed again, of some examples, where nobody keeps it and `compute`."""
    if site.kept_by is not None:
        return kept(*site.kept_by)
    if not compute:
        return None
    if site.operation == "linear":
        return _linear(site)
    if site.operation == "convolution":
        return _convolution(site)
    if site.operation == "recurrent":
        return kept(site.node, "result0")
    if site.operation == "embedding":
        return _looked_up(site)
    return norm_output(site)


def weight_rows(site: Site) -> Tensor | None:
    """A layer's weights, (units, fan_in), for one with whole weights of its own; of an embedding, some entries'."""
    weight = site.weight
    if weight is None or weight.ndim < 2 or weight.is_complex():
        return None
    if site.operation == "embedding" and weight.ndim == 2 and weight.shape[1] == site.units:
        return weight.detach()[:: -(-len(weight) // _ENTRIES)].T
    if site.operation not in ("linear", "convolution"):
        return None
    if site.units_last is None:
        return None
    rows = weight.detach()
    if site.units_last:
        rows = rows.movedim(-1, 0)
    elif site.operation == "convolution" and plain(site.node, "transposed"):
        rows = rows.movedim(1, 0)
    rows = rows.reshape(rows.shape[0], -1)
    return rows if rows.shape[0] == site.units else None


def norm_output(site: Site) -> Tensor | None:
    """What a norm gave, of some examples."""
    x = kept(site.node, "input")
    if x is None or site.operation not in (*_BATCH_NORMS, "layer-norm"):
        return None
    x = some(x, 1 if site.operation in _BATCH_NORMS else -1)
    if site.operation == "layer-norm":
        sides = plain(site.node, "normalized_shape")
        mean, inverse = kept(site.node, "result1"), kept(site.node, "result2")
        if mean is None or inverse is None:
            return None
        made = (x - mean[: len(x)]) * inverse[: len(x)]
        shape = list(sides)
    else:
        found = norm_statistics(site)
        if found is None:
            return None
        shape = [1, -1, *[1] * (x.ndim - 2)]
        made = (x - found.mean.view(shape)) / found.divisor.view(shape)
    for parameter, then in ((site.weight, torch.mul), (site.bias, torch.add)):
        if parameter is not None:
            values = parameter.detach()
            if site.operation == "instance-norm":  # they belong to channels, here counted once for each image
                values = values.repeat(x.shape[1] // len(values))
            made = then(made, values.view(shape))
    return made


@dataclass(frozen=True)
class NormStatistics:
    """What a batch norm normalised with, (channels,) each, and what it remembers for evaluation."""

    trains: bool  # with the batch's own statistics
    values: int  # over how many values of a channel
    mean: Tensor  # of the batch where it trains, else what it remembers
    var: Tensor  # unbiased where it is the batch's
    divisor: Tensor  # √(biased variance + ε)
    eps: float
    running_mean: Tensor | None
    running_var: Tensor | None


def norm_statistics(site: Site) -> NormStatistics | None:
    """The statistics of a batch or instance norm; None where they cannot be read."""
    node = site.node
    x, mean, inverse = kept(node, "input"), kept(node, "result1"), kept(node, "result2")
    running_mean, running_var = kept(node, "running_mean"), kept(node, "running_var")
    if x is None:
        return None
    values = x.numel() // max(1, x.shape[1])
    trains = bool(plain(node, "training")) if hasattr(node, "_saved_training") else running_mean is None
    eps = float(plain(node, "eps") or plain(node, "epsilon") or 0)
    if not trains:
        if running_mean is None or running_var is None:
            return None
        return NormStatistics(False, values, running_mean, running_var, (running_var + eps).sqrt(), eps, None, None)
    if mean is None or inverse is None or not mean.numel():
        return None
    divisor = inverse.reciprocal()
    var = (divisor.square() - eps).clamp_min(0) * (values / max(1, values - 1))
    return NormStatistics(True, values, mean, var, divisor, eps, running_mean, running_var)


def _linear(site: Site) -> Tensor | None:
    data, names = data_of(site), KEEP_BOTH[kind(site.node)]
    if data is None:
        return None
    at = 1 - names.index(site.data_at)  # 1 for `x @ W`, 0 for `W @ x`
    weight = operand(site.node, names[at], len(inputs(site.node)) - 2 + at)
    if weight is None or _adds_what_is_not_kept(site):
        return None
    weight, data = weight.to(data.dtype), some(data, site.unit_dim)
    made = data @ weight if at else weight @ data
    if site.bias is None:
        return made
    bias = site.bias.detach().to(made.dtype).reshape(-1)
    return made + (bias if at or made.ndim < 2 else bias[:, None])


def _adds_what_is_not_kept(site: Site) -> bool:
    """Whether a bias is added that is no leaf, or takes no gradient: nobody keeps it."""
    if site.operation == "linear":
        scaled = any((plain(site.node, name) or 1) != 1 for name in ("alpha", "beta"))
        return scaled or (site.bias is None and kind(site.node) == "AddmmBackward")
    return site.bias is None and plain(site.node, "bias_sym_sizes_opt") is not None


def _convolution(site: Site) -> Tensor | None:
    data, weight = data_of(site), operand(site.node, "weight", 1)
    if data is None or weight is None or _adds_what_is_not_kept(site):
        return None
    per_example = max(1, data.shape[1:].numel())
    data = data[: max(1, PART // per_example)]
    return convolve(site.node, data, weight, None if site.bias is None else site.bias.detach())


def _looked_up(site: Site) -> Tensor | None:
    if is_packed(site.node, "indices") or site.weight is None or kind(site.node) == "EmbeddingBagBackward":
        return None
    indices = plain(site.node, "indices")
    if isinstance(indices, tuple):  # one for each dimension of the weight
        indices = indices[0] if len(indices) == 1 else None
    if indices is None or indices.dtype == torch.bool:
        return None
    rows = site.weight.detach()
    return rows[indices.reshape(-1)[: max(1, PART // rows.shape[1])]]
