"""no-progress: after many steps the loss is where it began."""

from __future__ import annotations

from auscult.findings import Evidence
from auscult.rules._case import Case
from auscult.rules._loss import FELL
from auscult.rules._rule import Rule, Unjudged, Verdict, figure
from auscult.rules.diverging_loss import ADVERSARIES, too_few



class NoProgress(Rule):
    """After many steps the loss is where it began.

    ## What it flags
    A training loss whose median over the last part of the run is not lower than at the beginning, neither beyond its own
    noise nor by 1 %, and that shows no downward trend either.

    ## Why it matters
    Nothing is being learned. More steps of the same will not help.

    ## Thresholds
    Less than 1 % of the loss it began with, or less than four standard errors, over at least 40 steps. SageMaker
    Debugger asks for .1 % within 10 steps, which noise alone decides. Where the noise is so large that a fall of a fifth
    could hide in it, the rule does not judge.

    ## False alarms
    A run that goes on from weights that are trained already. Losses that are no measure of progress: adversaries (not
    judged where each has an optimizer of its own), policy gradients (a loss that changes its sign is not judged). A
    task that stays on a plateau before it is learned, such as grokking, looks like this while it lasts.

    ## Remedies
    Look first at what is named as the cause. Without one, check that inputs and labels belong together, try to fit one
    small batch alone, and compare the loss with that of a guess.
    """

    name = "no-progress"

    def examine(self, case: Case) -> Verdict:
        curve = case.loss
        if case.several_losses:
            return ADVERSARIES
        if (short := too_few(curve)) is not None:
            return short
        if curve.progressed:
            return ()
        if not curve.stalled:
            return Unjudged(
                f"one loss scatters by {figure(curve.noise)} about a level of {figure(curve.end.value)}: "
                "a fall could hide in that"
            )
        if curve.values.min() < 0 < curve.values.max() and abs(curve.begin.value) < curve.noise:
            return Unjudged("the loss scatters about zero, as that of a policy gradient does: it need not fall")
        share = curve.fell / curve.size
        severity = "info" if case.looks_trained else "warning"
        again = " It looks like a run that went on from trained weights." if case.looks_trained else ""
        return (
            self.finding(
                severity,
                (),
                int(curve.steps[-1]),
                f"After {case.total_steps} steps the loss is not lower than it began: {figure(curve.begin.value, 3)} then, "
                f"{figure(curve.end.value, 3)} now.{again}",
                [Evidence("fall of the loss, as a share of its size", share, FELL, FELL / max(share, FELL / 1e3), int(curve.steps[-1]))],
                [
                    "Check that inputs and labels belong together, and that one small batch alone can be learned.",
                    "Compare the loss with that of a guess: ln(classes) for a classifier, the variance for a regression.",
                ],
            ),
        )
