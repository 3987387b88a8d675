"""The first look on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from auscult.runs import Run
from auscult.views.start import NONE, Column, first_look
from auscult.views.terminal import show

ROWS = 24  # layers that are shown; of more, the first and the last
WIDE = 100  # columns of a terminal from which on there is room
NAME = 18  # characters of a layer's name that stand in one line
SPARED = ("kind", "output std", "ideal", "off", "fan-in", "gain", "weights’ std")  # left out first where room is scarce


def print_start(run: Run, console: Console) -> None:
    """Print the first look: the loss and what it should be, the inputs, and a table of the layers."""
    look = first_look(run)
    if look is None:
        show(Text(NONE), console)
        return
    facts = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    facts.add_column(style="dim", max_width=34)
    facts.add_column(overflow="fold")
    for what, value in look.pairs:
        facts.add_row(what, Text(value))
    parts: list[RenderableType] = [Text("Before step 1", style="bold"), Text(look.said), Text(), facts]
    columns = [
        replace(c, cells=tuple(cell.replace(" / ", "/") for cell in c.cells)) for c in look.columns if c.says_something
    ]
    if columns:
        gap = 1 if console.width < WIDE else 2
        rows = _rows(len(columns[0].cells))
        columns, left_out = _fitting(columns, rows, console.width - 2, gap)
        parts += [Text(), _table(columns, rows, gap)]
        if left_out:
            parts.append(Text(f"Left out for want of room: {', '.join(left_out)}.", style="dim"))
    parts += [Text(note, style="dim") for note in look.notes]
    show(Group(*parts), console)


def _fitting(columns: list[Column], rows: Sequence[int], width: int, gap: int) -> tuple[list[Column], list[str]]:
    """The columns there is room for, and the titles of those left out."""

    def needed() -> int:
        wide = [max(len(c.short), *(len(c.cells[row]) for row in rows)) + gap for c in columns]
        return min(wide[0], NAME + gap) + sum(wide[1:])

    left_out = []
    for spared in SPARED:
        if needed() <= width:
            break
        if any(c.title == spared for c in columns):
            columns = [c for c in columns if c.title != spared]
            left_out.append(spared)
    return columns, left_out


def _table(columns: Sequence[Column], rows: Sequence[int], gap: int) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD,
        padding=(0, gap - 1, 0, 0),
        pad_edge=False,
        header_style="dim",
        border_style="dim",
    )
    for i, c in enumerate(columns):
        table.add_column(c.short, justify="right" if c.numeric else "left", no_wrap=i > 0, overflow="fold")
    for at, row in enumerate(rows):
        if at and row != rows[at - 1] + 1:
            table.add_row(Text(f"… {row - rows[at - 1] - 1:,} more …", style="dim"))
        table.add_row(*(Text(c.cells[row]) for c in columns))
    return table


def _rows(number: int) -> list[int]:
    """The layers that are shown: all, or the first and the last."""
    if number <= ROWS:
        return list(range(number))
    return [*range(ROWS // 2), *range(number - ROWS // 2, number)]
