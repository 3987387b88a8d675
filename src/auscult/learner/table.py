"""The table of epochs: what each came to, as text, in a notebook, and as numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from html import escape
from typing import Any

WIDTH = 80
_WIDE = (6, 11, "  ")  # significant digits, width of a column, and what is between two
_NARROW = (4, 10, " ")  # where that is too wide
_TIME = len("00:00:00")
_HTML = (
    "<table style='font-variant-numeric:tabular-nums'><thead><tr>{}</tr></thead>"
    "<tbody style='text-align:right'>{}</tbody></table>"
)


@dataclass(frozen=True)
class Row:
    """One epoch. train_loss is the mean over the examples trained on, each as the weights then were; valid_loss and
    the metrics are of the validation split after it, None and none where there is no such split."""

    epoch: int
    train_loss: float
    valid_loss: float | None
    metrics: dict[str, float]
    seconds: float

    def numbers(self) -> dict[str, float]:
        """Its losses and metrics by name."""
        losses = {"train_loss": self.train_loss}
        return losses | ({} if self.valid_loss is None else {"valid_loss": self.valid_loss}) | self.metrics


@dataclass
class EpochTable:
    """The epochs so far, over every fit; str() is a table of at most 80 columns, a notebook shows it as one."""

    metrics: tuple[str, ...] = ()
    validated: bool = True  # whether there is a validation split
    rows: list[Row] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __getitem__(self, index: int) -> Row:
        return self.rows[index]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the numbers in a row."""
        return ("train_loss", "valid_loss", *self.metrics) if self.validated else ("train_loss",)

    def column(self, name: str) -> list[float]:
        """The numbers of one name, an epoch each; NaN where it was not measured."""
        return [row.numbers().get(name, math.nan) for row in self.rows]

    def __str__(self) -> str:
        layout = Layout(self.names)
        return "\n".join([layout.head(), *(layout.row(row) for row in self.rows), *layout.left_out()])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        heads = "".join(f"<th>{escape(name)}</th>" for name in ("epoch", *self.names, "time"))
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in _cells(row, self.names, 6)) + "</tr>"
            for row in self.rows
        )
        return _HTML.format(heads, rows)

    def as_rows(self) -> list[dict[str, Any]]:
        """Plain dicts, for a checkpoint."""
        return [asdict(row) for row in self.rows]

    def load_rows(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Have these rows in place of its own."""
        self.rows = [Row(**row) for row in rows]


class Layout:
    """Where each number stands in a line, known before the first row is."""

    def __init__(self, names: Sequence[str], width: int = WIDTH) -> None:
        for self._digits, self._column, self._gap in (_WIDE, _NARROW):
            room = width - len("epoch") - _TIME - len(self._gap)
            fits = max(1, room // (self._column + len(self._gap)))
            if len(names) <= fits:
                break
        self._names, self._hidden = tuple(names[:fits]), tuple(names[fits:])
        self._crop = sum(self._wide(name) + len(self._gap) for name in self._names) > room

    def head(self) -> str:
        """The names of the columns, cropped where the line would be too long."""
        names = [name[: self._column] if self._crop else name for name in self._names]
        return self._line("epoch", names, "time")

    def row(self, row: Row) -> str:
        """One epoch's line."""
        epoch, *numbers, time = _cells(row, self._names, self._digits)
        return self._line(epoch, numbers, time)

    def left_out(self) -> list[str]:
        """A line that names the columns there is no room for; none where all are shown."""
        return [f"not shown for lack of room: {', '.join(self._hidden)}"] if self._hidden else []

    def _wide(self, name: str) -> int:
        return max(len(name), self._column)

    def _line(self, epoch: str, cells: Sequence[str], time: str) -> str:
        wide = [self._column if self._crop else self._wide(name) for name in self._names]
        middle = [cell.rjust(width) for cell, width in zip(cells, wide, strict=True)]
        return self._gap.join([epoch.rjust(5), *middle, time.rjust(_TIME)])


def clock(seconds: float) -> str:
    """A time as minutes and seconds, with hours where there are some; tenths below a minute."""
    if seconds < 59.95:
        return f"{seconds:.1f}s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes:02d}:{rest:02d}" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


def _cells(row: Row, names: Sequence[str], digits: int) -> list[str]:
    numbers = row.numbers()
    shown = [f"{numbers[name]:#.{digits}g}" if name in numbers else "-" for name in names]
    return [str(row.epoch), *shown, clock(row.seconds)]
