"""Batches that are not drawn at random: each holds examples of one class."""

from __future__ import annotations

import math

from auscult.rules._case import Case
from auscult.rules._once import once
from auscult.runs import quantities as q

LEAST_EXAMPLES = 32  # of a batch: drawn at random, so many are of one class 1 time in 1,000
VARIED = 0.5  # nats: the entropy that all labels have; no class has then more than 80 % of them
LOOKS = 3


@once
def one_class_batches(case: Case) -> bool:
    """Whether a classifier's first batches were of one class each, though the labels have several.

    The loss of the best constant guess is the entropy of all labels seen so far: after k batches of one class, at most
    ln k.
    """
    entropy = case.looks(q.TASK_LOSS_BASE)
    if case.task is None or case.task.kind != "cross-entropy" or len(entropy) < LOOKS:
        return False
    sorted_ = all(entropy.values[k] <= math.log(k + 1) + 1e-3 for k in range(LOOKS))
    return sorted_ and entropy.late >= VARIED and case.looks(q.TASK_EXAMPLES).first >= LEAST_EXAMPLES
