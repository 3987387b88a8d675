"""The writer beside a training: live reading, bounds, forks, faults of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from auscult.runs import Run, RunWriter, process
from auscult.runs.limits import Limits


def row(step: int, columns: int = 3) -> np.ndarray:
    return (step + np.arange(columns) / 8).astype(np.float32)


@pytest.fixture
def open_writer(tmp_path):
    made: list[RunWriter] = []

    def make(name: str = "run", **settings) -> tuple[RunWriter, int, list[str]]:
        said: list[str] = []
        limits = Limits(**settings)
        writer = RunWriter(tmp_path / name, on_trouble=said.append, limits=limits)
        made.append(writer)
        return writer, writer.layout([("q", f"layer.{i}") for i in range(3)]), said

    yield make
    for writer in made:
        writer.close()


READER = """
import sys
import numpy as np
from auscult.runs import Run
run, seen, looks = Run(sys.argv[1]), 0, 0
print("ready", flush=True)
while True:
    status = run.status  # before the values: a finished run is then read whole
    series, table = run.series("q", "layer.2"), run.table("q", subject="layer.1")
    matrix = run.matrix("q", bins=50)
    n = len(series)
    assert n >= seen, "steps that were there are gone"
    assert np.array_equal(series.steps, np.arange(n)), "a step is missing"
    assert np.array_equal(series.values, series.steps.astype(np.float32) + 0.25)
    assert len(table) >= n and np.array_equal(table["q"], table["step"].astype(np.float32) + 0.125)
    assert not np.isnan(matrix.values).any()
    assert run.steps >= len(table)
    run.events(), run.quantities, run.bill, run.at(n - 1, "q")
    seen, looks = n, looks + 1
    if status != "running":
        break
print(seen, looks, status, flush=True)
"""


def test_reading_while_it_is_written(open_writer):
    """20,000 frames while another process and a thread of this one read everything over and over."""
    writer, layout, said = open_writer(commit_every_s=0.005)
    writer.frame(0, layout, row(0))
    assert writer.flush()
    folder = writer.path.parent
    reader = subprocess.Popen([sys.executable, "-c", READER, folder], stdout=subprocess.PIPE, text=True)
    assert reader.stdout.readline() == "ready\n"
    looks, faults, done = [], [], threading.Event()

    def look() -> None:
        try:
            run = Run(folder)
            while not done.is_set():
                read = run.series("q", "layer.0")
                np.testing.assert_array_equal(read.steps, np.arange(len(read)))
                np.testing.assert_array_equal(read.values, read.steps)
                looks.append(len(read))
        except BaseException as e:
            faults.append(e)

    thread = threading.Thread(target=look)
    thread.start()
    for step in range(1, 20_000):
        assert writer.frame(step, layout, row(step))
        if step % 500 == 0:
            assert writer.flush(30)
    done.set()
    thread.join()
    writer.close()
    out, _ = reader.communicate(timeout=60)
    assert reader.returncode == 0
    assert out.split()[0::2] == ["20000", "finished"]
    assert int(out.split()[1]) > 2
    assert not faults
    assert len(set(looks)) > 3
    assert looks == sorted(looks)
    assert (writer.dropped, said) == (0, [])


def test_flush_acknowledges(open_writer):
    writer, layout, _ = open_writer(commit_every_s=60.0)
    assert writer.flush()
    assert writer.acknowledged == -1
    for step in range(10):
        writer.frame(step, layout, row(step))
    assert writer.flush()
    assert (writer.acknowledged, writer.frames) == (9, 10)
    assert len(Run(writer.path.parent).series("q", "layer.0")) == 10


def test_a_frame_is_a_copy(open_writer):
    writer, layout, _ = open_writer()
    buffer = row(0)
    writer.frame(0, layout, buffer)
    buffer[:] = -1
    writer.frame(1, layout, buffer.astype(np.float64)[::-1])
    assert writer.flush()
    assert Run(writer.path.parent).matrix("q").values.T.tolist() == [row(0).tolist(), [-1, -1, -1]]


def test_close_twice_and_everything_after_it(open_writer):
    writer, layout, said = open_writer()
    writer.frame(0, layout, row(0))
    writer.close()
    writer.close("failed", "too late")
    assert not writer.frame(1, layout, row(1))
    writer.event(1, "epoch")
    writer.fact("status", "failed")
    assert not writer.flush()
    assert (writer.dropped, writer.dropped_events, said) == (1, 1, [])
    run = Run(writer.path.parent)
    assert (run.status, run.steps) == ("finished", 1)
    assert not writer._thread.is_alive()
    assert writer.cpu_s > 0


def test_a_full_queue_drops_and_counts_and_never_waits(open_writer):
    """The thread is kept from committing, as a slow disk would keep it."""
    writer, layout, said = open_writer(pending_bytes=100 * 212, commit_every_s=0.01)
    taken = []
    with writer._file._guard:
        begin = time.monotonic()
        taken = [writer.frame(step, layout, row(step)) for step in range(300)]
        for _ in range(10_000):
            writer.event(0, "epoch", number=1)
        writer.fact("kept", True)
        assert time.monotonic() - begin < 2
    assert taken == [True] * 100 + [False] * 200
    assert writer.dropped == 200
    assert writer.dropped_events == 10_000
    assert writer.flush()
    assert writer.frame(300, layout, row(300))
    writer.close()
    run = Run(writer.path.parent)
    assert run.series("q", "layer.0").steps.tolist() == [*range(100), 300]
    assert run.bill.dropped_frames == 200
    assert run.fact("kept") is True
    assert said == []


def test_several_threads_may_record(open_writer):
    writer, layout, _ = open_writer(commit_every_s=0.001)

    def write(first: int) -> None:
        for step in range(first, 8000, 4):
            writer.frame(step, layout, row(step))
            writer.layout([("q", f"layer.{step % 7}")])

    threads = [threading.Thread(target=write, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert writer.flush()
    assert (writer.frames, writer.dropped) == (8000, 0)
    np.testing.assert_array_equal(Run(writer.path.parent).series("q", "layer.0").values, np.arange(8000))


def test_a_frame_that_does_not_fit_is_dropped_and_said(open_writer):
    writer, layout, said = open_writer()
    assert not writer.frame(0, layout, row(0, columns=4))
    assert not writer.frame(0, 77, row(0))
    assert writer.frame(1, layout, row(1))
    assert writer.flush()
    assert (writer.dropped, len(said)) == (2, 1)
    assert "4 values does not fit layout 1" in said[0]
    assert Run(writer.path.parent).series("q", "layer.0").steps.tolist() == [1]


def test_a_fault_of_ours_is_said_once_and_the_rest_goes_on(open_writer, monkeypatch):
    writer, layout, said = open_writer(retry_every_s=0.01)
    commit = writer._file.commit_frames
    monkeypatch.setattr(writer._file, "commit_frames", lambda frames: 1 / 0)
    for step in range(3):
        writer.frame(step, layout, row(step))
        assert not writer.flush()
    assert writer.dropped == 3
    monkeypatch.setattr(writer._file, "commit_frames", commit)
    writer.frame(3, layout, row(3))
    assert writer.flush()
    assert writer.acknowledged == 3
    assert len(said) == 1
    assert "ZeroDivisionError" in said[0]


def test_even_a_dead_thread_drops_and_counts(open_writer, monkeypatch):
    writer, layout, said = open_writer()
    monkeypatch.setattr(writer._intake, "take", lambda: 1 / 0)
    writer.frame(0, layout, row(0))
    writer._wake.set()
    writer._thread.join(10)
    assert not writer.frame(1, layout, row(1))
    writer.close()
    assert writer.dropped >= 1
    assert len(said) == 1


def test_a_listener_that_raises_does_not_end_the_thread(tmp_path):
    def listen(message: str) -> None:
        raise RuntimeError(message)

    writer = RunWriter(tmp_path / "run", on_trouble=listen)
    layout = writer.layout([("q", "x")])
    writer.path.rename(tmp_path / "moved")
    writer.frame(0, layout, np.zeros(1))
    assert not writer.flush()
    assert writer._thread.is_alive()
    writer.close()


def test_a_signal_handler_may_record(open_writer):
    """A handler runs between any two steps of its thread, also while that thread hands over a frame."""
    import signal

    writer, layout, _ = open_writer()
    recorded = []

    def handle(*_: object) -> None:
        recorded.append(writer.frame(100_000 + len(recorded), layout, row(0)))

    before = signal.signal(signal.SIGALRM, handle)
    signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
    try:
        for step in range(20_000):
            writer.frame(step, layout, row(step))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert writer.flush()
    assert recorded
    assert all(recorded)
    assert writer.frames == 20_000 + len(recorded)


FORKING = """
import gc, os, sys
from pathlib import Path
import numpy as np
from auscult.runs import Run, RunWriter
from auscult.runs.limits import Limits
said = []
writer = RunWriter(Path(sys.argv[1]), on_trouble=said.append, limits=Limits(commit_every_s=0.001))
layout = writer.layout([("q", "x")])
children = []
for step in range(20_000):
    writer.frame(step, layout, np.full(1, step, np.float32))
    if step % 1000 == 500:  # while the thread is busy
        child = os.fork()
        if child == 0:
            assert not writer.frame(step, layout, np.full(1, -1, np.float32))
            writer.event(step, "epoch")
            writer.fact("status", "child")
            assert not writer.flush()
            writer.close("failed")
            how = (step // 1000) % 3
            if how == 0:
                os._exit(0)
            import sqlite3  # a child's own database, with the library it got from its parent
            sqlite3.connect(":memory:").execute("CREATE TABLE t (x)").connection.close()
            if how == 1:
                assert len(Run(sys.argv[1]).series("q", "x")) >= 0
            del writer
            gc.collect()
            sys.exit(0)
        children.append(child)
codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
writer.close()
print(codes.count(0), len(codes), writer.frames, writer.dropped, said)
"""


def test_forks_in_the_middle(tmp_path):
    """Children neither write nor hang nor harm, however they end; the parent goes on."""
    folder = tmp_path / "run"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORKING, folder], capture_output=True, text=True, timeout=60
    )
    assert done.stdout.split() == ["20", "20", "20000", "0", "[]"], done.stderr
    run = Run(folder)
    assert run.status == "finished"
    assert run.events() == ()
    np.testing.assert_array_equal(run.series("q", "x").values, np.arange(20_000))


FORKING_AMID = """
import gc, os, signal, sys, threading
from pathlib import Path
from auscult.runs import RunWriter
writer = RunWriter(Path(sys.argv[1]))
entered, release = threading.Event(), threading.Event()
writer._file._db.create_function("linger", 0, lambda: [entered.set(), release.wait()] and 1)

def use():
    with writer._file._guard:  # as every commit does
        writer._file._db.execute("SELECT linger()").fetchall()

thread = threading.Thread(target=use)
thread.start()
entered.wait()
threading.Timer(0.1, release.set).start()
child = os.fork()
if child == 0:
    signal.alarm(10)
    if not release.is_set():
        os._exit(1)  # forked in the midst of it
    del writer
    gc.collect()
    sys.exit(0)
thread.join()
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), release.is_set())
writer.close()
"""


def test_a_fork_while_sqlite_is_at_work(tmp_path):
    """The child would wait for ever on a lock that only a thread of its parent's would release."""
    command = [sys.executable, "-W", "ignore", "-c", FORKING_AMID, tmp_path / "run"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["0", "True"], done.stderr


def test_ranks_lie_side_by_side(tmp_path):
    writers = [RunWriter(tmp_path / "run", rank) for rank in range(2)]
    for rank, writer in enumerate(writers):
        writer.frame(0, writer.layout([("q", "x")]), np.full(1, rank, np.float32))
        writer.close()
    assert [Run(tmp_path / "run", rank).series("q", "x").values.tolist() for rank in range(2)] == [[0], [1]]


def test_the_store_leaves_torch_alone(tmp_path):
    script = f"""
import sys
from pathlib import Path
import numpy as np
from auscult.runs import Run, RunWriter
writer = RunWriter(Path({str(tmp_path / "run")!r}))
writer.frame(0, writer.layout([("q", "x")]), np.zeros(1, np.float32))
writer.close()
Run(writer.path.parent).matrix("q")
sys.exit("torch" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_a_run_of_this_process_is_running_until_it_is_closed(open_writer):
    writer, _, _ = open_writer()
    run = Run(writer.path.parent)
    assert run.status == "running"
    assert process.identity()["pid"] == os.getpid()
    writer.close()
    assert run.status == "finished"
