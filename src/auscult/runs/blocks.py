"""Frames to blocks: transposing, and the summaries kept beside the values. Pure NumPy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from auscult.runs.schema import BIN


@dataclass(frozen=True)
class Columns:
    """A block's values by series, with the summary of each; arrays are (series, frames) or (series,)."""

    values: np.ndarray
    nonfinite: np.ndarray
    minimum: np.ndarray
    maximum: np.ndarray
    mean: np.ndarray
    rollup: np.ndarray  # (bins, series)


def transpose(frames: np.ndarray) -> Columns:
    """Values (frames, series), float32, turned series by series; summaries are of the finite values, NaN where none is."""
    values = np.ascontiguousarray(frames.T)
    finite = np.isfinite(values)
    return Columns(
        values,
        nonfinite=(~finite).sum(1),
        minimum=np.where(finite.any(1), np.where(finite, values, np.inf).min(1), np.nan),
        maximum=np.where(finite.any(1), np.where(finite, values, -np.inf).max(1), np.nan),
        mean=mean_finite(values, axis=1),
        rollup=bin_rows(frames, BIN),
    )


def bin_rows(rows: np.ndarray, size: int) -> np.ndarray:
    """Means of the finite values of every `size` rows, the last group being what is left; float32 (bins, columns)."""
    groups = [rows[i : i + size] for i in range(0, len(rows), size)]
    return np.stack([mean_finite(g, axis=0) for g in groups]) if groups else rows[:0]


def mean_finite(values: np.ndarray, axis: int) -> np.ndarray:
    """Mean of the finite values along `axis`, NaN where none is; float32."""
    finite = np.isfinite(values)
    count = finite.sum(axis)
    total = np.where(finite, values, 0).sum(axis, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(count > 0, total / count, np.nan).astype(np.float32)
