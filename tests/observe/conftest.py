"""What holds with the native core has to hold without it: whole files of tests, once each way."""

import pytest

BOTH_WAYS = (
    "test_clock", "test_measures", "test_invisible", "test_watch", "test_parts",
    "test_look_steps", "test_look_layers", "test_look_odd", "test_look_units",
)  # fmt: skip


def pytest_generate_tests(metafunc):
    if metafunc.module.__name__.rpartition(".")[2] in BOTH_WAYS:
        metafunc.fixturenames.append("way")
        metafunc.parametrize("way", ["core", "torch"], indirect=True)


@pytest.fixture
def way(request, runs_dir, monkeypatch):
    monkeypatch.setenv("AUSCULT_NATIVE", "1" if request.param == "core" else "0")
