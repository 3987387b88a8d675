"""What rules say and views show: findings with evidence and remedies, and what could not be judged.

This vocabulary has a home of its own so that `rules` (which make it) and `views` (which show it) need not know each
other. `Diagnosis.as_dict` is the object `auscult diagnose --json` prints; its keys are a contract.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

from auscult.runs import Run

Severity = Literal["critical", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("critical", "warning", "info")


@dataclass(frozen=True)
class Evidence:
    """One measured quantity held against its threshold.

    `margin` says how many times past the threshold the value lies: 1 is just at it, less is on the healthy side; for a
    quantity given as log10 it is 10 to the difference.
    """

    quantity: str
    value: float
    threshold: float
    margin: float
    step: int | None = None


@dataclass(frozen=True)
class Remedy:
    """One thing to change; `apply` names the call of ours that does it, where there is one."""

    action: str
    apply: str | None = None


@dataclass(frozen=True)
class Finding:
    """One ailment: where it is, since which step, by what margin, and what to do."""

    rule: str
    severity: Severity
    where: tuple[str, ...]
    first_step: int
    summary: str
    evidence: tuple[Evidence, ...]
    remedies: tuple[Remedy, ...] = ()
    caused_by: str | None = None


@dataclass(frozen=True)
class Coverage:
    """Whether one rule ran, was skipped, or could not judge, and why.

    `nearest` is what came nearest to a finding where a rule ran and found nothing, its margin below 1; None where the
    rule has no measure of that.
    """

    rule: str
    status: Literal["ran", "skipped", "cannot-judge"]
    why: str = ""
    nearest: Evidence | None = None


@dataclass(frozen=True)
class Overhead:
    """The bill: share of wall time auscult used, and on how many steps it looked."""

    share: float
    sampled_steps: int
    dropped_frames: int = 0
    faults: int = 0
    passed_over: int = 0  # trainings of the program that nobody listened to


Stage = Literal["settings", "inputs", "parameters", "forward", "backward", "updates", "loss"]
Scale = Literal["log", "log10", "level", "fall"]


@dataclass(frozen=True)
class Setting:
    """One thing that was set differently from a baseline."""

    what: str
    here: str
    there: str


@dataclass(frozen=True)
class Deviation:
    """One quantity that parts from a baseline's: where, since which step, and how far.

    stage: where on the signal's way. scale: how it is compared: by its logarithm, as a recorded logarithm, as it is, or
    in parts of what the baseline's fell. where: parameters or layers in the order of the signal; empty for the step as
    a whole. most: the one furthest off, by its name here and in the baseline; its value and the baseline's are medians
    over the first looks from that step on.
    """

    quantity: str
    stage: Stage
    scale: Scale
    where: tuple[str, ...]
    first_step: int
    most: tuple[str, str]
    value: float
    baseline: float

    @property
    def factor(self) -> float | None:
        """How many times the baseline's it is; None where that says nothing."""
        if self.scale == "log10":
            times = 10 ** min(300.0, self.value - self.baseline)
        else:
            times = self.value / self.baseline if self.baseline > 0 and self.scale != "level" else 0.0
        return times if 0 < times < math.inf else None


@dataclass(frozen=True)
class Baseline:
    """A training held against one that went well: what was set differently, and what differs, first things first.

    compared: how many series both have, over so many `steps`. shared: the rules that find the same in the baseline.
    cautions: what could not be compared, and why.
    """

    run: Run
    steps: int
    settings: tuple[Setting, ...]
    deviations: tuple[Deviation, ...]
    compared: int
    shared: tuple[str, ...]
    cautions: tuple[str, ...]


@dataclass(frozen=True)
class Diagnosis:
    """All findings about one run, ordered by cause, with what was and was not judged."""

    run: str
    status: str
    steps: int
    findings: tuple[Finding, ...]
    coverage: tuple[Coverage, ...]
    overhead: Overhead
    error: str | None = None
    baseline: Baseline | None = None
    schema: int = field(default=1)

    @property
    def clean(self) -> bool:
        """True where nothing of severity warning or worse was found."""
        return all(f.severity == "info" for f in self.findings)

    def as_dict(self) -> dict:
        """The JSON object of `auscult diagnose --json`; numbers that are not finite become null."""
        return {
            "schema": self.schema,
            "run": self.run,
            "status": self.status,
            "error": self.error,
            "steps": self.steps,
            "findings": [_finding(f) for f in self.findings],
            "coverage": [{"rule": c.rule, "status": c.status, "why": c.why} for c in self.coverage],
            "nearest": [{"rule": c.rule} | _evidence(c.nearest) for c in self.coverage if c.nearest is not None],
            "overhead": {
                "share": _number(self.overhead.share),
                "sampled_steps": self.overhead.sampled_steps,
                "dropped_frames": self.overhead.dropped_frames,
                "faults": self.overhead.faults,
                "passed_over": self.overhead.passed_over,
            },
            "baseline": None if self.baseline is None else _baseline(self.baseline),
        }


def _finding(f: Finding) -> dict:
    return {
        "rule": f.rule,
        "severity": f.severity,
        "where": list(f.where),
        "first_step": f.first_step,
        "summary": f.summary,
        "evidence": [_evidence(e) for e in f.evidence],
        "remedies": [{"action": r.action, "apply": r.apply} for r in f.remedies],
        "caused_by": f.caused_by,
    }


def _evidence(e: Evidence) -> dict:
    return {
        "quantity": e.quantity,
        "value": _number(e.value),
        "threshold": _number(e.threshold),
        "margin": _number(e.margin),
        "step": e.step,
    }


def _baseline(b: Baseline) -> dict:
    return {
        "run": b.run.id,
        "steps": b.steps,
        "compared": b.compared,
        "settings": [{"what": s.what, "here": s.here, "baseline": s.there} for s in b.settings],
        "deviations": [
            {
                "quantity": d.quantity,
                "stage": d.stage,
                "where": list(d.where),
                "first_step": d.first_step,
                "most": d.most[0],
                "value": _number(d.value),
                "baseline": _number(d.baseline),
                "factor": d.factor,
            }
            for d in b.deviations
        ],
        "shared": list(b.shared),
        "cautions": list(b.cautions),
    }


def _number(x: float) -> float | None:
    return float(x) if math.isfinite(x) else None
