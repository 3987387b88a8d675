"""no-progress: after many steps the loss is where it began."""

from __future__ import annotations

from auscult.findings import Evidence
from auscult.rules._case import Case
from auscult.rules._loss import FELL
from auscult.rules._rule import Rule, Unjudged, Verdict, figure
from auscult.rules.diverging_loss import cannot_tell


class NoProgress(Rule):
    """After many steps the loss is where it began.

    ## What it flags
    A training loss whose median over the last part of the run is not lower than at the beginning by as much as 1 %,
    with no downward trend in between, and so little noise that a fall could not hide in it.

    ## Why it matters
    Nothing is being learned. More steps of the same will not help.

    ## Thresholds
    A fall counts as progress from 1 % of the loss's size and four standard errors, from the first losses to the last
    or from the first third of the run to the last third. The opposite is said only where there is no room in the
    noise for as much as 5 %; between the two the rule does not judge. (SageMaker Debugger asks for .1 % within 10
    steps, which noise alone decides.) In the survey that `learning-rate-too-high` describes none of 657 healthy
    trainings was flagged.

    ## False alarms
    A run that goes on from trained weights: where it is seen to, the finding is information only. Losses that are no
    measure of progress: adversaries (not judged where each has an optimizer of its own), policy gradients (a loss
    that scatters about zero is not judged). A task that stays on a plateau before it is learned looks like this while
    it lasts, and so does one whose loss can fall by less than 1 %.

    ## Remedies
    Look first at what is named as the cause. Without one, check that inputs and labels belong together, try to fit
    one small batch alone, and compare the loss with that of a guess.
    """

    name = "no-progress"

    def examine(self, case: Case) -> Verdict:
        """A loss that surely did not fall."""
        curve = case.loss
        if (untold := cannot_tell(case)) is not None:
            return untold
        if curve.progressed:
            return ()
        if curve.values.min() < 0 < curve.values.max() and abs(curve.begin.value) < curve.noise:
            return Unjudged("the loss scatters about zero, as that of a policy gradient does: it need not fall")
        if not curve.stalled:
            return Unjudged(
                f"single losses scatter by {figure(curve.noise)} about {figure(curve.end.value, 3)}: "
                "a fall could hide in that"
            )
        share = curve.fell / curve.size
        last = int(curve.steps[-1])
        trained = case.looks_trained
        return (
            self.finding(
                "info" if trained else "warning",
                (),
                last,
                f"After {case.total_steps:,} steps the loss is not lower than it began: {figure(curve.begin.value, 3)} "
                f"then, {figure(curve.end.value, 3)} now."
                + (" The run seems to go on from trained weights, where that can be." if trained else ""),
                [
                    Evidence(
                        "fall of the loss, as a share of its size", share, FELL, FELL / max(share, FELL / 1e3), last
                    )
                ],
                [
                    "Check that inputs and labels belong together, and that one small batch alone can be learned.",
                    "Compare the loss with a guess's: ln(classes) for a classifier, the variance for a regression.",
                ],
            ),
        )
