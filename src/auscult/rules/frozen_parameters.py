"""frozen-parameters: asked to train, never moving."""

from __future__ import annotations

import numpy as np

from auscult.findings import Evidence, Finding, Severity
from auscult.rules._case import Case
from auscult.rules._causes import CUT_OFF
from auscult.rules._inputs import constant_inputs
from auscult.rules._pace import decays_alone
from auscult.rules._rule import Rule, Unjudged, Verdict, above, listed, nearest
from auscult.runs import Parameter
from auscult.runs import quantities as q

LEAST_SAMPLES = 10
NEARLY_ALL = 0.9  # of the elements asked to train: then the training as a whole stands still
REST = 0.2  # of the steps: a training that stood still for so long at its end was not ended in time
SPARE = 0.01  # of the elements asked to train: so small a part that the loss does not depend on may be there unused
NEGLIGIBLE = 1e-6  # gradient norm over data norm: what rounding leaves where the true gradient is zero

# cause: what is said of it, and what to do
_WORDS = {
    "no gradient": (
        "never got a gradient: the loss does not depend on {it}",
        "Find where the loss loses sight of {it}: an unused module, .detach(), torch.no_grad() or .data on the way. "
        "If that is meant, set requires_grad_(False).",
    ),
    "cleared": (
        "lost the gradient that backward left in {it} before the optimizer could use it",
        "Call zero_grad() before backward() or after step(), not between the two.",
    ),
    CUT_OFF: (
        "only ever got gradients of exactly zero",
        "Look for what cuts the gradient off before {it}: dead units, a saturated activation, a mask, a zero weight.",
    ),
    "learning rate 0": (
        "had a learning rate of 0 throughout",
        "Give the parameter group a learning rate. If it is meant to rest, set requires_grad_(False).",
    ),
    "in no optimizer": (
        "got gradients, but no optimizer holds {it}",
        "Make the optimizer after all layers are there, and hand it model.parameters(). If that is meant, set "
        "requires_grad_(False), which also saves the work of the gradients.",
    ),
    "rounding": (
        "got gradients, but every update was too small for {dtype} and was rounded away",
        "Keep the weights in float32 and compute in {dtype} with torch.autocast, or raise the learning rate.",
    ),
}


class FrozenParameters(Rule):
    """Parameters that are asked to train and never move.

    ## What it flags
    Parameters with `requires_grad` whose value did not change at any step looked at, nor in between, and why: they
    never got a gradient, or lost it before the step; their gradient was always exactly zero, so that nothing moved them
    or weight decay alone; their learning rate was 0; they got gradients but stand in no optimizer; or the updates were
    smaller than their number format can hold. Also a training in which nothing at all gets a gradient and moves any
    more, from some step to its end.

    ## Why it matters
    Part of the network keeps its random start. The rest must work around it, and nothing fails: the loss still falls,
    to a worse end. The usual mistakes are an optimizer made before the layers were replaced, a `.detach()` too many,
    and weights in bfloat16 with a small learning rate.

    ## Thresholds
    None on the size: a parameter counts only if it never moved at all, over at least ten samples; a whole training if
    none of it moved in the last ten samples and in a fifth of the steps, at a learning rate above zero. Critical where
    more than 90 % of the elements asked to train stand still, a warning else and where no optimizer holds them, since a
    head trained alone is often meant. Information where less than 1 % of the elements never got a gradient: layers that
    are there and not called have been seen to be .01 % and .6 % of healthy networks from libraries, and what a faulty
    training cut off 15 % and more. An update lost in rounding counts for weight matrices and in 16-bit formats,
    where the gradient is more than a millionth of the parameter's norm: the true gradient of a bias that a
    normalisation cancels is zero, and what is left of it is rounding. Nor does a bias count whose gradient is exactly
    zero while its layer's weights get one: what follows cancels it, as the difference of two outputs does in a
    contrastive loss or the critic of a Wasserstein GAN.

    ## False alarms
    Larger parts that are there but unused on purpose; setting `requires_grad_(False)` says so. A network that gets no
    gradient and stands in no optimizer is taken to be a teacher or a target and is not flagged. Rows of an embedding or
    experts that are seldom used count as moving once they moved.

    ## What it cannot see
    Parts of a tensor: a row, a filter or an expert that never moves while the rest does. Parameters whose
    `requires_grad` is off by mistake are taken for meant, and tensors that nothing watches are not there at all.

    ## Remedies
    Depends on the cause, which the finding names: hand all parameters to the optimizer, keep the graph whole between
    them and the loss, give every group a learning rate, keep weights in float32; or say that rest is meant with
    `requires_grad_(False)`.
    """

    name = "frozen-parameters"

    def examine(self, case: Case) -> Verdict:
        """What never moved, one finding for each cause."""
        if len(case.steps) < LEAST_SAMPLES:
            return Unjudged(
                f"{len(case.steps)} steps were looked at; it takes {LEAST_SAMPLES} to say that nothing moves"
            )
        asked = [p for p in case.parameters if p.trainable]
        if not asked:
            return Unjudged("no parameter is asked to train", "skipped")
        rate = {p.name: g.top_lr for g in case.groups for p in g.parameters}
        held = {p.name for g in case.groups for p in g.parameters}
        still: dict[str, list[Parameter]] = {}
        for p in asked:
            why = _why(case, p, p.name in held, rate.get(p.name, float("nan")))
            if why:
                still.setdefault(why, []).append(p)
        if not still:
            stopped = _stopped(case, asked)
            return (self._rests(case, stopped),) if stopped else nearest(_rested(case, p) for p in asked)
        total = sum(p.size for p in asked)
        parts = {why: sum(p.size for p in found) / total for why, found in still.items()}
        share = sum(parts.values())
        return tuple(self._found(case, why, found, _severity(why, parts[why], share)) for why, found in still.items())

    def _rests(self, case: Case, stopped: int) -> Finding:
        """Of a training that went on without moving anything."""
        since, steps = int(case.steps[-stopped - 1]) + 1, case.total_steps
        share = (steps - since) / steps
        return self.finding(
            "critical",
            (),
            since,
            f"Nothing has moved since step {since:,}, though {steps - since:,} more steps were made: no parameter that "
            "an optimizer holds gets a gradient any more.",
            [above("share of the steps in which nothing moved", share, REST, since)],
            [
                "Make the optimizer anew, or add_param_group, where layers were replaced; and see what is frozen from "
                "there on, by requires_grad_(False) or a block without gradients."
            ],
        )

    def _found(self, case: Case, why: str, found: list[Parameter], severity: Severity) -> Finding:
        names = [p.name for p in found]
        many = len(names) > 1
        said, done = (w.format(it="them" if many else "it", dtype=found[0].dtype) for w in _WORDS[why])
        looked = len(case.steps)
        return self.finding(
            severity,
            names,
            int(case.steps[0]),
            f"{listed(names)} never moved in {looked} steps looked at{_but_for(case, found)}, though asked to train: "
            f"{'they' if many else 'it'} {said}.",
            [
                Evidence(
                    f"samples without movement ({why})",
                    looked,
                    LEAST_SAMPLES,
                    looked / LEAST_SAMPLES,
                    int(case.steps[0]),
                )
            ],
            [done],
        )


def _severity(why: str, part: float, share: float) -> Severity:
    """How bad it is that this part of the elements asked to train stands still for this reason, of such a share."""
    if why == "no gradient" and part < SPARE:
        return "info"
    return "critical" if share > NEARLY_ALL and why != "in no optimizer" else "warning"


def _why(case: Case, p: Parameter, held: bool, rate: float) -> str:
    """The reason a parameter stands still; empty where it moves, or where standing still is no ailment."""
    moved = case.table(q.UPDATE_NORM)[p.name]
    moved = moved[~np.isnan(moved)]
    away = case.table(q.DISTANCE)[p.name]
    grads = case.table(q.GRAD_NORM)[p.name]
    grads = grads[np.isfinite(grads)]
    if len(moved) < LEAST_SAMPLES:
        return ""
    if np.any(moved != 0) or np.any(away[~np.isnan(away)] != 0):
        only_decays = len(grads) >= LEAST_SAMPLES and not np.any(grads > 0) and decays_alone(case, p)
        return CUT_OFF if only_decays else ""
    if not held:
        return "in no optimizer" if np.any(grads > 0) else ""
    if rate == 0:
        return "learning rate 0"
    if not len(grads):
        return "cleared" if _reached(case, p) else "no gradient"
    if not np.any(grads > 0):
        return "" if _cancelled(case, p) or constant_inputs(case) else CUT_OFF
    sizes = case.table(q.DATA_NORM)[p.name]
    felt = float(np.median(grads)) > NEGLIGIBLE * float(np.max(sizes[np.isfinite(sizes)], initial=0.0))
    return "rounding" if felt and (p.kind == "matrix" or "16" in p.dtype) else ""


def _stopped(case: Case, asked: list[Parameter]) -> int:
    """How many samples at the end nothing moved in for want of a gradient, of a training that moved before; or 0.

    Not fewer than LEAST_SAMPLES, nor such as are no good part of the steps. What has converged still has gradients.
    """
    moved, grads = (np.array([case.table(which)[p.name] for p in asked]) for which in (q.UPDATE_NORM, q.GRAD_NORM))
    goes_on = np.isnan(moved).all(axis=0) | (np.nan_to_num(moved, nan=0.0, posinf=1.0) != 0).any(axis=0)
    ends = np.flatnonzero(goes_on | ~np.isnan(grads).all(axis=0))
    count = moved.shape[1] - 1 - int(ends[-1]) if len(ends) else moved.shape[1]
    rates = [g.lr[-1] for g in case.groups if len(g.lr)]
    if count < LEAST_SAMPLES or count == moved.shape[1] or not any(rate > 0 for rate in rates):
        return 0
    return count if case.total_steps - int(case.steps[-count]) >= REST * case.total_steps else 0


def _but_for(case: Case, found: list[Parameter]) -> str:
    return " but for weight decay" if any(decays_alone(case, p) for p in found) else ""


def _rested(case: Case, p: Parameter) -> Evidence:
    """At how many of the looks a parameter did not move; NaN where it never did, and rightly so."""
    moved = case.table(q.UPDATE_NORM)[p.name]
    moved = moved[~np.isnan(moved)]
    share = float(np.mean(moved == 0)) if moved.any() else float("nan")
    return above(f"share of looks at which {p.name} did not move", share, 1.0)


def _reached(case: Case, p: Parameter) -> bool:
    """Whether backward brought a gradient to the output of the layer it belongs to."""
    mine = [x.name for x in case.layers if p.name in (x.weight, x.bias)]
    return any((case.looks(q.OUTPUT_GRAD_STD, name).values > 0).any() for name in mine)


def _cancelled(case: Case, p: Parameter) -> bool:
    """Whether it is the bias of a layer whose weights get a gradient: what cuts off the one would cut off the other."""
    weights = [x.weight for x in case.layers if x.bias == p.name and x.weight]
    return any((case.looks(q.GRAD_NORM, name).values > 0).any() for name in weights)
