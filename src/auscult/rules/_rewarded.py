"""Losses of reinforcement learning, which tell nothing of how far a training has come.

A policy's gradient is weighted with what the policy gets. Values that are learned from themselves, by temporal
differences, are targets that spread ever wider: the loss grows with them while they are learned.
"""

from __future__ import annotations

from auscult.rules._case import Case
from auscult.rules._once import once
from auscult.rules._rule import Unjudged
from auscult.runs import quantities as q
from auscult.runs.facts import POLICY

LEAST_LOOKS = 12
WIDER = 1.4  # times what a constant guess has at half of the steps, of all targets seen: what has it at the end
FAR = 30.0  # times where it began: a loss that ends higher is no longer that of what is learned
CHASED = Unjudged(
    "the targets spread ever wider, as values learned from themselves do: the loss grows with them and need not fall"
)

REWARDED = Unjudged("the loss is that of a policy gradient, which need not fall: look at what the policy gets")


def no_measure(case: Case) -> Unjudged | None:
    """Why the loss is no measure of progress, by what it is made of; None where it may be one."""
    if case.task is not None and case.task.kind == POLICY and case.broke_at is None:
        return REWARDED
    return CHASED if chased(case) else None


@once
def chased(case: Case) -> bool:
    """Whether an error's targets spread ever wider, and the loss did not rise beyond all that that can explain."""
    base, curve = case.looks(q.TASK_LOSS_BASE), case.loss
    if case.task is None or not case.task.kind.endswith("error") or len(base) < LEAST_LOOKS or not len(curve):
        return False
    half = base.near(case.total_steps // 2)
    return float(base.values[-1]) > WIDER * half > 0 and curve.end.value <= FAR * abs(curve.begin.value)
