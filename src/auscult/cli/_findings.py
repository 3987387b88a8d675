"""What ails a run, in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a script is run before anything of this is imported
    from auscult.runs import Run


def in_a_line(run: Run) -> str:
    """The names of what is wrong with a run, causes before consequences; empty where nothing is."""
    from auscult.rules import judge

    return ", ".join(dict.fromkeys(f.rule for f in judge(run).findings if f.severity != "info"))
