"""Which figure shows a finding."""

from __future__ import annotations

from collections.abc import Collection

from auscult.findings import Finding
from auscult.runs import quantities as q

# the figure of a quantity named in the evidence; longer names first, for some contain others
_BY_QUANTITY = (
    (q.RATIO_LECTURE, "update-ratio"),
    (q.RATIO_TOUCHED, "update-ratio"),
    (q.RATIO, "update-ratio"),
    (q.GRAD_RATIO, "gradient-ratio"),
    (q.GRAD_NORM_BEFORE_CLIP, "gradient-norm"),
    (q.UPDATE_NORM, "update-ratio"),
    (q.UPDATE_STD, "update-ratio"),
    ("output_grad", "signal-gradient"),
    ("activation_grad", "signal-gradient"),
    (q.OUTPUT_STD, "signal"),
    (q.ACTIVATION_STD, "signal"),
    (q.GAIN, "start"),
    ("saturated_share", "saturation"),
    (q.OFF, "dead"),
    (q.DEAD, "dead"),
    (q.COPIED, "units"),
    ("norm_mean", "norms"),
    ("norm_var", "norms"),
    ("eval_", "norms"),
    (q.NORM_VALUES, "norms"),
    (q.NORM_TRAINS, "norms"),
    ("logit", "start"),
    ("input_", "start"),
    (q.GRAD_NOISE, "noise-scale"),
    ("grad", "gradient-norm"),
    (q.DISTANCE, "distance"),
    (q.STEP_TIME, "step-time"),
    (q.LOSS, "loss"),
    (q.LOGGED, "logged"),
)
# the figures of a rule, whatever its evidence is called; the first that there is
_BY_RULE = {
    "learning-rate-too-high": ("update-ratio",),
    "learning-rate-too-low": ("update-ratio",),
    "layers-disagree": ("ratio-heatmap",),
    "frozen-parameters": ("ratio-heatmap",),
    "gradients-not-zeroed": ("gradient-norm",),
    "non-finite": ("loss",),
    "diverging-loss": ("loss",),
    "no-progress": ("loss",),
    "labels-unrelated": ("loss",),
    "overfitting": ("loss",),
    "overconfident-init": ("start", "loss"),
    "weight-scale": ("start", "signal"),
    "symmetric-init": ("units", "start"),
    "saturated-units": ("saturation", "units", "histograms"),
    "dead-units": ("dead", "units"),
    "vanishing-gradients": ("signal-gradient", "gradient-ratio"),
    "exploding-gradients": ("gradient-norm", "signal-gradient"),
    "batch-too-small": ("noise-scale", "loss"),
    "batch-too-large": ("noise-scale",),
    "small-batch-norm": ("norms",),
    "norm-statistics-drift": ("norms",),
    "eval-mode-in-training": ("norms",),
    "unscaled-inputs": ("start", "signal"),
    "softmax-before-cross-entropy": ("start", "loss"),
}


def figure_of(finding: Finding, shown: Collection[str]) -> str | None:
    """The key of the figure that shows the finding, of those `shown`; None where none does."""
    wanted = list(_BY_RULE.get(finding.rule, ()))
    for evidence in finding.evidence:
        wanted += [figure for quantity, figure in _BY_QUANTITY if quantity in evidence.quantity.lower()]
    return next((key for key in wanted if key in shown), None)
