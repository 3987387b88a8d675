"""Figures of the parts of an optimizer: they hold the numbers recorded, and say what they leave out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from view_runs import make_diagnosis, make_run, mlp, pictures, transformer

from auscult.runs import Parameter, Run, RunWriter
from auscult.runs import quantities as q
from auscult.views import Picture
from auscult.views.report import render_report

STEPS = 40
BINS = 72
KEYS = ["step-shares", "step-lengths", "effective-lr", "effective-lr-over-steps"]


def named(run: Run, key: str) -> Picture:
    return next(p for p in pictures(run) if p.key == key)


def rates(lr: float, shift: float = 0.0, untouched: int = 0) -> np.ndarray:
    """A hill of rates around 10^shift times lr, and some elements at lr / ε."""
    edges = np.linspace(-10, 8, BINS + 1)
    middle = (edges[1:] + edges[:-1]) / 2
    counts = np.round(1000 * np.exp(-(((middle - np.log10(lr) - shift) / 0.3) ** 2)))
    counts[np.searchsorted(edges, np.log10(lr / 1e-8), side="right") - 1] += untouched
    return np.array([-10, 8, *counts], np.float32)


def stepped(
    folder: Path,
    parts: Mapping[str, Callable[[int, np.ndarray], np.ndarray]],
    parameters: list[Parameter] | None = None,
    adaptive: bool = True,
    **more: Any,
) -> Run:
    """A run whose steps have these shares: by role, of the i-th parameter at the steps."""
    parameters = mlp() if parameters is None else parameters
    at = np.arange(STEPS)
    extra = {}
    for i, p in enumerate(parameters):
        for role, share in parts.items():
            values = np.broadcast_to(share(i, at), at.shape).astype(float)
            extra[q.of_role(q.PART_SHARE, role), p.name] = values
            extra[q.of_role(q.PART_NORM, role), p.name] = np.abs(values) * 0.01 * (i + 1)
            extra[q.of_role(q.PART_COSINE, role), p.name] = np.ones(STEPS)
        extra[q.UPDATE_NORM, p.name] = np.full(STEPS, 0.01 * (i + 1))

    def arrays(writer: RunWriter) -> None:
        groups = [{"lr": 0.1, "eps": 1e-8}]
        writer.fact("optimizers", [{"name": "SGD", "class_name": "Adam", "groups": groups}])
        for step in range(0, STEPS, 4) if adaptive else ():
            for i, p in enumerate(parameters):
                lr = 0.1 if step < 0.75 * STEPS else 0.01
                writer.array(step, q.RATES, p.name, rates(lr, 0.5 + 0.25 * (i % 8), untouched=500 * (i == 1)))

    return make_run(folder, parameters, STEPS, extra=extra, also=arrays, **more)


def adam(i: int) -> dict[str, float]:
    return {"decay": -0.02 * i, "gradient": 0.1, "momentum": 0.2, "scaling": 0.7 + 0.02 * i}


ADAM = {role: lambda i, at, role=role: np.array(adam(i)[role]) for role in adam(0)}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return stepped(tmp_path_factory.mktemp("optimizer") / "r", ADAM)


def test_they_appear_where_they_were_recorded_and_nowhere_else(run: Run, healthy: Run) -> None:
    drawn = [p for p in pictures(run) if p.group == "optimizer"]
    assert [p.key for p in drawn] == KEYS
    assert not [p for p in pictures(healthy) if p.group == "optimizer"]
    page = render_report([(run, make_diagnosis(run))])
    assert page.count('<h2 id="r0-optimizer">Inside the optimizer</h2>') == 1
    assert all(f'data-figure="r0-{key}"' in page for key in KEYS)
    assert 'id="r0-optimizer"' not in render_report([(healthy, make_diagnosis(healthy))])


def test_the_bars_are_the_shares_of_the_end(tmp_path: Path) -> None:
    late = {
        "gradient": lambda i, at: np.where(at < 32, 5.0, 0.25 + 0.1 * i),
        "momentum": lambda i, at: np.where(at < 32, -4.0, 0.75 - 0.1 * i),
    }
    plot = named(stepped(tmp_path / "r", late), "step-shares").plot
    names = ["embedding.weight", *(f"layers.{i}.weight" for i in range(5)), "head.weight"]
    assert list(plot.data[0].y)[:7] == names  # matrices first
    shares = {bar.name: dict(zip(bar.y, bar.x, strict=True)) for bar in plot.data}
    for i, p in enumerate(mlp()):
        assert shares["gradient"][p.name] == pytest.approx(0.25 + 0.1 * i)
        assert shares["momentum"][p.name] == pytest.approx(0.75 - 0.1 * i)
    assert plot.layout.barmode == "relative"
    assert plot.layout.xaxis.range[0] < -0.35
    assert plot.layout.xaxis.range[1] > 1.35


def test_long_bars_are_cut_and_that_is_said(tmp_path: Path) -> None:
    wild = {"gradient": lambda i, at: np.array(30.0), "scaling": lambda i, at: np.array(-29.0)}
    picture = named(stepped(tmp_path / "r", wild), "step-shares")
    low, high = picture.plot.layout.xaxis.range
    assert (low, high) == pytest.approx((-3, 4), abs=0.3)
    assert any(n.startswith("Longer bars are cut") for n in picture.notes)


def test_a_part_that_never_did_anything_is_left_out_and_a_rare_one_is_named(tmp_path: Path) -> None:
    parts = {
        **ADAM,
        "decay": lambda i, at: np.array(0.0),
        "lookahead": lambda i, at: np.where(at % 6 == 5, 0.4, 0.0),
    }
    run = stepped(tmp_path / "r", parts)
    picture = named(run, "step-shares")
    assert [bar.name for bar in picture.plot.data] == ["gradient", "momentum", "scaling"]
    assert "Not at most steps, so not in the medians: lookahead." in picture.notes
    first = [t for t in named(run, "step-lengths").plot.data if t.visible]
    assert [t.name for t in first] == ["whole step", "gradient", "momentum", "scaling", "lookahead"]
    assert first[-1].mode == "markers"
    assert list(first[-1].x) == [5, 11, 17, 23, 29, 35]


def test_lines_are_the_norms_of_the_median_and_of_single_parameters(run: Run) -> None:
    plot = named(run, "step-lengths").plot
    (choice,) = plot.layout.meta["choose"]
    assert [o["text"] for o in choice["options"]][:3] == [
        "median of the matrices",
        "embedding.weight",
        "layers.0.weight",
    ]
    drawn = {(t.meta["when"]["of"], t.name): np.asarray(t.y) for t in plot.data}
    matrices = [i for i, p in enumerate(mlp()) if p.kind == "matrix"]
    assert drawn[0, "scaling"] == pytest.approx(np.median([0.01 * (i + 1) * adam(i)["scaling"] for i in matrices]))
    assert drawn[0, "whole step"] == pytest.approx(0.01 * (np.median(matrices) + 1))
    assert drawn[1, "gradient"] == pytest.approx(0.01 * 0.1)
    assert (1, "decay") not in drawn  # of the first parameter it is nothing
    low, high = choice["options"][0]["layout"]["yaxis.range"]
    assert low < np.log10(min(drawn[0, "decay"])) < np.log10(max(drawn[0, "whole step"])) < high


def test_rounding_does_not_stretch_the_axis(tmp_path: Path) -> None:
    parts = {"gradient": lambda i, at: np.array(1.0), "momentum": lambda i, at: np.where(at == 0, 1e-12, 0.5)}
    low, _ = named(stepped(tmp_path / "r", parts), "step-lengths").plot.layout.yaxis.range
    assert low > -4


def test_many_parameters_stay_legible(tmp_path: Path) -> None:
    drawn = {p.key: p for p in pictures(stepped(tmp_path / "r", ADAM, transformer(), status="running"))}
    for key in ("step-shares", "effective-lr"):
        assert len(drawn[key].plot.data[0].y) == 75
        assert len(drawn[key].plot.layout.yaxis.tickvals) <= 40
        assert drawn[key].plot.layout.height <= 1100
        assert "Rows: the 75 matrices and embeddings; 75 others are left out." in drawn[key].notes
    for key in ("step-lengths", "effective-lr-over-steps"):
        (choice,) = drawn[key].plot.layout.meta["choose"]
        assert len(choice["options"]) <= 13


def test_rates_are_shares_of_the_elements_with_lr_beside_them(run: Run) -> None:
    plot = named(run, "effective-lr").plot
    (choice,) = plot.layout.meta["choose"]
    assert [o["text"] for o in choice["options"]] == [f"step {s}" for s in range(0, STEPS, 4)]
    assert choice["first"] == 9
    heat, marks = (t for t in plot.data if t.visible)
    assert heat.meta["when"] == marks.meta["when"] == {"look": 9}
    assert list(marks.x) == pytest.approx([-2] * len(mlp()))
    rows = dict(zip(heat.y, np.asarray(heat.z), strict=True))
    edges = np.asarray(heat.x)
    for i, p in enumerate(mlp()):
        row = rows[p.name]
        assert row.sum() == pytest.approx(1.0 if i != 1 else 1 - share_of_untouched(), abs=0.01)
        peak = edges[:-1][row.argmax()] + 0.125
        assert peak == pytest.approx(-2 + 0.5 + 0.25 * (i % 8), abs=0.26)
    assert edges[-1] < 3  # elements at lr / ε, 10^6, are told of beneath
    (note,) = named(run, "effective-lr").notes
    assert note.startswith("Not drawn: elements at lr / ε")
    assert note.endswith(f"so far: {100 * share_of_untouched():.1f} % of layers.0.weight.")


def share_of_untouched() -> float:
    whole = rates(0.01, 0.75, 500)[2:].sum()
    return 500 / whole


def test_rates_over_the_training_follow_lr(run: Run) -> None:
    plot = named(run, "effective-lr-over-steps").plot
    (choice,) = plot.layout.meta["choose"]
    assert choice["options"][0]["text"] == "embedding.weight"
    heat, line = (t for t in plot.data if t.visible)
    assert list(line.y) == pytest.approx([-1] * 8 + [-2] * 2)
    assert np.asarray(heat.z).sum(axis=0) == pytest.approx(np.ones(10), abs=0.01)
    middles = np.asarray(heat.y)[np.asarray(heat.z).argmax(axis=0)]
    assert middles == pytest.approx([-0.5] * 8 + [-1.5] * 2, abs=0.26)


def test_an_optimizer_without_rates_has_shares_alone(tmp_path: Path) -> None:
    lion = {"gradient": lambda i, at: np.array(0.1), "sign": lambda i, at: np.array(0.9)}
    run = stepped(tmp_path / "r", lion, adaptive=False)
    assert [p.key for p in pictures(run) if p.group == "optimizer"] == KEYS[:2]


def test_one_rate_for_a_whole_parameter_is_drawn(tmp_path: Path) -> None:
    """As LARC gives: all elements in one bin."""
    one = np.zeros(BINS + 2, np.float32)
    one[:2], one[30] = (-10, 8), 64
    (p,) = [p for p in mlp() if p.name == "head.weight"]

    def also(writer: RunWriter) -> None:
        for step in range(5):
            writer.array(step, q.RATES, p.name, one)

    run = make_run(tmp_path / "r", [p], 5, also=also)
    heat = named(run, "effective-lr").plot.data[0]
    assert np.asarray(heat.z).max() == 1.0
    low, high = named(run, "effective-lr").plot.layout.xaxis.range
    assert low < -3 < -1 < high  # the bin and lr


def test_roles_that_nobody_knows_have_colours_of_their_own(tmp_path: Path) -> None:
    parts = {role: lambda i, at: np.array(0.25) for role in ("gradient", "weight_decay decay", "l2_reg decay", "<b>")}
    bars = named(stepped(tmp_path / "r", parts), "step-shares").plot.data
    assert len({bar.marker.color for bar in bars}) == 4
    assert [bar.name for bar in bars][-1] == "&lt;b&gt;"


def test_what_is_undefined_is_left_out(undefined: Run, tmp_path: Path) -> None:
    nothing = {"gradient": lambda i, at: np.where(at < 20, np.nan, np.inf)}
    run = stepped(tmp_path / "r", nothing, adaptive=False)
    assert [p.key for p in pictures(run) if p.group == "optimizer"] in ([], ["step-lengths"])
    render_report([(run, make_diagnosis(run))])
