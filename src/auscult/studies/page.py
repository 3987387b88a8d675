"""A batch-size study shown: on the terminal, and as one page that concludes."""

from __future__ import annotations

import io
import shutil
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from auscult.studies.batch_size import Plan
from auscult.studies.conclusions import advice, claims
from auscult.studies.figures import pictures
from auscult.studies.specs import short_name
from auscult.studies.summary import Summary
from auscult.views.columns import Column, table
from auscult.views.html import render, write
from auscult.views.page import FRAME_HEIGHT, WIDTH
from auscult.views.terminal import show

SPARED = ("median update", "lr", "gap", "train loss")  # left out first where room is scarce
TINTS = {"yes": "green", "no": "red", "unclear": "yellow"}


class StudyPage:
    """A study and what it says; prints as text, shows itself in a notebook as the page."""

    def __init__(self, summary: Summary) -> None:
        self.summary = summary

    def print_to(self, console: Console) -> None:
        """Print the table, the claims and the advice on a terminal."""
        s = self.summary
        parts: list[RenderableType] = []
        if s.batches:
            columns = _columns(s)
            parts += [*table(columns, range(len(columns[0].cells)), console.width, SPARED), Text()]
        for claim in claims(s):
            grid = Table.grid(padding=(0, 2, 0, 0))
            grid.add_column(width=7, style=TINTS[claim.verdict])
            grid.add_column(overflow="fold")
            grid.add_row(claim.verdict, Text(claim.claim, style="bold"))
            grid.add_row("", Text(claim.said))
            parts.append(grid)
        parts += [Text(), Text(advice(s))]
        parts += [Text(f"Failed: {title}: {error}", style="red") for title, error in s.failed]
        if s.missing:
            parts.append(Text(f"{s.missing} trainings are not over; the same command goes on with them.", style="dim"))
        show(Group(*parts), console)

    def render(self) -> str:
        """The page, one HTML text that needs no network."""
        s = self.summary
        drawn = pictures(s)
        return render(
            "studies/study.html",
            {f"study-{p.key}": p for p in drawn},
            title=f"Batch size: {short_name(s.plan.task)}",
            version=version("auscult"),
            advice=advice(s),
            missing=s.missing,
            asked=len(s.plan.trainings),
            failed=s.failed,
            columns=_columns(s),
            claims=claims(s),
            pictures=drawn,
            facts=_facts(s.plan),
        )

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


def _columns(s: Summary) -> list[Column]:
    rows = s.rows()

    def of(title: str, explained: str, cells: list[Any], numeric: bool = True) -> Column:
        return Column(title, title, explained, tuple(str(c) for c in cells), numeric)

    return [
        of("training", "", [title for title, *_ in rows], False),
        of("lr", "learning rate", [f"{lr:.3g}" for _, _, lr, _ in rows]),
        of("median update", "norm of an update, the median", [s.median_of(found) for *_, found in rows]),
        of("train loss", "at the end", [s.final(found, "train") for *_, found in rows]),
        of("valid loss", "at the end, mean ± standard deviation over the seeds",
           [s.final(found, "valid") for *_, found in rows]),
        *(of(name, "to validate", [s.final(found, "valid", name) for *_, found in rows]) for name in s.metrics()),
        of("gap", "validation loss minus training loss", [s.gap(found) for *_, found in rows]),
    ]  # fmt: skip


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
