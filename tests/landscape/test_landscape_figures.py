"""Figures carry the numbers of the landscapes they show, and say what they leave out."""

import numpy as np
import pytest
from landscape_nets import batches, deep_normed, images, mlp, objective_of

import auscult
from auscult.errors import LandscapeError
from auscult.landscape import Measured, Surface, figures, interpolate, surface, trajectory


def grid(values, line=False, statistics=""):
    values = np.array(values, float)
    x = np.arange(values.shape[-1], dtype=float)
    y = None if line else np.arange(len(values), dtype=float)
    return Surface(x, y, {"train": Measured(values, {})}, np.ones(values.shape, bool), statistics, "")


def told(plot):
    return " ".join(a.text for a in plot.layout.annotations)


def test_interpolations():
    objective = objective_of(deep_normed(0), "eval", images())
    found = interpolate(
        objective, deep_normed(1), deep_normed(2), splits={"valid": images(9, 4, 1)}, metrics=auscult.learner.accuracy
    )
    plot = figures.interpolation(found, names=("small", "large"))
    drawn = {(t.name, t.yaxis): t.y for t in plot.data}
    for split in ("train", "valid"):
        np.testing.assert_array_equal(drawn[split, "y"], found.splits[split].loss)
        np.testing.assert_array_equal(drawn[split, "y2"], found.splits[split].metrics["accuracy"])
    assert plot.layout.yaxis2.title.text == "accuracy"
    assert {"small", "large"} <= set(told(plot).split())
    assert "not recomputed" in told(plot)
    assert len(found.plot.data) == 4


def test_contours_and_surfaces_in_3d():
    found = surface(objective_of(mlp()), steps=5, splits={"valid": batches(9, 4, 1)}, metrics=auscult.learner.accuracy)
    for draw in (figures.contour, figures.surface_3d):
        np.testing.assert_array_equal(draw(found).data[0].customdata, found.loss)
        right = found.splits["valid"].metrics["accuracy"]
        np.testing.assert_array_equal(draw(found, "valid", "accuracy").data[0].customdata, right)
        with pytest.raises(LandscapeError, match="no split"):
            draw(found, "test")
        with pytest.raises(LandscapeError, match="no metric"):
            draw(found, metric="speed")
    plot = found.plot
    np.testing.assert_array_equal(plot.data[0].z, found.loss)
    assert plot.layout.yaxis.scaleanchor == "x"
    assert told(plot) == ""


def test_decades_are_drawn_by_the_logarithm():
    values = np.geomspace(0.01, 100, 25).reshape(5, 5)
    drawn = figures.contour(grid(values)).data[0]
    np.testing.assert_allclose(drawn.z, np.log10(values))
    assert "0.1" in drawn.colorbar.ticktext
    assert "log scale" in drawn.colorbar.title.text


def test_spikes_are_cut_off_and_gaps_are_told():
    values = np.ones((6, 6)) + np.arange(36).reshape(6, 6) / 36
    values[0, 0], values[5, 5] = 15, np.inf
    plot = figures.contour(grid(values, statistics="batch norms by their running statistics"))
    assert plot.data[0].zmax == pytest.approx(2 * np.quantile(values[np.isfinite(values)], 0.95) - values[0, 1])
    assert np.isnan(plot.data[0].z[5, 5])
    assert plot.data[0].customdata[0, 0] == 15
    assert "cut off above" in told(plot)
    assert "batch norms by their running statistics" in told(plot)
    assert "1 points that are not finite" in told(plot)
    nothing = figures.contour(grid(np.full((3, 3), np.nan)))
    assert "9 points" in told(nothing)
    figures.surface_3d(grid(np.full((3, 3), 2.0)))


def test_lines_over_each_other():
    a, b = grid([1, 2, 3], line=True), grid([1, 20, 300], line=True)
    plot = figures.lines({"a": a, "b": b})
    assert [t.name for t in plot.data] == ["a", "b"]
    np.testing.assert_array_equal(plot.data[1].y, b.loss)
    assert plot.layout.yaxis.type == "log"
    assert a.plot.layout.yaxis.type != "log"
    with pytest.raises(LandscapeError, match="as a contour"):
        figures.lines({"c": grid([[1, 2], [3, 4]])})
    for draw in (figures.contour, figures.surface_3d):
        with pytest.raises(LandscapeError, match="draw it with lines"):
            draw(a)


def test_trajectories():
    objective = objective_of(mlp(9))
    path = trajectory(objective, [mlp(seed) for seed in range(5)])
    ground = path.surface(objective, steps=4)
    plot = path.plot(ground)
    np.testing.assert_array_equal(plot.data[0].customdata, ground.loss)
    line = plot.data[2]
    np.testing.assert_array_equal(np.column_stack([line.x, line.y]), path.path)
    assert f"{path.explained[0]:.1%}" in plot.layout.xaxis.title.text
    assert f"{path.explained[1]:.1%}" in plot.layout.yaxis.title.text
    assert len(path.plot().data) == 3
