"""The noise of the gradients past the start, as the two rules of batches hold it against the batch."""

from __future__ import annotations

import numpy as np

from auscult.rules._case import SETTLING, Case
from auscult.rules._norms import batch_norms
from auscult.rules._once import once
from auscult.rules._rule import UNSEEN, Unjudged
from auscult.runs import quantities as q
from auscult.runs.noise import NoiseLooks, noise_looks

LEAST_LOOKS = 6
DROWNED = 4.0  # noise scale over batch, surely
FEW = 2  # examples: no noise scale past the start was ever seen to be less than four times that


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
            "the noise of the gradients was not measured: batches of one example, or no layers that are used once, "
            "other than embeddings; behind a recurrence, with the examples first"
        )
    late = looks.at(looks.steps >= SETTLING * case.total_steps)
    if len(late) < LEAST_LOOKS:
        return Unjudged(f"{len(late)} looks at the gradients' noise past the start are too few: it takes {LEAST_LOOKS}")
    return late


def in_batches(looks: NoiseLooks) -> np.ndarray:
    """The noise scale over the batch at each look; infinite where noise drowned the gradient."""
    told = looks.signal > 0
    return np.where(told, looks.noise / looks.batch / np.where(told, looks.signal, 1), np.inf)


def examples_and_noise(case: Case) -> tuple[float, float | Unjudged]:
    """The examples of a step, and the least that its noise scale can be; why that is not known, where it is not.

    Of one example, or two, no parts can be held against each other; but so few never agree.
    """
    late = late_noise(case)
    examples = _examples(case)
    if 0 < examples <= FEW and not case.several_losses and not batch_norms(case):
        return examples, FEW * DROWNED * 1.01
    if isinstance(late, Unjudged):
        return examples, late
    return float(np.median(late.batch)), late.scale.low if late.scale is not None else 0.0


def _examples(case: Case) -> float:
    """The examples of a step: what entered, or its labels, or what the layers saw; NaN where nothing was counted.

    One text is one example, however many labels it has.
    """
    for counted in (q.DATA_BATCH, q.TASK_EXAMPLES):
        if (examples := case.looks(counted).median) == examples:
            return examples
    return max((looks.median for looks in case.seen(q.UNIT_EXAMPLES).values()), default=float("nan"))
