"""Weights that move and get nowhere: something puts them back where they began."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from auscult.findings import Evidence
from auscult.rules._case import Case
from auscult.rules._looks import Looks
from auscult.rules._once import once
from auscult.runs import quantities as q

HOME = 0.5  # of the way of a random walk
AGAIN = 2  # looks that find the weights one step from their start
LOADS = 10  # of the weights, after which what is learned in between is lost
SELDOM = 0.1  # of the steps: so long in the second half without a load, and it is none of the training's course
SAME = 1e-3  # of a step: how near to it that distance lies


@dataclass(frozen=True)
class Home:
    """Weights that move and get nowhere."""

    farthest: float  # the farthest matrix's distance from its start, over that of a random walk
    again: int  # looks after the first at which all matrices lay one step from their start

    def evidence(self, step: int) -> Evidence:
        """Which of the two tells it."""
        if self.again >= AGAIN:
            what = "looks at which all matrices lay one step from where they began"
            return Evidence(what, self.again, AGAIN, self.again / AGAIN, step)
        what = f"{q.DISTANCE}, over that of a random walk, highest"
        return Evidence(what, self.farthest, HOME, HOME / max(self.farthest, HOME / 1e6), step)


@once
def home_of(case: Case) -> Home | None:
    """How near the start the matrices stay; None where they do get away."""
    farthest, moved, again = 0.0, 0, None
    for p in case.parameters:
        if p.kind == "matrix" and p.trainable:
            steps, distances = case.looks(q.UPDATE_NORM, p.name), case.looks(q.DISTANCE, p.name)
            step, far = steps.late, distances.late
            farthest = max(farthest, far / (step * case.total_steps**0.5) if step > 0 and far >= 0 else float("inf"))
            moved += 1
            at = _one_step_away(steps, distances)
            again = at if again is None else again & at
    count = len(again or ())
    return Home(farthest, count) if moved > 1 and (farthest < HOME or count >= AGAIN) else None


def stays_home(case: Case) -> bool:
    """Whether the matrices move but get nowhere, as where they are put back again and again."""
    return home_of(case) is not None


def put_back(case: Case) -> bool:
    """Whether the matrices were seen where only the start and one step lead, or were loaded anew, again and again."""
    home = home_of(case)
    return (home is not None and home.again >= AGAIN) or loads(case) >= LOADS


@once
def loads(case: Case) -> int:
    """How often the weights were loaded anew in the course of the training; 0 where that was not all along.

    Weights that are loaded twice between two steps are lent, as those of an average are for a validation, and not lost.
    """
    at = Counter(e.step for e in case.events(q.LOADED))
    alone = sorted(step for step, times in at.items() if times == 1)
    late = [case.total_steps // 2, *(step for step in alone if step > case.total_steps // 2), case.total_steps]
    often = max(b - a for a, b in pairwise(late)) <= SELDOM * case.total_steps
    return len(alone) if often else 0


def _one_step_away(steps: Looks, distances: Looks) -> set[int]:
    """The looks, but for the first, at which the distance from the start is the length of that very step.

    Where the look before was no farther, the step was just too long for what came before it to count.
    """
    known, a, b = np.intersect1d(steps.steps, distances.steps, return_indices=True)
    step, far = steps.values[a], distances.values[b]
    back = (np.abs(far - step) < SAME * step)[1:] & (far[:-1] > (1 - SAME) * far[1:])
    return set(known[1:][back].tolist())
