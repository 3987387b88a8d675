"""Losses that a script computes without a gradient: its validations, though it tells nobody of them."""

from __future__ import annotations

from torch import Tensor

from auscult.observe.turns import Turns
from auscult.runs import quantities as q


class Validation:
    """The mean of the losses heard since the last step, each counted as the batch that it is of.

    Where there were just two the time before, they are kept apart: many scripts measure themselves on what they train
    on too, and the mean of both would show half of what happens to either. Where the two times before there were fewer,
    as where a script at its end measures itself on all it has, the mean is of something else: it is dropped then.
    """

    def __init__(self) -> None:
        self._turns = Turns()
        self._total = 0.0
        self._count = 0  # of the losses after this step
        self._before = (0, 0)  # of those the last two times before, the last one first

    def is_due(self, step: int, waits: bool) -> bool:
        """Whether to hear what comes after this step."""
        return self._turns.is_due(step, waits)

    def add(self, loss: float, step: int) -> tuple[str, float | None]:
        """One more loss after this step: under which name, and what is known of the validation; None: nothing."""
        if self._turns.note(step):
            self._before = self._count, self._before[0]
            self._total, self._count = 0.0, 0
        self._total += loss
        self._count += 1
        last, previous = self._before
        if last == 2 and self._count <= 2:
            return q.HEARD_OF_TWO[self._count - 1], loss
        if 0 < last == previous < self._count:
            return q.HEARD, None
        return q.HEARD, self._total / self._count


def terms(targets: Tensor, kind: str) -> int:
    """How many terms a loss over these adds up: one for each, and one for all shares of an example's classes."""
    shares = kind == "cross-entropy" and targets.is_floating_point() and targets.ndim > 1
    return max(1, targets.numel() // (targets.shape[1] if shares else 1))
