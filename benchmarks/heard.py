"""A training with a recorder that hears it only while its own blocks run."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any

import auscult
from auscult.observe import hub
from auscult.observe.recorder import Recorder
from auscult.observe.schedule import Budget
from auscult.runs import Bill


class Heard:
    """A recorder of a training, made with these settings, that has heard its `first` steps.

    native: with the native core, where there is one.
    """

    def __init__(
        self,
        step: Callable[[], object],
        watched: object,
        optimizer: object,
        native: bool = True,
        first: int = 30,
        **settings: Any,
    ) -> None:
        self.step = step
        self.recorder: Recorder = auscult.watch(watched, optimizer, native=native, **settings)
        for _ in range(first):  # looked at whatever it costs
            step()
        self._parted = time.perf_counter()
        hub.detach(self.recorder.clock)
        self._then = Bill()

    def warm(self, seconds: float, steps: int = 0) -> None:
        """Get past the start, take what the first steps owe to the budget as paid, and bill from here on.

        It takes so many seconds and so many steps, whichever is more.
        """
        began = time.perf_counter()
        with self.attached():
            while time.perf_counter() < began + seconds or self.recorder._steps.number < steps:
                self.step()
            schedule, meter = self.recorder._steps._schedule, self.recorder._steps.meter
            if isinstance(schedule, Budget):
                schedule._forgone = schedule._share * meter.wall_s - meter.spent_s
                schedule.asks_from = 0
            self._then = self.recorder.bill

    def without_looks(self) -> None:
        """From here on look at no step; what is measured of every step is."""
        self.recorder._steps._schedule.asks_from = 1 << 60
        with self.attached():
            for _ in range(5):  # one that was due already, and what follows it
                self.step()

    @contextlib.contextmanager
    def attached(self) -> Iterator[None]:
        """Hear, and do not count the time since the last block as the training's."""
        self.recorder._steps.meter._began += time.perf_counter() - self._parted
        hub.attach(self.recorder.clock)
        try:
            yield
        finally:
            hub.detach(self.recorder.clock)
            self._parted = time.perf_counter()

    def settle(self) -> None:
        """Wait until the writer has written all there is."""
        self.recorder._steps.writer.flush(60)

    def writer_s(self, seconds: float) -> float:
        """The processor time that the writer's thread takes for a step, in a training that goes on for so long."""
        writer = self.recorder._steps.writer
        self.settle()
        before, steps, ends = writer.cpu_s, 0, time.perf_counter() + seconds
        with self.attached():
            while not steps or time.perf_counter() < ends:
                self.step()
                steps += 1
        self.settle()
        return (writer.cpu_s - before) / steps

    @property
    def looked(self) -> float:
        """The share of the steps that was looked at, since `warm`."""
        bill, then = self.recorder.bill, self._then
        return (bill.sampled_steps - then.sampled_steps) / max(1, bill.steps - then.steps)

    @property
    def billed(self) -> float:
        """The share of the time that the recorder says was its own, since `warm`; up to the last block."""
        bill, then = self.recorder.bill, self._then
        wall = bill.wall_s - then.wall_s - (time.perf_counter() - self._parted)
        return (bill.own_s - then.own_s + bill.writer_s - then.writer_s) / wall if wall > 0 else 0.0

    def close(self) -> None:
        """Finish the run."""
        bill = self.recorder.bill
        self.recorder.close()
        if bill.dropped_frames or bill.faults:
            print(f"({bill.dropped_frames:,} frames dropped, {bill.faults} faults)")
