"""A loop that moves its parameters by itself: between two backward passes, or over several."""

from __future__ import annotations

from auscult.observe.source import Source
from auscult.observe.steps import Steps

_NEVER_MOVES = 64  # passes without a move, after which each counts as a step all the same


class Loop:
    """A loop that moves its parameters by itself, followed from one backward pass to the next."""

    def __init__(self, steps: Steps) -> None:
        self.source: Source | None = None
        self._steps = steps
        self._pending = False  # the step going on has been measured up to its gradients
        self.ever_moved = False
        self._given_up = False  # on seeing anything move: each pass counts
        self._passes = 0  # of the step going on
        self._period = 1  # passes the last measured step took

    @property
    def stands_still(self) -> bool:
        """Whether the last look saw nothing move: perhaps the loop has gone on to another model."""
        return self._pending

    @property
    def steps_every_pass(self) -> bool:
        """Whether each backward pass is a step."""
        return self._period == 1 and self.ever_moved

    def moved(self, over: bool = False) -> bool:
        """Whether a step has ended since the last pass, as far as is known: then the next one begins. Measures it."""
        assert self.source is not None
        if over or self._steps.number < 0:
            self._passes = 0
            return True
        if self._pending:
            given_up = not self.ever_moved and (self._given_up or self._passes >= _NEVER_MOVES)
            if not self._steps.after(self.source, even_if_still=given_up):
                return False
            self._given_up, self.ever_moved = given_up, not given_up
            self._period = 1 if given_up else self._passes
            self._pending = False
        elif self._passes >= self._period:
            self._steps.after(self.source)
        else:
            return False
        self._passes = 0
        return True

    def abandon(self) -> None:
        """The step going on is not measured to its end."""
        self._pending = False

    def backward_ended(self) -> None:
        """Keep what there is before the loop moves it."""
        assert self.source is not None
        self._passes += 1
        if self._steps.sampling:
            if self._pending:
                self._steps.gradients(self.source)
            else:
                self._steps.before(self.source)
            self._pending = True
        elif self._steps.passing.keeps_updates and self._passes == self._period:
            self._steps.passing.begin_update(self.source)
