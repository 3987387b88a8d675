"""How far each matrix of a parameter group lies off the middle one and will stay, and how far it came at all."""

from __future__ import annotations

import math

import numpy as np

from auscult.rules._case import Case
from auscult.rules._pace import Pace, usual_norm
from auscult.runs import quantities as q

NOTED = 0.9  # decades off that are information
PLAIN = 1.5  # decades that a matrix drawn from N(0, 1) may be slower: it is so much larger than its fan-in asks for
UNIT = 0.05  # how near to 1 such a spread is
SMALL = 1.5  # decades that a matrix drawn small may be faster: output layers are, on purpose
GREW = 2.0  # times its first spread: what such a matrix has come to
LARGE = 3.0  # times the size that PyTorch draws: what is so large has no other reason to stay
TINY = 1e-30
SLIGHT = 0.01  # of its group's elements: a table that is no layer's weights, such as one that is added


def weights(case: Case, pace: Pace) -> dict[str, float]:
    """The matrices without slight ones that no known layer has as its weights, where any layer is known."""
    known = {x.weight for x in case.layers}.intersection(pace.each)
    sizes = {p.name: p.size for p in pace.group.parameters}
    least = SLIGHT * sum(sizes.values()) if known else 0.0
    return {name: ratio for name, ratio in pace.each.items() if name in known or sizes[name] >= least}


def lasting(case: Case, pace: Pace) -> dict[str, float]:
    """How far each matrix lies off the middle one and will stay, in decades: the least over the steady part."""
    at, late = np.flatnonzero(pace.steady_at), second_half(pace)
    sooner, later = offsets(case, pace, at[: len(at) // 2]), offsets(case, pace, late)
    found, middle = {}, middle_of(pace.each)
    for name, value in weights(case, pace).items():
        before, now = abs(sooner.get(name, 0.0)), abs(later.get(name, 0.0))
        least = max(0.0, min(abs(value - middle), now, now - (before - now)))
        spread = case.looks(q.DATA_STD, name)
        plain = value < middle and abs(spread.first - 1) < UNIT and least < PLAIN
        small = value > middle and spread.late >= GREW * spread.first and least < SMALL
        found[name] = min(least, NOTED - UNIT) if plain or small else least
    return found


def way(case: Case, pace: Pace) -> dict[str, float]:
    """How far each matrix came from where it was drawn, as log10 of a share of its size; none of those drawn large."""
    some, drawn, gone = weights(case, pace), case.seen(q.DATA_NORM), case.seen(q.DISTANCE)
    return {
        p.name: math.log10(max(gone[p.name].late, TINY) / drawn[p.name].first)
        for p in pace.group.parameters
        if p.name in some and p.name in gone and p.name in drawn and 0 < drawn[p.name].first < LARGE * usual_norm(p)
    }


def way_of(name: str) -> str:
    """What `way` has of a matrix, in words."""
    return f"log10 of the way that {name} came, over the size it was drawn with"


def off_since(case: Case, pace: Pace, name: str, limit: float) -> int:
    """The step from which a matrix was always seen far off the middle one."""
    near = np.flatnonzero(np.abs(case.ratios[name] - pace.middle) < limit)
    return int(pace.steps[min(near[-1] + 1, len(pace.steps) - 1) if len(near) else 0])


def second_half(pace: Pace) -> np.ndarray:
    """The samples of the second half of the steady part."""
    at = np.flatnonzero(pace.steady_at)
    return at[len(at) // 2 :]


def offsets(case: Case, pace: Pace, at: np.ndarray) -> dict[str, float]:
    """How far each matrix lies off the middle one of all over the samples `at`, in decades."""
    which = np.zeros_like(pace.steady_at)
    which[at] = True
    found = case.medians(tuple(pace.each), which)
    return {name: value - middle_of(found) for name, value in found.items()}


def middle_of(each: dict[str, float]) -> float:
    """The middle one; of an even number the faster of two, so that where one half stands apart it is the slower."""
    return sorted(each.values())[len(each) // 2]
