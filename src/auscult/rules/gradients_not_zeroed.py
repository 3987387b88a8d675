"""gradients-not-zeroed: every step adds its gradients to those of the step before."""

from __future__ import annotations

import numpy as np

from auscult.rules._case import Case
from auscult.rules._rule import Rule, Unjudged, Verdict, above, nearest
from auscult.runs import quantities as q

CARRIED = 0.9  # share of the gradients
ALWAYS = 0.9  # share of the sampled steps
LEAST_SAMPLES = 5


class GradientsNotZeroed(Rule):
    """Gradients are never set back to zero, so each step adds its own to those of all the steps before.

    ## What it flags
    A training where, at nearly every step looked at, nearly all gradients still held the values of the step before
    when the backward pass began.

    ## Why it matters
    PyTorch adds to `.grad`. Unless the loop empties it, the optimizer follows the sum of all gradients since the
    start: old directions never fade, the effective learning rate grows with every step, and the training overshoots,
    circles or diverges.

    ## Thresholds
    At least 90 % of the gradients that are not zero carried over, on at least 90 % of the steps looked at, five or more
    of them. The share is counted exactly, so a loop that empties its gradients measures 0 and one that does not
    measures 1; the room is for parameters that some steps do not reach.

    ## False alarms
    Gradient accumulation over several backward passes is none: there the gradients are empty at the first pass after
    a step, which is where this is counted. A loop that empties them only every few optimizer steps is not flagged
    either. Momentum made by hand, by scaling `.grad` instead of emptying it, is.

    ## What it cannot see
    Gradients that are emptied too seldom, every few steps, or for a part of the parameters only: nearly all must be
    carried over at nearly every look. Where several optimizers step, only the first of each step is looked at. It sees
    whether `.grad` held something, not whether what it held was meant.

    ## Remedies
    Call `optimizer.zero_grad()` once for each `optimizer.step()`, before the backward pass. In a loop without an
    optimizer set `p.grad = None` for every parameter.
    """

    name = "gradients-not-zeroed"

    def examine(self, case: Case) -> Verdict:
        """Gradients carried over at nearly every step looked at."""
        read = case.run.series(q.GRAD_CARRIED)
        known = np.isfinite(read.values) & (read.steps > 0)
        steps, share = read.steps[known], read.values[known]
        if len(share) < LEAST_SAMPLES:
            return Unjudged(
                f"only {len(share)} steps tell whether gradients were carried over; it takes {LEAST_SAMPLES}"
            )
        carried = share >= CARRIED * _alive(case)
        often = float(carried.mean())
        first = int(steps[np.argmax(carried)])
        evidence = above("share of steps that carry gradients over", often, ALWAYS, first)
        if often < ALWAYS:
            return nearest([evidence])
        return (
            self.finding(
                "warning",
                (),
                first,
                f"The gradients are not zeroed: at {often:.0%} of the steps looked at they still held those of the "
                "step before, and the new ones were added on top.",
                [evidence],
                ["Call optimizer.zero_grad() once for each optimizer.step(), before the backward pass."],
            ),
        )


def _alive(case: Case) -> float:
    """The share of the gradients that are ever more than zero: of the others there is nothing to carry over."""
    known = [norms for norms in case.table(q.GRAD_NORM).values() if np.isfinite(norms).any()]
    return float(np.mean([np.nanmax(norms) > 0 for norms in known])) if known else 1.0
