"""batch-too-small: the loss stands on the noise of its steps, and averaging over more examples would let it fall."""

from __future__ import annotations

import math

import numpy as np

from auscult.findings import Remedy
from auscult.rules._case import FULL_RATE, Case
from auscult.rules._noise import late_noise
from auscult.rules._norms import batch_norms
from auscult.rules._rule import Rule, Unjudged, Verdict, above, below, figure, lacking, nearest
from auscult.runs import Parameter
from auscult.runs import quantities as q

DROWNED = 4.0  # noise scale over batch, surely
FEW = 2  # examples: no noise scale past the start was ever seen to be less than four times that
FLOOR, HIGH_FLOOR = 0.05, 0.075  # of the loss: what noise holds up of it
PART = 3.0  # times: a fall that is surely that part of what noise holds up is still none
LEFT = 0.1  # of the first loss, or a constant guess's: below it the training is near its end
STILL = 1.5  # of what noise holds up: a fall that may be larger is one
FALLS = 0.1  # of the loss: a fall that is surely larger is one
LEAST_LOSSES = 10  # in each third
SURE = 2.0  # standard errors
TINY = 1e-30


class BatchTooSmall(Rule):
    """The loss stands on the noise of its steps: averaging over more examples would let it fall.

    ## What it flags
    A training whose batches lie far below the gradient noise scale, whose loss hardly falls any more, and would fall
    clearly if the noise were taken away. Small batches alone are no ailment: below the noise scale each example is used
    best, and late in a training the noise scale mostly grows beyond the batch.

    ## Why it matters
    Each step follows the gradient a little and the noise of its few examples a lot, which throws the weights about a
    minimum that they never reach. More steps of the same do not help.

    ## Thresholds
    The noise scale, tr Σ / |G|² past the first fifth of the steps, lies by its 95 % interval above four times the
    batch, which is taken for granted of one example or two: the lowest of 22 healthy trainings was 9 examples. The
    learning rates are still above half of their highest; the mean loss is above a tenth of the first ones and of a
    constant guess's; and it fell, from the middle third of the steps to the last, surely by less than one and a half
    times what noise holds up of it, and not surely by more than a third of that, or a tenth of itself if that is more.
    For small steps about a minimum that is η tr(Σ/B) / 4; with the steps that were made for η,
    ¼ √((1+β)/(1−β)) Σ ‖Δθ‖ ‖∇‖ over the parameters, β the momentum. Above 5 % of the loss it is information, above
    7.5 % a warning.

    Held against what the loss of 14 trainings really fell by when the learning rate was divided by 20 (digits and
    names, batches of 2 to 64, SGD and Adam; every tenth step looked at): between .8 and 4 times that, its median 1.9.
    So a warning means that about a seventh of the loss would go. The healthy trainings of `benchmarks/faults` with
    batches of one to four fell by 2.4 times of it and more.

    ## False alarms
    A loss that jumps about for other reasons than its batch, as with policy gradients. Where single losses scatter too
    much to say that the mean hardly falls, nothing is said.

    ## What it cannot see
    Networks with batch normalisation, and, from three examples on, those most of whose weights lie in embeddings or
    recurrent layers: their noise is not measured. Whether the batch is to blame or the rate: with few examples a rate
    that many would bear is too high, and where the first steps wrecked the network that is what is said. It compares
    the loss that noise holds up by a formula for small steps about a minimum, so it says nothing while the loss falls,
    of rates that have decayed, and of noise that harms otherwise, as by ending in a worse place. Losses that scatter
    much hide what it looks for.

    ## Remedies
    Let the learning rate decay, which averages over steps; or raise the batch, at the same learning rate, up to the
    noise scale. `auscult study batch-size` trains with several and compares.
    """

    name = "batch-too-small"

    def examine(self, case: Case) -> Verdict:
        """What the noise holds up of a loss that hardly falls any more."""
        batch, at_least = _noise_of(case)
        if isinstance(at_least, Unjudged):
            return at_least
        curve = case.loss
        middle, last = (curve.values[_third(curve.steps, i)] for i in (1, 2))
        if min(len(middle), len(last)) < LEAST_LOSSES:
            return Unjudged(f"too few losses: it takes {LEAST_LOSSES} in the middle third of the steps and in the last")
        loss, fell = float(last.mean()), float(middle.mean() - last.mean())
        error = math.hypot(middle.std(ddof=1) / len(middle) ** 0.5, last.std(ddof=1) / len(last) ** 0.5)
        if not at_least > 0 or _decayed(case) or loss <= 0:
            return ()
        floor = _floor(case) * (1.0 if batch <= FEW else at_least / (at_least + batch))
        step, share = int(curve.steps[-1]), floor / loss
        falls, left = (fell + SURE * error) / max(floor, TINY), loss / max(_far(case), TINY)
        evidence = [
            above("share of the loss that noise holds up", share, FLOOR, step),
            above(f"{q.GRAD_NOISE} / {q.GRAD_SIGNAL}, at least", at_least / batch, DROWNED, step),
        ]
        lacks = lacking(
            *evidence,
            below("fall of the loss over what noise holds up, at most", falls, STILL, step),
            below(
                "sure fall of the loss, as a share of it", (fell - SURE * error) / loss, max(FALLS, share / PART), step
            ),
            above("share of the first loss, or a guess's, that is left", left, LEFT, step),
        )
        if lacks.margin < 1:
            return nearest([lacks])
        larger = int(float(f"{batch * min(at_least / batch, 4 * share / FLOOR):.0e}"))
        return (
            self.finding(
                "warning" if share > HIGH_FLOOR else "info",
                (),
                int(curve.steps[_third(curve.steps, 2)][0]),
                f"The loss hardly falls any more, and about {figure(floor)} of its {figure(loss, 3)} is the noise of "
                f"steps of {batch:,.0f} example{'s' if batch > 1 else ''}: the noise scale of the gradient is above "
                f"{figure(at_least)}.",
                evidence,
                [
                    Remedy("Let the learning rate decay, to a tenth or less at the end: most of that goes away."),
                    Remedy(f"Or raise the batch, to about {larger:,} examples, at the same learning rate."),
                    Remedy("Or measure what batches do to this training: `auscult study batch-size`."),
                ],
            ),
        )


def _noise_of(case: Case) -> tuple[float, float | Unjudged]:
    """The examples of a step, and the least that its noise scale can be; why that is not known, where it is not.

    Of one example, or two, no parts can be held against each other; but so few never agree.
    """
    late = late_noise(case)
    labels = _examples(case)
    if 0 < labels <= FEW and not case.several_losses and not batch_norms(case):
        return labels, FEW * DROWNED * 1.01
    if isinstance(late, Unjudged):
        return labels, late
    return float(np.median(late.batch)), late.scale.low if late.scale is not None else 0.0


def _examples(case: Case) -> float:
    """The examples of a step: its labels, or else what the layers saw; NaN where neither was counted."""
    labels = case.looks(q.TASK_EXAMPLES).median
    if labels == labels:
        return labels
    return max((looks.median for looks in case.seen(q.UNIT_EXAMPLES).values()), default=float("nan"))


def _far(case: Case) -> float:
    """A loss to hold what is left against: the first ones, or a constant guess's where that is known and more."""
    guess = case.looks(q.TASK_LOSS_BASE).median
    return max(case.loss.begin.value, guess) if guess == guess else case.loss.begin.value


def _third(steps: np.ndarray, which: int) -> np.ndarray:
    """Which samples lie in a third of the steps."""
    return (steps * 3 // (steps[-1] + 1) if len(steps) else steps) == which


def _decayed(case: Case) -> bool:
    """Whether any learning rate ended well below its highest."""
    known = [g.lr[np.isfinite(g.lr)] for g in case.groups]
    return any(len(lr) and lr[-1] < FULL_RATE * lr.max() for lr in known)


def _floor(case: Case) -> float:
    """What the noise of the steps holds up of the loss, over the last third."""
    late = _third(case.steps, 2)
    moved, gradients = case.table(q.UPDATE_NORM), case.table(q.GRAD_NORM)
    products = {p: (moved[p.name] * gradients[p.name])[late] for p in case.parameters if p.trainable}
    return sum(
        0.25 * math.sqrt((1 + beta) / (1 - beta)) * float(np.nanmean(values))
        for p, values in products.items()
        if np.isfinite(values).any() and 0 <= (beta := _momentum(case, p)) < 1
    )


def _momentum(case: Case, parameter: Parameter) -> float:
    """How much of an update carries on to the next; 0 where nobody says."""
    mover = next((o for o in case.optimizers if o.name == parameter.optimizer), None)
    group = mover.groups[parameter.group or 0] if mover is not None and mover.groups else {}
    betas = group.get("betas")
    carried = betas[0] if isinstance(betas, list | tuple) and betas else group.get("momentum")
    return float(carried) if isinstance(carried, int | float) else 0.0
