"""Which ailment brings which about, and the order in which findings are told.

A finding is a consequence where the graph below knows a cause for its rule, and that cause was found too and began no
later. Of several the one named first is taken. A finding that is only information causes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from auscult.findings import SEVERITIES, Finding

# consequence: its possible causes, the more telling first
CAUSES: dict[str, tuple[str, ...]] = {
    "learning-rate-too-high": ("gradients-not-zeroed",),  # what piles up multiplies every step
    "non-finite": ("learning-rate-too-high", "gradients-not-zeroed", "diverging-loss"),
    "diverging-loss": ("learning-rate-too-high", "gradients-not-zeroed", "non-finite"),
    "layers-disagree": (
        "learning-rate-too-low",
        "learning-rate-too-high",
    ),  # an odd start is only left behind by moving
    "no-progress": (
        "learning-rate-too-low",
        "learning-rate-too-high",
        "gradients-not-zeroed",
        "non-finite",
        "frozen-parameters",
        "diverging-loss",
    ),
}


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings with `caused_by` filled in: causes by the step they began at, each followed by its consequences.

    What is only information comes last.
    """
    found = list(findings)
    linked = [replace(f, caused_by=_cause(f, found)) for f in found]
    told: list[Finding] = []

    def tell(finding: Finding) -> None:
        if finding in told:
            return
        told.append(finding)
        for other in sorted(linked, key=_when):
            if other.caused_by == finding.rule:
                tell(other)

    for finding in sorted((f for f in linked if f.caused_by is None), key=_when):
        tell(finding)
    return tuple(told)


def _cause(finding: Finding, found: list[Finding]) -> str | None:
    for cause in CAUSES.get(finding.rule, ()):
        for other in found:
            if other.rule == cause and other.severity != "info" and other.first_step <= finding.first_step:
                return cause
    return None


def _when(finding: Finding) -> tuple[bool, int, int]:
    return finding.severity == "info", finding.first_step, SEVERITIES.index(finding.severity)
