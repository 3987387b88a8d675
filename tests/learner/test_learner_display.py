"""What is shown: the table at 80 columns, rows where there is no terminal, bars where there is one, a notebook's."""

import io
import sys
import types

import pytest
from learner_models import learner
from rich.console import Console

from auscult.learner import EpochTable, Row, accuracy, error_rate, perplexity
from auscult.learner.display import Display
from auscult.learner.table import clock


def table(metrics=("accuracy",), validated=True):
    rows = [
        Row(0, 2.7669123456, 1.845900, dict.fromkeys(metrics, 0.402548), 11.04),
        Row(1, 123456.789, float("nan"), dict.fromkeys(metrics, 1234567.0), 3671.2),
    ]
    if not validated:
        rows = [Row(r.epoch, r.train_loss, None, {}, r.seconds) for r in rows]
    return EpochTable(tuple(metrics) if validated else (), validated, rows)


def test_the_table():
    assert str(table()).splitlines() == [
        "epoch   train_loss   valid_loss     accuracy      time",
        "    0      2.76691      1.84590     0.402548     11.0s",
        "    1      123457.          nan  1.23457e+06   1:01:11",
    ]
    assert str(table(validated=False)).splitlines()[:2] == [
        "epoch   train_loss      time",
        "    0      2.76691     11.0s",
    ]


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6, 9])
def test_never_wider_than_80_columns_and_never_silent_about_what_is_left_out(n):
    names = [f"metric_with_a_long_name_{i}" for i in range(n)]
    lines = str(table(names)).splitlines()
    assert max(map(len, lines[:3])) <= 80
    assert len({len(line) for line in lines[:3]}) == 1
    shown = lines[0].count("metric_w")
    assert shown == min(n, 4)
    assert (len(lines) == 4) == (n > 4)
    if n > 4:
        assert lines[3] == f"not shown for lack of room: {', '.join(names[4:])}"


def test_a_name_that_fits_is_whole():
    lines = str(table(["mean_absolute_error"])).splitlines()
    assert "mean_absolute_error" in lines[0]
    assert len(lines[0]) == len(lines[1]) <= 80


def test_times():
    assert [clock(s) for s in (0, 59.94, 59.96, 61, 3599.6, 36000)] == [
        "0.0s", "59.9s", "01:00", "01:01", "1:00:00", "10:00:00",
    ]  # fmt: skip


def test_in_a_notebook():
    html = table(["<b>"])._repr_html_()
    assert html.count("<tr>") == 3
    assert "&lt;b&gt;" in html
    assert "<td>2.76691</td>" in html


def test_the_numbers():
    t = table()
    assert len(t) == 2
    assert t.column("accuracy") == [0.402548, 1234567.0]
    assert t[0].numbers() == {"train_loss": 2.7669123456, "valid_loss": 1.8459, "accuracy": 0.402548}
    assert [row.epoch for row in t] == [0, 1]
    other = EpochTable(("accuracy",))
    other.load_rows(t.as_rows())
    assert str(other) == str(t)


def test_rows_alone_where_there_is_no_terminal(capsys):
    learn = learner(quiet=False, metrics=[accuracy, error_rate, perplexity])
    learn.fit(2, 1e-2)
    captured = capsys.readouterr()
    assert captured.out == str(learn.table) + "\n"
    assert captured.err == ""
    learn.evaluate("train")
    learn.lr_find()
    assert capsys.readouterr().out == ""


def test_quiet(capsys):
    learner(quiet=True).fit(1, 1e-2)
    assert capsys.readouterr().out == ""


def terminal():
    return Console(file=io.StringIO(), force_terminal=True, width=80, force_jupyter=False)


def test_bars_on_a_terminal(monkeypatch):
    console = terminal()
    monkeypatch.setattr("auscult.learner.display.Console", lambda: console)
    learn = learner(quiet=False)
    learn.fit(2, 1e-2)
    out = console.file.getvalue()
    for part in ("epoch 1/2 train", "epoch 2/2 valid", "4/4", "batch loss "):
        assert part in out
    for line in str(learn.table).splitlines():
        assert line in out
    learn.lr_find()
    assert "lr_find" in console.file.getvalue()


def test_a_failing_fit_leaves_the_terminal_as_it_was(monkeypatch):
    console = terminal()
    monkeypatch.setattr("auscult.learner.display.Console", lambda: console)
    learn = learner(quiet=False, loss=lambda o, t: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        learn.fit(1, 1e-2)
    assert console.file.getvalue().count("\x1b[?25l") == console.file.getvalue().count("\x1b[?25h") == 1  # the cursor


def test_a_table_that_grows_in_a_notebook(monkeypatch):
    shown = []

    class Handle:
        def update(self, table):
            shown.append(len(table))

    def display(table, display_id):
        shown.append(len(table))
        return Handle()

    module = types.ModuleType("IPython.display")
    module.display = display
    monkeypatch.setitem(sys.modules, "IPython.display", module)
    console = Console(file=io.StringIO())
    console.is_jupyter = True
    monkeypatch.setattr("auscult.learner.display.Console", lambda: console)
    learner(quiet=False).fit(2, 1e-2)
    assert shown == [0, 1, 2]
    assert console.file.getvalue() == ""


def test_why_it_stopped_is_said():
    console = Console(file=io.StringIO(), width=80)
    shown = Display(console=console)
    shown.begin(table())
    shown.end("stopped: enough")
    assert console.file.getvalue().splitlines()[-1] == "stopped: enough"
