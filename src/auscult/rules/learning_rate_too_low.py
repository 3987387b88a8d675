"""learning-rate-too-low: the matrices hardly move, and the loss shows that there was far to go."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from auscult.findings import Evidence, Finding
from auscult.rules._apart import way, way_of
from auscult.rules._case import Case, Family
from auscult.rules._harm import has_lost, has_risen
from auscult.rules._inputs import CONSTANT, constant_inputs
from auscult.rules._loss import SURE
from auscult.rules._pace import Pace, decays_alone, paces, paces_of_rows, too_few_samples
from auscult.rules._rewarded import no_measure
from auscult.rules._rule import Rule, Unjudged, Verdict, above, below, figure, lacking, nearest, past, reached
from auscult.rules.diverging_loss import standstill, too_few
from auscult.rules.learning_rate_too_high import HIGH_PEAK
from auscult.runs import quantities as q

Limits = dict[Family, float]

LOW: Limits = {"sgd": -4.0, "adaptive": -3.7}  # where the loss fell little, or still falls as steadily as at first
LOW_AND_STUCK: Limits = {"sgd": -3.6, "adaptive": -3.3}  # where it did not fall, or falls and that is not sure
LOW_AND_SLOW: Limits = {"sgd": -3.3, "adaptive": -3.3}  # where it fell little and still falls steadily
LOW_AND_FAR: Limits = {"sgd": -3.0, "adaptive": -3.0}  # where more than half is left and it falls on as before
FAR = 0.8  # of the loss's size: a fall that leaves so much that it may be held against a rate that is a little low
NEVER_FAST = -2.75  # of the ratio before the steady part
LITTLE = 0.1  # of the loss's size
MOST = 0.9  # of the loss's size: a fall after which small steps may be those of a training near its end
HELD = 5  # looks at a rate that is not yet next to nothing: a single step of it is no schedule
GONE = 0.01  # of the highest rate: next to nothing
SOON = 0.5  # of the steps: a schedule that gets there earlier leaves most of the training without a rate
UNHEARD: Limits = {"sgd": 3.0, "adaptive": 0.1}  # a learning rate above which hardly anything is trained
ON = 0.3  # share of the whole fall that the second half of the way made
AS_DRAWN = -1.0  # log10 of the way that a matrix came, over its size: the training has not made it anything else
_USUAL = "the size that such weights usually have"
SEVERAL = Unjudged("several optimizers have losses of their own: none of them tells how far there is to go")
STEADILY = 0.2  # share of the whole fall that the second half of the way made


class LearningRateTooLow(Rule):
    """The weights move too little each step for the loss that is left.

    ## What it flags
    A training all of whose parameter groups change their matrices by too small a share of their size each step (the
    update-to-data ratio, here as log10), while the loss shows that there was far to go: it hardly fell, or falls as
    steadily late as early. Of a network that is nothing but embeddings, the rows that a step touches count.

    ## Why it matters
    The network learns, but the steps are wasted: what takes a thousand of them at the right rate takes a hundred
    thousand. Nothing fails, so this is seldom noticed; the loss even looks smooth.

    ## Thresholds
    A median ratio, over the matrices and the steady part of the run, below -4 for SGD or -3.7 for adaptive optimizers
    where the loss fell by less than 10 %, or the second half of the way made a fifth of the fall, or it fell by less
    than 90 %, has not surely settled since the middle of the run, and the matrices were slow from the start; below -3.6
    or -3.3 where it surely did not fall at all, or where single losses scatter too much to say whether it does, but it
    fell by less than 10 %, or by less than 80 % and 30 % of that in the second half of the way, has not surely settled,
    and the ratio was never above -2.75; below -3.3 where it fell by less than 10 % and still falls; below -3, the line
    of the lecture that these ratios come from, where more than a fifth of the loss is left, the second half of the way
    made 30 % of the fall, and the ratio was never above -2.75. Half of the way is made where half of the sum of all
    rates is spent, or of the steps where that is earlier, so that a schedule's decay is not taken for a loss that
    settles. Not where a single matrix moves, or moved before the steady part, by more than 10^-2.75: the rate suits
    that one, and `layers-disagree` tells. TheDeepChecker takes -4 for all.

    In the sweeps that `learning-rate-too-high` describes the lowest steady ratio of a good rate was -3.7 for SGD and
    -3.3 for adaptive optimizers, but for trainings most of whose layers were saturated or dead. Of those that
    `benchmarks/rates.py` makes, one of 870 good rates was called too low, and 675 of 746 were that clearly are; most
    others win 10 to 40 % of what could be won, at ratios above -3.

    Of 566 healthy trainings (those of `benchmarks/faults` that thresholds may be set by, and of `benchmarks/field`)
    none that was below -3, and never above -2.75, had so much of its loss left: the nearest came down by 87 %.

    Matrices that were drawn smaller than PyTorch draws them and stayed so, as those of a small transformer that are
    drawn with a spread of .02, are held against the size that they usually have: they move fast for what they are, and
    have as far to go. So is a single one beside others, such as an output layer that was made small.

    Where the loss tells nothing of that, as adversaries' or a policy's, the weights do: below -3.3, where all matrices
    ended within a tenth of where they were drawn. Of 41 healthy trainings of that kind none was below -3.2, and all
    came nearly as far as they were large, or further.

    Also where a schedule took all rates below a hundredth of their highest before the middle of the run, for good, and
    the loss came down by less than nine tenths: what then remains of the steps changes nothing.

    ## False alarms
    Fine-tuning moves little on purpose: where most elements are not asked to train, or the loss begins far below a
    guess's and the weights' spread is that of no usual initialisation, the finding is information only. Late in a
    training small gradients make small steps; a loss that has fallen and settled is not flagged. Warm-up and the
    decay of a schedule are left out: only steps at half the highest rate or more count. A network that was thrown far
    out earlier and stands still since, that moved by more than 10^-2.75 at a rate below a third of its highest, or
    whose loss rose or lost again what it had won, is not slow but wrecked: not flagged here. Where several
    optimizers have losses of their own, or the loss is that of a policy's gradient or of values that are learned from
    themselves (see diverging-loss), how far there is to go the loss does not tell: there it is judged only where the
    weights have stayed as they were drawn.

    A task of whose targets the inputs tell next to nothing, such as 2 % of their variance, looks like this at the rates
    that are best for it: small steps average the noise, and there is little for the loss to fall by.

    ## What it cannot see
    One slow group beside others at a good pace: all of them must be slow. A rate that is too low by a little passes; so
    does one that a schedule lowers a little too early, since only steps near the highest rate count. It tells a
    rate that is too low from small gradients that have another reason only where the rule for that reason says so, or
    where the rate to make up for them is one that hardly anything is trained at, above 3 for SGD or .1 for adaptive
    optimizers: then it is information. (In `benchmarks/faults` the rate to be raised to was .4 at most for SGD.)

    ## Remedies
    Raise the learning rate to the one named, which would bring the median ratio to -2.75 for SGD and to -2.25 for
    adaptive optimizers, and look again: the layers settle anew at every rate.
    """

    name = "learning-rate-too-low"

    def examine(self, case: Case) -> Verdict:
        """All groups in one finding, where all of them move too slowly."""
        measured = paces(case)
        if isinstance(measured, Unjudged):
            rows = paces_of_rows(case)
            if not rows:
                return measured
            measured = rows
        silent = SEVERAL if case.several_losses else no_measure(case)
        if (short := too_few_samples(case) or (too_few(case.loss) if silent is None else None)) is not None:
            return short
        if constant_inputs(case):
            return CONSTANT
        known = [p for p in measured if p.each]
        if not known:
            return Unjudged("no matrix moved in the steady part of the run")
        taught = {p.name for p in case.parameters if not decays_alone(case, p)}
        known = [p.of_usual for p in known if taught.intersection(p.each)]
        if not known:
            return Unjudged("weight decay alone moves the matrices, no gradient does")
        if silent is not None:
            slow = [(p, LOW_AND_SLOW[p.group.family]) for p in known]
            stayed = _as_drawn(case, known) if all(p.steady < limit for p, limit in slow) else None
            return silent if stayed is None else (self._found(case, slow, stayed),)
        if (gone := _decayed_away(case, known)) is not None:
            return (self._left_standing(case, known, gone),)
        limits = _limits(case, known)
        beyond = [(p, max(each[p.group.family] for each in limits or [LOW])) for p in known]
        fast = any(p.peak > HIGH_PEAK or p.peak_at_less > NEVER_FAST for p in known)
        fast |= any(_fastest(p).value > NEVER_FAST or _one_was_fast(case, p) for p in known)
        worse = has_lost(case.loss) or has_risen(case.loss)
        if not limits or worse or fast or any(p.steady >= limit for p, limit in beyond):
            needs = [_slow(p, limit) for p, limit in beyond] + [_never_wild(p) for p in known if np.isfinite(p.peak)]
            needs += [_fastest(p) for p in known]
            return nearest([lacking(*needs, *([] if limits else [_far_to_go(case, known)]))])
        return (self._found(case, beyond),)

    def _left_standing(self, case: Case, known: list[Pace], gone: int) -> Finding:
        late, top = (max(p.group.lr[-1] for p in known), max(p.group.top_lr for p in known))
        return self.finding(
            "warning",
            [name for p in known for name in p.group.named("matrix")],
            gone,
            f"The learning rate fell from {figure(top)} to below a hundredth of that by step {gone:,}, of "
            f"{case.total_steps:,}, and is {figure(late)} in the end: the loss has stood at "
            f"{figure(case.loss.end.value, 3)} since.",
            [below("steps at more than a hundredth of the highest rate, as a share", gone / case.total_steps, SOON)],
            ["Let the schedule decay over the whole run: a scheduler made for epochs is not to step at every batch."],
        )

    def _found(self, case: Case, slow: list[tuple[Pace, float]], stayed: Evidence | None = None) -> Finding:
        slowest = min((p for p, _ in slow), key=lambda p: p.steady)
        rate = f" {figure(slowest.group.top_lr)}" if slowest.group.top_lr > 0 else ""
        trained = case.looks_trained
        times = past(slowest.steady, slowest.target(high=False))
        needed = [p.factor(high=False) * p.group.top_lr for p, _ in slow]
        faint = any(rate > UNHEARD[p.group.family] for rate, (p, _) in zip(needed, slow, strict=True))
        return self.finding(
            "info" if trained or faint else "warning",
            [name for p, limit in slow for name in p.where(lambda r, t=limit: r < t)],
            int(slowest.steps[0]),
            f"The weights move by 10^{slowest.steady:.1f} of {_USUAL if slowest.shift else 'their size'} each step: "
            f"the learning rate{rate} is about {figure(times, 1)} times too low."
            + (f" In the end all lie within {100 * 10**stayed.value:.2g} % of where they were drawn." if stayed else "")
            + (" The run seems to go on from trained weights, where small steps can be meant." if trained else "")
            + (" But hardly anything is trained at such a rate: it is the gradients that are small." if faint else ""),
            [_slow(p, limit) for p, limit in slow] + ([stayed] if stayed else []),
            [p.advice(high=False) for p, _ in slow],
        )


def _as_drawn(case: Case, known: Sequence[Pace]) -> Evidence | None:
    """The matrix that came farthest, where all of all groups ended near where they were drawn; of large ones none."""
    came = [way(case, p) for p in known]
    name, farthest = max((x for each in came for x in each.items()), key=lambda x: x[1], default=("", 0.0))
    if not all(came) or farthest >= AS_DRAWN:
        return None
    return Evidence(way_of(name), farthest, AS_DRAWN, reached(AS_DRAWN, farthest), int(case.steps[-1]))


def _decayed_away(case: Case, known: Sequence[Pace]) -> int | None:
    """The step by which all rates had decayed to next to nothing, early in the run and with the loss far from done."""
    rates = [p.group.lr / p.group.top_lr for p in known if np.isfinite(p.group.lr).all()]
    held = all((rate > GONE).sum() >= HELD for rate in rates)
    if len(rates) < len(known) or not held or case.loss.fell > MOST * case.loss.size:
        return None
    low = [rate < GONE for rate in rates]
    since = np.flatnonzero(~np.all(low, axis=0))
    if not len(since) or since[-1] + 1 >= len(case.steps):
        return None
    step = int(case.steps[since[-1] + 1])
    return step if step < SOON * case.total_steps else None


def _slow(pace: Pace, limit: float) -> Evidence:
    """A group's ratio, held against the limit below which it is too low."""
    what = f"{q.RATIO} of {pace.what}, steady{f', of {_USUAL}' if pace.shift else ''}"
    return Evidence(what, pace.steady, limit, reached(limit, pace.steady), pace.step_of(pace.steady))


def _fastest(pace: Pace) -> Evidence:
    """The matrix of a group that moves most: where that has a good pace, the rate is not to blame for the others.

    One that was drawn small moves fast for its size at any rate: it is held against the size that is usual.
    """
    name, ratio = max(((n, r + pace.lowers(n)) for n, r in pace.each.items()), key=lambda one: one[1])
    what = f"{q.RATIO} of {name}, steady{f', of {_USUAL}' if pace.shift or pace.lowers(name) else ''}"
    return Evidence(what, ratio, NEVER_FAST, reached(NEVER_FAST, ratio), int(pace.steps[-1]))


def _one_was_fast(case: Case, pace: Pace) -> bool:
    """Whether a matrix of a group of several had a good pace before the steady part, as `Pace.early` has it of all."""
    lowered = {name: pace.shift + pace.lowers(name) for name in pace.each if len(pace.each) > 1}
    return any(replace(pace, middle=case.ratios[n] + by).early > NEVER_FAST for n, by in lowered.items())


def _never_wild(pace: Pace) -> Evidence:
    """A group's highest ratio, held against that which throws weights out: where it did, small steps are its doing."""
    what = f"{q.RATIO} of {pace.what}, highest"
    return Evidence(what, pace.peak, HIGH_PEAK, reached(HIGH_PEAK, pace.peak), pace.step_of(pace.peak))


def _far_to_go(case: Case, known: Sequence[Pace]) -> Evidence:
    """How near a loss came to having hardly fallen, or falling as steadily late as early."""
    curve = case.loss
    late = _fell_late(case, known) / max(curve.fell, 1e-30)
    steadily = above("share of the fall that the second half of the way made", late, STEADILY, int(curve.steps[-1]))
    return max(standstill(curve, LITTLE), steadily, key=lambda e: e.margin)


def _fell_late(case: Case, known: Sequence[Pace]) -> float:
    """By how much the loss fell in the second half of the way, which each step takes on by its rate.

    Of several groups the one that is half way last counts. Half of the steps are never less than half of the way: a
    warm-up that goes on is no reason to wait.
    """
    half = min(max(_half_way(case.steps, p.group.lr) for p in known), case.loss.steps[-1] / 2)
    return case.loss.around(int(np.searchsorted(case.loss.steps, half))).value - case.loss.end.value


def _half_way(steps: np.ndarray, rates: np.ndarray) -> float:
    """The step at which half of the sum of the rates is spent; infinite where no rates are known."""
    good = np.isfinite(rates)
    steps, rates = steps[good], rates[good]
    if not (rates > 0).any():
        return math.inf
    spent = np.concatenate([[0.0], np.cumsum(np.diff(steps) * (rates[1:] + rates[:-1]) / 2)])
    return float(np.interp(spent[-1] / 2, spent, steps))


def _limits(case: Case, known: Sequence[Pace]) -> list[Limits]:
    """The limits below which a ratio is too low for such a loss; none where the loss got where it could.

    Matrices that were fast at the start are not slow: their small steps are those of a loss that fell.
    """
    curve = case.loss
    slow_at_first = all(not p.early > LOW_AND_STUCK[p.group.family] for p in known)
    never_fast = all(not p.early > NEVER_FAST for p in known)
    little = curve.fell < LITTLE * curve.size
    late = _fell_late(case, known)
    falls = curve.fell > SURE * curve.fell_error or (curve.fell > 0 and curve.drift.value > SURE * curve.drift.error)
    steadily = falls and late > STEADILY * curve.fell
    far = never_fast and curve.fell < FAR * curve.size and late > ON * curve.fell
    perhaps = never_fast and not curve.settled and (far or little)
    told = [
        (LOW, little or steadily or (slow_at_first and curve.fell < MOST * curve.size and not curve.settled)),
        (LOW_AND_STUCK, curve.stalled or perhaps),
        (LOW_AND_SLOW, little and steadily),
        (LOW_AND_FAR, far and falls),
    ]
    return [limits for limits, holds in told if holds]
