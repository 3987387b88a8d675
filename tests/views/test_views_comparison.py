"""Runs side by side: the numbers are those of the runs, and nothing is said to be gone that was not judged."""

import io

import numpy as np
import pytest
from rich.console import Console
from view_runs import disagree, make_diagnosis, make_run, mlp, no_progress, too_high

from auscult.findings import Coverage, Diagnosis, Overhead
from auscult.runs import quantities as q
from auscult.views import ComparisonPage, Page, print_comparison, render_report
from auscult.views.comparison import comparison

STEPS = 400


def run_of(folder, name, *, saturated=(0.6, 0.5), losses=(), steps=STEPS, **kwargs):
    first, last = saturated
    course = np.linspace(first, last, steps)
    course[1::2] = np.nan  # not every step is looked into
    extra = {(q.SATURATED, "layers.0"): course, (q.SATURATED, "layers.1"): course / 2}
    for kind, values in losses:
        column = np.full(steps, np.nan)
        column[:: steps // len(values)] = values
        extra[q.LOGGED, kind] = column
    return make_run(folder / name, mlp(), steps, name=name, extra=extra, **kwargs)


def judged(run, *findings, ran=("learning-rate-too-high", "layers-disagree", "no-progress")):
    coverage = tuple(
        Coverage(rule, "ran") if rule in ran else Coverage(rule, "cannot-judge", "too short")
        for rule in ("learning-rate-too-high", "layers-disagree", "no-progress")
    )
    return run, Diagnosis(run.id, run.status, run.steps, findings, coverage, Overhead(0.01, run.steps))


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compared")
    before = run_of(folder, "before", losses=[("valid_loss", (3.0, 2.5))], level=-0.8)
    after = run_of(
        folder, "after", saturated=(0.04, 0.02), losses=[("valid_loss", (2.9, 1.5)), ("accuracy", (0.1, 0.9))],
        also=lambda w: w.fact("notes", {"wrote": ["anna", "", "<b>mia"], "whole": "two\nlines"}),
    )  # fmt: skip
    return comparison([judged(before, too_high(), no_progress()), judged(after, disagree())])


def test_what_was_only_heard_is_shown_where_nothing_was_logged(tmp_path):
    heard = (q.HEARD, (3.0, 2.5))
    both, alone = (run_of(tmp_path, name, losses=[heard, *more]) for name, more in (
        ("both", [("valid_loss", (3.0, 2.0))]), ("alone", []),
    ))  # fmt: skip
    first, second = comparison([judged(both), judged(alone)]).runs
    assert first.logged == {"valid_loss": 2.0}
    assert second.logged == {q.HEARD: 2.5}


def test_the_numbers_are_the_runs(held):
    first, second = held.runs
    losses = first.run.series(q.LOSS).values.astype(float)
    assert first.loss == pytest.approx((losses[0], losses[np.arange(STEPS) >= 0.95 * (STEPS - 1)].mean()))
    assert first.logged == {"valid_loss": 2.5}
    assert second.logged == pytest.approx({"valid_loss": 1.5, "accuracy": 0.9}, abs=1e-6)
    assert first.saturated == pytest.approx((0.6, 0.51), abs=0.01)  # at the end: the median of the last fifth
    assert second.saturated == pytest.approx((0.04, 0.022), abs=1e-3)
    assert np.isnan(first.dead).all()
    cells = {c.title: c.cells for c in held.columns}
    assert cells["saturated"] == ("60 % → 51 %", "4.0 % → 2.2 %")
    assert cells["accuracy"] == ("–", "0.9")
    assert cells["findings"] == ("learning-rate-too-high, no-progress", "layers-disagree")
    assert not {"dead units", "status", "steps"} & cells.keys()  # they would say nothing, or the same of all


def test_what_went_away(held):
    (change,) = held.changes
    assert change.gone == ("learning-rate-too-high", "no-progress")
    assert change.new == ("layers-disagree",)
    assert change.still == change.unjudged == ()
    assert change.said == "gone: learning-rate-too-high, no-progress; new: layers-disagree"


def test_what_could_not_be_judged_again_is_not_said_to_be_gone(tmp_path):
    before, after = run_of(tmp_path, "before"), run_of(tmp_path, "after")
    c = comparison([judged(before, too_high(), disagree()), judged(after, disagree(), ran=("layers-disagree",))])
    (change,) = c.changes
    assert change.gone == ()
    assert change.unjudged == ("learning-rate-too-high",)
    assert change.still == ("layers-disagree",)
    assert "could not be judged again: learning-rate-too-high (too short); still there: layers-disagree" in change.said


def test_json_has_the_same(held):
    said = held.as_dict()
    assert said["schema"] == 1
    assert said["changes"] == [
        {
            "run": "after",
            "gone": ("learning-rate-too-high", "no-progress"),
            "still": (),
            "new": ("layers-disagree",),
            "could_not_judge": (),
        }
    ]
    assert said["runs"][0]["dead_unit_share"] == {"first": None, "last": None}
    assert said["runs"][1]["notes"]["whole"] == "two\nlines"


@pytest.mark.parametrize("width", [60, 80, 160])
def test_on_a_terminal(held, width):
    out = io.StringIO()
    print_comparison(held, Console(file=out, width=width))
    told = out.getvalue()
    assert all(len(line) <= width for line in told.splitlines())
    assert ("Left out for want of room" in told) == (width < 100)
    assert "Against before:" in told
    assert "anna, (empty), <b>mia" in told
    assert "learning-rate-too-high" in told


def test_in_the_report(held):
    page = render_report([(s.run, make_diagnosis(s.run)) for s in held.runs])
    assert "all-saturation" in page
    assert "&lt;b&gt;mia" in page
    assert "<b>mia" not in page
    assert "Against before" in page


def test_runs_without_anything_and_of_other_tasks(tmp_path):
    def task(classes):
        record = {"kind": "cross-entropy", "classes": classes, "uniform": float(np.log(classes))}
        return lambda writer: writer.fact("task", record)

    empty = make_run(tmp_path / "empty", steps=0, status="failed", error="RuntimeError: no")
    ten, two = (make_run(tmp_path / f"t{n}", mlp(), 50, name=f"t{n}", also=task(n)) for n in (10, 2))
    c = comparison([judged(empty), judged(ten), judged(two)])
    assert c.caution
    assert {x.title: x.cells for x in c.columns}["status"][0] == "failed"
    out = io.StringIO()
    print_comparison(c, Console(file=out, width=80))
    assert "no findings in either" in out.getvalue()
    assert "empty" in render_report([(s.run, make_diagnosis(s.run)) for s in c.runs])
    assert not comparison([judged(ten), judged(ten)]).caution
    with pytest.raises(ValueError, match="at least one run"):
        comparison([])


def test_a_page_prints_and_shows_itself(held):
    page = ComparisonPage([Page(s.run, make_diagnosis(s.run)) for s in held.runs])
    assert "Against before" in str(page)
    assert "srcdoc" in page._repr_html_()
