"""Measuring one set of tensors around one step: before, gradients, after. One transfer a step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from auscult.observe import arrival
from auscult.observe.gathering import Gathering
from auscult.runs import quantities as q
from auscult.runs.facts import Kind
from auscult.stats import (
    centred,
    extremes,
    implied_rate,
    log10_ratio,
    memory,
    nonfinite_count,
    nonfinite_counts,
    norm_from,
    std_from,
    touched_stds,
    wide,
)

_OF_EVERY_TENSOR = (
    q.RATIO, q.UPDATE_STD, q.UPDATE_NORM, q.DATA_STD, q.DATA_NORM,
    q.GRAD_RATIO, q.GRAD_STD, q.GRAD_NORM, q.GRAD_MAX, q.GRAD_NONFINITE, q.DISTANCE,
)  # fmt: skip
_OF_STEP = ("update_mean", "update_spread", "data_mean", "data_spread", "after_mean", "after_spread", "distance")
_NONE_GIVEN: Mapping[int, Tensor] = {}
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
    rate: float  # that plain gradient descent must have had (negative: uphill), NaN where the update was anything else


class Probe:
    """Measures tensors of one device that one optimizer moves: `before`, `gradients`, then `after` gives the step.

    Holds two copies of the tensors: as they were at the start, and as they were before the step. What the native core
    can read it reads, unless `native` is False; the rest is measured by PyTorch.
    """

    def __init__(self, watched: Sequence[Watched], native: bool = True) -> None:
        self.watched = tuple(watched)
        self._tensors = [w.tensor for w in self.watched]
        self._matrices = [i for i, w in enumerate(self.watched) if w.tensor.ndim == 2]
        self._embeddings = [i for i, w in enumerate(self.watched) if w.kind == "embedding" and w.tensor.ndim == 2]
        self._start = [w.start for w in self.watched]
        self._before = memory.copies_for(self._start)
        self.sizes = np.array([t.numel() for t in self._start], np.float64)
        self._parts = _parts([t.numel() for t in self._start])
        self._grads: dict[int, Tensor] = {}
        self._reading = _Reading()
        self._native = native
        self.core: Any = None  # the native core's snapshot of the tensors, where it can read them
        self._lie: list[Tensor] = []  # where they lay when it was made; it must not outlive this memory
        self._find()
        names = [w.name for w in self.watched]
        self.columns: tuple[tuple[str, str], ...] = (
            *((quantity, name) for quantity in _OF_EVERY_TENSOR for name in names),
            *((q.RATIO_LECTURE, names[i]) for i in self._matrices),
            *((q.RATIO_TOUCHED, names[i]) for i in self._embeddings),
        )

    @property
    def device(self) -> torch.device:
        """Where the tensors are."""
        return self._start[0].device if self._start else torch.device("cpu")

    @property
    def comes_later(self) -> bool:
        """Whether what is measured can be had without waiting for the device, some steps later."""
        return arrival.comes_later(self.device)

    def before(self) -> None:
        """Keep the tensors as they are now."""
        if self.core is None or not self.core.keep():
            self._keep_otherwise()

    @torch.no_grad()
    def _keep_otherwise(self) -> None:
        self._find()
        if self.core is None or not self.core.keep():
            torch._foreach_copy_(self._before, self._lie)

    @torch.no_grad()
    def gradients(self, given: Mapping[int, Tensor] = _NONE_GIVEN) -> None:
        """Measure the gradients as they are now; a tensor without one has none.

        given: those that do not lie at their tensors, by id of these.
        """
        self._reading = _Reading()
        found = [given.get(id(t), t.grad) for t in self._tensors] if given else [t.grad for t in self._tensors]
        self._grads = {i: _plain(g) for i, g in enumerate(found) if g is not None}
        stored = [_stored(g) for g in self._grads.values()]
        stored = [g if g.numel() else g.new_zeros(1) for g in stored]
        table = memory.moments(stored) if self._native else None
        if table is not None:
            self._reading.know(("grad_mean", "grad_spread", "grad_low", "grad_high", "grad_bad"), table)
            return
        stored = [wide(g) for g in stored]
        self._reading.add(("grad_mean", "grad_spread"), centred(stored))
        self._reading.add(("grad_low", "grad_high"), extremes(stored))
        if self.comes_later:  # then the gradients are gone, and what is not finite is counted now
            self._reading.add(("grad_bad",), (nonfinite_counts(stored),))

    def after(self, rates: Sequence[float] | None, grad_scale: float = 1.0) -> Measured:
        """The step, from `before` to now.

        rates: the learning rate of each tensor; None where nobody says, then it is what the norms imply.
        grad_scale: what mixed precision multiplied the gradients by.
        """
        reading, taken = self._take(), self._taken()
        return self._columns(reading.read(), taken, rates, grad_scale)

    def after_later(
        self, rates: Sequence[float] | None, grad_scale: float, numbers: Gathering, then: Callable[[Measured], None]
    ) -> None:
        """The same, but given to `then`, once the `numbers` it follows from are here."""
        reading, taken = self._take(), self._taken()
        taken.grads = {}
        numbers.scalars(reading.tensors(), lambda v: then(self._columns(reading.named(v), taken, rates, grad_scale)))

    @torch.no_grad()
    def _take(self) -> _Reading:
        """What the step made of the tensors, and of the gradients before it."""
        reading, self._reading = self._reading, _Reading()
        table = np.empty((len(_OF_STEP), len(self._tensors)))
        if self._by_core(lambda core: core.measure(table)):
            reading.know(_OF_STEP, table)
        else:
            self._by_torch(reading)
        for i in self._embeddings:
            if i in self._grads:
                pair = touched_stds(_plain(self._tensors[i]), self._before[i], self._grads[i], self.comes_later)
                reading.add(("touched_update", "touched_data"), ([pair[0]], [pair[1]]))
        return reading

    def _taken(self) -> _Taken:
        """What is to be known of the gradients once the numbers are here. They are measured no more."""
        grads, self._grads = self._grads, {}
        sparse = any(g.is_sparse for g in grads.values())
        return _Taken([*grads], np.array([_stored(g).numel() for g in grads.values()]) if sparse else None, grads)

    def ratios(self, rows: np.ndarray, row: int) -> None:
        """Only the update-to-data ratios of the step, log10, to a row of (rows, tensors) float32."""
        if self.core is None or not self.core.ratios(rows, row):
            self._ratios_otherwise(rows, row)

    @torch.no_grad()
    def _ratios_otherwise(self, rows: np.ndarray, row: int) -> None:
        if self._by_core(lambda core: core.ratios(rows, row)):
            return
        rows[row] = ratios_from(self.sums().double().cpu().numpy()[:, None], self.sizes)[0]

    @torch.no_grad()
    def sums(self) -> Tensor:
        """What the ratios follow from, left on the device: mean and ‖x − mean‖ of update and data, (4, tensors)."""
        reading = _Reading()
        self._by_torch(reading, whole=False)
        return torch.stack([t for name in _OF_STEP[:4] for t in reading.gathered[name]]).view(4, -1).float()

    def _find(self) -> None:
        """See where the tensors lie now."""
        self._lie = [_plain(t) for t in self._tensors]
        self.core = memory.snapshot(self._tensors, self._lie, self._before, self._start) if self._native else None

    def _by_core(self, read: Callable[[Any], bool]) -> bool:
        """Have the core read, where it can; again where tensors have moved since they were last found."""
        if self.core is None:
            return False
        if not read(self.core):
            self._find()
            return self.core is not None and read(self.core)
        return True

    def _by_torch(self, reading: _Reading, whole: bool = True) -> None:
        """Have PyTorch measure update and data; the `whole` of it, or what the ratio needs."""
        for part in self._parts:
            now = [wide(_plain(self._tensors[i])) for i in part]
            then = [wide(self._before[i]) for i in part]
            reading.add(("update_mean", "update_spread"), centred(torch._foreach_sub(now, then)))
            reading.add(("data_mean", "data_spread"), centred(then))
            if whole:
                way = torch._foreach_sub(now, [wide(self._start[i]) for i in part])
                reading.add(("distance",), (torch._foreach_norm(way),))
                reading.add(("after_mean", "after_spread"), centred(now))

    @np.errstate(all="ignore")
    def _columns(
        self, read: dict[str, np.ndarray], taken: _Taken, rates: Sequence[float] | None, grad_scale: float
    ) -> Measured:
        size, has = self.sizes, taken.has
        mean = np.full((3, len(size)), np.nan)  # of the update, the data, the gradient
        spread = mean.copy()
        mean[0], mean[1] = read["update_mean"], read["data_mean"]
        spread[0], spread[1] = read["update_spread"], read["data_spread"]
        mean[2, has], spread[2, has] = self._dense(read["grad_mean"], read["grad_spread"], taken)
        mean[2], spread[2] = mean[2] / grad_scale, spread[2] / grad_scale
        std, norm = std_from(mean, spread, size), norm_from(mean, spread, size)
        ratio = log10_ratio(std[[0, 2]], std[1])
        largest, bad = np.full((2, len(size)), np.nan)
        largest[has] = np.maximum(-read["grad_low"], read["grad_high"]) / grad_scale
        bad[has] = read.get("grad_bad", np.zeros(len(has)))
        if "grad_bad" not in read:
            counted = ((i, g) for i, g in taken.grads.items() if not np.isfinite(norm[2, i]))
            for i, g in counted:
                bad[i] = nonfinite_count(_stored(g)).item()

        rate = implied_rate(norm[0], norm[2], mean[0], mean[2], size) if rates is None else float("nan")
        step = np.full(len(size), abs(rate)) if rates is None else np.asarray(rates, float)
        at = self._matrices
        lecture = log10_ratio(step[at] * std[2, at], std_from(read["after_mean"], read["after_spread"], size)[at])
        touched = np.full(len(self._embeddings), np.nan)
        with_gradient = [k for k, i in enumerate(self._embeddings) if i in has]
        if with_gradient:
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

    def _dense(self, mean: np.ndarray, spread: np.ndarray, taken: _Taken) -> tuple[np.ndarray, np.ndarray]:
        """Mean and spread of whole gradients, from those of what sparse ones store: the rest of these is zeros."""
        if taken.stored is None:
            return mean, spread
        size = self.sizes[taken.has]
        whole = mean * taken.stored / size
        return whole, np.sqrt(np.maximum(norm_from(mean, spread, taken.stored) ** 2 - size * whole**2, 0))


@dataclass
class _Taken:
    """Of the gradients of a step: which tensors had one, how much of each was stored where one is sparse."""

    has: list[int]
    stored: np.ndarray | None
    grads: dict[int, Tensor]  # themselves, where the numbers are read at once


def ratios_from(sums: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """log10(std(update) / std(data)) from what `Probe.sums` gives, (4, …, tensors); (…, tensors) float32."""
    update_mean, update_spread, data_mean, data_spread = sums
    with np.errstate(all="ignore"):
        ratios = log10_ratio(std_from(update_mean, update_spread, sizes), std_from(data_mean, data_spread, sizes))
    return ratios.astype(np.float32)


class _Reading:
    """Gathers numbers under names: those that are known, and 0-d tensors, which are all read in one transfer."""

    def __init__(self) -> None:
        self.gathered: defaultdict[str, list[Tensor]] = defaultdict(list)
        self._known: dict[str, np.ndarray] = {}

    def add(self, names: Sequence[str], values: Sequence[Sequence[Tensor]]) -> None:
        """Append some values to each name."""
        for name, more in zip(names, values, strict=True):
            self.gathered[name].extend(more)

    def know(self, names: Sequence[str], values: Iterable[np.ndarray]) -> None:
        """Numbers that are here already."""
        self._known.update(zip(names, values, strict=True))

    def tensors(self) -> list[Tensor]:
        """All that is gathered, 0-d."""
        return [t for values in self.gathered.values() for t in values]

    def read(self) -> dict[str, np.ndarray]:
        """Float64 arrays by name."""
        tensors = self.tensors()
        return self.named(torch.stack(tensors).double().cpu().numpy() if tensors else np.empty(0))

    def named(self, numbers: Sequence[float] | np.ndarray) -> dict[str, np.ndarray]:
        """The same, from the numbers of `tensors`."""
        arrays, start, flat = dict(self._known), 0, np.asarray(numbers, np.float64)
        for name, values in self.gathered.items():
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
