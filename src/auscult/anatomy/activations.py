"""Activations as the autograd graph knows them: what they give, and where they are flat."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor
from torch.autograd.graph import Node
from torch.nn import functional

from auscult.anatomy.nodes import kept, kind, plain

Keeps = Literal["result", "self"]
SATURATED, SATURATED_99 = 0.97, 0.99  # of tanh; of others where the slope, as a share of the steepest, is as small
SIGMOIDS = ("sigmoid", "hardsigmoid")  # which serve as gates
TAIL = 1e-3  # slope below which one end of an activation is flat


@dataclass(frozen=True)
class Activation:
    """One kind of activation. `keeps`: what its node keeps, its input ("self") or what it gives ("result").

    flat: from what is kept and a tanh's level (.97 or .99), where the activation is flat; one without two flat ends
    takes no notice of the level. Undefined values are not flat.
    """

    name: str
    keeps: Keeps
    two_ends: bool
    apply: Callable[[Tensor, Node], Tensor]
    flat: Callable[[Tensor, Node, float], Tensor]


def activation_of(node: Node) -> Activation | None:
    """The activation a node is; None for any other operation."""
    found = _BY_NODE.get(kind(node))
    return found if found is None or isinstance(found, Activation) else found(node)


def given(activation: Activation, node: Node) -> Tensor | None:
    """What the activation gave, from what its node keeps; None where that cannot be read."""
    there = kept(node, activation.keeps)
    if there is None or activation.keeps == "result":
        return there
    return activation.apply(there, node)


def _result(x: Tensor, node: Node) -> Tensor:
    return x


def _below(limit: float) -> Callable[[Tensor, Node, float], Tensor]:
    return lambda x, node, level: x < limit


def _sigmoid_flat(y: Tensor, node: Node, level: float) -> Tensor:
    return (y - 0.5).abs() > level / 2  # 2·sigmoid(2x) − 1 = tanh(x)


def _hardtanh(node: Node) -> Activation:
    low, high = float(plain(node, "min_val")), float(plain(node, "max_val"))
    two_ends = low < 0  # one from 0 to 6 is a ReLU with a lid
    return Activation(
        "hardtanh" if two_ends else "relu6", "self", two_ends,
        lambda x, n: x.clamp(low, high), lambda x, n, level: (x <= low) | (x >= high),
    )  # fmt: skip


def _elu(node: Node) -> Activation:
    alpha, scale, stretch = (float(plain(node, name)) for name in ("alpha", "scale", "input_scale"))
    name, floor = "selu" if scale != 1 else "elu", alpha * scale
    if _in_place(node):
        return Activation(name, "result", False, _result, _below(TAIL / stretch - floor))
    tail = math.log(TAIL / (floor * stretch)) / stretch if floor * stretch > 0 else -math.inf
    return Activation(
        name, "self", False, lambda x, n: scale * torch.where(x > 0, x, alpha * torch.expm1(x * stretch)), _below(tail)
    )


def _celu(node: Node) -> Activation:
    alpha = float(plain(node, "alpha"))
    if _in_place(node):
        return Activation("celu", "result", False, _result, _below(alpha * (TAIL - 1)))
    return Activation("celu", "self", False, lambda x, n: functional.celu(x, alpha), _below(alpha * math.log(TAIL)))


def _leaky(node: Node) -> Activation:
    slope = float(plain(node, "negative_slope"))
    flat = _below(0.0) if abs(slope) < TAIL else _nowhere
    if _in_place(node):
        return Activation("leaky-relu", "result", False, _result, flat)
    return Activation("leaky-relu", "self", False, lambda x, n: functional.leaky_relu(x, slope), flat)


def _in_place(node: Node) -> bool:
    """Whether it overwrote its input, and so keeps what it gave."""
    return hasattr(node, "_raw_saved_result")


def _nowhere(x: Tensor, node: Node, level: float) -> Tensor:
    return torch.zeros_like(x, dtype=torch.bool)


def _softplus(node: Node) -> Activation:
    beta, threshold = float(plain(node, "beta")), float(plain(node, "threshold"))
    tail = math.log(TAIL / (1 - TAIL)) / beta
    return Activation("softplus", "self", False, lambda x, n: functional.softplus(x, beta, threshold), _below(tail))


def _gelu(x: Tensor, node: Node) -> Tensor:
    return functional.gelu(x, approximate=plain(node, "approximate"))


# where the slope of each is TAIL for good, solved to four digits; `tests/anatomy` checks them against autograd
_GELU_TAIL, _SILU_TAIL, _MISH_TAIL = -3.8104, -8.9851, -8.9852

_BY_NODE: dict[str, Activation | Callable[[Node], Activation]] = {
    "TanhBackward": Activation("tanh", "result", True, _result, lambda y, n, level: y.abs() > level),
    "SigmoidBackward": Activation("sigmoid", "result", True, _result, _sigmoid_flat),
    "ReluBackward": Activation("relu", "result", False, _result, lambda y, n, level: y <= 0),
    "ThresholdBackward": Activation("threshold", "self", False, lambda x, n: torch.relu(x), _below(0.0)),
    "LeakyReluBackward": _leaky,
    "EluBackward": _elu,
    "CeluBackward": _celu,
    "GeluBackward": Activation("gelu", "self", False, _gelu, _below(_GELU_TAIL)),
    "SiluBackward": Activation("silu", "self", False, lambda x, n: functional.silu(x), _below(_SILU_TAIL)),
    "MishBackward": Activation("mish", "self", False, lambda x, n: functional.mish(x), _below(_MISH_TAIL)),
    "SoftplusBackward": _softplus,
    "HardtanhBackward": _hardtanh,
    "HardsigmoidBackward": Activation(
        "hardsigmoid", "self", True, lambda x, n: functional.hardsigmoid(x), lambda x, n, level: x.abs() >= 3
    ),
    "HardswishBackward": Activation(
        "hardswish", "self", False, lambda x, n: functional.hardswish(x), lambda x, n, level: x <= -3
    ),
}
