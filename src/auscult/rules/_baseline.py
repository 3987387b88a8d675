"""A run held against a good one of its user's own: what was set differently, what differs first, and what both have."""

from __future__ import annotations

from collections.abc import Iterator

from auscult.findings import SEVERITIES, Baseline, Diagnosis, Finding
from auscult.rules._case import Case
from auscult.rules._parting import LEAST, Names, deviations
from auscult.rules._settings import settings
from auscult.runs import Run


def against(run: Run, found: Diagnosis, baseline: Run, theirs: Diagnosis) -> Baseline:
    """What sets a run apart from a baseline, and which of its findings the baseline has too."""
    parted, compared = deviations(run, baseline)
    return Baseline(
        run=baseline,
        steps=min(found.steps, theirs.steps),
        settings=settings(run, baseline, Names(run, baseline)),
        deviations=parted,
        compared=compared,
        shared=tuple(dict.fromkeys(f.rule for f in found.findings if _has(theirs, f))),
        cautions=tuple(_cautions(run, found, baseline, theirs, compared)),
    )


def _has(theirs: Diagnosis, finding: Finding) -> bool:
    """Whether the baseline has a finding too, no milder."""
    worst = SEVERITIES.index(finding.severity)
    return any(f.rule == finding.rule and SEVERITIES.index(f.severity) <= worst for f in theirs.findings)


def _cautions(run: Run, found: Diagnosis, baseline: Run, theirs: Diagnosis, compared: int) -> Iterator[str]:
    looks = min(d.overhead.sampled_steps for d in (found, theirs))
    names = Names(run, baseline)
    mine, other = [names.there(p.name) for p in run.parameters], {p.name for p in baseline.parameters}
    if mine and other and not other.intersection(mine):
        yield "no parameter has the same name in both: it seems to be another network, and hardly anything is compared"
    if looks < LEAST:
        yield f"one of them was looked at on {looks} steps, fewer than the {LEAST} that a comparison takes"
    elif not compared:
        yield "nothing that was recorded of one can be held against the other"
    if run.layers and not baseline.layers:
        yield "nothing inside the network was recorded of the baseline"
    if Case(run).several_losses:
        yield "optimizers with losses of their own work against each other: here another seed may make as much"
    if theirs.steps != found.steps:
        least, whose = min((theirs.steps, "the baseline"), (found.steps, "this run"))
        yield f"{whose} made {least:,} steps; what came later in the other is not compared"
    if not theirs.clean:
        alarms = dict.fromkeys(f.rule for f in theirs.findings if f.severity != "info")
        yield f"the baseline is not without findings itself: {', '.join(alarms)}"
