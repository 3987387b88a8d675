"""What the README measures by can still measure: each in miniature. What it finds then means nothing."""

import re
from pathlib import Path

import pytest

from programs import run_python

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
SHORT = ["--rounds", "1", "--seconds", "0.001", "--past", "1", "--training", "char MLP", "--alone"]


def figures(told):
    """The numbers in a table's cells."""
    assert told.returncode == 0, told.stderr
    assert "dropped" not in told.stdout, told.stdout
    assert "auscult:" not in told.stderr, told.stderr
    return [float(cell) for cell in re.findall(r"(?<=\| )-?[\d.]+(?= )", told.stdout)]


@pytest.mark.parametrize("more", [[], ["--profile"]], ids=["costs", "profile"])
def test_what_listening_costs(more):
    assert len(figures(run_python(BENCHMARKS / "overhead.py", *SHORT, *more))) > 10


def test_what_a_look_adds():
    program = "import looks; print([len(costs) for costs in looks.measure(looks.char_mlp, 1, 0.001)[1].values()])"
    told = run_python("-c", program, PYTHONPATH=str(BENCHMARKS))
    assert told.stdout == "[1, 1, 1]\n", told.stderr


@pytest.mark.parametrize("variant", ["native", "plain torch", "everything"])
def test_how_the_cost_grows(variant):
    program = f"import growth; print(growth.cost(1000, 4, {variant!r}, 1, 0.001).added_s)"
    told = run_python("-c", program, PYTHONPATH=str(BENCHMARKS))
    assert float(told.stdout) == float(told.stdout), told.stderr


def test_how_near_what_noise_holds_up_is_estimated():
    told = run_python(BENCHMARKS / "held_up.py", "cnn-group-norm")
    assert len(figures(told)) == 2 * 5  # of two seeds
