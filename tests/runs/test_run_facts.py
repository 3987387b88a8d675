"""Facts, events, the bill, the status."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import numpy as np
import pytest

from auscult.errors import RunError
from auscult.runs import Bill, Optimizer, Parameter, Run, RunWriter, add_fact, process
from auscult.runs.facts import record_of


@pytest.fixture
def writer(tmp_path):
    writer = RunWriter(tmp_path / "run")
    yield writer
    writer.close()


@pytest.fixture
def run(writer):
    return Run(writer.path.parent)


def test_facts_come_back(writer, run):
    parameter = Parameter("w", "matrix", (3, 4), "float32", "cpu", optimizer="Adam", group=0)
    optimizer = Optimizer("Adam", "Adam", ({"lr": 0.1, "betas": [0.9, 0.99], "foreach": None},))
    writer.fact("parameters", [record_of(parameter)])
    writer.fact("optimizers", [record_of(optimizer)])
    writer.fact("bill", record_of(Bill(wall_s=10, own_s=0.1, steps=500)))
    writer.fact("command", ["python", "train.py"])
    writer.fact("command", ["python", "late.py"])
    assert writer.flush()
    assert run.parameters == (parameter,)
    assert run.parameters[0].size == 12
    assert run.optimizers == (optimizer,)
    assert run.bill.share == pytest.approx(0.01, abs=0.005)
    assert run.steps == 500
    assert run.fact("command") == ["python", "late.py"]
    assert run.fact("nothing") is None
    assert abs(run.started - time.time()) < 60
    assert run.id == "run"


def test_events_come_back_in_order(writer, run):
    writer.event(1, "epoch", number=0)
    writer.event(1, "non-finite-loss", value=float("nan"))
    writer.event(2, "epoch", number=1)
    assert writer.flush()
    assert [e.kind for e in run.events()] == ["epoch", "non-finite-loss", "epoch"]
    assert [e.data["number"] for e in run.events("epoch")] == [0, 1]
    assert np.isnan(run.events("non-finite-loss")[0].data["value"])


def test_what_json_does_not_know_is_kept_as_text_or_number(writer, run):
    loop: list = []
    loop.append(loop)
    writer.fact("numpy", {"a": np.float32(0.5), "b": np.arange(3)})
    writer.fact("path", writer.path)
    writer.fact("loop", loop)
    writer.fact("set", {"b", "a"})
    writer.event(0, "odd", what=object)
    assert writer.flush()
    assert run.fact("numpy") == {"a": 0.5, "b": [0, 1, 2]}
    assert run.fact("path") == str(writer.path)
    assert run.fact("loop") == "[[...]]"
    assert run.fact("set") == ["a", "b"]
    assert run.events()[0].data["what"] == "<class 'object'>"


def test_running_then_finished(writer, run):
    assert run.status == "running"
    assert "running" in repr(run)
    writer.close()
    assert run.status == "finished"
    assert sorted(file.name for file in run.path.iterdir()) == ["rank-0.sqlite"]


def test_failed_keeps_the_exception(writer, run):
    writer.close("failed", "ValueError: no")
    assert run.status == "failed"
    assert run.fact("error") == "ValueError: no"


def test_lost_when_its_pid_belongs_to_another_process(writer, run):
    mine = process.identity()
    writer.fact("process", {**mine, "started": mine["started"] - 1})
    assert writer.flush()
    assert run.status == "lost"


def test_lost_when_its_process_is_gone(writer, run):
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    writer.fact("process", {**process.identity(), "pid": done.pid})
    assert writer.flush()
    assert run.status == "lost"


def test_a_process_that_is_dead_but_not_waited_for_is_gone():
    child = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    assert child.stdout.read() == b""  # at its end
    child.stdout.close()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert process._started(child.pid) is None
    child.wait()


@pytest.mark.parametrize(("age", "status"), [(1.0, "running"), (3600.0, "lost")])
def test_elsewhere_the_heartbeat_decides(writer, run, age, status):
    writer.flush()
    writer.fact("process", {**process.identity(), "host": "elsewhere", "pid": 1})
    writer.close("running")  # so that no later heartbeat comes
    import sqlite3

    with sqlite3.connect(run.file) as db:
        db.execute("UPDATE meta SET value = ? WHERE key = 'heartbeat'", (str(time.time() - age),))
    db.close()
    assert run.status == status


def test_pids_of_another_container_say_nothing(monkeypatch):
    identity = process.identity()
    monkeypatch.setattr(process, "_host", lambda: "another")
    assert not process.is_alive(identity, heartbeat=0.0)
    assert process.is_alive(identity, heartbeat=time.time())


def test_the_heartbeat_beats(tmp_path):
    from auscult.runs.limits import Limits

    writer = RunWriter(tmp_path / "beats", limits=Limits(heartbeat_every_s=0.0, commit_every_s=0.01))
    run = Run(tmp_path / "beats")
    first, deadline = run.fact("heartbeat"), time.monotonic() + 10
    while run.fact("heartbeat") == first:
        assert time.monotonic() < deadline
    writer.close()


def test_the_bill_has_what_the_writer_dropped_after_it(tmp_path):
    from auscult.runs.limits import Limits

    writer = RunWriter(tmp_path / "drops", limits=Limits(pending_bytes=10))
    layout = writer.layout([("q", "x")])
    writer.fact("bill", record_of(Bill(dropped_frames=0)))
    assert not writer.frame(0, layout, np.zeros(1, np.float32))
    writer.close()
    assert Run(tmp_path / "drops").bill.dropped_frames == 1
    assert Run(tmp_path / "drops").bill.writer_s > 0


def test_a_finished_run_takes_a_fact_that_became_known_later(tmp_path):
    RunWriter(tmp_path / "run").close()
    add_fact(tmp_path / "run", "passed_over", 3)
    add_fact(tmp_path / "run", "passed_over", 4)
    assert (Run(tmp_path / "run").fact("passed_over"), Run(tmp_path / "run").status) == (4, "finished")
    with pytest.raises(RunError, match="cannot add passed_over"):
        add_fact(tmp_path / "gone", "passed_over", 3)
    assert not (tmp_path / "gone").exists()
