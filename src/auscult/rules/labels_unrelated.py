"""labels-unrelated: the loss stays at what a constant guess has, though the weights move as they should."""

from __future__ import annotations

import math

import numpy as np

from auscult.findings import Evidence, Finding
from auscult.rules._case import MOSTLY, Case
from auscult.rules._guess import (
    ABOVE,
    LEFT_LATE,
    SURE,
    WON,
    WON_LATE,
    AgainstGuess,
    against_guess,
    has_other_parts,
    held_against_all,
    too_few_looks,
)
from auscult.rules._held_out import held_out_losses, smooth
from auscult.rules._held_up import HeldUp, held_up
from auscult.rules._home import stays_home
from auscult.rules._looks import Looks
from auscult.rules._pace import paces, too_few_samples
from auscult.rules._rule import UNSEEN, Rule, Unjudged, Verdict, above, below, figure, lacking, nearest
from auscult.rules._shrunk import SHRUNK, shrunk
from auscult.rules._sorted import one_class_batches
from auscult.rules.learning_rate_too_high import GROWN_FAR, HIGH, HIGH_EARLY, HIGH_PEAK
from auscult.rules.learning_rate_too_low import LOW_AND_STUCK, NEVER_FAST

EARLY = 0.2  # of the steps
DROWNS = 2.0  # decades that an embedding moves less for its size: one drawn from N(0, 1) lies 1.5 low under Adam
LEAST_VALIDATIONS = 5
LAST_QUARTER = 0.75  # of the steps: in the rest of them fewer will do
HELD_UP = 0.1  # of a guess's loss: by so much a loss without the noise of its steps would lie lower
LEFT, OWN = 0.6, 0.05  # of a guess's loss: what is left then, and what was won for the examples trained on alone
REMEDIES = (
    "Look at a few examples with their labels, exactly as the network gets them: they may be shuffled apart, or off by "
    "one.",
    "Try to learn one small batch by heart: if that works, the network is right and the data is not.",
)


class LabelsUnrelated(Rule):
    """The loss stays at what a constant guess has, though the weights move as they should.

    ## What it flags
    A training whose loss, over the last four fifths of the steps, is that of the best guess that does not look at the
    input: the frequencies of the classes, or the mean of the targets (their median under an absolute error, and what is
    best between these under Huber's). The weights move at a healthy pace all the while.

    Also, at any length, predictions and targets of shapes (n, 1) and (n,), whose difference PyTorch broadcasts to (n,
    n): each prediction is then held against the targets of all examples, and the mean is the best it can learn.

    ## Why it matters
    The network learned how frequent the labels are, and nothing from the inputs. Mostly inputs and labels do not belong
    together: one was shuffled without the other, an index is off by one, the files were read in different orders; or
    the inputs are all alike when they reach the network.

    ## Thresholds
    The mean of (loss - constant guess), over the last four fifths of 500 steps or more, of which 8 losses at least are
    known: in the first half of these not below zero by 1 % of the guess's loss and two standard errors, in the second,
    where a network may have begun to learn its examples by heart, not by 5 %; that error below 1.5 % of it, or it is
    not judged; and not above by 20 %, where the noise of the steps may hold it. The guess's loss is that of all labels
    seen, or at each look that of the same labels, whichever gives the smaller error. A loss that lies surely above and
    comes surely down from the first half to the second is not judged: it is on its way. Nor is one that in the last
    tenth of the steps lies below by 1 % and two standard errors, and twice as far as in the tenth before. 250 steps are
    enough where the slowest group's matrices moved by half of their size in all (steady pace times steps). The matrices
    move by 10^-3.6 (SGD) or 10^-3.3 (adaptive optimizers) of their size and more, and by 10^-1.5 and less: else the
    learning rate explains it. Nor do they stay where they began, or shrink to nothing, which `no-progress` tells; nor
    is there an embedding that moves a hundred times less for its size, such as one of places that drowns the tokens it
    is added to. Nor does the noise of the steps hold up so much of the loss (as `batch-too-small` measures it) that a
    tenth of a guess's were won without.

    What is learned by heart is told up to a quarter of the guess's loss, where the matrices move by 10^-2.75 and more,
    at which a task that can be learned has come further: from a tenth to a quarter of the steps the loss lay within 6 %
    of the guess's, and the fall since has slowed down by no more than a fifth (by three tenths and more of five healthy
    trainings that lay so near, by a tenth at most of 19 that learned by heart), nor does it grow faster than with the
    steps to the power of 2.5. Of examples whose labels were shuffled it grew with the power of 1.5 to 2.3, since it
    gains only from having met the same example before; on their way from a plateau healthy trainings fell with that of
    3 and more, and from the start on less and less. Where it is known how often the data was gone through, no more than
    .008 of the guess's loss, times that to the power of 1.5, can have been learned by heart: the fastest of 73
    trainings with shuffled labels, small networks all, won .0051 times that. Or the training loss had fallen by no more
    than that half way through, and five validation losses or more were logged or heard that never came below the
    guess's by 5 %: of other examples that may be a little less or more. Where more than .6 of the guess's loss is left
    at the end, and the training loss lies 5 % of it lower, one in the last quarter of the steps is enough: what little
    was learned holds for the examples that were trained on only.

    ## False alarms
    A task that stays on a plateau before it is learned looks like this while it lasts. So does one whose labels the
    inputs tell next to nothing of, such as returns of shares. Several losses at once are not judged.

    ## What it cannot see
    Labels that are partly wrong: it takes a loss that wins nothing over a constant guess, so a network that learns
    something from the rest passes; so does one that learns the wrong labels by heart from the first epochs on, or most
    of them by the end, unless a validation loss is logged or heard. It needs a loss of a known kind, 250 steps, and
    matrices that move at a usual pace. A network that cannot use its inputs for a reason no other rule knows is taken
    for one with wrong labels.

    ## Remedies
    Look at a few examples with their labels, as the network gets them; try to learn one small batch by heart; shuffle
    inputs and labels with the same permutation.
    """

    name = "labels-unrelated"

    def examine(self, case: Case) -> Verdict:
        """The loss held against that of a constant guess, look by look."""
        task = case.task
        if not case.layers:
            return UNSEEN
        if task is None or task.losses > 1 or case.several_losses:
            return Unjudged("the loss is of no known kind, or there are several at once")
        if task.kind.endswith("error") and has_other_parts(case):
            return Unjudged("the loss has other parts, as that of an actor and its critic does, or another form")
        held = against_guess(case)
        if held_against_all(case):
            return (self._crossed(case),)
        if few := too_few_looks(case, held):
            return Unjudged(few)
        level, mean = held.level, held.mean
        if not level > 0:
            return Unjudged("the labels are all the same so far", "skipped")
        nowhere = _never_below(case, level) if held.slowly else None
        by_heart = held.by_heart and _usual_pace(case)
        if held.apart and not by_heart and nowhere is None:
            return nearest([_apart(held)])
        if held.comes_down and not held.apart:
            return Unjudged("the loss is still on its way down to that of a constant guess")
        if held.leaves and not held.apart:
            return Unjudged("the loss has just begun to come below that of a constant guess")
        if held.unsure and nowhere is None:
            return Unjudged("the loss scatters too much to say whether it lies below that of a constant guess")
        if (unfit := _odd_pace(case)) is not None:
            return unfit
        if held.apart:
            return self._by_heart(case, held, nowhere)
        if _held_up(case) * (level + mean) > mean + HELD_UP * level:
            return Unjudged("the noise of the steps may hold the loss up at that of a constant guess")
        won = -mean / level
        middle = "median" if task.kind == "absolute-error" else "mean"
        guess = f"the {middle} of the targets" if task.kind.endswith("error") else "the frequencies of the classes"
        return (
            self.finding(
                "info" if case.looks_trained else "warning",
                (),
                int(case.loss.steps[0]),
                f"After {case.total_steps:,} steps the loss is {figure(level + mean, 3)}, that of knowing only {guess} "
                f"({figure(level, 3)}), though the weights move as they should: the inputs seem to tell nothing of the "
                "labels.",
                [
                    Evidence(
                        "fall of the loss below a constant guess's, as a share of it",
                        won,
                        WON,
                        WON / max(won, WON / 1e3),
                        int(held.over.steps[-1]),
                    )
                ],
                REMEDIES,
            ),
        )

    def _crossed(self, case: Case) -> Finding:
        return self.finding(
            "warning",
            [layer.name for layer in case.layers if layer.is_output],
            int(case.loss.steps[0]) if len(case.loss) else 0,
            "Each prediction is held against the targets of all examples: one of the two has the shape (n, 1), "
            "the other (n,), and their difference is broadcast to (n, n). The mean is all that can be learned so.",
            [Evidence("predictions held against all targets", 1, 0, 1)],
            ["Give both the same shape, with targets.view_as(predictions) or predictions.squeeze(1)."],
        )

    def _by_heart(self, case: Case, held: AgainstGuess, nowhere: tuple[str, Looks] | None) -> Verdict:
        level, end = held.level, case.loss.end.value
        last = int(held.over.steps[-1])
        first = case.loss.around(int(np.searchsorted(case.loss.steps, EARLY * case.total_steps))).value
        if nowhere is not None:
            name, looks = nowhere
            best = float(smooth(looks).min())
            told = f"{name} never came below {figure(best, 3)}, where a guess that ignores the inputs has "
            what = above(f"lowest {name} over a constant guess's loss", best / level, 1 - WON_LATE, last)
        else:
            told = f"the loss was still {figure(first, 3)} after {int(EARLY * case.total_steps):,} steps, a guess's "
            what = Evidence(
                "fall of the loss below a constant guess's at first, as a share of it",
                (level - first) / level, LEFT_LATE, LEFT_LATE / max((level - first) / level, LEFT_LATE / 1e3), last,
            )  # fmt: skip
        return (
            self.finding(
                "info" if case.looks_trained else "warning",
                (),
                int(case.loss.steps[0]),
                f"The training loss fell to {figure(end, 3)} as it does where examples are learned by heart: {told}"
                f"{figure(level, 3)}, and the weights move as they should. The inputs seem to tell nothing of the "
                "labels.",
                [what],
                REMEDIES,
            ),
        )


def _never_below(case: Case, level: float) -> tuple[str, Looks] | None:
    """A validation loss that was never below a constant guess's, and its name."""
    for name, looks in held_out_losses(case).items():
        lowest, end = float(smooth(looks).min()) if len(looks) else math.inf, case.loss.end.value
        late = len(looks) > 0 and looks.steps[-1] >= LAST_QUARTER * case.total_steps
        alone = late and LEFT * level < end < lowest - OWN * level
        if (len(looks) >= LEAST_VALIDATIONS or alone) and (1 - WON_LATE) * level < lowest < math.inf:
            return name, looks
    return None


def _held_up(case: Case) -> float:
    """The share of the loss that the noise of the steps holds up."""
    stand = held_up(case)
    return stand.floor / stand.loss if isinstance(stand, HeldUp) else 0.0


def _usual_pace(case: Case) -> bool:
    """Whether the matrices move at a pace at which what can be learned is: a slow one leaves the guess slowly too."""
    measured = paces(case)
    return not isinstance(measured, Unjudged) and all(pace.steady >= NEVER_FAST for pace in measured)


def _apart(held: AgainstGuess) -> Evidence:
    """How near the half that lies furthest from a constant guess's loss came to it."""
    unsure, step, sides = SURE * held.error / held.level, int(held.over.steps[-1]), []
    for mean, least in zip(held.means, (WON, WON_LATE), strict=False):
        share = mean / held.level
        sides += [
            below("fall of the loss below a constant guess's, as a share of it", -share, least + unsure, step),
            below("loss above a constant guess's, as a share of it", share, ABOVE + unsure, step),
        ]
    return lacking(*sides)


def _odd_pace(case: Case) -> Unjudged | None:
    """Why the learning rate may explain it, or None where the matrices move at a healthy pace."""
    measured = paces(case)
    if isinstance(measured, Unjudged):
        return measured
    if (short := too_few_samples(case)) is not None:
        return short
    if one_class_batches(case):
        return Unjudged("the batches are of one class each: the loss follows which came last", "skipped")
    if shrunk(case) is not None:
        return SHRUNK
    if stays_home(case):
        return Unjudged("the weights move and stay where they began: something puts them back", "skipped")
    for pace in measured:
        if len(pace.each) <= MOSTLY * len(pace.group.named("matrix")):
            return Unjudged("most of the weights do not move", "skipped")
        if pace.grown > GROWN_FAR:
            return Unjudged("the weights have grown so much that the learning rate may explain it", "skipped")
        if pace.decays > HIGH:
            return Unjudged("weight decay takes the weights away as fast as they can learn", "skipped")
        tables = case.medians(pace.group.named("embedding"), pace.steady_at)
        if any(ratio < pace.steady - DROWNS for ratio in tables.values()):
            return Unjudged("an embedding is so large that it may drown the inputs it is added to", "skipped")
        if not pace.steady >= LOW_AND_STUCK[pace.group.family]:
            return Unjudged("the weights hardly move: the loss may stand still for that", "skipped")
        if pace.steady > HIGH_EARLY or pace.fastest > HIGH_PEAK + pace.shrinks:
            return Unjudged("the weights move so fast that the learning rate may explain it", "skipped")
    return None
