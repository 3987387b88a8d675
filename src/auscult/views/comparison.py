"""Runs side by side in numbers and words: what each came to, and which findings went away."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from auscult.findings import Diagnosis
from auscult.runs import Run
from auscult.runs import quantities as q
from auscult.views.columns import Column
from auscult.views.digest import labels, loss_from_to, settled, typical_ratio
from auscult.views.words import magnitude, number, percent

LOGGED = 6  # numbers of the user's own that are shown, at most
FromTo = tuple[float, float]


@dataclass(frozen=True)
class Summary:
    """What one run came to; NaN and None where something is not known.

    saturated, dead: of the layer that has most, at its first look and at the end. findings: the rules that found
    something of severity warning or worse, causes first. unable: the rules that could not judge, and why.
    """

    label: str
    run: Run
    status: str
    steps: int
    loss: FromTo | None
    logged: dict[str, float]
    ratio: float
    saturated: FromTo
    dead: FromTo
    findings: tuple[str, ...]
    unable: Mapping[str, str]


@dataclass(frozen=True)
class Change:
    """What became of the first run's findings in another; `unjudged`: where the rule could not say, and `why`."""

    label: str
    gone: tuple[str, ...]
    still: tuple[str, ...]
    new: tuple[str, ...]
    unjudged: tuple[str, ...]
    why: tuple[str, ...]

    @property
    def pair(self) -> tuple[str, str]:
        """The run and the change in words."""
        return self.label, self.said

    @property
    def said(self) -> str:
        """The change in words."""
        unjudged = [f"{rule} ({why})" if why else rule for rule, why in zip(self.unjudged, self.why, strict=True)]
        told = [
            f"{what}: {', '.join(rules)}"
            for what, rules in (
                ("gone", self.gone),
                ("could not be judged again", unjudged),
                ("new", self.new),
                ("still there", self.still),
            )
            if rules
        ]
        return "; ".join(told) or "no findings in either"


@dataclass(frozen=True)
class Comparison:
    """Runs side by side, the first of them the one the others are held against."""

    runs: tuple[Summary, ...]

    @property
    def changes(self) -> tuple[Change, ...]:
        """What became of the first run's findings in each of the others."""
        first = self.runs[0]
        return tuple(_change(first, other) for other in self.runs[1:])

    @property
    def columns(self) -> tuple[Column, ...]:
        """The table: a row for each run; columns that say nothing are left out."""
        return tuple(c for c in _columns(self.runs) if c.says_something)

    @property
    def notes(self) -> tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]:
        """The words kept with the runs: of each name, the lines of every run."""
        names = dict.fromkeys(name for s in self.runs for name in s.run.notes)
        return tuple((name, tuple(_lines(s.run.notes.get(name, ())) for s in self.runs)) for name in names)

    @property
    def caution(self) -> str:
        """Why the losses should not be held against each other, or nothing."""
        tasks = {(t.kind, t.classes) for s in self.runs if (t := s.run.task)}
        return "" if len(tasks) < 2 else "The losses are not of one kind, so they cannot be held against each other."

    def as_dict(self) -> dict:
        """The object that `auscult compare --json` prints; what is not finite is null."""
        return {
            "schema": 1,
            "runs": [_as_dict(s) for s in self.runs],
            "changes": [
                {"run": s.run.id, "gone": c.gone, "still": c.still, "new": c.new, "could_not_judge": c.unjudged}
                for s, c in zip(self.runs[1:], self.changes, strict=True)
            ],
        }


def comparison(runs_and_diagnoses: Sequence[tuple[Run, Diagnosis]]) -> Comparison:
    """Hold runs side by side. Raises ValueError where there is none."""
    if not runs_and_diagnoses:
        raise ValueError("there is nothing to compare; give at least one run")
    names = labels([run for run, _ in runs_and_diagnoses])
    return Comparison(
        tuple(_summary(name, run, said) for name, (run, said) in zip(names, runs_and_diagnoses, strict=True))
    )


def _summary(label: str, run: Run, diagnosis: Diagnosis) -> Summary:
    names = run.quantities.get(q.LOGGED, ())
    told = [n for n in names if not n.startswith(q.HEARD)]  # what was only heard is shown where nothing was logged
    logged = {name: _last(run, name) for name in told or names}
    return Summary(
        label=label,
        run=run,
        status=diagnosis.status,
        steps=diagnosis.steps,
        loss=loss_from_to(run),
        logged={name: value for name, value in logged.items() if not math.isnan(value)},
        ratio=typical_ratio(run),
        saturated=_most(run, q.SATURATED),
        dead=_most(run, q.DEAD),
        findings=tuple(dict.fromkeys(f.rule for f in diagnosis.findings if f.severity != "info")),
        unable={c.rule: c.why for c in diagnosis.coverage if c.status != "ran"},
    )


def _last(run: Run, name: str) -> float:
    values = run.series(q.LOGGED, name).values
    there = values[~np.isnan(values)]
    return float(there[-1]) if len(there) else math.nan


def _most(run: Run, quantity: str) -> FromTo:
    """The quantity of the layer that has most of it, at its first look and at the end."""
    names = run.quantities.get(quantity, ())
    series = (run.series(quantity, name).values for name in names)
    first = [float(known[0]) for values in series if len(known := values[np.isfinite(values)])]
    last = [value for value in settled(run, quantity, names).values() if math.isfinite(value)]
    return max(first, default=math.nan), max(last, default=math.nan)


def _change(first: Summary, other: Summary) -> Change:
    left = [rule for rule in first.findings if rule not in other.findings]
    unjudged = tuple(rule for rule in left if rule in other.unable)
    return Change(
        other.label,
        gone=tuple(rule for rule in left if rule not in other.unable),
        still=tuple(rule for rule in other.findings if rule in first.findings),
        new=tuple(rule for rule in other.findings if rule not in first.findings),
        unjudged=unjudged,
        why=tuple(other.unable[rule] for rule in unjudged),
    )


def _columns(runs: Sequence[Summary]) -> list[Column]:
    def of(title: str, short: str, explained: str, cells: Sequence[str], numeric: bool = True) -> Column:
        return Column(title, short, explained, tuple(cells), numeric, folds=not numeric)

    logged = list(dict.fromkeys(name for s in runs for name in s.logged))[:LOGGED]
    unlike = len({s.steps for s in runs}) > 1
    return [
        of("run", "run", "its name", [s.label for s in runs], False),
        of("status", "status", "how it ended", [s.status if s.status != "finished" else "–" for s in runs]),
        of("steps", "steps", "updates made", [f"{s.steps:,}" if unlike else "–" for s in runs]),
        of("first loss", "first", "of the first batch", [_number(s.loss and s.loss[0]) for s in runs]),
        of("last loss", "last", "mean over the last batches", [_number(s.loss and s.loss[1]) for s in runs]),
        *(of(name, name, "the last one", [_number(s.logged.get(name)) for s in runs]) for name in logged),
        of(
            "update ratio", "ratio", "log10 of update to data, the median of the matrices at the end",
            ["–" if math.isnan(s.ratio) else magnitude(s.ratio) for s in runs],
        ),
        of("saturated", "saturated", "of the layer with most, first → last", [_shares(s.saturated) for s in runs]),
        of("dead units", "dead", "of the layer with most, first → last", [_shares(s.dead) for s in runs]),
        of("findings", "findings", "warnings or worse", [", ".join(s.findings) or "no warnings" for s in runs], False),
    ]  # fmt: skip


def _number(x: float | None) -> str:
    return "–" if x is None or math.isnan(x) else number(x, 4)


def _shares(values: FromTo) -> str:
    first, last = values
    if math.isnan(last):
        return "–"
    if (first, last) == (0, 0):
        return "0 %"
    return f"{percent(first)} → {percent(last)}"


def _lines(text: str | Sequence[str]) -> tuple[str, ...]:
    return tuple(text.splitlines() if isinstance(text, str) else text)


def _as_dict(s: Summary) -> dict:
    def plain(x: float) -> float | None:
        return x if math.isfinite(x) else None

    def pair(values: FromTo | None) -> dict | None:
        return values and {"first": plain(values[0]), "last": plain(values[1])}

    return {
        "run": s.run.id,
        "name": s.label,
        "status": s.status,
        "steps": s.steps,
        "loss": pair(s.loss),
        "logged": {name: plain(value) for name, value in s.logged.items()},
        "update_to_data_log10": plain(s.ratio),
        "saturated_share": pair(s.saturated),
        "dead_unit_share": pair(s.dead),
        "findings": s.findings,
        "notes": s.run.notes,
    }
