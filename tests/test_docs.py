"""The pages in docs/ speak the truth: their Python runs, their commands run, what they link to is there."""

import re
import shlex
import struct
from pathlib import Path

import numpy as np
import pytest

from programs import run_python

DOCS = Path(__file__).parents[1] / "docs"
PAGES = sorted(DOCS.glob("*.md"))
README = (DOCS.parent / "README.md").read_text()
# appended to a command that has the word: less of the same
SMALLER = {
    "auscult.recipes.mnist": ["--train", "128", "--valid", "64", "--epochs", "1"],
    "demo": ["--steps", "100"],
}
SMALLER_STUDY = "minima=False, seeds=1, scaling=False, looks=2, samples=8"  # in place of minima=False

pytestmark = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def idx(values):
    return bytes([0, 0, 8, values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape) + values.tobytes()


@pytest.fixture
def files(tmp_path):
    """Small substitutes for the files that the commands name, where the commands run."""
    rng = np.random.default_rng(0)
    (tmp_path / "t10k-images-idx3-ubyte.gz").write_bytes(idx(rng.integers(0, 255, (200, 12, 12)).astype(np.uint8)))
    (tmp_path / "t10k-labels-idx1-ubyte.gz").write_bytes(idx((np.arange(200) % 10).astype(np.uint8)))
    (tmp_path / "names.txt").write_text("\n".join(["emma", "olivia", "ava", "isabella", "sophia"] * 20))


def commands(page):
    """The words of each command: lines that begin with $, and those that a backslash joins to them.

    Without those that stand in the README, where they are tried too.
    """
    blocks = re.findall(r"```console\n(.*?)```", page.read_text(), re.S)
    lines = [line for block in blocks for line in block.replace("\\\n", "").splitlines()]
    return [shlex.split(line[2:]) for line in lines if line.startswith("$ ") and line not in README.splitlines()]


def test_the_python_runs_in_order(page):
    blocks = re.findall(r"```python\n(.*?)```", page.read_text(), re.S)
    told = run_python("-c", "\n".join(blocks).replace("minima=False", SMALLER_STUDY))
    assert told.returncode == 0, told.stderr


def test_every_command_runs(page, files):
    for program, *arguments in commands(page):
        assert program in ("auscult", "python"), program
        more = [word for key in SMALLER if key in arguments for word in SMALLER[key]]
        if arguments[0].startswith("benchmarks/"):  # too long for a test: whether it is there and says what it takes
            arguments, more = [DOCS.parent / arguments[0]], ["--help"]
        told = run_python(*(["-m", "auscult"] if program == "auscult" else []), *arguments, *more)
        judges = program == "auscult" and arguments[0] in ("compare", "diagnose", "examine")
        assert told.returncode in ((0, 1) if judges else (0,)), told
        assert "Traceback" not in told.stderr


def test_every_file_that_is_linked_is_there(page):
    for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text()):
        assert (DOCS / link).exists(), link
