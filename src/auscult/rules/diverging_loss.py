"""diverging-loss: the loss ends above where it began, or has lost most of what it had won."""

from __future__ import annotations

import numpy as np

from auscult.findings import Evidence, Severity
from auscult.rules._case import Case
from auscult.rules._guess import SAME, has_other_parts
from auscult.rules._looks import LATE_LEAST
from auscult.rules._loss import BEGIN, HIDDEN, SURE, Curve
from auscult.rules._rewarded import no_measure
from auscult.rules._rule import Rule, Unjudged, Verdict, above, below, figure, lacking, nearest
from auscult.runs import quantities as q

LEAST_STEPS = 40
LEAST_SAMPLES = 20
ROSE = 0.05  # of the loss's size: a rise worth the name
LOST = 0.5  # of the progress made
CLIMBED = 2.5  # times the best level that a known loss may end at
GONE = 0.05  # of the progress made: so much at least it must have climbed
PROGRESS = 0.1  # of the loss's size: progress worth losing
BOTTOMLESS = 10.0  # times the level it began at that a loss ends below zero
FALLS_STILL = 0.1  # of that: the fall of the middle third of the steps that is more than noise
LEVELS_OFF = 0.5  # of the fall of the middle third: a last third that falls by less nears a bottom
SURE_OF_BEST = 6.0  # standard errors: the best of many windows is low by chance already

_ENDLESS = "loss at the end, below zero, over where it began"

ADVERSARIES = Unjudged(
    "several optimizers have losses of their own, which may work against each other: neither need fall"
)
OBJECTIVE = Unjudged(
    "the parameters are moved along the gradient, and what the loss is could not be seen: an objective is to rise"
)
ABOUT_ZERO = Unjudged(
    "the loss scatters about zero, from the start or from below, as that of a policy gradient does: it need not fall"
)


class DivergingLoss(Rule):
    """The loss climbs instead of falling: it ends above where it began, or has lost most of what it had won.

    ## What it flags
    A training loss that, seen through medians of neighbouring steps, ends above its beginning, or that had come down
    and has lost more than half of that again. Both must stand out of the loss's own noise. Also one of a known kind,
    and of no other parts, that ends at two and a half times the best it had. A loss that is minus the
    error or cross-entropy it is made of falls while that rises: there its size is judged. And one that began above zero
    and ends ten times as far below it and more, without levelling off: it has no lowest value.

    ## Why it matters
    The training is undoing itself. What it has learned so far is being lost, and the usual end is a loss that is
    stuck high or not finite.

    ## Thresholds
    The end is the median of the last 15 % of the steps, the beginning that of the first five losses (or the first
    alone, where the first updates threw the loss up). A rise counts from 5 % of the loss's size and four standard
    errors; a loss of progress from one half, where the progress was 10 % or more, and six standard errors, since the
    best of many windows is low by chance already; of the beginning, or of the best where all of the first five losses
    lie as far above that. The noise is taken from the differences of neighbouring losses; a rise also counts where nine
    tenths of the last third lie above all of the beginning. Progress is lost from the first loss that stays above the
    best level by a tenth of the way to the end. Nothing depends on the loss's unit or sign, except where it surely has
    the wrong one: below zero to the end, and within 1 % of minus its own error at every look there, three or more. That
    a loss levels off is told by its last third: it falls by less than half of what the middle third did. (Of 25 healthy
    ones that end below zero four end ten times as far there, and none of these falls on.) That the parameters are moved
    along the gradient is told by an optimizer's maximize=True, or in a loop of one's own by the means of update and
    gradient, where each update is a multiple of its gradient. Of the 157 healthy trainings of `benchmarks/faults`, some
    with batches of one, none is flagged.

    ## False alarms
    Losses that are no measure of progress: those of adversaries (not judged where each has an optimizer of its own),
    objectives that are to rise (information where the parameters are moved along the gradient of no known loss, and it
    stays finite), losses whose weights or data the script changes on the way, such as the warm-up of a penalty or a
    curriculum that becomes harder. A script that makes an error larger on purpose, to unlearn examples or to find
    adversarial ones.

    A policy's gradient, log-probabilities of what was chosen times numbers of their own, is not judged. Nor is the
    error of values that are learned from themselves: of targets that spread ever wider, by 1.4 times from the half of
    the steps to the end, unless it ends above 30 times where it began. (Three healthy ones ended at .1 to 3 times, six
    that diverged at 1,700 times and more.)

    ## What it cannot see
    A loss that rises and falls again between beginning and end, single spikes, and a rise that the loss's own noise
    hides; away from the CPU it knows the loss at the steps looked at only. It takes the recorded loss for the measure
    of progress: a penalty or a weight that the script raises looks like a rise, and a fall of one part hides the rise
    of another. Losses of adversaries are not judged.

    ## Remedies
    Lower the learning rate, or warm it up over the first steps; clip the gradient's norm; go back to the weights of
    the best step. Look first at what is named as the cause.
    """

    name = "diverging-loss"

    def examine(self, case: Case) -> Verdict:
        """A rise, or a loss of progress, that stands out of the noise."""
        untold = cannot_tell(case)
        if untold not in (None, OBJECTIVE):
            return untold
        negated = negated_since(case)
        curve = case.loss if negated is None else Curve(case.loss.steps, np.abs(case.loss.values))
        if (course := _course(case, curve)) is None:
            return nearest(courses(curve))
        severity, since, summary, found = course
        advice = [
            "Lower the learning rate (try a third), or warm it up over the first steps.",
            "Clip the gradient: torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0).",
        ]
        if case.uphill:
            since, severity = 0, "info" if untold is OBJECTIVE else severity
            right = ", which is right for an objective and a wrong sign for a loss" if untold is OBJECTIVE else ""
            summary = f"The parameters are moved along the gradient, which makes the loss larger{right}. {summary}"
            advice = ["Subtract the gradient: p -= lr * p.grad; of an optimizer, leave out maximize=True."]
        elif negated is not None:
            since = negated
            summary = f"The loss has the wrong sign from step {since:,} on, which makes its error larger. {summary}"
            advice = ["Call backward on the loss itself, not on minus the loss."]
        if found.quantity == _ENDLESS:
            advice = ["Find the term that has no lowest value: mend its sign, or bound it, as torch.clamp does."]
        elif curve.best.value < curve.begin.value:
            advice.append(f"Go back to the weights from around step {curve.best_step:,}, the best of this run.")
        return (self.finding(severity, (), since, summary, [found], advice),)


def _course(case: Case, curve: Curve) -> tuple[Severity, int, str, Evidence] | None:
    """How a loss rose, lost its progress or climbs again, with severity and since when; None where it does not."""
    begin, best, end = (figure(level.value, 3) for level in (curve.begin, curve.best, curve.end))
    up, up_sure = rise(curve)
    back, back_sure = lost(curve)
    if up > ROSE and up_sure > SURE:
        said = f"The loss rose: it began at {begin} and ended at {end}."
        found = Evidence("rise of the loss, as a share of its size", up, ROSE, up / ROSE, int(curve.steps[-1]))
        return "critical", curve.leaves(curve.begin), said, found
    if back > LOST and back_sure > SURE_OF_BEST:
        said = (
            f"The loss lost {min(back, 1):.0%} of its progress: from {begin} it had come down to {best} by step "
            f"{curve.best_step}, and ended at {end}."
        )
        found = Evidence("share of the progress lost again", back, LOST, back / LOST, int(curve.steps[-1]))
        return "warning", curve.lost_since, said, found
    if (bottomless := _bottomless(curve)).margin > 1:
        said = f"The loss falls without a bound: it began at {begin} and ended at {end}, falling on as before."
        below_zero = curve.values < -abs(curve.begin.value)
        since = int(curve.steps[len(below_zero) - int(np.argmin(below_zero[::-1]))])
        return "warning" if curve.begin.value > 0 else "info", since, said, bottomless
    if _climbs(case):
        said = (
            f"The loss climbs again: it was down to {best} by step {curve.best_step}, and ended at {end}, "
            f"{figure(curve.end.value / curve.best.value)} times that."
        )
        return "warning", curve.lost_since, said, _climb(curve)
    return None


def _bottomless(curve: Curve) -> Evidence:
    """How far below zero a loss ends that does not level off, over where it began."""
    times = -curve.end.value / max(abs(curve.begin.value), 1e-30)
    before, late = curve.falls_of_thirds
    falls_on = before > -FALLS_STILL * curve.end.value and late > LEVELS_OFF * before
    step = int(curve.steps[-1])
    return above(_ENDLESS, times if falls_on else 0.0, BOTTOMLESS, step)


def _climbs(case: Case) -> bool:
    """Whether a loss of a known kind, and of no other parts, has climbed to several times the best it had."""
    curve = case.loss
    if case.task is None or case.task.losses > 1 or has_other_parts(case) or not len(case.looks(q.TASK_LOSS)):
        return False
    back, back_sure = lost(curve)
    return _climb(curve).margin > 1 and back > GONE and back_sure > SURE_OF_BEST


def _climb(curve: Curve) -> Evidence:
    """How many times its best level a loss ends at; NaN of one that is not above zero."""
    times = curve.end.value / curve.best.value if curve.best.value > 0 else float("nan")
    return above("loss at the end, over its best level", times, CLIMBED, int(curve.steps[-1]))


def negated_since(case: Case) -> int | None:
    """The step from which the loss is minus what it is made of, an error or cross-entropy; None where it is not."""
    curve, own = case.loss, case.looks(q.TASK_LOSS)
    right = np.flatnonzero(curve.values >= 0)
    first = int(right[-1]) + 1 if len(right) else 0
    _, a, b = np.intersect1d(curve.steps[first:], own.steps, return_indices=True)
    if case.task is None or case.task.losses > 1 or len(a) < LATE_LEAST:
        return None
    return int(curve.steps[first]) if np.allclose(-curve.values[first:][a], own.values[b], rtol=SAME) else None


def cannot_tell(case: Case) -> Unjudged | None:
    """Why a run's loss tells nothing of its course, or None where it does."""
    if case.several_losses:
        return ADVERSARIES
    if (few := too_few(case.loss)) is not None or case.loss.about_zero:
        return few or ABOUT_ZERO
    if (why := no_measure(case)) is not None:
        return why
    return OBJECTIVE if case.uphill and case.task is None and case.broke_at is None else None


def too_few(curve: Curve) -> Unjudged | None:
    """Why a curve says nothing, or None where it does."""
    if len(curve) == 0:
        return Unjudged("no loss was recorded")
    if len(curve) < LEAST_SAMPLES or curve.steps[-1] < LEAST_STEPS:
        return Unjudged(
            f"{len(curve)} losses over {int(curve.steps[-1]) + 1} steps are too few to tell a trend from noise: "
            f"it takes {LEAST_SAMPLES} over more than {LEAST_STEPS}"
        )
    return None


def courses(curve: Curve) -> tuple[Evidence, Evidence]:
    """How near a loss comes to a rise, and to a loss of its progress."""
    step, (up, up_sure), (back, back_sure) = int(curve.steps[-1]), rise(curve), lost(curve)
    return (
        lacking(
            above("rise of the loss, as a share of its size", up, ROSE, step),
            above("rise of the loss, in standard errors", up_sure, SURE, step),
        ),
        lacking(
            above("share of the progress lost again", back, LOST, step),
            above("progress lost again, in standard errors", back_sure, SURE_OF_BEST, step),
        ),
    )


def standstill(curve: Curve, least: float) -> Evidence:
    """How near a loss comes to having fallen by less than a share of its size."""
    return below("fall of the loss, as a share of its size", curve.fell / curve.size, least, int(curve.steps[-1]))


def harms(curve: Curve) -> Evidence:
    """How near a loss comes to a rise, a loss of progress, or no fall at all."""
    return max(*courses(curve), standstill(curve, HIDDEN), key=lambda e: e.margin)


def rise(curve: Curve) -> tuple[float, float]:
    """How far the end lies above the beginning: as a share of the loss's size, and in standard errors."""
    up = curve.end.value - curve.begin.value
    sure = np.inf if up > 0 and curve.left_behind else up / max(curve.fell_error, 1e-12 * curve.size)
    return up / curve.size, sure


def lost(curve: Curve) -> tuple[float, float]:
    """The share of the best progress lost again by the end, and that in standard errors; 0 where none was made."""
    won = curve.begin.value - curve.best.value
    gone = curve.end.value - curve.best.value
    error = max(float(np.hypot(curve.best.error, curve.end.error)), 1e-12 * curve.size)
    apart = curve.values[:BEGIN].min() - curve.best.value  # large losses scatter more than small ones
    sure = won >= SURE_OF_BEST * curve.begin.error or apart > SURE_OF_BEST * curve.best.error
    if won < PROGRESS * curve.size or not sure or gone <= 0:
        return 0.0, 0.0
    return gone / won, gone / error
