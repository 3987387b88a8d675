"""The public names, and what a notebook or a script does with them."""

import sys

import pytest
import torch

import auscult
from auscult.errors import AuscultError
from auscult.settings import Settings, runs_folder, settings
from programs import run_python


def small_training(lr=0.01, **kwargs):
    W = torch.randn(5, 5, requires_grad=True)
    optimizer = torch.optim.SGD([W], lr=lr)
    with auscult.watch({"W": W}, optimizer, **kwargs) as recorder:
        for _ in range(40):
            optimizer.zero_grad()
            (W**2).sum().backward()
            optimizer.step()
    return recorder


def test_the_public_names():
    calls = ["Learner", "compare", "compare_norms", "diagnose", "examine", "open_run", "report", "watch"]
    packages = ["curvature", "landscape", "learner", "optim", "studies", "treat"]
    assert sorted(auscult.__all__) == sorted(["AuscultError", *packages, *calls])
    assert all(callable(getattr(auscult, name)) for name in calls)
    remedies = ["calibrate_norms", "fold_bias", "gains", "initialise", "lsuv", "suggest_lr"]
    assert all(callable(getattr(auscult.treat, name)) for name in remedies)
    with pytest.raises(AttributeError, match="it has"):
        _ = auscult.listen


def test_what_is_no_run_and_no_quantity_is_said_so():
    with pytest.raises(AuscultError, match=r"a Linear is no run; give .*examine"):
        auscult.diagnose(torch.nn.Linear(2, 2))
    run = small_training().run
    with pytest.raises(AuscultError, match="no quantity 'los'; did you mean loss"):
        run.series("los")
    with pytest.raises(AuscultError, match="this run has"):
        run.matrix("qqqqq")
    assert len(run.series("logged", "accuracy")) == 0  # there is such a quantity, it was not recorded here


def test_importing_auscult_imports_neither_torch_nor_numpy():
    code = "import sys, auscult; print([m for m in ('torch', 'numpy', 'rich', 'plotly') if m in sys.modules])"
    assert run_python("-c", code, fresh=True).stdout == "[]\n"


def test_compare_and_notes(tmp_path):
    first, second = small_training(name="one"), small_training(name="two")
    page = auscult.compare(first, second.run.path)
    assert "Against one" in str(page)
    assert "one" in page._repr_html_()
    with pytest.raises(TypeError, match="at least one run"):
        auscult.compare()


def test_a_run_is_held_against_a_baseline(tmp_path):
    good, slow = small_training(name="good"), small_training(lr=1e-4, name="slow")
    page = auscult.diagnose(slow, baseline=good)
    assert "set differently  lr of SGD: 0.0001 (baseline: 0.01)" in str(page)
    assert "since step 0  learning rate: 100 × smaller" in str(page)
    assert page.as_dict()["baseline"]["deviations"][0]["quantity"] == "lr"
    assert auscult.diagnose(slow).as_dict()["baseline"] is None
    report = auscult.report(slow, tmp_path / "report.html", baseline=good).read_text()
    assert "learning rate: 100 × smaller" in report
    assert "They part at step 0." in report


def test_notes_are_kept_and_never_stop_a_training(capsys):
    W = torch.randn(5, 5, requires_grad=True)
    optimizer = torch.optim.SGD([W], lr=0.01)
    with auscult.watch({"W": W}, optimizer) as recorder:
        (W**2).sum().backward()
        optimizer.step()
        recorder.note("said", ["a", "b"])
        recorder.note("said", ["c", 4])
        recorder.note("whole", "two\nlines")
        recorder.note("nothing", 3)
    assert recorder.run.notes == {"said": ["c", "4"], "whole": "two\nlines"}
    assert "note('nothing', …) takes a text" in capsys.readouterr().err
    page = auscult.report(recorder).read_text()
    assert "two\nlines" in page


def test_watch_diagnose_report(tmp_path):
    recorder = small_training(name="mine")
    page = auscult.diagnose(recorder.run)
    assert page.as_dict()["run"] == recorder.run.id
    assert recorder.run.id.endswith("-mine")
    assert "40 steps" in str(page)
    assert "<iframe" in page._repr_html_()
    assert auscult.report(recorder, tmp_path / "r.html") == tmp_path / "r.html"
    assert auscult.report("last").parent == recorder.run.path
    assert auscult.open_run("last").id == recorder.run.id


def test_a_training_that_goes_on_can_be_read():
    W = torch.randn(5, 5, requires_grad=True)
    optimizer = torch.optim.SGD([W], lr=0.01)
    recorder = auscult.watch({"W": W}, optimizer, every=1)
    for step in range(40):
        optimizer.zero_grad()
        (W**2).sum().backward()
        optimizer.step()
        if step == 20:
            run = recorder.run
            assert run.status == "running"
            assert len(run.series("loss")) == 20  # the step going on is not over
            assert auscult.diagnose(recorder).as_dict()["status"] == "running"
            assert recorder.acknowledged == 19
    recorder.close()
    assert run.status == "finished"
    assert len(run.series("loss")) == 40


def test_a_recorder_nobody_closes_is_closed_at_exit(tmp_path):
    code = (
        "import torch, auscult\n"
        "m = torch.nn.Linear(2, 2); o = torch.optim.SGD(m.parameters(), lr=.1)\n"
        "r = auscult.watch(m, o)\n"
        "for _ in range(5): m(torch.ones(1, 2)).sum().backward(); o.step()\n"
    )
    for ending, status in (("", "finished"), ("1 / 0\n", "failed")):
        run_python("-c", code + ending, fresh=status == "failed")
        run = auscult.open_run("last")
        assert (run.status, run.steps) == (status, 5)


def test_settings_come_from_arguments_then_environment_then_the_project_then_defaults(tmp_path, monkeypatch):
    monkeypatch.delenv("AUSCULT_DIR")
    assert settings() == Settings()
    (tmp_path / "pyproject.toml").write_text("[tool.auscult]\nbudget = 0.05\nevery = 4\n")
    assert settings() == Settings(budget=0.05, every=4)
    monkeypatch.setenv("AUSCULT_EVERY", "7")
    assert settings() == Settings(budget=0.05, every=7)
    assert settings(every=9, dir=tmp_path) == Settings(str(tmp_path), 0.05, 9)
    monkeypatch.setenv("AUSCULT_EVERY", "often")
    with pytest.raises(auscult.AuscultError, match="a whole number"):
        settings()
    monkeypatch.delenv("AUSCULT_EVERY")
    (tmp_path / "pyproject.toml").write_text("[tool.auscult]\nbugdet = 0.05\n")
    with pytest.raises(auscult.AuscultError, match="bugdet"):
        settings()
    monkeypatch.setenv("AUSCULT_EVREY", "7")
    (tmp_path / "pyproject.toml").unlink()
    with pytest.raises(auscult.AuscultError, match="evrey"):
        settings()


def test_wrong_settings_of_listening_do_not_keep_runs_from_being_read(tmp_path, monkeypatch):
    monkeypatch.delenv("AUSCULT_DIR")
    monkeypatch.setenv("AUSCULT_EVERY", "often")
    (tmp_path / "pyproject.toml").write_text("[tool.auscult]\nbudget = 7\ndir = 'mine'\n")
    assert runs_folder() == "mine"
    monkeypatch.setenv("AUSCULT_DIR", "ours")
    assert runs_folder() == "ours"
    assert runs_folder("here") == "here"


def test_an_error_of_long_ago_does_not_fail_a_run(monkeypatch):
    monkeypatch.setattr(sys, "last_value", ValueError("in another cell"), raising=False)
    assert small_training().run.status == "finished"
