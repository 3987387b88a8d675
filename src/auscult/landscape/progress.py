"""A bar while a landscape is measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[int, int], None]


@contextmanager
def shown(label: str, total: int, progress: Progress | None, quiet: bool) -> Iterator[Progress]:
    """What is to be called with the number of points done and their total.

    That is `progress` where it is given; else a bar on a terminal, gone when it is full; else nothing. To be used where
    random streams are undisturbed: rich draws a number when it is imported.
    """
    if progress is not None or quiet:
        yield progress or (lambda done, total: None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console()
    if not console.is_terminal or console.is_jupyter:
        yield lambda done, total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(30), MofNCompleteColumn(), TimeRemainingColumn(compact=True))
    with Bar(*columns, console=console, transient=True, refresh_per_second=4) as bar:
        task = bar.add_task(label, total=total)
        yield lambda done, total: bar.update(task, completed=done)
