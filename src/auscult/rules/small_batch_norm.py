"""small-batch-norm: batch statistics over too few values to tell anything."""

from __future__ import annotations

import math

from auscult.findings import Evidence, Remedy
from auscult.rules._case import Case
from auscult.rules._norms import BatchNorm, batch_norms
from auscult.rules._rule import UNSEEN, Rule, Unjudged, Verdict, above, listed, nearest
from auscult.runs import quantities as q

ERROR = 0.5  # relative error of the variance
PLENTY = 1024  # values a channel, of however few images


class SmallBatchNorm(Rule):
    """A batch normalisation estimates its mean and variance from too few values.

    ## What it flags
    Batch normalisations in training mode whose statistics come from so few values for each channel that the variance
    is mostly chance.

    ## Why it matters
    Each example is divided by a number that depends on what else happens to be in the batch. The noise slows the
    training, and in evaluation, where the running statistics are used, the network is another one than was trained.

    ## Thresholds
    A variance from n independent values has a relative error of sqrt(2/(n-1)): .26 at 32, .37 at 16, .53 at 8, .82
    at 4. It is flagged above .5, which is at 8 values and fewer. The values of one image are much alike, so an image
    counts for two values however large it is: 4 images are flagged and 5 are not. With 2 images a ResNet-50 ends with
    an error on ImageNet 10.6 points above that with group normalisation, with usual batches about equal (Wu and He,
    Group Normalization, 2018). With 1,024 values a channel or more, from however few images, it is information only.

    ## False alarms
    A batch of one image, on purpose: then it is an instance normalisation, which works for style transfer. Where the
    statistics are fixed (eval mode) the batch does not matter and nothing is flagged.

    ## What it cannot see
    How alike the values really are: an image counts for two values whatever it shows, and examples for independent,
    though those of one film or one document are not. Norms that are noisy but not mostly chance pass, and whether the
    noise did harm is not asked. Hand-written normalisations and compiled ones are not seen.

    ## Remedies
    Larger batches; group or layer normalisation in place of batch normalisation; synchronised batch normalisation over
    several devices. Accumulating gradients does not help: each small batch is normalised by itself.
    """

    name = "small-batch-norm"

    def examine(self, case: Case) -> Verdict:
        """The norms whose variance is mostly chance."""
        if not case.layers:
            return UNSEEN
        if not any(x.operation == "batch-norm" for x in case.layers):
            return Unjudged("the network has no batch normalisation", "skipped")
        norms = batch_norms(case)
        if not norms:
            return Unjudged("no batch normalisation was seen to use the statistics of a batch", "skipped")
        found = [n for n in norms if _error(n) > ERROR]
        if not found:
            return nearest(above(f"relative error of the variance in {n.layer.name}", _error(n), ERROR) for n in norms)
        worst = max(found, key=lambda n: (_error(n), -n.values))
        few = [n for n in found if n.values < PLENTY]
        told = few or found
        worst = worst if worst in told else max(told, key=_error)
        images = (
            f" of {worst.examples:.0f} image{'s' if worst.examples > 1 else ''}" if worst.counted < worst.values else ""
        )
        off = f"is off by about {_error(worst):.0%} by chance" if math.isfinite(_error(worst)) else "says nothing"
        others = f" So do {listed([n.layer.name for n in told if n is not worst])}." if len(told) > 1 else ""
        seen = case.looks(q.NORM_VALUES, worst.layer.name)
        return (
            self.finding(
                "warning" if few else "info",
                [n.layer.name for n in told],
                int(seen.steps[0]),
                f"{worst.layer.name} estimates the variance of a channel from {worst.values:.0f} "
                f"value{'s' if worst.values != 1 else ''}{images}, which {off}.{others}",
                [
                    Evidence(
                        f"relative error of the variance in {n.layer.name}", _error(n), ERROR,
                        min(_error(n), 1e30) / ERROR, int(seen.steps[0]),
                    )
                    for n in told
                ],
                [
                    Remedy("Use group or layer normalisation: they need no batch.", "auscult.compare_norms"),
                    "Or use larger batches; accumulating gradients over small ones does not help.",
                ],
            ),
        )  # fmt: skip


def _error(norm: BatchNorm) -> float:
    return math.sqrt(2 / (norm.counted - 1)) if norm.counted > 1 else math.inf
