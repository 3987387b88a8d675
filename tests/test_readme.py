"""The README speaks the truth: its commands run, its Python runs, its rules and settings are those there are."""

import re
import shlex
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from auscult import rules
from auscult.runs import list_runs
from auscult.settings import Settings
from programs import SCRIPTS, run_auscult, run_python

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
CONSOLE = [line[2:] for block in re.findall(r"```console\n(.*?)```", README, re.S) for line in block.splitlines()]
PYTHON = re.findall(r"```python\n(.*?)```", README, re.S)


def test_every_command_runs(tmp_path, runs_dir):
    (tmp_path / "train.py").write_text(
        f"import sys\nsys.path.insert(0, {str(SCRIPTS)!r})\nsys.argv = sys.argv[:1]\nimport sgd\n"
    )
    auscult = [shlex.split(line) for line in CONSOLE if line.startswith("auscult ")]
    assert len(auscult) >= 8
    for _, command, *arguments in auscult:
        if "7k3q" in arguments:  # one of those there are
            first = list_runs(runs_dir)[-1].id
            arguments = [first if one == "7k3q" else one for one in arguments]
        if command == "study":  # the same, shorter
            less = ["--epochs", "1", "--seeds", "1", "--no-minima", "--no-scaling", "--no-switch", "--workers", "1"]
            arguments = [*arguments, *less]
        told = run_auscult(command, *arguments)
        judges = command in ("diagnose", "examine")
        assert told.returncode == (1 if judges and "warning" in told.stdout else 0), told
        assert "Traceback" not in told.stderr


def test_make_has_the_targets_that_are_named():
    named = {line.split()[1] for line in CONSOLE if line.startswith("make ")} | set(re.findall(r"`make (\w+)`", README))
    assert {"demo", "test", "bench"} <= named
    for target in named:
        planned = subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True)
        assert planned.returncode == 0, planned.stderr


def test_the_python_runs_in_order(tmp_path):
    assert len(PYTHON) == 5
    told = run_python("-c", "\n".join(PYTHON))
    assert told.returncode == 0, told.stderr
    assert "300 steps" in told.stdout
    assert "overconfident-init" in told.stdout


@pytest.mark.parametrize("name", rules.names())
def test_every_rule_is_named(name):
    assert f"`{name}`" in README


def test_every_setting_is_named():
    for field in fields(Settings):
        assert f"| `{field.name}` | `AUSCULT_{field.name.upper()}` |" in README


def test_every_file_that_is_linked_is_there():
    for link in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / link).exists()


def test_the_version_is_the_changelogs():
    told = subprocess.run([sys.executable, "-m", "auscult", "--version"], capture_output=True, text=True).stdout
    assert f"## {told.split()[1]}\n" in (ROOT / "CHANGELOG.md").read_text()
