"""The losses of steps that nobody looks at: read anyway to see whether they are finite, and kept."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence

import numpy as np
from torch import Tensor

from auscult.runs import RunWriter
from auscult.runs import quantities as q

MOST = 1024  # losses kept before they are handed over
OFTEN = 64  # losses, after which what is usual is learned anew; once there are as many as RECENT, after these
RECENT = 256  # losses that say what is usual
ENOUGH = 20  # of them, before one can be unusual
FAR = 4.0  # times as far above the middle of these as the highest of them
_LEAST = 0.1  # of the middle: the highest is taken to lie so far above it at least


class Passed:
    """Gathers the loss of each step that is passed over, and knows which loss is worth a look that was not planned."""

    def __init__(self) -> None:
        self.unusual = math.inf  # a loss above it is
        self._steps: list[int] = []
        self._losses: list[float] = []
        self._recent: deque[float] = deque(maxlen=RECENT)
        self._learned = 0  # how many of the losses kept are among the recent

    @property
    def often(self) -> int:
        """After how many losses what is usual is to be learned anew."""
        return OFTEN if len(self._recent) < RECENT else RECENT

    @staticmethod
    def read(root: Tensor) -> float | None:
        """The loss; None where it is no single number, or reading it would make the program wait for a device."""
        return root.item() if root.is_cpu and root.numel() == 1 else None

    def keep(self, steps: Sequence[int], losses: Sequence[float]) -> None:
        """Keep the losses of steps, one each."""
        self._steps += steps
        self._losses += losses
        if len(self._losses) - self._learned >= self.often:
            self._learn()

    def looked(self, loss: float) -> None:
        """The loss of a step that was looked at."""
        self._learn(loss)

    def hand_over(self, writer: RunWriter) -> None:
        """Give what is gathered to the writer, and learn from it what is usual."""
        if not self._losses:
            return
        self._learn()
        with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinite
            values = np.array(self._losses, np.float32)[:, None]
        writer.stretch(self._steps, writer.layout([(q.LOSS, "")]), values)
        self._steps, self._losses, self._learned = [], [], 0

    def _learn(self, *more: float) -> None:
        self._recent.extend(x for x in (*self._losses[self._learned :], *more) if math.isfinite(x))
        self._learned = len(self._losses)
        if len(self._recent) >= ENOUGH:
            ascending = sorted(self._recent)
            middle, highest = ascending[len(ascending) // 2], ascending[-1]
            self.unusual = middle + FAR * max(highest - middle, _LEAST * abs(middle))
