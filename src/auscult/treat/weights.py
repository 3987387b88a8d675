"""The weights a remedy may change: which layers own them, and why the others are left alone."""

from __future__ import annotations

import math
from collections.abc import Sequence, Set
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from auscult.anatomy import Site, output_of
from auscult.errors import TreatError
from auscult.treat.measure import WEIGHTED, Reading, spread
from auscult.treat.patient import Patient
from auscult.treat.treatment import LeftAlone


@dataclass(frozen=True)
class Weights:
    """One layer's weights, and where they are used.

    An output layer gives what a loss gets, and nothing else, unless it is an embedding too.
    """

    name: str  # of the tensor
    tensor: Tensor
    site: Site  # in the pass they were found in; of an output layer the use whose output the loss gets
    is_output: bool
    loss: int | None  # which of the losses gets that; None for one of unknown kind
    tied: bool  # also an embedding

    @property
    def fan_in(self) -> int:
        """How many inputs a unit adds up."""
        return max(1, self.site.fan_in or 1)


def weights_of(patient: Patient, reading: Reading) -> tuple[list[Weights], list[LeftAlone]]:
    """The weights of linear layers and convolutions in the order of the forward pass, and what is left alone.

    Raises TreatError where there are none.
    """
    if reading.anatomy.compiled:
        raise TreatError("parts of the model are compiled and cannot be seen; treat it before torch.compile")
    found: dict[int, Weights] = {}
    outputs = reading.outputs()
    by_weight: dict[int, list[Site]] = {}
    for site in reading.anatomy.sites:
        by_weight.setdefault(id(site.weight), []).append(site)
    for site in reading.anatomy.sites:
        name = patient.name_of(site.weight)
        if name is None or site.weight is None or site.operation not in WEIGHTED or id(site.weight) in found:
            continue
        found[id(site.weight)] = _weights(name, site, by_weight[id(site.weight)], outputs)
    recurrent = _recurrent(patient)
    left = _left_alone(patient, by_weight, found.keys() - recurrent, recurrent)
    found = {key: w for key, w in found.items() if key not in recurrent}
    if not found:
        raise TreatError(
            "no linear layer or convolution with weights that require a gradient was met in the forward pass; "
            "unfreeze some, or check that the loss is made by the model given"
        )
    return list(found.values()), left


def same_place(reading: Reading, weights: Weights) -> Site | None:
    """The place of these weights in another pass."""
    uses = [s for s in reading.uses(weights.tensor) if s.operation in WEIGHTED]
    return next((s for s in uses if s.use == weights.site.use), uses[0] if uses else None)


def measured_std(reading: Reading, weights: Weights) -> float | None:
    """The largest spread of what a layer gives at any use; None where none can be seen.

    Raises TreatError where it is nothing that can be scaled: zero, or not finite.
    """
    outputs = [output_of(s) for s in reading.uses(weights.tensor) if s.operation in WEIGHTED]
    stds = [spread(output) for output in outputs if output is not None]
    return checked_std(max(stds, key=lambda s: math.inf if math.isnan(s) else s), weights.name) if stds else None


@torch.no_grad()
def blank_biases(reading: Reading, weights: Weights) -> None:
    """Set the biases of all uses of a layer's weights to zero."""
    for site in reading.uses(weights.tensor):
        if site.bias is not None:
            site.bias.zero_()


def checked_std(std: float, name: str) -> float:
    """The spread of what a layer gives, where it can be scaled; TreatError where it cannot."""
    if not math.isfinite(std):
        raise TreatError(
            f"what {name} gives is not finite (std {std}); look at its input: the batch, or the layers before"
        )
    if std == 0:
        raise TreatError(f"what {name} gives has no spread: its input is constant; give a batch of differing examples")
    return std


@torch.no_grad()
def changed_since(patient: Patient, before: dict[str, Tensor]) -> tuple[str, ...]:
    """The tensors that differ from their copies, by name."""
    return tuple(name for name, t in patient.tensors.items() if not torch.equal(t.detach(), before[name]))


def copies(patient: Patient) -> dict[str, Tensor]:
    """A copy of every tensor, by name."""
    return {name: t.detach().clone() for name, t in patient.tensors.items()}


def _weights(name: str, first: Site, uses: list[Site], outputs: dict[Site, int | None]) -> Weights:
    assert first.weight is not None
    layers = [use for use in uses if use.operation in WEIGHTED]
    ends = [use for use in layers if use in outputs]
    tied = len(layers) < len(uses)
    if not ends or (len(ends) < len(layers) and not tied):
        return Weights(name, first.weight, first, False, None, tied)
    return Weights(name, first.weight, ends[0], True, outputs[ends[0]], tied)


def _recurrent(patient: Patient) -> set[int]:
    """The weights of recurrent modules, by id: on some devices one operation, on others many."""
    kinds = (nn.RNNBase, nn.RNNCellBase)
    return {id(p) for m in patient.modules.values() if isinstance(m, kinds) for p in m.parameters()}


def _left_alone(
    patient: Patient, by_weight: dict[int, list[Site]], found: Set[int], recurrent: set[int]
) -> list[LeftAlone]:
    left = []
    for name, tensor in patient.tensors.items():
        if id(tensor) in found or tensor.ndim < 2:
            continue
        why = "of a recurrent layer" if id(tensor) in recurrent else _why(by_weight.get(id(tensor), ()))
        left.append(LeftAlone(name, "frozen" if not tensor.requires_grad else why))
    return left


def _why(sites: Sequence[Site]) -> str:
    if not sites:
        return "met in no layer of this pass"
    return {"embedding": "an embedding", "recurrent": "of a recurrent layer"}.get(sites[0].operation, "a norm")
