"""The one writer of a run's file: takes frames without blocking, commits them from a thread of its own.

A frame is acknowledged once the transaction that holds it is committed; no acknowledged frame is lost, whatever kills
the process. When the disk is full the writer keeps what it can hold, tries again, and counts what it must drop; when
the file is gone it counts everything. The training hears of trouble once, through `on_trouble`.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from auscult.errors import RunError
from auscult.runs import process
from auscult.runs.blocks import transpose
from auscult.runs.schema import BLOCK_BYTES, CHUNK, FILE, SERIES_SHIFT, TABLES, VERSION

Column = tuple[str, str]  # (quantity, subject)
Statement = tuple[str, tuple]

COMMIT_EVERY_S = 0.25  # waking for every frame would cost the training a thread switch a step
HEARTBEAT_EVERY_S = 2.0
RETRY_EVERY_S = 1.0
PENDING_BYTES = 64 << 20
WAL_CAP_BYTES = 256 << 20  # a reader that never lets go keeps the log from being emptied; then we drop rather than fill the disk
FRAME_COST = 200  # bytes a queued frame takes besides its values


class RunWriter:
    """Writes `folder`/rank-N.sqlite. Every method but `flush` and `close` returns at once and never raises."""

    def __init__(self, folder: Path, rank: int = 0, on_trouble: Callable[[str], None] = lambda message: None) -> None:
        self.path = folder / FILE.format(rank=rank)
        self.acknowledged = -1  # last committed step
        self.frames = 0  # committed frames
        self.dropped = 0
        self.cpu_s = 0.0
        self._on_trouble = on_trouble
        self._troubled = False
        self._gone = False
        self._pid = os.getpid()
        self._series: dict[Column, int] = {}
        self._layouts: dict[tuple[Column, ...], int] = {}
        self._queue: deque[tuple[int, float, int, np.ndarray] | Statement] = deque()
        self._bytes_in = 0  # queued, counted by the training's thread
        self._bytes_out = 0  # taken off the queue, counted by the writer's
        self._open: dict[int, list[tuple[int, float, np.ndarray]]] = {}  # layout -> committed frames not yet in a block
        self._blocks = 0
        self._wake = threading.Event()
        self._idle = threading.Event()
        self._closing = False
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None, timeout=5)
            self._db.execute("PRAGMA page_size=16384")
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute(f"PRAGMA journal_size_limit={16 << 20}")
            self._db.executescript(TABLES)
        except (sqlite3.Error, OSError) as e:
            raise RunError(f"cannot write a run in {folder}: {e}; choose another folder with dir= or AUSCULT_DIR") from None
        self._inode = os.stat(self.path).st_ino
        self.fact("version", VERSION)
        self.fact("process", process.identity())
        self.fact("heartbeat", time.time())
        self.fact("status", "running")
        self._thread = threading.Thread(target=self._write, name="auscult-writer", daemon=True)
        self._thread.start()
        self.flush()

    # -- called by the training's thread ------------------------------------------------------------------------

    def layout(self, columns: Sequence[Column]) -> int:
        """The id of a frame layout with these columns; the same columns give the same id."""
        key = tuple(columns)
        if key not in self._layouts:
            for column in key:
                if column not in self._series:
                    self._series[column] = len(self._series) + 1
                    self._put("INSERT INTO series VALUES (?, ?, ?)", (self._series[column], *column))
            self._layouts[key] = len(self._layouts) + 1
            ids = np.array([self._series[c] for c in key], np.int32)
            self._put("INSERT INTO layouts VALUES (?, ?)", (self._layouts[key], ids.tobytes()))
        return self._layouts[key]

    def frame(self, step: int, layout: int, values: np.ndarray) -> bool:
        """Queue one step's values, float32 in the layout's order; False where it had to be dropped."""
        cost = values.nbytes + FRAME_COST
        if self._gone or self._closing or os.getpid() != self._pid or self._bytes_in - self._bytes_out + cost > PENDING_BYTES:
            self.dropped += 1
            return False
        self._bytes_in += cost
        self._queue.append((step, time.time(), layout, values))
        return True

    def event(self, step: int, kind: str, **data: object) -> None:
        """Record that something happened at a step."""
        self._put(
            "INSERT INTO events (step, time, kind, data) VALUES (?, ?, ?, ?)", (step, time.time(), kind, json.dumps(data))
        )

    def fact(self, key: str, value: object) -> None:
        """Set a fact of the run; `value` is anything JSON takes."""
        self._put("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, json.dumps(value)))

    def flush(self, timeout: float = 5.0) -> bool:
        """Wait until all that was queued is committed; False where that did not come about in `timeout` seconds."""
        if self._closing or os.getpid() != self._pid:
            return False
        deadline = time.monotonic() + timeout
        while self._queue and time.monotonic() < deadline:
            self._idle.clear()
            self._wake.set()
            self._idle.wait(0.1)
        return not self._queue

    def close(self, status: str = "finished", error: str | None = None, timeout: float = 30.0) -> None:
        """Commit everything, write the end of the run, and leave one plain file without a log beside it."""
        if self._closing or os.getpid() != self._pid:
            return
        self.fact("ended", time.time())
        self.fact("error", error)
        self.fact("status", status)
        self._closing = True
        self._wake.set()
        self._thread.join(timeout)

    def _put(self, sql: str, values: tuple) -> None:
        if not (self._gone or self._closing) and os.getpid() == self._pid:
            self._queue.append((sql, values))

    # -- the writer's own thread --------------------------------------------------------------------------------

    def _write(self) -> None:
        next_beat = time.monotonic() + HEARTBEAT_EVERY_S
        while True:
            self._wake.wait(COMMIT_EVERY_S)
            self._wake.clear()
            closing = self._closing
            if time.monotonic() >= next_beat and not closing:
                self.fact("heartbeat", time.time())
                next_beat = time.monotonic() + HEARTBEAT_EVERY_S
            done = self._commit_queue()
            if done:
                self._idle.set()
            self.cpu_s = time.thread_time()
            if closing:
                break
            if not done:
                self._wake.wait(RETRY_EVERY_S)
        self._finish()

    def _commit_queue(self) -> bool:
        """Commit what is queued now; True where nothing is left to do (also when the file is gone for good)."""
        batch = list(self._queue)
        if not batch or self._gone:
            self._forget(len(batch), lost=True)
            return True
        if not self._still_there():
            self._trouble(f"{self.path} is gone: nothing more of this run is recorded; the training goes on")
            self._gone = True
            self._forget(len(self._queue), lost=True)
            return True
        try:
            self._check_wal()
            self._db.execute("BEGIN IMMEDIATE")
            for item in batch:
                if len(item) == 4:
                    step, when, layout, values = item
                    self._db.execute(
                        "INSERT OR REPLACE INTO frames VALUES (?, ?, ?, ?)", (step, when, layout, values.data)
                    )
                else:
                    self._db.execute(*item)
            self._db.execute("COMMIT")
        except (sqlite3.Error, OSError) as e:
            self._rollback()
            self._trouble(f"cannot write {self.path}: {e}; still trying, the training goes on")
            return False
        for item in batch:
            if len(item) == 4:
                step, when, layout, values = item
                self._open.setdefault(layout, []).append((step, when, values))
                self.acknowledged = step
                self.frames += 1
        self._forget(len(batch), lost=False)
        self._close_blocks(all_of_them=False)
        return True

    def _forget(self, count: int, lost: bool) -> None:
        for _ in range(count):
            item = self._queue.popleft()
            if len(item) == 4:
                self._bytes_out += item[3].nbytes + FRAME_COST
                self.dropped += lost

    def _close_blocks(self, all_of_them: bool) -> None:
        """Turn frames into blocks where enough have gathered; a failure leaves them as frames, to be tried again."""
        for layout, frames in self._open.items():
            width = max(1, frames[0][2].nbytes) if frames else 1
            size = max(1, min(CHUNK, BLOCK_BYTES // width))
            while len(frames) >= size or (all_of_them and frames):
                try:
                    self._write_block(layout, frames[:size])
                except (sqlite3.Error, OSError) as e:
                    self._rollback()
                    self._trouble(f"cannot write {self.path}: {e}; still trying, the training goes on")
                    return
                del frames[:size]

    def _write_block(self, layout: int, frames: list[tuple[int, float, np.ndarray]]) -> None:
        steps = np.array([f[0] for f in frames], np.int64)
        times = np.array([f[1] for f in frames], np.float64)
        columns = transpose(np.stack([f[2] for f in frames]))
        ids = next(np.array([self._series[c] for c in key]) for key, n in self._layouts.items() if n == layout)
        block = self._blocks + 1
        self._db.execute("BEGIN IMMEDIATE")
        self._db.execute(
            "INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (block, layout, int(steps[0]), int(steps[-1]), len(steps), steps.data, times.data, columns.rollup.data),
        )
        self._db.executemany(
            "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (int(i) << SERIES_SHIFT | block, len(steps), int(bad), float(low), float(high), float(mean), row.data)
                for i, bad, low, high, mean, row in zip(
                    ids, columns.nonfinite, columns.minimum, columns.maximum, columns.mean, columns.values, strict=True
                )
            ),
        )
        self._db.executemany("DELETE FROM frames WHERE step = ?", ((int(s),) for s in steps))
        self._db.execute("COMMIT")
        self._blocks = block

    def _finish(self) -> None:
        if not self._gone and self._still_there():
            self._close_blocks(all_of_them=True)
        self._forget(len(self._queue), lost=True)
        try:
            if not self._gone:
                self._db.execute("PRAGMA journal_mode=DELETE")
            self._db.close()
        except (sqlite3.Error, OSError) as e:
            self._trouble(f"cannot close {self.path}: {e}")

    def _still_there(self) -> bool:
        try:
            return os.stat(self.path).st_ino == self._inode
        except OSError:
            return False

    def _check_wal(self) -> None:
        wal = Path(f"{self.path}-wal")
        if wal.exists() and wal.stat().st_size > WAL_CAP_BYTES:
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            if wal.stat().st_size > WAL_CAP_BYTES:
                raise OSError("a reader holds the file open, and its log has grown to its cap")

    def _rollback(self) -> None:
        try:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        except sqlite3.Error:
            pass  # SQLite rolls back by itself on some errors

    def _trouble(self, message: str) -> None:
        if not self._troubled:
            self._troubled = True
            self._on_trouble(message)
