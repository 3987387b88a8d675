import subprocess
import sys
from dataclasses import fields, is_dataclass

from auscult import treat

REMEDIES = ["calibrate_norms", "compare_norms", "fold_bias", "gains", "initialise", "lsuv", "suggest_lr"]


def test_the_public_names():
    assert [name for name in treat.__all__ if name.islower()] == REMEDIES
    assert sorted(treat.__all__) == sorted(set(treat.__all__))
    assert all(callable(getattr(treat, name)) for name in REMEDIES)


def test_every_remedy_is_documented_and_says_what_it_raises():
    for name in REMEDIES:
        assert "Raises" in getattr(treat, name).__doc__, name


def test_reports_are_frozen():
    reports = [getattr(treat, name) for name in treat.__all__ if name not in REMEDIES]
    assert all(is_dataclass(r) and r.__dataclass_params__.frozen and fields(r) for r in reports)


def test_a_bare_import_needs_no_torch():
    code = "import sys, auscult; sys.exit('torch' in sys.modules or 'auscult.treat' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
