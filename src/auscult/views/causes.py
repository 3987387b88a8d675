"""Findings as a tree: each consequence under its cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auscult.findings import Diagnosis, Finding
from auscult.views.words import count


@dataclass(frozen=True)
class Branch:
    """One finding and what follows from it, in the order given."""

    finding: Finding
    consequences: tuple[Branch, ...] = ()


def branches(findings: Sequence[Finding]) -> tuple[Branch, ...]:
    """The findings that have no cause among the others, each with its consequences folded under it.

    A finding whose named cause was not found, or whose causes run in a circle, stands by itself.
    """
    first = {f.rule: i for i, f in reversed(list(enumerate(findings)))}
    parent = [first.get(f.caused_by) if f.caused_by != f.rule and f.caused_by else None for f in findings]
    for i in range(len(findings)):
        seen, at = {i}, parent[i]
        while at is not None and at not in seen:
            seen.add(at)
            at = parent[at]
        if at == i:
            parent[i] = None

    def under(i: int) -> Branch:
        return Branch(findings[i], tuple(under(j) for j, p in enumerate(parent) if p == i))

    return tuple(under(i) for i, p in enumerate(parent) if p is None)


def verdict(diagnosis: Diagnosis) -> str:
    """The diagnosis in one sentence."""
    ran = sum(c.status == "ran" for c in diagnosis.coverage)
    unable = sum(c.status == "cannot-judge" for c in diagnosis.coverage)
    real = [f for f in diagnosis.findings if f.severity != "info"]
    if real:
        first = next((b.finding for b in branches(diagnosis.findings) if b.finding.severity != "info"), real[0])
        rest = "" if len(real) == 1 else f" {count(len(real) - 1, 'further finding')} below."
        return f"{first.summary.rstrip('.')}.{rest}"
    if diagnosis.steps == 0:
        return "Nothing to judge: no step was recorded."
    if not ran:
        return "Nothing could be judged; why is said under coverage."
    aside = f"; {unable} could not judge" if unable else ""
    found = f"othing wrong was found: {count(ran, 'rule')} looked{aside}."
    failed = diagnosis.status == "failed" and diagnosis.error != "KeyboardInterrupt"
    return f"The training failed, but n{found}" if failed else f"N{found}"
