"""Steps that nobody looks at: counted, their losses kept, their updates measured, until all that is handed over."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from torch import Tensor

from auscult.observe.census import Census
from auscult.observe.meter import Meter
from auscult.observe.passed import MOST, Passed
from auscult.observe.schedule import Schedule
from auscult.observe.source import Source
from auscult.observe.updates import Updates
from auscult.runs import RunWriter
from auscult.stats import memory

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
        self.done: set[Source] = set()  # sources that have moved in the step going on
        self.waiting: list[float | Tensor] = []  # losses heard since a source moved last; tensors of a device
        self._number = -1
        self._updated = -1  # the last step of which only the updates were measured
        self._often = self._left = _FIRST_HANDOVER  # steps between two handovers; until the next one
        self._handed_over = meter.wall_s
        self._ungated = 0  # steps to go before the gate is armed again
        self._armed: list[tuple[Source, Updates]] = []  # whose steps the gate passes over

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
        self.done.clear()
        self._choose()

    def moved(self, source: Source, keep_losses: bool = True) -> bool:
        """A source has moved; whether it is the first to in this step: then the losses before are the step's."""
        first = not self.done
        self.done.add(source)
        source.moved = self._number
        losses = [loss for loss in self.waiting if isinstance(loss, float)]
        if keep_losses and losses:
            self.losses.keep("" if first else source.name, [self._number], [sum(losses)])
        return first

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

    def leave_to_gate(self, unusual: float, graded: Tensor | None) -> None:
        """Let the native core pass over steps, up to an unusual loss.

        graded: a tensor that the first pass of a step gives a gradient, where one is known.
        """
        if self.gate is None or self.gate.armed or self._ungated > 0:
            self._ungated -= 1
            return
        stride, members = self._schedule.stride, []
        armed = [(source, source.updates) for source in self._census.movers()]
        for source, updates in armed:
            measured = updates.core_and_rows if stride or updates.begun else (None, None)
            if measured is None or source.bounds is None:
                return
            members.append((source.reference, source.bounds, *measured, updates.begun, source.moved))
        if len(members) > memory.MOST_GATED or not all(isinstance(loss, float) for loss in self.waiting):
            return
        counts = self._number, self._schedule.asks_from, min(self._left, self.losses.often), stride
        self.gate.arm(tuple(members), graded, tuple(self.waiting), *counts, unusual)
        self._armed = armed
        for _, updates in armed:
            updates.begun = False

    def take_over(self) -> Source | None:
        """Go on from where the native core has come to. The source whose step is going on."""
        before = self._number
        self._number, passed, inside, updates_s, *kept, members = self.gate.leave()
        steps, whose, losses = (np.frombuffer(a, k) for a, k in zip(kept, (np.int64, np.int8, np.float64), strict=True))
        for i in np.unique(whose):
            subject = "" if i < 0 else self._armed[i][0].name
            self.losses.keep(subject, steps[whose == i].tolist(), losses[: len(steps)][whose == i].tolist())
        self.waiting = losses[len(steps) :].tolist()  # of the step that comes, or of the source whose turn comes
        if self._number > before:
            self.done.clear()
        measured: set[int] = set()
        for (source, updates), (begun, moved, measured_at) in zip(self._armed, members, strict=True):
            updates.begun, source.moved = begun, moved
            if moved == self._number:
                self.done.add(source)
            updated = np.frombuffer(measured_at, np.int64).tolist()
            updates.extend(updated)
            measured.update(updated)
        self._left -= self._number - before
        self._meter.pass_over(passed, any(source.reference is not None for source, _ in self._armed))
        self._meter.updates += len(measured - {self._updated})
        self._meter.updates_s += updates_s
        self._updated = max(self._updated, *measured, -1)
        self._ungated = 0 if passed else _UNGATED
        self._choose()
        going_on = self._armed[inside][0] if inside >= 0 else None
        self._armed = []
        return going_on

    # -- the store ----------------------------------------------------------------------------------------------

    def hand_over(self, writer: RunWriter, last: bool = False) -> None:
        """Give all that was kept to the writer; `last`: nothing comes after it."""
        passed, now = self._often - self._left, self._meter.wall_s
        self.losses.hand_over(writer)
        sources = list(self._census.sources.values())
        for source in sources:
            source.hand_over_updates(writer, last)
        self._meter.writer_s = writer.cpu_s
        self._schedule.pace(self._number + 1)
        often = _HAND_OVER_S * max(passed, 1) / max(now - self._handed_over, 1e-9)
        self._often = self._left = max(1, min(MOST, int(often), *(source.updates.most for source in sources)))
        self._handed_over = now
