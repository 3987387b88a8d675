"""What was seen of one quantity: its finite values at the steps looked at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LATE = 0.25  # share of the looks that say how it was in the end
LATE_LEAST = 3  # of them at least


@dataclass(frozen=True)
class Looks:
    """One quantity of one subject where it was finite, in the order of the steps."""

    steps: np.ndarray  # (n,) int64, ascending
    values: np.ndarray  # (n,) float64, finite

    def __len__(self) -> int:
        return len(self.steps)

    @property
    def first(self) -> float:
        """The first value; NaN where there is none."""
        return float(self.values[0]) if len(self) else float("nan")

    @property
    def median(self) -> float:
        """The median of all; NaN where there is none."""
        return float(np.median(self.values)) if len(self) else float("nan")

    @property
    def last(self) -> Looks:
        """The looks that say how it was in the end."""
        count = min(len(self), max(LATE_LEAST, round(len(self) * LATE)))
        return Looks(self.steps[len(self) - count :], self.values[len(self) - count :])

    @property
    def late(self) -> float:
        """The median of the last looks; NaN where there is none."""
        return self.last.median

    def since(self, beyond: np.ndarray) -> int:
        """The first step of those marked."""
        return int(self.steps[int(np.argmax(beyond))])

    def near(self, step: int) -> float:
        """The value at the look nearest to a step; NaN where there is none."""
        return float(self.values[int(np.argmin(np.abs(self.steps - step)))]) if len(self) else float("nan")


NONE = Looks(np.zeros(0, np.int64), np.zeros(0))


def over(above: Looks, below: Looks) -> Looks:
    """One over the other at the steps that have both, where the other is above zero."""
    steps, a, b = np.intersect1d(above.steps, below.steps, return_indices=True)
    good = below.values[b] > 0
    return Looks(steps[good], above.values[a][good] / below.values[b][good])
