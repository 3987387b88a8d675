"""exploding-gradients: gradients that grow on their way to the first layers, or in the course of the training."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from auscult.findings import Evidence, Finding, Remedy
from auscult.rules._case import Case
from auscult.rules._depth import Chain, chains, gradient_gain, through_time
from auscult.rules._guess import against_guess
from auscult.rules._harm import harmed
from auscult.rules._looks import Looks
from auscult.rules._rule import UNSEEN, Rule, Unjudged, Verdict, above, figure, lacking, nearest
from auscult.rules.diverging_loss import harms, too_few
from auscult.runs import quantities as q

GROWS = 100.0  # times the gradient at the last of like layers that arrives at the first
JUMPS = 100.0  # times the median of the looks before, and of all
LEAST_LOOKS = 10
FIRST = 3  # looks that belong to the start
STILL_OFF = 0.5  # times a constant guess's loss: one that ends above it has learned little
OFTEN = 3  # jumps that are told though the loss bore them


class ExplodingGradients(Rule):
    """Gradients grow on their way to the first layers, or jump in the course of the training.

    ## What it flags
    Along depth: hidden layers that follow each other, alike and without a normalisation between, where the gradient
    at the first is a hundred times that at the last, over the whole run; so for the calls of a recurrent layer whose
    steps are seen, from the last to the first. It is information where the loss came below half of a constant guess's
    all the same. Over time: a norm of all gradients that jumps to a hundred times its median while the loss rose, lost
    its progress, never fell, or broke.

    ## Why it matters
    The update follows the gradient. One step of a hundred times the usual size can throw the weights out of where
    they were, and all that was learned is lost.

    ## Thresholds
    A hundred times along depth (torchmortem; AutoTrainer takes 70), in the median over all looks, with gradients
    compared times the root of the layer's units. Networks with PyTorch's default weights measure below 1 at the start;
    in our measurements of healthy trainings the first of four layers came to 13 times the last. Over time a hundred
    times the median of all looks and of those before, taken before clipping where the script clips, after the first
    three looks, and with harm. Without harm, three such jumps or more are information where nothing is clipped.

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
        along = [_grown(case, chain) for chain in (*chains(case), *through_time(case))]
        return nearest([*along, *_jumped(case, norm, clipped)])

    def _along_depth(self, case: Case) -> list[Finding]:
        found = []
        recurrent = through_time(case)
        for chain in (*chains(case), *recurrent):
            grows, grown = gradient_gain(case, chain), _grown(case, chain)
            if not grown.margin > 1:
                continue
            since = grows.since(grows.values > GROWS)
            first, last, where = chain[0].name, chain[-1].name, [x.name for x in chain]
            if chain in recurrent:
                first, last, where = f"the first call of {first}", "its last", [first]
            found.append(
                self.finding(
                    "info" if case.looks_trained or not (harmed(case) or _far_off(case)) else "warning",
                    where,
                    since,
                    f"The gradient at {first} is {figure(grows.median)} times that at {last}: it grows with each "
                    f"{'call' if chain in recurrent else 'layer'} on its way back.",
                    [replace(grown, step=since)],
                    [
                        Remedy("Make the weights smaller at the start.", "auscult.treat.initialise"),
                        Remedy("Put a normalisation between the layers.", "auscult.compare_norms"),
                    ],
                )
            )
        return found

    def _over_time(self, case: Case, norm: Looks, clipped: bool) -> Finding | None:
        middle = norm.median
        if len(norm) < LEAST_LOOKS or not middle > 0:
            return None
        beyond = norm.values > JUMPS * np.maximum(middle, _before(norm))
        beyond[:FIRST] = False
        if not beyond.any():
            return None
        hurt, broke = harmed(case), case.broke_at is not None
        if not hurt and (clipped or beyond.sum() < OFTEN):
            return None
        since, at = norm.since(beyond), int(np.argmax(np.where(beyond, norm.values, 0)))
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


def _grown(case: Case, chain: Chain) -> Evidence:
    """How far the gradient at a chain's first layer is above that at its last."""
    times = gradient_gain(case, chain).median
    what = f"{q.ACTIVATION_GRAD_STD}, {chain[0].name} over {chain[-1].name}, median"
    return above(what, times, GROWS)


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
    often = [] if clipped else highest[OFTEN - 1 : OFTEN]
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
