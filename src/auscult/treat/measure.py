"""A network in numbers before and after a remedy: its loss against a guess's, and the signal layer by layer."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.autograd.graph import Node
from torch.nn import functional

from auscult.anatomy import (
    NORMS,
    SATURATED,
    SATURATED_99,
    Anatomy,
    Loss,
    Site,
    given,
    input_of,
    log_likelihood,
    losses_of,
    norm_output,
    output_of,
    read,
)
from auscult.anatomy.nodes import RESHAPES, inputs, kind
from auscult.anatomy.sites import upstream
from auscult.stats import by_unit, power, wide
from auscult.treat.patient import Patient

WEIGHTED = ("linear", "convolution")


@dataclass(frozen=True)
class LayerState:
    """One layer on one batch; NaN where that cannot be seen or does not apply.

    output_std: of what its own operation gives, its bias included, before any norm or activation. saturated: share
    of elements where an activation with two flat ends is beyond a tanh's .97. dead: share of units on a flat part
    (two ends: .99) in every one of the `examples`. gain: √(E[x²] / E[f(x)²]), measured.
    """

    name: str
    operation: str
    activation: str | None
    norm: str | None
    weight_std: float
    output_std: float
    activation_std: float
    saturated: float
    dead: float
    examples: int
    gain: float


@dataclass(frozen=True)
class NetworkState:
    """A network on one batch: the loss over its examples, and what a guess that knows nothing gives; NaN if unknown."""

    loss: float
    expected: float
    layers: tuple[LayerState, ...]

    def layer(self, name: str) -> LayerState | None:
        """The layer of a name; None where there is none."""
        return next((layer for layer in self.layers if layer.name == name), None)


class Reading:
    """One forward pass, read: its layers by name, the norm behind each, its losses."""

    def __init__(self, patient: Patient) -> None:
        self.root = patient.run()
        self.anatomy: Anatomy = read([self.root])
        self.losses: list[Loss] = losses_of([self.root])
        self.names = {s: n for s in self.anatomy.sites if (n := _name(patient, s)) is not None}
        self.norm_after = _norms_after(self.anatomy)

    def uses(self, weight: Tensor) -> list[Site]:
        """The places where a weight is used, in order."""
        return [s for s in self.anatomy.sites if s.weight is weight]

    def outputs(self) -> dict[Site, int | None]:
        """The layers whose output a loss gets, each with the number of that loss; None where its kind is not known."""
        found: dict[Site, int | None] = {}
        for number, loss in enumerate(self.losses):
            site, _ = upstream(loss.node, self.anatomy.by_node)
            while site is not None and site.node is site.activation_node:  # an activation that stands alone
                site, _ = upstream(site.data, self.anatomy.by_node)
            for each in [site] if site is not None else self._together(loss):
                found.setdefault(each, number)
        return found or {s: None for s in self.anatomy.sites if s.is_output}

    def _together(self, loss: Loss) -> list[Site]:
        """The uses of the one layer that make, put together, what a loss gets, as step by step in a sequence."""
        if loss.node is None:
            return []
        outputs = loss.given.shape[1] if loss.kind == "cross-entropy" else loss.given.shape[-1]
        nearest = self.anatomy.before(Site("loss", loss.node, loss.node, data=loss.node))
        sites = [s for s in nearest if s.operation in WEIGHTED and s.units == outputs]
        return sites if len({id(s.weight) for s in sites}) == 1 else []

    def state(self) -> NetworkState:
        """All of it in numbers."""
        loss, expected = float(self.root.detach()), math.nan
        if self.losses:
            loss, expected = task_loss(self.losses[0])
        with torch.no_grad():
            layers = tuple(
                _layer(s, name, self.norm_after.get(s))
                for s, name in self.names.items()
                if s.operation in (*WEIGHTED, "recurrent")
            )
        return NetworkState(loss, expected, layers)


@torch.no_grad()
def task_loss(loss: Loss) -> tuple[float, float]:
    """The mean loss over the examples, and that of a guess that knows nothing: ln(classes), ln 2, or of zeros."""
    given_, target = wide(loss.given), wide(loss.target)
    if loss.kind == "cross-entropy":
        expected = math.log(loss.classes or 1)
        if loss.target.is_floating_point():
            return float(-(target * given_).sum(1).mean()), expected
        return float(-log_likelihood(loss)[0].double().mean()), expected
    if loss.kind == "binary-cross-entropy":
        measure = functional.binary_cross_entropy_with_logits if loss.are_logits else functional.binary_cross_entropy
        return float(measure(given_, target)), math.log(2)
    if loss.kind == "squared-error":
        return float((given_ - target).square().mean()), float(target.square().mean())
    return float((given_ - target).abs().mean()), float(target.abs().mean())


def spread(x: Tensor | None) -> float:
    """The standard deviation of all elements; NaN where there are fewer than two."""
    return float(wide(x).std()) if x is not None and x.numel() > 1 else math.nan


def dim_of_units(made: Tensor, site: Site) -> int | None:
    """Which dimension of an activation counts units; None where none does."""
    if made.ndim < 2 or site.units is None:
        return None
    wanted = site.unit_dim % made.ndim
    return next((d for d in (wanted, 1, made.ndim - 1) if made.shape[d] == site.units), None)


def path_to(norm: Site, anatomy: Anatomy) -> tuple[Site, list[Node]] | None:
    """The layer whose own output a norm takes as it is, and the nodes that reshape it; None where there is none."""
    between, node = [], norm.data
    while node is not None and node not in anatomy.by_node:
        if not kind(node).startswith(RESHAPES):
            return None
        between.append(node)
        node = inputs(node)[0]
    site = anatomy.by_node[node] if node is not None else None
    return (site, between) if site is not None and node in (site.output, site.node) else None


def dead_share(site: Site) -> float:
    """Share of units on a flat part of their activation (two ends: by .99) in every example; NaN where unknown."""
    held = _held(site)
    if held is None or site.activation is None or site.activation_node is None:
        return math.nan
    dim = dim_of_units(held, site)
    if dim is None:
        return math.nan
    return float(
        (by_unit(site.activation.flat(held, site.activation_node, SATURATED_99).float(), dim) >= 1).float().mean()
    )


def saturated_share(site: Site) -> float:
    """Share of an activation with two flat ends that is saturated, at a tanh's .97; NaN for others."""
    held = _held(site)
    if held is None or site.activation is None or site.activation_node is None or not site.activation.two_ends:
        return math.nan
    return float(site.activation.flat(held, site.activation_node, SATURATED).float().mean())


def _layer(site: Site, name: str, norm: Site | None) -> LayerState:
    output, made, gain, examples = output_of(site), None, math.nan, 0
    activation, node = site.activation, site.activation_node
    if activation is not None and node is not None:
        made = given(activation, node)
        dim = dim_of_units(made, site) if made is not None else None
        if made is not None and dim is not None:
            examples = made.numel() // made.shape[dim]
        gain = _gain(site, output, made)
    return LayerState(
        name=name,
        operation=site.operation,
        activation=activation.name if activation else None,
        norm=norm.operation if norm else None,
        weight_std=spread(site.weight.detach()) if site.weight is not None else math.nan,
        output_std=spread(output),
        activation_std=spread(made),
        saturated=saturated_share(site),
        dead=dead_share(site),
        examples=examples,
        gain=gain,
    )


def _gain(site: Site, output: Tensor | None, made: Tensor | None) -> float:
    if not site.direct or site.activation is None or site.activation_node is None or made is None:
        return math.nan
    before = input_of(site.activation, site.activation_node)
    if before is None:
        before = norm_output(site.norm) if site.norm is not None else output
    if before is None or before.shape[1:] != made.shape[1:]:
        return math.nan
    made = made[: len(before)]  # of many examples some are computed again
    return float((power(wide(before)) / power(wide(made))).sqrt())


def _held(site: Site) -> Tensor | None:
    """What the activation's node keeps, which tells where it is flat."""
    if site.activation is None or site.activation_node is None:
        return None
    before = input_of(site.activation, site.activation_node)
    return before if before is not None else given(site.activation, site.activation_node)


def _norms_after(anatomy: Anatomy) -> dict[Site, Site]:
    """The norm that takes a layer's output as it is."""
    found = {}
    for norm in anatomy.sites:
        if norm.operation in NORMS and (path := path_to(norm, anatomy)) is not None:
            found[path[0]] = norm
    return found


def _name(patient: Patient, site: Site) -> str | None:
    weight = patient.name_of(site.weight)
    if weight is None:
        return None
    path, _, last = weight.rpartition(".")
    if last != "weight":
        short = last.removesuffix("_weight").removeprefix("weight_")
        path = f"{path}.{short}" if path else short
    return (path or site.operation) + (f"#{site.use}" if site.use > 1 else "")
