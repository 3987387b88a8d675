"""The gradient noise scale of a training, from the noise that looks saw in its batches.

B_simple = tr Σ / |G|² (McCandlish et al., "An Empirical Model of Large-Batch Training", arXiv 1812.06162), where G is
the gradient of the whole data and Σ the covariance of an example's. Up to it, doubling the batch halves the steps; far
above it, it saves hardly any.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from auscult.runs import quantities as q
from auscult.runs.run import Run

Z = 1.96  # of a normal distribution: 95 %
LEAST = 5  # looks that an estimate takes


@dataclass(frozen=True)
class NoiseScale:
    """The gradient noise scale, in examples, with an interval of 95 %.

    gradient: |G|², unbiased, so it may come out negative where noise drowns it. noise: tr Σ of one example.
    gradient_error, noise_error: their standard errors. scale: noise / gradient; NaN where the gradient cannot be told
    from zero. low, high: the interval of the scale; high is infinite then.
    """

    gradient: float
    gradient_error: float
    noise: float
    noise_error: float
    scale: float
    low: float
    high: float

    @property
    def known(self) -> bool:
        """Whether the gradient stands out of the noise, so that the scale is a number."""
        return math.isfinite(self.scale)


@dataclass(frozen=True)
class NoiseLooks:
    """What looks saw of the noise of a step's gradient, in the order of the steps; all (n,)."""

    steps: np.ndarray
    signal: np.ndarray  # |G|²
    noise: np.ndarray  # tr Σ of one example
    batch: np.ndarray  # examples of the step

    def __len__(self) -> int:
        return len(self.steps)

    def at(self, which: np.ndarray | slice) -> NoiseLooks:
        """Some of the looks."""
        return NoiseLooks(self.steps[which], self.signal[which], self.noise[which], self.batch[which])

    @property
    def scale(self) -> NoiseScale | None:
        """The noise scale over these looks; None where they are too few.

        Both |G|² and tr Σ are averaged before they are divided. Their errors are what the looks scatter by, whether
        by chance or because the training moves on; few looks are allowed for as Student's distribution does.
        """
        n = len(self)
        if n < LEAST:
            return None
        both = np.stack([self.signal, self.noise])
        wider = 1 + 1.2 / (n - 1) + 1.85 / (n - 1) ** 2  # t over z, to half a percent
        return scale_of(both.mean(axis=1), np.cov(both) / n * wider**2)


def noise_looks(run: Run) -> NoiseLooks:
    """What a run recorded of its gradients' noise."""
    signal, noise, batch = (run.series(name) for name in (q.GRAD_SIGNAL, q.GRAD_NOISE, q.BATCH))
    good = np.isfinite(signal.values) & np.isfinite(noise.values) & (batch.values > 0)
    batches = batch.values[good].astype(np.float64)
    return NoiseLooks(
        signal.steps[good].astype(np.int64),
        signal.values[good].astype(np.float64),
        noise.values[good] * batches,
        batches,
    )


def steps_at(batch: float, scale: float) -> float:
    """Steps to the same loss at a batch, over those of an endless batch: 1 + scale/batch (equation 2.11 there)."""
    return 1 + scale / batch


def examples_at(batch: float, scale: float) -> float:
    """Examples to the same loss at a batch, over those of the smallest: 1 + batch/scale."""
    return 1 + batch / scale


def scale_of(values: np.ndarray, covariance: np.ndarray) -> NoiseScale:
    """From estimates of |G|² and tr Σ and the covariance (2, 2) of their errors; the interval is Fieller's."""
    gradient, noise = (float(v) for v in values)
    errors = np.sqrt(np.diag(covariance))
    low, high = _fieller(gradient, noise, covariance)
    told = gradient > 0 and math.isfinite(high)
    scale = noise / gradient if told else math.nan
    return NoiseScale(gradient, float(errors[0]), noise, float(errors[1]), scale, low, high)


def _fieller(gradient: float, noise: float, covariance: np.ndarray) -> tuple[float, float]:
    """Where noise − r·gradient is zero within its error: those r that solve a quadratic."""
    (vg, c), (_, vn) = covariance
    a, b, d = gradient**2 - Z**2 * vg, gradient * noise - Z**2 * c, noise**2 - Z**2 * vn
    root = b**2 - a * d
    if gradient <= 0 or a <= 0:  # the gradient cannot be told from zero: any large scale will do
        bound = max(0.0, (noise - Z * math.sqrt(vn)) / (max(gradient, 0.0) + Z * math.sqrt(vg) or math.inf))
        return float(bound), math.inf
    spread = math.sqrt(max(root, 0.0))
    return float(max(0.0, (b - spread) / a)), float((b + spread) / a)
