"""A batch-size study shown: on the terminal, and as one page that concludes."""

from __future__ import annotations

import io
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from auscult.studies.batch_size import Plan
from auscult.studies.conclusions import Claim, advice, claims
from auscult.studies.ends import around_the_ends, sharpness_by_loss
from auscult.studies.figures import pictures, rates
from auscult.studies.specs import short_name
from auscult.studies.summary import Summary
from auscult.views.columns import Column, table
from auscult.views.figures.picture import Picture
from auscult.views.html import render, write
from auscult.views.page import FRAME_HEIGHT, WIDTH
from auscult.views.terminal import show

SPARED = ("median update", "gap", "train loss")  # left out first where room is scarce
TINTS = {"yes": "green", "no": "red", "unclear": "yellow"}


class StudyPage:
    """A study and what it says, a summary for each learning rate; prints as text, in a notebook shows the page."""

    def __init__(self, summaries: Sequence[Summary]) -> None:
        self.summaries = tuple(summaries)

    @property
    def summary(self) -> Summary:
        """Of the first learning rate."""
        return self.summaries[0]

    def print_to(self, console: Console) -> None:
        """Print the table, the claims and the advice on a terminal."""
        parts: list[RenderableType] = []
        if columns := _columns(self.summaries):
            parts += [*table(columns, range(len(columns[0].cells)), console.width, SPARED), Text()]
        for part in self._parts():
            if part.title:
                parts += [Text(part.title, style="bold underline"), Text()]
            for claim in part.claims:
                grid = Table.grid(padding=(0, 2, 0, 0))
                grid.add_column(width=7, style=TINTS[claim.verdict])
                grid.add_column(overflow="fold")
                grid.add_row(claim.verdict, Text(claim.claim, style="bold"))
                grid.add_row("", Text(claim.said))
                parts.append(grid)
            parts.append(Text())
        parts.append(Text(advice(self.summaries)))
        parts += [Text(f"Failed: {title}: {error}", style="red") for title, error in self.summary.failed]
        if self.summary.missing:
            told = f"{self.summary.missing} trainings are not over; the same command goes on with them."
            parts.append(Text(told, style="dim"))
        show(Group(*parts), console)

    def render(self) -> str:
        """The page, one HTML text that needs no network."""
        s, parts = self.summary, self._parts()
        compared = [p for p in (rates(self.summaries), sharpness_by_loss(self.summaries)) if p is not None]
        figures = {f"study-{p.key}": p for p in (*compared, *(p for part in parts for p in part.pictures))}
        return render(
            "studies/study.html",
            figures,
            title=f"Batch size: {short_name(s.plan.task)}",
            version=version("auscult"),
            advice=advice(self.summaries),
            missing=s.missing,
            asked=len(s.plan.trainings),
            failed=s.failed,
            columns=_columns(self.summaries),
            compared=compared,
            parts=parts,
            facts=_facts(s.plan),
        )

    def _parts(self) -> list[_Part]:
        """What there is to say and to see of each learning rate."""
        shown = [s for s in self.summaries if s.batches]
        several = len(shown) > 1
        return [
            _Part(
                f"At learning rate {s.lr:g}" if several else "",
                claims(s),
                [replace(p, key=f"{p.key}-{i}" if i else p.key) for p in (*pictures(s), *around_the_ends(s))],
            )
            for i, s in enumerate(shown)
        ]

    def report(self, path: str | Path | None = None) -> Path:
        """Write the page, by default as study.html in the study's folder; its path. RunError where it cannot be."""
        return write(self.render(), path or self.summary.trials.folder / "study.html")

    def __str__(self) -> str:
        text = io.StringIO()
        self.print_to(Console(file=text, width=min(WIDTH, shutil.get_terminal_size().columns), no_color=True))
        return text.getvalue().rstrip("\n")

    __repr__ = __str__

    def _repr_html_(self) -> str:
        style = f"width:100%;height:{FRAME_HEIGHT}px;border:1px solid #8884;border-radius:8px"
        return (
            f'<iframe title="auscult: a study" style="{style}" srcdoc="{escape(self.render(), quote=True)}"></iframe>'
        )


@dataclass(frozen=True)
class _Part:
    """What is said of one learning rate; title is empty where there is one only."""

    title: str
    claims: list[Claim]
    pictures: list[Picture]


def _columns(summaries: Sequence[Summary]) -> list[Column]:
    """The table of all trainings; empty where none is over."""
    s = summaries[0]
    rows = list({(row.title, row.lr): row for each in summaries for row in each.rows()}.values())
    if not rows:
        return []

    def of(title: str, explained: str, cells: list[Any], numeric: bool = True) -> Column:
        return Column(title, title, explained, tuple(str(c) for c in cells), numeric)

    found = [row.trials for row in rows]
    return [
        of("training", "", [row.title for row in rows], False),
        of("lr", "learning rate", [f"{row.lr:.3g}" for row in rows]),
        of("median update", "norm of an update, the median", [s.median_of(t) for t in found]),
        of("train loss", "at the end", [s.final(t, "train") for t in found]),
        of("valid loss", "at the end, mean ± standard deviation over the seeds", [s.final(t, "valid") for t in found]),
        *(of(name, "to validate", [s.final(t, "valid", name) for t in found]) for name in s.metrics()),
        of("gap", "validation loss minus training loss", [s.gap(t) for t in found]),
    ]


def _facts(plan: Plan) -> list[tuple[str, str]]:
    options = {**plan.task_options, **plan.optimizer_options}
    return [
        ("task", plan.task),
        ("optimizer", plan.optimizer),
        *((name, str(value)) for name, value in options.items()),
        ("batches", ", ".join(map(str, plan.batches))),
        ("learning rates", ", ".join(f"{lr:g}" for lr in plan.lrs)),
        ("epochs", str(plan.epochs)),
        ("seeds", str(plan.seeds)),
        ("gradients looked at", f"{plan.looks} times, {plan.samples} batches each, drawn with replacement"),
    ]
