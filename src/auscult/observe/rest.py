"""What hears the trainings that nobody listens to, since listening to more would cost the program too much."""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import perf_counter

from torch import Tensor
from torch.optim import Optimizer

from auscult.observe import hub
from auscult.observe.hub import Listener

_LONG_S = 2.0  # a training that has gone on for so long is listened to from where it is


class Rest(Listener):
    """Waits until there is time for another training, and hands over to who listens to it.

    From its beginning where that can be, which is where an optimizer was made; but one that goes on for long from where
    it is. next_listener: makes one. optimizers: those that were made meanwhile, and the one it began with.
    """

    def __init__(self, next_listener: Callable[[], Listener]) -> None:
        self._next_listener = next_listener
        self._free_at = 0.0
        self._begins = False  # the next backward pass is a training's first
        self._began = 0.0
        self.optimizers = 0

    def until(self, free_at: float) -> Rest:
        """Rest until then, and for as long as the training that has just begun lasts, unless that is long."""
        self._free_at = free_at
        self._new_training(begins=False)
        hub.attach(self)
        return self

    def close(self) -> None:
        """Hear nothing more."""
        hub.detach(self)

    def optimizer_made(self, optimizer: Optimizer) -> None:
        """A training may be about to begin."""
        self._new_training(begins=True)

    def backward_begins(self, roots: tuple[Tensor, ...]) -> None:
        """It has begun, or goes on."""
        begins, self._begins = self._begins, False
        now = perf_counter()
        if now < self._free_at or not (begins or now > self._began + _LONG_S):
            return
        if begins:
            self.optimizers -= 1
        try:
            listener = self._next_listener()
        except Exception as fault:
            print(f"auscult: no more is listened to: {type(fault).__name__}: {fault}", file=sys.stderr)
            return
        finally:
            hub.detach(self)
        listener.backward_begins(roots)

    def _new_training(self, begins: bool) -> None:
        self._begins, self._began = begins, perf_counter()
        self.optimizers += 1
