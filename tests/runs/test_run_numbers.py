"""What is written is what is read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from auscult.errors import RunError
from auscult.runs import Run, RunWriter
from auscult.runs.blocks import mean_groups, transpose
from auscult.runs.limits import Limits
from auscult.runs.schema import BIN, CHUNK


def wild(steps: int, columns: int) -> np.ndarray:
    """Values of all magnitudes, NaN and both infinities among them, and one column that is never finite."""
    rng = np.random.default_rng(0)
    values = (rng.standard_normal((steps, columns)) * 10 ** rng.uniform(-30, 30, (steps, columns))).astype(np.float32)
    values[rng.random(values.shape) < 0.1] = np.nan
    values[rng.random(values.shape) < 0.1] = np.inf
    values[rng.random(values.shape) < 0.1] = -np.inf
    values[:, -1] = np.nan
    return values


@pytest.mark.parametrize("steps", [1, BIN + 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 17])
def test_series_and_matrix_are_the_values_written(record, steps):
    values = wild(steps, 7)
    run = record(values, every=3)
    for i in range(7):
        read = run.series("q", f"layer.{i}")
        assert read.steps.dtype == np.int64
        assert read.values.dtype == np.float32
        np.testing.assert_array_equal(read.steps, np.arange(steps) * 3)
        assert read.values.tobytes() == np.ascontiguousarray(values[:, i]).tobytes()
    matrix = run.matrix("q")
    assert matrix.subjects == tuple(f"layer.{i}" for i in range(7))
    np.testing.assert_array_equal(matrix.steps, np.arange(steps) * 3)
    np.testing.assert_array_equal(matrix.values, values.T)
    assert run.steps == (steps - 1) * 3 + 1


@pytest.mark.parametrize("closed", [True, False], ids=["closed", "still open"])
def test_layouts_taking_turns(tmp_path, closed):
    values = wild(2500, 3)
    writer = RunWriter(tmp_path / "run")
    columns = [("a", "x"), ("a", "y"), ("b", "x")]
    whole, part = writer.layout(columns), writer.layout([columns[2], columns[0]])
    assert writer.layout(columns) == whole
    for step, row in enumerate(values):
        if step % 3:
            writer.frame(step, part, row[[2, 0]])
        else:
            writer.frame(step, whole, row)
    if closed:
        writer.close()
    else:
        assert writer.flush()
    run = Run(tmp_path / "run")
    np.testing.assert_array_equal(run.series("a", "x").values, values[:, 0])
    np.testing.assert_array_equal(run.series("a", "y").steps, np.arange(0, 2500, 3))
    np.testing.assert_array_equal(run.series("a", "y").values, values[::3, 1])
    matrix = run.matrix("a", ["y", "never", "x"])
    y = values[:, 1].copy()
    y[np.arange(2500) % 3 > 0] = np.nan
    np.testing.assert_array_equal(matrix.values, [y, np.full(2500, np.nan), values[:, 0]])
    table = run.table("b", "a", subject="x")
    assert table.dtype.names == ("step", "b", "a")
    np.testing.assert_array_equal(table["step"], np.arange(2500))
    np.testing.assert_array_equal(table["b"], values[:, 2])
    assert run.at(1, "a") == pytest.approx({"x": values[1, 0], "y": np.nan}, nan_ok=True)
    writer.close()


def test_what_was_never_recorded_is_empty(record):
    run = record(np.ones((5, 2), np.float32))
    assert len(run.series("q", "no such layer")) == 0
    assert run.matrix("loss").values.shape == (0, 0)
    assert run.matrix("q", ["nobody"], bins=3).values.shape == (1, 0)
    assert len(run.table("logged", subject="nothing")) == 0
    with pytest.raises(RunError, match="no quantity 'no such quantity'; this run has q"):
        run.matrix("no such quantity")
    assert np.isnan(run.at(99, "q")["layer.0"])
    with pytest.raises(ValueError, match="bins must be at least 1"):
        run.matrix("q", bins=0)


def test_a_run_without_frames(tmp_path):
    writer = RunWriter(tmp_path / "run")
    writer.layout([("q", "x")])
    run = Run(tmp_path / "run")
    assert run.steps == 0
    assert run.quantities == {}
    writer.close()
    assert run.status == "finished"
    assert len(run.series("q", "x")) == 0
    assert run.matrix("q", bins=4).values.shape == (0, 0)


def test_a_step_recorded_twice_has_the_later_value(tmp_path):
    writer = RunWriter(tmp_path / "run")
    layout = writer.layout([("q", "")])
    for step, value in [(0, 1.0), (1, 2.0), (1, 3.0), (2, 4.0)]:
        writer.frame(step, layout, np.array([value], np.float32))
    writer.close()
    read = Run(tmp_path / "run").series("q")
    assert read.steps.tolist() == [0, 1, 2]
    assert read.values.tolist() == [1, 3, 4]


def test_steps_out_of_order_are_read_in_order(tmp_path):
    writer = RunWriter(tmp_path / "run")
    layout = writer.layout([("q", "")])
    order = np.random.default_rng(0).permutation(3000)
    for step in order:
        writer.frame(step, layout, np.array([step], np.float32))
    writer.close()
    read = Run(tmp_path / "run").series("q")
    np.testing.assert_array_equal(read.steps, np.arange(3000))
    np.testing.assert_array_equal(read.values, np.arange(3000))


@pytest.mark.parametrize("steps", [64 * 100, 64 * 100 + 1, 20_000])
@pytest.mark.parametrize("finite", [True, False])
def test_rollup_says_what_the_raw_values_say(record, steps, finite):
    rng = np.random.default_rng(1)
    values = np.cumsum(rng.standard_normal((steps, 5)), 0).astype(np.float32)
    if not finite:
        values[rng.random(values.shape) < 0.3] = np.nan
        values[:1000, 2] = np.inf
    run = record(values)
    matrix = run.matrix("q", bins=50)
    assert matrix.values.shape == (5, 50)
    assert np.all(np.diff(matrix.steps) > 0)
    starts = np.array([np.searchsorted(np.arange(steps), s) for s in np.linspace(0, steps, 51)[:-1]])
    raw = mean_groups(values.T, starts, axis=1)
    # a bin begins at most one roll-up row away from where it should, and a walk moves little in between
    close = np.abs(matrix.values - raw) < 4 * np.sqrt(BIN)
    assert np.all(close | (np.isnan(matrix.values) & np.isnan(raw)))
    assert np.median(np.abs(matrix.values - raw)[close]) < np.sqrt(BIN)


def test_rollup_is_exact_where_bins_fall_on_its_rows(record):
    values = np.random.default_rng(2).standard_normal((4 * CHUNK, 3)).astype(np.float32)
    matrix = record(values).matrix("q", ["layer.2", "layer.0"], bins=4 * CHUNK // BIN // 2)
    exact = values[:, [2, 0]].astype(np.float64).reshape(-1, 2 * BIN, 2).mean(1).T
    np.testing.assert_allclose(matrix.values, exact, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(matrix.steps, np.arange(4 * CHUNK).reshape(-1, 2 * BIN).mean(1))


def test_few_bins_of_a_short_run_are_means(record):
    values = np.arange(10, dtype=np.float32)[:, None].repeat(2, 1)
    values[3, 1] = np.inf
    matrix = record(values).matrix("q", bins=5)
    np.testing.assert_array_equal(matrix.steps, [0.5, 2.5, 4.5, 6.5, 8.5])
    np.testing.assert_array_equal(matrix.values, [[0.5, 2.5, 4.5, 6.5, 8.5], [0.5, 2.0, 4.5, 6.5, 8.5]])


def test_one_step_of_all_series(record):
    values = wild(2 * CHUNK + 5, 4)
    run = record(values)
    for step in (0, 1, CHUNK - 1, CHUNK, 2 * CHUNK + 4):
        read = run.at(step, "q")
        np.testing.assert_array_equal(np.array(list(read.values()), np.float32), values[step])


def test_summaries_are_of_the_finite_values():
    frames = np.array([[1, np.nan, np.inf], [3, np.nan, 5], [5, np.nan, -np.inf]], np.float32)
    columns = transpose(frames)
    assert columns.nonfinite.tolist() == [0, 3, 2]
    np.testing.assert_array_equal(columns.minimum, [1, np.nan, 5])
    np.testing.assert_array_equal(columns.maximum, [5, np.nan, 5])
    np.testing.assert_array_equal(columns.mean, [3, np.nan, 5])
    np.testing.assert_array_equal(columns.rollup, [[3, np.nan, 5]])


def test_means_do_not_overflow():
    big = np.full((10, 2), 3e38, np.float32)
    np.testing.assert_array_equal(transpose(big).mean, big[0])


def test_very_wide_frames_and_none_at_all(tmp_path: Path):
    writer = RunWriter(tmp_path / "run")
    wide = writer.layout([("q", f"layer.{i}") for i in range(30_000)])
    nothing = writer.layout([])
    values = np.random.default_rng(0).standard_normal((300, 30_000), np.float32)
    for step, row in enumerate(values):
        assert writer.frame(step, wide, row)
        assert writer.frame(step, nothing, row[:0])
    writer.close()
    run = Run(tmp_path / "run")
    np.testing.assert_array_equal(run.series("q", "layer.29999").values, values[:, 29_999])
    np.testing.assert_array_equal(run.matrix("q", ["layer.1", "layer.7"]).values, values[:, [1, 7]].T)


def test_many_layouts_do_not_gather_in_memory(tmp_path: Path):
    limits = Limits(open_bytes=100_000)
    writer = RunWriter(tmp_path / "run", limits=limits)
    for step in range(3000):
        layout = writer.layout([("q", "all"), ("q", f"only.{step % 1000}")])
        writer.frame(step, layout, np.array([step, -step], np.float32))
        if step % 100 == 0:
            assert writer.flush()
            held = sum(waiting.cost for waiting in writer._file._open.values())
            assert held < limits.open_bytes + 101 * 300
    writer.close()
    run = Run(tmp_path / "run")
    np.testing.assert_array_equal(run.series("q", "all").values, np.arange(3000))
    assert run.series("q", "only.7").steps.tolist() == [7, 1007, 2007]
