import sqlite3

import numpy as np
import pytest

from auscult import AuscultError
from auscult.runs import Run, RunWriter


@pytest.fixture
def writer(tmp_path):
    writer = RunWriter(tmp_path / "run")
    yield writer
    writer.close()


def test_arrays_come_back_as_they_went(writer):
    rng = np.random.default_rng(0)
    first, second = rng.standard_normal((3, 5)).astype(np.float16), np.arange(7) * 10**12
    writer.array(0, "map", "a", first)
    writer.array(4, "map", "a", first[::2, 1:])  # not contiguous
    writer.array(4, "units", "b", second)
    writer.array(9, "map", "empty", np.zeros((0, 3), np.float32))
    assert writer.flush()
    run = Run(writer.path.parent)
    maps = run.arrays("map", "a")
    assert [(m.step, m.subject, m.values.dtype) for m in maps] == [(0, "a", np.float16), (4, "a", np.float16)]
    np.testing.assert_array_equal(maps[0].values, first)
    np.testing.assert_array_equal(maps[1].values, first[::2, 1:])
    np.testing.assert_array_equal(run.arrays("units")[0].values, second)
    assert run.arrays("map", "empty")[0].values.shape == (0, 3)
    assert run.arrays("none") == ()


def test_the_last_one_replaces_those_before_it(writer):
    for step in range(3):
        writer.array(step, "last", "a", np.full(2, step), replaces=True)
        writer.array(step, "last", "b", np.full(2, -step), replaces=True)
    assert writer.flush()
    found = Run(writer.path.parent).arrays("last")
    assert [(s.step, s.subject, s.values.tolist()) for s in found] == [(2, "a", [2, 2]), (2, "b", [-2, -2])]


def test_a_damaged_array_is_an_error_and_no_value(writer):
    writer.array(0, "map", "a", np.ones(4))
    writer.close()
    with sqlite3.connect(writer.path) as db:
        db.execute("UPDATE arrays SET data = zeroblob(length(data))")
    with pytest.raises(AuscultError, match="damaged"):
        Run(writer.path.parent).arrays("map")


def test_what_does_not_fit_is_counted(tmp_path):
    from auscult.runs.limits import Limits

    writer = RunWriter(tmp_path / "small", limits=Limits(pending_bytes=1000))
    writer.array(0, "map", "a", np.ones(10_000))
    assert writer.dropped_events == 1
    writer.close()
