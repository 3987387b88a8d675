"""learning-rate-too-low: the matrices hardly move, and the loss shows that there was far to go."""

from __future__ import annotations

from auscult.findings import Evidence, Finding
from auscult.rules._case import Case, Family
from auscult.rules._loss import SURE, Curve
from auscult.rules._pace import Pace, paces, too_few_samples
from auscult.rules._rule import Rule, Unjudged, Verdict, figure, past
from auscult.rules.diverging_loss import too_few
from auscult.rules.learning_rate_too_high import HIGH_PEAK
from auscult.runs import quantities as q

LOW: dict[Family, float] = {"sgd": -4.0, "adaptive": -3.7}
NO_FALL: dict[Family, float] = {"sgd": -3.6, "adaptive": -3.3}  # low where the loss stands still as well
SLOW_FALL = -3.3  # low where the loss has fallen little, and still falls as steadily as at first
STEADY_FALL = 0.2  # share of the whole fall that the second half of the steps made
HARDLY = 0.1  # of the loss's size


class LearningRateTooLow(Rule):
    """The weights move too little each step for the loss that is left.

    ## What it flags
    A training all of whose parameter groups change their matrices by too small a share of their size each step (the
    update-to-data ratio), while the loss shows that there was far to go: it hardly fell, or falls as steadily late as
    early.

    ## Why it matters
    The network learns, but the steps are wasted: what takes a thousand of them at the right rate takes a hundred
    thousand. Nothing fails, so this is seldom noticed; the loss even looks smooth.

    ## Thresholds
    {measured}

    ## False alarms
    Fine-tuning moves little on purpose: where most elements are not asked to train, or the loss begins far below a
    guess's and the weights' spread is that of no usual initialisation, the finding is information only. Late in a
    training small gradients make small steps; a loss that has fallen and settled is not flagged. Warm-up and the decay
    of a schedule are left out: only steps at half the highest rate or more count. A network that was thrown far out
    earlier and stands still since is not slow but wrecked, and not flagged here.

    ## Remedies
    Raise the learning rate to the one named, which would bring the median ratio to {target_sgd} for SGD and to
    {target_adaptive} for adaptive optimizers, and look again: the ratio follows the rate, and the layers settle anew.
    """

    name = "learning-rate-too-low"

    def examine(self, case: Case) -> Verdict:
        measured = paces(case)
        if isinstance(measured, Unjudged):
            return measured
        if case.several_losses:
            return Unjudged("several optimizers have losses of their own: none of them tells how far there is to go")
        if (short := too_few_samples(case) or too_few(case.loss)) is not None:
            return short
        known = [p for p in measured if p.each]
        if not known:
            return Unjudged("no matrix moved in the steady part of the run")
        if any(p.peak > HIGH_PEAK for p in known):
            return ()
        limits = _limits(case.loss)
        beyond = [(p, max(limit[p.group.family] for limit in limits)) for p in known] if limits else []
        if not beyond or any(p.steady >= limit for p, limit in beyond):
            return ()
        return (self._found(case, beyond),)

    def _found(self, case: Case, slow: list[tuple[Pace, float]]) -> Finding:
        slowest = min((p for p, _ in slow), key=lambda p: p.steady)
        rate = f" {figure(slowest.group.top_lr)}" if slowest.group.top_lr > 0 else ""
        trained = case.looks_trained
        caution = " The run seems to go on from trained weights, where small steps can be meant." if trained else ""
        return self.finding(
            "info" if trained else "warning",
            [p.group.name for p, _ in slow],
            int(slowest.steps[0]),
            f"The weights move by 10^{slowest.steady:.1f} of their size each step: the learning rate{rate} is about "
            f"{figure(past(slowest.steady, slowest.target(high=False)), 1)} times too low.{caution}",
            [
                Evidence(
                    f"steady median {q.RATIO} of the matrices of {p.group.name}", p.steady, limit, past(p.steady, limit), p.step_of(p.steady)
                )
                for p, limit in slow
            ],
            [p.advice(high=False) for p, _ in slow],
        )


def _limits(curve: Curve) -> list[dict[Family, float]]:
    """The limits below which a ratio is too low for a loss that went like this; none where the loss got where it could."""
    hardly = curve.fell < HARDLY * curve.size
    late = curve.middle.value - curve.end.value
    still = curve.fell > SURE * curve.fell_error and late > STEADY_FALL * curve.fell
    limits = []
    if hardly or still:
        limits.append(LOW)
    if curve.stalled:
        limits.append(NO_FALL)
    if hardly and still:
        limits.append({"sgd": SLOW_FALL, "adaptive": SLOW_FALL})
    return limits
