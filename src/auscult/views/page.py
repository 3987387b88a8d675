"""What a diagnosis gives a person: text where it is printed, the report where a notebook shows it."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

from rich.console import Console

from auscult.findings import Diagnosis, Finding
from auscult.runs import Run
from auscult.runs.start import Start, start_of
from auscult.views.comparison import Comparison, comparison
from auscult.views.comparison_listing import print_comparison
from auscult.views.start_listing import print_start
from auscult.views.terminal import print_diagnosis

WIDTH = 100  # columns at most; longer lines are hard to follow
FRAME_HEIGHT = 720  # pixels of a notebook's page the report gets


class Page:
    """A run and its diagnosis; prints as the terminal's summary, shows in a notebook as the report."""

    def __init__(self, run: Run, diagnosis: Diagnosis) -> None:
        self.run = run
        self.diagnosis = diagnosis

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings, causes first."""
        return self.diagnosis.findings

    @property
    def clean(self) -> bool:
        """True where nothing of severity warning or worse was found."""
        return self.diagnosis.clean

    def as_dict(self) -> dict:
        """The object that `auscult diagnose --json` prints."""
        return self.diagnosis.as_dict()

    def print_to(self, console: Console) -> None:
        """Print the page on a terminal."""
        print_diagnosis(self.run, self.diagnosis, console)

    def __str__(self) -> str:
        return _printed(self.print_to)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return _framed([(self.run, self.diagnosis)])


class InitPage(Page):
    """The first look at a run, before its first update, and what was found then."""

    @property
    def start(self) -> Start | None:
        """The numbers of the first look; None where the run has none."""
        return start_of(self.run)

    def print_to(self, console: Console) -> None:
        """Print the page on a terminal."""
        print_start(self.run, console)
        console.print()
        print_diagnosis(self.run, self.diagnosis, console)


class ComparisonPage:
    """Runs side by side; prints as a table, shows in a notebook as the report of all of them."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self.pages = tuple(pages)
        self.comparison: Comparison = comparison([(p.run, p.diagnosis) for p in self.pages])

    def as_dict(self) -> dict:
        """The object that `auscult compare --json` prints."""
        return self.comparison.as_dict()

    def print_to(self, console: Console) -> None:
        """Print the table, and what became of the first run's findings."""
        print_comparison(self.comparison, console)

    def report(self, path: str | Path) -> Path:
        """Write the report of the runs side by side, and return its path; RunError where it cannot be written."""
        from auscult.views.report import write_report

        return write_report([(p.run, p.diagnosis) for p in self.pages], path)

    def __str__(self) -> str:
        return _printed(self.print_to)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return _framed([(p.run, p.diagnosis) for p in self.pages])


def _printed(what: Callable[[Console], None]) -> str:
    text = io.StringIO()
    what(Console(file=text, width=min(WIDTH, shutil.get_terminal_size().columns), no_color=True))
    return text.getvalue().rstrip("\n")


def _framed(shown: Sequence[tuple[Run, Diagnosis]]) -> str:
    from auscult.views.report import render_report  # loads Plotly, which the text does without

    report = escape(render_report(shown), quote=True)
    title = "auscult: " + escape(", ".join(run.id for run, _ in shown))
    style = f"width:100%;height:{FRAME_HEIGHT}px;border:1px solid #8884;border-radius:8px"
    return f'<iframe title="{title}" style="{style}" srcdoc="{report}"></iframe>'
