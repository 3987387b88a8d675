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
    wide,
)

_OF_EVERY_TENSOR = (
    q.RATIO, q.UPDATE_STD, q.UPDATE_NORM, q.DATA_STD, q.DATA_NORM,
    q.GRAD_RATIO, q.GRAD_STD, q.GRAD_NORM, q.GRAD_MAX, q.GRAD_NONFINITE, q.DISTANCE,
)  # fmt: skip
_READ = (
    "update_mean", "update_spread", "data_mean", "data_spread", "distance", "after_mean", "after_spread",
    "touched_update", "touched_data", "grad_mean", "grad_spread", "grad_low", "grad_high",
)  # fmt: skip
_PART = 1 << 24  # elements measured at a time: bounds the memory of differences


@dataclass(frozen=True)
class Watched:
    """One tensor under observation, by name, with a copy of how it began; `group` indexes its optimizer's groups."""

    name: str
    tensor: Tensor
    kind: Kind
    start: Tensor
    group: int | None = None


def watch_tensor(name: str, tensor: Tensor, kind: Kind) -> Watched:
    """A tensor to be watched from now on."""
    return Watched(name, tensor, kind, _plain(tensor).clone())


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
        self._start = [w.start for w in self.watched]
        self._before = [torch.empty_like(t) for t in self._start]
        self._sizes = np.array([t.numel() for t in self._start], np.float64)
        self._parts = _parts([t.numel() for t in self._start])
        self._grads: dict[int, Tensor] = {}
        self._reading = _Reading()
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
        self._reading = _Reading()
        self._grads = {i: _plain(t.grad) for i, t in enumerate(self._tensors) if t.grad is not None}
        stored = [wide(_stored(g)) for g in self._grads.values()]
        stored = [g if g.numel() else g.new_zeros(1) for g in stored]
        self._reading.add(("grad_mean", "grad_spread"), centred(stored))
        self._reading.add(("grad_low", "grad_high"), extremes(stored))

    @torch.no_grad()
    def after(self, rates: Sequence[float] | None, grad_scale: float = 1.0) -> Measured:
        """The step, from `before` to now.

        rates: the learning rate of each tensor; None where nobody says, then it is what the norms imply.
        grad_scale: what mixed precision multiplied the gradients by.
        """
        reading = self._reading
        for part in self._parts:
            now = [wide(_plain(self._tensors[i])) for i in part]
            then = [wide(self._before[i]) for i in part]
            update = torch._foreach_sub(now, then)
            way = torch._foreach_sub(now, [wide(self._start[i]) for i in part])
            reading.add(("update_mean", "update_spread"), centred(update))
            reading.add(("data_mean", "data_spread"), centred(then))
            reading.add(("distance",), (torch._foreach_norm(way),))
            at = {i: place for place, i in enumerate(part)}
            reading.add(("after_mean", "after_spread"), centred([now[at[i]] for i in self._matrices if i in at]))
            touched = [(at[i], self._grads[i]) for i in self._embeddings if i in at and i in self._grads]
            for place, gradient in touched:
                pair = touched_stds(update[place], then[place], gradient)
                reading.add(("touched_update", "touched_data"), ([pair[0]], [pair[1]]))
        with np.errstate(all="ignore"):
            measured = self._columns(reading.read(), rates, grad_scale)
        self._grads, self._reading = {}, _Reading()
        return measured

    def _columns(self, read: dict[str, np.ndarray], rates: Sequence[float] | None, grad_scale: float) -> Measured:
        size, has = self._sizes, list(self._grads)
        mean = np.full((3, len(size)), np.nan)  # of the update, the data, the gradient
        spread = mean.copy()
        mean[0], mean[1] = read["update_mean"], read["data_mean"]
        spread[0], spread[1] = read["update_spread"], read["data_spread"]
        mean[2, has], spread[2, has] = self._dense(read["grad_mean"], read["grad_spread"])
        mean[2], spread[2] = mean[2] / grad_scale, spread[2] / grad_scale
        std, norm = std_from(mean, spread, size), norm_from(mean, spread, size)
        ratio = log10_ratio(std[[0, 2]], std[1])
        largest, bad = np.full((2, len(size)), np.nan)
        largest[has] = np.maximum(-read["grad_low"], read["grad_high"]) / grad_scale
        bad[has] = [0 if np.isfinite(norm[2, i]) else nonfinite_count(_stored(self._grads[i])).item() for i in has]

        rate = implied_rate(norm[0], norm[2]) if rates is None else float("nan")
        step = np.full(len(size), rate) if rates is None else np.asarray(rates, float)
        at = self._matrices
        lecture = log10_ratio(step[at] * std[2, at], std_from(read["after_mean"], read["after_spread"], size[at]))
        touched = np.full(len(self._embeddings), np.nan)
        with_gradient = [k for k, i in enumerate(self._embeddings) if i in self._grads]
        touched[with_gradient] = log10_ratio(read["touched_update"], read["touched_data"])

        values = np.empty(len(self.columns), np.float32)
        table = values[: len(_OF_EVERY_TENSOR) * len(size)].reshape(len(_OF_EVERY_TENSOR), -1)
        for row, column in zip(
            table,
            (ratio[0], std[0], norm[0], std[1], norm[1], ratio[1], std[2], norm[2], largest, bad, read["distance"]),
            strict=True,
        ):
            row[:] = column
        values[table.size : table.size + len(at)] = lecture
        values[table.size + len(at) :] = touched
        return Measured(values, bool(norm[0].any()), len(has), float(np.sqrt((norm[2, has] ** 2).sum())), rate)

    def _dense(self, mean: np.ndarray, spread: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean and spread of whole gradients, from those of what sparse ones store: the rest of these is zeros."""
        if not any(g.is_sparse for g in self._grads.values()):
            return mean, spread
        size = self._sizes[list(self._grads)]
        stored = np.array([_stored(g).numel() for g in self._grads.values()])
        whole = mean * stored / size
        return whole, np.sqrt(np.maximum(norm_from(mean, spread, stored) ** 2 - size * whole**2, 0))


class _Reading:
    """Gathers 0-d tensors under names, and reads them all in one transfer."""

    def __init__(self) -> None:
        self._gathered: dict[str, list[Tensor]] = {name: [] for name in _READ}

    def add(self, names: Sequence[str], values: Sequence[Sequence[Tensor]]) -> None:
        """Append some values to each name."""
        for name, more in zip(names, values, strict=True):
            self._gathered[name].extend(more)

    def read(self) -> dict[str, np.ndarray]:
        """Float64 arrays by name."""
        flat = torch.stack([t for values in self._gathered.values() for t in values]).double().cpu().numpy()
        arrays, start = {}, 0
        for name, values in self._gathered.items():
            arrays[name] = flat[start : start + len(values)]
            start += len(values)
        return arrays


def _stored(gradient: Tensor) -> Tensor:
    """What a gradient stores: of a sparse one the rows that are there."""
    return gradient.coalesce().values() if gradient.is_sparse else gradient


def _plain(tensor: Tensor) -> Tensor:
    """The tensor as ordinary real numbers: a rank's own shard, complex as pairs, no autograd."""
    plain = tensor.detach()
    if (to_local := getattr(plain, "to_local", None)) is not None:
        plain = to_local()
    if (
        not plain.is_sparse and plain.untyped_storage().nbytes() == 0
    ):  # freed under our eyes: reading it would crash the program
        raise RuntimeError("a watched tensor has lost its storage; it cannot be measured")
    return torch.view_as_real(plain) if plain.is_complex() else plain


def _parts(sizes: Sequence[int]) -> list[range]:
    parts, start, held = [], 0, 0
    for i, size in enumerate(sizes):
        if held and held + size > _PART:
            parts.append(range(start, i))
            start, held = i, 0
        held += size
    return [*parts, range(start, len(sizes))]
