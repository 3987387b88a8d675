"""Runs side by side on the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from auscult.views.columns import NAME, table
from auscult.views.comparison import Comparison
from auscult.views.terminal import show

SPARED = ("steps", "dead units", "update ratio", "last loss", "first loss")  # left out first where room is scarce
LINES = 10  # of a note, at most


def print_comparison(c: Comparison, console: Console) -> None:
    """Print a row for each run, what became of the first one's findings, and the words kept with the runs."""
    parts: list[RenderableType] = [*table(c.columns, range(len(c.runs)), console.width, SPARED)]
    if c.caution:
        parts.append(Text(c.caution, style="yellow"))
    if c.changes:
        parts += [Text(), Text.assemble("Against ", (c.runs[0].label, "bold"), ":")]
        parts.append(_lines([(change.label, change.said) for change in c.changes]))
    for name, told in c.notes:
        parts += [Text(), Text(f"{name.capitalize()}:")]
        parts.append(_lines([(s.label, _short(lines)) for s, lines in zip(c.runs, told, strict=True) if lines]))
    show(Group(*parts), console)


def _lines(rows: Sequence[tuple[str, str]]) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", max_width=NAME + 2)
    grid.add_column(overflow="fold")
    for label, said in rows:
        grid.add_row(Text(f"  {label}"), Text(said))
    return grid


def _short(lines: Sequence[str]) -> str:
    more = [f"… {len(lines) - LINES} more"] * (len(lines) > LINES)
    return ", ".join([*(line.strip() or "(empty)" for line in lines[:LINES]), *more])
