"""A loss that hardly falls any more because the steps are too large for it to fall further."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auscult.findings import Evidence
from auscult.rules._case import Case
from auscult.rules._guess import at_guess
from auscult.rules._harm import untold
from auscult.rules._held_up import TINY, HeldUp, held_up
from auscult.rules._noise import DROWNED, examples_and_noise
from auscult.rules._pace import LEAST_SAMPLES, Pace
from auscult.rules._rule import Unjudged, above, below, lacking, reached
from auscult.runs import quantities as q

HOLDS = 0.5  # of the loss: what the size of the steps must hold up of it
HIGH = -2.1  # of the steady ratio of the fastest matrices
HARDLY = 0.5  # of what is held up: a fall that may be larger is one


@dataclass(frozen=True)
class Standing:
    """How near a loss comes to standing on the size of the steps of one group."""

    loss: HeldUp
    pace: Pace
    evidence: tuple[Evidence, Evidence]
    lacks: Evidence


def standing(case: Case, measured: Sequence[Pace]) -> Standing | None:
    """None where that cannot be told, or where noise that more examples would take away holds the loss up."""
    loss = held_up(case)
    paces = [p for p in measured if p.kind == "matrix" and p.samples >= LEAST_SAMPLES and p.steady == p.steady]
    if not isinstance(loss, HeldUp) or not paces or untold(case) or at_guess(case) or case.task is None:
        return None
    batch, noise = examples_and_noise(case)
    if not isinstance(noise, Unjudged) and noise > DROWNED * batch:
        return None
    pace = max(paces, key=lambda p: p.steady)
    evidence = (
        above("share of the loss that the size of the steps holds up", loss.floor / loss.loss, HOLDS, loss.until),
        Evidence(f"{q.RATIO} of {pace.what}, steady", pace.steady, HIGH, reached(pace.steady, HIGH), loss.since),
    )
    lacks = lacking(
        *evidence,
        below("fall of the loss over what the steps hold up, at most", loss.at_most / max(loss.floor, TINY), HARDLY),
        *loss.stands(loss.floor),
    )
    return Standing(loss, pace, evidence, lacks)
