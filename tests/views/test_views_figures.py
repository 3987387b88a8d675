"""Figures: what they draw, what they leave out and say so, and their defaults."""

import numpy as np
import pytest
from view_runs import make_run, mlp, pictures

from auscult.runs import Run
from auscult.runs import quantities as q
from auscult.views import Band, Picture
from auscult.views.digest import course, settled, typical_ratio


def named(run: Run, key: str, band: Band | None = None) -> Picture:
    return next(p for p in (pictures(run, band) if band else pictures(run)) if p.key == key)


def test_the_guide_and_the_band_come_from_one_place(healthy: Run) -> None:
    shapes = named(healthy, "update-ratio", Band(-3.6, -2.4, -2.8)).plot.layout.shapes
    assert any(s.y0 == s.y1 == -2.8 for s in shapes)
    assert any((s.y0, s.y1) == (-3.6, -2.4) for s in shapes)
    assert any(s.y0 == s.y1 == -3 for s in named(healthy, "update-ratio").plot.layout.shapes)


def test_epochs_are_marked(healthy: Run) -> None:
    lines = [s for s in named(healthy, "loss").plot.layout.shapes if s.x0 == s.x1]
    assert [s.x0 for s in lines] == [750, 1500, 2250]


def test_each_parameter_has_one_colour_in_all_figures(healthy: Run) -> None:
    seen: dict[str, set[str]] = {}
    for key in ("update-ratio", "gradient-ratio", "distance", "ratio-histogram"):
        for trace in named(healthy, key).plot.data:
            seen.setdefault(trace.name, set()).add(trace.line.color)
    assert set(seen) == {p.name for p in mlp()}
    assert all(len(colors) == 1 for colors in seen.values())
    assert len({*seen["embedding.weight"], *seen["layers.2.weight"], *seen["head.weight"]}) == 3


def test_matrices_are_drawn_before_biases(healthy: Run) -> None:
    names = [t.name for t in named(healthy, "update-ratio").plot.data]
    assert names.index("head.weight") < names.index("layers.0.bias")


def test_the_histogram_counts_every_step_and_what_is_outside(tmp_path) -> None:
    def spoil(columns) -> None:
        v = columns[q.RATIO, "head.weight"]
        v[:] = -3
        v[:4], v[4:6], v[6], v[7] = -np.inf, np.nan, -7.5, 4

    parameters = [p for p in mlp() if p.name == "head.weight"]
    run = make_run(tmp_path / "r", parameters, 100, spoil=spoil)
    picture = named(run, "ratio-histogram")
    (curve,) = picture.plot.data
    assert curve.y.sum() == pytest.approx(92)
    assert "Of 100 ratios, not drawn: 1 below −6 (1.0 %); 1 above 3 (1.0 %)" in picture.notes[0]
    assert "4 without any update (4.0 %); 2 undefined" in picture.notes[0]
    spans = [b.args[0]["xaxis.range"] for b in picture.plot.layout.updatemenus[0].buttons]
    assert [-3, 3] in [list(s) for s in spans]


def test_the_heatmap_marks_what_did_not_move(undefined: Run, healthy: Run) -> None:
    still = named(undefined, "ratio-heatmap")
    assert len(still.plot.data) == 2
    assert np.nansum(still.plot.data[0].z) == 150 * len(mlp())
    assert any(n.startswith("Grey") for n in still.notes)
    (only,) = named(healthy, "ratio-heatmap").plot.data
    assert (only.zmin + only.zmax) / 2 == -3


def test_a_loss_over_magnitudes_has_a_log_axis(tmp_path, healthy: Run) -> None:
    def spoil(columns) -> None:
        columns[q.LOSS, ""][:] = np.geomspace(100, 0.01, 200)

    run = make_run(tmp_path / "r", steps=200, spoil=spoil)
    assert named(run, "loss").plot.layout.yaxis.type == "log"
    assert named(healthy, "loss").plot.layout.yaxis.type != "log"


def test_a_validation_loss_is_drawn_with_the_loss(healthy: Run) -> None:
    assert {"loss", "val_loss"} <= {t.name for t in named(healthy, "loss").plot.data}
    assert [t.name for t in named(healthy, "logged").plot.data if t.line.width] == ["accuracy"]


def test_a_run_without_steps_has_no_figures(empty: Run) -> None:
    assert pictures(empty) == []


def test_one_step_is_drawn_as_points(tmp_path) -> None:
    run = make_run(tmp_path / "r", mlp(), 1)
    assert all(t.mode != "lines" for t in named(run, "update-ratio").plot.data)


def test_bins_keep_the_extremes_and_count_what_is_not_finite(tmp_path) -> None:
    def spoil(columns) -> None:
        columns[q.LOSS, ""][777], columns[q.LOSS, ""][900:903] = 50, np.nan

    run = make_run(tmp_path / "r", steps=5000, spoil=spoil)
    binned = course(run.series(q.LOSS))
    assert len(binned) == 600
    assert np.nanmax(binned.high) == 50
    assert (binned.nonfinite, binned.first_nonfinite) == (3, 900)


def test_the_end_of_a_run_is_finite_unmoved_or_undefined(tmp_path) -> None:
    def spoil(columns) -> None:
        columns[q.RATIO, "layers.0.weight"][:] = -np.inf
        columns[q.RATIO, "layers.1.weight"][:] = np.nan
        columns[q.RATIO, "layers.2.weight"][:] = -2.5
        columns[q.RATIO, "layers.2.weight"][::2] = -np.inf

    names = [f"layers.{i}.weight" for i in range(3)]
    run = make_run(tmp_path / "r", [p for p in mlp() if p.name in names], 20_000, spoil=spoil)
    at_end = settled(run, q.RATIO, names)
    assert at_end["layers.0.weight"] == -np.inf
    assert np.isnan(at_end["layers.1.weight"])
    assert at_end["layers.2.weight"] == pytest.approx(-2.5)
    assert typical_ratio(run) == pytest.approx(-2.5)
