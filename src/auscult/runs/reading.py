"""From the tables back to arrays: one consistent look at a run's file, and its columns over steps."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from auscult.errors import RunError
from auscult.runs.blobs import unpack
from auscult.runs.blocks import bin_rows
from auscult.runs.schema import BIN, COLUMN_SHIFT

_WITHOUT_LOCKS = "mode=ro&vfs=unix-none"


@dataclass(frozen=True)
class Piece:
    """What one layout holds of the series asked for."""

    rows: np.ndarray  # (k,) which of them it holds
    steps: np.ndarray  # (n,)
    values: np.ndarray  # (k, n) float32


@contextmanager
def snapshot(file: Path) -> Iterator[sqlite3.Connection]:
    """The file as it is now, however long it is looked at. Raises RunError where it cannot be read."""
    try:
        mode = _mode(file)
        db = sqlite3.connect(f"{file.absolute().as_uri()}?{mode}", uri=True, timeout=5)
        try:
            if mode == _WITHOUT_LOCKS:
                db.execute("PRAGMA locking_mode=EXCLUSIVE")
            db.execute("BEGIN")
            yield db
        finally:
            db.close()
    except (sqlite3.Error, OSError, ValueError, TypeError, AttributeError, LookupError, OverflowError) as e:
        why = str(e).replace("\n", " ") or type(e).__name__
        raise RunError(f"cannot read {file}: {why}; the file is cut or damaged, or no run of auscult's") from None


def _mode(file: Path) -> str:
    """How to open: the log is read by an index beside it, which cannot be made where one may not write."""
    log, index = Path(f"{file}-wal"), Path(f"{file}-shm")
    if os.access(file.parent, os.W_OK) or index.exists():
        return "mode=ro"
    if log.exists() and log.stat().st_size:  # of a run that was killed; without locks the index may be in memory
        return _WITHOUT_LOCKS
    return "immutable=1"


def series_ids(db: sqlite3.Connection, quantity: str, subjects: Sequence[str]) -> list[int | None]:
    """The ids of one quantity's series, None where there is none."""
    if len(subjects) == 1:
        sql = "SELECT id FROM series WHERE quantity = ? AND subject = ?"
        return [row[0] for row in db.execute(sql, (quantity, subjects[0]))] or [None]
    known = dict(db.execute("SELECT subject, id FROM series WHERE quantity = ?", (quantity,)))
    return [known.get(subject) for subject in subjects]


def read_pieces(db: sqlite3.Connection, ids: Sequence[int | None]) -> list[Piece]:
    """Every value of these series, layout by layout."""
    return [_piece(db, *place) for place in _places(db, ids)]


def read_rollup(db: sqlite3.Connection, ids: Sequence[int | None]) -> list[Piece]:
    """Means of every BIN frames of these series, layout by layout; the steps are means too, float64."""
    return [_rolled_up(db, *place) for place in _places(db, ids)]


def count_frames(db: sqlite3.Connection, ids: Sequence[int | None]) -> int:
    """How many frames hold any of these series."""
    total = 0
    for layout, _, _, _ in _places(db, ids):
        for table in ("blocks", "frames"):
            sql = f"SELECT coalesce(sum(count), 0) FROM {table} WHERE layout = ?"
            total += db.execute(sql, (layout,)).fetchone()[0]
    return total


def read_step(db: sqlite3.Connection, step: int, ids: Sequence[int | None]) -> np.ndarray:
    """The values of these series at one step, NaN where there is none; (len(ids),) float32."""
    found = np.full(len(ids), np.nan, np.float32)
    around = "WHERE layout = ? AND first <= ? AND last >= ? ORDER BY id"
    for layout, rows, at, width in _places(db, ids):
        for block, count, steps in db.execute(f"SELECT id, count, steps FROM blocks {around}", (layout, step, step)):
            for i in np.flatnonzero(unpack([steps], np.int64, count) == step):
                low = block << COLUMN_SHIFT
                chunks = db.execute("SELECT data FROM chunks WHERE id >= ? AND id < ? ORDER BY id", (low, low + width))
                wide = unpack([data for (data,) in chunks], np.float32, count * width).reshape(width, count)
                found[rows] = wide[at, i]
        for count, steps, data in db.execute(f"SELECT count, steps, data FROM frames {around}", (layout, step, step)):
            for i in np.flatnonzero(unpack([steps], np.int64, count) == step):
                found[rows] = unpack([data], np.float32, count * width).reshape(count, width)[i, at]
    return found


def on_one_grid(pieces: Sequence[Piece], rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Steps (n,), ascending, and values (rows, n) of all pieces together; NaN where no piece has one.

    Of a step that was recorded twice the later counts.
    """
    if len(pieces) == 1 and len(pieces[0].rows) == rows and np.all(np.diff(pieces[0].steps) > 0):
        return pieces[0].steps, pieces[0].values
    steps = np.unique(np.concatenate([p.steps for p in pieces] or [np.empty(0, np.int64)]))
    values = np.full((rows, len(steps)), np.nan, np.float32)
    for piece in pieces:
        values[piece.rows[:, None], np.searchsorted(steps, piece.steps)] = piece.values
    return steps, values


def _places(db: sqlite3.Connection, ids: Sequence[int | None]) -> Iterator[tuple[int, np.ndarray, np.ndarray, int]]:
    """For each layout with any of the series: its id, which it has, in which columns, and its width."""
    wanted = np.array([-1 if i is None else i for i in ids], np.int64)
    for layout, width, blob in db.execute("SELECT id, width, columns FROM layouts ORDER BY id").fetchall():
        columns = unpack([blob], np.int32, width)
        order = np.argsort(columns, kind="stable")
        place = np.searchsorted(columns, wanted, sorter=order)
        at = order[np.minimum(place, len(columns) - 1)] if len(columns) else np.zeros(len(wanted), np.int64)
        rows = np.flatnonzero(columns[at] == wanted) if len(columns) else np.empty(0, np.int64)
        if len(rows):
            yield layout, rows, at[rows], width


def _piece(db: sqlite3.Connection, layout: int, rows: np.ndarray, at: np.ndarray, width: int) -> Piece:
    blocks = db.execute("SELECT count, steps FROM blocks WHERE layout = ? ORDER BY id", (layout,)).fetchall()
    tail = db.execute("SELECT count, steps, data FROM frames WHERE layout = ? ORDER BY id", (layout,)).fetchall()
    head = sum(count for count, _ in blocks)
    n = head + sum(count for count, _, _ in tail)
    steps = unpack([*(s for _, s in blocks), *(s for _, s, _ in tail)], np.int64, n)
    values = np.empty((len(rows), n), np.float32)
    if head:
        sql = "SELECT c.data FROM blocks b JOIN chunks c ON c.id = (b.id << ?) + ? WHERE b.layout = ? ORDER BY b.id"
        for row, column in zip(values, at.tolist(), strict=True):
            chunks = [data for (data,) in db.execute(sql, (COLUMN_SHIFT, column, layout))]
            row[:head] = unpack(chunks, np.float32, head)
    if tail:
        values[:, head:] = unpack([d for _, _, d in tail], np.float32, (n - head) * width).reshape(-1, width)[:, at].T
    return Piece(rows, steps, values)


def _rolled_up(db: sqlite3.Connection, layout: int, rows: np.ndarray, at: np.ndarray, width: int) -> Piece:
    steps, means = [], []
    sql = "SELECT count, steps, rollup FROM blocks WHERE layout = ? ORDER BY id"
    for count, s, rollup in db.execute(sql, (layout,)):
        means.append(unpack([rollup], np.float32, -(-count // BIN) * width).reshape(-1, width)[:, at])
        steps.append(_mean_steps([s], count))
    tail = db.execute("SELECT count, steps, data FROM frames WHERE layout = ? ORDER BY id", (layout,)).fetchall()
    if tail:
        count = sum(c for c, _, _ in tail)
        wide = unpack([d for _, _, d in tail], np.float32, count * width).reshape(count, width)
        means.append(bin_rows(wide[:, at], BIN))
        steps.append(_mean_steps([s for _, s, _ in tail], count))
    if not steps:
        return Piece(rows, np.empty(0), np.empty((len(rows), 0), np.float32))
    return Piece(rows, np.concatenate(steps), np.concatenate(means).T)


def _mean_steps(blobs: Sequence[bytes], count: int) -> np.ndarray:
    return bin_rows(unpack(blobs, np.int64, count)[:, None].astype(np.float64), BIN)[:, 0]
