"""`Run`: what rules and views see of a training. Reads while the run is still being written; needs no torch.

Every call opens the file, reads in one short transaction and closes it again, so a reader never keeps the writer's log
from being emptied.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from auscult.errors import RunError, RunNotFound
from auscult.runs import process
from auscult.runs.blocks import bin_rows, mean_finite
from auscult.runs.facts import Bill, Event, Optimizer, Parameter, Status, optimizer_from, parameter_from
from auscult.runs.schema import BIN, FILE, SERIES_SHIFT, VERSION


@dataclass(frozen=True)
class Series:
    """One quantity of one subject over the steps it was recorded at; NaN is undefined, ±inf is meant."""

    steps: np.ndarray  # (n,) int64, ascending
    values: np.ndarray  # (n,) float32

    def __len__(self) -> int:
        return len(self.steps)


@dataclass(frozen=True)
class Matrix:
    """One quantity of many subjects over steps, all on one grid; NaN where a subject has no value."""

    steps: np.ndarray  # (n,) float64: a bin's mean step
    subjects: tuple[str, ...]
    values: np.ndarray  # (subjects, n) float32


class Run:
    """A recorded training, finished or still going on.

    Raises RunNotFound where `folder` holds no run, RunError where its file cannot be read.
    """

    def __init__(self, folder: str | Path, rank: int = 0) -> None:
        self.path = Path(folder)
        self.id = self.path.resolve().name
        self.file = self.path / FILE.format(rank=rank)
        if not self.file.is_file():
            raise RunNotFound(f"{self.path} is no run: it holds no {self.file.name}; `auscult ls` lists the runs there are")
        version = self._meta().get("version")
        if version != VERSION:
            raise RunError(f"{self.file} has format {version}, this auscult reads {VERSION}; use the auscult that wrote it")

    def __repr__(self) -> str:
        return f"<auscult run {self.id}: {self.status}, {self.steps} steps>"

    # -- facts --------------------------------------------------------------------------------------------------

    def fact(self, key: str, default: Any = None) -> Any:
        """One fact of the run (command, versions, seeds, …), read now."""
        return self._meta().get(key, default)

    @property
    def status(self) -> Status:
        """running, finished, failed, or lost: said to be running by a process that is gone."""
        meta = self._meta()
        if meta["status"] == "running" and not process.is_alive(meta["process"], meta.get("heartbeat", 0.0)):
            return "lost"
        return meta["status"]

    @property
    def started(self) -> float:
        """When the run began, in seconds since the epoch."""
        return float(self.fact("started", 0.0))

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The watched tensors, in the order of the model."""
        return tuple(parameter_from(p) for p in self.fact("parameters", []))

    @property
    def optimizers(self) -> tuple[Optimizer, ...]:
        """The optimizers that stepped."""
        return tuple(optimizer_from(o) for o in self.fact("optimizers", []))

    @property
    def bill(self) -> Bill:
        """What listening cost so far."""
        return Bill(**self.fact("bill", {}))

    @property
    def steps(self) -> int:
        """Steps the training made, looked at or not, as far as is known."""
        with self._open() as db:
            last = db.execute("SELECT max(step) FROM frames").fetchone()[0]
            block = db.execute("SELECT max(last) FROM blocks").fetchone()[0]
        return max(self.bill.steps, *(0 if s is None else s + 1 for s in (last, block)))

    def events(self, kind: str | None = None) -> tuple[Event, ...]:
        """What happened, in order; all kinds or one."""
        with self._open() as db:
            rows = db.execute(
                "SELECT step, time, kind, data FROM events WHERE ? IS NULL OR kind = ? ORDER BY id", (kind, kind)
            ).fetchall()
        return tuple(Event(step, when, k, json.loads(data)) for step, when, k, data in rows)

    @property
    def quantities(self) -> dict[str, tuple[str, ...]]:
        """The recorded quantities and the subjects of each, in the order they were first recorded."""
        found: dict[str, list[str]] = {}
        for quantity, subject in self._columns():
            found.setdefault(quantity, []).append(subject)
        return {quantity: tuple(subjects) for quantity, subjects in found.items()}

    # -- numbers ------------------------------------------------------------------------------------------------

    def series(self, quantity: str, subject: str = "") -> Series:
        """One quantity over steps; the subject is a parameter's name, or empty for what belongs to the whole step.

        An empty Series where that was never recorded.
        """
        with self._open() as db:
            return self._series(db, quantity, subject)

    def table(self, *quantities: str, subject: str = "") -> np.ndarray:
        """A structured array with a row for each recorded step: `step` (int64) and a float32 field for each quantity."""
        with self._open() as db:
            read = {q: self._series(db, q, subject) for q in quantities}
        steps = np.unique(np.concatenate([s.steps for s in read.values()] or [np.empty(0, np.int64)]))
        table = np.full(len(steps), np.nan, [("step", np.int64), *((q, np.float32) for q in quantities)])
        table["step"] = steps
        for q, s in read.items():
            table[q][np.searchsorted(steps, s.steps)] = s.values
        return table

    def matrix(self, quantity: str, subjects: Sequence[str] | None = None, bins: int | None = None) -> Matrix:
        """One quantity of many subjects (all that have it, unless named) on one grid of steps.

        With `bins`, at most so many columns: means of the finite values of neighbouring frames, read from the roll-up
        where that is fine enough.
        """
        with self._open() as db:
            subjects = tuple(self.quantities.get(quantity, ()) if subjects is None else subjects)
            ids = [self._series_id(db, quantity, s) for s in subjects]
            frames = db.execute("SELECT coalesce(sum(count), 0) FROM blocks").fetchone()[0]
            frames += db.execute("SELECT count(*) FROM frames").fetchone()[0]
            if bins is not None and frames > BIN * bins:
                steps, values = self._rolled_up(db, ids)
            else:
                steps, values = self._on_one_grid([self._series(db, quantity, s) for s in subjects])
        if bins is not None and len(steps) > bins:
            edges = np.linspace(0, len(steps), bins + 1).astype(int)
            pairs = list(zip(edges[:-1], edges[1:], strict=True))
            values = np.stack([mean_finite(values[:, a:b], axis=1) for a, b in pairs], axis=1)
            steps = np.array([steps[a:b].mean() for a, b in pairs])
        return Matrix(steps, subjects, values)

    # -- reading ------------------------------------------------------------------------------------------------

    def _series(self, db: sqlite3.Connection, quantity: str, subject: str) -> Series:
        series = self._series_id(db, quantity, subject)
        if series is None:
            return Series(np.empty(0, np.int64), np.empty(0, np.float32))
        low, high = series << SERIES_SHIFT, (series + 1) << SERIES_SHIFT
        rows = db.execute(
            "SELECT b.steps, c.data FROM chunks c JOIN blocks b ON b.id = c.id - ? WHERE c.id >= ? AND c.id < ?",
            (low, low, high),
        ).fetchall()
        steps = [np.frombuffer(s, np.int64) for s, _ in rows]
        values = [np.frombuffer(v, np.float32) for _, v in rows]
        for layout, columns in self._layouts(db).items():
            at = np.flatnonzero(columns == series)
            if len(at):
                tail = db.execute(
                    "SELECT step, substr(data, ?, 4) FROM frames WHERE layout = ?", (4 * int(at[0]) + 1, layout)
                ).fetchall()
                steps.append(np.array([s for s, _ in tail], np.int64))
                values.append(np.frombuffer(b"".join(v for _, v in tail), np.float32))
        all_steps = np.concatenate(steps or [np.empty(0, np.int64)])
        all_values = np.concatenate(values or [np.empty(0, np.float32)])
        if np.any(np.diff(all_steps) < 0):  # several layouts take turns
            order = np.argsort(all_steps, kind="stable")
            all_steps, all_values = all_steps[order], all_values[order]
        return Series(all_steps, all_values)

    @staticmethod
    def _on_one_grid(read: list[Series]) -> tuple[np.ndarray, np.ndarray]:
        steps = np.unique(np.concatenate([s.steps for s in read] or [np.empty(0, np.int64)]))
        values = np.full((len(read), len(steps)), np.nan, np.float32)
        for row, s in zip(values, read, strict=True):
            row[np.searchsorted(steps, s.steps)] = s.values
        return steps.astype(np.float64), values

    def _rolled_up(self, db: sqlite3.Connection, ids: list[int | None]) -> tuple[np.ndarray, np.ndarray]:
        layouts = self._layouts(db)
        at = {n: _positions(columns, ids) for n, columns in layouts.items()}
        steps, rows = [], []
        for layout, s, rollup in db.execute("SELECT layout, steps, rollup FROM blocks ORDER BY first"):
            wide = np.frombuffer(rollup, np.float32).reshape(-1, len(layouts[layout]))
            rows.append(_take(wide, at[layout]))
            steps.append(bin_rows(np.frombuffer(s, np.int64)[:, None].astype(np.float64), BIN)[:, 0])
        for layout in layouts:
            tail = db.execute("SELECT step, data FROM frames WHERE layout = ? ORDER BY step", (layout,)).fetchall()
            if tail:
                wide = np.frombuffer(b"".join(d for _, d in tail), np.float32).reshape(len(tail), -1)
                rows.append(bin_rows(_take(wide, at[layout]), BIN))
                steps.append(bin_rows(np.array([[s] for s, _ in tail], np.float64), BIN)[:, 0])
        all_steps = np.concatenate(steps).astype(np.float64)
        order = np.argsort(all_steps, kind="stable")
        return all_steps[order], np.ascontiguousarray(np.concatenate(rows)[order].T)

    def _layouts(self, db: sqlite3.Connection) -> dict[int, np.ndarray]:
        return {n: np.frombuffer(columns, np.int32) for n, columns in db.execute("SELECT id, columns FROM layouts")}

    def _columns(self) -> list[tuple[str, str]]:
        with self._open() as db:
            return db.execute("SELECT quantity, subject FROM series ORDER BY id").fetchall()

    @staticmethod
    def _series_id(db: sqlite3.Connection, quantity: str, subject: str) -> int | None:
        row = db.execute("SELECT id FROM series WHERE quantity = ? AND subject = ?", (quantity, subject)).fetchone()
        return row[0] if row else None

    def _meta(self) -> dict[str, Any]:
        with self._open() as db:
            return {key: json.loads(value) for key, value in db.execute("SELECT key, value FROM meta")}

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        # Reading a log needs its index beside it, which cannot be made in a folder one may not write to.
        sealed = not os.access(self.path, os.W_OK) and not Path(f"{self.file}-shm").exists()
        mode = "immutable=1" if sealed else "mode=ro"
        try:
            db = sqlite3.connect(f"{self.file.absolute().as_uri()}?{mode}", uri=True, timeout=5)
            try:
                db.execute("BEGIN")
                yield db
            finally:
                db.close()
        except sqlite3.Error as e:
            raise RunError(f"cannot read {self.file}: {e}; the file is cut or damaged, or no run of auscult's") from None


def _positions(columns: np.ndarray, ids: list[int | None]) -> np.ndarray:
    """Where each id stands in a layout, -1 where it does not."""
    place = {int(series): at for at, series in enumerate(columns)}
    return np.array([-1 if i is None else place.get(i, -1) for i in ids], int)


def _take(wide: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Columns `at` of `wide` (rows, columns), NaN where -1."""
    taken = wide[:, np.maximum(at, 0)].copy() if wide.shape[1] else np.empty((len(wide), len(at)), np.float32)
    taken[:, at < 0] = np.nan
    return taken
