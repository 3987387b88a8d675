"""Measuring one set of tensors around one step: before, gradients, after. One transfer a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from auscult.runs import quantities as q
from auscult.runs.facts import Kind
from auscult.stats import (
    centred,
    extremes,
    implied_rate,
    log10_ratio,
    nonfinite_count,
    norm_from,
    std_from,
    touched_stds,
)

_OF_EVERY_TENSOR = (
    q.RATIO, q.UPDATE_STD, q.UPDATE_NORM, q.DATA_STD, q.DATA_NORM,
    q.GRAD_RATIO, q.GRAD_STD, q.GRAD_NORM, q.GRAD_MAX, q.GRAD_NONFINITE, q.DISTANCE,
)  # fmt: skip
_PART = 1 << 24  # elements measured at a time: bounds the memory of differences


@dataclass(frozen=True)
class Watched:
    """One tensor under observation, by name; `group` indexes its optimizer's groups."""

    name: str
    tensor: Tensor
    kind: Kind
    group: int | None = None


@dataclass(frozen=True)
class Measured:
    """One step of one probe."""

    values: np.ndarray  # float32, in the order of `Probe.columns`
    moved: bool  # whether any element changed
    gradients: int  # how many of the tensors had one
    grad_norm: float  # of all gradients together
    rate: float  # the learning rate that plain gradient descent must have had, NaN where the update was anything else


class Probe:
    """Measures tensors of one device that one optimizer moves: `before`, `gradients`, then `after` gives the step.

    Holds two copies of the tensors: as they were at the start, and as they were before the step.
    """

    def __init__(self, watched: Sequence[Watched]) -> None:
        self.watched = tuple(watched)
        self._tensors = [w.tensor for w in self.watched]
        self._matrices = [i for i, w in enumerate(self.watched) if w.tensor.ndim == 2]
        self._embeddings = [i for i, w in enumerate(self.watched) if w.kind == "embedding" and w.tensor.ndim == 2]
        self._start = [_plain(t).clone() for t in self._tensors]
        self._before = [torch.empty_like(t) for t in self._start]
        self._sizes = np.array([t.numel() for t in self._start], np.float64)
        self._parts = _parts([t.numel() for t in self._start])
        self._grads: dict[int, Tensor] = {}
        self._grad_stats: list[Tensor] = []
        names = [w.name for w in self.watched]
        self.columns: tuple[tuple[str, str], ...] = (
            *((quantity, name) for quantity in _OF_EVERY_TENSOR for name in names),
            *((q.RATIO_LECTURE, names[i]) for i in self._matrices),
            *((q.RATIO_TOUCHED, names[i]) for i in self._embeddings),
        )

    @torch.no_grad()
    def before(self) -> None:
        """Keep the tensors as they are now."""
        torch._foreach_copy_(self._before, [_plain(t) for t in self._tensors])

    @torch.no_grad()
    def gradients(self) -> None:
        """Measure the gradients as they are now; a tensor without one has none."""
        self._grads = {i: _plain(t.grad) for i, t in enumerate(self._tensors) if t.grad is not None}
        dense = [_wide(g.coalesce().values() if g.is_sparse else g) for g in self._grads.values()]
        filled = [g if g.numel() else g.new_zeros(1) for g in dense]
        means, spreads = centred(filled)
        low, high = extremes(filled)
        self._grad_stats = [*means, *spreads, *low, *high]

    @torch.no_grad()
    def after(self, rates: Sequence[float] | None, grad_scale: float = 1.0) -> Measured:
        """The step, from `before` to now.

        rates: the learning rate of each tensor; None where nobody says, then it is what the norms imply.
        grad_scale: what mixed precision multiplied the gradients by.
        """
        moved: list[list[Tensor]] = [[], [], []]
        data: list[list[Tensor]] = [[], []]
        matrices: list[Tensor] = []
        touched: list[Tensor] = []
        for part in self._parts:
            now = [_wide(_plain(self._tensors[i])) for i in part]
            then = [_wide(self._before[i]) for i in part]
            update = torch._foreach_sub(now, then)
            for store, values in zip(moved, (*centred(update), self._distances(now, part)), strict=True):
                store += values
            for store, values in zip(data, centred(then), strict=True):
                store += values
            where = {i: at for at, i in enumerate(part)}
            mean, spread = centred([now[where[i]] for i in self._matrices if i in where])
            matrices += [x for pair in zip(mean, spread, strict=True) for x in pair]
            for i in self._embeddings:
                if i in where and i in self._grads:
                    touched += touched_stds(update[where[i]], then[where[i]], self._grads[i])
        n = len(self.watched)
        flat = torch.stack(
            [*moved[0], *moved[1], *moved[2], *data[0], *data[1], *matrices, *touched, *self._grad_stats]
        )
        read = flat.double().cpu().numpy()
        up_mean, up_centred, distance, data_mean, data_centred = read[: 5 * n].reshape(5, n)
        after_mean, after_centred = read[5 * n : 5 * n + len(matrices)].reshape(-1, 2).T
        touch = read[5 * n + len(matrices) : 5 * n + len(matrices) + len(touched)].reshape(-1, 2)
        grad = self._gradient_columns(read[len(read) - len(self._grad_stats) :], grad_scale)
        update_std = std_from(up_mean, up_centred, self._sizes)
        update_norm = norm_from(up_mean, up_centred, self._sizes)
        data_std = std_from(data_mean, data_centred, self._sizes)
        rate = implied_rate(update_norm, grad["norm"])
        rate_of = np.full(n, rate) if rates is None else np.asarray(rates, np.float64)
        lecture = log10_ratio(
            rate_of[self._matrices] * grad["std"][self._matrices],
            std_from(after_mean, after_centred, self._sizes[self._matrices]),
        )
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            values = np.concatenate(
                [
                    log10_ratio(update_std, data_std), update_std, update_norm,
                    data_std, norm_from(data_mean, data_centred, self._sizes),
                    log10_ratio(grad["std"], data_std), grad["std"], grad["norm"], grad["max"], grad["nonfinite"],
                    distance, lecture, self._touched_ratios(touch),
                ]
            ).astype(np.float32)  # fmt: skip
        norms = grad["norm"][list(self._grads)]
        self._grads, self._grad_stats = {}, []
        return Measured(values, bool(np.any(update_norm != 0)), len(norms), float(np.sqrt(np.sum(norms**2))), rate)

    def _distances(self, now: list[Tensor], part: range) -> list[Tensor]:
        return list(torch._foreach_norm(torch._foreach_sub(now, [_wide(self._start[i]) for i in part])))

    def _gradient_columns(self, read: np.ndarray, scale: float) -> dict[str, np.ndarray]:
        columns = {name: np.full(len(self.watched), np.nan) for name in ("std", "norm", "max", "nonfinite")}
        if not self._grads:
            return columns
        at = list(self._grads)
        mean, spread, low, high = read.reshape(4, -1) / scale
        sparse = np.array([g.is_sparse for g in self._grads.values()])
        if sparse.any():  # stored values only: the rest are zeros, which pull the mean in and widen the spread
            stored = np.array(
                [g.coalesce().values().numel() if g.is_sparse else g.numel() for g in self._grads.values()]
            )
            whole = mean * stored / self._sizes[at]
            spread = np.sqrt(np.maximum(norm_from(mean, spread, stored) ** 2 - self._sizes[at] * whole**2, 0))
            mean = whole
        columns["std"][at] = std_from(mean, spread, self._sizes[at])
        columns["norm"][at] = norm_from(mean, spread, self._sizes[at])
        columns["max"][at] = np.maximum(np.abs(low), np.abs(high))
        bad = ~np.isfinite(columns["norm"][at])
        columns["nonfinite"][at] = 0
        for i in np.asarray(at)[bad]:
            g = self._grads[int(i)]
            columns["nonfinite"][i] = float(nonfinite_count(g.coalesce().values() if g.is_sparse else g))
        return columns

    def _touched_ratios(self, touch: np.ndarray) -> np.ndarray:
        ratios = np.full(len(self._embeddings), np.nan)
        with_grad = [at for at, i in enumerate(self._embeddings) if i in self._grads]
        ratios[with_grad] = log10_ratio(touch[:, 0], touch[:, 1])
        return ratios


def _plain(tensor: Tensor) -> Tensor:
    """The tensor as ordinary real numbers: a rank's own shard, complex as pairs, no autograd."""
    plain = tensor.detach()
    if (to_local := getattr(plain, "to_local", None)) is not None:
        plain = to_local()
    return torch.view_as_real(plain) if plain.is_complex() else plain


def _wide(tensor: Tensor) -> Tensor:
    """At least float32: half precision overflows and rounds in sums."""
    return tensor.float() if tensor.dtype in (torch.float16, torch.bfloat16) else tensor


def _parts(sizes: Sequence[int]) -> list[range]:
    parts, start, held = [], 0, 0
    for i, size in enumerate(sizes):
        if held and held + size > _PART:
            parts.append(range(start, i))
            start, held = i, 0
        held += size
    return [*parts, range(start, len(sizes))]
