"""The update-to-data ratios of steps that nobody looks at: as cheap as they can be had, gathered until handed over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import torch

from auscult.observe import arrival
from auscult.observe.probe import Probe, ratios_from
from auscult.runs import RunWriter
from auscult.runs import quantities as q

_MOST_ROWS = 1024  # steps gathered, at most
_MOST_BYTES = 4 << 20
_LEAST_ROWS = 16


class Updates:
    """Measures what one source moves: `begin` before a step, `end` after it.

    There is room for `most` steps between two handovers.
    """

    def __init__(self, probes: Sequence[Probe]) -> None:
        self.probes: Sequence[Probe] = probes
        self.begun = False
        width = sum(len(p.watched) for p in probes)
        self.most = max(_LEAST_ROWS, min(_MOST_ROWS, _MOST_BYTES // (4 * max(1, width))))
        self._gathered: list[Rows] = [
            Here(p.sizes, self.most) if p.device.type == "cpu" else OnDevice(p.sizes, self.most, p.device)
            for p in probes
        ]
        self._columns = [[(q.RATIO, w.name) for w in p.watched] for p in probes]
        self._layouts: dict[int, int] = {}  # of each probe, once something of it is handed over
        self._steps: list[int] = []

    def begin(self) -> None:
        """The tensors are about to be moved."""
        for probe in self.probes:
            probe.before()
        self.begun = True

    def end(self, step: int) -> None:
        """The tensors have been moved."""
        self.begun = False
        at = len(self._steps)
        for rows, probe in zip(self._gathered, self.probes, strict=True):
            rows.take(probe, at)
        self._steps.append(step)

    @property
    def core_and_rows(self) -> tuple[Any, np.ndarray] | None:
        """Of what the native core can measure by itself: its snapshot, and the rows that are free."""
        if len(self.probes) != 1 or self.probes[0].core is None or not isinstance(self._gathered[0], Here):
            return None
        return self.probes[0].core, self._gathered[0].rows[len(self._steps) :]

    def extend(self, steps: Sequence[int]) -> None:
        """The core has filled as many of these rows."""
        self._steps += steps

    def forget(self) -> None:
        """The step going on is not measured to its end."""
        self.begun = False

    def let_go(self) -> None:
        """Hold no tensor any longer; what is gathered is kept."""
        self.begun, self.probes = False, ()

    def hand_over(self, writer: RunWriter, last: bool = False) -> None:
        """Give what is gathered to the writer; `last`: nothing comes after it."""
        steps, self._steps = self._steps, []
        for i, rows in enumerate(self._gathered):
            for at, ratios in rows.give(steps, last):
                if i not in self._layouts:
                    self._layouts[i] = writer.layout(self._columns[i])
                writer.stretch(at, self._layouts[i], ratios)


class Rows(Protocol):
    """Where the ratios of one probe are gathered."""

    def take(self, probe: Probe, row: int) -> None:
        """Measure the step."""
        ...

    def give(self, steps: list[int], last: bool) -> list[tuple[list[int], np.ndarray]]:
        """The steps that are known by now, and the ratios of each, (steps, tensors) float32."""
        ...


class Here:
    """For tensors on the CPU: every step is known when it is over."""

    def __init__(self, sizes: np.ndarray, most: int) -> None:
        self.rows = np.empty((most, len(sizes)), np.float32)

    def take(self, probe: Probe, row: int) -> None:
        """Measure the step."""
        probe.ratios(self.rows, row)

    def give(self, steps: list[int], last: bool) -> list[tuple[list[int], np.ndarray]]:
        """All that was taken."""
        return [(steps, self.rows[: len(steps)])] if steps else []


class OnDevice:
    """For tensors of an accelerator: sums are copied to pinned memory behind the training's own work.

    There are two rooms for them. What was gathered in one is given once the device has passed the event that closed
    it, mostly when the next one closes, so that the program never waits for the device but at the very end.
    """

    def __init__(self, sizes: np.ndarray, most: int, device: torch.device) -> None:
        self._sizes = sizes
        self._device = device
        self._rooms = [arrival.room((most, 4, len(sizes)), torch.float32, device) for _ in range(2)]
        self._closed: list[tuple[list[int], torch.Tensor, arrival.Arrival]] = []

    def take(self, probe: Probe, row: int) -> None:
        """Measure the step."""
        arrival.bring(probe.sums(), self._rooms[0][row])

    def give(self, steps: list[int], last: bool) -> list[tuple[list[int], np.ndarray]]:
        """What the device has finished."""
        if steps:
            self._closed.append((steps, self._rooms[0], arrival.Arrival(self._device)))
            self._rooms.reverse()
        given = []
        while self._closed:
            at, room, closed = self._closed[0]
            must = last or len(self._closed) == len(self._rooms)  # the next steps need this room
            if not must and not closed.is_here():
                break
            closed.wait()
            sums = room[: len(at)].numpy().astype(np.float64)
            given.append((at, ratios_from(sums.swapaxes(0, 1), self._sizes)))
            self._closed.pop(0)
        return given
