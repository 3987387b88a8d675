"""norm-statistics-drift: running statistics that are far from those of the data, so evaluation sees another network."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from auscult.findings import Evidence, Finding, Remedy
from auscult.rules._case import Case
from auscult.rules._looks import Looks
from auscult.rules._norms import BatchNorm, batch_norms, using_batch
from auscult.rules._rule import UNSEEN, Rule, Unjudged, Verdict, figure, listed, nearest, reached
from auscult.rules._sorted import VARIED, one_class_batches
from auscult.runs import quantities as q

MEAN = 0.4  # standard deviations of the batch
VARIANCE = 0.2  # decades: a factor of 1.6
SURE = 2.5  # times what the noise of one batch makes
LEAST_STEPS = 100  # after which running statistics with the usual momentum of .1 have long forgotten their start
LEAST_LOOKS = 10
FELL = 0.97  # of the drift is left from one third of the looks to the next where it falls steadily


@dataclass(frozen=True)
class Drift:
    """One norm's drift of one kind, in the end."""

    norm: BatchNorm
    quantity: str
    looks: Looks
    limit: float

    @property
    def times(self) -> float:
        """How many times the limit it is."""
        return self.looks.late / self.limit

    @property
    def evidence(self) -> Evidence:
        """What it is, held against its limit."""
        what, late = f"{self.quantity} of {self.norm.layer.name}", self.looks.late
        margin = self.times if self.quantity == q.NORM_MEAN_DRIFT or self.times < 1 else reached(late, self.limit)
        return Evidence(what, late, self.limit, margin, int(self.looks.steps[-1]))

    @property
    def falls(self) -> bool:
        """Whether it was too large from the start and becomes smaller, as where a slow average is on its way."""
        if self.since > self.looks.steps[0]:
            return False
        third = len(self.looks) // 3
        parts = [float(np.median(p)) for p in np.split(self.looks.values[: 3 * third], 3)] if third else []
        return bool(parts) and all(b < FELL * a for a, b in pairwise(parts))

    @property
    def more(self) -> float:
        """The steps until it is within its limit if it goes on falling as it does; infinite where it does not."""
        steps, values = self.looks.steps, self.looks.values
        half = len(values) // 2
        early, late = float(np.median(values[:half])), self.looks.late
        apart = float(np.median(self.looks.last.steps) - np.median(steps[:half]))
        if not 0 < late < early or apart <= 0:
            return math.inf
        return math.log(self.times) * apart / math.log(early / late)

    @property
    def since(self) -> int:
        """The step from which it stays beyond its limit."""
        below = np.flatnonzero(self.looks.values < self.limit)
        return int(self.looks.steps[min(int(below[-1]) + 1 if len(below) else 0, len(self.looks) - 1)])


class NormStatisticsDrift(Rule):
    """The running statistics of a batch normalisation are far from those of the data.

    ## What it flags
    Batch normalisations whose running mean or variance at the end of the run differs from that of the batches they see
    by more than chance explains, and why: an average too slow for so short a run, or data and weights that
    change faster than the average follows. Also batch normalisations of a classifier whose batches are of one class
    each, as of data that are sorted and not shuffled.

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
    more in one of their norms. An average with PyTorch's momentum of .1 has forgotten its start after 100 steps (.9^100
    = 3e-5), so no shorter run is judged; one with .001 takes thousands of steps. However short the run, an evaluation
    now is of another network, whatever more steps would bring. Batches of 32 examples or more, the first all of one
    class and the first three of no more than three, while no class has more than 80 % of all labels: batches drawn at
    random begin so less than 1 time in 1,000 (.8^31).

    ## False alarms
    Norms in eval mode keep statistics of other data on purpose: those that end in it are not looked at. Only what
    is still so at the end counts: every running mean starts at 0 and every running variance at 1.

    ## What it cannot see
    Norms that are used several times in a step, on true and on drawn examples for instance: their average is that of
    all uses, and each use is off by as much as they differ. Statistics that fit the training data and not those of
    evaluation: other augmentation, another source, another batch composition. Running statistics are held against
    single batches, so of tiny batches it knows little. It compares channels in a root mean square, where one channel
    far off among many hides, and nothing is known of what an evaluation gave.

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
        held = [
            d for norm in norms if uses[norm.layer.weight] == 1 or not norm.layer.weight for d in _drifts(case, norm)
        ]
        if not held:
            return Unjudged("no batch normalisation with running statistics, used once, was seen to train", "skipped")
        if one_class_batches(case):
            return (_sorted(self, case, norms),)
        held = [d for d in held if len(d.looks) >= LEAST_LOOKS]
        if case.total_steps < LEAST_STEPS or not held:
            return Unjudged(
                f"running statistics need {LEAST_STEPS} steps, {LEAST_LOOKS} of them looked at, to forget their start"
            )
        found = [d for d in held if d.times > 1]
        if not found:
            return nearest(d.evidence for d in held)
        worst = max(found, key=lambda d: d.times)
        names = list(dict.fromkeys(d.norm.layer.name for d in found))
        slow = worst.falls
        others = f" Likewise: {listed([n for n in names if n != worst.norm.layer.name])}." if len(names) > 1 else ""
        return (
            self.finding(
                "warning",
                names,
                min(d.since for d in found),
                f"{_how_far(worst)}: in evaluation the network is another one than in training."
                f"{_why(worst, slow)}{others}",
                [d.evidence for d in found],
                [
                    Remedy(
                        "Compute the running statistics anew from some batches before evaluating.",
                        "auscult.treat.calibrate_norms",
                    ),
                    "Use a larger momentum, such as PyTorch's .1: the average is too slow for a run of this length."
                    if slow
                    else "Lower the learning rate towards the end, so that the running statistics can follow the "
                    "weights, and check that the batches are drawn at random.",
                ],
            ),
        )


def _sorted(rule: Rule, case: Case, norms: list[BatchNorm]) -> Finding:
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


def _drifts(case: Case, norm: BatchNorm) -> list[Drift]:
    if len(norm.trains) and not norm.trains.values[-1]:
        return []
    n = max(norm.counted, 2.0)
    found = []
    for quantity, limit in (
        (q.NORM_MEAN_DRIFT, math.hypot(MEAN, SURE * math.sqrt(1 / n))),
        (q.NORM_VAR_DRIFT, math.hypot(VARIANCE, SURE * math.log10(math.e) * math.sqrt(2 / n))),
    ):
        looks = using_batch(case.looks(quantity, norm.layer.name), norm.trains)
        if len(looks):
            found.append(Drift(norm, quantity, looks, limit))
    return found


def _how_far(drift: Drift) -> str:
    name, value = drift.norm.layer.name, drift.looks.late
    if drift.quantity == q.NORM_MEAN_DRIFT:
        return f"The running means of {name} are off by {figure(value)} standard deviations of the data"
    return f"The running variances of {name} are off by a factor of {figure(10 ** min(30.0, value))}"


def _why(drift: Drift, slow: bool) -> str:
    if not slow:
        return ""
    more = drift.more
    if not np.isfinite(more):
        return " It falls steadily: the average is too slow."
    return f" It falls steadily: the average is too slow, and would need about {figure(max(1, more), 1)} steps more."
