"""The losses of steps that nobody looks at: read anyway to see whether they are finite, and kept."""

from __future__ import annotations

import math
import sys
from collections import defaultdict, deque
from collections.abc import Sequence

import numpy as np
from torch import Tensor

from auscult.runs import RunWriter
from auscult.runs import quantities as q

MOST = 1024  # losses kept before they are handed over
OFTEN = 64  # losses, after which what is usual is learned anew; once there are as many as RECENT, after these
RECENT = 256  # losses that say what is usual
ENOUGH = 20  # of them, before one can be unusual; and the last ones, above all of which lies one that begins anew
FAR = 4.0  # times as far above the middle of these as the highest of them
_LEAST = 0.1  # of the middle: the highest is taken to lie so far above it at least
_NOTHING_IS = sys.float_info.max  # but what is infinite


class Passed:
    """Gathers the losses of each step that is passed over, and knows which is worth a look that was not planned.

    subject: of a loss, "" for that of the step, else the source whose turn it was of.
    """

    def __init__(self) -> None:
        self._curves: defaultdict[str, _Curve] = defaultdict(_Curve)

    @property
    def unusual(self) -> float:
        """A loss above it is, whosever it is; known once it is known of every subject."""
        return max((curve.unusual for curve in self._curves.values()), default=_NOTHING_IS)

    @property
    def often(self) -> int:
        """After how many steps what is usual is to be learned anew."""
        return min((curve.often for curve in self._curves.values()), default=OFTEN)

    def begins_anew(self, loss: float) -> bool:
        """Whether a loss of the step lies above the last ones, and nearer to where they began."""
        return self._curves[""].begins_anew(loss)

    @staticmethod
    def read(root: Tensor) -> float | None:
        """The loss; None where it is no single number, or reading it would make the program wait for a device."""
        return root.item() if root.is_cpu and root.numel() == 1 else None

    def keep(self, subject: str, steps: Sequence[int], losses: Sequence[float]) -> None:
        """Keep the losses of steps, one each."""
        self._curves[subject].keep(steps, losses)

    def looked(self, subject: str, loss: float) -> None:
        """The loss of a step that was looked at."""
        self._curves[subject].learn(loss)

    def hand_over(self, writer: RunWriter) -> None:
        """Give what is gathered to the writer, and learn from it what is usual."""
        for subject, curve in self._curves.items():
            curve.hand_over(writer, subject)


class _Curve:
    """The losses of one subject."""

    def __init__(self) -> None:
        self.unusual = _NOTHING_IS
        self._steps: list[int] = []
        self._losses: list[float] = []
        self._recent: deque[float] = deque(maxlen=RECENT)
        self._learned = 0  # how many of the losses kept are among the recent
        self._first: float | None = None

    @property
    def often(self) -> int:
        return OFTEN if len(self._recent) < RECENT else RECENT

    def keep(self, steps: Sequence[int], losses: Sequence[float]) -> None:
        self._steps += steps
        self._losses += losses
        if len(self._losses) - self._learned >= self.often:
            self.learn()

    def begins_anew(self, loss: float) -> bool:
        self.learn()
        lately = sorted([*self._recent][-ENOUGH:])
        if len(lately) < ENOUGH or self._first is None:
            return False
        return loss > max(lately[-1], (lately[len(lately) // 2] + self._first) / 2)

    def hand_over(self, writer: RunWriter, subject: str) -> None:
        if not self._losses:
            return
        self.learn()
        with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinite
            values = np.array(self._losses, np.float32)[:, None]
        writer.stretch(self._steps, writer.layout([(q.LOSS, subject)]), values)
        self._steps, self._losses, self._learned = [], [], 0

    def learn(self, *more: float) -> None:
        self._recent.extend(x for x in (*self._losses[self._learned :], *more) if math.isfinite(x))
        self._learned = len(self._losses)
        if self._first is None and self._recent:
            self._first = self._recent[0]
        if len(self._recent) >= ENOUGH:
            ascending = sorted(self._recent)
            middle, highest = ascending[len(ascending) // 2], ascending[-1]
            self.unusual = middle + FAR * max(highest - middle, _LEAST * abs(middle))
