"""Which ailment brings which about, and the order in which findings are told.

A finding is a consequence where the graph below knows a cause for its rule, and that cause was found too and began no
later; of two that may bring each other about, earlier, unless AT_ONCE says which it is at one step. Of several the one
named first is taken. A finding that is only information causes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from auscult.findings import SEVERITIES, Finding

# consequence: its possible causes, the more telling first
CAUSES: dict[str, tuple[str, ...]] = {
    "overconfident-init": ("unscaled-inputs", "symmetric-init", "weight-scale"),  # copies add up
    "weight-scale": ("symmetric-init",),  # constant weights have a scale too, but that is the lesser evil
    "learning-rate-too-high": (
        "gradients-not-zeroed",  # what piles up multiplies every step
        "unscaled-inputs",  # a gradient is proportional to its input
        "symmetric-init",
        "weight-scale",  # and to the weights of all layers behind
        "exploding-gradients",  # where the jump comes no later, it made the step large
    ),
    "learning-rate-too-low": (
        "softmax-before-cross-entropy",
        "unscaled-inputs",
        "symmetric-init",
        "saturated-units",
        "dead-units",
        "vanishing-gradients",
        "weight-scale",  # gradients that fade on their way back make small steps
    ),
    "frozen-parameters": ("symmetric-init", "dead-units", "saturated-units"),
    "saturated-units": (
        "unscaled-inputs",
        "symmetric-init",
        "learning-rate-too-high",
        "gradients-not-zeroed",
        "weight-scale",
    ),
    "dead-units": (
        "unscaled-inputs",
        "symmetric-init",  # units that are all zero are off
        "learning-rate-too-high",
        "gradients-not-zeroed",
        "weight-scale",
    ),
    "vanishing-gradients": (
        "softmax-before-cross-entropy",
        "symmetric-init",
        "weight-scale",
        "learning-rate-too-high",
        "saturated-units",
        "dead-units",
        "overconfident-init",
    ),
    "exploding-gradients": (
        "gradients-not-zeroed",
        "learning-rate-too-high",
        "weight-scale",
        "unscaled-inputs",
        "overconfident-init",
    ),
    "batch-too-small": ("learning-rate-too-high", "gradients-not-zeroed", "unscaled-inputs", "dead-units"),
    "norm-statistics-drift": ("small-batch-norm", "learning-rate-too-high"),
    "non-finite": (
        "learning-rate-too-high",
        "gradients-not-zeroed",
        "unscaled-inputs",
        "exploding-gradients",
        "diverging-loss",
    ),
    "diverging-loss": (
        "learning-rate-too-high",
        "gradients-not-zeroed",
        "exploding-gradients",
        "eval-mode-in-training",
        "non-finite",
    ),
    "layers-disagree": (  # an odd start is only left behind by moving
        "learning-rate-too-low",
        "learning-rate-too-high",
        "unscaled-inputs",
        "weight-scale",
        "overconfident-init",
        "saturated-units",
        "dead-units",
        "vanishing-gradients",
        "exploding-gradients",
    ),
    "no-progress": (
        "learning-rate-too-low",
        "learning-rate-too-high",
        "gradients-not-zeroed",
        "non-finite",
        "frozen-parameters",
        "softmax-before-cross-entropy",
        "symmetric-init",
        "unscaled-inputs",
        "weight-scale",
        "saturated-units",
        "dead-units",
        "vanishing-gradients",
        "exploding-gradients",
        "diverging-loss",
        "batch-too-small",
        "labels-unrelated",
    ),
    "labels-unrelated": (  # all that keeps a network from learning
        "symmetric-init",
        "softmax-before-cross-entropy",
        "learning-rate-too-low",
        "learning-rate-too-high",
        "gradients-not-zeroed",
        "frozen-parameters",
        "unscaled-inputs",
        "weight-scale",
        "saturated-units",
        "dead-units",
        "vanishing-gradients",
        "exploding-gradients",
        "eval-mode-in-training",
    ),
}

# consequence, cause: of those that may bring each other about, which is which at one and the same step
AT_ONCE = {("learning-rate-too-high", "exploding-gradients")}


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings with `caused_by` filled in: causes by the step they began at, each followed by its consequences.

    What is only information comes last.
    """
    found = list(findings)
    linked = [replace(f, caused_by=_cause(f, found)) for f in found]
    told: list[Finding] = []

    def tell(finding: Finding) -> None:
        if finding in told:
            return
        told.append(finding)
        for other in sorted(linked, key=_when):
            if other.caused_by == finding.rule:
                tell(other)

    for finding in sorted((f for f in linked if f.caused_by is None), key=_when):
        tell(finding)
    return tuple(told)


def _cause(finding: Finding, found: list[Finding]) -> str | None:
    for cause in CAUSES.get(finding.rule, ()):
        for other in found:
            either_way = finding.rule in CAUSES.get(cause, ())
            latest = finding.first_step - (either_way and (finding.rule, cause) not in AT_ONCE)
            if other.rule == cause and other.severity != "info" and other.first_step <= latest:
                return cause
    return None


def _when(finding: Finding) -> tuple[bool, int, int]:
    return finding.severity == "info", finding.first_step, SEVERITIES.index(finding.severity)
