"""Which ailment brings which about, and the order in which findings are told.

A finding is a consequence where the graph below knows a cause for its rule, and that cause was found too and began no
later; of two that may bring each other about, earlier, unless AT_ONCE says which it is at one step. What is said of a
training as a WHOLE any of its causes explains, whenever that began; a cause that was BORN with the training began with
it, whenever it was seen. Of several the one named first is taken. A finding that is only information causes nothing;
nor does one that a cause has EXPLAINED, which makes it information.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from auscult.findings import SEVERITIES, Finding

# consequence: its possible causes, the more telling first, and how each brings it about
CAUSES: dict[str, dict[str, str]] = {
    "overconfident-init": {
        "unscaled-inputs": "large inputs make large outputs",
        "symmetric-init": "the outputs of copies add up",
        "weight-scale": "a signal that grows with each layer ends in large outputs",
        "exploding-gradients": "what grows with each call on its way back mostly grew so on its way there",
    },
    "weight-scale": {
        "unscaled-inputs": "units that large inputs drive to their ends pass on little, whatever the weights behind",
        "symmetric-init": "constant weights have a scale too, but that is the lesser evil",
    },
    "learning-rate-too-high": {
        "gradients-not-zeroed": "what piles up multiplies every step",
        "unscaled-inputs": "a gradient is proportional to its input",
        "symmetric-init": "the gradients of copies add up",
        "weight-scale": "a gradient is proportional to the weights of all layers behind",
        "saturated-units": "the few units off their ends pass back what large weights multiply",
        "overconfident-init": "large output weights pass large gradients back",
        "exploding-gradients": "where the jump comes no later, it made the step large",
        "small-batch-norm": "statistics of few values make gradients that are mostly noise, and large",
        "batch-too-small": "the noise of few examples asks for a lower rate than their gradient does",
        "layers-disagree": "the rate of one group is many times that of the others",  # only where it is told OF_RATES
    },
    "learning-rate-too-low": {
        "softmax-before-cross-entropy": "what is squeezed twice has a small gradient",
        "unscaled-inputs": "a gradient is proportional to its input, and small inputs make small steps",
        "symmetric-init": "weights of zero pass on no gradient",
        "saturated-units": "flat ends pass on next to no gradient",
        "dead-units": "units that are off pass on no gradient",
        "vanishing-gradients": "small gradients make small steps",
        "weight-scale": "gradients that fade on their way back make small steps",
        "small-batch-norm": "the noise of the statistics holds the loss up, which looks as if it had far to go",
        "eval-mode-in-training": "without statistics of the batch the signal may fade, and with it the gradient",
    },
    "frozen-parameters": {
        "symmetric-init": "weights of zero pass on no gradient",
        "dead-units": "units that are off pass on no gradient",
        "saturated-units": "what flat ends pass on may round to zero",
        "unscaled-inputs": "gates that large inputs drive to their ends pass on nothing",
    },
    "saturated-units": {
        "unscaled-inputs": "large inputs drive the units to their ends",
        "symmetric-init": "what copies hand on adds up and drives the next units to their ends",
        "learning-rate-too-high": "large steps make weights that drive the units to their ends",
        "gradients-not-zeroed": "steps that pile up make weights that drive the units to their ends",
        "weight-scale": "large weights drive the units to their ends",
    },
    "dead-units": {
        "unscaled-inputs": "large inputs make steps that put units out of reach of every example",
        "symmetric-init": "units that are all zero are off",
        "learning-rate-too-high": "large steps put units out of reach of every example",
        "gradients-not-zeroed": "steps that pile up put units out of reach of every example",
        "weight-scale": "where the signal fades, the biases alone turn units on or off",
        "saturated-units": "a unit at one end for every example is dead too",
        "exploding-gradients": "a burst puts units out of reach of every example",
        "eval-mode-in-training": "without statistics of the batch nothing puts the units back into reach",
    },
    "vanishing-gradients": {
        "unscaled-inputs": "units that large inputs drive to their ends pass on next to nothing",
        "softmax-before-cross-entropy": "what is squeezed twice has a small gradient",
        "symmetric-init": "weights of zero pass on no gradient",
        "weight-scale": "small weights shrink the gradient at each layer",
        "learning-rate-too-high": "weights thrown far out leave units that pass on no gradient",
        "saturated-units": "flat ends pass on next to no gradient",
        "dead-units": "units that are off pass on no gradient",
        "overconfident-init": "the large gradients of the first steps may saturate or kill units",
        "small-batch-norm": "of two values a norm makes 1 and -1, whatever they are, and passes on no gradient",
        "eval-mode-in-training": "without statistics of the batch the signal may fade, and with it the gradient",
    },
    "exploding-gradients": {
        "gradients-not-zeroed": "each gradient is added to all before it",
        "learning-rate-too-high": "weights thrown far out make large gradients",
        "weight-scale": "large weights grow the gradient at each layer",
        "unscaled-inputs": "a gradient is proportional to its input",
        "overconfident-init": "answers that are sure and wrong have large gradients",
        "diverging-loss": "a loss that has risen for long has gradients that rose with it",
    },
    "batch-too-small": {
        "gradients-not-zeroed": "old gradients keep the loss from settling, as noise does",
        "unscaled-inputs": "the noise of a gradient grows with its input",
    },
    "batch-too-large": {
        "unscaled-inputs": "what all inputs have in common makes the examples agree",
    },
    "norm-statistics-drift": {
        "small-batch-norm": "statistics that are mostly chance do not average to those of the data",
        "learning-rate-too-high": "weights that change fast outrun the running average",
    },
    "non-finite": {
        "learning-rate-too-high": "weights that grow with every step overflow",
        "gradients-not-zeroed": "steps that pile up overflow",
        "unscaled-inputs": "large inputs overflow sooner",
        "weight-scale": "a signal that grows with each layer overflows sooner",
        "exploding-gradients": "a burst overflows, or throws the weights to where the loss does",
        "diverging-loss": "a loss that keeps rising overflows in the end",
    },
    "diverging-loss": {
        "learning-rate-too-high": "large steps jump over what they aim for",
        "gradients-not-zeroed": "old directions never fade, and carry the weights past what they aim for",
        "exploding-gradients": "one step of many times the usual size undoes what was learned",
        "eval-mode-in-training": "fixed statistics do not keep up with the weights, and normalise less and less",
        "non-finite": "values that are not finite spoil the weights",
        "frozen-parameters": "where nothing moves any more, a loss that rose does not come down again",
    },
    "layers-disagree": {
        "learning-rate-too-low": "an odd start is only left behind by moving",
        "learning-rate-too-high": "weights thrown far out leave layers that stand still",
        "unscaled-inputs": "the gradient of the first layer is proportional to the inputs",
        "weight-scale": "weights of other scales move differently for their size",
        "overconfident-init": "large output weights move little for their size, and make others move much",
        "saturated-units": "the layers before flat ends get less gradient",
        "dead-units": "the layers before dead units get less gradient",
        "vanishing-gradients": "the first layers get less gradient",
        "exploding-gradients": "the first layers get more gradient",
        "small-batch-norm": "weights before the norm grow on its noise, and move the less for their size",
        "eval-mode-in-training": "without statistics of the batch nothing brings the layers to one scale",
    },
    "no-progress": {
        "learning-rate-too-low": "weights that hardly move learn next to nothing",
        "learning-rate-too-high": "steps that are too large undo each other",
        "gradients-not-zeroed": "the sum of all old gradients is no direction to go",
        "non-finite": "after NaN all steps are wasted",
        "frozen-parameters": "what never moves never learns",
        "softmax-before-cross-entropy": "what is squeezed twice has a small gradient, and a floor far above zero",
        "symmetric-init": "a layer of copies is worth one unit",
        "unscaled-inputs": "no usual rate suits such inputs",
        "weight-scale": "where the signal fades, all examples look alike",
        "saturated-units": "flat ends pass on next to no gradient",
        "dead-units": "units that are off pass on no gradient",
        "vanishing-gradients": "without a gradient there is nothing to learn by",
        "exploding-gradients": "bursts undo what was learned",
        "diverging-loss": "what was won is lost again",
        "batch-too-small": "noise undoes what the steps win",
        "layers-disagree": "where some layers hardly move, or all but some, the network may learn nothing",
        "labels-unrelated": "the inputs tell nothing that could be learned",
        "eval-mode-in-training": "without statistics of the batch the signal may fade before it reaches the loss",
    },
    "overfitting": {
        "norm-statistics-drift": "the loss of another network than the one that trains may rise whatever is learned",
        "labels-unrelated": "where the inputs tell nothing, examples can only be learned by heart",
        "eval-mode-in-training": "neither dropout nor the noise of batch statistics keeps it from learning by heart",
    },
    "labels-unrelated": {  # all that keeps a network from learning: then it is left with a constant guess
        "symmetric-init": "a layer of copies tells little of the inputs",
        "softmax-before-cross-entropy": "what is squeezed twice hardly leaves a guess",
        "learning-rate-too-low": "weights that hardly move learn the frequencies first",
        "learning-rate-too-high": "in a network that large steps wrecked only the last biases learn",
        "gradients-not-zeroed": "in a network that steps piled up have wrecked only the last biases learn",
        "frozen-parameters": "where the layers that read the inputs never move, the others may learn only a guess",
        "layers-disagree": "where the layers that read the inputs hardly move, the others may learn only a guess",
        "unscaled-inputs": "inputs of a small scale are not heard beside the rest",
        "weight-scale": "where the signal fades, all examples look alike",
        "overconfident-init": "large output weights send back gradients that wreck the layers before them",
        "saturated-units": "units at their ends make many examples look alike",
        "dead-units": "units that are off tell nothing of the inputs",
        "vanishing-gradients": "the first layers never learn what to look for",
        "exploding-gradients": "bursts undo what was learned of the inputs",
        "small-batch-norm": "the chance of the statistics drowns what the inputs tell",
        "eval-mode-in-training": "fixed statistics that do not fit make many examples look alike",
    },
}

# consequence, cause: of those that may bring each other about, which is which at one and the same step
AT_ONCE = {
    ("learning-rate-too-high", "exploding-gradients"),
    ("overconfident-init", "exploding-gradients"),
    ("layers-disagree", "learning-rate-too-high"),
}

# consequence, cause: of those that may bring each other about, which must lie well before the other to be its cause; in
# shares of the steps until then, 0 where it must be there from the first on
WELL_BEFORE = {("exploding-gradients", "diverging-loss"): 0.9, ("learning-rate-too-high", "saturated-units"): 0.0}

# what is so from the first step on, whenever it shows
BORN = ("unscaled-inputs", "symmetric-init", "weight-scale", "overconfident-init", "batch-too-small")

# said of all steps together, from the first on
WHOLE = ("no-progress", "labels-unrelated")

# of a training that gets nowhere these may be but a part of the reason: that it does stays a warning beside them
MAY_BE_PART = ("frozen-parameters", "labels-unrelated")

# what is said of a parameter whose gradient is always exactly zero: that has another ailment as its cause, unless none
# is found; a parameter without an optimizer or a gradient has none
CUT_OFF = "zero gradient"

# what is said of groups by their learning rates, which are given: where one is many times the others, that is why it is
# too high, and nothing brings it about
OF_RATES = "learning rate of"

# what looks like an ailment beside its cause, or one of these: it is information, for its remedy would not help
EXPLAINED: dict[str, tuple[str, ...]] = {
    **{
        rule: tuple(CAUSES[rule])
        for rule in ("labels-unrelated", "learning-rate-too-low", "batch-too-large", "layers-disagree", "dead-units")
    },
    "batch-too-small": (*CAUSES["batch-too-small"], "exploding-gradients", "layers-disagree"),
    "no-progress": tuple(c for c in CAUSES["no-progress"] if c not in MAY_BE_PART),
    "learning-rate-too-high": (
        "gradients-not-zeroed",
        "unscaled-inputs",
        "symmetric-init",
        "weight-scale",
        "saturated-units",
        "small-batch-norm",
    ),
    "overconfident-init": ("unscaled-inputs",),
    "exploding-gradients": ("diverging-loss", "gradients-not-zeroed"),
    "frozen-parameters": tuple(CAUSES["frozen-parameters"]),  # of what is CUT_OFF
    "saturated-units": ("gradients-not-zeroed", "symmetric-init", "unscaled-inputs"),
    "weight-scale": ("symmetric-init",),
    "vanishing-gradients": (
        "learning-rate-too-high",
        "saturated-units",
        "dead-units",
        "unscaled-inputs",
        "small-batch-norm",
    ),
    "norm-statistics-drift": ("small-batch-norm",),
    "overfitting": ("norm-statistics-drift",),
}


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings with `caused_by` filled in: causes by the step they began at, each followed by its consequences.

    What is only information comes last.
    """
    found = list(findings)
    found = [replace(f, severity="info") if _cause(f, found, _explaining(f)) else f for f in found]
    linked = [replace(f, caused_by=_cause(f, found)) for f in found]
    told: list[Finding] = []

    def tell(finding: Finding) -> None:
        if finding in told:
            return
        told.append(finding)
        for other in sorted(linked, key=lambda f: (f.rule in WHOLE, *_when(f))):
            if other.caused_by == finding.rule:
                tell(other)

    for finding in sorted((f for f in linked if f.caused_by is None), key=_when):
        tell(finding)
    return tuple(told)


def _explaining(finding: Finding) -> tuple[str, ...]:
    """The causes beside which a finding is information."""
    if finding.rule == "frozen-parameters" and not any(CUT_OFF in e.quantity for e in finding.evidence):
        return ()
    return EXPLAINED.get(finding.rule, ())


def _is_of_rates(finding: Finding) -> bool:
    return finding.rule == "layers-disagree" and any(e.quantity.startswith(OF_RATES) for e in finding.evidence)


def _cause(finding: Finding, found: list[Finding], among: Iterable[str] | None = None) -> str | None:
    if _is_of_rates(finding):
        return None
    for cause in CAUSES.get(finding.rule, ()) if among is None else among:
        if any(other.rule == cause and other.severity != "info" and _in_time(other, finding) for other in found):
            return cause
    return None


def _in_time(cause: Finding, finding: Finding) -> bool:
    """Whether the one began early enough to have brought the other about; rates are there before the first step."""
    if cause.rule == "layers-disagree" and (_is_of_rates(cause) or finding.rule == "learning-rate-too-high"):
        return _is_of_rates(cause)
    both = finding.rule, cause.rule
    either_way = finding.rule in CAUSES.get(cause.rule, ())
    latest = finding.first_step - (either_way and both not in AT_ONCE)
    latest = min(latest, WELL_BEFORE.get(both, 1.0) * finding.first_step)
    born = cause.rule in BORN and (finding.first_step > 0 or both[::-1] not in AT_ONCE)
    return finding.rule in WHOLE or born or cause.first_step <= latest


def _when(finding: Finding) -> tuple[bool, int, int]:
    return finding.severity == "info", finding.first_step, SEVERITIES.index(finding.severity)
