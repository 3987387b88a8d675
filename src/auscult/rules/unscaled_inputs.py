"""unscaled-inputs: inputs far from zero mean and unit scale, where nothing puts that right."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from auscult.findings import Evidence
from auscult.rules._case import Case
from auscult.rules._rule import UNSEEN, Rule, Unjudged, Verdict, above, figure, lacking, listed, nearest, reached
from auscult.runs import Layer
from auscult.runs import quantities as q

LARGE = 10.0  # root mean square of the inputs
SMALL = 0.01  # the largest of them
SPREAD = 3.0  # decades between the features' standard deviations
OUTLIERS = 0.2  # of the looks: where the largest so many have LARGE times what is usual, it is no single batch
BEYOND_UNIT = 10.0  # the largest input, where features differ in scale
_NAMED = "input of "
_AT_TIMES = "root mean square, at times,"
_ELSEWHERE = Unjudged("all inputs go into an embedding or meet a normalisation first", "skipped")


@dataclass(frozen=True)
class Reading:
    """One tensor of inputs, the middle of all looks at it."""

    subject: str
    mean: float
    std: float
    low: float
    high: float
    spread: float
    at_times: float  # the root mean square that OUTLIERS of the looks have at least
    farthest: float  # the largest magnitude of all looks
    step: int
    entrances: tuple[Layer, ...]

    @property
    def rms(self) -> float:
        """Root mean square."""
        return float((self.mean**2 + self.std**2) ** 0.5)

    @property
    def largest(self) -> float:
        """The largest magnitude."""
        return max(abs(self.low), abs(self.high))


class UnscaledInputs(Rule):
    """The inputs are far from zero mean and unit scale, and nothing puts that right.

    ## What it flags
    Inputs that are many times larger or smaller than one, such as images from 0 to 255 or prices, and tables whose
    features differ a thousandfold in scale, where they go into a layer with weights and no normalisation right after
    it. Also inputs that are so large in some batches only, as readings of a meter that fails at times.

    ## Why it matters
    The gradient of a weight is proportional to its input. Large inputs saturate or kill the first units and make a
    usual learning rate far too high; where one feature is a thousand times larger than another, no rate is right for
    both, and the small one is not heard.

    ## Thresholds
    A root mean square above 10: standard inputs have 1, images from 0 to 1 about .3 to .6, images from 0 to 255 about
    75 to 150. A largest value below .01, as where images were divided by 255 twice. Three decades between the standard
    deviations of features, where values beyond 10 occur: with all inputs small, rare features of a bag of words and
    dark pixels at the border vary that little and do no harm. At times: a root mean square above 10 in a fifth of the
    looks, ten times that of the middle one. (The highest of all looks was 2.2 times the middle one in 360 healthy
    trainings.)

    ## False alarms
    Inputs from 0 to 1, one-hot codes and bags of words are fine and not flagged. Nor is what goes into an embedding, a
    normalisation, or a layer that a normalisation follows, since that makes up for the scale.

    ## What it cannot see
    Each tensor of inputs is known by a few numbers over all of its features: a single odd column among many may show
    only in the spread of features, and that is looked at only where they go into a linear layer and values beyond 10
    occur. It does not see targets, nor inputs that are scaled differently in training and in evaluation, nor inputs
    that are well scaled but wrong. A normalisation right behind is taken to put anything right.

    ## Remedies
    Subtract the mean and divide by the standard deviation of each feature, both taken from the training data; divide
    images by 255. Or begin with a batch normalisation.
    """

    name = "unscaled-inputs"

    def examine(self, case: Case) -> Verdict:
        """Each tensor of inputs."""
        if not case.layers:
            return UNSEEN
        known = _readings(case)
        if not known and any(x.operation == "embedding" for x in case.layers if not x.after):
            return _ELSEWHERE
        if not known:
            return Unjudged("no input of the network was seen")
        open_ = [r for r in known if r.entrances and not all(_puts_right(x) for x in r.entrances)]
        if not open_:
            return _ELSEWHERE
        held = [(r, e) for r in open_ if (e := _furthest(r)) is not None]
        found = [(r, e) for r, e in held if e.margin >= 1]
        if not found:
            return nearest(e for _, e in held)
        worst, evidence = max(found, key=lambda pair: pair[1].margin)
        others = [r.subject for r, _ in found if r is not worst]
        many = len(worst.entrances) > 1 or worst.subject == "input"
        name = "inputs" if many else worst.subject
        return (
            self.finding(
                "warning",
                list(dict.fromkeys(x.name for r, _ in found for x in r.entrances if not _puts_right(x))),
                worst.step,
                f"The {name} {_words(worst, evidence)}, and no normalisation puts that right."
                + (f" Likewise: {listed(others)}." if others else ""),
                [e for _, e in found],
                [
                    "Subtract the mean and divide by the standard deviation of each feature, as the training data has "
                    "them" + (" (divide images from 0 to 255 by 255 first)." if 200 < worst.high <= 255 else "."),
                    "Or let the network begin with a batch normalisation.",
                ],
            ),
        )


def _readings(case: Case) -> list[Reading]:
    found = []
    for subject, stds in case.seen(q.INPUT_STD).items():
        means, lows, highs = (case.looks(quantity, subject) for quantity in (q.INPUT_MEAN, q.INPUT_MIN, q.INPUT_MAX))
        named = subject.removeprefix(_NAMED) if subject.startswith(_NAMED) else None
        entrances = tuple(x for x in case.layers if (x.name == named if named is not None else not x.after))
        _, at, of = np.intersect1d(means.steps, stds.steps, return_indices=True)
        if not (len(at) and len(lows) and len(highs)):
            continue
        found.append(
            Reading(
                subject,
                means.median,
                stds.median,
                lows.median,
                highs.median,
                case.looks(q.INPUT_SPREAD, subject).median,
                float(np.quantile(np.hypot(means.values[at], stds.values[of]), 1 - OUTLIERS, method="higher")),
                max(-float(lows.values.min()), float(highs.values.max())),
                int(stds.steps[0]),
                entrances,
            )
        )
    return found


def _puts_right(layer: Layer) -> bool:
    return layer.operation == "embedding" or "norm" in layer.operation or layer.norm is not None


def _furthest(r: Reading) -> Evidence | None:
    """The measure that lies furthest past its threshold or comes nearest to it; none for an input that is constant."""
    if not r.std > 0:
        return None
    largest = f"largest value of the {r.subject}"
    held = [above(f"root mean square of the {r.subject}", r.rms, LARGE, r.step)]
    if r.largest > 0:
        held.append(Evidence(largest, r.largest, SMALL, SMALL / r.largest, r.step))
    if r.at_times > LARGE * r.rms:
        held.append(above(f"{_AT_TIMES} of the {r.subject}", r.at_times, LARGE, r.step))
    if all(x.operation == "linear" for x in r.entrances) and math.isfinite(r.spread):
        spread = Evidence(f"{q.INPUT_SPREAD} of the {r.subject}", r.spread, SPREAD, reached(r.spread, SPREAD), r.step)
        unit = above(largest, r.largest, BEYOND_UNIT, r.step)
        held.append(spread if unit.margin > 1 else lacking(spread, unit))
    return max(held, key=lambda e: e.margin)


def _words(r: Reading, e: Evidence) -> str:
    if e.quantity.startswith(_AT_TIMES):
        return (
            f"hold values of up to {figure(r.farthest, 3)} in some batches, where others lie between "
            f"{figure(r.low, 3)} and {figure(r.high, 3)}"
        )
    if e.quantity.startswith(q.INPUT_SPREAD):
        return f"have features whose spread differs {figure(10**r.spread, 1)} times"
    return (
        f"lie between {figure(r.low, 3)} and {figure(r.high, 3)}, with a mean of {figure(r.mean)} and a standard "
        f"deviation of {figure(r.std)}, far from zero mean and unit scale"
    )
