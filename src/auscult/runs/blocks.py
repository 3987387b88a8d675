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
    """Values (frames, series), float32, series by series; summaries are of finite values, NaN where none is."""
    values = np.ascontiguousarray(frames.T)
    rollup = bin_rows(frames, BIN)
    finite = np.isfinite(values)
    if finite.all():
        nonfinite = np.zeros(len(values), np.int64)
        minimum, maximum = values.min(1), values.max(1)
    else:
        some = finite.any(1)
        nonfinite = (~finite).sum(1)
        minimum = np.where(some, np.where(finite, values, np.inf).min(1), np.nan)
        maximum = np.where(some, np.where(finite, values, -np.inf).max(1), np.nan)
    mean = mean_groups(values, np.zeros(1, np.int64), axis=1)[:, 0]
    return Columns(values, nonfinite, minimum, maximum, mean, rollup)


def bin_rows(rows: np.ndarray, size: int) -> np.ndarray:
    """Means of the finite values of every `size` rows, the last group being what is left; (bins, columns)."""
    return mean_groups(rows, np.arange(0, len(rows), size), axis=0)


def mean_groups(values: np.ndarray, starts: np.ndarray, axis: int) -> np.ndarray:
    """Means of the finite values of groups along `axis`, NaN where none is.

    A group ends where the next one starts. Summed in float64; the dtype is that of `values`.
    """
    if not values.size:
        shape = list(values.shape)
        shape[axis] = len(starts)
        return np.full(shape, np.nan, values.dtype)
    finite = np.isfinite(values)
    if finite.all():
        lengths = np.diff(np.append(starts, values.shape[axis]))
        count = lengths if axis == 1 else lengths[:, None]
    else:
        values, count = (
            np.where(finite, values, 0),
            np.add.reduceat(finite, starts, axis=axis, dtype=np.int64),
        )
    total = np.add.reduceat(values, starts, axis=axis, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        return np.where(count > 0, total / np.maximum(count, 1), np.nan).astype(values.dtype)
