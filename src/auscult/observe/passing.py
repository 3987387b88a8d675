"""Steps that nobody looks at: counted, their losses kept, their updates measured, until all that is handed over."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from torch import Tensor

from auscult.observe.meter import Meter
from auscult.observe.passed import MOST, Passed
from auscult.observe.schedule import Schedule
from auscult.observe.sources import Census, Source
from auscult.observe.updates import Updates
from auscult.runs import RunWriter

_HAND_OVER_S = 0.5
_FIRST_HANDOVER = 16
_UNGATED = 64  # steps, after one that the native core's gate could not pass over


class Passing:
    """Counts all steps, and keeps what there is of those passed over; the native core's gate does so while it is armed.

    Little of it is ever lost, where the process is killed: it is handed over twice a second, or when there is no room.
    """

    def __init__(self, census: Census, schedule: Schedule, meter: Meter) -> None:
        self.losses = Passed()
        self.keeps_updates = False  # the next update is measured, also where nobody looks at its step
        self.gate: Any = None  # the native core's, where it is used
        self._census = census
        self._schedule = schedule
        self._meter = meter
        self._number = -1
        self._updated = -1  # the last step of which only the updates were measured
        self._often = self._left = _FIRST_HANDOVER  # steps between two handovers; until the next one
        self._handed_over = time.perf_counter()
        self._ungated = 0  # steps to go before the gate is armed again
        self._armed: Updates | None = None  # what the gate measures updates for

    @property
    def number(self) -> int:
        """The step going on, or the last one made; -1 before the first."""
        return self.gate.number if self.gate is not None and self.gate.armed else self._number

    @property
    def is_full(self) -> bool:
        """Whether it is time to hand over."""
        return self._left <= 0

    def count(self) -> None:
        """Another step."""
        self._number += 1
        self._left -= 1
        self._choose()

    @property
    def keeps_next_updates(self) -> bool:
        """Whether the next step's updates will be measured, as far as is known."""
        return self._is_of_stride(self._number + 1)

    def _choose(self) -> None:
        self.keeps_updates = self._is_of_stride(self._number)

    def _is_of_stride(self, step: int) -> bool:
        stride = self._schedule.stride
        return stride > 0 and step % stride == 0

    # -- updates ------------------------------------------------------------------------------------------------

    def begin_update(self, source: Source) -> None:
        """A source is about to move its tensors."""
        began = time.perf_counter()
        source.updates.begin()
        self._meter.update(time.perf_counter() - began)

    def end_update(self, source: Source, step: int) -> None:
        """It has moved them, if it was seen to begin."""
        updates = source.updates
        if updates.begun:
            began = time.perf_counter()
            updates.end(step)
            self._meter.update(time.perf_counter() - began)
            self._meter.updates += step != self._updated
            self._updated = step

    def forget(self) -> None:
        """The step going on is not measured to its end."""
        for source in self._census.sources.values():
            source.updates.forget()

    # -- the gate -----------------------------------------------------------------------------------------------

    def leave_to_gate(self, quiet: Source, unusual: float, graded: Tensor | None) -> None:
        """Let the native core pass over the steps of a source, up to an unusual loss.

        graded: a tensor that the first pass of a step gives a gradient, where one is known.
        """
        if self.gate is None or self.gate.armed or self._ungated > 0:
            self._ungated -= 1
            return
        stride, bounds, updates = self._schedule.stride, quiet.bounds, quiet.updates
        measured = updates.core_and_rows if stride or updates.begun else (None, None)
        if measured is not None and bounds is not None:
            begun, updates.begun, self._armed = updates.begun, False, updates
            counts = self._number, self._schedule.asks_from, min(self._left, self.losses.often), stride
            self.gate.arm(quiet.reference, bounds, graded, *measured, *counts, unusual, begun)

    def take_over(self) -> bool:
        """Go on from where the native core has come to; whether a step is going on."""
        self._number, passed, begun, inside, updates_s, *arrays = self.gate.leave()
        kinds = (np.int64, np.float64, np.int64)
        steps, losses, updated = (np.frombuffer(a, k).tolist() for a, k in zip(arrays, kinds, strict=True))
        self.losses.extend(steps, losses)
        if self._armed is not None:
            self._armed.extend(updated)
            self._armed.begun = bool(begun)
            self._armed = None
        self._left -= passed
        self._meter.passed_over += passed
        self._meter.updates += len(updated)
        self._meter.updates_s += updates_s
        self._updated = max(self._updated, *updated[-1:], -1)
        self._ungated = 0 if passed else _UNGATED
        self._choose()
        return bool(inside)

    # -- the store ----------------------------------------------------------------------------------------------

    def hand_over(self, writer: RunWriter, last: bool = False) -> None:
        """Give all that was kept to the writer; `last`: nothing comes after it."""
        passed, now = self._often - self._left, time.perf_counter()
        if last:
            self.losses.forget_after(self._number)
        self.losses.hand_over(writer)
        sources = list(self._census.sources.values())
        for source in sources:
            source.hand_over_updates(writer, last)
        self._meter.writer_s = writer.cpu_s
        self._schedule.pace(self._number + 1)
        often = _HAND_OVER_S * max(passed, 1) / max(now - self._handed_over, 1e-9)
        self._often = self._left = max(1, min(MOST, int(often), *(source.updates.most for source in sources)))
        self._handed_over = now
