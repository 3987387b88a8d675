"""The first look on the terminal."""

from __future__ import annotations

from dataclasses import replace

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from auscult.runs import Run
from auscult.views.columns import table
from auscult.views.start import NONE, first_look
from auscult.views.terminal import show

ROWS = 24  # layers that are shown; of more, the first and the last
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
        parts += [Text(), *table(columns, _rows(len(columns[0].cells)), console.width, SPARED)]
    parts += [Text(note, style="dim") for note in look.notes]
    show(Group(*parts), console)


def _rows(number: int) -> list[int]:
    """The layers that are shown: all, or the first and the last."""
    if number <= ROWS:
        return list(range(number))
    return [*range(ROWS // 2), *range(number - ROWS // 2, number)]
