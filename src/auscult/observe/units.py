"""The life of a layer's units: which of them give any signal, since when not, and whether they ever came back."""

from __future__ import annotations

import numpy as np

LASTING = 256  # examples in a row that a unit must lie flat in before coming back counts as a revival
ONSET = 0.1  # rise of the share of dead units, or of saturated elements, that is worth a picture


class Units:
    """One layer's units, followed from look to look."""

    def __init__(self, units: int) -> None:
        self._last_alive = np.full(units, -1, np.int64)
        self._since = np.zeros(units, np.int64)  # examples seen since it was last alive, or since the start
        self._revived = np.zeros(units, np.int64)
        self._pictured: float | None = None

    def __len__(self) -> int:
        return len(self._last_alive)

    def look(self, step: int, flat: np.ndarray, examples: int) -> None:
        """flat: (units,) share of a step's examples in which each lies on a flat part."""
        alive = flat < 1
        self._revived += alive & (self._since >= LASTING)
        self._last_alive[alive] = step
        self._since = np.where(alive, 0, self._since + examples)

    def rises(self, share: float) -> bool:
        """Whether the flat share has risen enough since the last picture to be worth another; at first it has not."""
        if self._pictured is None:
            self._pictured = share
        if share < self._pictured + ONSET:
            return False
        self._pictured = share
        return True

    def record(self) -> np.ndarray:
        """(3, units): last step seen alive, −1 for never; examples seen since; how often it came back."""
        return np.stack([self._last_alive, self._since, self._revived])
