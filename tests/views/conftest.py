"""Runs that the tests of the views share; nothing here trains."""

from pathlib import Path

import numpy as np
import pytest
from network_runs import make_network, stack
from view_runs import EVIL, make_run, mlp, pictures, transformer

from auscult.runs import Parameter, Run
from auscult.runs import quantities as q
from auscult.views import report


@pytest.fixture(scope="session", autouse=True)
def drawn_once():
    """A report takes the pictures that are drawn already."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "pictures", pictures)
        yield


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="session")
def healthy(folder: Path) -> Run:
    steps = 3000
    rare = np.where(np.arange(steps) % 250 == 249, 2.2, np.nan)
    extra = {(q.LOGGED, "val_loss"): rare, (q.LOGGED, "accuracy"): np.linspace(0.1, 0.4, steps)}
    return make_run(folder / "a2bc-names", mlp(), steps, epochs=3, extra=extra)


@pytest.fixture(scope="session")
def undefined(folder: Path) -> Run:
    """Nothing finite anywhere: half NaN, half −∞ or ∞."""

    def spoil(columns: dict[tuple[str, str], np.ndarray]) -> None:
        for (quantity, _), values in columns.items():
            values[:] = -np.inf if quantity.endswith("log10") else np.inf
            values[: len(values) // 2] = np.nan

    return make_run(folder / "n4an-broken", mlp(), 300, spoil=spoil)


@pytest.fixture(scope="session")
def empty(folder: Path) -> Run:
    return make_run(folder / "e3mp-empty", steps=0)


@pytest.fixture(scope="session")
def wide(folder: Path) -> Run:
    """150 parameters, 20,000 steps."""
    return make_run(folder / "w5id-gpt", transformer(), 20_000, name="gpt")


@pytest.fixture(scope="session")
def failed(folder: Path) -> Run:
    return make_run(folder / "f6ai-broke", mlp(), 50, status="failed", error="ValueError: batch 51 is <empty>")


@pytest.fixture(scope="session")
def evil(folder: Path) -> Run:
    """A parameter, an optimizer group and a run with names that are HTML and rich markup."""
    named = [
        Parameter(EVIL, "matrix", (3, 3), "float32", "cpu"),
        Parameter("[red]w[/red]", "bias", (3,), "f", "cpu"),
    ]
    return make_run(folder / "v7il-html", named, 60, name=EVIL)


@pytest.fixture(scope="session")
def deep(folder: Path) -> Run:
    """Six tanh layers that saturate, and some units of the third that die."""
    return make_network(folder / "d8ep-tanh", steps=120)


@pytest.fixture(scope="session")
def normed(folder: Path) -> Run:
    """ReLU layers with norms."""
    return make_network(folder / "n9rm-relu", stack(4, 40, "relu", norm=True), steps=80, units=40)
