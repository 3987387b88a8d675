"""kill -9, a full disk, a deleted folder, an endless reader: what was acknowledged is there."""

from __future__ import annotations

import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from auscult.runs import Run, RunWriter, list_runs
from auscult.runs.limits import Limits

COLUMNS = 16
NURSERY = """
# Forks writers and kills each at a random moment; forked, so that Python and NumPy start only once.
import os, random, select, signal, sys, time
from pathlib import Path
import numpy as np
from auscult.runs import RunWriter
from auscult.runs.limits import Limits
directory, kills, columns = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])

def write(folder, pipe, seed):
    rng = random.Random(seed)
    writer = RunWriter(folder, limits=Limits(commit_every_s=0.01))
    layouts = [writer.layout([("q", f"layer.{i}") for i in range(n)]) for n in (columns, columns - 1)]
    step, told = 0, -1
    while True:
        for _ in range(rng.randrange(1, 400)):
            short = step % 5 == 0
            values = np.arange(columns - short, dtype=np.float32) + step
            assert writer.frame(step, layouts[short], values)
            step += 1
        if rng.random() < 0.5:
            assert writer.flush(30)
        if writer.acknowledged > told:
            told = writer.acknowledged
            os.write(pipe, b"%d\\n" % told)

rng = random.Random(0)
for n in range(kills):
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(out)
            write(directory / f"run-{n:02}", into, n)
        finally:
            os._exit(1)  # a writer that fails ends by itself, which the parent notices
    os.close(into)
    heard, deadline = b"", None
    while deadline is None or time.monotonic() < deadline:
        # the clock starts at the first acknowledgement; some are killed before they have any
        wait = 30 if deadline is None else max(0, deadline - time.monotonic())
        if select.select([out], [], [], rng.uniform(0, 0.05) if n % 10 == 9 else wait)[0]:
            piece = os.read(out, 65536)
            assert piece, "the writer ended by itself"
            heard += piece
            deadline = deadline or time.monotonic() + rng.uniform(0, 0.25)
        elif n % 10 == 9:
            break
    os.kill(child, signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    while piece := os.read(out, 65536):
        heard += piece
    os.close(out)
    told = heard.decode().split("\\n")[:-1]
    print(n, told[-1] if told else -1, flush=True)
"""


def test_kill_9_at_50_moments(tmp_path):
    nursery = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", NURSERY, tmp_path, "50", str(COLUMNS)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert nursery.returncode == 0, nursery.stderr
    acknowledged = dict(map(int, line.split()) for line in nursery.stdout.splitlines())
    assert len(acknowledged) == 50
    in_blocks = 0
    for n, last in acknowledged.items():
        folder = tmp_path / f"run-{n:02}"
        if last == -1 and not (folder / "rank-0.sqlite").exists():
            continue  # killed before it had begun
        try:
            run = Run(folder)
        except Exception:
            assert last == -1  # killed while the file was made
            continue
        assert run.status == "lost"
        steps = run.steps
        assert steps > last
        matrix = run.matrix("q")
        if not steps:
            continue
        np.testing.assert_array_equal(matrix.steps, np.arange(steps))  # every acknowledged step, and none is missing
        wanted = np.arange(COLUMNS, dtype=np.float32)[:, None] + np.arange(steps, dtype=np.float32)
        wanted[-1, ::5] = np.nan
        np.testing.assert_array_equal(matrix.values, wanted)
        db = sqlite3.connect(run.file)
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        in_blocks += db.execute("SELECT count(*) FROM blocks").fetchone()[0]
        db.close()
    assert sum(last >= 0 for last in acknowledged.values()) >= 40
    assert in_blocks > 50  # so some were killed while blocks were made
    writer = RunWriter(tmp_path / "next")
    writer.frame(0, writer.layout([("q", "x")]), np.ones(1, np.float32))
    writer.close()
    assert writer.dropped == 0
    assert Run(tmp_path / "next").status == "finished"
    assert list_runs(tmp_path)[0].id == "next"


# -- the disk --------------------------------------------------------------------------------------


def fill(writer: RunWriter, layout: int, first: int, until, columns: int = 200) -> int:
    """Record steps from `first` on until `until()`; the next step. Fails where a frame blocks, or at last."""
    step, deadline, slowest = first, time.monotonic() + 30, 0.0
    while not until():
        assert time.monotonic() < deadline
        begin = time.perf_counter()
        writer.frame(step, layout, np.full(columns, step, np.float32))
        slowest = max(slowest, time.perf_counter() - begin)
        step += 1
        if step % 50 == 0:
            writer.flush(0.02)
    assert slowest < 1.0
    return step


def layout_of(writer: RunWriter, columns: int = 200) -> int:
    return writer.layout([("q", f"layer.{i}") for i in range(columns)])


def check(run: Run, writer: RunWriter, offered: int) -> None:
    """Every committed frame is read with its values, and every other one is counted."""
    read = run.series("q", "layer.199")
    np.testing.assert_array_equal(read.values, read.steps)
    assert len(read) == writer.frames
    assert writer.frames + writer.dropped == offered
    assert not np.isnan(run.matrix("q", bins=20).values).any()


SMALL = {"pending_bytes": 200_000, "retry_every_s": 0.02, "commit_every_s": 0.01, "close_grace_s": 0.1}


@pytest.mark.parametrize("reserve", [0, Limits().reserve_bytes])
def test_a_full_disk(small_disk, reserve):
    said: list[str] = []
    limits = Limits(reserve_bytes=reserve, **SMALL)
    writer = RunWriter(small_disk / "run", on_trouble=said.append, limits=limits)
    layout = layout_of(writer)
    step = fill(writer, layout, 0, lambda: said and writer.dropped > 500)
    assert len(said) == 1
    assert "\n" not in said[0]
    assert "full" in said[0]
    run = Run(small_disk / "run")
    assert run.status == "running"
    assert len(run.series("q", "layer.0")) == writer.frames > 0
    writer.close()
    assert len(said) == 1
    if reserve:
        assert run.status == "finished"
        assert run.bill.dropped_frames == writer.dropped
    check(run, writer, step)


def test_a_disk_that_has_room_again(small_disk):
    said: list[str] = []
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(400_000))
    writer = RunWriter(small_disk / "run", on_trouble=said.append, limits=Limits(reserve_bytes=0, **SMALL))
    layout = layout_of(writer)
    step = fill(writer, layout, 0, lambda: said and writer.dropped > 100)
    before = writer.frames
    ballast.unlink()
    step = fill(writer, layout, step, lambda: writer.frames >= before + 100)
    writer.close()
    assert len(said) == 1
    run = Run(small_disk / "run")
    assert run.series("q", "layer.0").steps[-1] > before
    check(run, writer, step)


def test_a_disk_that_is_full_from_the_start(small_disk):
    (small_disk / "ballast").write_bytes(bytes((1 << 20) - 4096))
    from auscult.errors import RunError

    with pytest.raises(RunError, match="choose another folder"):
        RunWriter(small_disk / "run")


LIMITED = """
import resource, sys
from pathlib import Path
import numpy as np
from auscult.runs import RunWriter
from auscult.runs.limits import Limits
resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, resource.RLIM_INFINITY))
said = []
limits = Limits(pending_bytes=200_000, retry_every_s=0.02, commit_every_s=0.01, close_grace_s=0.1)
writer = RunWriter(Path(sys.argv[1]), on_trouble=said.append, limits=limits)
layout = writer.layout([("q", f"layer.{i}") for i in range(200)])
step = 0
def offer():
    global step
    writer.frame(step, layout, np.full(200, step, np.float32))
    step += 1
    if step % 50 == 0:
        writer.flush(0.02)
while not said or writer.dropped < 300:
    offer()
full = writer.frames
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
while writer.frames < full + 300:
    offer()
writer.close()
print(full, writer.frames, writer.dropped, step, len(said))
"""


def test_files_that_may_not_grow(tmp_path):
    """Needs no small disk: a limit of the process keeps every file from growing, then is lifted."""
    assert signal.getsignal(signal.SIGXFSZ) == signal.SIG_IGN  # as Python sets it
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    done = subprocess.run([sys.executable, "-c", LIMITED, tmp_path / "run"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    full, frames, dropped, offered, said = map(int, done.stdout.split())
    assert 0 < full < frames
    assert frames + dropped == offered
    assert said == 1
    run = Run(tmp_path / "run")
    read = run.series("q", "layer.199")
    assert len(read) == frames
    np.testing.assert_array_equal(read.values, read.steps)
    assert run.status == "finished"
    assert run.bill.dropped_frames == dropped


@pytest.mark.parametrize("what", ["folder deleted", "file deleted", "folder moved", "another file in its place"])
def test_the_folder_is_gone(tmp_path, what):
    said: list[str] = []
    folder = tmp_path / "run"
    writer = RunWriter(folder, on_trouble=said.append, limits=Limits(**SMALL))
    layout = layout_of(writer)
    for step in range(100):
        writer.frame(step, layout, np.full(200, step, np.float32))
    assert writer.flush()
    if what == "folder deleted":
        shutil.rmtree(folder)
    elif what == "file deleted":
        writer.path.unlink()
    elif what == "folder moved":
        folder.rename(tmp_path / "moved")
    else:
        writer.path.unlink()
        writer.path.write_text("mine")
    for step in range(100, 400):
        writer.frame(step, layout, np.full(200, step, np.float32))
        writer.event(step, "epoch")
    assert not writer.flush()
    assert writer.dropped == 300
    assert writer.dropped_events == 300
    writer.frame(400, layout, np.full(200, 400, np.float32))
    writer.close()
    assert writer.dropped == 301
    assert len(said) == 1
    assert "gone" in said[0]
    if what.startswith("folder"):
        assert not folder.exists()
    elif what == "file deleted":
        assert not writer.path.exists()
    else:
        assert writer.path.read_text() == "mine"
    if what == "folder moved":
        assert len(Run(tmp_path / "moved").series("q", "layer.0")) == 100


def test_a_reader_that_never_lets_go(tmp_path):
    """The log cannot be emptied while an old reader looks at it: it is capped, and frames are dropped."""
    said: list[str] = []
    limits = Limits(wal_bytes=1 << 20, **SMALL)
    writer = RunWriter(tmp_path / "run", on_trouble=said.append, limits=limits)
    layout = layout_of(writer)
    step = fill(writer, layout, 0, lambda: writer.frames > 10)
    reader = sqlite3.connect(f"file:{writer.path}?mode=ro", uri=True)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM frames").fetchall()
    step = fill(writer, layout, step, lambda: said and writer.dropped > 100)
    assert len(said) == 1
    assert "reader" in said[0]
    log = Path(f"{writer.path}-wal")
    assert log.stat().st_size < limits.wal_bytes + 3 * limits.pending_bytes
    held = writer.frames
    reader.close()
    step = fill(writer, layout, step, lambda: writer.frames > held + 1000)
    writer.close()
    assert len(said) == 1
    assert [file.name for file in writer.path.parent.iterdir()] == ["rank-0.sqlite"]
    check(Run(tmp_path / "run"), writer, step)


def test_closing_under_a_reader(tmp_path):
    """Nothing is wrong, so nothing is said; the log stays beside the file and is read with it."""
    said: list[str] = []
    writer = RunWriter(tmp_path / "run", on_trouble=said.append)
    layout = layout_of(writer)
    for step in range(100):
        writer.frame(step, layout, np.full(200, step, np.float32))
    assert writer.flush()
    reader = sqlite3.connect(f"file:{writer.path}?mode=ro", uri=True)
    reader.execute("BEGIN")
    assert reader.execute("SELECT sum(count) FROM frames").fetchone() == (100,)
    writer.close()
    run = Run(tmp_path / "run")
    assert run.status == "finished"
    assert reader.execute("SELECT sum(count) FROM frames").fetchone() == (100,)
    reader.close()
    check(run, writer, 100)
    assert said == []
