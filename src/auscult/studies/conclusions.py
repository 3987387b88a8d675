"""What a batch-size study says, claim by claim, and which batch to use: each with the numbers it rests on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from auscult.runs.noise import NoiseScale, examples_at, steps_at
from auscult.studies.summary import Row, Spread, Summary, edge_of, spread
from auscult.views.words import number

Verdict = Literal["yes", "no", "unclear"]
SURE = 2.0  # standard errors that a difference has to be
AS_PREDICTED = 0.15  # how far a ratio may lie from what the noise scale gives, beside its own error


@dataclass(frozen=True)
class Claim:
    """Something that is said of batch sizes, whether it holds here, and by what numbers."""

    claim: str
    verdict: Verdict
    said: str


def claims(s: Summary) -> list[Claim]:
    """What the trainings say of the usual claims; one that takes two batch sizes is left out where there is one."""
    made: list[Claim | None] = []
    if len(s.batches) > 1:
        small, large = s.batches[0], s.batches[-1]
        made += [
            _smaller_from_the_same_weights(s, small, large),
            _as_predicted(s, small, large),
            _smaller_updates(s, small, large),
            _less_distance(s, small, large),
            _distance_ratio_grows(s, small, large),
            _gradients_disagree(s),
            _sharper(s, small, large),
            _more_curved(s, small, large),
            _steeper(s),
            _generalises_worse(s, small, large),
            *_scaling(s, small, large),
            _switching(s, small, large),
        ]
    return [claim for claim in made if claim is not None]


def advice(summaries: Sequence[Summary]) -> str:
    """Which batch to use at which learning rate, in a few sentences; of all rates of a study together."""
    if not any(s.batches for s in summaries):
        return "No training is over yet, so there is nothing to conclude."
    told = [_of_losses(summaries), _of_noise(summaries[0])]
    return " ".join(t for t in told if t)


def last_noise(s: Summary) -> tuple[int, NoiseScale] | None:
    """The noise scale at the last look at which it is known, of the smallest batch's trainings, and the epoch."""
    batch = s.batches[0]
    found = [(at, n) for at, n in zip(s.looks(batch), s.noise(batch), strict=True) if n.known]
    return found[-1] if found else None


def _of_noise(s: Summary) -> str:
    found = last_noise(s)
    if found is None:
        return (
            "The gradient noise scale could not be told from the samples taken: the gradient of the whole data is lost "
            "in the noise of single batches. Larger batches would bring less noise, and nothing here says how large."
        )
    at, n = found
    when = f"after epoch {at}" if at else "at the start"
    text = (
        f"The gradient noise scale {when} is {number(n.scale, 2)} examples ({number(n.low, 2)} to "
        f"{number(n.high, 2)}): up to about there a larger batch saves steps, beyond it mostly costs examples."
    )
    for batch in (s.batches[0], s.batches[-1]):
        more = steps_at(batch, n.scale)
        text += f" Batch {batch} takes {number(more, 2)} times the steps of an endless batch"
        text += f" and {number(examples_at(batch, n.scale), 2)} times the examples of a tiny one."
    return text


def _of_losses(summaries: Sequence[Summary]) -> str:
    """The lowest validation loss, and of what lies within its spread what takes the fewest steps."""
    s = summaries[0]
    every = {(row.title, row.lr): row for each in summaries for row in each.rows()}.values()
    ends = [(row, s.final(row.trials, "valid")) for row in every]
    ends = [(row, loss) for row, loss in ends if not math.isnan(loss.mean)]
    if not ends:
        return ""
    best, lowest = min(ends, key=lambda end: end[1].mean)
    text = f"After {s.plan.epochs} epochs the lowest validation loss is that of {_called(best)}: {lowest}."
    if lowest.count < 2:
        return text + " One seed does not tell how far chance goes; take three or more."
    reach = lowest.mean + SURE * math.sqrt(2) * _error(lowest)  # not by its own error: what diverged has a large one
    near = [(row, loss) for row, loss in ends if row is not best and loss.mean <= reach]
    if near:
        told = ", ".join(_called(row) for row, _ in near) if len(near) < 4 else f"{len(near)} more"
        text += f" Within the spread of the seeds {'is' if len(near) == 1 else 'are'} {told}."
    fewest, _ = max([(best, lowest), *near], key=lambda end: (0 if end[0].switched else end[0].batch, -end[1].mean))
    text += f" Use {_called(fewest)}"
    return text + (", which of these takes the fewest steps." if near else ".")


def _called(row: Row) -> str:
    return f"{row.title if row.switched else f'batch {row.batch}'} at learning rate {number(row.lr, 3)}"


def _smaller_from_the_same_weights(s: Summary, small: int, large: int) -> Claim:
    """At the last look, by the noise scale: what Jensen's inequality says, with the size it has here."""
    looks = s.looks(small)
    ratios = [s.predicted_ratio(small, large, i) for i in range(len(looks))]
    told = ", ".join(
        f"{r} after epoch {at}" if at else f"{r} at the start" for at, r in zip(looks, ratios, strict=True)
    )
    said = f"√((|G|² + trΣ/{small}) / (|G|² + trΣ/{large})), at the weights of batch {small}: {told}."
    return Claim("From the same weights, a larger batch makes a smaller update.", _above(ratios[-1], 1), said)


def _smaller_updates(s: Summary, small: int, large: int) -> Claim:
    ratio, early = s.median_ratio(small, large), s.median_ratio(small, large, 1)
    medians = ", ".join(f"{number(s.median_update(b).mean)} at {b}" for b in s.batches)
    said = f"The median norm of an update is {medians}: {ratio} times larger at {small} than at {large}"
    said += f", in the first epoch {early} times."
    if early.mean > 1 > ratio.mean:
        said += f" Batch {small} comes to where gradients are small while batch {large} is still on its way."
    return Claim("Over the whole training, the updates of a larger batch are smaller.", _above(ratio, 1), said)


def _as_predicted(s: Summary, small: int, large: int) -> Claim | None:
    """Over the first epoch, when the trainings have not gone different ways yet."""
    if s.looks(small)[:2] != [0, 1]:
        return None
    measured = s.median_ratio(small, large, 1)
    ends = [s.predicted_ratio(small, large, i) for i in (0, 1)]
    low, high = (f(e.mean for e in ends) for f in (min, max))
    room = 1 + AS_PREDICTED + SURE * _error(measured) / measured.mean
    verdict: Verdict = "yes" if low / room <= measured.mean <= high * room else "no"
    said = (
        f"In the first epoch the medians stand {measured} to 1; the gradients' noise gives {ends[0]} at the start "
        f"and {ends[1]} at its end."
    )
    return Claim("Early on, their ratio is what the gradient noise predicts.", verdict, said)


def _less_distance(s: Summary, small: int, large: int) -> Claim:
    ratio = spread(list(np.nanmean(s.distance_ratio(small, large), axis=1)))
    ends = [(b, s.epochs(b, "distance").mean(0)) for b in (small, large)]
    said = "; ".join(f"batch {b} {number(d[0])} in the first epoch and {number(d[-1])} in the last" for b, d in ends)
    return Claim(
        "A larger batch moves the weights less in an epoch.", _above(ratio, 1),
        f"{said[0].upper()}{said[1:]}; {ratio} times further at {small}, the mean over the epochs.",
    )  # fmt: skip


def _distance_ratio_grows(s: Summary, small: int, large: int) -> Claim | None:
    ratios = s.distance_ratio(small, large)
    if ratios.shape[1] < 4:
        return None
    epochs = np.arange(ratios.shape[1])
    slopes = spread([float(np.polyfit(epochs, np.log(row), 1)[0]) for row in ratios if np.isfinite(row).all()])
    part = max(1, ratios.shape[1] // 4)
    first, last = spread(list(ratios[:, :part].mean(1))), spread(list(ratios[:, -part:].mean(1)))
    said = f"{first} over the first quarter of the epochs, {last} over the last."
    return Claim("The ratio of these distances grows as training goes on.", _above(slopes, 0), said)


def _gradients_disagree(s: Summary) -> Claim:
    ends = {b: spread(list(s.alignment(b, "efficiency")[:, -1])) for b in s.batches}
    said = "At the last look ‖Σg‖/Σ‖g‖ of " + ", ".join(f"batch {b} is {e}" for b, e in ends.items())
    said += f" ({s.plan.samples} batches; unrelated ones would have about {1 / math.sqrt(s.plan.samples):.2f})."
    below = all(_above(Spread(1 - e.mean, e.std, e.count), 0) == "yes" for e in ends.values())
    return Claim("Gradients of single batches do not point the same way.", "yes" if below else "unclear", said)


def _sharper(s: Summary, small: int, large: int) -> Claim | None:
    by_batch = {b: s.sharpness(b) for b in s.batches}
    if not (len(by_batch[small]) and len(by_batch[large])):
        return None
    told = []
    for i, epsilon in enumerate(s.minima.epsilons):
        each = ", ".join(f"{spread(list(v[:, i]))} at {b}" for b, v in by_batch.items() if len(v))
        told.append(f"at ε {epsilon:g}: {each}")
    a, b = (spread(list(by_batch[x][:, 0])) for x in (small, large))
    said = "Sharpness of Keskar et al., by how many percent the training loss rises in a small box, " + "; ".join(told)
    losses = [s.final(s.base(x), "train") for x in (small, large)]
    if _differs(*losses):
        said += (
            f". The ends differ in progress too, training loss {losses[0]} and {losses[1]}: compare those of one loss"
        )
    return Claim("The ends of larger batches are sharper.", _less(a, b), said + ".")


def _more_curved(s: Summary, small: int, large: int) -> Claim | None:
    found = {b: v for b in s.batches if (v := s.eigenvalues(b)).count}
    if not (small in found and large in found):
        return None
    said = "The largest eigenvalue is " + ", ".join(f"{v} at {b}" for b, v in found.items()) + "."
    if bound := edge_of(s):
        said += f" Steps on the whole data at this learning rate bear {number(bound, 3)}, the edge of stability."
    return Claim(
        "The Hessian at the ends of larger batches has larger eigenvalues.", _less(found[small], found[large]), said
    )


def _steeper(s: Summary) -> Claim | None:
    alphas, loss = s.line("train/loss")
    if not len(loss):
        return None

    def rise(end: float) -> Spread:
        """How far the loss lies above an end's a quarter of the way to either side, the mean of both."""
        at = [int(np.argmin(np.abs(alphas - x))) for x in (end - 0.25, end, end + 0.25)]
        return spread(list((loss[:, at[0]] + loss[:, at[2]]) / 2 - loss[:, at[1]]))

    small, large = rise(0), rise(1)
    said = f"A quarter of the way to either side the training loss rises by {small} about the end of batch "
    said += f"{s.batches[0]}, and by {large} about that of batch {s.batches[-1]}."
    return Claim(
        "On the line between the two ends, the large batch's end is the steeper one.", _less(small, large), said
    )


def _generalises_worse(s: Summary, small: int, large: int) -> Claim:
    a, b = s.final(s.base(small), "valid"), s.final(s.base(large), "valid")
    gaps = [f"{s.gap(s.base(x))} at {x}" for x in (small, large)]
    said = f"Validation loss {a} at {small}, {b} at {large}; it lies above that of training by {', '.join(gaps)}."
    for name in s.metrics():
        values = [f"{s.final(s.base(x), 'valid', name)} at {x}" for x in (small, large)]
        said += f" {name.capitalize()} {', '.join(values)}."
    return Claim(
        f"At the same learning rate and epochs, batch {large} ends worse than batch {small}.", _less(a, b), said
    )


def _scaling(s: Summary, small: int, large: int) -> list[Claim]:
    made = []
    plain, aim = s.final(s.base(large), "valid"), s.final(s.base(small), "valid")
    for rule, how in (("linear", "by the batch"), ("root", "by its square root")):
        found = s.scaled(large, rule)
        if found:
            scaled = s.final(found, "valid")
            said = f"Validation loss {scaled} with it, {plain} without; batch {small} has {aim}."
            moved = s.median_of(found)
            said += f" The median update is {moved}, of batch {small} {s.median_update(small)}."
            made.append(Claim(f"Scaling the learning rate {how} recovers what batch {large} loses.",
                              _recovers(scaled, plain, aim), said))  # fmt: skip
    return made


def _switching(s: Summary, small: int, large: int) -> Claim | None:
    found = s.switched()
    if not found:
        return None
    switched, plain, aim = (s.final(x, "valid") for x in (found, s.base(large), s.base(small)))
    said = f"Validation loss {switched} when the batch goes from {large} to {small} half way, {plain} without, "
    said += f"and {aim} with batch {small} all along."
    return Claim("Going on with the small batch half way recovers it too.", _recovers(switched, plain, aim), said)


def _recovers(mended: Spread, plain: Spread, aim: Spread) -> Verdict:
    """Nearer to the aim than to where it came from, where these differ at all."""
    if not _differs(plain, aim) or math.isnan(mended.mean):
        return "unclear"
    share = (plain.mean - mended.mean) / (plain.mean - aim.mean)
    return "yes" if share > 0.5 else "no"


def _above(x: Spread, level: float) -> Verdict:
    if math.isnan(x.mean):
        return "unclear"
    if math.isnan(x.std) or abs(x.mean - level) <= SURE * _error(x):
        return "unclear"
    return "yes" if x.mean > level else "no"


def _less(a: Spread, b: Spread) -> Verdict:
    if not _differs(a, b):
        return "unclear"
    return "yes" if a.mean < b.mean else "no"


def _differs(a: Spread, b: Spread) -> bool:
    return abs(a.mean - b.mean) > SURE * math.hypot(_error(a), _error(b))


def _error(x: Spread) -> float:
    """The standard error of the mean; infinite of a single seed."""
    return x.std / math.sqrt(x.count) if x.count > 1 else math.inf
