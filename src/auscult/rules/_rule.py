"""What a rule is: a name, a page of documentation, and a judgement of one case."""

from __future__ import annotations

import inspect
import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from auscult.findings import Evidence, Finding, Remedy, Severity
from auscult.rules._case import Case

JUST_SHORT = 0.99  # the margin of what is past its threshold and yet no finding
SECTIONS = ("What it flags", "Why it matters", "Thresholds", "False alarms", "What it cannot see", "Remedies")


@dataclass(frozen=True)
class Unjudged:
    """Why a rule gave no verdict: it does not apply here (skipped), or the run does not tell (cannot-judge)."""

    why: str
    status: Literal["skipped", "cannot-judge"] = "cannot-judge"


@dataclass(frozen=True)
class Clean:
    """Nothing found. `nearest` is the measure that came nearest to a finding, with a margin below 1."""

    nearest: Evidence


Verdict = tuple[Finding, ...] | Clean | Unjudged

UNSEEN = Unjudged("nothing inside the network was recorded: no layer could be seen, or the run is from before that")


class Rule(ABC):
    """One ailment, recognised; a concrete rule's docstring is its page: a summary line, then each of SECTIONS."""

    name: ClassVar[str]

    @abstractmethod
    def examine(self, case: Case) -> Verdict:
        """The findings in a case, none where it is healthy, or why that cannot be said."""

    @classmethod
    def page(cls) -> str:
        """The rule's documentation, in Markdown."""
        return f"# {cls.name}\n\n{inspect.cleandoc(cls.__doc__ or '')}\n"

    @classmethod
    def summary(cls) -> str:
        """The first line of its documentation: the ailment in a sentence."""
        return inspect.cleandoc(cls.__doc__ or "").split("\n", 1)[0]

    def finding(
        self,
        severity: Severity,
        where: Sequence[str],
        first_step: int,
        summary: str,
        evidence: Sequence[Evidence],
        remedies: Sequence[Remedy | str] = (),
    ) -> Finding:
        """A finding of this rule."""
        return Finding(
            self.name,
            severity,
            tuple(where),
            int(first_step),
            summary,
            tuple(evidence),
            tuple(r if isinstance(r, Remedy) else Remedy(r) for r in remedies),
        )


def past(value: float, threshold: float) -> float:
    """How many times past the threshold a value of log10 lies: 10 to the distance, at most 10^30."""
    return float(10 ** min(30.0, abs(value - threshold)))


def reached(value: float, threshold: float) -> float:
    """How near a value of log10 comes to a threshold above it: 10 to the difference, so more than 1 past it."""
    return float(10 ** max(-30.0, min(30.0, value - threshold)))


def above(quantity: str, value: float, threshold: float, step: int | None = None) -> Evidence:
    """A measure that is sick above its threshold."""
    return Evidence(quantity, value, threshold, value / threshold, step)


def below(quantity: str, value: float, threshold: float, step: int | None = None) -> Evidence:
    """A measure that is sick below its threshold, which is positive; by a thousand times at most."""
    return Evidence(quantity, value, threshold, threshold / max(value, threshold / 1e3), step)


def lacking(*conditions: Evidence) -> Evidence:
    """Of conditions that make a finding only together, the one that is furthest from being met."""
    return min(conditions, key=lambda c: -math.inf if math.isnan(c.margin) else c.margin)


def nearest(measures: Iterable[Evidence]) -> Clean | tuple[()]:
    """The verdict that nothing was found, with the one of these measures that came nearest to a finding.

    What is past its threshold, and no finding for a reason that has no measure, is called excused.
    """
    known = [_short(m) for m in measures if not math.isnan(m.margin)]
    return Clean(max(known, key=lambda m: m.margin)) if known else ()


def _short(measure: Evidence) -> Evidence:
    if measure.margin < 1:
        return replace(measure, margin=max(0.0, measure.margin))
    return replace(measure, quantity=f"{measure.quantity}, excused", margin=JUST_SHORT)


def listed(names: Sequence[str], most: int = 3) -> str:
    """Names for a sentence: the first few, and how many more there are."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def figure(x: float, digits: int = 2) -> str:
    """A number for a sentence, with this many significant digits: 0.001, 0.12, 3e-06."""
    return f"{float(f'{x:.{digits - 1}e}'):g}"
