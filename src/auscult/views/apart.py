"""What sets a run apart from its baseline, in words; shown alike on the terminal and in the report."""

from __future__ import annotations

from auscult.findings import Baseline, Deviation, Finding
from auscult.runs import quantities as q
from auscult.views.words import count, label, number, places

FIRST = 6  # deviations that are told; what follows is counted
TOO = "The baseline has it too, so it hardly explains what differs."
_OVER_SPREAD = (q.INPUT_MEAN, q.ACTIVATION_MEAN)


def named(b: Baseline) -> str:
    """The baseline's name, and how much was compared."""
    return f"Against {b.run.id}, {b.compared:,} series over {count(b.steps, 'step')}"


def told(b: Baseline) -> tuple[Deviation, ...]:
    """The deviations that are told."""
    return b.deviations[:FIRST]


def rest(b: Baseline) -> str:
    """What is not told of the deviations, or that there are none."""
    if not b.deviations:
        return "Nothing recorded differs by more than another seed makes." if b.compared else ""
    more = b.deviations[FIRST:]
    return f"{len(more):,} more from step {min(d.first_step for d in more):,} on." if more else ""


def how(d: Deviation) -> str:
    """How one quantity differs: by what factor, or its value and the baseline's; and where."""
    name = label(d.quantity) + (" over their standard deviation" if d.quantity in _OVER_SPREAD else "")
    values = f"{_value(d, d.value)}, baseline {_value(d, d.baseline)}"
    if d.factor is not None and max(d.factor, 1 / d.factor) >= 1.05:
        times, way = (d.factor, "larger") if d.factor > 1 else (1 / d.factor, "smaller")
        at_most = "up to " if len(d.where) > 1 else ""
        values = f"{at_most}{number(times, 2)} × {way} ({values})"
    return f"{name}: {values}" + (f", in {places(d.where)}" if d.where else "")


def is_shared(b: Baseline | None, finding: Finding) -> bool:
    """Whether the baseline has a finding too."""
    return b is not None and finding.rule in b.shared


def _value(d: Deviation, x: float) -> str:
    if d.quantity == q.RATIO and x == float("-inf"):
        return "no update"
    return number(x)
