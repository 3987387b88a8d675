"""How often what was said of the cases is right, with 95 % intervals."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cases import CASES, Case

STEP_SHARE = 0.1  # of the run's length: so near must a first step lie to count as right
CLEARLY = 1.05  # a fault that hurts ends with a held-out loss so many times that of its control


@dataclass(frozen=True)
class Finding:
    """What a diagnosis says, ours or another tool's."""

    rule: str
    severity: str
    where: tuple[str, ...] | None = None  # None where a tool is not asked
    first_step: int | None = None
    margins: tuple[float, ...] = ()

    @property
    def alarms(self) -> bool:
        """Whether it is a warning or worse."""
        return self.severity != "info"


@dataclass(frozen=True)
class Outcome:
    """One training and what was said of it, in the order it was said."""

    case: Case
    seed: int
    steps: int
    findings: tuple[Finding, ...]
    before: float | None = None
    after: float | None = None
    cannot: str = ""  # why the rule of the cause did not judge
    nearest: Mapping[str, float] = field(default_factory=dict)  # rule that found nothing: how near it came, below 1

    @property
    def told(self) -> list[Finding]:
        """The findings that name the cause; of a fault that does no clear harm information is enough."""
        return [f for f in self.findings if f.rule == self.case.cause and (f.alarms or self.case.mild)]

    @property
    def first(self) -> Finding | None:
        """What it says first."""
        return next((f for f in self.findings if f.alarms or (self.case.mild and f.rule == self.case.cause)), None)

    @property
    def alarms(self) -> list[Finding]:
        """Warnings and worse."""
        return [f for f in self.findings if f.alarms]

    def is_right(self, finding: Finding) -> bool:
        """Whether a finding names the cause or what it brings about."""
        return self.case.cause is not None and finding.rule in (self.case.cause, *self.case.also)


def outcome(case: Case, seed: int, verdict: dict[str, Any], made: dict[str, Any]) -> Outcome:
    """From what is kept of a trial."""
    found = tuple(
        Finding(
            f["rule"], f["severity"], tuple(f["where"]), f["first_step"],
            tuple(e["margin"] for e in f["evidence"] if e["margin"] is not None),
        )
        for f in verdict["findings"]
    )  # fmt: skip
    why = next((c["why"] for c in verdict["coverage"] if c["rule"] == case.cause and c["status"] != "ran"), "")
    near = {n["rule"]: n["margin"] for n in verdict.get("nearest", ())}
    return Outcome(case, seed, verdict["steps"], found, made["before"], made["after"], why, near)


@dataclass(frozen=True)
class Share:
    """A share, and how many independent cases it is taken from.

    The seeds of a case are alike, so the interval counts cases and not runs.
    """

    right: float
    of: int
    cases: int

    @property
    def value(self) -> float | None:
        """The share; None of nothing."""
        return self.right / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval of 95 %."""
        if not self.of:
            return (0.0, 1.0)
        p, n, z = self.right / self.of, max(1, self.cases), 1.96
        centre, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, (centre - half) / (1 + z * z / n)), min(1.0, (centre + half) / (1 + z * z / n))

    def __str__(self) -> str:
        if self.value is None:
            return "–"
        return f"{self.value:.2f} ({self.interval[0]:.2f}–{self.interval[1]:.2f})"

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"value": self.value, "low": self.interval[0], "high": self.interval[1], "of": self.of}


def share(flags: Iterable[tuple[Case, bool]]) -> Share:
    """The share of those that are so."""
    counted = list(flags)
    return Share(sum(flag for _, flag in counted), len(counted), len({case.name for case, _ in counted}))


def figures(outcomes: Sequence[Outcome], rule: str | None = None) -> dict[str, Share]:
    """Recall, precision and the rest, of all rules or of one."""
    sick = [o for o in outcomes if o.case.cause is not None and rule in (None, o.case.cause)]
    healthy = [o for o in outcomes if o.case.cause is None]
    said = [
        (o, f)
        for o in outcomes
        for f in o.findings
        if rule in (None, f.rule) and (f.alarms or (o.case.mild and f.rule == o.case.cause))
    ]
    named = [(o, o.told[0]) for o in sick if o.told]
    return {
        "recall": share((o.case, bool(o.told)) for o in sick),
        "precision": share((o.case, o.is_right(f)) for o, f in said),
        "first": share((o.case, o.first is not None and o.first.rule == o.case.cause) for o in sick),
        "layers": share(
            (o.case, meets(f.where, o.case.where)) for o, f in named if o.case.where and f.where is not None
        ),
        "step": share(
            (o.case, abs(f.first_step - o.case.step) <= STEP_SHARE * o.steps)
            for o, f in named
            if f.first_step is not None
        ),
        "alarmed": share((o.case, any(rule in (None, f.rule) for f in o.alarms)) for o in healthy),
    }


def meets(said: Sequence[str], meant: Sequence[str]) -> bool:
    """Whether all that is said to be meant is, and something is said."""

    def lies_in(name: str) -> bool:
        name = name.removeprefix("model.")
        return any(name == m or name.startswith(f"{m}.") for m in meant)

    return bool(said) and all(map(lies_in, said))


def margins(outcomes: Sequence[Outcome], rule: str) -> dict[str, list[float]]:
    """How many times past a rule's threshold each run lies that it ails, and each healthy one; below 1 is short of it.

    Runs of which the rule gives no figure are left out.
    """
    found: dict[str, list[float]] = {"sick": [], "healthy": []}
    for o in outcomes:
        if o.case.cause in (rule, None):
            of = [max(f.margins) for f in o.findings if f.rule == rule and f.margins]
            of += [o.nearest[rule]] if rule in o.nearest else []
            found["sick" if o.case.cause else "healthy"] += [max(of)] if of else []
    return {who: sorted(values) for who, values in found.items()}


def harm(outcomes: Sequence[Outcome]) -> dict[str, float | None]:
    """By fault: its held-out loss over its control's, in the median over seeds; None where it is not finite."""
    ends: dict[str, list[float]] = {}
    for o in outcomes:
        ends.setdefault(o.case.name, []).append(math.inf if o.after is None else o.after)
    found = {}
    for name, mine in ends.items():
        theirs = ends.get(f"healthy/{CASES[name].control}")
        if CASES[name].cause is not None and theirs and statistics.median(theirs) > 0:
            times = statistics.median(mine) / statistics.median(theirs)
            found[name] = round(times, 3) if math.isfinite(times) else None
    return found


def learned(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """By control: the share of the held-out loss that was left at the end, in the median over seeds."""
    left: dict[str, list[float]] = {}
    for o in outcomes:
        if o.case.cause is None:
            good = o.before is not None and o.after is not None
            left.setdefault(o.case.name, []).append(o.after / o.before if good else math.inf)
    return {name: statistics.median(values) for name, values in left.items()}
