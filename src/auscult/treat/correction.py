"""The signal brought to scale: a layer's output measured on data, and its weights corrected."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from auscult.anatomy import Site, data_of, norm_statistics
from auscult.anatomy.nodes import plain
from auscult.stats import wide
from auscult.treat.measure import Reading, dead_share, saturated_share
from auscult.treat.patient import Patient
from auscult.treat.weights import Weights, measured_std, same_place

# Of the pre-activations. 1 is where GAINS hold: weights of gain/√fan_in give it again behind each activation. A tanh is
# then saturated in 3.6 % of its elements (|x| > 2.09 of a normal distribution); at 5/3, which the gain gives behind
# inputs of unit spread, in 21 %.
TARGET = 1.0
_CLOSE = 0.02  # how far from the target a spread may lie
_SATURATED = 0.045  # share at most
_WITHIN_NORM = (0.1, 10.0)  # spreads that a norm behind mends by itself
# Of the input's power, the part that is the same for all examples from which on the weights are set at right angles to
# it. A sigmoid's output has .85, so without that a few layers pass on nothing that differs between examples; a ReLU's
# has .32 of centred inputs.
_CONSTANT = 0.8
_DEAD = 0.03  # share of units from which on the same is done: what holds them off is what all examples have in common
_LEAST_CONSTANT, _ALL_CONSTANT = 1e-3, 1 - 1e-5  # beyond that nothing but rounding would be left


@dataclass(frozen=True)
class Wish:
    """What a layer's output is to be: its spread, and whether less is as good."""

    std: float = TARGET
    at_most: bool = False
    normed: bool = False  # a norm behind it brings it to scale


def bring_to_scale(patient: Patient, weights: Weights, wish: Wish) -> bool:
    """Scale one layer's weights, in place, until what it gives on the batch is as wished; whether that can be seen.

    Raises TreatError where what it gives is constant or not finite.
    """
    reading = Reading(patient)
    site = same_place(reading, weights)
    if site is None:
        return False
    if not wish.normed and centre(weights, site, anyway=site.direct and dead_share(site) > _DEAD):
        reading = Reading(patient)
    std = measured_std(reading, weights)
    if std is None:
        return False
    share = _saturated(reading, weights)
    if not _fits(std, wish):
        with torch.no_grad():
            weights.tensor.mul_(wish.std / std)
        share = None
    if not wish.normed:
        _desaturate(patient, weights, share)
    return True


def norm_works(norm: Site) -> bool:
    """Whether a norm brings its input to scale: a batch norm in eval mode does not."""
    if norm.operation not in ("batch-norm", "instance-norm"):
        return True
    found = norm_statistics(norm)
    return found is None or found.trains


@torch.no_grad()
def centre(weights: Weights, site: Site, anyway: bool = False) -> bool:
    """Set a layer's weights at right angles to the mean of its input where that is most of the input; whether it did.

    W ← W − (W m) mᵀ/‖m‖²: what is the same for all examples is not passed on, and biases need not cancel it.
    """
    data = data_of(site)
    if data is None or site.fan_in is None or site.fan_in < 2:
        return False
    mean = _mean_input(wide(data), site)
    rows = None if mean is None else _rows(weights.tensor, site)
    if mean is None or rows is None or rows.shape[1] != len(mean):
        return False
    power = float(wide(data).square().mean())
    share = float(mean.square().mean()) / power if power > 0 else 0.0
    if not (_LEAST_CONSTANT if anyway else _CONSTANT) < share < _ALL_CONSTANT:
        return False
    direction = (mean / mean.norm()).to(rows.dtype)
    rows.sub_((rows @ direction)[:, None] * direction)
    weights.tensor.copy_(_unrows(rows, weights.tensor, site))
    return True


def _fits(std: float, wish: Wish) -> bool:
    if wish.normed:
        return _WITHIN_NORM[0] < std < _WITHIN_NORM[1]
    if wish.at_most:
        return std <= wish.std * (1 + _CLOSE)
    return abs(std / wish.std - 1) <= _CLOSE


def _desaturate(patient: Patient, weights: Weights, share: float | None) -> None:
    """Make the weights smaller while the activation behind, flat at both ends, is saturated in too large a part."""
    for _ in range(40):
        if share is None:
            share = _saturated(Reading(patient), weights)
        if not share > _SATURATED:
            return
        with torch.no_grad():
            weights.tensor.mul_(0.93)
        share = None


def _saturated(reading: Reading, weights: Weights) -> float:
    """The largest saturated share behind any use; NaN where none is known."""
    shares = [saturated_share(s) for s in reading.uses(weights.tensor)]
    return max((share for share in shares if not math.isnan(share)), default=math.nan)


def _mean_input(data: Tensor, site: Site) -> Tensor | None:
    """The mean over examples of each of the inputs a unit adds up, (fan_in,)."""
    if site.operation == "convolution":
        window = math.prod(site.weight.shape[2:]) if site.weight is not None else 1
        if plain(site.node, "groups") != 1 or plain(site.node, "transposed"):
            return None
        return data.mean([d for d in range(data.ndim) if d != 1]).repeat_interleave(window)
    dim = data.ndim - 1 if site.unit_dim == -1 else data.ndim - 2
    return data.mean([d for d in range(data.ndim) if d != dim])


def _rows(tensor: Tensor, site: Site) -> Tensor | None:
    """A copy of the weights, (units, fan_in)."""
    if tensor.ndim < 2:
        return None
    if site.operation == "convolution":
        return tensor.flatten(1).clone()
    if tensor.ndim != 2 or tensor.numel() != (site.fan_in or 0) * (site.units or 0):
        return None
    return (tensor.T if site.units_last else tensor).clone()


def _unrows(rows: Tensor, tensor: Tensor, site: Site) -> Tensor:
    if site.operation == "convolution":
        return rows.view_as(tensor)
    return rows.T if site.units_last else rows
