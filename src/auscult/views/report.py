"""The report: one HTML file with everything in it, for one run or several side by side."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
from plotly.offline import get_plotlyjs

from auscult.errors import RunError
from auscult.findings import Diagnosis
from auscult.runs import Run
from auscult.views import words
from auscult.views.band import DEFAULT, Band
from auscult.views.causes import Branch, branches, verdict
from auscult.views.digest import loss_from_to, typical_ratio
from auscult.views.facts import ParameterRow, bill_rows, fact_rows, parameter_rows
from auscult.views.figures import Picture, compare, pictures
from auscult.views.figures.comparison import color, labels
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
    pictures: list[Picture]
    facts: list[tuple[str, str]]
    bill: list[tuple[str, str]]
    parameters: list[ParameterRow]
    loss: tuple[float, float] | None
    ratio: float
    shown: frozenset[str]
    start: FirstLook | None

    def group(self, name: str) -> list[Picture]:
        """The pictures of one group: "start", "learning", "optimizer", "inside"."""
        return [p for p in self.pictures if p.group == name]


def write_report(
    runs_and_diagnoses: Sequence[tuple[Run, Diagnosis]],
    path: str | Path,
    band: Band = DEFAULT,
    title: str | None = None,
) -> Path:
    """Write the report to `path` and return that. Raises RunError where it cannot be written."""
    path = Path(path)
    page = render_report(runs_and_diagnoses, band, title)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
    except OSError as e:
        raise RunError(f"cannot write the report {path}: {e.strerror}; choose another file") from None
    return path


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
    here = files("auscult.views")
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.globals.update(
        {
            name: getattr(words, name)
            for name in (
                "count",
                "kinds",
                "label",
                "magnitude",
                "margin",
                "moment",
                "number",
                "places",
                "share",
            )
        }
    )
    return environment.from_string((here / "report.html").read_text(encoding="utf-8")).render(
        title=title or (names[0] if len(runs) == 1 else f"{len(runs)} runs compared"),
        sections=sections,
        compared=compared,
        figure_of=figure_of,
        no_start=NONE,
        version=str(runs[0].fact("versions", {}).get("auscult", "")),
        style=(here / "report.css").read_text(encoding="utf-8"),
        script=(here / "report.js").read_text(encoding="utf-8"),
        plotly=get_plotlyjs() if figures else "",
        data=_embed({key: p.plot.to_plotly_json() for key, p in figures.items()}),
    )


def _section(key: str, name: str, tint: str, run: Run, diagnosis: Diagnosis, band: Band) -> Section:
    drawn = pictures(run, band)
    severities = [f.severity for f in diagnosis.findings]
    judged = any(c.status == "ran" for c in diagnosis.coverage) and diagnosis.steps > 0
    unfound = "clean" if judged and diagnosis.status != "failed" else "unknown"
    worst = next((s for s in ("critical", "warning") if s in severities), unfound)
    return Section(
        key=key, label=name, color=tint, run=run, diagnosis=diagnosis, verdict=verdict(diagnosis),
        severity=worst, branches=branches(diagnosis.findings), pictures=drawn, facts=fact_rows(run),
        bill=bill_rows(run, diagnosis), parameters=parameter_rows(run), loss=loss_from_to(run),
        ratio=typical_ratio(run), shown=frozenset(p.key for p in drawn), start=first_look(run),
    )  # fmt: skip


def _embed(figures: dict[str, dict]) -> str:
    """The figures as JSON that can stand in a page: equal arrays once, no NaN, no "<"."""
    arrays: dict[str, int] = {}

    def pack(node: Any) -> Any:
        if isinstance(node, dict):
            if "bdata" in node:
                return {"$": arrays.setdefault(json.dumps(node), len(arrays))}
            return {k: pack(v) for k, v in node.items()}
        return [pack(v) for v in node] if isinstance(node, list | tuple) else node

    packed = {key: pack(figure) for key, figure in figures.items()}
    text = json.dumps(
        {"figures": packed, "arrays": [json.loads(a) for a in arrays]}, allow_nan=False, separators=(",", ":")
    )
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
