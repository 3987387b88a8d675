"""`lsuv`: orthonormal weights, then unit variance layer by layer, measured on data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from auscult.anatomy.nodes import plain
from auscult.anatomy.passes import Model, Step
from auscult.errors import TreatError
from auscult.treat.measure import Reading
from auscult.treat.patient import Patient, unharmed
from auscult.treat.treatment import LeftAlone, Treatment
from auscult.treat.weights import Weights, blank_biases, changed_since, copies, measured_std, weights_of


def lsuv(
    model: Model,
    batch: Any,
    loss: Callable[..., Tensor] | None = None,
    *,
    step: Step | None = None,
    tolerance: float = 0.05,
    iterations: int = 10,
    generator: torch.Generator | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Treatment:
    """Layer-sequential unit variance (Mishkin & Matas 2015, arXiv 1511.06422), in place.

    Each linear layer and convolution gets orthonormal weights (Saxe et al. 2013) and biases of zero; then, in the
    order of the forward pass, W ← W/√Var(output) until |Var(output) − 1| < tolerance, at most `iterations` times. The
    output layer too, as in the paper; `initialise` makes it small instead.

    progress: called with (layers done, layers). Model, batch and loss: see `auscult.anatomy.passes`. Raises
    TargetError or TreatError, the model as it was: also where a layer does not come within the tolerance.
    """
    if not tolerance > 0 or iterations < 1:
        raise TreatError(f"tolerance {tolerance} and iterations {iterations} must be above 0")
    with unharmed(model, "lsuv"):
        patient = Patient(model, batch, loss, step)
        reading = Reading(patient)
        found, left = weights_of(patient, reading)
        old, before = copies(patient), reading.state()
        left += [LeftAlone(w.name, "also an embedding") for w in found if w.tied]
        found = [w for w in found if not w.tied]
        for weights in found:
            _orthonormal(weights, generator)
            blank_biases(reading, weights)
        for number, weights in enumerate(found):
            _unit_variance(patient, weights, tolerance, iterations)
            if progress is not None:
                progress(number + 1, len(found))
        return Treatment("lsuv", before, Reading(patient).state(), changed_since(patient, old), tuple(left))


def _unit_variance(patient: Patient, weights: Weights, tolerance: float, iterations: int) -> None:
    variance = float("nan")
    for attempt in range(iterations + 1):
        std = measured_std(Reading(patient), weights)
        if std is None:
            raise TreatError(f"what {weights.name} gives cannot be seen; switch checkpointing off for the remedy")
        variance = std**2
        if abs(variance - 1) < tolerance:
            return
        if attempt < iterations:
            with torch.no_grad():
                weights.tensor.div_(variance**0.5)
    raise TreatError(
        f"{weights.name} still gives a variance of {variance:.3g} after {iterations} iterations; "
        "allow more iterations or a wider tolerance"
    )


@torch.no_grad()
def _orthonormal(weights: Weights, generator: torch.Generator | None) -> None:
    tensor, site = weights.tensor, weights.site
    turned = site.operation == "convolution" and bool(plain(site.node, "transposed"))
    shaped = tensor.transpose(0, 1) if turned else tensor
    rows, columns = shaped.shape[0], shaped[0].numel()
    on = generator.device if generator is not None else tensor.device
    drawn = torch.randn(max(rows, columns), min(rows, columns), generator=generator, device=on)
    q, r = torch.linalg.qr(drawn)
    q = q * r.diagonal().sign()  # uniform over the orthonormal matrices
    q = q if rows >= columns else q.T
    shaped.copy_(q.reshape(shaped.shape))
