"""The report: one HTML file with everything in it, for one run or several side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from auscult.findings import Diagnosis
from auscult.runs import Run
from auscult.views import apart
from auscult.views.band import DEFAULT, Band
from auscult.views.causes import Branch, branches, verdict
from auscult.views.comparison import comparison
from auscult.views.coverage import Judged, judged
from auscult.views.digest import labels, loss_from_to, typical_ratio
from auscult.views.facts import ParameterRow, bill_rows, fact_rows, parameter_rows
from auscult.views.figures import Picture, compare, pictures
from auscult.views.figures.comparison import color
from auscult.views.figures.parting import parting
from auscult.views.html import render, write
from auscult.views.links import figure_of
from auscult.views.start import NONE, FirstLook, first_look


@dataclass(frozen=True)
class Section:
    """One run as the page shows it. `key` begins the anchors of all that belongs to it."""

    key: str
    label: str
    color: str
    run: Run
    diagnosis: Diagnosis
    verdict: str
    severity: str
    branches: tuple[Branch, ...]
    judged: list[Judged]
    pictures: list[Picture]
    facts: list[tuple[str, str]]
    bill: list[tuple[str, str]]
    parameters: list[ParameterRow]
    loss: tuple[float, float] | None
    ratio: float
    shown: frozenset[str]
    start: FirstLook | None

    def group(self, name: str) -> list[Picture]:
        """The pictures of one group: "baseline", "start", "learning", "optimizer", "inside"."""
        return [p for p in self.pictures if p.group == name]


def write_report(
    runs_and_diagnoses: Sequence[tuple[Run, Diagnosis]],
    path: str | Path,
    band: Band = DEFAULT,
    title: str | None = None,
) -> Path:
    """Write the report to `path` and return that. Raises RunError where it cannot be written."""
    return write(render_report(runs_and_diagnoses, band, title), path)


def render_report(
    runs_and_diagnoses: Sequence[tuple[Run, Diagnosis]], band: Band = DEFAULT, title: str | None = None
) -> str:
    """The report as one HTML text that needs nothing else: style, script, figures and Plotly are inside.

    Args:
        runs_and_diagnoses: one pair, or several to be compared; raises ValueError where there is none.
        band: the band of update ratios the figures shade.
        title: what stands above several runs, and in the window's title.
    """
    if not runs_and_diagnoses:
        raise ValueError("a report needs at least one run, got none; give it [(run, diagnosis)]")
    runs = [run for run, _ in runs_and_diagnoses]
    names = labels(runs)
    sections = [
        _section(f"r{i}", names[i], color(i), run, diagnosis, band)
        for i, (run, diagnosis) in enumerate(runs_and_diagnoses)
    ]
    compared = compare(runs, band) if len(runs) > 1 else []
    figures = {f"all-{p.key}": p for p in compared} | {f"{s.key}-{p.key}": p for s in sections for p in s.pictures}
    return render(
        "report.html",
        figures,
        title=title or (names[0] if len(runs) == 1 else f"{len(runs)} runs compared"),
        version=str(runs[0].fact("versions", {}).get("auscult", "")),
        sections=sections,
        compared=compared,
        held=comparison(runs_and_diagnoses),
        figure_of=figure_of,
        apart=apart,
        no_start=NONE,
    )


def _section(key: str, name: str, tint: str, run: Run, diagnosis: Diagnosis, band: Band) -> Section:
    drawn = pictures(run, band)
    if diagnosis.baseline is not None:
        drawn += parting(run, diagnosis.baseline)
    severities = [f.severity for f in diagnosis.findings]
    asked = any(c.status == "ran" for c in diagnosis.coverage) and diagnosis.steps > 0
    unfound = "clean" if asked and diagnosis.status != "failed" else "unknown"
    worst = next((s for s in ("critical", "warning") if s in severities), unfound)
    return Section(
        key=key, label=name, color=tint, run=run, diagnosis=diagnosis, verdict=verdict(diagnosis),
        severity=worst, branches=branches(diagnosis.findings), judged=judged(diagnosis), pictures=drawn,
        facts=fact_rows(run), bill=bill_rows(run, diagnosis), parameters=parameter_rows(run), loss=loss_from_to(run),
        ratio=typical_ratio(run), shown=frozenset(p.key for p in drawn), start=first_look(run),
    )  # fmt: skip
