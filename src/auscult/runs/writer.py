"""The one writer of a run's file: takes frames without blocking, commits them from a thread of its own.

A frame is acknowledged once the transaction that holds it is committed; no acknowledged frame is lost,
whatever kills the process. When the disk is full the writer keeps what it can hold, tries again, and counts
what it must drop; when the file is gone it counts everything. The training hears of trouble once, through `on_trouble`.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from auscult.runs.blobs import pack
from auscult.runs.catalogue import Catalogue, Column
from auscult.runs.facts import to_json
from auscult.runs.file import RunFile
from auscult.runs.intake import ArrayRow, EventRow, Frame, Intake, Row, Stretch
from auscult.runs.limits import Limits
from auscult.runs.schema import FILE

_PASSING = (
    *(
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
    ),
    *(sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_PROTOCOL),
)


class RunWriter:
    """Writes `folder`/rank-N.sqlite. Every method but `flush` and `close` returns at once and never raises.

    Making one raises RunError where nothing can be written there. `on_trouble` is called at most once, with
    one line, mostly from the writer's thread. A forked child's copy does nothing: the run is its parent's.
    """

    def __init__(
        self,
        folder: Path,
        rank: int = 0,
        on_trouble: Callable[[str], None] = lambda message: None,
        limits: Limits = Limits(),  # noqa: B008 (frozen)
    ) -> None:
        self.path = Path(folder) / FILE.format(rank=rank)
        self.acknowledged = -1  # last committed step
        self.frames = 0  # committed frames
        self.cpu_s = 0.0  # the writer's thread's own
        self._limits = limits
        self._on_trouble = on_trouble
        self._troubled = False
        self._pid = os.getpid()
        self._catalogue = Catalogue()
        self._intake = Intake(limits.pending_bytes)
        self._file = RunFile(self.path, self._catalogue, limits)
        # the writer's thread's own: what it took and has not committed
        self._frames: deque[Frame | Stretch] = deque()
        self._events: list[Row] = []
        self._facts: dict[str, str] = {}
        self._tickets = 0
        self._gone = False
        self._wake = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._write, name="auscult-writer", daemon=True)
        self._thread.start()

    @property
    def dropped(self) -> int:
        """Frames that are lost: for want of room, or because the file is gone."""
        return self._intake.dropped

    @property
    def dropped_events(self) -> int:
        """Events and arrays that are lost, likewise."""
        return self._intake.dropped_events

    # -- called by the training's thread -----------------------------------------------------------

    def layout(self, columns: Sequence[Column]) -> int:
        """The id of a frame layout with these columns; the same columns give the same id."""
        return self._catalogue.layout(columns)

    def frame(self, step: int, layout: int, values: np.ndarray) -> bool:
        """Queue a copy of one step's values, float32 in the layout's order; False where it is dropped."""
        if os.getpid() != self._pid:
            return False
        if values.size != self._catalogue.width(layout):
            self._intake.refuse()
            self._trouble(f"a frame of {values.size} values does not fit layout {layout}: it was dropped")
            return False
        data = np.asarray(values, np.float32).tobytes()
        return self._intake.frame(Frame(int(step), time.time(), layout, data))

    def stretch(self, steps: Sequence[int], layout: int, values: np.ndarray) -> bool:
        """Queue a copy of several steps' values, (steps, columns) float32, ascending; False where they are dropped."""
        if os.getpid() != self._pid:
            return False
        data, at = np.asarray(values, np.float32).tobytes(), np.array(steps, np.int64).tobytes()
        return self._intake.frame(Stretch(int(steps[-1]), time.time(), layout, data, at, len(steps)))

    def event(self, step: int, kind: str, **data: object) -> None:
        """Record that something happened at a step."""
        if os.getpid() == self._pid:
            self._intake.event(EventRow(int(step), time.time(), kind, to_json(data)))

    def array(self, step: int, kind: str, subject: str, values: np.ndarray, replaces: bool = False) -> None:
        """Record a copy of a larger thing of a step; with `replaces`, in place of those of its kind and subject."""
        if os.getpid() == self._pid:
            data = np.ascontiguousarray(values)
            shape = json.dumps(values.shape)
            self._intake.event(ArrayRow(int(step), kind, subject, values.dtype.str, shape, pack(data), replaces))

    def fact(self, key: str, value: object) -> None:
        """Set a fact of the run; `value` is anything JSON takes (what it does not is kept as text)."""
        if os.getpid() == self._pid:
            self._intake.fact(key, to_json(value))

    def flush(self, timeout: float = 5.0) -> bool:
        """Wait until all that was queued is committed; False where some is lost or `timeout` s pass."""
        if self._closing or os.getpid() != self._pid:
            return False
        self._wake.set()
        return self._intake.wait(timeout)

    def close(self, status: str = "finished", error: str | None = None, timeout: float = 30.0) -> None:
        """Commit everything, write the end of the run, and leave one plain file without a log beside it."""
        if self._closing or os.getpid() != self._pid:
            return
        self.fact("ended", time.time())
        self.fact("error", error)
        self.fact("status", status)
        self._intake.shut()
        self._closing = True
        self._wake.set()
        self._thread.join(timeout)

    # -- the writer's own thread -------------------------------------------------------------------

    def _write(self) -> None:
        try:
            self._serve()
        except Exception as e:
            self._intake.shut()  # so that whatever still comes is counted
            self._drop_all()
            self._trouble(f"the writer of {self.path} failed: {type(e).__name__}: {e}; the training goes on")

    def _serve(self) -> None:
        limits, next_beat = self._limits, 0.0
        done = True
        while not self._closing:
            self._wake.wait(limits.commit_every_s if done else limits.retry_every_s)
            self._wake.clear()
            if self._closing:
                break
            if time.monotonic() >= next_beat:
                self._facts |= {"heartbeat": to_json(time.time()), "writer": self._account()}
                next_beat = time.monotonic() + limits.heartbeat_every_s
            done = self._commit(closing=False)
            self.cpu_s = time.thread_time()
        deadline = time.monotonic() + limits.close_grace_s
        while not self._commit(closing=True) and time.monotonic() < deadline:
            self._wake.wait(0.1)
            self._wake.clear()
        self._drop_all()
        self._file.seal()
        self.cpu_s = time.thread_time()

    def _commit(self, closing: bool) -> bool:
        """Commit what there is; False where some of it has to be tried again."""
        batch = self._intake.take()
        self._frames.extend(batch.frames)
        self._events.extend(batch.events)
        self._facts |= batch.facts
        self._tickets += batch.tickets
        if not self._gone and (self._frames or self._events or self._facts) and not self._file.is_there():
            self._gone = True
            self._trouble(f"{self.path} is gone: nothing more of this run is recorded; the training goes on")
        if self._gone:
            self._drop_all()
            return True
        parts = [(self._commit_facts, self._drop_facts), (self._commit_frames, self._drop_frames)]
        # readers of a live run want the facts first; the end of a run comes after its last frame
        results = [self._attempt(*part, closing) for part in (reversed(parts) if closing else parts)]
        return all(results)

    def _attempt(self, part: Callable[[bool], None], drop: Callable[[], None], closing: bool) -> bool:
        try:
            part(closing)
        except Exception as e:
            if _may_pass(e):
                self._trouble(f"cannot write {self.path}: {e}; still trying, the training goes on")
                return False
            drop()  # a fault of ours: trying again would meet it again
            what = f"{type(e).__name__}: {e}"
            self._trouble(f"cannot write some of {self.path}: {what}; it was dropped, the training goes on")
        return True

    def _commit_facts(self, closing: bool) -> None:
        if closing:
            self._facts["writer"] = self._account()
        if self._facts or self._events:
            self._file.commit_facts(self._facts, self._events, closing)
            self._intake.settle(self._events, self._tickets)
            self._facts, self._events, self._tickets = {}, [], 0

    def _commit_frames(self, closing: bool) -> None:
        while self._frames:
            self._file.bound_memory()
            piece, size = [], 0
            for frame in self._frames:
                piece.append(frame)
                size += frame.cost
                if size >= self._limits.transaction_bytes:
                    break
            self._file.commit_frames(piece)
            for _ in piece:
                self._frames.popleft()
            self.frames += sum(frame.frames for frame in piece)
            self.acknowledged = piece[-1].step
            self._intake.settle(piece)

    def _drop_frames(self) -> None:
        self._intake.settle(self._frames, lost=True)
        self._frames.clear()

    def _drop_facts(self) -> None:
        self._intake.settle(self._events, self._tickets, lost=True)
        self._facts, self._events, self._tickets = {}, [], 0

    def _drop_all(self) -> None:
        self._drop_frames()
        self._drop_facts()

    def _account(self) -> str:
        """What the writer alone knows of itself; `Run.bill` takes it in."""
        lost_now = sum(frame.frames for frame in self._frames) if self._closing else 0
        return json.dumps(
            {
                "dropped_frames": self.dropped + lost_now,
                "dropped_events": self.dropped_events,
                "cpu_s": time.thread_time(),
            }
        )

    def _trouble(self, message: str) -> None:
        if not self._troubled:
            self._troubled = True
            with suppress(Exception):  # who listens must not end the thread
                self._on_trouble(message)


def _may_pass(e: Exception) -> bool:
    """Whether it may be written later: no room, a lock, no memory; unlike a fault or a damaged file."""
    if isinstance(e, sqlite3.Error):
        return getattr(e, "sqlite_errorcode", 0) & 0xFF in _PASSING
    return isinstance(e, OSError | MemoryError)
