"""Learning rates read off a learning rate sweep; each suggestion is a function with its definition.

All take the rates, rising exponentially, and the smoothed losses at them, and give one of the rates or a tenth of one.
The names are those of fastai's learning rate finder (fastai.callback.schedule).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
_INTERVAL, _ALIKE = (
    15,
    0.005,
)  # of the slide rule: its length in steps, and the difference of slopes that counts as none


def minimum(lrs: Values, losses: Values) -> float:
    """A tenth of the rate at which the loss is lowest."""
    return float(lrs[int(np.argmin(losses))]) / 10


def steep(lrs: Values, losses: Values) -> float:
    """The rate at which the loss falls fastest in log lr.

    That is where d loss / d log lr, by central differences, is least.
    """
    return float(lrs[int(np.argmin(np.gradient(losses, np.log(lrs))))])


def valley(lrs: Values, losses: Values) -> float:
    """The middle, in log lr, of the longest falling subsequence.

    Of several as long, the one that falls furthest.
    """
    n = len(losses)
    length, before = np.ones(n, int), np.full(n, -1)
    for i in range(n):
        higher = np.flatnonzero(losses[:i] > losses[i])
        if len(higher):
            best = max(higher, key=lambda j: (length[j], j))  # of several as good the nearest: a plateau is no valley
            length[i], before[i] = length[best] + 1, best

    def first(end: int) -> int:
        while before[end] >= 0:
            end = int(before[end])
        return end

    ends = [int(i) for i in np.flatnonzero(length == length.max())]
    end = min(ends, key=lambda i: losses[i] - losses[first(i)])
    return float(np.exp((np.log(lrs[first(end)]) + np.log(lrs[end])) / 2))


def slide(lrs: Values, losses: Values) -> float:
    """The left of two steps 15 apart that slope alike.

    That interval slides from the right end to the left until the slopes at its two ends, those of the loss
    from step to step, differ by .005 at most.
    """
    slopes = np.gradient(losses)
    right, interval = len(losses) - 1, min(_INTERVAL, len(losses) - 1)
    while right - interval > 0 and abs(slopes[right] - slopes[right - interval]) > _ALIKE:
        right -= 1
    return float(lrs[right - interval])


SUGGESTIONS = {"valley": valley, "steep": steep, "slide": slide, "minimum": minimum}
