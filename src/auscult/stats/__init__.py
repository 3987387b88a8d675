"""Pure measurements: tensors in, tensors out; and the arithmetic from sums to the recorded quantities, on arrays."""

from auscult.stats import memory
from auscult.stats.ratios import implied_rate, log10_ratio, norm_from, std_from
from auscult.stats.signals import by_unit, drift, feature_spread, fingerprints, log_drift, power, summary, thinned
from auscult.stats.tensors import centred, extremes, nonfinite_count, nonfinite_counts, touched_stds, wide

__all__ = [
    "by_unit", "centred", "drift", "extremes", "feature_spread", "fingerprints", "implied_rate", "log10_ratio",
    "log_drift", "memory", "nonfinite_count", "nonfinite_counts", "norm_from", "power", "std_from", "summary",
    "thinned", "touched_stds", "wide",
]  # fmt: skip
