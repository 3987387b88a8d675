"""From means and centred norms to standard deviations, norms and ratios, on NumPy arrays of one value a tensor.

What is undefined comes out as NaN; NumPy's warnings about it are the caller's to silence, once around all of these.
"""

from __future__ import annotations

import numpy as np

# A spread no wider than the rounding of the mean is none: all elements are equal, as in a norm's gains before step 1.
_ROUNDING = 2 * np.finfo(np.float32).eps
_UPHILL = 1e-6  # of the cosine between update and gradient: more than rounding makes of means that are none


def std_from(mean: np.ndarray, centred: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Standard deviation (n − 1 in the denominator, as torch.std) from ‖x − mean‖₂; NaN for fewer than two elements."""
    std = np.where(size > 1, centred / np.sqrt(size - 1.0), np.nan)
    return np.where(std <= _ROUNDING * np.abs(mean), 0.0, std)


def norm_from(mean: np.ndarray, centred: np.ndarray, size: np.ndarray) -> np.ndarray:
    """‖x‖₂ = √(‖x − mean‖² + n · mean²)."""
    return np.sqrt(centred**2 + size * mean**2)


def log10_ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """log10(part / whole): -inf where part is 0, NaN (undefined) where whole is 0 or either is NaN."""
    return np.where(whole > 0, np.log10(part / whole), np.nan)


def implied_rate(
    update_norm: np.ndarray, grad_norm: np.ndarray, update_mean: np.ndarray, grad_mean: np.ndarray, size: np.ndarray
) -> float:
    """The learning rate of plain gradient descent, ‖Δθ‖ / ‖g‖ where all tensors agree on it within 1 %; else NaN.

    Negative where the means of update and gradient say that the update goes along the gradient, uphill; means that are
    nothing but rounding, as those of a softmax's gradient are, say nothing. Tensors with next to no gradient are left
    out: their updates are lost in the rounding of the data.
    """
    tell = (grad_norm > 1e-3 * np.nanmax(grad_norm, initial=0.0)) & (update_norm > 0)
    rates = update_norm[tell] / grad_norm[tell]
    if not rates.size or not np.isfinite(rates).all():
        return float("nan")
    middle = float(np.sort(rates)[len(rates) // 2])
    if not np.all(np.abs(rates - middle) <= 0.01 * middle):
        return float("nan")
    along = float((size * update_mean / update_norm * grad_mean / grad_norm)[tell].sum())  # of the cosines, their share
    return -middle if along > _UPHILL else middle
