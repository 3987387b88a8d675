"""The frame of the step that is going on: gathered from its parts, handed to the writer when the next step begins."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from auscult.runs import RunWriter
from auscult.runs import quantities as q

Columns = tuple[tuple[str, str], ...]
Scalars = Sequence[tuple[str, str, float]]  # (quantity, subject, value)
_MOST_WAITING = 16  # frames; beyond, the first is waited for


@dataclass(frozen=True)
class Late:
    """A part of a frame whose numbers are still on their way: `is_here` tells without waiting, `finish` gives them."""

    is_here: Callable[[], bool]
    finish: Callable[[], Sequence[tuple[Columns, np.ndarray]]]


class Frames:
    """Gathers one step's values; parts that come again and again are recognised by their columns object."""

    def __init__(self, writer: RunWriter) -> None:
        self._writer = writer
        self._layouts: dict[tuple[int, ...], tuple[int, list[Columns]]] = {}
        self._small: dict[Columns, Columns] = {}
        self._step = 0
        self._parts: list[tuple[Columns, np.ndarray] | Late] = []
        self._waiting: deque[tuple[int, list[tuple[Columns, np.ndarray] | Late]]] = deque()
        self._logged: dict[str, float] = {}

    def begin(self, step: int) -> None:
        """Hand over the step before and start gathering for this one."""
        if step != self._step:
            self.emit()
            self._step = step

    def add(self, columns: Columns, values: np.ndarray) -> None:
        """Add a part: float32 values, one a column."""
        self._parts.append((columns, values))

    def add_late(self, late: Late) -> None:
        """Add parts that are not known yet: this frame, and all after it, wait for them."""
        self._parts.append(late)

    def add_scalars(self, scalars: Scalars) -> None:
        """Add single values."""
        self.add(*self.part_of(scalars))

    def part_of(self, scalars: Scalars) -> tuple[Columns, np.ndarray]:
        """Single values as a part."""
        columns = tuple((quantity, subject) for quantity, subject, _ in scalars)
        columns = self._small.setdefault(columns, columns)
        with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinite
            return columns, np.array([value for _, _, value in scalars], np.float32)

    def log(self, name: str, value: float | None) -> None:
        """Set a value of the user's own for this step; None: there is none after all."""
        self._logged.pop(name, None)
        if value is not None:
            self._logged[name] = value

    def abandon(self) -> None:
        """Forget what is gathered, but what the user logged."""
        self._parts = []

    def emit(self) -> None:
        """Hand what is gathered to the writer."""
        if self._logged:
            self.add_scalars([(q.LOGGED, name, value) for name, value in self._logged.items()])
        if self._waiting or any(isinstance(part, Late) for part in self._parts):
            if self._parts:
                self._waiting.append((self._step, self._parts))
        elif self._parts:
            self._write(self._step, self._parts)
        self._parts, self._logged = [], {}
        self.settle()

    def settle(self, wait: bool = False) -> None:
        """Hand over the frames whose numbers have come, in order; `wait`: all of them."""
        while self._waiting:
            step, parts = self._waiting[0]
            must = wait or len(self._waiting) > _MOST_WAITING
            if not must and not all(part.is_here() for part in parts if isinstance(part, Late)):
                break
            self._waiting.popleft()
            self._write(step, parts)

    def _write(self, step: int, parts: Sequence[tuple[Columns, np.ndarray] | Late]) -> None:
        known = [p for part in parts for p in (part.finish() if isinstance(part, Late) else (part,))]
        key = tuple(id(columns) for columns, _ in known)
        if key not in self._layouts:
            kept = [columns for columns, _ in known]  # alive, so that no other object gets its id
            self._layouts[key] = self._writer.layout([c for columns in kept for c in columns]), kept
        self._writer.frame(step, self._layouts[key][0], np.concatenate([v for _, v in known]))
