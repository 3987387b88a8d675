"""Times of steps, each held against the step alone right beside it: what a slow moment of the machine does to one it
does to the other.
"""

from __future__ import annotations

import contextlib
import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Step = Callable[[], object]
Clock = Callable[[], float]  # seconds


@dataclass(frozen=True)
class Variant:
    """One way to make a step.

    around: what has to hold while it runs. settle: waits until nothing of it works on in the background, so that
    nobody else pays for it. every: it takes part in every so manieth round.
    """

    name: str
    step: Step
    around: Callable[[], contextlib.AbstractContextManager[object]] = contextlib.nullcontext
    settle: Callable[[], object] = lambda: None
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


def timed(step: Step, steps: int, clock: Clock = time.perf_counter) -> float:
    """Seconds a step over so many steps."""
    began = clock()
    for _ in range(steps):
        step()
    return (clock() - began) / steps


def paired(
    alone: Step, variants: Sequence[Variant], rounds: int, seconds: float, clock: Clock = time.perf_counter
) -> dict[str, Pairs]:
    """Each variant beside the step alone, in turns, in blocks of about so many seconds.

    clock: time.process_time on a busy machine: the time of the processor, of all threads, is less disturbed.

    Before the clock starts a block runs for half its time, so that what a variant does in the background goes on at its
    usual pace while the clock runs, and caches are warm.
    """
    bare = Variant("alone", alone)
    steps = {v.name: _steps_in(v, seconds) for v in (bare, *variants)}
    times: dict[str, tuple[list[float], list[float]]] = {v.name: ([], []) for v in variants}
    for round_ in range(rounds):
        turn = [v for i, v in enumerate(variants) if (round_ + i) % v.every == 0]
        at = round_ % len(turn) if turn else 0
        for i, variant in enumerate([*turn[at:], *turn[:at]]):
            pair = [bare, variant] if (round_ + i) % 2 else [variant, bare]
            measured = {v.name: _block(v, steps[v.name], clock) for v in pair}
            times[variant.name][0].append(measured[bare.name])
            times[variant.name][1].append(measured[variant.name])
    gc.unfreeze()
    return {name: Pairs(tuple(a), tuple(v)) for name, (a, v) in times.items()}


def _block(variant: Variant, steps: int, clock: Clock) -> float:
    gc.collect()
    gc.freeze()  # what all of them keep is nothing that one's garbage collection has to walk through
    with variant.around():
        timed(variant.step, (steps + 1) // 2)
        found = timed(variant.step, steps, clock)
    variant.settle()
    return found


def _steps_in(variant: Variant, seconds: float) -> int:
    with variant.around():
        once = min(timed(variant.step, 3) for _ in range(3))
        again = min(timed(variant.step, max(3, round(seconds / 6 / once))) for _ in range(3))
    variant.settle()
    return max(3, round(seconds / again))
