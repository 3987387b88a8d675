"""Figures of what was seen inside the network: what they draw, mark, cut and leave out."""

from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from network_runs import make_network, packed, stack
from plotly.offline import get_plotlyjs
from view_runs import EVIL, make_diagnosis, make_run, pictures

from auscult.findings import Evidence, Finding
from auscult.runs import Layer, Run, RunWriter
from auscult.runs import quantities as q
from auscult.views import Picture, render_report
from auscult.views.figures.by_layer import _held
from auscult.views.figures.units import DEAD, EXAMPLES, LAYERS, UNITS
from auscult.views.inside import Histogram, grid, histograms, spread
from auscult.views.links import figure_of

INSIDE = [
    "histograms", "histograms-over-steps", "signal", "saturation", "dead", "units", "gradient-histograms",
    "gradient-histograms-over-steps", "signal-gradient",
]  # fmt: skip


def named(run: Run, key: str) -> Picture:
    return next(p for p in pictures(run) if p.key == key)


def keys(run: Run, group: str) -> list[str]:
    return [p.key for p in pictures(run) if p.group == group]


def test_a_network_that_was_seen_has_its_figures_and_one_that_was_not_has_none(
    deep: Run, normed: Run, healthy: Run
) -> None:
    assert keys(deep, "start") == ["start"]
    assert keys(deep, "inside") == INSIDE
    assert keys(normed, "inside") == [k for k in INSIDE if k != "saturation"] + ["norms"]
    assert keys(healthy, "start") == keys(healthy, "inside") == []
    assert all(p.caption.endswith(".") and p.title for p in pictures(deep))


def test_heatmaps_have_a_row_for_each_layer_with_the_activation_in_its_name(deep: Run) -> None:
    signal = named(deep, "signal").plot.data[0]
    assert list(signal.y) == [*(f"tanh(layers.{i})" for i in range(6)), "head"]
    assert (signal.zmin + signal.zmax) / 2 == 0  # a standard deviation of 1
    assert 10 ** signal.z[0][0] == pytest.approx(deep.at(0, q.ACTIVATION_STD)["layers.0"], rel=1e-5)
    saturation = named(deep, "saturation").plot.data[0]
    assert len(saturation.y) == 6
    assert (saturation.zmin, saturation.zmax) == (0, 1)
    assert saturation.meta["rows"][0] == ["layers.0", "layers.0.weight", "layers.0.bias"]
    assert named(deep, "dead").plot.data[0].z[2][-1] > 0.2


def test_one_ended_layers_say_how_much_is_off(normed: Run) -> None:
    dead = named(normed, "dead").plot.data[0]
    assert "of the values off" in dead.hovertemplate
    assert np.nanmax(dead.customdata) <= 1


def test_a_layer_called_zero_is_a_name_and_no_number(tmp_path: Path) -> None:
    layers = [Layer("0", "linear", units=8), Layer("2", "linear", units=8, is_output=True)]
    plot = named(make_network(tmp_path / "r", layers, 12, units=8), "signal").plot
    assert plot.layout.yaxis.type == "category"
    assert list(plot.data[0].y) == ["0", "2"]


def test_what_is_not_finite_and_what_has_no_spread_is_marked(tmp_path: Path) -> None:
    def spoil(columns) -> None:
        columns[q.ACTIVATION_STD, "layers.1"][30:] = np.inf
        columns[q.ACTIVATION_STD, "layers.2"][30:] = np.nan
        columns[q.ACTIVATION_NONFINITE, "layers.2"][30:] = 7
        columns[q.ACTIVATION_STD, "layers.3"][30:] = 0
        columns[q.ACTIVATION_STD, "layers.4"][30:] = np.nan

    picture = named(make_network(tmp_path / "r", steps=60, spoil=spoil), "signal")
    zero, _, bad = picture.plot.data
    assert np.nansum(zero.z, axis=1).tolist() == [0, 0, 0, 30, 0, 0, 0]
    assert np.nansum(bad.z, axis=1).tolist() == [0, 30, 30, 0, 0, 0, 0]
    assert {n.split(":")[0] for n in picture.notes} >= {"Grey", "Magenta", "Blank"}


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 0.0])
def test_a_network_of_nothing_but_one_odd_value_is_drawn(tmp_path: Path, value: float) -> None:
    def spoil(columns) -> None:
        for column in columns.values():
            column[:] = value

    run = make_network(tmp_path / "r", stack(3, 20, norm=True), 20, units=20, spoil=spoil)
    text = render_report([(run, make_diagnosis(run))])
    assert "Before step 1" in text


def test_one_layer_and_one_step_are_drawn(tmp_path: Path) -> None:
    run = make_network(tmp_path / "r", stack(1, 10)[:1], 1, units=10)
    assert keys(run, "inside") == [k for k in INSIDE if not k.endswith("over-steps")]
    assert len(named(run, "units").plot.data) == 1
    assert len(named(run, "start").plot.data[0].x) == 1
    assert "at step 0" in named(run, "start").caption


def test_layers_that_cannot_be_seen_are_named(tmp_path: Path) -> None:
    hidden = Layer("block.fc", "linear", hidden="checkpointed")

    def also(writer: RunWriter) -> None:
        writer.fact("layers", [asdict(x) for x in [*stack(2, 10), hidden]])

    run = make_network(tmp_path / "r", stack(2, 10), 10, units=10, also=also)
    assert "Cannot be seen, checkpointed: block.fc." in named(run, "signal").notes
    text = render_report([(run, make_diagnosis(run))])
    assert "Could not be seen: block.fc (checkpointed)." in text


def test_histograms_lie_over_one_another_and_a_slider_moves_through_the_looks(deep: Run) -> None:
    plot = named(deep, "histograms").plot
    (slider,) = plot.layout.meta["choose"]
    assert slider["options"][0]["text"] == "step 0"
    assert slider["options"][-1]["text"] == "step 119"
    shown = [t for t in plot.data if t.visible is True]
    assert [t.meta["names"][0] for t in shown] == [f"layers.{i}" for i in range(6)]
    assert "% saturated" in shown[0].name
    assert len({t.line.color for t in shown}) == 6
    for t in plot.data:
        assert float(np.sum(t.y)) * t.dx == pytest.approx(1, rel=1e-4)


def test_one_layer_over_the_looks_keeps_its_mass(deep: Run) -> None:
    plot = named(deep, "histograms-over-steps").plot
    assert [t.visible for t in plot.data] == [True] + [False] * 5
    assert np.sum(plot.data[0].z, axis=0) == pytest.approx(1, abs=0.01)
    assert plot.data[0].customdata[0][-1] == 119


def test_a_histogram_on_other_edges_and_its_span() -> None:
    h = Histogram(0, -1, 1, np.array([1.0, 3, 3, 1]))
    assert h.density.sum() * h.width == pytest.approx(1)
    assert h.within(np.array([-1.0, 0, 1])) == pytest.approx([0.5, 0.5])
    assert h.within(np.array([-0.25, 0.25])) == pytest.approx([0.1875 * 2])
    assert Histogram(0, 0, 100, np.array([999999.0, *[0] * 98, 1])).span == (0, 1)


def test_histograms_that_say_nothing_are_left_out(tmp_path: Path) -> None:
    def also(writer: RunWriter) -> None:
        for i, odd in enumerate(([0, 0, 5], [np.nan, 1, 5], [0, 1, 0, 0], [0], [1, -1, 3])):
            writer.array(0, q.HISTOGRAM_ACTIVATION, f"layers.{i}", np.array(odd, np.float32))
        writer.array(0, q.HISTOGRAM_ACTIVATION, "layers.5", packed(np.random.default_rng(0).normal(size=5000)))
        fine = np.concatenate([[0, 1], np.ones(1000)]).astype(np.float32)
        writer.array(0, q.HISTOGRAM_ACTIVATION, "head", fine)

    run = make_network(tmp_path / "r", steps=5, arrays=False, also=also)
    found = histograms(run, q.HISTOGRAM_ACTIVATION)
    assert set(found) == {"layers.5", "head"}
    assert len(found["head"][0].counts) <= 128
    assert found["head"][0].counts.sum() == 1000
    assert found["head"][0].within(np.array([0.0, 0.5])) == pytest.approx([0.5])


def test_the_map_of_units_is_white_where_flat_and_marks_what_is_dead(deep: Run) -> None:
    picture = named(deep, "units")
    options = picture.plot.layout.meta["choose"][0]["options"]
    assert options[0]["text"].startswith("tanh(layers.2)")  # the worst comes first
    first, last = (t for t in picture.plot.data if t.visible is True)
    assert first.z.dtype == np.uint8
    assert first.z.shape == (48, 60)
    kept = deep.arrays(q.MAP_LAST, "layers.2")[0].values.astype(np.float32)
    flat = np.abs(kept) > 0.99
    assert ((last.z > 0) == flat).all()
    assert ((last.z == DEAD).all(axis=0) == flat.all(axis=0)).all()
    assert "dead in all 48 examples" in picture.plot.layout.annotations[1].text
    assert "tanh(layers.2): 16 for 9,000 examples or more" in picture.notes[-1]


def test_relus_are_white_where_they_are_zero(normed: Run) -> None:
    option = named(normed, "units").plot.layout.meta["choose"][0]["options"][0]
    assert "% off" in option["layout"]["annotations[0].text"]


def test_many_wide_layers_make_a_report_of_bounded_size(tmp_path: Path) -> None:
    run = make_network(tmp_path / "r", stack(50, 16), 30, units=16, maps=(80, 1024))
    picture = named(run, "units")
    assert len(picture.plot.layout.meta["choose"][0]["options"]) == LAYERS
    assert max(t.z.shape for t in picture.plot.data) == (EXAMPLES, UNITS)
    assert f"the {LAYERS} most saturated or dead of 50 layers" in picture.notes[0]
    assert len(render_report([(run, make_diagnosis(run))])) - len(get_plotlyjs()) < 3_000_000


def test_two_hundred_layers_and_many_steps_are_drawn_within_bounds(tmp_path: Path) -> None:
    layers = [Layer(f"blocks.{i}.fc", "linear", units=8) for i in range(200)]
    extra = {(q.OUTPUT_STD, x.name): np.full(2000, 0.5 + i / 100) for i, x in enumerate(layers)}

    def also(writer: RunWriter) -> None:
        writer.fact("layers", [asdict(x) for x in layers])

    run = make_run(tmp_path / "r", steps=2000, extra=extra, also=also)
    heat = named(run, "signal").plot
    assert heat.data[0].z.shape == (200, 300)
    assert len(heat.layout.yaxis.tickvals) <= 40
    assert heat.layout.height == 900


def test_norms_stand_beside_the_signal_they_scale(tmp_path: Path) -> None:
    layers = [
        Layer("0", "linear", activation="relu", norm="batch-norm"),
        Layer("1", "batch-norm"),
        Layer("3", "linear"),
    ]
    columns = {(q.ACTIVATION_STD, "0"): 0.6, (q.OUTPUT_STD, "1"): 1.0, (q.OUTPUT_STD, "3"): 0.4}
    extra = {key: np.full(5, value) for key, value in columns.items()}

    def also(writer: RunWriter) -> None:
        writer.fact("layers", [asdict(x) for x in layers])

    run = make_run(tmp_path / "r", steps=5, extra=extra, also=also)
    assert list(named(run, "signal").plot.data[0].y) == ["relu(0)", "3"]
    assert list(named(run, "start").plot.data[0].y) == pytest.approx([0.6, 0.4])


def test_norms_drift_and_how_few_values_a_batch_has(normed: Run) -> None:
    picture = named(normed, "norms")
    assert [t.name for t in picture.plot.data] == [f"batch-norm(norms.{i})" for i in range(4)] * 2
    assert "Batch statistics are over 32 values of a channel at the fewest, in norms.0." in picture.notes


def test_norms_that_did_not_train_are_named(tmp_path: Path) -> None:
    def spoil(columns) -> None:
        columns[q.NORM_TRAINS, "norms.1"][5:] = 0

    run = make_network(tmp_path / "r", stack(2, 10, "relu", norm=True), 10, units=10, spoil=spoil)
    assert "Used their running statistics while training, at some steps: norms.1." in named(run, "norms").notes


def test_quantities_of_one_layer_on_different_steps_come_onto_one_grid(tmp_path: Path) -> None:
    layers = [Layer("a", "linear", activation="tanh"), Layer("b", "linear")]

    def also(writer: RunWriter) -> None:
        writer.fact("layers", [asdict(x) for x in layers])
        first, second = writer.layout([(q.ACTIVATION_STD, "a")]), writer.layout([(q.OUTPUT_STD, "b")])
        for step in range(10):
            writer.frame(step, first, np.array([step], np.float32))
        for step in (0, 9):
            writer.frame(20 + step, second, np.array([100 + step], np.float32))

    seen = grid(make_run(tmp_path / "r", steps=0, also=also), q.ACTIVATION_STD, q.OUTPUT_STD)
    assert seen is not None
    assert seen.names == ["tanh(a)", "b"]
    assert seen.values.shape == (2, 10)
    assert seen.values[1][0] == 100


def test_names_of_layers_are_escaped(tmp_path: Path) -> None:
    layers = [Layer(EVIL, "linear", units=8, activation="tanh"), Layer(EVIL + "2", "batch-norm")]
    run = make_network(tmp_path / "r", layers, 20, units=8)
    text = render_report([(run, make_diagnosis(run))])
    assert EVIL not in text
    for picture in pictures(run):
        for trace in picture.plot.data:
            shown = [trace.name or "", *(trace.y if trace.type == "heatmap" and trace.y is not None else [])]
            assert not any("<" in str(s) for s in shown)


@pytest.mark.parametrize(
    ("rule", "figure"),
    [
        ("overconfident-init", "start"), ("weight-scale", "start"), ("symmetric-init", "units"),
        ("saturated-units", "saturation"), ("dead-units", "dead"), ("vanishing-gradients", "signal-gradient"),
        ("exploding-gradients", "gradient-norm"), ("small-batch-norm", "norms"), ("norm-statistics-drift", "norms"),
        ("unscaled-inputs", "start"), ("labels-unrelated", "loss"), ("overfitting", "loss"),
    ],
)  # fmt: skip
def test_each_rule_has_its_figure(rule: str, figure: str, normed: Run, deep: Run) -> None:
    found = Finding(rule, "warning", ("layers.0",), 3, "Something.", (Evidence("anything", 1, 1, 1),))
    shown = {p.key for run in (deep, normed) for p in pictures(run)}
    assert figure in shown
    assert figure_of(found, shown) == figure


def test_a_figure_that_is_not_there_gives_way_to_the_next() -> None:
    found = Finding("exploding-gradients", "warning", (), 0, "x", (Evidence("layer", 1, 1, 1),))
    assert figure_of(found, {"signal-gradient", "loss"}) == "signal-gradient"
    assert figure_of(found, {"loss"}) is None


def test_things_are_spread_evenly_with_both_ends() -> None:
    assert spread(range(5), 9) == [0, 1, 2, 3, 4]
    picked = spread(range(100), 4)
    assert picked == [0, 33, 66, 99]
    assert spread([], 3) == []


def test_a_layer_seen_less_often_keeps_its_last_value_up_to_its_last_look():
    row = np.array([[np.nan, 1.0, np.nan, 2.0, np.nan, 3.0, np.nan]])
    held = _held(row, np.isnan(row))
    assert np.array_equal(held, [[np.nan, 1, 1, 2, 2, 3, np.nan]], equal_nan=True)
    broken = np.array([[1.0, np.nan, 2.0]])
    assert np.isnan(_held(broken, np.zeros((1, 3), bool))[0, 1])  # not finite is no gap
