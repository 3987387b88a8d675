"""saturated-units: activations stuck at their ends, where the slope is nearly zero."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from auscult.findings import Evidence, Finding, Remedy, Severity
from auscult.rules._case import Case
from auscult.rules._guess import against_guess
from auscult.rules._held_out import learned_by_heart
from auscult.rules._looks import Looks
from auscult.rules._loss import HIDDEN
from auscult.rules._rule import UNSEEN, Rule, Unjudged, Verdict, above, figure, lacking, listed, nearest
from auscult.rules._units import GATES, TWO_ENDS, is_gate, judged
from auscult.rules.diverging_loss import standstill, too_few
from auscult.runs import Layer
from auscult.runs import quantities as q

BORN = 0.3  # share of the activations beyond .97 at the start
BORN_CLIPPED = 0.6  # of a hard tanh: with inputs of unit variance 32 % lie beyond its ends
LATER = 0.7  # share in the end, of a layer that was not born so, where the loss shows harm
LEARNED = 0.005  # of the first loss, and of a guess's: a network that comes as far bore what it was born with
LEFT = 0.05  # share in the end, of a layer that came away from its ends again
STUCK_GATES = 0.7  # share of a recurrent layer's gates beyond the same at the start
STUCK_GATE = 0.95  # of one that is a layer of its own
LEAST_LOOKS = 10


@dataclass(frozen=True)
class Stuck:
    """A layer that is saturated."""

    layer: Layer
    looks: Looks
    limit: float
    born: bool

    @property
    def share(self) -> float:
        """The share that convicts it."""
        return self.looks.first if self.born else self.looks.late

    @property
    def came_away(self) -> bool:
        """Whether next to none of it was there in the end."""
        return len(self.looks) >= LEAST_LOOKS and self.looks.late < LEFT

    @property
    def since(self) -> int:
        """The first look beyond the limit for good; the first of all for one born so."""
        if self.born:
            return int(self.looks.steps[0])
        below = np.flatnonzero(self.looks.values < self.limit)
        at = min(int(below[-1]) + 1, len(self.looks) - 1) if len(below) else 0
        return int(self.looks.steps[at])


class SaturatedUnits(Rule):
    """Activations of a hidden layer lie on the flat ends of tanh or sigmoid.

    ## What it flags
    Hidden layers with an activation that is flat at both ends (tanh, sigmoid and their hard forms), a large share of
    whose activations lie there: at the first look, because weights or inputs are too large; or since a later step, of
    a network that does not learn. And gates of a recurrent layer, nearly all of which lie there at the first look.

    ## Why it matters
    Where the activation is flat its slope is nearly zero, and the gradient ends there. Examples on the flat part teach
    the layer, and all layers before it, nothing.

    ## Thresholds
    Saturated is where the slope is below that of tanh at .97. At the start, 30 % of the activations: the character
    model of Karpathy's lecture has 68.5 % with weights from N(0, 1), 16.8 % with weights scaled by 5/3 over the root of
    the fan-in, and ends at 2.107 on validation instead of 2.131 for it; five tanh layers with gain 3 have 40 to 48 %,
    with gain 5/3 20 % in the first and 5 to 8 % in the others. For a hard tanh 60 %, since a third lies beyond its ends
    at unit variance. The level matters: a layer with 20 % beyond .97 has 10 % beyond .99.

    Of the gates of a recurrent layer 70 %, of one that is a layer of its own 95 %: usual weights leave none there (33
    recurrent networks), a forget gate's bias of 5 a third, and biases drawn for memories of a thousand steps up to 62
    %.

    Later, 70 % in a network whose loss did not fall by 5 %. Without that it is no ailment: tanh
    networks that trained well, to .15 of a loss that began at 1.6, ended with 31 to 90 % in our measurements.

    ## False alarms
    Sigmoids that are gates, as in squeeze-and-excitation, and those after which no layer follows are meant to reach
    their ends and are not looked at, those of a recurrence only at the start; nor is the output layer. A run that goes
    on from trained weights, or in which several optimizers have losses of their own, as adversaries do, is information
    only, and so is one that came down to .5 % of its first loss and of a guess's, unless more than a tenth of that is
    left of a held-out loss. So are layers that left their ends again, all but 5 % of them: of the faults of this kind
    in `benchmarks/faults` and `benchmarks/field` none ended below 12 %.

    ## What it cannot see
    Recurrent layers of PyTorch's own, where it does all of it in one operation (an LSTM does), and gates that came to
    their ends later. Saturation that comes later is judged by the loss: where that falls, or adversaries have losses of
    their own, a layer may be all but shut off unmentioned. The share is over a whole layer, so that a few units stuck
    for good pass.

    ## Remedies
    Multiply the weights by the factor named; scale the inputs; put a normalisation before the activation. Where units
    came to saturate later, lower the learning rate.
    """

    name = "saturated-units"

    def examine(self, case: Case) -> Verdict:
        """The layers born so, or driven there while nothing was learned; and gates that were born so."""
        if not case.layers:
            return UNSEEN
        layers = [x for x in (*judged(case), *_answers(case)) if x.activation in TWO_ENDS]
        gates = _gates(case)
        if stuck := [(x, e) for x, e in gates if e.margin >= 1]:
            return (*self._of_units(case, layers), self._of_gates(case, stuck))
        if not layers and gates:
            return nearest(e for _, e in gates)
        if not layers:
            return Unjudged("no hidden layer has an activation that is flat at both ends", "skipped")
        known = _known(case, layers)
        if not known:
            return Unjudged("how many activations are saturated could not be seen")
        return self._of_units(case, layers) or nearest(
            e for x in layers if x.name in known for e in _near(case, x, known[x.name])
        )

    def _of_units(self, case: Case, layers: list[Layer]) -> tuple[Finding, ...]:
        """The layers born so, or driven there while nothing was learned."""
        known, harmed = _known(case, layers), _harmed(case)
        found = [stuck for x in layers if x.name in known and (stuck := _stuck(x, known[x.name], harmed)) is not None]
        if not found:
            return ()
        worst = max(found, key=lambda s: s.share / s.limit)
        born = [s for s in found if s.born]
        others = listed([s.layer.name for s in found if s is not worst])
        now = f" At the last looks it is {worst.looks.late:.0%}." if worst.born and len(worst.looks) > 3 else ""
        return (
            self.finding(
                "info" if all(s.came_away for s in found) else _severity(case),
                [s.layer.name for s in found],
                min(s.since for s in found),
                f"{worst.share:.0%} of the activations of {worst.layer.shown_as} lie on its flat ends, where hardly "
                f"any gradient passes, {'from the start' if worst.born else f'since step {worst.since:,}'}."
                + now
                + (f" Likewise: {others}." if others else ""),
                [
                    Evidence(
                        f"{q.SATURATED} of {s.layer.name}", s.share, s.limit, s.share / s.limit,
                        s.since if s.born else int(s.looks.steps[-1]),
                    )
                    for s in found
                ],
                _remedies(case, born),
            ),
        )  # fmt: skip

    def _of_gates(self, case: Case, stuck: list[tuple[Layer, Evidence]]) -> Finding:
        worst, evidence = max(stuck, key=lambda one: one[1].value)
        others = listed([x.name for x, _ in stuck if x is not worst])
        return self.finding(
            _severity(case),
            [x.name for x, _ in stuck],
            evidence.step or 0,
            f"{evidence.value:.0%} of the gates of {worst.shown_as} are all but open or all but shut from the start, "
            "whatever comes: hardly any gradient passes, and they hardly learn when to let what through."
            + (f" Likewise: {others}." if others else ""),
            [e for _, e in stuck],
            [
                "Let gates begin half open: biases of 0 (of 1 for a forget gate), and weights of the usual size, about "
                "1 over the root of the fan-in.",
                "Scale the inputs to zero mean and unit variance.",
            ],
        )


def _severity(case: Case) -> Severity:
    return "info" if case.looks_trained or case.several_losses or _learned(case) else "warning"


def _known(case: Case, layers: list[Layer]) -> dict[str, Looks]:
    return {x.name: looks for x in layers if len(looks := case.looks(q.SATURATED, x.name))}


def _gates(case: Case) -> list[tuple[Layer, Evidence]]:
    """The gates of recurrent layers, those of all uses together, and how many of them were stuck at the first look."""
    found = []
    for x in case.layers:
        again = any(other.name.startswith(f"{x.name}#") for other in case.layers)
        if len(gates := case.looks(q.GATES, x.name)) and "#" not in x.name:
            found.append((x, above(f"{q.GATES} of {x.name}", gates.first, STUCK_GATES, int(gates.steps[0]))))
        elif again and x.activation in GATES and is_gate(case, x) and len(own := case.looks(q.SATURATED, x.name)):
            found.append((x, above(f"{q.SATURATED} of {x.name}", own.first, STUCK_GATE, int(own.steps[0]))))
    return found


def _near(case: Case, layer: Layer, looks: Looks) -> list[Evidence]:
    """How near a layer came to being born stuck, and to being driven there while nothing was learned."""
    what, curve = f"{q.SATURATED} of {layer.name}", case.loss
    found = [above(what, looks.first, _born_limit(layer), int(looks.steps[0]))]
    if len(looks) >= LEAST_LOOKS and not case.several_losses and too_few(curve) is None:
        found.append(lacking(above(what, looks.late, LATER, int(looks.steps[-1])), standstill(curve, HIDDEN)))
    return found


def _answers(case: Case) -> list[Layer]:
    """The output layers, where the loss is an error: cross-entropies know what a sigmoid does, errors do not."""
    kind = case.task.kind if case.task is not None else ""
    return [x for x in case.layers if x.is_output and x.activation] if kind.endswith("error") else []


def _born_limit(layer: Layer) -> float:
    return BORN_CLIPPED if layer.activation == "hardtanh" else BORN


def _stuck(layer: Layer, looks: Looks, harmed: bool) -> Stuck | None:
    limit = _born_limit(layer)
    if looks.first >= limit:
        return Stuck(layer, looks, limit, born=True)
    if harmed and not layer.is_output and len(looks) >= LEAST_LOOKS and looks.late >= LATER:
        return Stuck(layer, looks, LATER, born=False)
    return None


def _harmed(case: Case) -> bool:
    """Whether the loss surely had the time to fall and did not."""
    curve = case.loss
    if case.several_losses or too_few(curve) is not None:
        return False
    return curve.fell < HIDDEN * curve.size or not curve.progressed


def _learned(case: Case) -> bool:
    """Whether next to nothing is left of the first loss, and of a guess's where that is known and less."""
    curve, guess = case.loss, against_guess(case).level
    least = min(curve.begin.value, guess) if guess > 0 else curve.begin.value
    far = too_few(curve) is None and 0 <= curve.end.value < LEARNED * least
    return far and not learned_by_heart(case, least)


def _remedies(case: Case, born: list[Stuck]) -> list[Remedy | str]:
    if not born:
        return ["Lower the learning rate, or warm it up: the units were driven there by the updates."]
    start = case.start
    factors = {x.layer.name: x.factor for x in start.layers} if start else {}
    known = [
        f"{s.layer.name} by {figure(f)}"
        for s in born
        if math.isfinite(f := factors.get(s.layer.name, math.nan)) and f < 1
    ]
    named = f": {', '.join(known)}" if known else ""
    return [
        Remedy(f"Make the weights smaller at the start{named}.", "auscult.treat.initialise"),
        "Scale the inputs to zero mean and unit variance, or put a normalisation before the activation.",
    ]
