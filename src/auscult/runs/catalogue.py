"""The series and layouts of a run, as the writer numbers them."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np

Column = tuple[str, str]  # (quantity, subject)


class Catalogue:
    """The series and layouts of a run, numbered as they come; read by the writer's thread while it grows."""

    def __init__(self) -> None:
        self.series: list[Column] = []  # the series with id n is at n - 1
        self.layouts: list[np.ndarray] = []  # (columns,) int32 ids of series; the layout with id n is at n - 1
        self._series_ids: dict[Column, int] = {}
        self._layout_ids: dict[tuple[Column, ...], int] = {}
        self._lock = threading.RLock()

    def layout(self, columns: Sequence[Column]) -> int:
        """The id of the layout with these columns."""
        key = tuple(columns)
        with self._lock:
            known = self._layout_ids.get(key)
            if known is not None:
                return known
            for column in key:
                if column not in self._series_ids:
                    self.series.append(column)
                    self._series_ids[column] = len(self.series)
            self.layouts.append(np.array([self._series_ids[column] for column in key], np.int32))
            self._layout_ids[key] = len(self.layouts)
            return len(self.layouts)

    def width(self, layout: int) -> int:
        """How many columns a layout has; -1 where there is no such layout."""
        return len(self.layouts[layout - 1]) if 0 < layout <= len(self.layouts) else -1
