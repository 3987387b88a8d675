"""Pure measurements: tensors in, tensors out; and the arithmetic from sums to the recorded quantities, on arrays."""

from auscult.stats.ratios import implied_rate, log10_ratio, norm_from, std_from
from auscult.stats.tensors import centred, extremes, nonfinite_count, touched_stds

__all__ = [
    "centred",
    "extremes",
    "implied_rate",
    "log10_ratio",
    "nonfinite_count",
    "norm_from",
    "std_from",
    "touched_stds",
]
