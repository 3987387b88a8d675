"""The store of a run against its numbers, beside a table with a row a value and a .npy file.

    python benchmarks/store.py [--quick]

Writes 1e8 values (1,000 series of 1e5 steps; 1e6 with --quick) to a temporary folder and deletes them
afterwards. The naive table gets 1e6 values at most, being slow; what is compared is the time and the room a
value takes. Exits 1 where the full run misses a number the store has to hold.
"""

from __future__ import annotations

import argparse
import platform
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

from auscult.runs import Run, RunWriter

NAIVE_SERIES = 10
PACE = 1e5  # values a second that a training gives
HEATMAP = (200, 1000)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="1e6 values instead of 1e8, and no judgement")
    quick = parser.parse_args().quick
    series, steps = (100, 10_000) if quick else (1000, 100_000)
    seconds = 3 if quick else 20
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    print(f"{versions}, {series:,} series of {steps:,} steps\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = Table()
        pool = np.random.default_rng(0).standard_normal((1000, series), np.float32)
        ours = flat_out(folder / "ours", pool, steps)
        narrow = flat_out(folder / "narrow", pool[:, :20], steps)
        naive = row_a_value(folder / "naive.sqlite", pool, steps)
        npy = one_array(folder / "all.npy", pool, steps)
        table.row("values/s written, flat out", ours["rate"], naive["rate"], npy["rate"], best=max)
        table.row("  the same, 20 series", narrow["rate"])
        table.row("µs a frame in the training's thread", ours["frame_us"])
        table.row("writer's CPU s per 1e5 values, flat out", ours["cpu"], naive["cpu"], npy["cpu"], hold=0.03)
        table.row("  the same, 20 series", narrow["cpu"], hold=0.03)
        for width in (1000, 100, 20):
            cpu = paced(folder / f"paced-{width}", width, seconds)
            table.row(f"  paced at 1e5 values/s, {width:,} series", cpu, hold=0.03)
        table.row("bytes a value on disk", ours["bytes"], naive["bytes"], npy["bytes"])
        run = Run(folder / "ours")
        rng = np.random.default_rng(1)
        some = [f"layer.{i}" for i in rng.choice(series, min(series, HEATMAP[0]), replace=False)]
        read = timed(lambda: run.series("q", f"layer.{rng.integers(series)}"), 50)
        name = f"s, any series of {steps:,} steps"
        table.row(name, median(read), naive["series"], npy["series"], hold=0.01)
        table.row("  the slowest of 50", max(read))
        read = median(timed(lambda: run.matrix("q", some, bins=HEATMAP[1]), 9))
        table.row(f"s, heatmap of {len(some)} × {HEATMAP[1]:,}", read, None, npy["heatmap"], hold=0.2)
        read = median(timed(lambda: run.at(int(rng.integers(steps)), "q"), 20))
        table.row("s, one step of all series", read, None, npy["step"])
        live = while_written(folder / "live", pool, min(steps, 20_000))
        table.row("s, a series while it is written, the slowest", live)
        table.print()
    return 0 if quick or table.held else 1


class Table:
    """Rows of measurements; ours first, then what it is compared with as a ratio to ours."""

    def __init__(self) -> None:
        self.held = True
        self._rows: list[tuple[str, ...]] = []

    def row(
        self,
        name: str,
        ours: float,
        naive: float | None = None,
        npy: float | None = None,
        hold: float | None = None,
        best: Callable[..., float] = min,
    ) -> None:
        ok = hold is None or ours <= hold
        self.held &= ok
        ratios = [None if x is None else (ours / x if best is max else x / ours) for x in (naive, npy)]
        others = ["" if x is None else f"{_short(x)} ({r:.2g}×)" for x, r in zip((naive, npy), ratios, strict=True)]
        verdict = "" if hold is None else f"{'holds' if ok else 'MISSES'} {hold:g}"
        self._rows.append((name, _short(ours), *others, verdict))

    def print(self) -> None:
        rows = [("", "auscult", "row a value", ".npy", "to hold"), *self._rows]
        widths = [max(len(row[i]) for row in rows) for i in range(5)]
        for row in rows:
            cells = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
            print("  ".join([row[0].ljust(widths[0]), *cells[1:]]))
        print("\n(n×): how many times better ours is; below 1, worse. Reading: medians, file cached.")


def flat_out(folder: Path, pool: np.ndarray, steps: int) -> dict[str, float]:
    """Write as fast as the store takes it."""
    width = pool.shape[1]
    begin = time.perf_counter()
    writer = RunWriter(folder)
    layout = writer.layout([("q", f"layer.{i}") for i in range(width)])
    handing = 0.0
    for first in range(0, steps, 1000):
        t = time.perf_counter()
        for step in range(first, min(first + 1000, steps)):
            writer.frame(step, layout, pool[step % 1000])
        handing += time.perf_counter() - t
        writer.flush(60)
    writer.close()
    wall = time.perf_counter() - begin
    if writer.dropped:
        raise SystemExit(f"{writer.dropped} frames were dropped")
    values = steps * width
    return {
        "rate": values / wall,
        "frame_us": handing / steps * 1e6,
        "cpu": writer.cpu_s / values * 1e5,
        "bytes": _bytes(folder) / values,
    }


def paced(folder: Path, width: int, seconds: float) -> float:
    """CPU seconds of the writer's thread for each second of frames that come at PACE values a second."""
    writer = RunWriter(folder)
    layout = writer.layout([("q", f"layer.{i}") for i in range(width)])
    values = np.random.default_rng(2).standard_normal(width, np.float32)
    begin = time.perf_counter()
    frames = int(PACE / width * seconds)
    for step in range(frames):
        wait = begin + step * width / PACE - time.perf_counter()
        if wait > 0.001:
            time.sleep(wait)
        writer.frame(step, layout, values)
    writer.close()
    return writer.cpu_s / (frames * width) * 1e5


def while_written(folder: Path, pool: np.ndarray, steps: int) -> float:
    """The slowest read of a series while frames go on being written."""
    writer = RunWriter(folder)
    layout = writer.layout([("q", f"layer.{i}") for i in range(pool.shape[1])])
    run, times = Run(folder), []
    for step in range(steps):
        writer.frame(step, layout, pool[step % 1000])
        if step % 500 == 499:
            writer.flush(60)
            t = time.perf_counter()
            read = run.series("q", "layer.7")
            times.append(time.perf_counter() - t)
            if len(read) != step + 1:
                raise SystemExit(f"{len(read)} of {step + 1} steps were read")
    writer.close()
    return max(times)


def row_a_value(path: Path, pool: np.ndarray, steps: int) -> dict[str, float]:
    """What one would write first: a table (step, series, value), committed every step."""
    steps = min(steps, 100_000)
    begin, cpu = time.perf_counter(), time.thread_time()
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=NORMAL")
    db.execute("CREATE TABLE v (step INTEGER, series INTEGER, value REAL)")
    db.execute("CREATE INDEX by_series ON v (series, step)")
    for step in range(steps):
        db.execute("BEGIN")
        row = pool[step % 1000, :NAIVE_SERIES].tolist()
        db.executemany("INSERT INTO v VALUES (?, ?, ?)", ((step, i, x) for i, x in enumerate(row)))
        db.execute("COMMIT")
    db.execute("PRAGMA journal_mode=DELETE")
    values = steps * NAIVE_SERIES
    wall, cpu = time.perf_counter() - begin, time.thread_time() - cpu

    def series() -> np.ndarray:
        return np.array(db.execute("SELECT step, value FROM v WHERE series = 3 ORDER BY step").fetchall())

    found = {
        "rate": values / wall,
        "cpu": cpu / values * 1e5,
        "bytes": path.stat().st_size / values,
        "series": median(timed(series, 5)),
    }
    db.close()
    return found


def one_array(path: Path, pool: np.ndarray, steps: int) -> dict[str, float]:
    """An array saved at the end: not readable before, lost with the process, but as fast as files are."""
    values = np.ascontiguousarray(np.tile(pool, (steps // 1000, 1)).T)  # (series, steps)
    begin, cpu = time.perf_counter(), time.thread_time()
    np.save(path, values)
    wall, cpu = time.perf_counter() - begin, time.thread_time() - cpu
    mapped = np.load(path, mmap_mode="r")
    rows = np.random.default_rng(3).choice(len(values), min(len(values), HEATMAP[0]), replace=False)
    bins = min(HEATMAP[1], steps)
    return {
        "rate": values.size / wall,
        "cpu": cpu / values.size * 1e5,
        "bytes": path.stat().st_size / values.size,
        "series": median(timed(lambda: np.array(mapped[3]), 5)),
        "heatmap": median(timed(lambda: mapped[rows].reshape(len(rows), bins, -1).mean(2), 3)),
        "step": median(timed(lambda: np.array(mapped[:, 77]), 5)),
    }


def timed(read: Callable[[], object], times: int) -> list[float]:
    """Seconds of each of several, after one that is not counted."""
    read()
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        read()
        taken.append(time.perf_counter() - begin)
    return taken


def _bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())


def _short(x: float) -> str:
    return f"{x:,.0f}" if x >= 1000 else f"{x:.3g}"


if __name__ == "__main__":
    sys.exit(main())
