"""bias-before-norm: a bias that the normalisation after it takes away again."""

from __future__ import annotations

import math

import numpy as np

from auscult.findings import Evidence, Finding, Remedy
from auscult.rules._case import Case
from auscult.rules._looks import over
from auscult.rules._rule import UNSEEN, Rule, Unjudged, Verdict, above, listed, nearest
from auscult.runs import Layer
from auscult.runs import quantities as q

CANCELS = ("batch-norm", "instance-norm")
NEGLIGIBLE = 1e-5  # of what the gradient of the weights suggests
ROUNDING = 1e-7  # of float32: no smaller share is told from it
NEARLY_ALWAYS = 0.9  # of the looks
LEAST_LOOKS = 5


class BiasBeforeNorm(Rule):
    """A bias that the normalisation right after it takes away again.

    ## What it flags
    Trained biases of linear and convolution layers whose output goes straight into a batch or instance normalisation.
    Where no normalisation layer can be seen, because the script normalises by hand, biases whose gradient is always
    next to zero although that of the layer's weights is not.

    ## Why it matters
    The normalisation subtracts the mean of each unit, and the bias with it. The bias does nothing and gets no
    gradient but rounding, yet it takes memory and time, and weight decay and the optimizer's state are spent on it. It
    does no harm to what is learned.

    ## Thresholds
    Seen in the graph, none. By the gradients: a norm of the bias's gradient below 1e-5 of the weights' over the root
    of the fan-in, at 90 % of five looks or more. What rounding left in float32 before a batch normalisation measured
    8e-8 to 5e-7; biases that count measured .2 to 25, in networks of three to eight layers with ReLU, tanh or sigmoid.

    ## False alarms
    Layer and group normalisation do not subtract the mean of a single unit, so a bias before them counts and is not
    flagged; nor is one before a batch normalisation that runs in eval mode, with fixed statistics. It is always
    information only.

    ## What it cannot see
    Biases that something else takes away: a softmax, a group normalisation with one channel to a group, a normalisation
    that another operation comes before. Where any norm is seen in the network, biases that a normalisation written by
    hand takes away are not looked for.

    ## Remedies
    Make the layer with `bias=False`; the normalisation's own bias takes its place. For a trained network, subtract the
    bias from the running mean and drop it.
    """

    name = "bias-before-norm"

    def examine(self, case: Case) -> Verdict:
        """The biases before norms; without any norm, those without a gradient."""
        if not case.layers:
            return UNSEEN
        trained = {p.name for p in case.parameters if p.trainable}
        biased = [
            x for x in case.layers if x.operation in ("linear", "convolution") and x.bias and x.bias in trained
        ]  # fmt: skip
        if not biased:
            return Unjudged("no layer has a bias that is trained", "skipped")
        norms = [x for x in case.layers if "norm" in x.operation]
        if norms or any(x.norm for x in case.layers):
            found = [x for x in biased if _straight_into(case, x)]
            return (self._seen(case, found),) if found else ()
        return self._by_gradient(case, biased)

    def _seen(self, case: Case, found: list[Layer]) -> Finding:
        sizes = {p.name: p.size for p in case.parameters}
        biases = [x.bias for x in found if x.bias]
        total = sum(sizes[b] for b in biases)
        many = len(biases) > 1
        return self.finding(
            "info",
            biases,
            _first(case),
            f"{listed(biases)} {'do' if many else 'does'} nothing: the normalisation that follows subtracts "
            f"{'them' if many else 'it'} again. {total:,} number{'s are' if total != 1 else ' is'} trained in vain.",
            [Evidence("elements of biases before a normalisation", total, 0, max(1, total), _first(case))],
            _REMEDIES,
        )

    def _by_gradient(self, case: Case, biased: list[Layer]) -> Verdict:
        held = {}
        for layer in biased:
            bias, weight = case.looks(q.GRAD_NORM, layer.bias or ""), case.looks(q.GRAD_NORM, layer.weight or "")
            if layer.weight and layer.fan_in and len(share := over(bias, weight)) >= LEAST_LOOKS:
                held[layer.bias or ""] = share.values * math.sqrt(layer.fan_in)
        if not held:
            return Unjudged("no normalisation was seen, and too few gradients of biases to tell by them")
        often = {name: float(np.mean(share < NEGLIGIBLE)) for name, share in held.items()}
        found = {name: share for name, share in held.items() if often[name] >= NEARLY_ALWAYS}
        if not found:
            return nearest(
                above(f"share of looks at which {name} gets no gradient", share, NEARLY_ALWAYS)
                for name, share in often.items()
            )
        names, many = list(found), len(found) > 1
        middle = {name: float(np.median(share)) for name, share in found.items()}
        return (
            self.finding(
                "info",
                names,
                _first(case),
                f"{listed(names)} {'get' if many else 'gets'} no gradient but rounding, while the weights do: what "
                "follows takes it away again, as a batch normalisation does, or the difference of two outputs.",
                [
                    Evidence(
                        f"{q.GRAD_NORM} of {name} over the weights', times the root of the fan-in",
                        share,
                        NEGLIGIBLE,
                        NEGLIGIBLE / max(share, ROUNDING),
                        _first(case),
                    )
                    for name, share in middle.items()
                ],
                _REMEDIES,
            ),
        )


_REMEDIES = [
    Remedy("Make the layer with bias=False: the normalisation's own bias takes its place."),
    Remedy("For a trained network, subtract the bias from the running mean and drop it.", "auscult.treat.fold_bias"),
]


def _straight_into(case: Case, layer: Layer) -> bool:
    """Whether a norm that subtracts the unit's mean takes just this layer's output, and nothing else does."""
    norms = [x for x in case.fed_by(layer.name) if x.operation in CANCELS and x.after == (layer.name,)]
    if any((uses := case.looks(q.NORM_TRAINS, x.name)).late == 0 and len(uses) for x in norms):
        return False
    if layer.activation is not None:
        return layer.norm in CANCELS
    return bool(norms) and len(norms) == len(case.fed_by(layer.name))


def _first(case: Case) -> int:
    return case.start.step if case.start else 0
