"""symmetric-init: units that are copies of each other, and stay so."""

from __future__ import annotations

from auscult.findings import Evidence
from auscult.rules._case import Case
from auscult.rules._rule import UNSEEN, Rule, Unjudged, Verdict, above, listed, nearest
from auscult.runs import quantities as q

SHARE = 0.5  # of a layer's units
ALL = 0.99
LEAST_LOOKS = 3
LEAST_STEPS = 10  # after which zero weights that are meant have taken on values of their own


class SymmetricInit(Rule):
    """Units of a hidden layer begin as copies of each other and stay so.

    ## What it flags
    Hidden layers, at least half of whose units have weights equal to another unit's, bias included, at the first look
    and still at the last.

    ## Why it matters
    Equal units compute the same and get the same gradient, so they stay equal for ever: a layer of a hundred such
    units is worth one. The usual reason is an initialisation with zeros or another constant.

    ## Thresholds
    Half of the units, at every look over ten steps or more; exact equality, so chance does not make it. Random
    weights measure 0, an initialisation with a constant 1. It is critical where all units of a layer are copies.

    ## False alarms
    Weights that begin at zero on purpose are none: an output layer, the last layer of a residual branch, one half of
    a low-rank adapter. Their units get different gradients and part at the first steps; the output layer is not
    looked at. Layers not asked to train, such as fixed filters, are left out.

    ## What it cannot see
    Units that are alike but not equal, such as copies with a little noise, and copies whose signs or scales differ,
    though they learn next to the same. Layers fewer than half of whose units are copies pass, and recurrent layers of
    PyTorch's own and layers without weights of their own are not compared.

    ## Remedies
    Initialise the weights at random (`torch.nn.init.kaiming_normal_`); biases may be zero.
    """

    name = "symmetric-init"

    def examine(self, case: Case) -> Verdict:
        """The hidden layers whose units are copies at every look."""
        if not case.layers:
            return UNSEEN
        rest = {p.name for p in case.parameters if not p.trainable}
        judged = {
            layer.name: looks
            for layer in case.hidden_layers
            if (layer.units or 0) >= 2 and layer.weight not in rest and len(looks := case.looks(q.COPIED, layer.name))
        }
        if not judged:
            return Unjudged("no hidden layer with two units or more had its weights compared", "skipped")
        alike = {name: looks for name, looks in judged.items() if looks.values.min() >= SHARE}
        if not alike:
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
                ["Initialise the weights at random, such as with torch.nn.init.kaiming_normal_; biases may be zero."],
            ),
        )
