"""exploding-gradients: gradients that grow on their way to the first layers, or in the course of the training."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from auscult.findings import Evidence, Finding, Remedy
from auscult.rules._case import Case
from auscult.rules._depth import Chain, chains, gradient_gain, number_of, rollouts, stacks
from auscult.rules._guess import against_guess
from auscult.rules._harm import harmed
from auscult.rules._looks import Looks
from auscult.rules._rule import UNSEEN, Rule, Unjudged, Verdict, above, figure, lacking, nearest
from auscult.rules.diverging_loss import harms, too_few
from auscult.runs import quantities as q

GROWS = 100.0  # times the gradient at the last of like layers, or of a layer's calls, that arrives at the first
STACKED = 20.0  # the same of the blocks on a stream at the start
CALLS = 20  # of one layer; where there are more, and each has a loss of its own, the gradient may grow with them
EARLY = 10  # looks at the start
JUMPS = 100.0  # times the median of the looks before, and of all
LEAST_LOOKS = 10
FIRST = 3  # looks that belong to the start
BEGINS_ABOVE = 5.0  # times a constant guess's loss: where it begins so high, the growth did harm already
STILL_OFF = 0.5  # times a constant guess's loss: one that ends above it has learned little
OFTEN = 3  # jumps that are told though the loss bore them


class ExplodingGradients(Rule):
    """Gradients grow on their way to the first layers, or jump in the course of the training.

    ## What it flags
    Along depth: hidden layers that follow each other, alike and without a normalisation between, where the gradient at
    the first is a hundred times that at the last, over the whole run. It is information where the loss came below half
    of a constant guess's all the same, and did not begin above five times that. Along the blocks of a stream, as in a
    residual network: like layers, each of which comes of the one before, where the gradient at the first is 20 times
    that at the last at the start. Along the calls of one layer that come of each other, as in a recurrence or a
    simulation: a hundred times from the last call to the first, at the start or over the whole run. Over time: a norm
    of all gradients that jumps to a hundred times its median while the loss rose, lost its progress, never fell, or
    broke.

    ## Why it matters
    The update follows the gradient. One step of a hundred times the usual size can throw the weights out of where
    they were, and all that was learned is lost.

    ## Thresholds
    A hundred times along depth (torchmortem; AutoTrainer takes 70), in the median over all looks, with gradients
    compared times the root of the layer's units. Networks with PyTorch's default weights measure below 1 at the start;
    in our measurements of healthy trainings the first of four layers came to 13 times the last. Along a stream 20 times
    in the median of the first ten looks: thirteen healthy trainings with such blocks came to 1.4 times, the sick with 8
    to 14 blocks to 33 and more. Along calls a hundred times, more in proportion where there are over twenty, as each
    may have a loss of its own: in the median of the first ten looks, up to an update that is larger than the weights
    are, which is a warning in any case, or of all. The root of that must be there half way, as what grows with each
    call has: where few sequences are as long as the longest, the gradient at the last calls is small for that. Of 18
    healthy trainings with such calls, in `benchmarks/faults` and `benchmarks/field`, the highest had 12 times, and at
    most 2 half way; the sick had 12 to 20,000 times half way. Over time a hundred times the median of all looks and of
    those before, taken before clipping where the script clips, after the first three looks, and with harm. Without
    harm, three such jumps or more are information where nothing is clipped and one of them comes above the very first
    gradient: in a training that has converged what jumps is tiny.

    ## False alarms
    Gradients that are small because the training has converged make a harmless jump look large: without harm to the
    loss it is not flagged. A gradient that is clipped may jump: where the loss bears it, clipping does its work.

    ## What it cannot see
    Bursts between the steps looked at, where with a small budget most steps lie, unless the loss of that very step
    stands out too and asks for a look. The norm is that of all gradients together, so one layer's burst hides in a
    larger layer's norm. Gradients that grow slowly pull the median up with them, and those that were too large from the
    first look on are no jump. Convolutions are not compared along depth.

    ## Remedies
    Clip the gradient's norm (`torch.nn.utils.clip_grad_norm_`), lower the learning rate or warm it up, scale the
    weights for the activation. Look first at what is named as the cause.
    """

    name = "exploding-gradients"

    def examine(self, case: Case) -> Verdict:
        """What grows on its way to the first layers, and what jumps in the course of the training."""
        norm, clipped = _norm(case)
        found = [f for f in (*self._along_depth(case), self._over_time(case, norm, clipped)) if f is not None]
        if found:
            return tuple(found)
        if not case.layers:
            return UNSEEN
        if len(norm) < LEAST_LOOKS and not any(len(gradient_gain(case, chain)) for chain in chains(case)):
            return Unjudged(f"the gradients were seen at {len(norm)} steps; it takes {LEAST_LOOKS} to call one a jump")
        along = [_grown(case, chain) for chain in chains(case)]
        along += [_on_stream(case, stack) for stack in stacks(case)]
        along += [grown for calls in rollouts(case) for grown in _unrolled(case, calls)]
        return nearest([*along, *_jumped(case, norm, clipped)])

    def _along_depth(self, case: Case) -> list[Finding]:
        bad = harmed(case) or _far_off(case) or _far_above(case)
        normalise = Remedy("Put a normalisation between the layers.", "auscult.compare_norms")
        found = []
        for chain in chains(case):
            grown = _grown(case, chain)
            if grown.margin > 1:
                first, last = chain[0].name, chain[-1].name
                words = (
                    f"The gradient at {first} is {figure(grown.value)} times that at {last}: it grows with each layer"
                )
                found.append(self._grows(case, bad, [x.name for x in chain], words, grown, normalise))
        streams = [(grown, stack) for stack in stacks(case) if (grown := _on_stream(case, stack)).margin > 1]
        for grown, stack in sorted(streams, key=lambda one: -one[0].margin)[:1]:
            first, last = stack[0].name, stack[-1].name
            words = (
                f"The gradient at {first} is {figure(grown.value)} times that at {last} at the start: it grows with "
            )
            small = Remedy("Let the branches begin small: their last layers at zero, or over the root of their number.")
            where = [x.name for x in stack]
            found.append(self._grows(case, bad, where, f"{words}each block of the stream", grown, small))
        unrolled = [
            (*_unrolled(case, calls), calls[0].name) for calls in rollouts(case) if len(gradient_gain(case, calls))
        ]
        for early, always, name in sorted(unrolled, key=lambda one: -max(one[0].margin, one[1].margin))[:1]:
            grown = max(early, always, key=lambda e: e.margin)
            if grown.margin > 1:
                words = f"The gradient at the first call of {name} is {figure(grown.value)} times that at its last"
                words += f"{' at the start' if grown is early else ''}: it grows with each call"
                clip = Remedy("Clip the gradient's norm, or begin with fewer calls and make them more.")
                found.append(self._grows(case, bad or early.margin > 1, [name], words, grown, clip))
        return found

    def _grows(
        self, case: Case, bad: bool, where: Sequence[str], words: str, grown: Evidence, remedy: Remedy
    ) -> Finding:
        """What grows on its way back; a warning where it does harm."""
        return self.finding(
            "warning" if bad and not case.looks_trained else "info",
            where,
            grown.step or 0,
            f"{words} on its way back.",
            [grown],
            [Remedy("Make the weights smaller at the start.", "auscult.treat.initialise"), remedy],
        )

    def _over_time(self, case: Case, norm: Looks, clipped: bool) -> Finding | None:
        middle = norm.median
        if len(norm) < LEAST_LOOKS or not middle > 0:
            return None
        beyond = norm.values > JUMPS * np.maximum(middle, _before(norm))
        beyond[:FIRST] = False
        if not beyond.any():
            return None
        hurt, broke = harmed(case), case.broke_at is not None
        since, at = norm.since(beyond), int(np.argmax(np.where(beyond, norm.values, 0)))
        if not hurt and (clipped or beyond.sum() < OFTEN or norm.values[at] < norm.values[0]):
            return None
        times = float(norm.values[at]) / middle
        what = "before clipping " if clipped else ""
        said = ", and the loss did not come out of it" if hurt else ", which the loss has borne so far"
        steps = "" if clipped else "; start with the median as the limit"
        return self.finding(
            ("critical" if broke else "warning") if hurt else "info",
            (),
            since,
            f"The norm of the gradients {what}jumped to {figure(float(norm.values[at]))} at step "
            f"{int(norm.steps[at]):,}, {figure(times)} times its median of {figure(middle)}{said}.",
            [
                Evidence(
                    q.GRAD_NORM_BEFORE_CLIP if clipped else q.GRAD_NORM,
                    float(norm.values[at]),
                    JUMPS * middle,
                    times / JUMPS,
                    int(norm.steps[at]),
                )
            ],
            [
                f"Clip the gradient: torch.nn.utils.clip_grad_norm_(model.parameters(), {figure(middle, 1)}){steps}.",
                Remedy("Lower the learning rate, or warm it up over the first steps.", "auscult.treat.suggest_lr"),
            ],
        )


def _far_off(case: Case) -> bool:
    """Whether the loss did not come far below a constant guess's."""
    level, curve = against_guess(case).level, case.loss
    if case.several_losses or not level > 0 or too_few(curve) is not None:
        return False
    return curve.end.value > STILL_OFF * level


def _far_above(case: Case) -> bool:
    """Whether the loss began far above a constant guess's: what grows on its way back grew so on its way there."""
    level, curve = against_guess(case).level, case.loss
    return not case.several_losses and level > 0 and len(curve) > 0 and float(curve.values[0]) > BEGINS_ABOVE * level


def _grown(case: Case, chain: Chain) -> Evidence:
    """How far the gradient at a chain's first layer is above that at its last."""
    what = f"{q.ACTIVATION_GRAD_STD}, {chain[0].name} over {chain[-1].name}, median"
    return _median(gradient_gain(case, chain), what, GROWS)


def _on_stream(case: Case, stack: Chain) -> Evidence:
    """The same of layers that lie on one stream, at the first looks."""
    gain = gradient_gain(case, stack)
    what = f"{q.ACTIVATION_GRAD_STD}, {stack[0].name} over {stack[-1].name}, median of the first looks"
    return _median(Looks(gain.steps[:EARLY], gain.values[:EARLY]), what, STACKED)


def _unrolled(case: Case, calls: Chain) -> tuple[Evidence, Evidence]:
    """The same of the calls of one layer: at the start, and over the whole run.

    What grows with each call has grown by the root of the whole when it comes to the middle one. Where few sequences
    are as long as the longest, the last calls get a small gradient, and nothing grows.
    """
    limit = GROWS * max(1.0, number_of(calls[-1]) / CALLS)
    whole, half = _over_calls(case, calls, limit), _over_calls(case, calls[: len(calls) // 2 + 1], limit**0.5)
    start, always = (e if h.margin > 1 else lacking(e, h) for e, h in zip(whole, half, strict=True))
    return start, always


def _over_calls(case: Case, calls: Chain, limit: float) -> tuple[Evidence, Evidence]:
    first, last = calls[0], calls[-1]
    quantity = q.ACTIVATION_GRAD_STD if first.activation else q.OUTPUT_GRAD_STD
    gain, what = gradient_gain(case, calls), f"{quantity}, {first.name} over {last.name}, median"
    drawn = gain.steps <= _thrown_at(case, first.weight)
    start = Looks(gain.steps[drawn][:EARLY], gain.values[drawn][:EARLY])
    return _median(start, f"{what} of the first looks", limit), _median(gain, what, limit)


def _thrown_at(case: Case, weight: str | None) -> float:
    """The step at which an update larger than the weights themselves made another network of them; or infinity."""
    with np.errstate(invalid="ignore"):
        thrown = case.steps[case.ratios[weight] > 0] if weight in case.ratios else case.steps[:0]
    return float(thrown[0]) if len(thrown) else np.inf


def _median(gain: Looks, what: str, limit: float) -> Evidence:
    beyond = gain.values > limit
    return above(what, gain.median, limit, gain.since(beyond) if beyond.any() else None)


def _jumped(case: Case, norm: Looks, clipped: bool) -> list[Evidence]:
    """How near the norm of all gradients came to a jump that does harm, and to so many that they are told anyway."""
    middle = norm.median
    if len(norm) < LEAST_LOOKS or not middle > 0:
        return []
    over = [(float(v) / max(middle, b), int(s)) for s, v, b in zip(norm.steps, norm.values, _before(norm), strict=True)]
    what = q.GRAD_NORM_BEFORE_CLIP if clipped else q.GRAD_NORM
    highest = [
        above(f"{what} over its median", times, JUMPS, step) for times, step in sorted(over[FIRST:], reverse=True)
    ]
    large = above(f"{what}, the highest", float(norm.values[FIRST:].max()), max(float(norm.values[0]), middle))
    often = [] if clipped else [lacking(e, large) for e in highest[OFTEN - 1 : OFTEN]]
    if case.broke_at is not None:
        return highest[:1]
    return often if case.several_losses or too_few(case.loss) else [lacking(highest[0], harms(case.loss)), *often]


def _before(norm: Looks) -> np.ndarray:
    """The median of all looks before each; 0 before the first."""
    return np.array([0.0, *(np.median(norm.values[:i]) for i in range(1, len(norm)))])


def _norm(case: Case) -> tuple[Looks, bool]:
    """The norm of all gradients, before clipping where the script clips, and whether it does."""
    before = case.looks(q.GRAD_NORM_BEFORE_CLIP)
    return (before, True) if len(before) else (case.looks(q.GRAD_NORM), False)
