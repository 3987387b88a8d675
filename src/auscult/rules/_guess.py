"""The loss held against that of the best constant guess: the frequencies of the classes, the mean of the targets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from auscult.rules._case import Case
from auscult.rules._looks import NONE, Looks
from auscult.rules._once import once
from auscult.rules._pace import paces
from auscult.rules._rule import Unjudged
from auscult.runs import quantities as q

WON = 0.01  # of the constant guess's loss: what a network that learns anything wins
WON_LATE = 0.05  # of it, in the second half: what learning by heart wins where there is nothing else to learn
ABOVE = 0.2  # of it: a loss that lies higher has an ailment of another kind
NARROW = 0.015  # of it: how closely the difference must be known
SURE = 2.0  # standard errors
LEAST_STEPS = 500
FEWER_STEPS, FAR = 250, 0.5  # are enough where the matrices have come so far, in shares of their size
LEAST_LOOKS = 8
SETTLING = 0.2  # of the steps, in which the loss may still come down to the constant guess's
AT_FIRST, HALF_WAY, AT_LAST = (0.1, 0.25), (0.4, 0.6), (0.85, 1.0)  # of the steps
LEFT_LATE = 0.06  # of the guess's loss: at most so much below it at first is not yet below it
BY_HEART = 0.25  # of it: as far as what is learned by heart is told from what is learned late
HEART = 0.008  # of it, times the passes through the data to the power of 1.5: more was never learned by heart
SLOWS = 0.8  # of the fall of the steps before: a slower one is that of what can be learned a little of
GROWS = 2.5  # a fall that grows with this power of the steps, or a lesser one, is that of learning by heart
MOST, ALIKE = 0.9, 0.2  # of the looks, at which a loss is so nearly the same multiple of its known part
LEAVES, BEFORE, TIMES = (0.9, 1.0), (0.8, 0.9), 2.0  # shares of the steps; times as far below the guess in the last one
SAME = 0.01  # how near to each other the loss that was trained on and that of the labels lie where they are the same

BROADCAST, AIMED = "broadcast", 0.5  # of a constant guess's loss: all pairs can hardly be meant unless they bring more


@dataclass(frozen=True)
class AgainstGuess:
    """How far the loss lies above a constant guess's, past the start, in two halves of the looks."""

    level: float  # what the guess has; NaN where that is not known
    over: Looks
    means: tuple[float, ...]
    error: float  # standard error of each mean
    scatter: float = float("inf")  # what of it is not common to all means, as the chance of the guess's labels is
    course: Looks = NONE  # the same from the first step on
    heart: float = float("inf")  # as a share of the level: the most that can have been learned by heart till the end

    @property
    def mean(self) -> float:
        """Of all looks past the start; NaN where there are none."""
        return float(np.mean(self.over.values)) if len(self.over) else float("nan")

    @property
    def apart(self) -> bool:
        """Whether the first half lies below the guess, the second far below it, or either far above it."""
        unsure = SURE * self.error
        low = [-won * self.level - unsure for won in (WON, max(WON, min(WON_LATE, self.heart)))]
        high = ABOVE * self.level + unsure
        return any(not least <= mean <= high for least, mean in zip(low, self.means, strict=False))

    @property
    def at_first(self) -> bool:
        """Whether the loss lay at the guess's at first."""
        first, unsure = self._between(*AT_FIRST), SURE * self.scatter
        low, high = -LEFT_LATE * self.level - unsure, ABOVE * self.level + unsure
        return len(first) > 0 and low <= float(np.mean(first)) <= high

    @property
    def slowly(self) -> bool:
        """Whether half way through the steps the loss was not yet far below the guess's."""
        middle = self._between(*HALF_WAY)
        return len(middle) > 0 and float(np.mean(middle)) >= -BY_HEART * self.level

    @property
    def by_heart(self) -> bool:
        """Whether the loss lay at the guess's at first and has left it since as what is learned by heart does.

        The examples of a task that has nothing to learn are no easier for having seen others: the loss falls only as
        they come again, and the faster the more of them are known. What a network begins to learn late, as from a
        plateau, falls many times as fast as it began to; what it can learn a little of falls less and less.
        """
        first, middle, last = (self._between(*share) for share in (AT_FIRST, HALF_WAY, AT_LAST))
        if min(len(first), len(middle), len(last)) < LEAST_LOOKS // 2:
            return False
        at = [-float(np.mean(part)) / self.level for part in (first, middle, last)]
        unsure = SURE * self.scatter / self.level
        grown = (sum(AT_LAST) / sum(HALF_WAY)) ** GROWS
        most = at[0] <= max(WON, at[2] / 3) + unsure  # of the fall came later
        falls_on = at[2] - at[1] >= SLOWS * (at[1] - at[0])
        not_at_once = at[2] <= grown * max(at[1], WON) + unsure
        can_be = -ABOVE <= at[2] <= min(BY_HEART, self.heart + unsure)
        return self.at_first and can_be and most and falls_on and not_at_once

    @property
    def leaves(self) -> bool:
        """Whether the loss surely has begun to come below the guess's at last, far faster than by learning by heart."""
        last, before = self._between(*LEAVES), self._between(*BEFORE)
        if min(len(last), len(before)) < LEAST_LOOKS:
            return False
        won, unsure = -float(np.mean(last)), SURE * float(np.std(last)) / len(last) ** 0.5
        return won - unsure > max(WON * self.level, -TIMES * float(np.mean(before)))

    def _between(self, begin: float, end: float) -> np.ndarray:
        """The differences between two shares of the steps."""
        share = self.course.steps / max(1, int(self.course.steps[-1])) if len(self.course) else np.zeros(0)
        return self.course.values[(share >= begin) & (share <= end)]

    @property
    def comes_down(self) -> bool:
        """Whether the loss lay above the guess's and is surely on its way down to it, or past it."""
        if len(self.means) < 2:
            return False
        sure = WON * self.level + SURE * self.error
        return self.means[0] > sure and self.means[0] - self.means[1] > 2**0.5 * sure

    @property
    def unsure(self) -> bool:
        """Whether the loss scatters too much to say."""
        return self.error > NARROW * self.level


@once
def against_guess(case: Case) -> AgainstGuess:
    """The loss past the start, less a constant guess's.

    The loss that was trained on was read at more steps than what it is made of; where it is the same, it is held
    against what the guess has of all labels. Or the loss of each look is held against what the guess has of the same
    labels, which takes away their chance. That of the two is taken which is known the more surely.
    """
    own, base, curve = case.looks(q.TASK_LOSS), case.looks(q.TASK_LOSS_BASE), case.loss
    if not len(own) or not len(base):
        return AgainstGuess(float("nan"), NONE, (), float("inf"))
    guess = case.looks(q.TASK_LOSS_GUESS)
    _, a, b = np.intersect1d(own.steps, guess.steps, return_indices=True)
    paired = Looks(own.steps[a], own.values[a] - guess.values[b])
    _, a, b = np.intersect1d(own.steps, curve.steps, return_indices=True)
    if len(a) and np.allclose(curve.values[b], own.values[a], rtol=SAME):
        own = Looks(curve.steps, curve.values)
    course = Looks(own.steps, own.values - np.interp(own.steps, base.steps, base.values))
    heart = HEART * _passes(case) ** 1.5
    chance = float(np.std(guess.values)) / len(guess) ** 0.5 if len(guess) else 0.0
    held = _held(case, base.median, course, heart, chance), _held(case, base.median, paired, heart)
    return min(held, key=lambda h: h.error)


def _held(case: Case, level: float, course: Looks, heart: float, unsure: float = 0.0) -> AgainstGuess:
    """A course of losses less the guess's; unsure: the standard error that all of them have in common."""
    settled = course.steps > SETTLING * case.total_steps
    over = Looks(course.steps[settled], course.values[settled])
    if len(over) < LEAST_LOOKS:
        return AgainstGuess(level, over, (), float("inf"))
    halves = np.array_split(over.values, 2)
    scatter = float(np.mean([np.var(half, ddof=1) for half in halves])) ** 0.5 / min(len(x) for x in halves) ** 0.5
    means = tuple(float(np.mean(half)) for half in halves)
    return AgainstGuess(level, over, means, float(np.hypot(scatter, unsure)), scatter, course, heart)


def _passes(case: Case) -> float:
    """How often the data was gone through at most; endless where that is not known."""
    batch, known, least = (case.looks(x) for x in (q.DATA_BATCH, q.DATA_EXAMPLES, q.DATA_EXAMPLES_LEAST))
    if not len(batch) or not (len(known) or len(least)):
        return float("inf")
    there_are = (known if len(known) else least).near(case.total_steps)
    return max(1.0, case.total_steps * batch.median / there_are)


def held_against_all(case: Case) -> bool:
    """Whether each prediction is held against the targets of all examples, by shapes that broadcast to (n, n)."""
    aimed = case.looks(q.TASK_LOSS).late < AIMED * against_guess(case).level  # False of a NaN: not known
    return case.task is not None and case.task.fed == BROADCAST and not aimed


def has_other_parts(case: Case) -> bool:
    """Whether the loss that is trained on is more than a multiple of what it is known to be made of."""
    own, curve = case.looks(q.TASK_LOSS), case.loss
    _, a, b = np.intersect1d(own.steps, curve.steps, return_indices=True)
    known = own.values[a] > 0
    times = curve.values[b][known] / own.values[a][known]
    if len(times) < LEAST_LOOKS:
        return False
    middle = float(np.median(times))
    return bool(np.quantile(np.abs(times - middle), MOST) > ALIKE * abs(middle))


def too_few_looks(case: Case, held: AgainstGuess) -> str:
    """Why a run is too short to hold its loss against a guess's; empty where it is not."""
    enough = case.total_steps >= LEAST_STEPS or (case.total_steps >= FEWER_STEPS and _way(case) >= FAR)
    if len(held.over) >= LEAST_LOOKS and enough:
        return ""
    return (
        f"{len(held.over)} looks at the loss past the start of {case.total_steps} steps are too few: it takes "
        f"{LEAST_LOOKS} and {LEAST_STEPS}, or {FEWER_STEPS} where the weights came far"
    )


def _way(case: Case) -> float:
    """How far the slowest group's matrices came: the steady share of their size of a step, times the steps."""
    measured = paces(case)
    known = [] if isinstance(measured, Unjudged) else [pace.steady for pace in measured]
    return case.total_steps * 10 ** min(known, default=float("-inf"))


@once
def beat_guess_early(case: Case) -> bool:
    """Whether the loss surely lies below a constant guess's, past the start, and did not begin there."""
    if case.several_losses or case.task is None or case.task.losses > 1:
        return False
    held = against_guess(case)
    below = held.level > 0 and held.mean < -WON * held.level - SURE * held.error
    first = max(case.loss.begin.value, float(case.loss.values[0]))  # what is learned in two steps is gone by the fifth
    return bool(below and first > held.level + held.mean / 2)


@once
def at_guess(case: Case) -> bool:
    """Whether the loss surely lies at a constant guess's, past the start."""
    if case.several_losses or case.task is None or case.task.losses > 1:
        return False
    held = against_guess(case)
    return len(held.over) >= LEAST_LOOKS and held.level > 0 and not held.apart and not held.unsure
