"""batch-too-small: the loss stands on the noise of its steps, and averaging over more examples would let it fall."""

from __future__ import annotations

from auscult.findings import Remedy
from auscult.rules._case import Case
from auscult.rules._held_up import TINY, held_up
from auscult.rules._noise import DROWNED, FEW, examples_and_noise
from auscult.rules._rewarded import no_measure
from auscult.rules._rule import Rule, Unjudged, Verdict, above, below, figure, lacking, nearest
from auscult.runs import quantities as q

FLOOR = 0.05  # of the loss: what noise holds up of it
HIGH_FLOOR = 0.075  # the same where the loss has come down
FAR = 0.3  # of the first loss, or a constant guess's: with more left it has not
STILL = 1.4  # of what noise holds up: a fall that is likely larger is one


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
    learning rates are still above half of their highest; the mean loss is above 6 % of the first ones and of a constant
    guess's; and it fell, from the middle third of the steps to the last, by less than 1.4 times what noise holds up of
    it (with a standard error to it), and not surely by more than a third of that, or a tenth of itself if that is more.
    Where it fell more surely, or less is left of it, this is information. For small steps about a minimum that is
    η tr(Σ/B) / 4; with the steps that were made for η, ¼ √((1+β)/(1−β)) Σ ‖Δθ‖ ‖∇‖ over the parameters, β the
    momentum. Of few examples such products scatter over orders of magnitude, and few steps are looked at. So their mean
    is that of those looked at, times what goes along with them is more over all steps: the squares of plain SGD's
    updates, and the losses, or of these the root where they are squared errors and steps carry on. Of 40 trainings with
    batches of one to four, 34 lay within a factor of 1.4 of what all steps give, and all within 3.1
    (`benchmarks/held_up.py`). Above 5 % of the loss it is information; above 7.5 % a warning, or where more than 30 %
    of the first loss, or a guess's, is left.

    Held against what the loss of 14 trainings really fell by when the learning rate was divided by 20 (digits and
    names, batches of 2 to 64, SGD and Adam; every tenth step looked at): between .8 and 4 times that, its median 1.9.
    So a warning means that a seventh of the loss would go, or a tenth where there is far to go. The healthy trainings
    of `benchmarks/faults` with batches of one to four fell by 3.2 times of it and more, where a tenth was left, and by
    1.5 times where a twentieth was; a character model that stood still at usual rates in batches of one to four had 1.4
    to 4 % held up.

    ## False alarms
    A loss that jumps about for other reasons than its batch; that of a policy's gradient is not judged where it is
    known by its graph. Where single losses scatter too much to say that the mean hardly falls, nothing is said.

    ## What it cannot see
    Networks with batch normalisation, and, from three examples on, those without a layer that is used once (behind a
    recurrence, with the examples first): their noise is not measured. Whether the batch is to blame or the rate: with
    few examples a rate that many would bear is too high, and where the first steps wrecked the network that is what is
    said. It compares the loss that noise holds up by a formula for small steps about a minimum, so it says nothing
    while the loss falls, of rates that have decayed, and of noise that harms otherwise, as by ending in a worse place.
    Losses that scatter much hide what it looks for.

    ## Remedies
    Let the learning rate decay, which averages over steps; or raise the batch, at the same learning rate, up to the
    noise scale. `auscult study batch-size` trains with several and compares.
    """

    name = "batch-too-small"

    def examine(self, case: Case) -> Verdict:
        """What the noise holds up of a loss that hardly falls any more."""
        if (why := no_measure(case)) is not None:
            return why
        batch, at_least = examples_and_noise(case)
        if isinstance(at_least, Unjudged):
            return at_least
        stand = held_up(case)
        if isinstance(stand, Unjudged):
            return stand
        if not at_least > 0 or stand is None:
            return ()
        floor = stand.floor * (1.0 if batch <= FEW else at_least / (at_least + batch))
        loss, step, share = stand.loss, stand.until, floor / stand.loss
        evidence = [
            above("share of the loss that noise holds up", share, FLOOR, step),
            above(f"{q.GRAD_NOISE} / {q.GRAD_SIGNAL}, at least", at_least / batch, DROWNED, step),
        ]
        falls = below(
            "fall of the loss over what noise holds up", (stand.fell + stand.error) / max(floor, TINY), STILL, step
        )
        holds = lacking(*evidence, falls)
        stands = lacking(*stand.stands(floor))
        if holds.margin < 1:
            return nearest([holds])
        harmful = stands.margin >= 1 and (share > HIGH_FLOOR or stand.left > FAR)
        begins = "The loss hardly falls any more, and about" if stands.margin >= 1 else "About"
        larger = int(float(f"{batch * min(at_least / batch, 4 * share / FLOOR):.0e}"))
        return (
            self.finding(
                "warning" if harmful else "info",
                (),
                stand.since,
                f"{begins} {figure(floor)} of the loss's {figure(loss, 3)} is the noise of steps of {batch:,.0f} "
                f"example{'s' if batch > 1 else ''}: the noise scale of the gradient is above {figure(at_least)}.",
                evidence,
                [
                    Remedy("Let the learning rate decay, to a tenth or less at the end: most of that goes away."),
                    Remedy(f"Or raise the batch, to about {larger:,} examples, at the same learning rate."),
                    Remedy("Or measure what batches do to this training: `auscult study batch-size`."),
                ],
            ),
        )
