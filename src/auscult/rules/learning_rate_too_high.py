"""learning-rate-too-high: the matrices are remade faster than they can learn, and the loss shows it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from auscult.findings import Evidence, Severity
from auscult.rules._case import Case
from auscult.rules._guess import at_guess
from auscult.rules._loss import BEGIN, HIDDEN, SURE, Curve
from auscult.rules._pace import LEAST_SAMPLES, Pace, paces, too_few_samples
from auscult.rules._rule import Rule, Unjudged, Verdict, figure, lacking, nearest, past, reached
from auscult.rules.diverging_loss import LOST, ROSE, SURE_OF_BEST, harms, lost, rise, too_few
from auscult.rules.no_progress import put_back
from auscult.runs import quantities as q

EXTREME = -1.0  # a tenth of the weights remade each step, for long: flagged without further proof
HIGH = -2.2  # of the steady ratio, with harm
HIGH_EARLY = -1.5  # of the ratio before that, with harm: weights thrown far out grow, and their ratio falls
HIGH_PEAK = -1.0  # of any sample but the first, with harm
WILD_PEAK = -0.5  # the same where the loss's noise leaves some doubt about the harm
SEARCHES = ("lbfgs",)  # optimizers a step of which is many moves, of a length they choose themselves
STANDS_STILL = -3.3  # of the steady ratio: a network that was thrown out and does not move any more
FELL_MOST = 0.5  # of the loss's size: a loss that came down as far as this has a right to stand still
GOT_THERE = 0.9  # of the loss's size: after such a fall it matters little that the first updates threw it up
RAISED = "that the rise of the rate must have brought"
SETTLED_FAR = 0.6  # of the loss's size: a loss that came down less and falls no longer has much left
BORE = 0.5  # of the loss's size: a fall that shows a pace to be bearable
HARDLY = 0.1  # decades by which a later ratio may exceed those of the fall
LAST = 5  # samples before a loss that is not finite


@dataclass(frozen=True)
class Harm:
    """What went wrong with the loss."""

    words: str
    severity: Severity
    sure: bool = True  # beyond the loss's noise
    at_start: bool = False  # where steps follow the gradient, that may be the doing of the weights drawn
    since: int | None = None  # the step it began at, where it did not from the start
    still: bool = False  # the loss may just have got where it can: only a pace kept up for long convicts


class LearningRateTooHigh(Rule):
    """The weights are remade faster than they can learn.

    ## What it flags
    Parameter groups whose matrices change by too large a share of their size each step (the update-to-data ratio,
    here as log10) while the loss shows harm: it rose, lost most of its progress, never fell, stayed at what a constant
    guess has, stopped being finite, or was thrown up by the first updates and the weights have stood still since or,
    for adaptive optimizers, it is not yet where it could be. A ratio that stays above -1 is flagged without that.

    ## Why it matters
    Steps that large jump over what they aim for. The loss bounces, climbs or becomes NaN; or the first few updates
    throw the weights so far out that units saturate or die, and the network stands still from then on.

    ## Thresholds
    With harm: a median ratio above -2.2 in the steady part of the run, above -1.5 before it, or any sample but the
    first above -1 (-.5 where the loss is noisy); where the loss became NaN, above -1 in one of the last five samples.
    Updates are proportional to the rate: where that rose between two looks, and with sure harm, the ratio before times
    the rise is held to -1 too. A loss thrown up at first, by half and staying there or to twice once, counts until it
    fell by 90 %, and not for SGD, whose steps follow the gradient, so that the weights drawn may be to blame.
    Without harm: a steady median above -1. A loss that lies just at a constant guess's is not thrown about: labels that
    the inputs do not tell make the gradient all noise, which moved a perceptron by 10^-2 at the rate that is right for
    the true ones. So the steady median must lie above -1.5 there; and also where the loss came down by half or more at
    the very pace at which it rose later, which something else must have brought. A loss that does not fall since the
    weights are put back where they began is no harm. A loss that came down by less than 60 % and stands still may have
    got where it can: there the median must lie above -1.5, in the steady part or before it.

    All but these three come from a survey of 1,210 short trainings: 22 small models (perceptrons, convolutions with
    and without normalisation, recurrent networks, transformers, autoencoders, regressions), SGD with and without
    momentum, Adam, AdamW and RMSprop, and eleven learning rates over six decades for each. A rate is good where the
    loss fell by 80 % or more of what the best rate reached, bad below 50 %. The steady ratio of the 463 good ones
    lay mostly (5 to 95 %) within -3.2 and -1.3 for SGD and within -3.0 and -1.4 for adaptive optimizers, and
    reached -1.05; so a high ratio alone convicts nobody. None of the 463 was flagged, nor any of 194 healthy
    trainings with schedules, clipping, weight decay, tiny batches, noisy labels and fine-tuning. Of 172 rates that
    were clearly too high 144 were.
    Those came later and are held against the gallery of `benchmarks/faults` only, where
    none of 157 healthy trainings was flagged.

    ## False alarms
    Weights that start near zero move fast for their size at first, which is why the very first step is left out and
    harm is asked for. Networks with batch normalisation bear far larger steps than others. Losses that are no measure
    of progress can look like harm; where several optimizers have losses of their own, only the extreme is flagged.
    LBFGS makes many moves in a step and chooses their length itself: without harm it is not flagged. Where weight decay
    alone takes more than 10^-2.2 of the weights in a step, and makes most of the first one, the rate is not judged.

    ## What it cannot see
    Harm that the loss does not show: a rate that is high but still learns, only to a worse or sharper end, is not
    flagged unless the ratio is extreme. The ratio knows matrices as a whole, so embeddings, biases and gains that alone
    move too fast are not seen, and neither is a jump between two looks that the training got over. Where something else
    did the harm while the weights moved fast, as labels or a loss that was badly chosen can, it blames the rate.

    ## Remedies
    Lower the learning rate to the one named, which would bring the ratio of the first steps to -2.25 for SGD and to
    -2.5 for adaptive optimizers; warm it up over the first hundred steps or more; clip the gradient's norm.
    """

    name = "learning-rate-too-high"

    def examine(self, case: Case) -> Verdict:
        """The groups that move too fast, in one finding."""
        measured = paces(case)
        if isinstance(measured, Unjudged):
            return measured
        if all(p.decays > HIGH for p in measured):
            most = max(measured, key=lambda p: p.decays)
            return Unjudged(
                f"weight decay alone takes 10^{most.decays:.1f} of the weights of {most.group.name} in a step: that "
                "they move fast is its doing"
            )
        told = not (case.several_losses or put_back(case)) and (not len(case.loss) or not case.loss.about_zero)
        harm = (_harm(case) or _wreck(case, measured) or _likely(case.loss)) if told else None
        found = [(p, beyond) for p in measured if (beyond := _beyond(case, p, harm))]
        if not found:
            return too_few_samples(case) or nearest(e for p in measured for e in _near(case, p, harm, told))
        steepest, (worst, *_) = max(found, key=lambda pair: pair[1][0].margin)
        rate = f" {figure(steepest.group.top_lr)}" if steepest.group.top_lr > 0 else ""
        harmed = f", and {harm.words}" if harm else ""
        times = max(2.0, past(steepest.fastest, steepest.target(high=True)))
        return (
            self.finding(
                harm.severity if harm else "warning",
                [name for p, beyond in found for name in p.where(lambda r, t=beyond[0].threshold: r > t)],
                min(_since(p, e) for p, beyond in found for e in beyond),
                f"The weights moved by 10^{worst.value:.1f} of their size in a step{harmed}: "
                f"the learning rate{rate} is about {figure(times, 1)} times too high.",
                [e for _, beyond in found for e in beyond[:1]],
                [
                    *(p.advice(high=True) for p, _ in found),
                    "Or keep the rate and warm it up over the first steps, and clip the gradient's norm.",
                ],
            ),
        )


def _near(case: Case, pace: Pace, harm: Harm | None, told: bool) -> list[Evidence]:
    """How near a group came to moving too fast; and to that together with harm."""
    held = _held(case, pace, harm)
    if told and too_few(case.loss) is None:
        held += [lacking(e, harms(case.loss)) for e in _held(case, pace, Harm("", "info"))]
    return held


def _beyond(case: Case, pace: Pace, harm: Harm | None) -> list[Evidence]:
    """The measures of a group that lie past their thresholds, the furthest first."""
    return sorted((e for e in _held(case, pace, harm) if e.value > e.threshold), key=lambda e: -e.margin)


def _held(case: Case, pace: Pace, harm: Harm | None) -> list[Evidence]:
    """The measures of a group against the thresholds that such harm puts to them."""
    alone = pace.samples >= LEAST_SAMPLES and pace.group.class_name.lower() not in SEARCHES
    held = [("steady", pace.steady, EXTREME)] if alone else []
    if harm and harm.still:
        held += [("steady", pace.steady, HIGH_EARLY), ("early", pace.early, HIGH_EARLY)]
    elif harm and harm.sure:
        steady = HIGH_EARLY if at_guess(case) or _bore(case.loss, pace, harm) else HIGH
        held += [("steady", pace.steady, steady), ("early", pace.early, HIGH_EARLY), ("highest", pace.peak, HIGH_PEAK)]
    elif harm and not (harm.at_start and pace.group.family == "sgd"):
        held.append(("highest", pace.peak, WILD_PEAK))
    if case.broke_at is not None:
        held.append((f"highest of the last {LAST}", pace.before(case.broke_at, LAST), EXTREME))
    what = f"{q.RATIO} of the matrices of {pace.group.name}"
    found = [
        Evidence(f"{what}, {when}", value, limit, reached(value, limit), pace.step_of(value))
        for when, value, limit in held
        if np.isfinite(value)
    ]
    brought, step = pace.raised
    if harm and harm.sure and not harm.still and np.isfinite(brought):
        found.append(Evidence(f"{what}, {RAISED}", brought, HIGH_PEAK, reached(brought, HIGH_PEAK), step))
    return found


def _bore(curve: Curve, pace: Pace, harm: Harm) -> bool:
    """Whether the loss came far down at the very pace at which the harm began: then it was not the pace."""
    if harm.since is None or curve.best_step >= harm.since or curve.begin.value - curve.best.value < BORE * curve.size:
        return False
    fall = pace.middle[1:][pace.steps[1:] <= curve.best_step]
    fall = fall[np.isfinite(fall)]
    return len(fall) > 0 and pace.before(harm.since, LAST) < float(fall.max()) + HARDLY


def _since(pace: Pace, beyond: Evidence) -> int:
    """The step from which the weights moved too fast."""
    raised = beyond.quantity.endswith(RAISED) and not pace.peak > beyond.threshold
    return beyond.step if raised and beyond.step is not None else pace.first_beyond(beyond.threshold)


def _harm(case: Case) -> Harm | None:
    """What is wrong with the loss, where it can be told."""
    curve = case.loss
    if too_few(curve) is None:
        up, up_sure = rise(curve)
        if up > ROSE and up_sure > SURE:
            return Harm("the loss rose", "critical", since=curve.leaves(curve.begin))
        if has_lost(curve):
            return Harm("the loss lost what it had won", "critical", since=curve.lost_since)
        if not curve.progressed and curve.fell < HIDDEN * curve.size:
            sure = curve.stalled or curve.thrown
            return Harm("the loss did not fall", "critical" if sure else "warning", sure)
        if at_guess(case):
            return Harm("the loss came down to what a constant guess has and no further", "critical")
    elif case.broke_at is not None:
        before = curve.values[curve.steps < case.broke_at]
        if len(before) > 1 and before[-1] > before[0] + min(ROSE * curve.size, abs(float(before[0]))):
            return Harm("the loss rose until it was not finite", "critical")
    return None


def _likely(curve: Curve) -> Harm | None:
    """What may be wrong with the loss, beyond its noise or beyond what the training got over."""
    if too_few(curve) is not None:
        return None
    if has_lost(curve, SURE):
        return Harm("the loss seems to have lost what it had won", "warning", sure=False)
    if curve.fell < GOT_THERE * curve.size and (curve.thrown or _doubled(curve)):
        return Harm("the first updates threw the loss up", "warning", sure=False, at_start=True)
    if curve.settled and curve.fell < SETTLED_FAR * curve.size:
        return Harm("the loss stands still far from where it could be", "warning", still=True)
    return None


def has_lost(curve: Curve, sure: float = SURE_OF_BEST) -> bool:
    """Whether the loss lost most of its progress again, beyond so many standard errors."""
    back, back_sure = lost(curve)
    return back > LOST and back_sure > sure


def _doubled(curve: Curve) -> bool:
    """Whether one of the first few losses is more than twice the very first, beyond the noise."""
    first, up = float(curve.values[0]), float(curve.values[:BEGIN].max())
    return up - first > max(abs(first), SURE * curve.noise)


def _wreck(case: Case, measured: tuple[Pace, ...]) -> Harm | None:
    """Whether the first updates threw the loss up and the network has stood still since, short of its goal.

    Dead or saturated layers leave the last biases to learn how frequent the labels are, so the loss falls a little.
    """
    curve = case.loss
    if too_few(curve) is not None or not curve.thrown or curve.fell > FELL_MOST * curve.size:
        return None
    still = all(pace.samples >= LEAST_SAMPLES and not pace.steady > STANDS_STILL for pace in measured)
    return Harm("the network has stood still since", "critical") if still else None
