"""The bill: how long we took, and how long the training took without us."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

# what passing over a step costs, of a loop and of an optimizer; with the native core's gate, and without
_PASSING_OVER_S = {True: (3.3e-6, 5.2e-6), False: (14e-6, 26e-6)}
_CACHES_S = 8e-6  # at most, for which the training waits when a measurement has filled the caches with its own
_AFTERWARDS = 0.15  # of what a look takes, by which the training is slower around it


class Meter:
    """Times our own work in the training's thread. Setting up is billed apart; it is no part of what a look costs.

    Passing over a step takes too short to be timed without making it longer: it is billed at a flat rate, what was
    measured for trainings of `benchmarks/overhead.py` (steps with a recorder that never looks, less steps without: 2.3
    to 3.7 µs for the char MLP's loop, 4.2 to 5.7 for an optimizer, 9.6 for the GAN's two; 14, 26 and 51 without the
    core). So is what measuring an update costs the training afterwards, which was as much again, up to some
    microseconds; and what a look does, for which the looked-at step and the next ones were .08 to .2 of it longer than
    we were in them.
    """

    def __init__(self, gated: bool = False) -> None:
        self._passing_over_s = _PASSING_OVER_S[gated]
        self.passing_s = 0.0  # what passing over steps has cost
        self.updates = 0  # steps not looked at of which the updates were measured
        self.updates_s = 0.0
        self.setup_s = 0.0
        self.writer_s = 0.0  # the writer thread's, as last told
        self._done = 0.0
        self._afterwards_s = 0.0
        self._began = perf_counter()
        self._entered: float | None = None
        self._step_ended: tuple[float, float] | None = None

    @property
    def wall_s(self) -> float:
        """Wall time since we attached."""
        return perf_counter() - self._began

    @property
    def own_s(self) -> float:
        """Our time in the training's thread up to now, without setting up."""
        running = perf_counter() - self._entered if self._entered is not None else 0.0
        return self._done + running - self.setup_s + self._afterwards_s + self.passing_s + self.updating_s

    @property
    def updating_s(self) -> float:
        """What measuring the updates of steps nobody looks at has cost."""
        return self.updates_s + min(self.updates_s, self.updates * _CACHES_S)

    @property
    def spent_s(self) -> float:
        """What the budget has to pay for: all our time but setting up."""
        return self.own_s + self.writer_s

    def enter(self) -> None:
        """We are called."""
        self._entered = perf_counter()

    def leave(self) -> None:
        """We return."""
        if self._entered is not None:
            self._done += perf_counter() - self._entered
            self._entered = None

    @contextmanager
    def setting_up(self) -> Iterator[None]:
        """Bill what happens inside as set-up."""
        began = perf_counter()
        try:
            yield
        finally:
            self.setup_s += perf_counter() - began

    def pass_over(self, steps: int, optimizers: bool) -> None:
        """So many steps of loops, or of optimizers, were only passed over."""
        self.passing_s += steps * self._passing_over_s[optimizers]

    def update(self, seconds: float) -> None:
        """Measuring updates took these; where we were called for more, they are no part of the rest."""
        self.updates_s += seconds
        if self._entered is not None:
            self._done -= seconds

    def look(self, seconds: float) -> float:
        """A look took these; what it costs in all."""
        self._afterwards_s += _AFTERWARDS * seconds
        return seconds + _AFTERWARDS * seconds

    def bill(self, seconds: float) -> None:
        """We took these while the program was not in our hands."""
        self._done += seconds

    def mark(self) -> None:
        """A step ends now, and the next one is to be timed."""
        now = perf_counter()
        running = now - self._entered if self._entered is not None else 0.0
        self._step_ended = (now, self._done + running)

    def since_mark(self) -> float:
        """Wall time since the last mark without our own, NaN without a mark. Takes the mark away."""
        if self._step_ended is None:
            return float("nan")
        (began, done), self._step_ended = self._step_ended, None
        entered = self._entered if self._entered is not None else perf_counter()
        return (entered - began) - (self._done - done)
