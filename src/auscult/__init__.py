"""Listen to a network while it trains, say what ails it, and prove the cure.

    import auscult

    with auscult.watch(model, optimizer) as recorder:   # any loop, any optimizer
        train()
    auscult.diagnose(recorder.run)                      # findings; in a notebook, a page

Nothing here imports torch until `watch` is called: runs can be read, judged and drawn without it.
"""

from __future__ import annotations

import importlib
import os
import random
import shutil
import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auscult.errors import AuscultError

if TYPE_CHECKING:
    from auscult import curvature, landscape, learner, optim, studies, treat
    from auscult.learner import Learner
    from auscult.observe.recorder import Recorder
    from auscult.observe.watch import watch
    from auscult.runs import Run
    from auscult.treat import compare_norms
    from auscult.views import ComparisonPage, InitPage, Page

__all__ = [
    "AuscultError", "Learner", "compare", "compare_norms", "curvature", "diagnose", "examine", "landscape", "learner",
    "open_run", "optim", "report", "studies", "treat", "watch",
]  # fmt: skip
# what needs torch: found when it is asked for
_PACKAGES = ("curvature", "landscape", "learner", "optim", "studies", "treat")
_LATER = {"Learner": "auscult.learner", "compare_norms": "auscult.treat", "watch": "auscult.observe.watch"}


def __getattr__(name: str) -> Any:
    if name in _PACKAGES:
        return importlib.import_module(f"auscult.{name}")
    if name in _LATER:
        return getattr(importlib.import_module(_LATER[name]), name)
    raise AttributeError(f"module 'auscult' has no attribute {name!r}; it has {', '.join(__all__)}")


def open_run(run: str | os.PathLike[str] | Run | Recorder, dir: str | os.PathLike[str] | None = None) -> Run:
    """The run that is meant: its folder, its id or a unique prefix of one, "last", or a recorder's.

    Raises RunNotFound where there is none, RunError where it cannot be read.
    """
    from auscult.errors import RunError
    from auscult.runs import Run, find_run
    from auscult.settings import runs_folder

    if isinstance(run, Run):
        return run
    if isinstance(recorded := getattr(run, "run", None), Run):
        return recorded
    if not isinstance(run, (str, os.PathLike)):
        remedy = "give a run's folder or id, a Run or a recorder; of a model alone, auscult.examine(model, batch, loss)"
        raise RunError(f"a {type(run).__name__} is no run; {remedy}")
    return find_run(os.fspath(run), runs_folder(dir))


def diagnose(
    run: str | os.PathLike[str] | Run | Recorder,
    dir: str | os.PathLike[str] | None = None,
    baseline: str | os.PathLike[str] | Run | Recorder | None = None,
) -> Page:
    """What ails a training: a page with the findings, which prints as text and shows itself in a notebook.

    baseline: a training of your own that went well; the page then says what was set differently, and which of all that
    was recorded differs first, by more than another seed makes.

    Takes what `open_run` takes, and raises what it raises.
    """
    from auscult.rules import judge
    from auscult.views import Page

    opened = open_run(run, dir)
    return Page(opened, judge(opened, None if baseline is None else open_run(baseline, dir)))


def examine(
    model: Any,
    batch: Any,
    loss: Callable[..., Any] | None = None,
    *,
    step: Callable[[Any, Any], Any] | None = None,
    dir: str | os.PathLike[str] | None = None,
) -> InitPage:
    """How a model starts: one forward and one backward pass, which change nothing of it.

    A page with the first loss against that of a guess, and for each layer the spread of what it hands on and of the
    gradient that comes back, saturated and dead units, and the factor its weights are to be multiplied by; with what
    the rules find. It prints as text and shows itself in a notebook.

    model: a module, or a mapping of names to tensors.
    batch, loss: (inputs, targets), and what is called as `loss(outputs, targets)`.
    step: in place of loss, what is called as `step(model, batch)` and gives the loss, whatever the batch is.
    dir: where to keep the look as a run, for `auscult report`; without it, it lives as long as the page.

    Raises TargetError where these do not fit together, RunError where the folder cannot be written.
    """
    drawn = random.getstate()  # rich draws a number when it is imported
    from auscult.observe.examine import record_start
    from auscult.rules import judge
    from auscult.runs import new_folder
    from auscult.views import InitPage

    base = Path(dir) if dir is not None else Path(tempfile.mkdtemp(prefix="auscult-"))
    try:
        run = record_start(model, batch, loss, step, new_folder(base, "examined"))
        page = InitPage(run, judge(run))
    except BaseException:
        if dir is None:
            shutil.rmtree(base, ignore_errors=True)
        raise
    finally:
        random.setstate(drawn)
    if dir is None:
        weakref.finalize(page, shutil.rmtree, base, ignore_errors=True)
    return page


def compare(
    *runs: str | os.PathLike[str] | Run | Recorder, dir: str | os.PathLike[str] | None = None
) -> ComparisonPage:
    """Runs side by side: losses, ratios, saturation, and which of the first one's findings went away in the others.

    A page that prints as a table and shows itself in a notebook as the report of all. Each run is what `open_run`
    takes. Raises what `open_run` raises, and TypeError where there is none.
    """
    if not runs:
        raise TypeError("compare takes at least one run; give it ids, folders, or recorders")
    from auscult.views import ComparisonPage

    return ComparisonPage([diagnose(run, dir) for run in runs])


def report(
    run: str | os.PathLike[str] | Run | Recorder,
    path: str | os.PathLike[str] | None = None,
    dir: str | os.PathLike[str] | None = None,
    baseline: str | os.PathLike[str] | Run | Recorder | None = None,
) -> Path:
    """Write a run's report, one HTML file that works offline, and return its path; by default in the run's folder.

    With a baseline, also what differs from that, as `diagnose` says it, and pictures of what differs first. Takes what
    `open_run` takes, and raises what it raises; RunError also where the file cannot be written.
    """
    from auscult.views import write_report

    page = diagnose(run, dir, baseline)
    opened = page.run
    return write_report([(opened, page.diagnosis)], Path(path) if path is not None else opened.path / "report.html")
