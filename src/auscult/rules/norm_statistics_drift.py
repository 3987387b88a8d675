"""norm-statistics-drift: running statistics that are far from those of the data, so evaluation sees another network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from auscult.findings import Evidence, Finding, Remedy
from auscult.rules._case import Case
from auscult.rules._drift import Drift, in_evaluation, in_training
from auscult.rules._norms import BatchNorm, batch_norms
from auscult.rules._rule import UNSEEN, Rule, Unjudged, Verdict, figure, listed, nearest
from auscult.rules._sorted import VARIED, one_class_batches
from auscult.runs import quantities as q

LEAST_STEPS = 100  # after which running statistics with the usual momentum of .1 have long forgotten their start
LEAST_LOOKS = 10  # in training


class NormStatisticsDrift(Rule):
    """The running statistics of a batch normalisation are far from those of the data.

    ## What it flags
    Batch normalisations whose running mean or variance at the end of the run differs by more than chance explains from
    that of what they are evaluated on, where the script evaluates, or else of the batches they see, and why: an average
    too slow for so short a run, data and weights that change faster than the average follows, other data than those of
    training, a copy with averaged weights whose statistics nobody kept. Also batch normalisations of a classifier whose
    batches are of one class each, as of data that are sorted and not shuffled.

    ## Why it matters
    Training uses the statistics of the batch, evaluation the running ones. Where they differ, the network that is
    evaluated is not the one that was trained: validation is bad though the training loss is good. Statistics of one
    class are not those of all, wherever the average stands.

    ## Thresholds
    In the median over the last quarter of the looks, a running mean off by .4 standard deviations of the batch (root
    mean square over channels) and two and a half times what one batch's noise makes, 1/sqrt(n), the two added as
    independent errors are; or a running variance off by a factor of 1.6 and two and a half times .43 sqrt(2/n) decades,
    likewise. The values of one image count for two. Where averages had PyTorch's momentum, healthy trainings with
    batches of 32 and more ended at .14 and .08 at most; averages that were too slow, and did harm, at .49 and .2 or
    more in one of their norms. In evaluations, whose deviation is the larger one of the running and of what is
    evaluated, variances may be off by a factor of 2, since a dropout of a half before a norm makes so much that is left
    out there: all healthy trainings but one came to .22 standard deviations and .13 decades at most, the one to more
    than .2; of some twenty scripts by others that were harmed one lay below both limits, at .27 decades. An average
    with PyTorch's momentum of .1 has forgotten its start after 100 steps (.9^100 = 3e-5), so no shorter run is judged;
    one with .001 takes thousands of steps. However short the run, an evaluation now is of another network, whatever
    more steps would bring. Batches of 32 examples or more, the first all of one class and the first three of no more
    than three, while no class has more than 80 % of all labels: batches drawn at random begin so less than 1 time in
    1,000 (.8^31).

    ## False alarms
    Norms in eval mode keep statistics of other data on purpose: those that end in it are not looked at. Only what is
    still so at the end counts: every running mean starts at 0 and every running variance at 1. An evaluation before the
    last quarter of the steps is none of the end.

    ## What it cannot see
    Where the script never evaluates: statistics that fit the training data and not others; norms that are used several
    times in a step, on true and on drawn examples for instance, since their average is that of all uses, and each is
    off by as much as they differ; and, since single batches are what is left to hold them against, much of what happens
    with tiny ones. Of an evaluation up to 32 batches are read, evenly spaced. It compares channels in a root mean
    square, where one channel far off among many hides.

    ## Remedies
    Compute the statistics anew from some batches, with the weights as they are, before evaluating. Use a larger
    momentum where the average is too slow, a lower learning rate at the end where the weights outrun it.
    """

    name = "norm-statistics-drift"

    def examine(self, case: Case) -> Verdict:
        """What is off at the end."""
        if not case.layers:
            return UNSEEN
        norms = batch_norms(case)
        uses = Counter(norm.layer.weight for norm in norms)
        held = [drift for norm in norms for drift in _drifts(case, norm, uses[norm.layer.weight])]
        if not held:
            return Unjudged(
                "no batch normalisation with running statistics, evaluated or used once, was seen to train", "skipped"
            )
        if one_class_batches(case):
            return (_sorted(self, case, norms),)
        held = [d for d in held if d.evaluated or len(d.looks) >= LEAST_LOOKS]
        if case.total_steps < LEAST_STEPS or not held:
            return Unjudged(
                f"running statistics need {LEAST_STEPS} steps, {LEAST_LOOKS} of them looked at, to forget their start"
            )
        found = [d for d in held if d.times > 1]
        if not found:
            return nearest(d.evidence for d in held)
        worst = max(found, key=lambda d: (d.evaluated, d.times))
        names = list(dict.fromkeys(d.norm.layer.name for d in found))
        others = f" Likewise: {listed([n for n in names if n != worst.norm.layer.name])}." if len(names) > 1 else ""
        return (
            self.finding(
                "warning",
                names,
                _since(case, found),
                f"{_how_far(worst)}: in evaluation the network is another one than in training."
                + _why(case, worst)
                + others,
                [d.evidence for d in found],
                _remedies(worst),
            ),
        )


def _since(case: Case, found: Sequence[Drift]) -> int:
    """The step from which it is so: before the first evaluation, where the batches of training tell so too."""
    trained = [d for norm in {d.norm.layer.name: d.norm for d in found}.values() for d in in_training(case, norm)]
    return min(d.since for d in (*found, *(d for d in trained if d.times > 1)))


def _drifts(case: Case, norm: BatchNorm, uses: int) -> list[Drift]:
    """What evaluations gave, or, where there are none, what the batches of training give to a norm that is used once.

    The average of one that is used several times is that of all uses, and each may differ from it.
    """
    name = norm.layer.name
    evaluated = [d for subject in (name, q.copy_of(name)) for d in in_evaluation(case, norm, subject)]
    if any(not d.of_copy for d in evaluated) or (uses > 1 and norm.layer.weight):
        return evaluated
    return [*evaluated, *in_training(case, norm)]


def _sorted(rule: Rule, case: Case, norms: Sequence[BatchNorm]) -> Finding:
    examples, entropy = case.looks(q.TASK_EXAMPLES), case.looks(q.TASK_LOSS_BASE)
    return rule.finding(
        "warning",
        [norm.layer.name for norm in norms if not len(norm.trains) or norm.trains.values[-1]],
        int(entropy.steps[0]),
        f"All {examples.first:,.0f} labels of the first batch are of one class, and so at each of the first looks: "
        "training normalises each class by its own statistics, evaluation by those of all, so in evaluation the "
        "network is another one than in training.",
        [Evidence(f"{q.TASK_LOSS_BASE}, of all labels seen", entropy.late, VARIED, entropy.late / VARIED)],
        ["Draw the batches at random: shuffle the examples, such as with DataLoader(..., shuffle=True)."],
    )


def _how_far(drift: Drift) -> str:
    value, subject = drift.looks.late, f"the {drift.subject}" if drift.of_copy else drift.subject
    data = "the data that are evaluated" if drift.evaluated else "the data"
    if drift.of_mean:
        return f"The running means of {subject} are off by {figure(value)} standard deviations of {data}"
    held = f" from those of {data}" if drift.evaluated else ""
    return f"The running variances of {subject} are off by a factor of {figure(10 ** min(30.0, value))}{held}"


def _why(case: Case, drift: Drift) -> str:
    if drift.of_copy:
        return (
            " It is a copy of the layer that trains, such as one of averaged weights: its statistics are not its own."
        )
    if drift.evaluated:
        trained = [d for d in in_training(case, drift.norm) if d.of_mean == drift.of_mean]
        if any(d.times < 1 and d.looks.late < drift.looks.late / 2 for d in trained):
            return " They fit the batches of training: what reaches the norm in evaluation is something else."
        return " Either the average forgets too fast or too slowly, or what is evaluated are other data."
    if not drift.falls:
        return ""
    more = drift.more
    if not np.isfinite(more):
        return " It falls steadily: the average is too slow."
    return f" It falls steadily: the average is too slow, and would need about {figure(max(1, more), 1)} steps more."


def _remedies(drift: Drift) -> list[Remedy | str]:
    if drift.evaluated and not drift.of_copy:
        last = (
            "Give the data that are evaluated the treatment of those of training, the same scaling and source; check "
            "the momentum too: a large one remembers only the last batches, a small one still the start."
        )
    elif drift.of_copy:
        last = "Or copy the running statistics along with the weights."
    elif drift.falls:
        last = "Use a larger momentum, such as PyTorch's .1: the average is too slow for a run of this length."
    else:
        last = (
            "Lower the learning rate towards the end, so that the running statistics can follow the weights, and check "
            "that the batches are drawn at random."
        )
    calibrate = "Compute the running statistics anew from some batches before evaluating."
    return [Remedy(calibrate, "auscult.treat.calibrate_norms"), last]
