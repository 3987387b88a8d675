"""One colour for each parameter in every picture, by the depth of its layer: violet to gold."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from auscult.runs import Parameter

# In order of lightness, so that depth also reads without colour vision; legible on white and on near-black.
_RAMP = ((0.0, "#5b51c9"), (0.3, "#a443b4"), (0.55, "#d8486f"), (0.8, "#e87a35"), (1.0, "#dba11c"))
_DASH = {"bias": "dot", "gain": "dash"}
SERIES = (
    "#4a6fd4",
    "#d8486f",
    "#d98a1f",
    "#8a5cc7",
    "#1593ad",
    "#6b7684",
)  # for runs, and for what is no parameter; green is the guide
GUIDE_GREEN = "#2f9e7d"
# of what the parts of an optimizer contribute; of other roles, what is left of `SERIES`
_ROLES = {
    "gradient": SERIES[0], "momentum": SERIES[1], "scaling": SERIES[2], "sign": SERIES[2], "trust": SERIES[3],
    "lookahead": SERIES[4], "decay": SERIES[5], "nesterov": "#e79bb0", "rectification": "#a8763a",
}  # fmt: skip
DEPTH_SCALE = [list(stop) for stop in _RAMP]

# low, middle, high; the page swaps the middle for the dark scheme
DIVERGING = [[0, "#1f5fae"], [0.25, "#7fb0e0"], [0.5, "#f3f3f0"], [0.75, "#f0a37f"], [1, "#b3262b"]]

# shares from none to all, steepest where little is already much; the page has one for each scheme
HEAT = [[0, "#f4f3f0"], [0.1, "#f6cfae"], [0.35, "#e5734f"], [0.7, "#ab2440"], [1, "#4d0d33"]]


@dataclass(frozen=True)
class Look:
    """How one parameter is drawn."""

    color: str
    dash: str
    depth: float  # 0 for the first layer, 1 for the last


def looks(parameters: Sequence[Parameter]) -> dict[str, Look]:
    """The look of each parameter by name; a layer's share its colour, biases and gains are dashed."""
    layers: dict[str, int] = {}
    for p in parameters:
        layers.setdefault(_layer(p.name), len(layers))
    last = max(len(layers) - 1, 1)
    depth = {p.name: layers[_layer(p.name)] / last for p in parameters}
    return {p.name: Look(ramp(depth[p.name]), _DASH.get(p.kind, "solid"), depth[p.name]) for p in parameters}


def ramp(at: float) -> str:
    """The colour at a depth between 0 and 1."""
    for (a, low), (b, high) in itertools.pairwise(_RAMP):
        if at <= b:
            t = (at - a) / (b - a)
            mixed = (round((1 - t) * int(low[i : i + 2], 16) + t * int(high[i : i + 2], 16)) for i in (1, 3, 5))
            return "#" + "".join(f"{c:02x}" for c in mixed)
    return _RAMP[-1][1]


def depth_colors(names: Sequence[str]) -> dict[str, str]:
    """A colour for each layer, given in the order of the forward pass."""
    last = max(len(names) - 1, 1)
    return {name: ramp(i / last) for i, name in enumerate(names)}


def role_colors(roles: Sequence[str]) -> dict[str, str]:
    """A colour for each role of an optimizer's parts, the same in every run for those that are well known."""
    free = [color for color in SERIES[::-1] if color not in {_ROLES.get(role) for role in roles}] or list(SERIES)
    others = [role for role in roles if role not in _ROLES]
    return {role: _ROLES[role] if role in _ROLES else free[others.index(role) % len(free)] for role in roles}


def _layer(name: str) -> str:
    return name.rpartition(".")[0] or name
