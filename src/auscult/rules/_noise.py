"""The noise of the gradients past the start, as the two rules of batches hold it against the batch."""

from __future__ import annotations

import numpy as np

from auscult.rules._case import SETTLING, Case
from auscult.rules._once import once
from auscult.rules._rule import UNSEEN, Unjudged
from auscult.runs.noise import NoiseLooks, noise_looks

LEAST_LOOKS = 6


@once
def late_noise(case: Case) -> NoiseLooks | Unjudged:
    """The looks at the gradients' noise past the start, or why they do not tell."""
    if not case.layers:
        return UNSEEN
    if case.several_losses:
        return Unjudged("several optimizers have losses of their own, and only the gradient of the first was split")
    if any(o.class_name == "LBFGS" for o in case.optimizers):
        return Unjudged("LBFGS needs gradients with hardly any noise: large batches are meant", "skipped")
    looks = noise_looks(case.run)
    if not len(looks):
        if any(x.operation == "batch-norm" for x in case.layers):
            return Unjudged("batch norms tie the gradients of a batch's examples together: parts of it tell no noise")
        return Unjudged(
            "the noise of the gradients was not measured: batches of one example, or most weights in layers that are "
            "used several times, recurrent, or embeddings"
        )
    late = looks.at(looks.steps >= SETTLING * case.total_steps)
    if len(late) < LEAST_LOOKS:
        return Unjudged(f"{len(late)} looks at the gradients' noise past the start are too few: it takes {LEAST_LOOKS}")
    return late


def in_batches(looks: NoiseLooks) -> np.ndarray:
    """The noise scale over the batch at each look; infinite where noise drowned the gradient."""
    told = looks.signal > 0
    return np.where(told, looks.noise / looks.batch / np.where(told, looks.signal, 1), np.inf)
