"""Runs on the terminal: the list of them, and one with its facts and parameters."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from auscult.runs import Run
from auscult.runs.noise import noise_looks
from auscult.views.digest import loss_from_to, typical_ratio
from auscult.views.facts import ParameterRow, fact_rows, parameter_rows
from auscult.views.terminal import show
from auscult.views.words import count, magnitude, moment, number

_STATUS = {"finished": "green", "running": "blue", "failed": "red", "lost": "red"}


def print_runs(runs: Sequence[Run], console: Console) -> None:
    """Print a line for each run: id, when it began, status, steps, loss, name."""
    if not runs:
        show(Text("No runs here; make one with `auscult run script.py`."), console)
        return
    table = _table("id", "started", "status", ">steps", ">loss", "name")
    for run in runs:
        loss = loss_from_to(run)
        status = run.status
        table.add_row(
            Text(run.id, "bold"), moment(run.started), Text(status, _STATUS.get(status, "")),
            f"{run.steps:,}", number(loss[1]) if loss else "–", Text(str(run.fact("name") or "")),
        )  # fmt: skip
    show(table, console)


def print_run(run: Run, console: Console) -> None:
    """Print the facts of a run and a table of its parameters."""
    facts = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column(overflow="fold")
    facts.add_row("run", Text(run.id, "bold"))
    for what, value in fact_rows(run):
        facts.add_row(what, Text(value))
    loss = loss_from_to(run)
    if loss:
        facts.add_row("loss", f"{number(loss[0])} → {number(loss[1])}")
    facts.add_row("update ratio", f"{magnitude(typical_ratio(run))} (log10, median of matrices at the end)")
    noise = noise_looks(run)
    scale = noise.at(slice(len(noise) // 2, None)).scale
    if scale is not None:
        told = f"about {number(scale.scale)}" if scale.known else f"above {number(scale.low)}"
        facts.add_row("noise scale", f"{told} examples over the later looks; a batch has {number(noise.batch[-1])}")
    parts: list[RenderableType] = [facts]
    rows = parameter_rows(run)
    if rows:
        note = f"{count(len(rows), 'parameter')}; medians of the last fifth of the run; ratio: log10"
        parts += [Text(), _parameters(rows, narrow=console.width < 100), Text(note, style="dim")]
    show(Group(*parts), console)


def _parameters(rows: Sequence[ParameterRow], narrow: bool) -> Table:
    table = _table("name", "kind", "shape", ">ratio", "over the run", ">gradient", ">distance", wide=not narrow)
    if narrow:
        table.columns[4].header = "course"
    for p in rows:
        table.add_row(
            Text(p.name), p.kind, p.shape.replace(" ", "") if narrow else p.shape, magnitude(p.ratio),
            p.course[:: 1 if not narrow else 2], number(p.gradient), number(p.distance),
        )  # fmt: skip
    return table


def _table(*columns: str, wide: bool = True) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD,
        padding=(0, 1 if wide else 0),
        pad_edge=False,
        header_style="dim",
        border_style="dim",
    )
    for column in columns:
        first = column in ("id", "name")
        table.add_column(
            column.lstrip(">"), justify="right" if column.startswith(">") else "left",
            overflow="fold" if first else "ellipsis", no_wrap=not first, min_width=8 if first else None,
        )  # fmt: skip
    return table
