"""What a network is made of, read from the autograd graph of one forward pass: layers, activations, the loss."""

from auscult.anatomy.activations import SATURATED, SATURATED_99, Activation, given
from auscult.anatomy.loss import Loss, likelihood_and_classes, log_likelihood, losses_of
from auscult.anatomy.nodes import watch_hooks
from auscult.anatomy.policy import is_policy_gradient
from auscult.anatomy.recurrence import behind_recurrence
from auscult.anatomy.sites import NORMS, Anatomy, Site, read
from auscult.anatomy.values import (
    PART,
    NormStatistics,
    data_of,
    input_of,
    norm_output,
    norm_statistics,
    output_of,
    some,
    taken_by,
    weight_rows,
)

__all__ = [
    "NORMS", "PART", "SATURATED", "SATURATED_99", "Activation", "Anatomy", "Loss", "NormStatistics", "Site",
    "behind_recurrence", "data_of", "given", "input_of", "is_policy_gradient", "likelihood_and_classes",
    "log_likelihood", "losses_of", "norm_output", "norm_statistics", "output_of", "read", "some", "taken_by",
    "watch_hooks", "weight_rows",
]  # fmt: skip
