"""non-finite: NaN or infinity in the loss, a gradient or a parameter, and which of them was first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from auscult.findings import Evidence
from auscult.rules._case import Case
from auscult.rules._rule import Rule, Unjudged, Verdict, figure, listed
from auscult.runs import quantities as q

SKIPPED = 0.5  # of the steps: a loss scaler that never settles
LEAST_SKIPPED = 10

_ORDER = ("parameter", "loss", "gradient", "update")  # as they follow each other within one step
_REMEDIES = {
    "parameter": "Lower the learning rate, or clip the gradient: the update before that step overflowed.",
    "loss": "Look at the forward pass of that step: log or division of zero, exp of something large, a batch with bad values. "
    "torch.autograd.set_detect_anomaly(True) names the operation.",
    "gradient": "Look at the backward pass: sqrt, norm or division at zero, or torch.where over a branch that is not finite. "
    "torch.autograd.set_detect_anomaly(True) names the operation.",
    "update": "Lower the learning rate, or clip the gradient: the update itself overflowed.",
}


@dataclass(frozen=True)
class Sight:
    """The first step at which something was seen to be NaN or infinite, and in which tensors."""

    what: str
    step: int
    names: tuple[str, ...] = ()
    at_end: bool = False  # still so when it was looked at last


class NonFinite(Rule):
    """NaN or infinity in the loss, a gradient or a parameter.

    ## What it flags
    The first step at which anything was not finite, whether it was a parameter, the loss, a gradient or an update, in
    which tensor, and when all was last seen finite.

    ## Why it matters
    NaN spreads: one in a parameter makes every later loss NaN, and all further steps are wasted. What comes first tells
    the reason: a finite loss with a bad gradient points at the backward pass, finite parameters with a bad loss at the
    forward pass or the data, parameters that overflow at the learning rate.

    ## Thresholds
    One value that is not finite. Critical where parameters or the loss still are at the last look, a warning where the
    training came out of it. A loss is watched at every step, parameters and gradients at the steps looked at, so the
    order between them is known as closely as those lie together.

    ## False alarms
    Mixed precision with a loss scaler meets non-finite gradients on purpose and skips those steps: this is not flagged
    unless more than half of all steps are skipped. A loss masked with infinity by design is.

    ## Remedies
    Lower the learning rate or clip the gradient where parameters overflow; keep log, division, sqrt and norm away from
    zero (`clamp`, `eps`) where the loss or a gradient goes first; find the operation with
    `torch.autograd.set_detect_anomaly(True)`; look for bad values in the data.
    """

    name = "non-finite"

    def examine(self, case: Case) -> Verdict:
        skipped = {e.step for e in case.events(q.SKIPPED_STEP)}
        sights = self._tensors(case, skipped)
        if case.bad_losses:
            sights.append(Sight("loss", case.bad_losses[0], (), case.broke_at is not None))
        if not sights:
            return self._never_settles(case, skipped)
        if not any(s.at_end for s in sights) and all(s.what == "gradient" for s in sights) and skipped:
            return self._never_settles(case, skipped)
        if not len(case.steps) and not case.events(q.NONFINITE_LOSS):
            return Unjudged("nothing was recorded")
        first = min(sights, key=lambda s: (s.step, _ORDER.index(s.what)))
        grave = any(s.at_end and s.what != "gradient" for s in sights)
        return (
            self.finding(
                "critical" if grave else "warning",
                first.names,
                first.step,
                self._sentence(case, first, sights, grave),
                [Evidence(f"tensors not finite ({first.what})", max(1, len(first.names)), 0, max(1, len(first.names)), first.step)],
                [_REMEDIES[first.what]],
            ),
        )

    def _sentence(self, case: Case, first: Sight, sights: list[Sight], grave: bool) -> str:
        of = {"loss": "The loss", "parameter": "The parameter", "gradient": "The gradient of", "update": "The update of"}[first.what]
        shown = listed(first.names[::-1] if first.what == "gradient" else first.names)
        text = " ".join((f"{of} {shown}" if first.names else of, f"became NaN or infinite at step {first.step}"))
        before = case.steps[case.steps < first.step]
        if len(before):
            at = int(before[-1])
            loss = case.loss.values[case.loss.steps <= at]
            text += f"; at step {at} all was finite" + (f", the loss {figure(float(loss[-1]), 3)}" if len(loss) else "")
        others = sorted({s.what for s in sights} - {first.what}, key=_ORDER.index)
        follow = f" {listed([o.capitalize() if i == 0 else o for i, o in enumerate(others)])} followed." if others else ""
        return f"{text}.{follow}" + ("" if grave else " The training came out of it.")

    def _tensors(self, case: Case, skipped: set[int]) -> list[Sight]:
        found = []
        for what, quantity in (("parameter", q.DATA_NORM), ("gradient", q.GRAD_NONFINITE), ("update", q.UPDATE_NORM)):
            first: dict[str, int] = {}
            at_end = False
            for p in case.parameters:
                read = case.run.series(quantity, p.name)
                if what == "gradient":
                    bad = read.values > 0
                    bad &= ~np.isin(read.steps, list(skipped))
                else:
                    bad = ~np.isfinite(read.values)
                    if bad.all() and what == "update":
                        continue  # never defined
                if bad.any():
                    first[p.name] = int(read.steps[np.argmax(bad)])
                    at_end |= bool(bad[-1])
            if first:
                step = min(first.values())
                found.append(Sight(what, step, tuple(n for n, s in first.items() if s == step), at_end))
        return found

    def _never_settles(self, case: Case, skipped: set[int]) -> Verdict:
        share = len(skipped) / max(1, case.total_steps)
        if len(skipped) < LEAST_SKIPPED or share <= SKIPPED:
            return ()
        return (
            self.finding(
                "warning",
                (),
                min(skipped),
                f"{share:.0%} of the steps were skipped, because the scaled gradients were not finite: the loss scaler never "
                "settles.",
                [Evidence("share of steps skipped", share, SKIPPED, share / SKIPPED, min(skipped))],
                ["Look for an operation that overflows in float16 and compute it in float32, or use bfloat16."],
            ),
        )
