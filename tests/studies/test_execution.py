"""Every executor gives the same outcomes; one that fails or dies stops no other."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import works

from auscult.errors import StudyError
from auscult.studies.execution import Here, Processes, Ray


@pytest.fixture(scope="module")
def on_ray():
    ray = pytest.importorskip("ray")
    executor = Ray(num_cpus=2, runtime_env={"env_vars": {"PYTHONPATH": os.pathsep.join(sys.path)}})
    yield executor
    ray.shutdown()


def executor_of(name, request):
    return {"here": Here(), "processes": Processes(2)}.get(name) or request.getfixturevalue("on_ray")


@pytest.mark.parametrize("name", ["here", "processes", "ray"])
def test_the_same_outcomes_wherever_it_runs(name, request):
    executor = executor_of(name, request)
    outcomes = sorted(executor.run(works.square, [(i,) for i in range(8)]), key=lambda o: o.index)
    assert [o.result[0] for o in outcomes] == [i * i for i in range(8)]
    assert all(o.error is None and o.seconds >= 0 for o in outcomes)
    elsewhere = {o.result[1] for o in outcomes} - {os.getpid()}
    assert len(elsewhere) == (0 if name == "here" else 2)
    if name != "here":
        assert {o.result[2] for o in outcomes} == {1}  # two workers share two cores


@pytest.mark.parametrize("name", ["here", "ray"])
def test_one_that_fails_stops_no_other(name, request):
    outcomes = list(executor_of(name, request).run(works.fail_at, [(3, i) for i in range(6)]))
    failed = [o for o in outcomes if o.error]
    assert len(outcomes) == 6
    assert [o.index for o in failed] == [3]
    assert "ValueError: 3 will not do (works.py, line " in failed[0].error


def test_one_whose_process_dies_stops_no_other():
    outcomes = list(Processes(2).run(works.die_at, [(1, i) for i in range(3)]))
    assert sorted(o.index for o in outcomes) == [0, 1, 2]
    assert [o.index for o in outcomes if o.error] == [1]


def test_what_another_process_cannot_find_or_send_is_a_failure():
    (outcome,) = Processes(1).run(lambda: 1, [()])
    assert "pickle" in outcome.error.lower()
    with pytest.raises(StudyError, match="from 1 up"):
        Processes(0)


def test_nobody_waits_for_what_runs_when_it_is_broken_off(tmp_path):
    began = time.monotonic()
    running = Processes(2).run(works.tell_and_wait, [(str(tmp_path), 1, 0), (str(tmp_path), 2), (str(tmp_path), 3)])
    next(running)
    running.close()  # as Ctrl-C does
    assert time.monotonic() - began < 30
    workers = [int(told.read_text()) for told in tmp_path.iterdir()]
    assert not any(alive(pid) for pid in workers)


def test_workers_end_with_the_process_that_started_them(tmp_path):
    code = f"""
import works
from auscult.studies.execution import Processes
if __name__ == "__main__":
    list(Processes(2).run(works.tell_and_wait, [({str(tmp_path)!r}, 1), ({str(tmp_path)!r}, 2)]))
"""
    script = tmp_path / "script.py"
    script.write_text(code)
    here = str(Path(__file__).parent)
    running = subprocess.Popen([sys.executable, script], env={**os.environ, "PYTHONPATH": here})
    told = [tmp_path / "1", tmp_path / "2"]
    until(lambda: all(t.exists() and t.read_text() for t in told))
    workers = [int(t.read_text()) for t in told]
    running.send_signal(signal.SIGKILL)
    running.wait()
    until(lambda: not any(alive(pid) for pid in workers))


def until(happened, seconds=60):
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.1)


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False
