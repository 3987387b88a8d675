"""Times of steps, held against the step alone: the two take turns every few milliseconds, so that what a slow moment of
the machine does to one it does to the other.

A shared machine may run at half its speed for a second, and then again at its full one. Where blocks of .35 s took
turns, forty seconds of the same step on both sides told their ratio to 2 %; with blocks of 10 ms to .4 %.

Who hooks into PyTorch, and out of it, pays for that in the first steps after: Python looks up anew what it had found.
Of steps of 8 ms the first was .1 ms longer, and the second of a CNN's still; from the fifth on there was nothing to
see. A training hooks in once, so the first steps of a block are not counted.
"""

from __future__ import annotations

import contextlib
import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Step = Callable[[], object]
BLOCK_S = 0.01
UNCOUNTED = 4  # steps at least, at the start of a block
COUNTED = 2


@dataclass(frozen=True)
class Variant:
    """One way to make a step.

    around: what has to hold while it runs. settle: waits until nothing of it works on in the background, so that
    nobody else pays for it. alone: the same step without it, where it can be had; another copy of a training may lie
    otherwise in memory, and be 2 % faster or slower for that. background_s: the processor time that threads of its own
    take for a step; it is counted in full, though they may have a processor of their own. every: it takes part in every
    so manieth round.
    """

    name: str
    step: Step
    around: Callable[[], contextlib.AbstractContextManager[object]] = contextlib.nullcontext
    settle: Callable[[], object] = lambda: None
    alone: Step | None = None
    background_s: float = 0.0
    close: Callable[[], object] = lambda: None
    every: int = 1


@dataclass(frozen=True)
class Pairs:
    """The seconds a step took with a variant, and alone right before or after, round by round."""

    alone: tuple[float, ...]
    variant: tuple[float, ...]

    @property
    def ratios(self) -> list[float]:
        """The step with it over the step alone."""
        return [v / a for v, a in zip(self.variant, self.alone, strict=True)]

    @property
    def in_all(self) -> float:
        """All steps with it over all steps alone: rare things that cost much count in full, and so does noise."""
        return sum(self.variant) / sum(self.alone)

    @property
    def added_s(self) -> float:
        """Seconds that it adds to a step, the median."""
        return statistics.median(v - a for v, a in zip(self.variant, self.alone, strict=True))

    def __str__(self) -> str:
        low, middle, high = quartiles(self.ratios)
        if middle < 1.995:
            return f"{middle:.3f} × ({low:.2f}–{high:.2f})"
        return f"{middle:.1f} × ({low:.1f}–{high:.1f})" if middle < 9.95 else f"{middle:.0f} × ({low:.0f}–{high:.0f})"


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """A quarter of the values lies below the first, half below the second, three quarters below the third."""
    if len(values) < 2:
        return values[0], values[0], values[0]
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def timed(step: Step, steps: int) -> float:
    """Seconds a step over so many steps."""
    began = time.perf_counter()
    for _ in range(steps):
        step()
    return (time.perf_counter() - began) / steps


def paired(alone: Step, variants: Sequence[Variant], rounds: int, seconds: float) -> dict[str, Pairs]:
    """Each variant beside the step alone, in every round for about so many seconds."""
    bare = {v.name: Variant("alone", v.alone or alone) for v in variants}
    usual = {v.name: (_usual(bare[v.name]), _usual(v)) for v in variants}
    times: dict[str, tuple[list[float], list[float]]] = {v.name: ([], []) for v in variants}
    for round_ in range(rounds):
        turn = [v for i, v in enumerate(variants) if (round_ + i) % v.every == 0]
        at = round_ % len(turn) if turn else 0
        for variant in [*turn[at:], *turn[:at]]:
            found = _side_by_side(bare[variant.name], variant, *usual[variant.name], seconds)
            for kept, one in zip(times[variant.name], found, strict=True):
                kept.append(one)
    gc.unfreeze()
    return {name: Pairs(tuple(a), tuple(v)) for name, (a, v) in times.items()}


def _side_by_side(
    bare: Variant, variant: Variant, bare_s: float, variant_s: float, seconds: float
) -> tuple[float, float]:
    """Seconds of a step alone and with a variant, taking turns; variant_s and bare_s are what to expect."""
    gc.collect()
    gc.freeze()  # what all of them keep is nothing that one's garbage collection has to walk through
    many = {v.name: max(COUNTED, round(BLOCK_S / s)) for v, s in ((bare, bare_s), (variant, variant_s))}
    turns = max(1, round(seconds / max(many[variant.name] * variant_s, many[bare.name] * bare_s)))
    took: dict[str, list[float]] = {bare.name: [], variant.name: []}
    for turn in range(turns):
        for v in (bare, variant) if turn % 2 else (variant, bare):
            took[v.name].append(_block(v, many[v.name]))
    variant.settle()
    return statistics.fmean(took[bare.name]), statistics.fmean(took[variant.name]) + variant.background_s


def _block(variant: Variant, steps: int) -> float:
    """Seconds of a step over so many steps, after half as many, or UNCOUNTED: what it needs is in the caches then."""
    with variant.around():
        timed(variant.step, max(UNCOUNTED, (steps + 1) // 2))
        return timed(variant.step, steps)


def _usual(variant: Variant) -> float:
    """About what a step takes, in seconds."""
    with variant.around():
        once = min(timed(variant.step, 3) for _ in range(3))
        found = min(timed(variant.step, max(3, round(0.05 / once))) for _ in range(3))
    variant.settle()
    return found
