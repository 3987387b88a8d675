"""dead-units: units that no example turns on any more."""

from __future__ import annotations

from auscult.findings import Evidence, Finding, Remedy
from auscult.rules._case import Case
from auscult.rules._dead import LEAST_EXAMPLES, LEAST_LOOKS, LEAST_TOLD, TOLD, Dead, Off, dead_units, drawn_off
from auscult.rules._guess import against_guess
from auscult.rules._inputs import CONSTANT, constant_inputs
from auscult.rules._rule import UNSEEN, Rule, Unjudged, Verdict, above, lacking, listed, nearest
from auscult.rules._shrunk import SHRUNK, shrunk
from auscult.rules._units import TWO_ENDS, judged
from auscult.rules.diverging_loss import too_few
from auscult.runs import Layer
from auscult.runs import quantities as q

LEARNED = 0.02  # of a constant guess's loss: where no more is left, the other units were enough
LEAST_DEAD = 2
_REVIVE = {
    "relu": "A dead ReLU has no gradient at all: it comes back only if what lies before it moves.",
    "relu6": "A dead ReLU has no gradient at all: it comes back only if what lies before it moves.",
    "leaky-relu": "A leaky ReLU keeps some gradient, so such units can come back.",
}
_ANEW = Remedy(
    "Initialise the layer anew: weights of mean 0 with the gain of the activation, biases at zero.",
    "auscult.treat.initialise",
)
_SLOWLY = "On this tail the gradient is small but not zero: such units come back slowly, if at all."


class DeadUnits(Rule):
    """Units of a hidden layer that no example turns on any more.

    ## What it flags
    Hidden layers, many of whose units lie on a flat part of their activation for every example seen: a ReLU below
    zero, a GELU, SiLU or ELU in its tail, a tanh or sigmoid stuck at an end. It says how many were born dead, how many
    were killed, at which step most of them died and how fast the layer's weights moved then. Also layers that were
    drawn so that hardly any example turns their units on, as with biases far below zero, and stay so.

    ## Why it matters
    A dead ReLU gives zero and gets no gradient. It takes no part in the network and cannot come back by itself. A
    layer with half of its units dead is half as wide as it was meant to be; one with all of them dead cuts off what
    lies before it.

    ## Thresholds
    More than half of a layer's units (AWS SageMaker Debugger), two at least; from 40 % of killed ones it is
    information. Where most were born dead, behind no norm of each unit's own, more than half and 1/sqrt(units) besides:
    in deep ReLU networks with PyTorch's default weights the signal is weak against the biases, and up to half of the
    units are born dead. Of six such layers of 64 units 0, 2, 8, 27, 28 and 58 % were at the first look, and 0, 2, 14,
    25, 29 and 51 % after 300 steps of Adam; the network had learned all the same.

    Units that die one by one, no half of them between two looks, in a network whose loss falls by 10 % or more, are
    units it does not need: more than 80 % of them is an ailment, fewer are information. Of 128 hidden units,
    autoencoders, variational ones and contrastive networks on digits lost 38 to 54 % in 500 steps of Adam at .001, as
    all 10,000 digits afterwards said, while their loss kept falling; the largest blow was a quarter of those lost. A
    single phase of too high a rate kills more than half of those it kills at once.

    Where no layer has so many dead units: at the first look, by the fifth step, 90 % of a layer's values off, or half
    and 2/sqrt(units) (four standard deviations of what chance does where the signal is weak against the biases) if
    that is more; and 80 % of them off in the last quarter of the looks. Of 1,495 layers of
    healthy trainings the highest had 77 % off at first, of 8 units.

    Where the loss came below a fiftieth of a constant guess's the units that are left were enough, whatever the share:
    that is information. Trainings harmed by dead units ended above a twentieth.

    A unit counts as dead after 500 examples, or a tenth of all that were seen, at five looks or more without one that
    turns it on: a unit that is on for 1 % of the examples would pass for dead with a chance of .7 %. Of a layer none of
    whose units are turned on by any example 200 examples at four looks are enough, since chance would have to put them
    all to sleep at once. In 1,500 steps at good rates ReLU networks of two or four layers lost none to 21 % of a
    layer's units; with Adam at .01, at the upper end of what is good, up to 48 %.

    ## False alarms
    Units for rare inputs may wait longer than that for their example. Sparse codes are meant to have units that are
    seldom on. Sigmoids that are gates and the output layer are not looked at. Where all matrices have shrunk to a
    thousandth of what they were, as under a strong weight decay, units are off by next to nothing: not judged.

    ## What it cannot see
    A short run: fewer than five looks or 500 examples tell nothing. Units that do fire but alike for all examples, or
    whose outgoing weights are zero, are useless and not dead; recurrent layers and compiled code are not looked into.
    When a unit died is known only as closely as the looks lie together.

    ## Remedies
    Lower the learning rate, or warm it up, where units were killed; initialise anew where they were born dead; a leaky
    ReLU or GELU keeps a gradient, and a normalisation before the activation keeps units in range.
    """

    name = "dead-units"

    def examine(self, case: Case) -> Verdict:
        """One finding for all layers: those with too many dead units."""
        if not case.layers:
            return UNSEEN
        layers = judged(case)
        if not layers:
            return Unjudged("no hidden layer has an activation with a flat part", "skipped")
        if shrunk(case) is not None:
            return SHRUNK
        if constant_inputs(case):
            return CONSTANT
        dead, drawn = dead_units(case), drawn_off(case)
        found = [
            d
            for d in dead or ()
            if (d.share > d.limit and d.born + d.killed >= LEAST_DEAD)
            or (d.share >= TOLD and d.killed >= max(LEAST_TOLD, d.born))
        ]
        if found:
            return (self._found(case, found),)
        if off := [x for x in drawn if x.nearest.margin >= 1]:
            return (self._drawn_off(case, off),)
        if dead is None:
            return Unjudged("which units are alive was not recorded")
        if not dead:
            return Unjudged(
                f"too few examples were seen to call a unit dead: it takes {LEAST_EXAMPLES} at {LEAST_LOOKS} looks"
            )
        return nearest([*(e for d in dead for e in _near(d)), *(x.nearest for x in drawn)])

    def _drawn_off(self, case: Case, off: list[Off]) -> Finding:
        worst = max(off, key=lambda x: x.ends.value)
        others = [x.layer.name for x in off if x is not worst]
        return self.finding(
            "info" if case.looks_trained or _learned(case) else "warning",
            [x.layer.name for x in off],
            worst.begins.step or 0,
            f"The units of {worst.layer.shown_as} were drawn so that hardly an example turns them on: "
            f"{worst.begins.value:.0%} of their values were off at first, {worst.ends.value:.0%} are in the end. "
            "A unit learns from the examples alone that turn it on."
            + (f" Likewise: {listed(others)}." if others else ""),
            [evidence for x in off for evidence in (x.begins, x.ends)],
            [_ANEW, _other_units(worst.layer)],
        )

    def _found(self, case: Case, found: list[Dead]) -> Finding:
        worst = max(found, key=lambda d: d.share)
        grave = [d for d in found if d.share > d.limit]
        told = grave or found
        layer, count = worst.layer, worst.born + worst.killed
        others = [d.layer.name for d in told if d is not worst]
        cut = worst.share == 1 and not (len(case.loss) and case.loss.progressed)
        return self.finding(
            ("critical" if cut else "warning") if grave and not _learned(case) else "info",
            [d.layer.name for d in told],
            min(d.since for d in told),
            f"{count} of the {worst.units} units of {layer.shown_as} are dead: none of the last "
            f"{worst.examples:,} examples turned them on. {_history(case, worst)} "
            f"{_REVIVE.get(layer.activation or '', _SLOWLY)}{_revived(worst)}"
            + (f" Likewise: {listed(others)}." if others else ""),
            [
                Evidence(
                    f"{q.DEAD} of {d.layer.name}",
                    d.share,
                    limit := d.limit if grave else TOLD,
                    d.share / limit,
                    int(d.seen[-1]),
                )
                for d in told
            ],
            _remedies(worst),
        )


def _near(dead: Dead) -> tuple[Evidence, Evidence]:
    """How near a layer came to having too many dead units, and to having lost so many that it is told."""
    share, count, told = dead.share, dead.born + dead.killed, max(LEAST_TOLD, dead.born)
    what, step = f"{q.DEAD} of {dead.layer.name}", int(dead.seen[-1])
    return (
        lacking(
            above(what, share, dead.limit, step),
            above(f"dead units of {dead.layer.name}", count, LEAST_DEAD, step),
        ),
        lacking(
            above(what, share, TOLD, step),
            above(f"units of {dead.layer.name} that were killed", dead.killed, told, step),
        ),
    )


def _learned(case: Case) -> bool:
    level, curve = against_guess(case).level, case.loss
    return not case.several_losses and too_few(curve) is None and curve.end.value < LEARNED * level


def _history(case: Case, dead: Dead) -> str:
    """When they died, and how fast the layer's weights moved then."""
    blow = dead.blow
    if blow is None:
        return "All of them were born dead: no look saw them alive."
    born = f"{dead.born} were born dead and {dead.killed} killed" if dead.born else "They were killed"
    if dead.born > dead.killed:
        return f"{born} since."
    last, after, count = blow
    if dead.one_by_one:
        return f"{born}, a few at a time, until step {int(dead.last_alive.max()):,}."
    text = f"{born}, {'all' if count == dead.killed else count} of them between steps {last:,} and {after:,}"
    ratio = case.looks(q.RATIO, dead.layer.weight or "")
    then = ratio.values[(ratio.steps >= last) & (ratio.steps <= after)]
    if dead.layer.weight and len(then):
        text += (
            f", when the layer's weights moved by 10^{then.max():.1f} of their size in a step "
            f"(10^{ratio.median:.1f} is their median)"
        )
    return f"{text}."


def _revived(dead: Dead) -> str:
    if not dead.revived:
        return ""
    return f" Units of this layer came back {dead.revived} time{'s' if dead.revived > 1 else ''}."


def _other_units(layer: Layer) -> str:
    if layer.activation in TWO_ENDS:
        return "Put a normalisation before the activation, so that no unit stays at an end."
    return f"Use an activation that keeps a gradient below zero (leaky ReLU, GELU) in {layer.name}."


def _remedies(dead: Dead) -> list[Remedy | str]:
    killed = Remedy("Lower the learning rate, or warm it up over the first steps.", "auscult.treat.suggest_lr")
    by = ([killed] if dead.killed else []) + ([_ANEW] if dead.born or not dead.killed else [])
    return [*by, _other_units(dead.layer)]
