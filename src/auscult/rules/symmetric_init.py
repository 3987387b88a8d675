"""symmetric-init: units that are copies of each other, and stay so."""

from __future__ import annotations

from auscult.findings import Evidence, Finding
from auscult.rules._case import Case
from auscult.rules._rule import UNSEEN, Rule, Unjudged, Verdict, above, figure, listed, nearest
from auscult.runs import Layer, Parameter
from auscult.runs import quantities as q

SHARE = 0.5  # of a layer's units
ALL = 0.99
LEAST_LOOKS = 3
ROUNDING = 1e-5  # of their magnitude: the spread of weights that are all equal
WON = 0.1  # of the first losses: what has come so far has left such a beginning behind
LEAST_STEPS = 10  # after which zero weights that are meant have taken on values of their own


_REMEDY = "Initialise the weights at random, such as with torch.nn.init.kaiming_normal_; biases may be zero."


class SymmetricInit(Rule):
    """Units of a hidden layer begin as copies of each other, and stay so or nearly so.

    ## What it flags
    Hidden layers, at least half of whose units have weights equal to another unit's, bias included, at the first look
    and still at the last; of embeddings, such as the factors of users and things, the columns. Also linear and
    recurrent layers all of whose weights begin at one and the same value other than zero, though they part.

    ## Why it matters
    Equal units compute the same and get the same gradient, so they stay equal for ever: a layer of a hundred such
    units is worth one. The usual reason is an initialisation with zeros or another constant. Where what follows the
    layer is random, its units get different gradients and part, but they begin with nothing to tell: together they
    know one number, the sum of their inputs, and it takes many steps to leave that behind.

    ## Thresholds
    Half of the units, at every look over ten steps or more; exact equality, so chance does not make it. Random
    weights measure 0, an initialisation with a constant 1. It is critical where all units of a layer are copies. Of
    those that part it is a warning, and information where the loss came down to a tenth of where it began. Where no
    layer could be seen, as with `torch.func.grad`, it takes two matrices that begin so.

    ## False alarms
    Weights that begin at zero on purpose are none: an output layer, the last layer of a residual branch, one half of
    a low-rank adapter. Their units get different gradients and part at the first steps; the output layer is not
    looked at. Layers not asked to train, such as fixed filters, are left out. A layer that is meant to begin as an
    average of its inputs is one, while its loss stays high. Convolutions whose equal filters part are not told: where
    each filter has a channel of its own, they are no copies.

    ## What it cannot see
    Units that are alike but not equal, such as copies with a little noise, and copies whose signs or scales differ,
    though they learn next to the same. Layers fewer than half of whose units are copies pass. Of recurrent layers that
    cannot be seen inside only weights that are all equal are seen, and layers without weights of their own are not
    compared.

    ## Remedies
    Initialise the weights at random (`torch.nn.init.kaiming_normal_`); biases may be zero.
    """

    name = "symmetric-init"

    def examine(self, case: Case) -> Verdict:
        """The hidden layers whose units are copies at every look."""
        if not case.layers:
            return _by_weights(self, case)
        rest = {p.name for p in case.parameters if not p.trainable}
        judged = {
            layer.name: looks
            for layer in (*case.hidden_layers, *(x for x in case.layers if x.operation == "embedding"))
            if (layer.units or 0) >= 2 and layer.weight not in rest and len(looks := case.looks(q.COPIED, layer.name))
        }
        parted = _parted(self, case, rest)
        if not judged and parted is None:
            return Unjudged("no hidden layer or embedding with two units or more had its weights compared", "skipped")
        alike = {name: looks for name, looks in judged.items() if looks.values.min() >= SHARE}
        if not alike:
            if parted is not None:
                return (parted,)
            return nearest(above(f"{q.COPIED} of {name}, least", x.values.min(), SHARE) for name, x in judged.items())
        lasting = {
            name: looks
            for name, looks in alike.items()
            if len(looks) >= LEAST_LOOKS and looks.steps[-1] - looks.steps[0] >= LEAST_STEPS
        }
        if not lasting:
            return Unjudged(f"{listed(list(alike))}: units begin equal, and too few steps tell whether they part")
        worst = max(lasting, key=lambda name: lasting[name].late)
        share, last = lasting[worst].late, int(max(looks.steps[-1] for looks in lasting.values()))
        others = f" So in {listed([n for n in lasting if n != worst])}." if len(lasting) > 1 else ""
        return (
            self.finding(
                "critical" if share >= ALL else "warning",
                list(lasting),
                min(int(looks.steps[0]) for looks in lasting.values()),
                f"{share:.0%} of the units of {worst} are copies of each other and still are at step {last:,}: they "
                f"get the same gradients, so together they are worth one.{others}",
                [
                    Evidence(f"{q.COPIED} of {name}", looks.late, SHARE, looks.late / SHARE, int(looks.steps[-1]))
                    for name, looks in lasting.items()
                ],
                [_REMEDY],
            ),
        )


def _parted(rule: Rule, case: Case, rest: set[str]) -> Finding | None:
    """Layers that began with all weights equal; None where there is none."""
    began: dict[str, Layer] = {}  # by their weights, which the calls of one layer share
    for layer in case.layers:
        if layer.weight and layer.weight not in rest and _one_value(case, layer):
            began.setdefault(layer.weight, layer)
    if not began:
        return None
    (weight, layer), *others = began.items()
    step = int(case.looks(q.DATA_STD, weight).steps[0])
    likewise = f" Likewise: {listed([x.name for _, x in others])}." if others else ""
    return rule.finding(
        "info" if _has_learned(case) else "warning",
        [x.name for x in began.values()],
        step,
        f"All weights of {layer.name} begin at {figure(_one_value(case, layer))}: its units begin as copies of each "
        f"other, and part only by what follows them.{likewise}",
        [Evidence(f"share of the weights of {layer.name} that begin equal", 1.0, SHARE, 1 / SHARE, step)],
        [_REMEDY],
    )


def _by_weights(rule: Rule, case: Case) -> Verdict:
    """Where no layer could be seen: two matrices or more that began with all weights equal, and none of zeros."""
    matrices = [p for p in case.parameters if p.trainable and p.kind == "matrix" and min(p.shape) >= 2]
    equal = {p.name: size for p in matrices if (size := _begins_at(case, p))}
    if len(equal) < 2:
        return UNSEEN
    (name, size), *_ = equal.items()
    return (
        rule.finding(
            "info" if _has_learned(case) else "warning",
            list(equal),
            int(case.looks(q.DATA_STD, name).steps[0]),
            f"All weights of {name} begin at {figure(size)}, and those of {listed(list(equal)[1:])} are all equal too: "
            "units between them begin as copies of each other, get the same gradients and stay copies.",
            [Evidence("matrices that begin with all weights equal", len(equal), 2, len(equal) / 2)],
            [_REMEDY],
        ),
    )


def _has_learned(case: Case) -> bool:
    curve = case.loss
    return case.looks_trained or (len(curve) > 0 and curve.end.value < WON * curve.begin.value)


def _one_value(case: Case, layer: Layer) -> float:
    """The magnitude that all weights of a hidden linear or recurrent layer begin with; 0 where there is none."""
    if layer.operation not in ("linear", "recurrent") or layer.is_output or (layer.units or 0) < 2:
        return 0.0
    p = next((p for p in case.parameters if p.name == layer.weight and p.kind == "matrix"), None)
    return 0.0 if p is None or min(p.shape) < 2 else _begins_at(case, p)


def _begins_at(case: Case, p: Parameter) -> float:
    """The magnitude that all elements of a parameter begin with; 0 where they are not equal, or all zero."""
    spread, norm = case.looks(q.DATA_STD, p.name), case.looks(q.DATA_NORM, p.name)
    if not len(spread) or not len(norm):
        return 0.0
    size = norm.first / p.size**0.5
    return size if spread.first <= ROUNDING * size else 0.0
