"""The activations of hidden layers: which are flat at both ends, and which are gates."""

from __future__ import annotations

from auscult.rules._case import Case
from auscult.runs import Layer

TWO_ENDS = ("tanh", "sigmoid", "hardtanh", "hardsigmoid")
GATES = ("sigmoid", "hardsigmoid")


def judged(case: Case) -> tuple[Layer, ...]:
    """The hidden layers whose units should stay off the flat parts of their activation.

    Sigmoids that multiply something else are not meant to: what they hand on goes nowhere by itself. Nor are those
    after which no layer follows.
    """
    return tuple(x for x in case.hidden_layers if x.activation and not (x.activation in GATES and is_gate(case, x)))


def is_gate(case: Case, layer: Layer) -> bool:
    """Whether nothing takes its input from this layer alone."""
    return not any(other.after == (layer.name,) for other in case.fed_by(layer.name))
