"""`Run`: what rules and views see of a training. Reads while the run is still being written; needs no torch.

Every call opens the file, reads in one short transaction and closes it again, so a reader never keeps the
writer's log from being emptied.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np

from auscult.errors import RunError, RunNotFound
from auscult.runs import process
from auscult.runs import quantities as q
from auscult.runs.blobs import unpack_array
from auscult.runs.blocks import mean_groups
from auscult.runs.facts import (
    Bill,
    Event,
    Layer,
    Optimizer,
    Parameter,
    Status,
    Task,
    bill_from,
    layer_from,
    optimizer_from,
    parameter_from,
    task_from,
)
from auscult.runs.reading import (
    count_frames,
    on_one_grid,
    read_pieces,
    read_rollup,
    read_step,
    series_ids,
    snapshot,
)
from auscult.runs.schema import BIN, FILE, VERSION


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


@dataclass(frozen=True)
class Stored:
    """A larger thing of a step."""

    step: int
    subject: str
    values: np.ndarray


class Run:
    """A recorded training, finished or still going on.

    Raises RunNotFound where `folder` holds no run, RunError where its file cannot be read; so does every
    method where the damage lies in what it reads.
    """

    def __init__(self, folder: str | Path, rank: int = 0) -> None:
        self.path = Path(folder)
        self.file = self.path / FILE.format(rank=rank)
        try:
            self.id = self.path.resolve().name
            found = self.file.is_file()
        except OSError as e:
            raise RunError(f"cannot read {self.path}: {e.strerror}") from None
        if not found:
            raise RunNotFound(
                f"{self.path} is no run: it holds no {self.file.name}; `auscult ls` lists the runs there are"
            )
        version = self._meta().get("version")
        if version != VERSION:
            remedy = f"this auscult reads {VERSION}; use the auscult that wrote it"
            raise RunError(f"{self.file} has format {version}, {remedy}")

    def __repr__(self) -> str:
        try:
            return f"<auscult run {self.id}: {self.status}, {self.steps} steps>"
        except RunError:
            return f"<auscult run {self.id}: cannot be read>"

    # -- facts -------------------------------------------------------------------------------------

    def fact(self, key: str, default: Any = None) -> Any:
        """One fact of the run (command, versions, seeds, …), read now."""
        return self._meta().get(key, default)

    @property
    def status(self) -> Status:
        """running, finished, failed, or lost: said to be running by a process that is gone."""
        with snapshot(self.file) as db:
            meta = _facts(db)
            status, writer, heartbeat = meta["status"], dict(meta["process"]), float(meta["heartbeat"])
        return "lost" if status == "running" and not process.is_alive(writer, heartbeat) else status

    @property
    def started(self) -> float:
        """When the run began, in seconds since the epoch."""
        with snapshot(self.file) as db:
            return float(_facts(db).get("started", 0.0))

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The watched tensors, in the order of the model."""
        with snapshot(self.file) as db:
            return tuple(parameter_from(p) for p in _facts(db).get("parameters", []))

    @property
    def optimizers(self) -> tuple[Optimizer, ...]:
        """The optimizers that stepped."""
        with snapshot(self.file) as db:
            return tuple(optimizer_from(o) for o in _facts(db).get("optimizers", []))

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The places of the network where something is measured, in the order of the forward pass."""
        return tuple(layer_from(record) for record in self.fact("layers", []))

    @property
    def task(self) -> Task | None:
        """What the loss is; None where that was not looked at."""
        record = self.fact("task")
        return task_from(record) if record else None

    @property
    def notes(self) -> dict[str, str | list[str]]:
        """Words its user kept with the run, by name."""
        return dict(self.fact("notes", {}))

    @property
    def bill(self) -> Bill:
        """What listening cost so far; what the writer dropped after the last bill is in it."""
        with snapshot(self.file) as db:
            meta = _facts(db)
            return bill_from(meta.get("bill", {}), meta.get("writer", {}))

    @property
    def steps(self) -> int:
        """Steps the training made, looked at or not, as far as is known."""
        with snapshot(self.file) as db:
            last = db.execute("SELECT max(last) FROM frames UNION ALL SELECT max(last) FROM blocks").fetchall()
            billed = int(_facts(db).get("bill", {}).get("steps", 0))
            return max(billed, *(0 if s is None else s + 1 for (s,) in last))

    def events(self, kind: str | None = None) -> tuple[Event, ...]:
        """What happened, in order; all kinds or one."""
        with snapshot(self.file) as db:
            rows = db.execute(
                "SELECT step, time, kind, data FROM events WHERE ?1 IS NULL OR kind = ?1 ORDER BY id", (kind,)
            )
            return tuple(Event(step, when, k, json.loads(data)) for step, when, k, data in rows)

    @property
    def quantities(self) -> dict[str, tuple[str, ...]]:
        """The recorded quantities and the subjects of each, in the order they were first recorded."""
        with snapshot(self.file) as db:
            return _quantities(db)

    # -- numbers -----------------------------------------------------------------------------------

    def series(self, quantity: str, subject: str = "") -> Series:
        """One quantity over steps; the subject is a parameter's name, or empty for the whole step.

        An empty Series where that was never recorded. Raises RunError where nothing of that name ever is.
        """
        with snapshot(self.file) as db:
            _check(db, quantity)
            steps, values = on_one_grid(read_pieces(db, series_ids(db, quantity, [subject])), 1)
        return Series(steps, values[0])

    def table(self, *quantities: str, subject: str = "") -> np.ndarray:
        """A structured array, a row for each recorded step: `step` (int64) and a float32 field a quantity."""
        with snapshot(self.file) as db:
            _check(db, *quantities)
            ids = [series_ids(db, quantity, [subject])[0] for quantity in quantities]
            steps, values = on_one_grid(read_pieces(db, ids), len(ids))
        table = np.empty(len(steps), [("step", np.int64), *((q, np.float32) for q in quantities)])
        table["step"] = steps
        for quantity, column in zip(quantities, values, strict=True):
            table[quantity] = column
        return table

    def matrix(self, quantity: str, subjects: Sequence[str] | None = None, bins: int | None = None) -> Matrix:
        """One quantity of many subjects (all that have it, unless named) on one grid of steps.

        With `bins`, at most so many columns: means of the finite values of neighbouring frames, read from the
        roll-up where that is fine enough.
        """
        if bins is not None and bins < 1:
            raise ValueError(f"bins must be at least 1, not {bins}")
        with snapshot(self.file) as db:
            _check(db, quantity)
            subjects = tuple(_quantities(db).get(quantity, ()) if subjects is None else subjects)
            ids = series_ids(db, quantity, subjects)
            coarse = bins is not None and count_frames(db, ids) > BIN * bins
            steps, values = on_one_grid((read_rollup if coarse else read_pieces)(db, ids), len(ids))
        if bins is not None and len(steps) > bins:
            starts = np.linspace(0, len(steps), bins + 1).astype(np.int64)[:-1]
            values = mean_groups(values, starts, axis=1)
            steps = mean_groups(steps[None].astype(np.float64), starts, axis=1)[0]
        return Matrix(steps.astype(np.float64), subjects, values)

    def at(self, step: int, quantity: str, subjects: Sequence[str] | None = None) -> dict[str, float]:
        """One quantity of every subject (or of those named) at one step; NaN where nothing was recorded."""
        with snapshot(self.file) as db:
            _check(db, quantity)
            subjects = tuple(_quantities(db).get(quantity, ()) if subjects is None else subjects)
            values = read_step(db, step, series_ids(db, quantity, subjects))
        return dict(zip(subjects, values.tolist(), strict=True))

    def arrays(self, kind: str, subject: str | None = None) -> tuple[Stored, ...]:
        """The larger things of one kind, of all subjects or one, in the order of their steps."""
        with snapshot(self.file) as db:
            rows = db.execute(
                "SELECT step, subject, data, dtype, shape FROM arrays WHERE kind = ?1 AND (?2 IS NULL OR subject = ?2) "
                "ORDER BY step, id",
                (kind, subject),
            )
            return tuple(Stored(step, name, unpack_array(*packed)) for step, name, *packed in rows)

    def _meta(self) -> dict[str, Any]:
        with snapshot(self.file) as db:
            return _facts(db)


def _facts(db: sqlite3.Connection) -> dict[str, Any]:
    return {key: json.loads(value) for key, value in db.execute("SELECT key, value FROM meta")}


def _check(db: sqlite3.Connection, *quantities: str) -> None:
    """Whether there are such quantities: in other runs, or at least in this one, once something is recorded in it."""
    for quantity in quantities:
        recorded = {} if quantity.partition("[")[0] in q.KNOWN else _quantities(db)
        if recorded and quantity not in recorded:
            near = get_close_matches(quantity, {*recorded, *q.KNOWN}, 3)
            meant = f"did you mean {' or '.join(near)}" if near else f"this run has {', '.join(recorded)}"
            raise RunError(f"there is no quantity {quantity!r}; {meant}")


def _quantities(db: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for quantity, subject in db.execute("SELECT quantity, subject FROM series ORDER BY id"):
        found.setdefault(quantity, []).append(subject)
    return {quantity: tuple(subjects) for quantity, subjects in found.items()}
