"""What the size of the steps holds up of a loss: steps about a minimum throw the weights past it, to either side."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from auscult.findings import Evidence
from auscult.rules._case import FULL_RATE, Case
from auscult.rules._once import once
from auscult.rules._rule import Unjudged, above, below
from auscult.runs import Parameter
from auscult.runs import quantities as q

LEAST_LOSSES = 10  # in each third
SURE = 2.0  # standard errors
FALLS, PART = 0.1, 1 / 3  # of the loss, or of what is held up of it: a fall that is surely larger than both is one
NEAR_END = 0.06  # of the first loss, or a constant guess's: with less left a training is near its end
POWER = {"squared-error": 0.5, "absolute-error": 0.0}  # of a loss, with which the norm of its gradient goes; others 1
MANY = 30  # steps whose mean tells more than that of the few that were looked at
TINY = 1e-30


@dataclass(frozen=True)
class HeldUp:
    """The loss in the last third of the steps, and what their size holds up of it.

    For small steps about a minimum that is η tr(Σ/B) / 4; with the steps that were made for η,
    ¼ √((1+β)/(1−β)) Σ ‖Δθ‖ ‖∇‖ over the parameters, β the momentum.
    """

    loss: float  # the mean of the last third, above zero
    fell: float  # from the mean of the middle third
    error: float  # of that, one standard error
    floor: float  # held up
    left: float  # as a share of the first losses, or of a constant guess's where that is more
    since: int
    until: int

    @property
    def surely(self) -> float:
        """By how much the loss fell at least."""
        return self.fell - SURE * self.error

    @property
    def at_most(self) -> float:
        """By how much the loss may have fallen."""
        return self.fell + SURE * self.error

    def stands(self, floor: float) -> tuple[Evidence, Evidence]:
        """How near it comes to standing on so much that is held up, before its end."""
        return (
            below("sure fall of the loss over it", self.surely / self.loss, max(FALLS, PART * floor / self.loss)),
            above("share of the first loss, or a guess's, that is left", self.left, NEAR_END),
        )


@once
def held_up(case: Case) -> HeldUp | Unjudged | None:
    """None where the rates have decayed, or where the loss is no measure that ends at zero."""
    curve = case.loss
    middle, last = (curve.values[_third(case, curve.steps, i)] for i in (1, 2))
    if min(len(middle), len(last)) < LEAST_LOSSES:
        return Unjudged(f"too few losses: it takes {LEAST_LOSSES} in the middle third of the steps and in the last")
    loss = float(last.mean())
    if _decayed(case) or not loss > 0:
        return None
    error = math.hypot(middle.std(ddof=1) / len(middle) ** 0.5, last.std(ddof=1) / len(last) ** 0.5)
    since = int(curve.steps[_third(case, curve.steps, 2)][0])
    left = loss / max(_far(case), TINY)
    return HeldUp(loss, float(middle.mean()) - loss, error, _floor(case), left, since, int(curve.steps[-1]))


def _far(case: Case) -> float:
    """A loss to hold what is left against: the first ones, or a constant guess's where that is known and more."""
    guess = case.looks(q.TASK_LOSS_BASE).median
    return max(case.loss.begin.value, guess) if guess == guess else case.loss.begin.value


def _third(case: Case, steps: np.ndarray, which: int) -> np.ndarray:
    """Which of some steps lie in a third of the training."""
    return steps * 3 // case.total_steps == which


def _decayed(case: Case) -> bool:
    """Whether any learning rate ended well below its highest."""
    known = [g.lr[np.isfinite(g.lr)] for g in case.groups]
    return any(len(lr) and lr[-1] < FULL_RATE * lr.max() for lr in known)


def _floor(case: Case) -> float:
    """What the noise of the steps holds up of the loss, over the last third.

    Few of the steps were looked at, and with few examples such products scatter over orders of magnitude. They go with
    what is known of more steps, the updates and the losses: the mean of one over that of the other is far better known.
    """
    late = _third(case, case.steps, 2)
    moved, gradients = case.table(q.UPDATE_NORM), case.table(q.GRAD_NORM)
    products = {p: (moved[p.name] * gradients[p.name])[late] for p in case.parameters if p.trainable}
    plain = {p.name for group in case.groups if group.family == "sgd" for p in group.parameters}
    return sum(
        0.25
        * math.sqrt((1 + beta) / (1 - beta))
        * float(np.nanmean(values))
        * _more(case, _squares(case, p) if not beta and p.name in plain else _gradients(case))
        for p, values in products.items()
        if np.isfinite(values).any() and 0 <= (beta := _momentum(case, p)) < 1
    )


def _more(case: Case, known: Sequence[tuple[np.ndarray, np.ndarray]]) -> float:
    """By what factor a mean over the last third of all steps is larger than that of the few that were looked at.

    known: what goes along with it, as (steps, values), each of more steps than the one before.
    """
    times, few = 1.0, case.steps
    for steps, values in known:
        late = _third(case, steps, 2) & np.isfinite(values)
        both = late & np.isin(steps, few)
        if late.sum() >= MANY and values[both].sum() > 0:
            times *= float(values[late].mean() / values[both].mean())
            few = steps[late]
    return times


def _squares(case: Case, parameter: Parameter) -> list[tuple[np.ndarray, np.ndarray]]:
    """What goes along with the square of a gradient's norm: that of plain SGD's update, and the losses."""
    steps, ratios = case.all_ratios
    with np.errstate(over="ignore"):
        return [(steps, 10 ** (2 * ratios[parameter.name])), (case.loss.steps, case.loss.values)]


def _gradients(case: Case) -> list[tuple[np.ndarray, np.ndarray]]:
    """What goes along with a gradient's norm itself, where updates carry on from step to step: a power of the loss."""
    power = POWER.get(case.task.kind, 1.0) if case.task is not None else 1.0
    return [(case.loss.steps, np.maximum(case.loss.values, 0) ** power)]


def _momentum(case: Case, parameter: Parameter) -> float:
    """How much of an update carries on to the next; 0 where nobody says."""
    mover = next((o for o in case.optimizers if o.name == parameter.optimizer), None)
    group = mover.groups[parameter.group or 0] if mover is not None and mover.groups else {}
    betas = group.get("betas")
    carried = betas[0] if isinstance(betas, list | tuple) and betas else group.get("momentum")
    return float(carried) if isinstance(carried, int | float) else 0.0
