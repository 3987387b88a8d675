"""Listen to a network while it trains, say what ails it, and prove the cure.

    import auscult

    with auscult.watch(model, optimizer) as recorder:   # any loop, any optimizer
        train()
    auscult.diagnose(recorder.run)                      # findings; in a notebook, a page

Nothing here imports torch until `watch` is called: runs can be read, judged and drawn without it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auscult.errors import AuscultError

if TYPE_CHECKING:
    from auscult.observe.recorder import Recorder
    from auscult.observe.watch import watch
    from auscult.runs import Run
    from auscult.views import Page

__all__ = ["AuscultError", "diagnose", "open_run", "report", "watch"]


def __getattr__(name: str) -> Any:
    if name == "watch":
        from auscult.observe.watch import watch

        return watch
    raise AttributeError(f"module 'auscult' has no attribute {name!r}; it has {', '.join(__all__)}")


def open_run(run: str | os.PathLike[str] | Run | Recorder, dir: str | os.PathLike[str] | None = None) -> Run:
    """The run that is meant: its folder, its id or a unique prefix of one, "last", or a recorder's.

    Raises RunNotFound where there is none, RunError where it cannot be read.
    """
    from auscult.runs import Run, find_run
    from auscult.settings import settings

    if isinstance(run, Run):
        return run
    if not isinstance(run, (str, os.PathLike)):
        return run.run
    return find_run(os.fspath(run), settings(dir=dir).dir)


def diagnose(run: str | os.PathLike[str] | Run | Recorder, dir: str | os.PathLike[str] | None = None) -> Page:
    """What ails a training: a page with the findings, which prints as text and shows itself in a notebook.

    Takes what `open_run` takes, and raises what it raises.
    """
    from auscult.rules import judge
    from auscult.views import Page

    opened = open_run(run, dir)
    return Page(opened, judge(opened))


def report(
    run: str | os.PathLike[str] | Run | Recorder,
    path: str | os.PathLike[str] | None = None,
    dir: str | os.PathLike[str] | None = None,
) -> Path:
    """Write a run's report, one HTML file that works offline, and return its path; by default in the run's folder.

    Takes what `open_run` takes, and raises what it raises; RunError also where the file cannot be written.
    """
    from auscult.rules import judge
    from auscult.views import write_report

    opened = open_run(run, dir)
    return write_report([(opened, judge(opened))], Path(path) if path is not None else opened.path / "report.html")
