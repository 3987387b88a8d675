"""What was heard of a step, as single values of its frame."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from auscult.observe.probe import Measured
from auscult.runs import quantities as q


@dataclass(frozen=True)
class Heard:
    """What is known of a step that was measured, before its numbers are.

    subject: empty, or the name of a source that is not the step's first. rates: the learning rates, as values. losses:
    how many were heard. checks: whether gradients were looked for that nobody had zeroed.
    """

    subject: str
    rates: Sequence[tuple[str, str, float]]
    losses: int
    checks: bool

    def scalars(
        self, measured: Sequence[Measured], loss: float | None, clip_norm: float | None, carried: int | None
    ) -> list[tuple[str, str, float]]:
        """The values.

        loss: of the step. clip_norm: of the gradients, where clipping took one. carried: how many gradients still held
        what the step before used.
        """
        gradients = sum(m.gradients for m in measured)
        grad_norm = math.sqrt(sum(m.grad_norm**2 for m in measured)) if gradients else math.nan
        scalars = [*self.rates, (q.GRAD_NORM, self.subject, grad_norm)]
        if self.losses and loss is not None:
            scalars.append((q.LOSS, self.subject, loss))
        if clip_norm is not None:
            scalars.append((q.GRAD_NORM_BEFORE_CLIP, self.subject, clip_norm))
        if self.checks and carried is not None:
            scalars.append((q.GRAD_CARRIED, self.subject, carried / gradients if gradients else math.nan))
        return scalars
