"""learning-rate-too-high: the matrices are remade faster than they can learn, and the loss shows it."""

from __future__ import annotations

import numpy as np

from auscult.findings import Evidence, Finding, Remedy
from auscult.rules._case import Case
from auscult.rules._dead import killed_early
from auscult.rules._guess import at_guess, held_against_all
from auscult.rules._harm import LEFT, SETTLED_FAR, Harm, harm_done, untold
from auscult.rules._home import put_back
from auscult.rules._loss import Curve
from auscult.rules._noise import FEW, examples_and_noise
from auscult.rules._pace import LEAST_SAMPLES, Pace, paces, paces_of_tables, too_few_samples
from auscult.rules._rule import Rule, Unjudged, Verdict, above, figure, lacking, nearest, past, reached
from auscult.rules._shrunk import SHRUNK, shrunk
from auscult.rules._sorted import one_class_batches
from auscult.rules._standing import HIGH as HIGH_STANDING
from auscult.rules._standing import Standing, standing
from auscult.rules.diverging_loss import harms, too_few
from auscult.runs import quantities as q

EXTREME = -1.0  # a tenth of the weights remade each step, for long: flagged without further proof
HIGH = -2.2  # of the steady ratio, with harm
HIGH_EARLY = -1.5  # of the ratio before that, with harm: weights thrown far out grow, and their ratio falls
HIGH_STILL = -1.3  # the same, where the harm is but a loss that stands still: it may have got where it can
HIGH_PEAK = -1.0  # of any sample but the first, with harm
GUESS_PEAK = -1.3  # the same, of weights that have grown, where the loss stays at a constant guess's
WILD_PEAK = -0.5  # the same where the loss's noise leaves some doubt about the harm
SEARCHES = ("lbfgs",)  # optimizers a step of which is many moves, of a length they choose themselves
RAISED = "that the rise of the rate must have brought"
BORE = 0.3  # of the loss's size: a fall that shows a pace to be bearable
GROWN = 4.0  # times as large as drawn: weights that large steps have thrown out
GROWN_FAR = 2.5  # the same where the loss is still far from where it could be
HARDLY = 0.1  # decades by which a later ratio may exceed those of the fall
LAST = 5  # samples before a loss that is not finite


class LearningRateTooHigh(Rule):
    """The weights are remade faster than they can learn.

    ## What it flags
    Parameter groups whose matrices change by too large a share of their size each step (the update-to-data ratio,
    here as log10) while the loss shows harm: it rose, lost most of its progress, never fell, stayed at what a constant
    guess has, stopped being finite, or was thrown up by the first updates and the weights have stood still since or,
    for adaptive optimizers, it is not yet where it could be. A ratio that stays above -1 is flagged without that. Also
    a loss that has come down and stands still, most of which the size of the steps holds up.

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
    the true ones. So the steady median must lie above -1.5 there, and that before it does not count; above -1.5 also
    where the loss came down by three tenths or more at the very pace at which it rose later, which something else must
    have brought. A loss that does not fall since the weights are put back where they began is no harm, nor where each
    prediction is held against the targets of all examples. A loss that came down by less than 60 % and stands still may
    have got where it can: there the median must lie above -1.5 in the steady part, or above -1.3 before it, and more
    than a fifth of the very first loss be left; and it is no harm where optimizers hold less than half of the network.
    Nor is a loss that does not fall, of a single layer: that comes to its floor within a few steps, and a rate too high
    throws it up.
    Of Adagrad, whose steps shrink to a quarter in the first thirty at any rate, all limits before the steady part lie
    .6 higher: five healthy trainings began at -.6 to -1.

    Where more than a fifth of the first loss is left, or the first fifth of the steps killed 40 % of a layer's units
    and eight at least: any sample but the first above -1, and matrices that ended at four times the size they were
    drawn at, in the middle of them, or at two and a half times where a loss of a known kind came down by less than 60 %
    (others, as those of pairs and triplets, may have no more to lose); where the loss stays at a constant guess's,
    above -1.3. What large steps have thrown out stays large, though it may look as if it moved little for its size, and
    is no ailment where the network has learned all the same: without that condition 1 in 8 of the good rates of the
    sweeps below were called too high. In the healthy trainings of `benchmarks/faults` that thresholds may be set by it
    ends at 1.0 to 2.6 times, and at 3.4 and 4.5 in two whose ratio was never that high; at rates that are clearly too
    high mostly at 4 to 80 times and far beyond. Matrices whose scale a normalisation takes away again are not counted:
    those grow on the noise of each step. Nor is a network of a single matrix, which may grow as it must, nor one whose
    loss is no measure of progress, as those of policies and adversaries are none. Embeddings are held to the steady
    median alone, as many are drawn small.

    All but these come from sweeps over 22 small models (perceptrons, convolutions with and without normalisation,
    recurrent networks, transformers, autoencoders, regressions), SGD with and without momentum, Adam, AdamW and
    RMSprop, and eleven learning rates over six decades for each; these are not kept. A rate is good where the loss
    fell by 80 % or more of what the best rate reached, bad below 50 %. The steady ratio of the 463 good ones lay mostly
    (5 to 95 %) within -3.2 and -1.3 for SGD and within -3.0 and -1.4 for adaptive optimizers, and reached -1.05; so a
    high ratio alone convicts nobody.

    A loss stands on the size of its steps where that holds up half of it and more, by the formula of batch-too-small;
    where it fell, from the middle third of the steps to the last, by at most half of that, and not surely by a third of
    that, or a tenth of itself if that is more; where 6 % of the first losses or of a constant guess's are left, and it
    is of a known kind; at a steady ratio above -2.1; where no rate has decayed, and the noise scale of the gradient is
    not surely above four times the batch. Divided by 20, a rate lets the loss fall by about twice what the formula
    says. Of the healthy trainings of `benchmarks/faults` that thresholds may be set by, and of `benchmarks/field`, the
    nearest had 36 % of its loss held up, at -2.2, or all of it and fell by up to .7 of that.

    `benchmarks/rates.py` sweeps the healthy trainings of `benchmarks/faults` likewise, and takes the held-out loss for
    what is good: in 184 sweeps 11 % of 870 good rates were called too high, mostly such as are 30 times the chosen one
    and more, and 96 % of 552 that were clearly too high.

    ## False alarms
    Weights that start near zero move fast for their size at first, which is why the very first step is left out and
    harm is asked for. Networks with batch normalisation bear far larger steps than others. Losses that are no measure
    of progress can look like harm; where several optimizers have losses of their own, only the extreme is flagged.
    LBFGS makes many moves in a step and chooses their length itself: without harm it is not flagged. Where weight decay
    alone takes more than 10^-2.2 of the weights in a step, and makes most of the first one, the rate is not judged.

    ## What it cannot see
    Harm that the loss does not show: a rate that is high but still learns, only to a sharper end or more slowly, is not
    flagged unless the ratio is extreme. The ratio knows matrices as a whole; biases and gains that alone move too fast
    are not seen, and embeddings only in groups that hold no matrices, and neither is a jump between two looks that the
    training got over. Where something else did the harm while the weights moved fast, as labels or a loss that was
    badly chosen can, it blames the rate.

    ## Remedies
    Lower the learning rate to the one named, which would bring the ratio of the first steps to -2.25 for SGD and to
    -2.5 for adaptive optimizers; warm it up over the first hundred steps or more; clip the gradient's norm; of one
    example or two a step, average more.
    """

    name = "learning-rate-too-high"

    def examine(self, case: Case) -> Verdict:
        """The groups that move too fast, in one finding."""
        measured, tables = paces(case), paces_of_tables(case)
        if isinstance(measured, Unjudged):
            if not tables:
                return measured
            measured = ()
        measured += tables
        if case.uphill:
            return Unjudged("the parameters are moved along the gradient: the loss rises for that, at any rate")
        if held_against_all(case):
            return Unjudged("each prediction is held against all targets: the loss cannot fall for that, at any rate")
        if shrunk(case) is not None:
            return SHRUNK
        if all(p.decays > HIGH for p in measured):
            most = max(measured, key=lambda p: p.decays)
            return Unjudged(
                f"weight decay alone takes 10^{most.decays:.1f} of the weights of {most.group.name} in a step: that "
                "they move fast is its doing"
            )
        harm = None if untold(case) else harm_done(case, measured)
        found = [(p, beyond) for p in measured if (beyond := _beyond(case, p, harm))]
        if not found:
            steps = [p for p in measured if not _searches(p)]
            stands = None if case.looks_trained else standing(case, steps)
            if stands is not None and stands.lacks.margin > 1:
                return (self._stands(case, stands),)
            near = [e for p in measured for e in _near(case, p, harm)]
            return too_few_samples(case) or nearest([*near, *([stands.lacks] if stands is not None else [])])
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
                    *_more_examples(case),
                ],
            ),
        )

    def _stands(self, case: Case, stands: Standing) -> Finding:
        """A loss that is held up by the size of the steps."""
        loss, pace = stands.loss, stands.pace
        rate = f" {figure(pace.group.top_lr)}" if pace.group.top_lr > 0 else ""
        return self.finding(
            "warning",
            pace.where(lambda r: r > HIGH_STANDING),
            loss.since,
            f"The loss hardly falls any more, and the size of the steps holds it up: the weights move by "
            f"10^{pace.steady:.1f} of their size in each, and the learning rate{rate} does not come down.",
            stands.evidence,
            [
                Remedy("Let the learning rate decay, to a tenth or less at the end."),
                pace.advice(high=True),
                *_more_examples(case),
            ],
        )


def _more_examples(case: Case) -> list[str]:
    """What else would help where a step takes an example or two."""
    examples, _ = examples_and_noise(case)
    if not 0 < examples <= FEW:
        return []
    few = "one" if examples < FEW else "two"
    return [f"Or average more examples in a step: the gradient of {few} is mostly noise, and asks for a lower rate."]


def _near(case: Case, pace: Pace, harm: Harm | None) -> list[Evidence]:
    """How near a group came to moving too fast; and to that together with harm."""
    held = _held(case, pace, harm)
    if not untold(case) and too_few(case.loss) is None:
        held += [lacking(e, harms(case.loss)) for e in _held(case, pace, Harm("", "info"))]
    return held


def _beyond(case: Case, pace: Pace, harm: Harm | None) -> list[Evidence]:
    """The measures of a group that lie past their thresholds, the furthest first."""
    return sorted((e for e in _held(case, pace, harm) if e.value > e.threshold), key=lambda e: -e.margin)


def _held(case: Case, pace: Pace, harm: Harm | None) -> list[Evidence]:
    """The measures of a group against the thresholds that such harm puts to them."""
    alone = pace.samples >= LEAST_SAMPLES and not _searches(pace)
    held = [("steady", pace.steady, EXTREME)] if alone else []
    if harm and harm.sure and pace.kind == "embedding":  # drawn small, as many are, those move fast at first
        held.append(("steady", pace.steady, HIGH_EARLY))
    elif harm and harm.still:
        held += [("steady", pace.steady, HIGH_EARLY), ("early", pace.early, HIGH_STILL + pace.shrinks)]
    elif harm and harm.sure:
        guess = at_guess(case)
        steady = HIGH_EARLY if guess or _bore(case.loss, pace, harm) else HIGH
        held += [("steady", pace.steady, steady), ("highest", pace.peak, HIGH_PEAK + pace.shrinks)]
        held += [] if guess else [("early", pace.early, HIGH_EARLY + pace.shrinks)]
    elif harm and pace.kind == "matrix" and not (harm.at_start and pace.group.family == "sgd"):
        held.append(("highest", pace.peak, WILD_PEAK))
    if case.broke_at is not None:
        held.append((f"highest of the last {LAST}", pace.before(case.broke_at, LAST), EXTREME))
    what = f"{q.RATIO} of {pace.what}"
    found = [
        Evidence(f"{what}, {when}", value, limit, reached(value, limit), pace.step_of(value))
        for when, value, limit in held
        if np.isfinite(value)
    ]
    if pace.kind == "matrix" and not _searches(pace) and np.isfinite(pace.peak) and _can_be_thrown_out(case):
        found.append(_thrown_out(case, pace, what))
    brought, step = pace.raised
    if harm and harm.sure and not harm.still and np.isfinite(brought):
        found.append(Evidence(f"{what}, {RAISED}", brought, HIGH_PEAK, reached(brought, HIGH_PEAK), step))
    return found


def _searches(pace: Pace) -> bool:
    """Whether its optimizer chooses the length of its moves itself."""
    return pace.group.class_name.lower() in SEARCHES


def _can_be_thrown_out(case: Case) -> bool:
    """Whether there is more than one matrix, all drawn at random, and it is not the data that throws them about.

    A single layer, as that of a linear probe, has nothing that could be wrecked: it may grow as it must. Nor is it told
    where the loss is no measure of what was learned all the same.
    """
    matrices = sum(len(g.named("matrix")) for g in case.groups)
    return matrices > 1 and not (put_back(case) or one_class_batches(case) or case.looks_trained or untold(case))


def _thrown_out(case: Case, pace: Pace, what: str) -> Evidence:
    """The highest ratio, of matrices that have grown to many times what they were drawn; else which of the two lacks.

    Where the loss came down they must have grown the more to be called thrown out; not where a fifth of it is left.
    """
    known = too_few(case.loss) is None
    far = known and case.task is not None and case.loss.fell < SETTLED_FAR * case.loss.size
    limit = GROWN_FAR if far else GROWN
    words = f"{what}, highest, of weights that grew {figure(pace.grown)} times"
    high = (GUESS_PEAK if at_guess(case) else HIGH_PEAK) + pace.shrinks
    ratio = Evidence(words, pace.peak, high, reached(pace.peak, high), pace.step_of(pace.peak))
    grew = above(f"times {pace.what} are as large as they were drawn", pace.grown, limit)
    conditions = [grew]
    if known and 0 <= case.loss.end.value < case.loss.values[0]:
        left = case.loss.end.value / float(case.loss.values[0])
        bad = [above("share of the first loss that is left", left, LEFT), killed_early(case)]
        conditions.append(max((e for e in bad if e is not None), key=lambda e: e.margin))
    lacks = lacking(*conditions)
    return ratio if lacks.margin > 1 else lacking(ratio, lacks)


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
