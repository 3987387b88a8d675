"""The losses of steps that nobody looks at: read anyway to see whether they are finite, and kept."""

from __future__ import annotations

import math
import statistics
from collections import deque
from collections.abc import Sequence

import numpy as np
from torch import Tensor

from auscult.runs import RunWriter
from auscult.runs import quantities as q

MOST = 64  # losses kept before they are handed over
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

    def __len__(self) -> int:
        return len(self._losses)

    def is_usual(self, root: Tensor) -> bool:
        """Whether the step may be passed over: the loss is finite and not far above all recent ones.

        Where looking would make the program wait for a device, it is taken to be.
        """
        return not root.is_cpu or root.numel() != 1 or -math.inf < root.item() <= self.unusual

    def note(self, step: int, loss: Tensor, first_only: bool = False) -> None:
        """Backward is called on this loss for a step that nobody looks at; several of one step add up."""
        if not loss.is_cpu or loss.numel() != 1:
            return
        if not self._steps or self._steps[-1] != step:
            self._steps.append(step)
            self._losses.append(loss.item())
        elif not first_only:
            self._losses[-1] += loss.item()

    def looked(self, loss: float) -> None:
        """The loss of a step that was looked at."""
        self._learn([loss])

    def hand_over(self, writer: RunWriter) -> None:
        """Give what is gathered to the writer, and learn from it what is usual."""
        if not self._losses:
            return
        losses = self._losses
        with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinite
            values = np.array(losses, np.float32)[:, None]
        writer.stretch(self._steps, writer.layout([(q.LOSS, "")]), values)
        self._steps, self._losses = [], []
        self._learn(losses)

    def _learn(self, losses: Sequence[float]) -> None:
        self._recent.extend(x for x in losses if math.isfinite(x))
        if len(self._recent) >= ENOUGH:
            middle, highest = statistics.median(self._recent), max(self._recent)
            self.unusual = middle + FAR * max(highest - middle, _LEAST * abs(middle))
