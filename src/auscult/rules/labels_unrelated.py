"""labels-unrelated: the loss stays at what a constant guess has, though the weights move as they should."""

from __future__ import annotations

import numpy as np

from auscult.findings import Evidence
from auscult.rules._case import Case
from auscult.rules._looks import Looks
from auscult.rules._pace import paces, too_few_samples
from auscult.rules._rule import UNSEEN, Rule, Unjudged, Verdict, figure
from auscult.rules.learning_rate_too_high import HIGH
from auscult.rules.learning_rate_too_low import LOW_AND_STUCK
from auscult.runs import quantities as q

WON = 0.01  # of the constant guess's loss: what a network that learns anything wins
ABOVE = 0.1  # of it: a loss that lies higher has an ailment of another kind
NARROW = 0.02  # of it: how closely the difference must be known
SURE = 2.0  # standard errors
LEAST_STEPS = 500
LEAST_LOOKS = 30
SETTLING = 1 / 3  # of the looks, in which the loss may still come down to the constant guess's


class LabelsUnrelated(Rule):
    """The loss stays at what a constant guess has, though the weights move as they should.

    ## What it flags
    A training whose loss, over the last two thirds of the looks, is that of the best guess that does not look at the
    input: the frequencies of the classes, or the mean of the targets. The weights move at a healthy pace all the
    while.

    ## Why it matters
    The network learned how frequent the labels are, and nothing from the inputs. Mostly inputs and labels do not belong
    together: one was shuffled without the other, an index is off by one, the files were read in different orders; or
    the inputs are all alike when they reach the network.

    ## Thresholds
    The mean of (loss - constant guess), over the middle and over the last third of 30 looks or more and of 500 steps or
    more, not below zero by 1 % of the guess's loss and two standard errors; that error below 2 % of it, or it is not
    judged; and not above by 10 %. The matrices move by 10^-3.6 (SGD) or 10^-3.3 (adaptive optimizers) of their size
    and more, and by 10^-2.2 and less or without rising: else the learning rate explains it.

    ## False alarms
    A task that stays on a plateau before it is learned looks like this while it lasts. So does one whose labels the
    inputs tell next to nothing of, such as returns of shares. Several losses at once are not judged.

    ## Remedies
    Look at a few examples with their labels, as the network gets them; try to learn one small batch by heart; shuffle
    inputs and labels with the same permutation.
    """

    name = "labels-unrelated"

    def examine(self, case: Case) -> Verdict:
        """The loss held against that of a constant guess, look by look."""
        task = case.task
        if not case.layers:
            return UNSEEN
        if task is None or task.losses > 1 or case.several_losses:
            return Unjudged("the loss is of no known kind, or there are several at once")
        loss, base = case.looks(q.TASK_LOSS), case.looks(q.TASK_LOSS_BASE)
        steps, a, b = np.intersect1d(loss.steps, base.steps, return_indices=True)
        if len(steps) < LEAST_LOOKS or case.total_steps < LEAST_STEPS:
            return Unjudged(
                f"{len(steps)} looks at the loss in {case.total_steps} steps are too few: it takes {LEAST_LOOKS} and "
                f"{LEAST_STEPS}"
            )
        over = Looks(steps, loss.values[a] - base.values[b])
        level = float(np.median(base.values[b]))
        if not level > 0:
            return Unjudged("the labels are all the same so far", "skipped")
        after = steps > steps[0] + SETTLING * (steps[-1] - steps[0])
        parts = [p for p in np.array_split(over.values[after], 2) if len(p)]
        means = [float(np.mean(p)) for p in parts]
        errors = [float(np.std(p, ddof=1)) / len(p) ** 0.5 if len(p) > 1 else np.inf for p in parts]
        pairs = list(zip(means, errors, strict=True))
        if any(m < -WON * level - SURE * e or m > ABOVE * level + SURE * e for m, e in pairs):
            return ()
        if any(e > NARROW * level for e in errors):
            return Unjudged("the loss scatters too much to say whether it lies below that of a constant guess")
        if (unfit := _odd_pace(case)) is not None:
            return unfit
        mean = float(np.mean(over.values[after]))
        won = -mean / level
        guess = "the mean of the targets" if task.kind.endswith("error") else "the frequencies of the classes"
        return (
            self.finding(
                "info" if case.looks_trained else "warning",
                (),
                int(steps[-1]),
                f"After {case.total_steps:,} steps the loss is {figure(level + mean, 3)}, that of knowing only {guess} "
                f"({figure(level, 3)}), though the weights move as they should: the inputs seem to tell nothing of the "
                "labels.",
                [
                    Evidence(
                        "fall of the loss below a constant guess's, as a share of it",
                        won,
                        WON,
                        WON / max(won, WON / 1e3),
                        int(steps[-1]),
                    )
                ],
                [
                    "Look at a few examples with their labels, exactly as the network gets them: they may be shuffled "
                    "apart, or off by one.",
                    "Try to learn one small batch by heart: if that works, the network is right and the data is not.",
                ],
            ),
        )


def _odd_pace(case: Case) -> Unjudged | None:
    """Why the learning rate may explain it, or None where the matrices move at a healthy pace."""
    measured = paces(case)
    if isinstance(measured, Unjudged):
        return measured
    if (short := too_few_samples(case)) is not None:
        return short
    for pace in measured:
        if not pace.steady >= LOW_AND_STUCK[pace.group.family]:
            return Unjudged("the weights hardly move: the loss may stand still for that", "skipped")
        if pace.steady > HIGH or pace.fastest > -1.0:
            return Unjudged("the weights move so fast that the learning rate may explain it", "skipped")
    return None
