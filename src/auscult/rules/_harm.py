"""What a loss shows of weights that are remade too fast."""

from __future__ import annotations

from dataclasses import dataclass

from auscult.findings import Severity
from auscult.rules._case import MOSTLY, Case
from auscult.rules._guess import at_guess
from auscult.rules._home import put_back
from auscult.rules._loss import BEGIN, HIDDEN, SURE, Curve
from auscult.rules._once import once
from auscult.rules._pace import LEAST_SAMPLES, Pace
from auscult.rules._rewarded import no_measure
from auscult.rules._sorted import one_class_batches
from auscult.rules.diverging_loss import LOST, ROSE, SURE_OF_BEST, lost, rise, too_few

STANDS_STILL = -3.3  # of the steady ratio: a network that was thrown out and does not move any more
FELL_MOST = 0.5  # of the loss's size: a loss that came down as far as this has a right to stand still
GOT_THERE = 0.9  # of the loss's size: after such a fall it matters little that the first updates threw it up
LEFT = 0.2  # of the first loss: where no more is left, the network has learned all the same
SETTLED_FAR = 0.6  # of the loss's size: a loss that came down less and falls no longer has much left


@dataclass(frozen=True)
class Harm:
    """What went wrong with the loss."""

    words: str
    severity: Severity
    sure: bool = True  # beyond the loss's noise
    at_start: bool = False  # where steps follow the gradient, that may be the doing of the weights drawn
    since: int | None = None  # the step it began at, where it did not from the start
    flat: bool = False  # it neither fell nor was thrown up: a single layer is at its floor within a few steps
    still: bool = False  # the loss may just have got where it can: only a pace kept up for long convicts


def untold(case: Case) -> bool:
    """Whether the loss says nothing of the pace: it is no measure of progress, or something else holds it up."""
    about_zero = len(case.loss) > 0 and case.loss.about_zero
    return (
        case.several_losses or about_zero or no_measure(case) is not None or put_back(case) or one_class_batches(case)
    )


def harm_done(case: Case, measured: tuple[Pace, ...]) -> Harm | None:
    """What is wrong with the loss, the surest first; None where nothing is."""
    likely = _likely(case.loss)
    if likely is not None and likely.still and _mostly_left_out(case):
        likely = None  # a network most of which is never moved stands still for that
    harm = _harm(case) or _wreck(case, measured) or likely
    return None if harm is not None and harm.flat and _is_one_matrix(case) else harm


def _harm(case: Case) -> Harm | None:
    """What is wrong with the loss, where it can be told."""
    curve = case.loss
    if too_few(curve) is None:
        if (course := _course(curve)) is not None:
            return course
        if at_guess(case):
            return Harm("the loss came down to what a constant guess has and no further", "critical")
    elif case.broke_at is not None:
        before = curve.values[curve.steps < case.broke_at]
        if len(before) > 1 and before[-1] > before[0] + min(ROSE * curve.size, abs(float(before[0]))):
            return Harm("the loss rose until it was not finite", "critical")
    return None


@once
def harmed(case: Case) -> bool:
    """Whether the loss broke, rose, lost most of what it had won, or did not fall."""
    if case.broke_at is not None:
        return True
    return not case.several_losses and too_few(case.loss) is None and _course(case.loss) is not None


def _course(curve: Curve) -> Harm | None:
    """What is wrong with the course of a loss: a rise, a loss of what was won, or no fall."""
    if has_risen(curve):
        return Harm("the loss rose", "critical", since=curve.leaves(curve.begin))
    if has_lost(curve):
        return Harm("the loss lost what it had won", "critical", since=curve.lost_since)
    if not curve.progressed and curve.fell < HIDDEN * curve.size:
        sure = curve.stalled or curve.thrown
        return Harm("the loss did not fall", "critical" if sure else "warning", sure, flat=not curve.thrown)
    return None


def _likely(curve: Curve) -> Harm | None:
    """What may be wrong with the loss, beyond its noise or beyond what the training got over."""
    if too_few(curve) is not None:
        return None
    if has_lost(curve, SURE):
        return Harm("the loss seems to have lost what it had won", "warning", sure=False)
    if curve.fell < GOT_THERE * curve.size and (curve.thrown or _doubled(curve)):
        return Harm("the first updates threw the loss up", "warning", sure=False, at_start=True)
    left = curve.end.value > LEFT * abs(float(curve.values[0]))
    if curve.settled and curve.fell < SETTLED_FAR * curve.size and left:
        return Harm("the loss stands still far from where it could be", "warning", still=True)
    return None


def _is_one_matrix(case: Case) -> bool:
    """Whether a single layer is all there is."""
    return sum(len(g.named("matrix")) for g in case.groups) == 1


def _mostly_left_out(case: Case) -> bool:
    """Whether optimizers hold some of the elements that are asked to train, and not most of them."""
    asked = [p for p in case.parameters if p.trainable]
    held = sum(p.size for p in asked if p.optimizer is not None)
    return 0 < held < (1 - MOSTLY) * sum(p.size for p in asked)


def has_risen(curve: Curve) -> bool:
    """Whether the loss rose above where it began, beyond the noise."""
    up, up_sure = rise(curve)
    return up > ROSE and up_sure > SURE


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
