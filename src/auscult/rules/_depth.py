"""Layers that follow each other directly and are alike, so that what they hand on may be compared."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from auscult.rules._case import Case
from auscult.rules._looks import NONE, Looks, over
from auscult.rules._once import once
from auscult.runs import Layer
from auscult.runs import quantities as q

LEAST_UNITS = 8  # with fewer, chance alone makes one layer's spread twice another's

Chain = Sequence[Layer]


@once
def chains(case: Case) -> list[Chain]:
    """Runs of two hidden layers or more, of one kind and with one activation, no norm, and nothing else between.

    The calls of one layer are none: see `through_time`.

    A layer that takes its input from several, as after a residual connection, begins anew; so does one that sees
    another number of values, as after a mean over time.
    """
    alike = {x.name: x for x in case.hidden_layers if x.activation and not x.norm and (x.units or 0) >= LEAST_UNITS}
    found: list[list[Layer]] = []
    ends: dict[str, list[Layer]] = {}  # the name of a chain's last layer
    for layer in alike.values():
        before = alike.get(layer.after[0]) if len(layer.after) == 1 else None
        alone = before is not None and before.weight != layer.weight and _same(case, before, layer)
        chain = ends.pop(before.name, None) if before is not None and alone else None
        if chain is None:
            chain = []
            found.append(chain)
        chain.append(layer)
        ends[layer.name] = chain
    return [tuple(chain) for chain in found if len(chain) > 1]


@once
def paths(case: Case) -> list[Chain]:
    """Runs of three hidden layers or more with weights, linear or convolutions, each fed by the one before it alone.

    None has a norm; what lies between, as pooling, may be anything that has no weights.
    """
    plain = {x.name: x for x in case.hidden_layers if x.weight and not x.norm}
    found: list[list[Layer]] = []
    ends: dict[str, list[Layer]] = {}
    for layer in plain.values():
        path = ends.pop(layer.after[0], []) if len(layer.after) == 1 else []
        if not path:
            found.append(path)
        path.append(layer)
        ends[layer.name] = path
    return [tuple(path) for path in found if len(path) > 2 and any(x.activation for x in path)]


def gradient_to_data(case: Case, layer: Layer) -> Looks:
    """The norm of the gradient of a layer's weights over that of the weights."""
    return over(case.looks(q.GRAD_NORM, layer.weight or ""), case.looks(q.DATA_NORM, layer.weight or ""))


@once
def through_time(case: Case) -> list[Chain]:
    """The calls of a layer that feeds itself, as a recurrent one does.

    Of many calls only some are seen, so each takes its input from the one before it and from what was not seen.
    """
    calls: dict[str, list[Layer]] = {}
    for layer in case.hidden_layers:
        if layer.weight and layer.activation and (layer.units or 0) >= LEAST_UNITS:
            calls.setdefault(layer.weight, []).append(layer)
    return [
        tuple(mine)
        for mine in calls.values()
        if len(mine) > 1 and all(a.name in b.after and a.activation == b.activation for a, b in pairwise(mine))
    ]


@once
def rollouts(case: Case) -> list[Chain]:
    """Three calls or more of one layer in a step, each of which comes of the one before, directly or through others.

    So it is in a recurrence, in steps of a simulation, in refinements of an estimate.
    """
    comes_of = _ancestors(case)
    calls: dict[str, list[Layer]] = {}
    for layer in case.layers:
        if layer.weight:
            calls.setdefault(layer.weight, []).append(layer)
    return [
        tuple(mine)
        for mine in calls.values()
        if len(mine) > 2 and all(a.name in comes_of[b.name] for a, b in pairwise(mine))
    ]


@once
def stacks(case: Case) -> list[Chain]:
    """Three layers or more of one kind, size and activation, each of which comes of the one before, by whatever way.

    So do the blocks of a residual network, which lie on one stream. The calls of one layer are none: see `rollouts`.
    """
    found: dict[tuple, list[Layer]] = {}
    comes_of = _ancestors(case)
    for layer in case.layers:
        kind = (layer.operation, layer.fan_in, layer.units, layer.activation)
        if layer.weight and (layer.units or 0) >= LEAST_UNITS:
            stack = found.setdefault(kind, [])
            if not stack or (stack[-1].name in comes_of[layer.name] and stack[-1].weight != layer.weight):
                stack.append(layer)
    direct = [set(chain) for chain in chains(case)]
    return [tuple(s) for s in found.values() if len(s) > 2 and not any(chain.issuperset(s) for chain in direct)]


def _ancestors(case: Case) -> dict[str, set[str]]:
    """The names of all layers that each comes of, in the order of the calls."""
    comes_of: dict[str, set[str]] = {}
    for layer in case.layers:
        comes_of[layer.name] = set(layer.after).union(*(comes_of.get(name, ()) for name in layer.after))
    return comes_of


def number_of(call: Layer) -> int:
    """Which of a layer's calls this is, from 1 on."""
    number = call.name.rpartition("#")[2]
    return int(number) if number != call.name and number.isdecimal() else 1


def gradient(case: Case, layer: Layer) -> Looks:
    """The standard deviation of the gradient at what a layer hands on, times the root of its units.

    Weights that keep the spread of the signal at any width keep this of the gradient (He et al. 2015, section 2.2).
    None for a convolution: pooling and strides change it too, and how many places there are is not known.
    """
    if layer.operation != "linear":
        return NONE
    seen = case.looks(q.ACTIVATION_GRAD_STD, layer.name)
    seen = seen if len(seen) else case.looks(q.OUTPUT_GRAD_STD, layer.name)
    return Looks(seen.steps, seen.values * (layer.units or 1) ** 0.5)


def gradient_gain(case: Case, chain: Sequence[Layer]) -> Looks:
    """How many times larger the gradient is at a chain's first layer than at its last, at each look at both."""
    return over(gradient(case, chain[0]), gradient(case, chain[-1]))


def _same(case: Case, one: Layer, other: Layer) -> bool:
    if (one.operation, one.activation) != (other.operation, other.activation):
        return False
    before, after = (case.looks(q.UNIT_EXAMPLES, x.name).median for x in (one, other))
    return not (np.isfinite(before) and np.isfinite(after)) or bool(before == after)
