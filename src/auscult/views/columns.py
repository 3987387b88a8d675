"""Tables made of columns, some of which stand back where a terminal has no room for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

WIDE = 100  # columns of a terminal from which on there is room
NAME = 18  # characters of the first column that stand in one line; of others that fold, their longest word


@dataclass(frozen=True)
class Column:
    """One column of a table; `numeric` ones stand to the right, and one that `folds` takes the room there is."""

    title: str
    short: str  # where room is scarce
    explained: str
    cells: tuple[str, ...]
    numeric: bool = True
    folds: bool = False

    @property
    def says_something(self) -> bool:
        """False where no cell is filled."""
        return any(cell != "–" for cell in self.cells)


def table(
    columns: Sequence[Column], rows: Sequence[int], width: int, spared: Sequence[str]
) -> Iterator[RenderableType]:
    """The table on a terminal of so many columns, and a line that names what was left out.

    rows: which rows are shown. spared: titles of the columns that are left out first, in this order.
    """
    gap = 1 if width < WIDE else 2
    columns, left_out = _fitting(columns, rows, width - 2, gap, spared)
    yield _drawn(columns, rows, gap)
    if left_out:
        yield Text(f"Left out for want of room: {', '.join(left_out)}.", style="dim")


def _fitting(
    columns: Sequence[Column], rows: Sequence[int], width: int, gap: int, spared: Sequence[str]
) -> tuple[Sequence[Column], list[str]]:
    """The columns there is room for, and the titles of those left out."""

    def wide(i: int, c: Column) -> int:
        texts = [c.short, *(c.cells[row] for row in rows)]
        if i == 0:
            return gap + min(max(map(len, texts)), NAME)
        return gap + max(len(piece) for text in texts for piece in (text.split() if c.folds else [text]))

    left_out = []
    for title in spared:
        if sum(wide(i, c) for i, c in enumerate(columns)) <= width:
            break
        if any(c.title == title for c in columns):
            columns = [c for c in columns if c.title != title]
            left_out.append(title)
    return columns, left_out


def _drawn(columns: Sequence[Column], rows: Sequence[int], gap: int) -> Table:
    drawn = Table(
        box=box.SIMPLE_HEAD,
        padding=(0, gap - 1, 0, 0),
        pad_edge=False,
        header_style="dim",
        border_style="dim",
    )
    for i, c in enumerate(columns):
        drawn.add_column(
            c.short, justify="right" if c.numeric else "left", no_wrap=i > 0 and not c.folds, overflow="fold"
        )
    for at, row in enumerate(rows):
        if at and row != rows[at - 1] + 1:
            drawn.add_row(Text(f"… {row - rows[at - 1] - 1:,} more …", style="dim"))
        drawn.add_row(*(Text(c.cells[row]) for c in columns))
    return drawn
