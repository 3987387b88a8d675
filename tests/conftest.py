"""What many tests need: runs in a folder of their own, one thread, and the data that stays outside the project."""

import gc
import os
import sys
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"  # before torch is imported: tests run side by side

import pytest

DATA = Path(__file__).parents[2] / "shared" / "data"


def pytest_collection_finish():
    """What is imported by now stays: neither the collector nor a search for modules need look through it again."""
    if "torch" in sys.modules:
        import torch._dynamo  # noqa: F401 - every optimizer imports it when it is made
    gc.collect()
    gc.freeze()


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


@pytest.fixture(scope="session")
def digit_files():
    """The images and the labels of 10,000 handwritten digits."""
    paths = [DATA / f"mnist-t10k-{part}-ubyte.gz" for part in ("images-idx3", "labels-idx1")]
    if not all(path.exists() for path in paths):
        pytest.skip("the digits are not here")
    return paths
