"""What each rule did, and how near it came to a finding: those that found something first, then the nearest."""

from __future__ import annotations

import math
from dataclasses import dataclass

from auscult.findings import Coverage, Diagnosis, Evidence
from auscult.views.words import label, number

_ORDER = ("ran", "cannot-judge", "skipped")


@dataclass(frozen=True)
class Judged:
    """One rule; `margin` is 1 and more where it found something, None where it has no measure of how near it came."""

    rule: str
    status: str
    margin: float | None
    told: str  # the measure, or why it gave no verdict

    @property
    def near(self) -> str:
        """The margin in words."""
        return "–" if self.margin is None else "found" if self.margin >= 1 else f"{self.margin:.2f}"

    @property
    def share(self) -> float:
        """The length of a bar: 0 to 1."""
        return min(1.0, self.margin or 0.0)


def judged(diagnosis: Diagnosis) -> list[Judged]:
    """A row for each rule: those that judged first, the nearest to a finding before the others."""
    rows = [_row(diagnosis, c) for c in diagnosis.coverage]
    return sorted(rows, key=lambda r: (_ORDER.index(r.status), 1.0 if r.margin is None else -r.margin))


def measure(e: Evidence) -> str:
    """A value and its threshold: "gradient norm: 3.1, threshold 100"."""
    return f"{label(e.quantity)}: {number(e.value)}, threshold {number(e.threshold)}"


def _row(diagnosis: Diagnosis, c: Coverage) -> Judged:
    found = [e for f in diagnosis.findings if f.rule == c.rule for e in f.evidence if not math.isnan(e.margin)]
    top = max(found, key=lambda e: e.margin, default=c.nearest)
    if top is None:
        return Judged(c.rule, c.status, None, c.why)
    return Judged(c.rule, c.status, max(1.0, top.margin) if found else top.margin, measure(top))
