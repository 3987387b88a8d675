"""vanishing-gradients: next to no gradient reaches the first layers, or any of them while the loss is still high."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from auscult.findings import Evidence, Finding, Remedy
from auscult.rules._case import Case
from auscult.rules._depth import Chain, chains, gradient_gain, gradient_to_data, paths, through_time
from auscult.rules._guess import against_guess
from auscult.rules._inputs import CONSTANT, constant_inputs
from auscult.rules._looks import Looks, over
from auscult.rules._loss import FAR_DOWN, LIKELY
from auscult.rules._rule import UNSEEN, Rule, Unjudged, Verdict, above, below, figure, lacking, listed, nearest
from auscult.rules._shrunk import SHRUNK, shrunk
from auscult.rules.diverging_loss import too_few
from auscult.runs import quantities as q

FADES = 1e-3  # of the gradient at the last of like layers is left at the first
UNEVEN = 2.0  # times the gradient of the next layer: a layer on a path that fades may have so much
FADES_STUCK = 1e-2  # where the loss shows that nothing is learned
COLLAPSED = 1e-3  # of the gradients of the beginning is left at the end
MOST = 0.5  # of the matrices
LONG = 0.25  # of the steps: Adam makes up for a small gradient sooner
LITTLE = 0.1  # of the loss's size: a fall that says that there is far to go
EARLY = 0.25  # share of the looks that are the beginning
LEAST_LOOKS = 10


class VanishingGradients(Rule):
    """Next to no gradient reaches the first layers, or any layer while the loss is still high.

    ## What it flags
    Along depth: hidden layers that follow each other, alike and without a normalisation between, where the gradient
    at the first is a thousandth of that at the last or less, over the whole run. Through the time steps of a recurrent
    layer: the same of its first call and its last. Along three layers or more of any kind, convolutions too, fed one by
    the other without a normalisation: the gradient for the size of the weights, fading from layer to layer, to a
    hundredth in all, where the loss is stuck. Over the training: most matrices end with a thousandth of the gradient
    they began with, while the loss has hardly fallen.

    ## Why it matters
    A layer learns as fast as its gradient lets it. With SGD, layers with a thousandth of the gradient stand still, and
    the others work with the random features these give. Adam makes up for a small gradient, but not for one that is
    lost in noise.

    ## Thresholds
    A thousandth (AutoTrainer: the first layer's over the last's below 1e-3), or a hundredth where the loss fell by less
    than 10 % (by its noise it may have, two standard errors, and the last third of it lies no lower than the first), in
    the median over all looks. Gradients are compared times the root of the layer's units, which
    well-scaled weights keep at any width.

    Measured at the start with PyTorch's default weights, 256 wide: over five hidden layers a ReLU network keeps 1/36,
    tanh 1/10, GELU 1/140, a sigmoid 1/2,600. Four sigmoid layers of 128 units keep 1/330: after 1,500 steps of SGD at
    .1 the loss had fallen by 5 % and the gradient was as small as before, while with Adam the first layer's was larger
    than the last's by step 200. So with adaptive optimizers it is flagged only where the loss fell by less than 10 %,
    or has more than half of a constant guess's and of where it began left, and the gradient faded to a thousandth for a
    quarter of the steps.

    The calls of a recurrent layer share their weights, so no optimizer makes up for what fades between them; there it
    is information where the loss came down to half of where it began, and of what a constant guess has. Read row by
    row, in 8 calls, our healthy networks kept 1/220 or more in the median; read pixel by pixel, in 64, a tanh network
    keeps 1e-16 of it.

    ## False alarms
    The gradients of a training that has converged are small and healthy: over time only a loss that hardly fell is
    flagged. Layers that stand in residual branches or behind a normalisation are not compared, and convolutions only
    where the loss is stuck. Where all matrices have shrunk to a thousandth of what they were, as under a strong weight
    decay, the gradient went with them: that is `no-progress`, and nothing is said here.

    ## What it cannot see
    Residual branches and attention: only layers that follow each other are compared along depth. Nor recurrent layers
    whose steps cannot be seen, such as PyTorch's LSTM, nor gates. Over the training it sees norms of whole matrices,
    and says nothing once the loss has fallen by a tenth. Along depth, with adaptive optimizers, it says nothing once
    the loss has come down to half.

    ## Remedies
    Use ReLU, GELU or tanh in place of sigmoid; scale the weights for the activation; put a normalisation between the
    layers, or residual connections past them. Look first at what is named as the cause.
    """

    name = "vanishing-gradients"

    def examine(self, case: Case) -> Verdict:
        """What fades on its way to the first layers, and what has faded since the beginning."""
        if shrunk(case) is not None:
            return SHRUNK
        if constant_inputs(case):
            return CONSTANT
        over_time = self._over_time(case)
        found = [
            *self._along_depth(case),
            *self._of_weights(case),
            *self._through_time(case),
            *([over_time] if over_time else []),
        ]
        if found:
            return tuple(found)
        if not case.layers:
            return UNSEEN
        compared = (*chains(case), *through_time(case))
        if not any(len(gradient_gain(case, chain)) for chain in compared) and not _matrices(case):
            return Unjudged("the gradients of no two like layers were seen, nor those of any matrix for long enough")
        return nearest(_near(case))

    def _along_depth(self, case: Case) -> list[Finding]:
        found = []
        stuck = _stuck(case)
        adaptive = any(g.family == "adaptive" for g in case.groups)
        limit = FADES_STUCK if stuck else FADES
        for chain in chains(case):
            left = gradient_gain(case, chain)
            made_up_for = adaptive and not stuck and (_share_below(left, case) < LONG or not _far_to_go(case))
            if not len(left) or left.median >= limit or made_up_for or case.several_losses:
                continue
            since = left.since(left.values < limit)
            found.append(
                self.finding(
                    "info" if case.looks_trained or not (stuck or len(left) >= LEAST_LOOKS) else "warning",
                    [x.name for x in chain],
                    since,
                    f"Of the gradient at {chain[-1].name} only {_share(left.median)} reaches {chain[0].name}, "
                    f"{len(chain) - 1} layer{'s' if len(chain) > 2 else ''} before it: the first layers hardly learn.",
                    [
                        Evidence(
                            f"{q.ACTIVATION_GRAD_STD}, {chain[0].name} over {chain[-1].name}, median",
                            left.median,
                            limit,
                            limit / max(left.median, 1e-30),
                            since,
                        )
                    ],
                    _remedies(chain[0].activation),
                )
            )
        return found

    def _of_weights(self, case: Case) -> list[Finding]:
        found = []
        compared = [chain for chain in chains(case) if len(gradient_gain(case, chain))]
        for path in paths(case) if _stuck(case) and not case.several_losses else []:
            held = _faded(case, path)
            if any(path[0] in chain and path[-1] in chain for chain in compared) or not held.margin > 1:
                continue
            looks = over(gradient_to_data(case, path[0]), gradient_to_data(case, path[-1]))
            found.append(
                self.finding(
                    "info" if case.looks_trained or len(looks) < LEAST_LOOKS else "warning",
                    [x.name for x in path],
                    looks.since(looks.values < FADES_STUCK),
                    f"For the size of its weights {path[0].name} gets {_share(held.value)} of the gradient that "
                    f"{path[-1].name} gets, fading from layer to layer: the first layers "
                    "hardly learn.",
                    [held],
                    _remedies(path[0].activation),
                )
            )
        return found

    def _through_time(self, case: Case) -> list[Finding]:
        found = []
        for calls in through_time(case):
            left = gradient_gain(case, calls)
            if len(left) < LEAST_LOOKS or left.median >= FADES or case.several_losses:
                continue
            since = left.since(left.values < FADES)
            found.append(
                self.finding(
                    "warning" if _far_to_go(case) and not case.looks_trained else "info",
                    [calls[0].name],
                    since,
                    f"Of the gradient at the last call of {calls[0].name} only {_share(left.median)} reaches its "
                    "first: what came in early has no part in what is learned.",
                    [
                        Evidence(
                            f"{q.ACTIVATION_GRAD_STD}, {calls[0].name} over {calls[-1].name}, median",
                            left.median,
                            FADES,
                            FADES / max(left.median, 1e-30),
                            since,
                        )
                    ],
                    [
                        "Use gates (torch.nn.GRU, torch.nn.LSTM), or attention, where early inputs matter.",
                        "Begin with recurrent weights that neither shrink nor grow: torch.nn.init.orthogonal_.",
                    ],
                )
            )
        return found

    def _over_time(self, case: Case) -> Finding | None:
        if not _stuck(case) or case.several_losses:
            return None
        held = _matrices(case)
        left = {name: _end_over_begin(looks) for name, looks in held.items()}
        gone = {name: share for name, share in left.items() if share < COLLAPSED}
        if not gone or len(gone) < MOST * len(left):
            return None
        worst = min(gone, key=lambda name: gone[name])
        since = min(_gone_since(held[name]) for name in gone)
        end = case.loss.end.value
        return self.finding(
            "info" if case.looks_trained else "warning",
            list(gone),
            since,
            f"The gradients of {listed(list(gone))} have shrunk to {_share(gone[worst])} of what they were and less "
            f"by step {since:,}, though the loss is still {figure(end, 3)}: nothing more will be learned."
            if len(gone) == 1
            else f"The gradients of {len(gone)} of {len(left)} matrices have shrunk to {_share(max(gone.values()))} of "
            f"what they were, or less, since step {since:,}, though the loss is still {figure(end, 3)}.",
            [
                Evidence(
                    f"{q.GRAD_NORM} of {name}, end over begin",
                    share,
                    COLLAPSED,
                    COLLAPSED / max(share, 1e-30),
                    int(held[name].steps[-1]),
                )
                for name, share in gone.items()
            ],
            ["Start anew from fresh weights with a lower learning rate: dead or saturated units do not come back."],
        )


def _faded(case: Case, path: Chain) -> Evidence:
    """How far the gradients for the size of the weights fade along a path, where they do so from layer to layer."""
    each = [gradient_to_data(case, x).median for x in path]
    share = each[0] / each[-1] if all(a < UNEVEN * b for a, b in pairwise(each)) else float("nan")
    what = f"{q.GRAD_NORM} / {q.DATA_NORM}, {path[0].name} over {path[-1].name}, median"
    return below(what, share, FADES_STUCK)


def _near(case: Case) -> list[Evidence]:
    """How near a chain came to fading away, and most of the matrices to having lost their gradient."""
    if case.several_losses:
        return []
    adaptive = any(g.family == "adaptive" for g in case.groups)
    stuck = _still(case)
    found = []
    for chain in chains(case):
        what = f"{q.ACTIVATION_GRAD_STD}, {chain[0].name} over {chain[-1].name}, median"
        left = gradient_gain(case, chain)
        through, fades = left.median, below(what, left.median, FADES)
        long = above("share of the steps in which it did", _share_below(left, case), LONG)
        found += [lacking(fades, long, _left(case)) if adaptive else fades]
        found += [lacking(below(what, through, FADES_STUCK), stuck)] if stuck else []
    if stuck:
        found += [lacking(_faded(case, path), stuck) for path in paths(case)]
    for calls in through_time(case):
        left = gradient_gain(case, calls)
        what = f"{q.ACTIVATION_GRAD_STD}, {calls[0].name} over {calls[-1].name}, median"
        found += [below(what, left.median, FADES)] if len(left) >= LEAST_LOOKS else []
    left = sorted((_end_over_begin(looks), name) for name, looks in _matrices(case).items())
    if left and stuck:
        share, name = left[math.ceil(MOST * len(left)) - 1]
        found.append(lacking(below(f"{q.GRAD_NORM} of {name}, end over begin", share, COLLAPSED), stuck))
    return found


def _share_below(left: Looks, case: Case) -> float:
    """The share of the steps in which no more than that was left of a gradient, each look standing until the next."""
    stands = np.diff(left.steps, append=case.total_steps)
    return float(stands[left.values < FADES].sum()) / max(1, case.total_steps)


def _far_to_go(case: Case) -> bool:
    """Whether the loss has not come down to half of the first ones, and of a constant guess's."""
    return _left(case).margin > 1


def _left(case: Case) -> Evidence:
    """How far the loss is from that."""
    curve = case.loss
    begun = float(np.fmin(curve.begin.value, against_guess(case).level)) if len(curve) else math.nan
    share = curve.end.value / begun if begun > 0 else math.inf
    return above("share of the first loss, or of a constant guess's, that is left", share, FAR_DOWN)


def _stuck(case: Case) -> bool:
    """Whether the loss had the time to fall and fell by less than 10 %, or by no more for sure and then no further."""
    still = _still(case)
    return still is not None and still.margin > 1


def _still(case: Case) -> Evidence | None:
    """How near the loss came to that; None where it had no time."""
    curve = case.loss
    if too_few(curve) is not None:
        return None
    sure = curve.fell - (LIKELY * curve.fell_error if curve.circles else 0)
    return below("fall of the loss, as a share of its size", sure / curve.size, LITTLE, int(curve.steps[-1]))


def _matrices(case: Case) -> dict[str, Looks]:
    """The gradient norms of the trained matrices that were looked at for long enough, and had a gradient at first."""
    names = [p.name for p in case.parameters if p.kind == "matrix" and p.trainable]
    return {
        name: looks
        for name in names
        if len(looks := case.looks(q.GRAD_NORM, name)) >= LEAST_LOOKS and _begin(looks) > 0
    }


def _begin(looks: Looks) -> float:
    return float(np.median(looks.values[: max(3, round(len(looks) * EARLY))]))


def _end_over_begin(looks: Looks) -> float:
    return looks.late / _begin(looks)


def _gone_since(looks: Looks) -> int:
    """The step from which a gradient stays below what counts as gone."""
    above = np.flatnonzero(looks.values >= COLLAPSED * _begin(looks))
    return int(looks.steps[min(int(above[-1]) + 1 if len(above) else 0, len(looks) - 1)])


def _share(share: float) -> str:
    """A small share for a sentence: "1/400", "nothing"."""
    return f"1/{float(figure(1 / share)):,.0f}" if share > 1e-12 else "nothing"


def _remedies(activation: str | None) -> list[Remedy | str]:
    flat = activation in ("sigmoid", "hardsigmoid")
    change = ["Use ReLU, GELU or tanh: a sigmoid passes on a quarter of the gradient at best."] if flat else []
    return [
        *change,
        Remedy("Scale the weights for the activation that follows.", "auscult.treat.initialise"),
        Remedy("Put a normalisation between the layers, or residual connections past them.", "auscult.compare_norms"),
    ]
