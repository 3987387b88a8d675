"""Running programs in processes of their own."""

import os
import subprocess
import sys
from pathlib import Path

SCRIPTS = Path(__file__).parent / "scripts"


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
