"""The SQLite file of a run, as its writer's thread sees it: commits, blocks, and the limits of the disk."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from auscult.errors import RunError
from auscult.runs import process
from auscult.runs.blobs import pack
from auscult.runs.blocks import transpose
from auscult.runs.catalogue import Catalogue
from auscult.runs.forks import Guard
from auscult.runs.intake import ArrayRow, EventRow, Frame, Row, Stretch
from auscult.runs.limits import Limits
from auscult.runs.schema import COLUMN_SHIFT, PAGE_BYTES, TABLES, VERSION, block_frames

WORTH_A_BLOCK = 16  # fewer frames stay rows: a block has a row for every column
BUSY_S = 0.2  # how long SQLite waits for a lock by itself; nobody else writes


@dataclass
class _Open:
    """Committed frames of one layout that are not yet in a block, and the rows that hold them."""

    rows: list[int] = field(default_factory=list)
    frames: list[Frame | Stretch] = field(default_factory=list)
    cost: int = 0  # bytes of memory


class RunFile:
    """One file, written by one thread. What a failed call was to commit is not, and may be given again."""

    def __init__(self, path: Path, catalogue: Catalogue, limits: Limits) -> None:
        self.path = path
        self._wal = Path(f"{path}-wal")
        self._catalogue = catalogue
        self._limits = limits
        self._known = [0, 0]  # series and layouts of the catalogue already committed
        self._row = 0  # last id in `frames`
        self._block = 0
        self._open: dict[int, _Open] = {}
        db = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=BUSY_S)
            self._prepare(db)
            self._inode = os.stat(path).st_ino
        except (sqlite3.Error, OSError) as e:
            if db is not None:
                db.close()
            raise RunError(
                f"cannot write a run in {path.parent}: {e}; choose another folder with dir= or AUSCULT_DIR"
            ) from None
        self._db = db
        self._guard = Guard()

    @staticmethod
    def _prepare(db: sqlite3.Connection) -> None:
        db.execute(f"PRAGMA page_size={PAGE_BYTES}")
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=NORMAL")
        db.execute(f"PRAGMA journal_size_limit={16 << 20}")
        now = time.time()
        facts = {
            "version": VERSION,
            "process": process.identity(),
            "started": now,
            "heartbeat": now,
            "status": "running",
        }
        db.execute("BEGIN IMMEDIATE")  # a reader finds all of this or nothing
        for statement in filter(str.strip, TABLES.split(";")):
            db.execute(statement)
        db.executemany("INSERT INTO meta VALUES (?, ?)", ((k, json.dumps(v)) for k, v in facts.items()))
        db.execute("COMMIT")

    def is_there(self) -> bool:
        """Whether the file still lies where it was made."""
        try:
            return os.stat(self.path).st_ino == self._inode
        except OSError:
            return False

    def commit_facts(self, facts: Mapping[str, str], rows: Sequence[Row], closing: bool = False) -> None:
        """Commit facts, events and arrays; at the end of a run, also on what is kept free on the disk."""
        events = [row for row in rows if isinstance(row, EventRow)]
        arrays = [row for row in rows if isinstance(row, ArrayRow)]
        with self._transaction(sum(row.cost for row in arrays), closing):
            self._db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", facts.items())
            self._db.executemany("INSERT INTO events (step, time, kind, data) VALUES (?, ?, ?, ?)", events)
            for row in arrays:
                if row.replaces:
                    self._db.execute("DELETE FROM arrays WHERE kind = ? AND subject = ?", (row.kind, row.subject))
                self._db.execute(
                    "INSERT INTO arrays (step, kind, subject, dtype, shape, data) VALUES (?, ?, ?, ?, ?, ?)", row[:-1]
                )

    def commit_frames(self, frames: Sequence[Frame | Stretch]) -> None:
        """Commit frames: those that fill a block as a block, the others as rows. A stretch is not parted."""
        new: dict[int, list[Frame | Stretch]] = {}
        for frame in frames:
            new.setdefault(frame.layout, []).append(frame)
        after: dict[int, _Open] = {}
        row, block = self._row, self._block
        known = [len(self._catalogue.series), len(self._catalogue.layouts)]
        with self._transaction(2 * sum(frame.cost for frame in frames)):
            self._declare(*known)
            for layout, arrived in new.items():
                before = self._open.get(layout, _Open())
                rows, gathered = list(before.rows), before.frames + arrived
                size = block_frames(self._catalogue.width(layout))
                while (enough := _enough(gathered, size)) is not None:
                    block += 1
                    self._insert_block(block, layout, gathered[:enough], rows)
                    gathered, arrived, rows = gathered[enough:], gathered[enough:], []
                if arrived:
                    row += 1
                    self._insert_row(row, layout, arrived)
                    rows.append(row)
                after[layout] = _Open(rows, gathered, sum(frame.cost for frame in gathered))
        self._row, self._block, self._known = row, block, known
        self._open.update(after)

    def bound_memory(self) -> None:
        """Let go of committed frames in memory where many layouts gather them: the most become a block."""
        while sum(waiting.cost for waiting in self._open.values()) > self._limits.open_bytes:
            self._shorten(max(self._open, key=lambda layout: self._open[layout].cost))

    def seal(self) -> None:
        """Turn what is left into blocks and leave one plain file, as far as disk and readers allow."""
        with suppress(sqlite3.Error, OSError):
            for layout in list(self._open):
                self._shorten(layout)
        with self._guard:
            with suppress(sqlite3.Error):  # a reader keeps the log beside the file: as good, and still whole
                self._db.execute("PRAGMA journal_mode=DELETE")
            with suppress(sqlite3.Error):
                self._db.close()

    # -- inside a transaction ----------------------------------------------------------------------

    def _declare(self, series: int, layouts: int) -> None:
        done_series, done_layouts = self._known
        columns = self._catalogue.series[done_series:series]
        self._db.executemany(
            "INSERT INTO series VALUES (?, ?, ?)",
            ((done_series + 1 + i, *column) for i, column in enumerate(columns)),
        )
        ids = self._catalogue.layouts[done_layouts:layouts]
        self._db.executemany(
            "INSERT INTO layouts VALUES (?, ?, ?)",
            ((done_layouts + 1 + i, len(array), pack(array)) for i, array in enumerate(ids)),
        )

    def _insert_row(self, row: int, layout: int, frames: Sequence[Frame | Stretch]) -> None:
        self._db.execute(
            "INSERT INTO frames VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (row, layout, *_span(frames), pack(_values(frames))),
        )

    def _insert_block(self, block: int, layout: int, frames: Sequence[Frame | Stretch], rows: Sequence[int]) -> None:
        """Write frames as a block in place of the rows that held some of them."""
        count = _count(frames)
        columns = transpose(np.frombuffer(_values(frames), np.float32).reshape(count, -1))
        self._db.execute(
            "INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (block, layout, *_span(frames), pack(columns.rollup)),
        )
        summaries = zip(
            *(s.tolist() for s in (columns.nonfinite, columns.minimum, columns.maximum, columns.mean)),
            columns.values,
            strict=True,
        )
        self._db.executemany(
            "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (block << COLUMN_SHIFT | at, count, bad, low, high, mean, pack(values))
                for at, (bad, low, high, mean, values) in enumerate(summaries)
            ),
        )
        self._db.executemany("DELETE FROM frames WHERE id = ?", ((row,) for row in rows))

    # -- around it ---------------------------------------------------------------------------------

    def _shorten(self, layout: int) -> None:
        waiting = self._open[layout]
        if _count(waiting.frames) >= WORTH_A_BLOCK:
            with self._transaction(waiting.cost):
                self._insert_block(self._block + 1, layout, waiting.frames, waiting.rows)
            self._block += 1
        del self._open[layout]

    @contextmanager
    def _transaction(self, need: int, closing: bool = False) -> Iterator[None]:
        with self._guard:
            self._check_room(need, closing)
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # SQLite rolls back by itself on some errors
                    self._db.execute("ROLLBACK")
                raise

    def _check_room(self, need: int, closing: bool) -> None:
        disk = shutil.disk_usage(self.path.parent)
        reserve = min(self._limits.reserve_bytes, disk.total // 8)
        if not closing and disk.free < reserve + need:
            raise OSError(errno.ENOSPC, f"the disk is full but for the {reserve / 2**20:.3g} MiB left free")
        if self._wal_bytes() > self._limits.wal_bytes:
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            if self._wal_bytes() > self._limits.wal_bytes:
                raise OSError("a reader holds the file open, and its log has grown to its cap")

    def _wal_bytes(self) -> int:
        try:
            return self._wal.stat().st_size
        except FileNotFoundError:
            return 0


def _count(frames: Sequence[Frame | Stretch]) -> int:
    return sum(frame.frames for frame in frames)


def _enough(frames: Sequence[Frame | Stretch], size: int) -> int | None:
    """How many of these make a block of `size` frames, or the first more than that; None where all do not."""
    total = 0
    for number, frame in enumerate(frames, 1):
        total += frame.frames
        if total >= size:
            return number
    return None


def _span(frames: Sequence[Frame | Stretch]) -> tuple[int, int, int, bytes, bytes]:
    """First and last step, how many, and the packed steps and times."""
    all_steps: list[int] = []
    for frame in frames:
        all_steps += np.frombuffer(frame.steps, np.int64).tolist() if isinstance(frame, Stretch) else [frame.step]
    steps = np.array(all_steps, np.int64)
    times = np.repeat([frame.time for frame in frames], [frame.frames for frame in frames])
    return int(steps.min()), int(steps.max()), len(steps), pack(steps), pack(times)


def _values(frames: Sequence[Frame | Stretch]) -> bytes:
    return b"".join([frame.data for frame in frames])
