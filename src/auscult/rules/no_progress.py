"""no-progress: after many steps the loss is where it began."""

from __future__ import annotations

import math

import numpy as np

from auscult.findings import Evidence
from auscult.rules._case import Case
from auscult.rules._guess import beat_guess_early
from auscult.rules._home import LOADS, home_of, loads, put_back
from auscult.rules._inputs import constant_inputs
from auscult.rules._loss import FELL, HIDDEN, LIKELY, Curve
from auscult.rules._pace import paces
from auscult.rules._rule import Rule, Unjudged, Verdict, above, below, figure, nearest
from auscult.rules._shrunk import NOTHING, shrunk
from auscult.rules.diverging_loss import cannot_tell, rise, too_few
from auscult.rules.learning_rate_too_high import HIGH
from auscult.runs import quantities as q

BLOWN_UP = 1.0  # of the loss's size, by which it rose: steps that grow so fast say nothing of a random walk
LEAST_ALIKE, ALIKE = 3, 1e-3  # parameters whose gradients are all the same multiple of them, and how nearly


class NoProgress(Rule):
    """After many steps the loss is where it began.

    ## What it flags
    A training loss whose median over the last part of the run is not lower than at the beginning by as much as 1 %,
    with no downward trend in between, and so little noise that a fall could not hide in it; or one that did not fall
    beyond its noise, or goes in circles after a small fall, while all matrices stay where they began, however they
    move: something puts them back; or while no parameter moves at all, whatever the loss is; or while `load_state_dict`
    gives them other values all along; or while all shrink to a thousandth of what they were, as under a strong decay.

    ## Why it matters
    Nothing is being learned. More steps of the same will not help.

    ## Thresholds
    A fall counts as progress from 1 % of the loss's size and four standard errors, from the first losses to the last or
    from the first third of the run to the last third. The opposite is said only where there is no room in the noise for
    as much as 5 %, and what was measured is below 1 % or two standard errors; between the two the rule does not judge,
    nor where the loss lies surely below a constant guess's: a task that is mostly noise is learned within a few steps.
    Where it could not be seen what the loss is, that is information, unless no parameter was ever seen elsewhere than
    where it began, or the gradients are those of a penalty on the weights alone: of three parameters at least, each the
    same multiple of its own within a thousandth, at all looks.
    (SageMaker Debugger asks for .1 % within 10 steps, which noise alone decides.)
    Matrices, two at least, stay where they began where none of them is half as far from there as steps of their
    size in random directions would carry them, the root of their number times one step; or where they were seen
    twice at least, after the first look, just one step from there, and the loss goes in circles: the last third of
    the run no lower than the first, and above half of where it began. Of weights that are loaded anew the same is
    asked of the loss, and ten loads or more, with no tenth of the steps between two of them in the second half; two
    loads between the same two steps are a loan, as of averaged weights for a validation. What learns goes farther,
    and so does what only learns by heart: in our healthy trainings that progressed the farthest matrix was never
    below the whole of it. Of the 157 healthy trainings of `benchmarks/faults` none is flagged.

    ## False alarms
    A run that goes on from trained weights: where it is seen to, the finding is information only. Losses that are no
    measure of progress: adversaries (not judged where each has an optimizer of its own), policy gradients (a loss
    that scatters about zero is not judged). A task that stays on a plateau before it is learned looks like this while
    it lasts, and so does one whose loss can fall by less than 1 %.

    ## What it cannot see
    A loss that fell a little and then stood still: 1 % counts as progress, however far there is to go. A noisy loss can
    hide a fall, so of policy gradients and tiny batches it often says nothing. It does not know the reason, nor how
    low a loss can get: one that is as low as it can be at the start looks like no progress.

    ## Remedies
    Look first at what is named as the cause. Without one, check that inputs and labels belong together, try to fit
    one small batch alone, and compare the loss with that of a guess.
    """

    name = "no-progress"

    def examine(self, case: Case) -> Verdict:
        """A loss that surely did not fall."""
        curve = case.loss
        unmoved = _unmoved(case)
        if (untold := too_few(curve) if unmoved else cannot_tell(case)) is not None:
            return untold
        home, left = None if unmoved or rise(curve)[0] > BLOWN_UP else home_of(case), shrunk(case)
        undone = left is not None or put_back(case) or unmoved
        if curve.progressed and not (undone and curve.circles):
            won = max(curve.fell, curve.drift.value) / curve.size
            return nearest([below("fall of the loss, as a share of its size", won, FELL, int(curve.steps[-1]))])
        if not curve.stalled and home is None and not undone:
            return Unjudged(
                f"single losses scatter by {figure(curve.noise)} about {figure(curve.end.value, 3)}: "
                "a fall could hide in that"
            )
        if home is None and not undone and beat_guess_early(case):
            return Unjudged("the loss lies below that of a constant guess: what there is to learn was learned early")
        last = int(curve.steps[-1])
        trained = case.looks_trained
        penalty = _penalty(case)
        need_not = case.task is None and home is None and not undone and penalty is None
        said, evidence = _stands(curve)
        decay = _decay(case)
        why, advice = "", []
        if constant := constant_inputs(case):
            why = " The inputs are all one number: there is nothing in them to learn from."
            advice.append("Look at the inputs as the network gets them.")
        elif (times := loads(case)) >= LOADS:
            evidence = above("times the weights were loaded on the way", times, LOADS, last)
            why = f" The weights were loaded anew {times:,} times on the way: what was learned in between is lost."
        elif home is not None:
            evidence = home.evidence(last)
            why = " The weights move and stay where they began: something puts them back."
        elif unmoved:
            why = " No parameter has moved at all: whatever the loss is made of, it learned nothing."
        elif decay > HIGH:
            why = f" Weight decay takes 10^{decay:.1f} of the weights in a step, as much as they can learn."
        elif left is not None:
            what = f"{q.DATA_NORM} of the matrices, late over first, highest"
            evidence = Evidence(what, left, NOTHING, NOTHING / max(left, NOTHING / 1e6), last)
            why = f" The weights have shrunk to {figure(left)} of what they were: the network gives no answer but one."
        elif penalty is not None:
            why = (
                f" Each gradient is {figure(penalty)} times its parameter, at every look, as that of a penalty on "
                "squares: the rest of the loss does not reach the network."
            )
            advice.append("Look for what cuts the loss off: .detach(), .item(), .tolist(), torch.tensor(…), no_grad().")
        if left is not None or decay > HIGH:
            advice.append("Lower the weight decay, or what else takes the weights away.")
        if home is not None or put_back(case):
            advice.append("Look for what sets or loads the weights inside the loop.")
        return (
            self.finding(
                "info" if trained or need_not else "warning",
                constant,
                int(curve.steps[0]),
                f"After {case.total_steps:,} steps the loss is {said}.{why}"
                + (" The run seems to go on from trained weights, where that can be." if trained else "")
                + (" What loss it is could not be seen: that of a policy gradient need not fall." if need_not else ""),
                [evidence],
                [
                    *advice,
                    "Check that inputs and labels belong together, and that one small batch alone can be learned.",
                    "Compare the loss with a guess's: ln(classes) for a classifier, the variance for a regression.",
                ],
            ),
        )


def _stands(curve: Curve) -> tuple[str, Evidence]:
    """Where a loss stands that did not fall: against where it began, or where its first few values scatter, since."""
    last, end = int(curve.steps[-1]), figure(curve.end.value, 3)
    if curve.fell < FELL * curve.size or not curve.stalled:
        clearly = "" if curve.stalled else "clearly "
        said = f"not {clearly}lower than it began: {figure(curve.begin.value, 3)} then, {end} now"
        return said, below("fall of the loss, as a share of its size", curve.fell / curve.size, FELL, last)
    at_most = curve.drift.value + LIKELY * curve.drift.error
    said = f"no lower than in the first third of them: {figure(curve.end.value + curve.drift.value, 3)} then, {end} now"
    what = "fall of the loss from the first third of the steps to the last, at most, as a share of its size"
    return said, below(what, at_most / curve.size, HIDDEN, last)


def _unmoved(case: Case) -> bool:
    """Whether all parameters that are asked to train lie, at all looks, exactly where they began."""
    distances = [case.looks(q.DISTANCE, p.name) for p in case.parameters if p.trainable]
    return bool(distances) and all(len(d) > 0 and not d.values.any() for d in distances)


def _penalty(case: Case) -> float | None:
    """How many times its parameter each gradient is, where that is the same for all of them at all looks."""
    asked = [p.name for p in case.parameters if p.trainable]
    gradients, sizes = (np.array([case.table(which)[name] for name in asked]) for which in (q.GRAD_NORM, q.DATA_NORM))
    known = np.isfinite(gradients) & (sizes > 0)
    if known.any(axis=1).sum() < LEAST_ALIKE:
        return None
    ratios = gradients[known] / sizes[known]
    times = float(np.median(ratios))
    return times if times > 0 and np.allclose(ratios, times, rtol=ALIKE) else None


def _decay(case: Case) -> float:
    """The least share of its weights, as log10, that weight decay takes of any group in a step."""
    measured = paces(case)
    return -math.inf if isinstance(measured, Unjudged) else min(pace.decays for pace in measured)
