"""What is shown of a fit while it goes on: rows as text, a bar on a terminal, the table itself in a notebook."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from torch import Tensor

from auscult.learner.table import EpochTable, Layout, Row

_WIDEST = 110  # columns of a terminal that are used
_PER_SECOND = 4  # times the bar's loss is read: each makes the program wait for the device
Tick = Callable[["Tensor | float | None"], None]


class Display:
    """Rows go to stdout as they come. A bar is only drawn on a terminal, and gone when it is full; `quiet`: nothing."""

    def __init__(self, quiet: bool = False, console: Console | None = None) -> None:
        self._quiet = quiet
        self._console = console or Console()
        self._layout: Layout | None = None
        self._handle: Any = None

    def begin(self, table: EpochTable) -> None:
        """Name the columns."""
        if self._quiet:
            return
        if self._console.is_jupyter:
            shown: Any = importlib.import_module("IPython.display")  # there in every notebook
            self._handle = shown.display(table, display_id=True)
            return
        self._layout = Layout(table.names, min(self._console.width, _WIDEST))
        self._print(self._layout.head())

    def row(self, table: EpochTable, row: Row) -> None:
        """Show the row that was added."""
        if self._handle is not None:
            self._handle.update(table)
        elif self._layout is not None:
            self._print(self._layout.row(row))

    def end(self, *notes: str) -> None:
        """Say what there is to say of how it ended."""
        if not self._quiet:
            for note in [*(self._layout.left_out() if self._layout else []), *notes]:
                self._print(note)

    def bar(self, label: str, total: int | None) -> Any:
        """A context that draws a bar; what it gives is called after each batch, with its loss where that is known."""
        if self._quiet or not self._console.is_terminal or self._console.is_jupyter:
            return nullcontext(lambda loss=None: None)
        return self._bar(label, total)

    @contextmanager
    def _bar(self, label: str, total: int | None) -> Iterator[Tick]:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(30),
            MofNCompleteColumn(),
            TimeRemainingColumn(compact=True),
        )
        with Progress(
            *columns, TextColumn("{task.fields[loss]}"), console=self._console, transient=True,
            refresh_per_second=_PER_SECOND,
        ) as progress:  # fmt: skip
            task = progress.add_task(label, total=total, loss="")
            shown = -1.0

            def tick(loss: Tensor | float | None = None) -> None:
                nonlocal shown
                progress.advance(task)
                if loss is not None and time.monotonic() - shown > 1 / _PER_SECOND:
                    progress.update(task, loss=f"batch loss {float(loss):.4g}")
                    shown = time.monotonic()

            yield tick

    def _print(self, text: str) -> None:
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)
