"""The first look in words: in the report, on a terminal, and what is said where there is none."""

import io
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from network_runs import make_network, stack
from rich.cells import cell_len
from rich.console import Console
from view_runs import EVIL, make_diagnosis, make_run

from auscult.runs import Layer, Run
from auscult.runs import quantities as q
from auscult.views import print_start, render_report
from auscult.views.start import NONE, first_look


def printed(run: Run, width: int = 80, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding)
    print_start(run, Console(file=file, width=width))
    file.flush()
    return raw.getvalue().decode(encoding)


def cells(run: Run, title: str) -> tuple[str, ...]:
    look = first_look(run)
    assert look is not None
    return next(c.cells for c in look.columns if c.title == title)


def test_a_loss_above_the_uniform_one_is_explained(deep: Run) -> None:
    text = " ".join(printed(deep).split())
    assert "The first loss is 27.2, and a network that knows nothing gets 3.296" in text
    assert "confident and wrong" in text
    assert "excess over the uniform guess +23.9" in text
    assert "of the best constant guess 2.83" in text
    assert "class 4: given 41.0 %, in 3.7 % of the labels" in text
    assert "input mean 0.02, standard deviation 1.01, from −3.1 to 3.3" in text


@pytest.mark.parametrize(
    ("loss", "said"),
    [
        (3.3, "is that of a network that knows nothing, as it should be"), (1.2, "lies below that of a network"),
        (4.0, "the first guesses are a little too sure"), (5.0, "the first guesses are confident and wrong"),
        (np.inf, "not finite"), (np.nan, "was not seen"),
    ],
)  # fmt: skip
def test_every_other_start_has_its_words(tmp_path: Path, loss: float, said: str) -> None:
    def spoil(columns) -> None:
        columns[q.TASK_LOSS, ""][:] = loss

    look = first_look(make_network(tmp_path / "r", stack(2, 10), 3, units=10, spoil=spoil))
    assert look is not None
    assert said in look.said


def test_a_loss_without_a_uniform_guess_has_no_excess(tmp_path: Path) -> None:
    run = make_network(
        tmp_path / "r", stack(2, 10), 3, units=10, also=lambda w: w.fact("task", {"kind": "squared-error"})
    )
    look = first_look(run)
    assert look is not None
    assert "nobody knows beforehand" in look.said
    assert not any("excess" in what for what, _ in look.pairs)


def test_the_table_has_a_row_a_layer(deep: Run) -> None:
    assert cells(deep, "layer") == (*(f"tanh(layers.{i})" for i in range(6)), "head")
    assert cells(deep, "fan-in")[0] == "60"
    assert cells(deep, "ideal") == ("0.215",) * 6 + ("–",)
    assert cells(deep, "factor")[0] == "× 1"
    assert cells(deep, "gain")[0].endswith(" / 1.67")
    assert cells(deep, "saturated")[-1] == "–"


def test_layers_without_a_number_have_no_row(normed: Run) -> None:
    assert not any(name.startswith("norms") for name in cells(normed, "layer"))
    assert any("%" in share for share in cells(normed, "off"))


@pytest.mark.parametrize("width", [80, 100, 140])
def test_the_terminal_page_fits(deep: Run, normed: Run, width: int) -> None:
    for run in (deep, normed):
        text = printed(run, width)
        assert max(cell_len(line.rstrip()) for line in text.splitlines()) <= width
        for title in ("layer", "factor", "activ.", "gradient", "dead"):
            assert title in text
        assert "tanh(layers.5)" in text or "relu(layers.3)" in text
        assert "…" not in text
    assert "Left out for want of room: kind" in printed(deep, 80)
    assert "Left out" not in printed(deep, 140)


def test_columns_that_say_nothing_are_dropped(deep: Run, normed: Run) -> None:
    assert "satur." in printed(deep, 140)
    assert " off " not in printed(deep, 140)
    assert "satur." not in printed(normed, 140)


def test_of_many_layers_the_middle_is_folded(tmp_path: Path) -> None:
    text = printed(make_network(tmp_path / "r", stack(200, 8), 2, units=8))
    assert "tanh(layers.0)" in text
    assert "head" in text
    assert "… 177 more …" in text
    assert "tanh(layers.100)" not in text
    assert len(text.splitlines()) < 60


def test_names_are_no_markup_and_ascii_is_ascii(tmp_path: Path, deep: Run) -> None:
    run = make_network(tmp_path / "r", [Layer("[red]w[/red]", "linear", units=8), Layer(EVIL, "linear")], 2, units=8)
    assert "[red]w[/red]" in printed(run, 140)
    assert EVIL in printed(run, 140)
    assert printed(deep, encoding="ascii").isascii()


def test_a_run_without_a_first_look_says_so(healthy: Run, empty: Run) -> None:
    for run in (healthy, empty):
        assert printed(run).strip() == NONE
        assert first_look(run) is None
        assert "Before step 1" not in render_report([(run, make_diagnosis(run))])


def test_layers_that_were_never_looked_at_are_said_to_be(tmp_path: Path, healthy: Run) -> None:
    run = make_run(tmp_path / "r", steps=5, also=lambda w: w.fact("layers", [asdict(x) for x in stack(2)]))
    text = render_report([(run, make_diagnosis(run))])
    assert "Before step 1" in text
    assert "The run holds no look inside the network" in text


def test_the_report_goes_from_findings_to_the_start_to_learning_to_the_inside(normed: Run) -> None:
    text = render_report([(normed, make_diagnosis(normed))])
    at = [text.index(f'id="r0-{key}"') for key in ("findings", "before", "start", "figures", "loss", "inside", "norms")]
    assert at == sorted(at)
    assert "gain / √fan-in" in text


def test_what_the_calls_of_a_layer_share_is_told_once(tmp_path: Path) -> None:
    layers = stack(3, 10)
    calls = [
        layers[0],
        *(replace(x, weight=layers[0].weight, name=f"layers.0#{i + 1}") for i, x in enumerate(layers[1:3], 1)),
    ]
    run = make_network(tmp_path / "r", [*calls, layers[-1]], 3, units=10)
    assert cells(run, "fan-in") == ("10", "–", "–", "10")
    assert cells(run, "factor")[1:3] == ("–", "–")
    assert "–" not in cells(run, "output std")
    assert "further calls of a layer" in printed(run)
    assert "further calls" not in printed(make_network(tmp_path / "s", layers, 3, units=10))
