"""Running programs in processes of their own."""

import atexit
import functools
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SCRIPTS = Path(__file__).parent / "scripts"
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"}  # and more threads, where asked for, do not spin


def run_python(*arguments, timeout=120, fresh=False, **environment):
    """Run Python in a process of its own; stdout, stderr and the exit code.

    The process is a fork of one that has imported torch; where fresh, a Python that starts from nothing.
    """
    arguments = [str(argument) for argument in arguments]
    environment = {**os.environ, **ONE_THREAD, "COLUMNS": "100", **environment}
    if fresh:
        command = [sys.executable, *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=timeout, env=environment)
    with tempfile.TemporaryDirectory() as folder:
        said = {name: Path(folder, name) for name in ("stdout", "stderr")}
        for file in said.values():
            file.touch()
        request = {"arguments": arguments, "cwd": os.getcwd(), "environment": environment, "timeout": timeout}
        code = _ask(json.dumps(request | {name: str(file) for name, file in said.items()}))
        return subprocess.CompletedProcess(arguments, code, said["stdout"].read_text(), said["stderr"].read_text())


def run_auscult(*arguments, **kwargs):
    """Run the `auscult` command in a process of its own."""
    return run_python("-m", "auscult", *arguments, **kwargs)


def _ask(request):
    forks = _forks()
    print(request, file=forks.stdin, flush=True)
    return int(forks.stdout.readline())


@functools.cache
def _forks():
    process = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("forks.py")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **ONE_THREAD},
    )  # fmt: skip
    atexit.register(process.communicate)  # it ends where there are no more requests
    return process
