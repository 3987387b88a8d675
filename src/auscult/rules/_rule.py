"""What a rule is: a name, a page of documentation, and a judgement of one case."""

from __future__ import annotations

import inspect
import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from auscult.findings import Evidence, Finding, Remedy, Severity
from auscult.rules._case import Case

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


def short_of(value: float, threshold: float) -> float:
    """How near a value of log10 came to its threshold, 1 at it: 10 to minus the distance."""
    return 1 / past(value, threshold)


def nearest(measures: Iterable[Evidence]) -> Clean | tuple[()]:
    """The verdict that nothing was found, with the one of these measures that came nearest to a finding."""
    known = [m for m in measures if math.isfinite(m.margin)]
    return Clean(max(known, key=lambda m: m.margin)) if known else ()


def listed(names: Sequence[str], most: int = 3) -> str:
    """Names for a sentence: the first few, and how many more there are."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def figure(x: float, digits: int = 2) -> str:
    """A number for a sentence, with this many significant digits: 0.001, 0.12, 3e-06."""
    return f"{float(f'{x:.{digits - 1}e}'):g}"
