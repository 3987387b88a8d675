"""What many tests need: runs in a folder of their own, one thread, and the data that stays outside the project."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parent / "scripts"
DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(autouse=True)
def runs_dir(tmp_path, monkeypatch):
    """Runs go to the test's own folder, whatever it does; no setting leaks in from outside."""
    for name in [n for n in os.environ if n.startswith("AUSCULT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AUSCULT_DIR", str(tmp_path / "runs"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "runs"


@pytest.fixture(scope="session")
def names_file():
    """The 32,033 names that the figures of the lecture are for."""
    path = DATA / "names.txt"
    if not path.exists():
        pytest.skip(f"{path.name} is not here: the figures of the lecture are for that file and no other")
    return path


def run_python(*arguments, timeout=120, **environment):
    """Run Python in a process of its own; stdout, stderr and the exit code."""
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout,
        env={**os.environ, "OMP_NUM_THREADS": "1", "COLUMNS": "100", **environment},
    )


def run_auscult(*arguments, **kwargs):
    """Run the `auscult` command in a process of its own."""
    return run_python("-m", "auscult", *arguments, **kwargs)
