"""What the tests of the store share: a run with known values, and a small disk."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from auscult.runs import Run, RunWriter
from auscult.runs.limits import Limits

Record = Callable[..., Run]


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """Write values (steps, columns) as a finished run and open it."""

    def write(values: np.ndarray, name: str = "run", quantity: str = "q", every: int = 1) -> Run:
        writer = RunWriter(tmp_path / name, limits=Limits(reserve_bytes=0))
        layout = writer.layout([(quantity, f"layer.{i}") for i in range(values.shape[1])])
        for i, row in enumerate(values):
            assert writer.frame(i * every, layout, row)
            if i % 5000 == 4999:
                assert writer.flush(30)
        writer.array(0, "a", "layer.0", values[:100])
        writer.close()
        assert writer.dropped == 0
        return Run(tmp_path / name)

    return write


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MiB."""
    mount = tmp_path / "disk"
    mount.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", mount], capture_output=True, text=True, check=False
    )
    if made.returncode:
        pytest.skip(f"no small disk can be mounted here: {made.stderr.strip()}")
    try:
        yield mount
    finally:
        subprocess.run(["umount", "-l", mount], check=True)
