"""`gains`: weights scaled to gain/√fan_in, the spread that carries the signal through the activation behind them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from auscult.anatomy.passes import Model, Step
from auscult.errors import TreatError
from auscult.runs.start import GAINS
from auscult.stats import wide
from auscult.treat.measure import Reading
from auscult.treat.patient import Patient, unharmed
from auscult.treat.treatment import LeftAlone, Treatment
from auscult.treat.weights import Weights, changed_since, copies, weights_of


def gains(
    model: Model, batch: Any, loss: Callable[..., Tensor] | None = None, *, step: Step | None = None
) -> Treatment:
    """Scale the weights of each hidden layer, in place, by (gain/√fan_in)/std, biases untouched.

    The gain is that of the activation which really follows, through a norm too, 1 where none does: LeCun et al. 1998
    for 1, He et al. 2015 for √2 of ReLU, `torch.nn.init.calculate_gain`; for those PyTorch has none of see
    `auscult.runs.start.GAINS`. std is `weight.std()`. The output layer has no such spread, and is left alone, as are
    weights that are an embedding too. The report's layers hold the gain of each activation as measured.

    Model, batch and loss: see `auscult.anatomy.passes`. Raises TargetError or TreatError, the model as it was.
    """
    with unharmed(model, "gains"):
        patient = Patient(model, batch, loss, step)
        reading = Reading(patient)
        found, left = weights_of(patient, reading)
        old, before = copies(patient), reading.state()
        notes = []
        for weights in found:
            if weights.is_output or weights.tied:
                left.append(LeftAlone(weights.name, "also an embedding" if weights.tied else "the output layer"))
                continue
            scale(weights, ideal_std(weights))
        after_reading = Reading(patient)
        after = after_reading.state()
        for layer in after.layers:
            if not math.isnan(layer.gain) and layer.activation in GAINS:
                notes.append(
                    f"{layer.activation} behind {layer.name} has gain {layer.gain:.2f} on this batch, "
                    f"in theory {GAINS[layer.activation]:.2f}"
                )
        return Treatment("gains", before, after, changed_since(patient, old), tuple(left), tuple(notes))


def gain_of(weights: Weights) -> float:
    """The gain of the activation that follows a layer; 1 where none does."""
    activation = weights.site.activation
    return GAINS.get(activation.name, 1.0) if activation is not None else 1.0


def ideal_std(weights: Weights) -> float:
    """gain/√fan_in."""
    return gain_of(weights) / math.sqrt(weights.fan_in)


@torch.no_grad()
def scale(weights: Weights, std: float) -> None:
    """Multiply weights so that their standard deviation is `std`."""
    now = float(wide(weights.tensor.detach()).double().std()) if weights.tensor.numel() > 1 else math.nan
    if not (math.isfinite(now) and now > 0):
        raise TreatError(
            f"{weights.name} has std {now}: no factor gives it another; draw it anew, as auscult.treat.initialise does"
        )
    weights.tensor.mul_(std / now)
