"""batch-too-large: far beyond the gradient noise scale, where more examples tell next to nothing more."""

from __future__ import annotations

import numpy as np

from auscult.findings import Evidence, Finding
from auscult.rules._case import Case
from auscult.rules._guess import against_guess
from auscult.rules._held_out import held_out_losses, smooth
from auscult.rules._noise import in_batches, late_noise
from auscult.rules._pace import paces
from auscult.rules._rule import Rule, Unjudged, Verdict, above, figure, nearest
from auscult.rules.diverging_loss import negated_since, too_few
from auscult.rules.learning_rate_too_low import LOW_AND_STUCK
from auscult.runs import quantities as q
from auscult.runs.noise import examples_at, steps_at

LARGE = 0.25  # noise scale over batch
WASTE = 0.05
FEW = 1000  # steps: so few are soon made with batches
HARDLY_ANY = 100  # steps: so few are told by their fall alone
FALLS_ON = 0.02, 0.05  # of the loss: a fall in the second half of so few steps, and of FEW, that says that it goes on
USUAL = 64  # examples of a batch, as an example of one
MANY = 1000  # examples: so many are seldom meant to be one batch because they are all there is
LEFT = 0.1  # of a constant guess's loss: with less, a training is nearly done, however few its steps
LEAST_VALIDATIONS = 5
PASSES = 5  # through the data: whose loss still falls then was not ended for want of examples
DROWNED = 1e6  # taken for any above it
MOST = 0.75  # of the looks


class BatchTooLarge(Rule):
    """The batch is far larger than the noise of its gradient calls for.

    ## What it flags
    A training whose batches, over most of it, are at least four times the gradient noise scale: so many examples agree
    on the gradient that a part of them would have told it. Also one of fewer than a thousand steps of a thousand
    examples or more, whose loss still falls by 5 % in the second half of them, or less where they are fewer, down to 2
    % of a hundred, though each step takes all the data or all of it has been gone through five times, and a tenth of a
    constant guess's loss or more is left; unless a validation loss, of five or more, lies no lower at the end than half
    way.

    ## Why it matters
    Up to the noise scale, twice the batch takes about half the steps. Far beyond it the steps stay as many, and each
    costs more: at four times the noise scale five times the examples that the smallest batches need, at twenty times 21
    (McCandlish et al. 2018, arXiv 1812.06162, equation 2.11).

    ## Thresholds
    The noise scale is tr Σ / |G|², measured within each batch that is looked into, from the gradients of its quarters
    at the weights of linear and convolutional layers. Flagged where three quarters of the looks past the first fifth of
    the steps, six at least, have it below 1/4 of the batch; as a warning below 1/20, from 64 examples on, where the
    loss may fall further and the weights are not slow: for as long as next to nothing is learned all examples agree on
    the gradient. Of 22 healthy trainings with batches of 4 to 64 none came near: the lowest had it at 2.3 batches.
    Batches of 182,000 examples on a character model had it at .009 of them with SGD and at .17 with Adam, batches of
    4,096 above 1.

    ## False alarms
    Hardware that takes a batch in the time of a single example: then large batches cost nothing, and the finding says
    so much as that a larger one is no help. The whole data as one batch, on purpose (seen by labels that never change),
    is information only, unless it is a thousand examples or more. Batches whose examples are much alike (frames of one
    film, one file after another) agree more than the data does; so do sequences that lie along the second dimension.
    Not measured under batch norms.

    ## What it cannot see
    What an epoch costs on the hardware at hand, which is what decides whether a batch is too large. Nothing is measured
    under batch normalisation; for embeddings and recurrences the other layers stand. The noise scale is a mean over
    the weights, and late in a training it grows: a batch too large at first and right later passes.

    ## Remedies
    A smaller batch, with the learning rate it bears; `auscult study batch-size` trains with several and compares.
    """

    name = "batch-too-large"

    def examine(self, case: Case) -> Verdict:
        """The noise scale of most looks, over the batch."""
        if (few := _few_updates(case)) is not None:
            return (self._moves_seldom(case, *few),)
        late = late_noise(case)
        if isinstance(late, Unjudged):
            return late
        ratios = np.minimum(in_batches(late), DROWNED)
        ratio = max(float(np.quantile(ratios, MOST, method="higher")), 1e-6)
        step = int(late.steps[np.argmin(np.abs(ratios - ratio))])
        evidence = Evidence(f"{q.GRAD_NOISE} / {q.GRAD_SIGNAL}", ratio, LARGE, LARGE / ratio, step)
        if ratio >= LARGE:
            return nearest([evidence])
        batch = float(np.median(late.batch))
        if batch < MANY and against_guess(case).mean > 0:
            return Unjudged(
                "the loss lies above that of a constant guess: while that is being learned all examples agree"
            )
        scale = ratio * batch
        whole = _whole(case)
        falls = case.loss.progressed and not case.loss.settled and negated_since(case) is None
        meant = whole and batch < MANY
        wasted = ratio < WASTE and batch >= USUAL and falls and not meant and not _slow(case)
        times = examples_at(batch, scale)
        return (
            self.finding(
                "warning" if wasted else "info",
                (),
                int(case.steps[0]),
                f"A batch of {batch:,.0f} examples is {figure(1 / ratio)} times the noise scale of its gradient, about "
                f"{_rounded(scale):,}: it takes {figure(times)} times the examples that small batches need."
                + (" It seems to be the whole data, which can be meant." if meant else ""),
                [evidence],
                _remedies(case, batch, scale),
            ),
        )

    def _moves_seldom(self, case: Case, batch: float, data: float) -> Finding:
        steps = case.total_steps
        all_there_are = f"all {batch:,.0f}" if data <= batch else f"{batch:,.0f} of about {_rounded(data):,}"
        return self.finding(
            "warning",
            (),
            int(case.loss.steps[0]),
            f"Each of the {steps:,} steps takes {all_there_are} examples, and the loss still falls: batches of {USUAL} "
            f"would have moved the weights {steps * batch / USUAL:,.0f} times for as much work.",
            [
                above("examples of a step", batch, MANY),
                above("passes through the data", steps * batch / data, PASSES),
            ],
            [
                f"Train in batches of about {USUAL}, drawn anew in each epoch.",
                "Or measure what batches do to this training: `auscult study batch-size`.",
            ],
        )


def _few_updates(case: Case) -> tuple[float, float] | None:
    """The examples of a step and of the data, where a few large steps went through it and the loss falls to the end."""
    curve, entering = case.loss, case.looks(q.DATA_BATCH)
    batch = (entering if len(entering) else case.looks(q.TASK_EXAMPLES)).median
    data = batch if _whole(case) else case.looks(q.DATA_EXAMPLES).near(case.total_steps)
    if not batch >= MANY or not PASSES * data <= case.total_steps * batch or case.total_steps >= FEW:
        return None
    searches = any(o.class_name == "LBFGS" for o in case.optimizers)
    hardly_any = case.total_steps < HARDLY_ANY
    if searches or case.several_losses or negated_since(case) is not None:
        return None
    if not hardly_any and (too_few(curve) is not None or not curve.progressed):
        return None
    middle, end = curve.middle.value, curve.end.value
    done = end < LEFT * against_guess(case).level
    share = np.interp(np.log(case.total_steps), np.log([HARDLY_ANY, FEW]), FALLS_ON)
    if done or _learns_by_heart(case) or middle - end < share * abs(end):
        return None
    return batch, data


def _learns_by_heart(case: Case) -> bool:
    """Whether a validation loss lies no lower at the end than half way: more steps would only fit the examples more."""
    known = (smooth(looks) for looks in held_out_losses(case).values() if len(looks) >= LEAST_VALIDATIONS)
    return any(losses[-1] >= losses[len(losses) // 2] for losses in known)


def _remedies(case: Case, batch: float, scale: float) -> list[str]:
    smaller = max(1, min(_rounded(2 * scale), int(batch / 2)))
    more = steps_at(smaller, scale) / steps_at(batch, scale)
    adaptive = any(g.family == "adaptive" for g in case.groups)
    rate = (1 / more) ** (0.5 if adaptive else 1)
    return [
        f"Use batches of about {smaller:,}: {figure(more)} times the steps to the same loss, for "
        f"{figure(more * smaller / batch)} of the examples; with about {figure(rate)} times the learning rate.",
        "Or measure what batches do to this training: `auscult study batch-size`.",
    ]


def _rounded(scale: float) -> int:
    return max(1, int(float(f"{scale:.0e}")))


def _slow(case: Case) -> bool:
    """Whether all matrices move so little that the training is still at its beginning, whatever its batches."""
    measured = paces(case)
    return not isinstance(measured, Unjudged) and all(
        pace.steady < LOW_AND_STUCK[pace.group.family] for pace in measured
    )


def _whole(case: Case) -> bool:
    """Whether every batch seems to hold the same examples: their labels are always shared out alike."""
    base = case.looks(q.TASK_LOSS_BASE)
    return len(base) > 0 and bool(np.allclose(base.values, base.first, rtol=1e-6))
