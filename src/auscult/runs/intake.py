"""What the training hands to the writer's thread: taken at once, bounded in bytes, the rest counted."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

ITEM_COST = 200  # bytes a queued frame or event takes besides its values


class Frame(NamedTuple):
    """One step's values, float32 in the order of the layout."""

    step: int
    time: float
    layout: int
    data: bytes
    frames: int = 1

    @property
    def cost(self) -> int:
        """Bytes of memory it takes."""
        return len(self.data) + ITEM_COST


class Stretch(NamedTuple):
    """The values of several steps, float32, step by step in the order of the layout."""

    step: int  # the last of them
    time: float
    layout: int
    data: bytes
    steps: bytes  # int64
    frames: int

    @property
    def cost(self) -> int:
        """Bytes of memory it takes."""
        return len(self.data) + len(self.steps) + ITEM_COST


class EventRow(NamedTuple):
    """Something that happened; `data` is JSON."""

    step: int
    time: float
    kind: str
    data: str

    @property
    def cost(self) -> int:
        """Bytes of memory it takes."""
        return len(self.data) + ITEM_COST


class ArrayRow(NamedTuple):
    """A larger thing of a step; with `replaces`, the only one of its kind and subject."""

    step: int
    kind: str
    subject: str
    dtype: str
    shape: str
    data: bytes
    replaces: bool

    @property
    def cost(self) -> int:
        """Bytes of memory it takes."""
        return len(self.data) + ITEM_COST


Row = EventRow | ArrayRow


@dataclass
class Batch:
    """Everything handed over since the last time."""

    frames: list[Frame | Stretch] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    tickets: int = 0  # how often a fact was handed over


class Intake:
    """Between the training's threads and the writer's.

    The lock is only ever held for an append or a swap, and a signal handler of its holder may take it again.
    """

    def __init__(self, limit: int) -> None:
        self.dropped = 0  # frames
        self.dropped_events = 0
        self._limit = limit
        self._batch = Batch()
        self._held = 0  # bytes taken in and not yet settled
        self._given = 0  # things taken in
        self._settled = 0  # of these, committed or dropped
        self._shut = False
        self._change = threading.Condition(threading.RLock())

    def frame(self, frame: Frame | Stretch) -> bool:
        """Take a frame in, or a stretch of them; False where there is no room."""
        with self._change:
            if self._shut or self._held + frame.cost > self._limit:
                self.dropped += frame.frames
                return False
            self._batch.frames.append(frame)
            self._count(frame.cost)
            return True

    def event(self, event: Row) -> None:
        """Take an event or an array in, where there is room."""
        with self._change:
            if self._shut or self._held + event.cost > self._limit:
                self.dropped_events += 1
                return
            self._batch.events.append(event)
            self._count(event.cost)

    def fact(self, key: str, value: str) -> None:
        """Take a fact in; of several with one key the last counts, so these need no bound."""
        with self._change:
            if not self._shut:
                self._batch.facts[key] = value
                self._batch.tickets += 1
                self._count(0)

    def refuse(self) -> None:
        """Count a frame that never got as far as being offered."""
        with self._change:
            self.dropped += 1

    def shut(self) -> None:
        """Take nothing more."""
        with self._change:
            self._shut = True

    def take(self) -> Batch:
        """Hand everything over to the writer's thread."""
        with self._change:
            batch, self._batch = self._batch, Batch()
            return batch

    def settle(self, things: Collection[Frame | Stretch | Row] = (), tickets: int = 0, lost: bool = False) -> None:
        """Note that these are committed, or lost; `tickets` settle facts."""
        frames = [thing.frames for thing in things if isinstance(thing, Frame | Stretch)]
        cost = sum(thing.cost for thing in things)
        with self._change:
            self._held -= cost
            self._settled += len(things) + tickets
            if lost:
                self.dropped += sum(frames)
                self.dropped_events += len(things) - len(frames)
            self._change.notify_all()

    def wait(self, timeout: float) -> bool:
        """Wait until all taken in so far is settled; False where that is late or something is lost."""
        deadline = time.monotonic() + timeout
        with self._change:
            target, lost = self._given, self.dropped + self.dropped_events
            while self._settled < target:
                left = deadline - time.monotonic()
                if left <= 0 or not self._change.wait(left):
                    return False
            return self.dropped + self.dropped_events == lost

    def _count(self, cost: int) -> None:
        self._held += cost
        self._given += 1
