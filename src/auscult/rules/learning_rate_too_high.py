"""learning-rate-too-high: the matrices are remade faster than they can learn, and the loss shows it."""

from __future__ import annotations

from dataclasses import dataclass

from auscult.findings import Evidence, Severity
from auscult.rules._case import Case
from auscult.rules._loss import HIDDEN, SURE
from auscult.rules._pace import LEAST_SAMPLES, Pace, paces, too_few_samples
from auscult.rules._rule import Rule, Unjudged, Verdict, figure, past
from auscult.rules.diverging_loss import LOST, ROSE, SURE_OF_BEST, lost, rise, too_few
from auscult.runs import quantities as q

EXTREME = -1.0  # a tenth of the weights remade each step, for long: harmful without further proof
HIGH = -2.2  # the steady ratio, with harm
HIGH_EARLY = -1.5  # the ratio before that, with harm: weights thrown far out grow, and their ratio falls
HIGH_PEAK = -1.0  # the highest of any sample but the first, with harm
WILD_PEAK = -0.5  # where the loss's noise hides whether there was harm
LAST = 5  # samples before a loss that is not finite


@dataclass(frozen=True)
class Harm:
    """What went wrong with the loss."""

    words: str
    severity: Severity
    sure: bool = True  # beyond the noise of the loss


class LearningRateTooHigh(Rule):
    """The weights are remade faster than they can learn.

    ## What it flags
    Parameter groups whose matrices change by too large a share of their size each step (the update-to-data ratio) while
    the loss shows harm: it rose, lost most of its progress, never fell, or stopped being finite. A ratio that stays
    above 10^-1 is flagged without that.

    ## Why it matters
    Steps that large jump over what they aim for. The loss bounces, climbs or becomes NaN; or the first few updates throw
    the weights so far out that units saturate or die, and the network stands still from then on.

    ## Thresholds
    {measured}

    ## False alarms
    Weights that start near zero move fast for their size at first, which is why the very first step is left out and harm
    is asked for. Networks with batch normalisation bear far larger steps than others. Losses that are no measure of
    progress can look like harm; where several optimizers have losses of their own, only the extreme is flagged.

    ## Remedies
    Lower the learning rate to the one named, which would bring the ratio to {target_sgd} for SGD and to {target_adaptive}
    for adaptive optimizers; warm it up over the first hundred steps or more; clip the gradient's norm.
    """

    name = "learning-rate-too-high"

    def examine(self, case: Case) -> Verdict:
        measured = paces(case)
        if isinstance(measured, Unjudged):
            return measured
        harm = None if case.several_losses else _harm(case)
        found = [(p, e) for p in measured if (e := _worst(case, p, harm)) is not None]
        if not found:
            short = too_few_samples(case)
            return () if short is None else short
        steepest, _ = max(found, key=lambda pair: pair[1].margin)
        target = steepest.target(high=True)
        rate = f" {figure(steepest.group.top_lr)}" if steepest.group.top_lr > 0 else ""
        shown = max(e.value for _, e in found)
        times = max(2.0, past(steepest.fastest, target))
        return (
            self.finding(
                harm.severity if harm else "warning",
                [p.group.name for p, _ in found],
                min(p.first_beyond(e.threshold) for p, e in found),
                f"The weights moved by 10^{shown:.1f} of their size each step{f' and {harm.words}' if harm else ''}: the learning "
                f"rate{rate} is about {figure(times, 1)} times too high.",
                [e for _, e in found],
                [
                    *(p.advice(high=True) for p, _ in found),
                    "Or keep the rate and warm it up over the first steps, and clip the gradient's norm.",
                ],
            ),
        )


def _worst(case: Case, pace: Pace, harm: Harm | None) -> Evidence | None:
    """The measure of a group that lies furthest past its threshold; None where all are within."""
    held = []
    if pace.samples >= LEAST_SAMPLES:
        held.append(("steady", pace.steady, EXTREME))
    if harm and not harm.sure:
        held.append(("highest", pace.peak, WILD_PEAK))
    elif harm:
        held += [("steady", pace.steady, HIGH), ("early", pace.early, HIGH_EARLY), ("highest", pace.peak, HIGH_PEAK)]
    beyond = [(when, value, limit) for when, value, limit in held if value > limit]
    if (broke := case.broke_at) is not None and (last := pace.before(broke, LAST)) > EXTREME:
        beyond.append((f"last {LAST} samples'", last, EXTREME))
    if not beyond:
        return None
    when, value, limit = max(beyond, key=lambda found: found[1] - found[2])
    return Evidence(f"{when} median {q.RATIO} of the matrices of {pace.group.name}", value, limit, past(value, limit), pace.step_of(value))


def _harm(case: Case) -> Harm | None:
    """What is wrong with the loss, where it can be told."""
    curve = case.loss
    if too_few(curve) is None:
        up, up_sure = rise(curve)
        if up > ROSE and up_sure > SURE:
            return Harm("the loss rose", "critical")
        back, back_sure = lost(curve)
        if back > LOST and back_sure > SURE_OF_BEST:
            return Harm("the loss lost what it had won", "critical")
        if not curve.progressed and curve.fell < HIDDEN * curve.size:
            sure = curve.stalled or curve.thrown
            return Harm("the loss did not fall", "critical" if sure else "warning", sure)
    elif case.broke_at is not None:
        last = curve.values[curve.steps < case.broke_at]
        if len(last) > 1 and last[-1] > last[0] + ROSE * curve.size:
            return Harm("the loss rose until it was not finite", "critical")
    return None
