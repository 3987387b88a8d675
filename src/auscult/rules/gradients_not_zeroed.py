"""gradients-not-zeroed: every step adds its gradients to those of the step before."""

from __future__ import annotations

import numpy as np

from auscult.rules._case import Case
from auscult.rules._rule import Rule, Unjudged, Verdict, above, nearest
from auscult.runs import quantities as q

OFTEN = 0.3  # of the sampled steps, that carry any gradient over
NEARLY_ALL = 0.9  # of the steps, or of the gradients
LEAST_SAMPLES = 5


class GradientsNotZeroed(Rule):
    """Gradients are not set back to zero, so each step adds its own to those of the steps before.

    ## What it flags
    A training where gradients, all or some of them, still held the values of the step before when the backward pass
    began, at every step or at many of them.

    ## Why it matters
    PyTorch adds to `.grad`. Unless the loop empties it, the optimizer follows the sum of all gradients since it last
    did: old directions never fade, the effective learning rate grows with every step, and the training overshoots,
    circles or diverges. Gradients that are emptied for a part of the parameters only, or every few steps, do the same
    to a part of them, or for a while.

    ## Thresholds
    Gradients that are not zero carried over on at least 30 % of the steps looked at, five or more of them. They are
    counted exactly: in no healthy training of `benchmarks/faults` and of the scripts by others was there one at any
    step. A loop that empties them at every second step measures a half.

    ## False alarms
    Gradient accumulation over several backward passes is none: there the gradients are empty at the first pass after
    a step, which is where this is counted. Momentum made by hand, by scaling `.grad` instead of emptying it, is one.

    ## What it cannot see
    Which gradients were carried. Gradients that are seldom kept, at fewer steps than that. Where several optimizers
    step, only the first of each step is looked at. It sees whether `.grad` held something, not whether what it held was
    meant.

    ## Remedies
    Call `optimizer.zero_grad()` once for each `optimizer.step()`, before the backward pass. In a loop without an
    optimizer set `p.grad = None` for every parameter.
    """

    name = "gradients-not-zeroed"

    def examine(self, case: Case) -> Verdict:
        """Gradients carried over at many of the steps looked at."""
        read = case.run.series(q.GRAD_CARRIED)
        known = np.isfinite(read.values) & (read.steps > 0)
        steps, share = read.steps[known], read.values[known]
        if len(share) < LEAST_SAMPLES:
            return Unjudged(
                f"only {len(share)} steps tell whether gradients were carried over; it takes {LEAST_SAMPLES}"
            )
        carried = share > 0
        often = float(carried.mean())
        first = int(steps[np.argmax(carried)])
        evidence = above("share of steps that carry gradients over", often, OFTEN, first)
        if often < OFTEN:
            return nearest([evidence])
        part = float(np.median(share[carried])) / _alive(case)
        return (
            self.finding(
                "warning",
                (),
                first,
                f"{'The' if part >= NEARLY_ALL else f'About {part:.0%} of the'} gradients are not zeroed"
                f"{'' if often >= NEARLY_ALL else ' at every step'}: at {often:.0%} of the steps looked at they still "
                "held those of the step before, and the new ones were added on top.",
                [evidence],
                [
                    "Call optimizer.zero_grad() once for each optimizer.step(), before the backward pass, and see that "
                    "it reaches all parameters."
                ],
            ),
        )


def _alive(case: Case) -> float:
    """The share of the gradients that are ever more than zero: of the others there is nothing to carry over."""
    known = [norms for norms in case.table(q.GRAD_NORM).values() if np.isfinite(norms).any()]
    return float(np.mean([np.nanmax(norms) > 0 for norms in known])) if known else 1.0
