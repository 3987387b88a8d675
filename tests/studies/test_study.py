"""The whole study: it resumes and repeats nothing, failures stop no other, and it concludes from its numbers."""

import json
import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import study_tasks

from auscult import studies
from auscult.errors import RunError, StudyError
from auscult.runs.trials import Trials
from auscult.stats.noise import noise_scale
from auscult.studies.batch_size import Plan
from auscult.studies.conclusions import advice, claims
from auscult.studies.page import StudyPage
from auscult.studies.summary import Spread, Summary, spread
from auscult.studies.training import way
from programs import run_auscult

HERE = str(Path(__file__).parent)
ASKED = {"lr": 0.1, "epochs": 4, "seeds": 2, "looks": 3, "samples": 6, "points": 5, "quiet": True}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    return studies.batch_size(study_tasks.points, (8, 64), dir=folder, executor=studies.Here(), **ASKED)


def test_every_training_is_there_and_kept(page):
    s = page.summary
    assert (s.missing, s.failed, s.batches) == (0, [], [8, 64])
    assert [(row.title, row.lr, len(row.trials)) for row in s.rows()] == [
        ("batch 8", 0.1, 2),
        ("batch 64", 0.1, 2),
        ("batch 64, linearly scaled", 0.8, 2),
        ("batch 64, scaled by the root", pytest.approx(0.1 * math.sqrt(8)), 2),
        ("batch 64, then 8", 0.1, 2),
    ]
    assert len([t for t in s.trials if t.config["kind"] == "batch-size"]) == 10
    again = studies.open_study(s.trials.folder).summary
    assert again.plan == s.plan
    assert str(again.median_ratio(8, 64)) == str(s.median_ratio(8, 64))


def test_the_summary_is_of_the_trials(page):
    s = page.summary
    a, b = s.base(8), s.base(64)
    assert [t.config["seed"] for t in a] == [0, 1]
    ratios = [np.median(x.arrays["updates"]) / np.median(y.arrays["updates"]) for x, y in zip(a, b, strict=True)]
    assert s.median_ratio(8, 64) == Spread(pytest.approx(np.mean(ratios)), pytest.approx(np.std(ratios, ddof=1)), 2)
    assert s.distance_ratio(8, 64)[1, 2] == pytest.approx(
        a[1].numbers["epochs"][2]["distance"] / b[1].numbers["epochs"][2]["distance"]
    )
    assert s.noise(8)[1] == noise_scale([t.arrays["grams"][1] for t in a], 8)
    gap = [t.numbers["final"]["valid"]["loss"] - t.numbers["final"]["train"]["loss"] for t in b]
    assert s.gap(b).mean == pytest.approx(np.mean(gap))
    assert s.metrics() == ["accuracy"]
    assert set(s.alignment_by_parameter(8)) == {"0.weight", "0.bias", "2.weight", "2.bias"}


def test_it_concludes_in_words(page):
    told = str(page)
    found = {c.claim: c.verdict for c in claims(page.summary)}
    assert found["From the same weights, a larger batch makes a smaller update."] == "yes"
    assert found["A larger batch moves the weights less in an epoch."] == "yes"
    assert "lowest validation loss" in advice(page.summaries)
    assert all(claim in told.replace("\n         ", " ") for claim in list(found)[:1])


def test_the_page_shows_all_of_it(page, tmp_path):
    path = page.report(tmp_path / "new" / "study.html")
    text = path.read_text()
    shown = ["losses", "updates", "distance", "distance-ratio", "path", "alignment", "sharpness", "line", "surface-8"]
    shown += ["by-parameter", "eigenvalues", "surfaces", "ways", "rates", "sharpness-by-loss"]
    assert all(f'id="study-{key}"' in text for key in shown)
    assert "From the same weights, a larger batch makes a smaller update." in text
    assert "study_tasks:points" in text
    assert "http" not in text.split("<script>")[0].replace("http-equiv", "")
    assert "srcdoc" in page._repr_html_()


def test_more_seeds_repeat_nothing(tmp_path):
    marks = tmp_path / "marks"
    marks.mkdir()
    asked = {**ASKED, "epochs": 1, "scaling": False, "switch": False, "minima": False, "executor": studies.Here()}
    asked |= {"dir": tmp_path / "s", "task_options": {"folder": str(marks)}}
    studies.batch_size(study_tasks.counted, (16, 32), **{**asked, "seeds": 1})
    first = len(list(marks.iterdir()))
    page = studies.batch_size(study_tasks.counted, (16, 32, 64), **{**asked, "seeds": 2})
    assert len(list(marks.iterdir())) - first == 4 + 1  # four trainings, and one look whether the task is well
    assert len(page.summary.base(16)) == 2


def test_what_fails_is_told_and_tried_again_and_stops_no_other(tmp_path):
    bad, marks = tmp_path / "bad", tmp_path / "marks"
    bad.touch()
    marks.mkdir()
    asked = {**ASKED, "epochs": 1, "scaling": False, "switch": False, "minima": False, "dir": tmp_path / "s"}
    asked |= {"executor": studies.Here(), "task_options": {"folder": str(marks), "bad": str(bad)}}
    page = studies.batch_size(study_tasks.counted, (16, 32), **asked)
    assert len(page.summary.failed) == 2
    assert "Failed: batch 16, lr 0.1, seed 1: RuntimeError: this seed will not do" in str(page).replace("\n", " ")
    assert "RuntimeError: this seed will not do" in page.render()
    assert len(page.summary.base(16)) == 1
    bad.unlink()
    assert studies.batch_size(study_tasks.counted, (16, 32), **asked).summary.failed == []


def test_killed_half_way_and_taken_up_again(tmp_path):
    marks = tmp_path / "marks"
    marks.mkdir()
    command = [
        "study", "batch-size", "study_tasks:counted", "--batch", "16", "--batch", "32", "--epochs", "1", "--seeds", "3",
        "--no-scaling", "--no-switch", "--no-minima", "--workers", "1", "--dir", str(tmp_path / "s"),
        "--with", f"folder={marks}", "--with", "slow=0.4",
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": HERE, "OMP_NUM_THREADS": "1", "COLUMNS": "100"}
    running = subprocess.Popen([sys.executable, "-m", "auscult", *command], env=environment, stderr=subprocess.PIPE)
    trials = Trials(tmp_path / "s")
    end = time.monotonic() + 90
    while len(list(trials)) < 2:
        assert time.monotonic() < end
        time.sleep(0.05)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    had = {t.key: t.seconds for t in trials}
    assert 2 <= len(had) < 6
    told = run_auscult(*command, PYTHONPATH=HERE)
    assert told.returncode == 0, told.stderr
    assert f"trainings: 6, of which {len(had)} are done" in told.stderr
    assert told.stdout.strip().splitlines()[-1] == str((tmp_path / "s" / "study.html").resolve())
    assert {t.key: t.seconds for t in trials if t.key in had} == had
    assert len(list(trials)) == 6


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"task": "nosuch"}, "module:function"),
        ({"batches": ()}, "from 1 up"),
        ({"batches": (0, 32)}, "from 1 up"),
        ({"batches": (32, 100000)}, "larger than the 320"),
        ({"lr": -1}, "positive"),
        ({"epochs": 0}, "epochs is a number from 1 up"),
        ({"samples": 2}, "samples is a number from 3 up"),
        ({"optimizer": "torch.optim:NoSuch"}, "the optimizer torch.optim:NoSuch is not there"),
    ],
)
def test_what_is_refused_before_anything_is_trained(changed, says, tmp_path):
    asked = {"task": study_tasks.points, "batches": (8, 64), "lr": 0.1, **changed}
    with pytest.raises(StudyError, match=says):
        studies.batch_size(**asked, dir=tmp_path / "s", executor=studies.Here(), quiet=True)
    assert not (tmp_path / "s").exists()


def test_a_folder_of_another_study_is_refused(page, tmp_path):
    with pytest.raises(StudyError, match="holds a study of study_tasks:points"):
        studies.batch_size("digits", dir=page.summary.trials.folder, executor=studies.Here(), quiet=True)
    with pytest.raises(RunError, match="study's folder"):
        studies.open_study(tmp_path)
    (tmp_path / "study.json").write_text(json.dumps({"kind": "other"}))
    with pytest.raises(StudyError, match="no study of the batch size"):
        studies.open_study(tmp_path)


def test_on_the_command_line(tmp_path):
    told = run_auscult("study", "batch-size", "nosuch")
    assert (told.returncode, len(told.stderr.splitlines())) == (2, 1)
    assert "module:function" in told.stderr
    told = run_auscult("study", "batch-size", "digits", "--with", "seed")
    assert (told.returncode, "NAME=VALUE" in told.stderr) == (2, True)


def test_around_the_ends(page):
    s = page.summary
    assert s.sharpness(8).shape == (2, 2)
    assert (s.sharpness(8)[:, 0] > s.sharpness(8)[:, 1]).all()  # a larger box
    alphas, loss = s.line("valid/loss")
    assert (alphas[0], alphas[-1], loss.shape) == (-1, 2, (2, 25))
    ends = [[t.numbers["final"]["valid"]["loss"] for t in s.base(b)] for b in (8, 64)]
    assert loss[:, alphas == 0].ravel() == pytest.approx(ends[0], rel=1e-5)
    assert loss[:, alphas == 1].ravel() == pytest.approx(ends[1], rel=1e-5)
    curved = s.line("train/loss", curved=True)[1]
    straight = s.line("train/loss")[1]
    assert curved[:, [8, 16]] == pytest.approx(straight[:, [8, 16]])  # the ends are the same, the way is not
    assert abs(curved[:, 12] - straight[:, 12]).min() > 1e-4
    assert s.eigenvalues(8).count == 2
    around = s.surface(8)
    assert around["loss"].shape == (5, 5)
    assert around["loss"][2, 2] == pytest.approx(s.base(8)[0].numbers["final"]["train"]["loss"], rel=1e-5)


def test_the_ways_two_trainings_went(page):
    found = page.summary.ways()
    first, second = found.arrays["first"], found.arrays["second"]
    assert (len(first), len(second)) == (5, 5)  # the start and four epochs
    assert first[0] == pytest.approx(second[0], abs=1e-6)
    assert first[-1] == pytest.approx([0, 0], abs=1e-6)
    a, b = page.summary.base(8)[0], page.summary.base(64)[0]
    apart = math.sqrt(sum(((a.arrays[n] - b.arrays[n]) ** 2).sum() for n in a.arrays if n.startswith("end/")))
    assert 0.5 * apart < np.linalg.norm(second[-1]) <= apart * (1 + 1e-6)  # the plane holds most of what lies between
    assert 0.8 < sum(found.numbers["explained"]) <= 1
    training = page.summary.plan.base(8, 0.1, 0)
    ended = way(training, 1)[-1]
    assert all((ended[n] == a.arrays[f"end/{n}"]).all() for n in ended)


def synthetic(tmp_path, worth, lrs=(0.1,)):
    """A study whose trials are made up: `worth(training)` gives the median update and the losses."""
    plan = Plan("study_tasks:points", "torch.optim:SGD", (8, 64), lrs, 8, 3, {}, {})
    trials, rng = Trials(tmp_path), np.random.default_rng(0)
    for t in plan.trainings:
        update, valid = worth(t)
        epochs = [
            {"distance": update * 9, "path": update * 20, "valid_loss": valid, "train_loss": valid - 0.1, "steps": 5}
        ] * 8
        gradients = rng.standard_normal((3, 6, 40)) * 8 / math.sqrt(t.batch) + 1
        look = {"cosine": 0.2, "efficiency": 0.4, "cosine_by_parameter": {}}
        final = {"train": {"loss": valid - 0.1}, "valid": {"loss": valid}}
        trials.add(
            t.config,
            {"epochs": epochs, "looks": [{**look, "epoch": e} for e in (0, 1, 8)], "final": final},
            {"updates": np.full(40, update, np.float32), "grams": gradients @ gradients.transpose(0, 2, 1)},
        )
    return Summary(plan, trials)


def test_verdicts_follow_the_numbers(tmp_path):
    rng = np.random.default_rng(1)

    def as_the_document_says(t):
        aim = 0.3 if t.switch_at or t.lr > 0.1 or t.batch == 8 else 0.5
        return 0.1 / math.sqrt(t.batch) * (1 + 0.01 * rng.standard_normal()), aim + 0.01 * rng.standard_normal()

    smaller = "Over the whole training, the updates of a larger batch are smaller."
    found = {c.claim: c.verdict for c in claims(synthetic(tmp_path / "a", as_the_document_says))}
    assert found[smaller] == found["A larger batch moves the weights less in an epoch."] == "yes"
    assert list(found.values())[-4:] == ["yes"] * 4

    def the_other_way_round(t):
        return 0.1 * math.sqrt(t.batch), (0.5 if t.batch == 8 else 0.3) + 0.01 * rng.standard_normal()

    found = {c.claim: c.verdict for c in claims(synthetic(tmp_path / "b", the_other_way_round))}
    assert found[smaller] == "no"
    assert found["At the same learning rate and epochs, batch 64 ends worse than batch 8."] == "no"

    def all_the_same(t):
        return 0.1 * (1 + 0.1 * rng.standard_normal()), 0.4 + 0.05 * rng.standard_normal()

    found = {c.claim: c.verdict for c in claims(synthetic(tmp_path / "c", all_the_same))}
    assert found[smaller] == "unclear"
    assert list(found.values())[-4:] == ["unclear"] * 4


def test_every_learning_rate_is_concluded_from(tmp_path):
    rng = np.random.default_rng(1)

    def lower_with_the_rate(t):
        diverged = 1e20 * rng.random() if (t.batch, t.lr) == (64, 6.4) else 0
        return t.lr / math.sqrt(t.batch), 0.2 + 0.01 / t.lr + 0.001 * rng.standard_normal() + diverged

    s = synthetic(tmp_path, lower_with_the_rate, (0.1, 0.8))
    page = StudyPage([s, Summary(s.plan, s.trials, 0.8)])
    told, html = str(page), page.render()
    for text in ("At learning rate 0.1", "At learning rate 0.8"):
        assert text in told
        assert text in html
    assert "Use batch 64 at learning rate 2.26." in advice(page.summaries)
    assert all(f'id="study-{key}"' in html for key in ("rates", "losses", "losses-1"))
    assert "Off the picture, their loss over 10 times the lowest: batch 64 at 6.4." in html


def test_spreads_are_written_to_the_digits_they_have():
    assert str(spread([2.191, 2.209])) == "2.200 ± 0.013"
    assert str(spread([1.5])) == "1.5"
    assert str(spread([])) == "–"
    assert str(spread([float("nan"), 3.0, 3.0])) == "3"
    assert str(spread([1000.0, 3000.0])) == "2,000 ± 1,414"
