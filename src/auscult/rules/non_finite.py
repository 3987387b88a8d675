"""non-finite: NaN or infinity in the loss, a gradient or a parameter, and which of them was first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from auscult.findings import Evidence
from auscult.rules._case import Case
from auscult.rules._rule import Rule, Verdict, above, figure, lacking, listed, nearest
from auscult.runs import quantities as q

SKIPPED = 0.5  # of the steps: a loss scaler that never settles
LEAST_SKIPPED = 10

_ORDER = ("parameter", "loss", "gradient", "update")  # as they follow each other within one step
_ANOMALY = "torch.autograd.set_detect_anomaly(True) names the operation."
_WORDS = {  # what became so, and what to do
    "parameter": (
        "The parameter",
        "Lower the learning rate, or clip the gradient: the update before that step overflowed.",
    ),
    "loss": (
        "The loss",
        "Look at the forward pass of that step: log or division of zero, exp of something large, a batch with bad "
        f"values. {_ANOMALY}",
    ),
    "gradient": (
        "The gradient of",
        "Look at the backward pass: sqrt, norm or division at zero, or torch.where over a branch that is not finite. "
        f"{_ANOMALY}",
    ),
    "update": ("The update of", "Lower the learning rate, or clip the gradient: the update itself overflowed."),
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
    NaN spreads: one in a parameter makes every later loss NaN, and all further steps are wasted. What comes first
    tells the reason: a finite loss with a bad gradient points at the backward pass, finite parameters with a bad loss
    at the forward pass or the data, parameters that overflow at the learning rate.

    ## Thresholds
    One value that is not finite. Critical where parameters or the loss still are at the last look, a warning where
    the training came out of it. A loss on the CPU is watched at every step, all else at the steps looked at, so
    the order between them is known as closely as those lie together.

    ## False alarms
    Mixed precision with a loss scaler meets non-finite gradients on purpose and skips those steps: this is not
    flagged unless more than half of all steps are skipped. A loss masked with infinity by design is.

    ## What it cannot see
    The operation that made it: only parameters, gradients, updates and the loss are looked at, not what layers hand on.
    Between two looks the order of what went first is unknown, so that the loss, which is watched at every step, is
    named where a parameter may have been first. Values that are finite but absurd are none of its business.

    ## Remedies
    Lower the learning rate or clip the gradient where parameters overflow; keep log, division, sqrt and norm away
    from zero (`clamp`, `eps`) where the loss or a gradient goes first; find the operation with
    `torch.autograd.set_detect_anomaly(True)`; look for bad values in the data.
    """

    name = "non-finite"

    def examine(self, case: Case) -> Verdict:
        """The first value seen to be not finite, or a loss scaler that never settles."""
        skipped = {e.step for e in case.events(q.SKIPPED_STEP)}
        sights = _tensors(case, skipped)
        if case.bad_losses:
            sights.append(Sight("loss", case.bad_losses[0], (), case.broke_at is not None))
        passing = bool(skipped) and all(s.what == "gradient" and not s.at_end for s in sights)
        if not sights or passing:
            return self._never_settles(case, skipped)
        first = min(sights, key=lambda s: (s.step, _ORDER.index(s.what)))
        grave = any(s.at_end and s.what != "gradient" for s in sights)
        count = max(1, len(first.names))
        return (
            self.finding(
                "critical" if grave else "warning",
                first.names,
                first.step,
                _sentence(case, first, sights) + ("" if grave else " The training came out of it."),
                [Evidence(f"tensors not finite ({first.what})", count, 0, count, first.step)],
                [_WORDS[first.what][1]],
            ),
        )

    def _never_settles(self, case: Case, skipped: set[int]) -> Verdict:
        share = len(skipped) / max(1, case.total_steps)
        if not skipped:
            return ()
        evidence = above("share of steps skipped", share, SKIPPED, min(skipped))
        if len(skipped) < LEAST_SKIPPED or share <= SKIPPED:
            return nearest([lacking(evidence, above("steps skipped", len(skipped), LEAST_SKIPPED))])
        return (
            self.finding(
                "warning",
                (),
                min(skipped),
                f"{share:.0%} of the steps were skipped, because the scaled gradients were not finite: the loss scaler "
                "never settles.",
                [evidence],
                ["Look for an operation that overflows in float16 and compute it in float32, or use bfloat16."],
            ),
        )


def _sentence(case: Case, first: Sight, sights: list[Sight]) -> str:
    """What went first and when, what was last seen finite, and what followed."""
    # a backward pass goes from the end of the model to its start, so the last of the gradients was the first
    names = listed(first.names[::-1] if first.what == "gradient" else first.names)
    text = f"{_WORDS[first.what][0]} {names}".strip() + f" became NaN or infinite at step {first.step}"
    before = case.steps[case.steps < first.step]
    if len(before):
        loss = case.loss.values[case.loss.steps <= before[-1]]
        text += f"; at step {int(before[-1])} all was finite"
        text += f", the loss {figure(float(loss[-1]), 3)}" if len(loss) else ""
    after = sorted({s.what for s in sights} - {first.what}, key=_ORDER.index)
    return f"{text}." + (f" What followed: {', '.join(after)}." if after else "")


def _tensors(case: Case, skipped: set[int]) -> list[Sight]:
    """Where parameters, gradients and updates were first seen not to be finite."""
    found = []
    for what, quantity in (("parameter", q.DATA_NORM), ("gradient", q.GRAD_NONFINITE), ("update", q.UPDATE_NORM)):
        table = case.table(quantity)
        first: dict[str, int] = {}
        at_end = False
        for name, row in table.items():
            if np.isfinite(row).all() and not (what == "gradient" and np.any(row > 0)):
                continue  # the quick way out: only what looks odd on the common grid is read by itself
            read = case.run.series(quantity, name)
            if what == "gradient":
                bad = (read.values > 0) & ~np.isin(read.steps, list(skipped))
            else:
                bad = ~np.isfinite(read.values)
            if bad.any() and not (what == "update" and bad.all()):
                first[name] = int(read.steps[np.argmax(bad)])
                at_end |= bool(bad[-1])
        if first:
            step = min(first.values())
            found.append(Sight(what, step, tuple(n for n, s in first.items() if s == step), at_end))
    return found
