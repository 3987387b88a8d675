"""The recipes as commands: what they print, what they draw, and that they can be listened to."""

import importlib
import re
import sys

import numpy as np
import pytest
from PIL import Image

import auscult
from auscult import optim
from auscult.recipes import digits
from auscult.recipes.command import PRESETS, main
from auscult.recipes.course import Course
from programs import run_auscult, run_python

ROW = re.compile(r"^ +\d+( +[\d.e-]+){3} +[\d.]+s$", re.M)


def run_recipe(name, *arguments):
    return run_python("-m", f"auscult.recipes.{name}", *arguments, COLUMNS="80")


@pytest.fixture
def called(monkeypatch, capsys):
    """Calls a recipe's command in this process; the exit code, and what it printed."""

    def call(recipe, *arguments):
        monkeypatch.setattr(sys, "argv", ["recipe", *map(str, arguments)])
        code = 0
        try:
            main(importlib.import_module(f"auscult.recipes.{recipe}").command, recipe)
        except SystemExit as end:
            code = end.code
        return code, *capsys.readouterr()

    return call


@pytest.fixture
def folder(tmp_path):
    """Two pictures, one black and one white, and a file that is none."""
    for part in ("train", "val"):
        for name, color in (("black", 0), ("white", 255)):
            path = tmp_path / "f" / part / name
            path.mkdir(parents=True)
            Image.fromarray(np.full((20, 20), color, np.uint8)).save(path / "1.png")
    (path / "x.txt").write_text("no picture")
    return tmp_path / "f"


def test_the_digits(tmp_path):
    told = run_recipe("digits", "--epochs", 2, "--opt", "SGD", "--lr", 1, "--plot", "course.html")
    assert (told.returncode, told.stderr) == (0, "")
    lines = told.stdout.splitlines()
    assert lines[0] == "digits: 1,078 to train, 360 to validate, 359 to test"
    assert lines[2] == "SGD, one cycle up to lr 1, batches of 64, seed 0"
    assert len(ROW.findall(told.stdout)) == 2
    assert re.search(r"^test: loss [\d.]+, accuracy [\d.]+ \(359 examples\)$", told.stdout, re.M)
    assert lines[-1] == "plot: course.html"
    assert max(map(len, lines)) <= 80
    page = (tmp_path / "course.html").read_text()
    assert "learning rate" in page
    assert "SGD, one cycle up to lr 1" in page


def test_the_other_recipes(called, digit_files, folder):
    code, told, _ = called("mnist", *digit_files, "--train", 128, "--valid", 64, "--test", 64, "--epochs", 1)
    assert code == 0
    assert told.startswith("mnist: 128 to train, 64 to validate, 64 to test\n")
    assert len(ROW.findall(told)) == 1
    done = run_recipe("imagenette", folder, "--size", 16, "--batch", 2, "--epochs", 1, "--workers", 1)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 file is no picture and left out: f/val/white/x.txt\n" in done.stdout.replace(f"{folder.parent}/", "")
    assert "f: 2 to train, 2 to validate\n" in done.stdout
    assert len(ROW.findall(done.stdout)) == 1


def test_it_is_heard_and_nothing_is_wrong():
    told = run_auscult("run", "-m", "auscult.recipes.digits", "--epochs", "1")
    assert told.returncode == 0
    assert "epoch" in told.stdout
    assert "digits  finished · 16 steps" in told.stderr
    page = auscult.diagnose("last")
    assert page.clean, str(page)


@pytest.mark.parametrize(
    ("recipe", "arguments", "says"),
    [
        ("digits", ["--opt", "Adagrad"], "'Adagrad' is not one of"),
        ("digits", ["--lr", "0"], "lr_max is to be a positive number, got 0"),
        ("digits", ["--lr", "nan"], "lr_max"),
        ("digits", ["--batch", "2000"], "a batch of 2,000 is more than the 1,078 to train on"),
        ("digits", ["--plot", "nowhere/x.html"], "there is no folder to write nowhere/x.html in"),
        ("digits", ["--device", "abacus"], "the device abacus cannot be used"),
        ("digits", ["--device", "meta"], "the device meta cannot be used"),
        ("digits", ["--nosuch"], "Try `python -m auscult.recipes.digits --help`"),
        ("mnist", [], "Missing argument 'IMAGES'"),
        ("mnist", ["none.gz", "none.gz"], "cannot read none.gz"),
        ("imagenette", ["none"], "there is no folder none/train"),
    ],
)
def test_bad_input_is_one_clear_line(called, recipe, arguments, says):
    code, _, error = called(recipe, *arguments)
    assert code == 2
    assert error.count("\n") == 1
    assert error.startswith("auscult: ")
    assert says in error


@pytest.mark.parametrize("workers", [0, 1])
def test_a_damaged_picture_is_one_clear_line_from_a_worker_too(called, folder, workers):
    path = folder / "train" / "black" / "1.png"
    path.write_bytes(path.read_bytes()[:-30])
    code, _, error = called("imagenette", folder, "--size", 16, "--batch", 2, "--workers", workers)
    assert code == 2
    assert error.startswith("auscult: cannot read the picture ")
    assert error.count("\n") == 1


@pytest.mark.parametrize("recipe", ["digits", "mnist", "imagenette"])
def test_help_teaches_with_an_example(called, recipe):
    code, told, _ = called(recipe, "--help")
    assert code == 0
    assert told.startswith(f"Usage: python -m auscult.recipes.{recipe}")
    assert f"  python -m auscult.recipes.{recipe}" in told
    assert max(map(len, told.splitlines())) <= 80


def test_the_presets_are_those_there_are():
    assert set(PRESETS) == {"Adam", "AdamW", "LAMB", "LARC", "Lion", "Momentum", "QHAdam", "RAdam", "RMSProp", "SGD"}
    assert PRESETS["RAdam"] is optim.RAdam


@pytest.mark.parametrize("opt", ["Adam", "RMSProp"])
def test_the_course_is_what_happened(opt):
    course, learn = Course(), digits.task().learner(PRESETS[opt], batch=256, quiet=True)
    learn.fit_one_cycle(2, 1e-2, callbacks=[course])
    steps = 2 * (1078 // 256)
    positions = [step / (steps - 1) for step in range(steps)]
    assert course.lr == pytest.approx([learn.schedule.lr(p) for p in positions])
    expected = [learn.schedule.momentum(p) for p in positions] if opt == "Adam" else []
    assert course.momentum == pytest.approx(expected)
    of_last = [float(loss) for loss in course.losses[steps // 2 :]]
    assert sum(of_last) / len(of_last) == pytest.approx(learn.table[-1].train_loss, rel=1e-5)
    assert course.valid == {steps // 2: learn.table[0].valid_loss, steps: learn.table[1].valid_loss}
    shown = [tuple(trace.y) for trace in course.plot("title").data[2:]]
    assert shown == [tuple(course.lr), *([tuple(course.momentum)] if opt == "Adam" else [])]
