"""The frame of the step that is going on: gathered from its parts, handed to the writer when the next step begins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from auscult.runs import RunWriter
from auscult.runs import quantities as q

Columns = tuple[tuple[str, str], ...]


class Frames:
    """Gathers one step's values; parts that come again and again are recognised by their columns object."""

    def __init__(self, writer: RunWriter) -> None:
        self._writer = writer
        self._layouts: dict[tuple[int, ...], tuple[int, list[Columns]]] = {}
        self._small: dict[Columns, Columns] = {}
        self._step = 0
        self._parts: list[tuple[Columns, np.ndarray]] = []
        self._logged: dict[str, float] = {}

    def begin(self, step: int) -> None:
        """Hand over the step before and start gathering for this one."""
        if step != self._step:
            self.emit()
            self._step = step

    def add(self, columns: Columns, values: np.ndarray) -> None:
        """Add a part: float32 values, one a column."""
        self._parts.append((columns, values))

    def add_scalars(self, scalars: Sequence[tuple[str, str, float]]) -> None:
        """Add single values, each as (quantity, subject, value)."""
        columns = tuple((quantity, subject) for quantity, subject, _ in scalars)
        columns = self._small.setdefault(columns, columns)
        with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinite
            self.add(columns, np.array([value for _, _, value in scalars], np.float32))

    def log(self, name: str, value: float) -> None:
        """Set a value of the user's own for this step."""
        self._logged[name] = value

    def abandon(self) -> None:
        """Forget what is gathered, but what the user logged."""
        self._parts = []

    def emit(self) -> None:
        """Hand what is gathered to the writer."""
        if self._logged:
            self.add_scalars([(q.LOGGED, name, value) for name, value in self._logged.items()])
        if self._parts:
            key = tuple(id(columns) for columns, _ in self._parts)
            if key not in self._layouts:
                kept = [columns for columns, _ in self._parts]  # alive, so that no other object gets its id
                self._layouts[key] = self._writer.layout([c for columns in kept for c in columns]), kept
            self._writer.frame(self._step, self._layouts[key][0], np.concatenate([v for _, v in self._parts]))
        self._parts, self._logged = [], {}
