"""How gradients of single batches agree, and what batch size their noise is worth.

All of it follows from one matrix: the inner products of K gradients, each the mean over a batch of b examples, all
taken at the same weights (the Gram matrix). The gradient noise scale is that of McCandlish et al., "An Empirical Model
of Large-Batch Training" (arXiv 1812.06162): B_simple = tr Σ / |G|², where G is the gradient of the whole data and Σ
the covariance of an example's. Up to it, doubling the batch halves the steps; far above it, it saves hardly any.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from auscult.runs.noise import NoiseScale, scale_of


@dataclass(frozen=True)
class Alignment:
    """How far gradients point the same way; NaN where one of them is zero.

    cosine: the mean over all pairs. efficiency: ‖Σ gᵢ‖ / Σ ‖gᵢ‖, 1 where all point the same way, about 1/√K where
    they are independent. diversity: Σ ‖gᵢ‖² / ‖Σ gᵢ‖² (Yin et al. 2018, arXiv 1706.05699), K where orthogonal, 1/K
    of that where equal.
    """

    cosine: float
    efficiency: float
    diversity: float
    gradients: int


def alignment(gram: np.ndarray) -> Alignment:
    """Of the inner products (K, K) of K gradients, two or more."""
    gram = _checked(gram)
    norms = np.sqrt(np.diag(gram))
    total = math.sqrt(max(float(gram.sum()), 0.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        cosines = gram / np.outer(norms, norms)
        pairs = cosines[np.triu_indices(len(gram), 1)]
        return Alignment(
            float(pairs.mean()),
            float(total / norms.sum()) if norms.sum() else math.nan,
            float(np.trace(gram) / gram.sum()) if gram.sum() > 0 else math.nan,
            len(gram),
        )


def noise_scale(grams: np.ndarray | list[np.ndarray], batch: int) -> NoiseScale:
    """From the inner products (K, K) of K gradients of batches of `batch` examples, or of several such sets.

    |G|² is the mean product of two different batches, tr Σ is batch · (the mean square − |G|²): what the paper's two
    batch sizes give where the larger is all K batches together. Of several sets (other steps, other seeds) both are
    averaged before they are divided, as the paper asks. Errors are jackknifed over batches, which makes them rather
    too large where these are few; the interval of the ratio is Fieller's. Batches are to be drawn independently of each
    other, so with replacement.

    Raises ValueError where there are fewer than three gradients in a set: nothing can be said of their error.
    """
    sets = [_checked(g) for g in ([grams] if isinstance(grams, np.ndarray) else grams)]
    if not sets or min(len(g) for g in sets) < 3:
        raise ValueError("the noise scale takes at least three gradients; sample more batches")
    values = np.mean([_estimates(g, batch) for g in sets], axis=0)
    covariance = sum(_jackknife(g, batch) for g in sets) / len(sets) ** 2
    return scale_of(values, np.asarray(covariance))


def expected_norm(batch: float, noise: NoiseScale) -> float:
    """√E‖g_B‖² of a batch's gradient: √(|G|² + tr Σ/B)."""
    return math.sqrt(max(noise.gradient, 0.0) + noise.noise / batch)


def _checked(gram: np.ndarray) -> np.ndarray:
    gram = np.asarray(gram, np.float64)
    if gram.ndim != 2 or gram.shape[0] != gram.shape[1] or len(gram) < 2:
        raise ValueError(f"inner products of two or more gradients are a square matrix, got shape {gram.shape}")
    return gram


def _estimates(gram: np.ndarray, batch: int) -> np.ndarray:
    """|G|² and tr Σ."""
    k = len(gram)
    squares = float(np.trace(gram))
    between = (float(gram.sum()) - squares) / (k * (k - 1))
    return np.array([between, batch * (squares / k - between)])


def _jackknife(gram: np.ndarray, batch: int) -> np.ndarray:
    """The covariance (2, 2) of the estimates, from leaving out one gradient after the other."""
    k = len(gram)
    kept = [np.delete(np.delete(gram, i, 0), i, 1) for i in range(k)]
    left = np.array([_estimates(g, batch) for g in kept])
    off = left - left.mean(axis=0)
    return (k - 1) / k * off.T @ off
