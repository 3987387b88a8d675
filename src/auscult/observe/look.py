"""One look inside the network: between a forward pass and its backward, and on the way back.

Nothing is hooked into the model. What the forward pass gave is read from what autograd keeps for the backward
pass; what nobody keeps (what goes into a tanh or a ReLU) is computed again, on looks that are `full`. Gradients are met
on their way by hooks on nodes of the graph, which are gone with it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.autograd.graph import Node

from auscult.anatomy import (
    PART,
    SATURATED,
    SATURATED_99,
    Anatomy,
    Loss,
    NormStatistics,
    Site,
    data_of,
    given,
    input_of,
    norm_output,
    norm_statistics,
    output_of,
    some,
    weight_rows,
)
from auscult.anatomy.nodes import kept
from auscult.observe import arrival
from auscult.observe.gathering import Gathering
from auscult.observe.noise import Noise
from auscult.runs import quantities as q
from auscult.stats import (
    by_unit,
    drift,
    feature_spread,
    fingerprints,
    log_drift,
    memory,
    power,
    summary,
    thinned,
    wide,
)

BINS = 64
_HISTOGRAM = 1 << 12  # elements of a tensor that make a histogram
_EXAMPLES, _UNITS = 64, 512  # a map at most
_ROUNDING = 1e-6  # of the largest: how far fingerprints of equal rows lie apart

_OUTPUT = (q.OUTPUT_MEAN, q.OUTPUT_STD, q.OUTPUT_MAX, q.OUTPUT_NONFINITE)
_OUTPUT_GRAD = (q.OUTPUT_GRAD_MEAN, q.OUTPUT_GRAD_STD, q.OUTPUT_GRAD_MAX, q.OUTPUT_GRAD_NONFINITE)
_ACTIVATION = (q.ACTIVATION_MEAN, q.ACTIVATION_STD, q.ACTIVATION_MAX, q.ACTIVATION_NONFINITE)
_ACTIVATION_GRAD = (
    q.ACTIVATION_GRAD_MEAN, q.ACTIVATION_GRAD_STD, q.ACTIVATION_GRAD_MAX, q.ACTIVATION_GRAD_NONFINITE,
)  # fmt: skip
_INPUT = (q.INPUT_MEAN, q.INPUT_STD, q.INPUT_MIN, q.INPUT_MAX, q.INPUT_SPREAD)


@dataclass
class Seen:
    """What a look saw of one layer."""

    site: Site
    values: dict[str, float] = field(default_factory=dict)
    flat: np.ndarray | None = None  # (units,) share of this step's examples in which a unit lies on a flat part
    examples: int = 0
    map: Tensor | None = None  # (examples, units) float16
    histograms: dict[str, np.ndarray] = field(default_factory=dict)
    data: dict[str, float] = field(default_factory=dict)  # of what enters the network here
    data_key: int = 0  # where that lies, to know the same data again
    norm: NormStatistics | None = None

    def unscale(self, scale: float) -> None:
        """Divide the gradients by what the loss was multiplied by; where that cannot be told, forget them."""
        known = math.isfinite(scale) and scale > 0
        for quantity in (*_OUTPUT_GRAD[:3], *_ACTIVATION_GRAD[:3]):
            if quantity in self.values:
                self.values[quantity] = self.values[quantity] / scale if known else math.nan
        for kind in (q.HISTOGRAM_OUTPUT_GRAD, q.HISTOGRAM_ACTIVATION_GRAD):
            if kind in self.histograms and known:
                self.histograms[kind][:2] /= scale
            else:
                self.histograms.pop(kind, None)


class Look:
    """Measures a forward pass at `begin` and its backward pass while that runs; `read` gives the numbers.

    around: runs what PyTorch calls for on the way back; it bills the time and keeps faults from the training.
    native: what the native core can read it reads.
    """

    def __init__(
        self,
        anatomy: Anatomy,
        losses: Sequence[Loss],
        full: bool,
        around: Callable[[Callable[[], None]], None],
        native: bool = True,
    ) -> None:
        self.anatomy = anatomy
        self.full = full
        self.numbers = Gathering()
        self.noise = Noise(anatomy, losses, self.numbers)
        self.seen = [Seen(site) for site in anatomy.sites]
        self._around = around
        self._native = native
        self._handles: list[Any] = []

    @torch.no_grad()
    def begin(self) -> None:
        """Measure the forward pass, and wait for the gradients."""
        for seen in self.seen:
            site = seen.site
            self._forward(seen)
            self._listen(site.activation_node, seen, _ACTIVATION_GRAD, q.HISTOGRAM_ACTIVATION_GRAD)
            if site.output is not site.activation_node:
                self._listen(site.output, seen, _OUTPUT_GRAD, q.HISTOGRAM_OUTPUT_GRAD)
        for site in self.noise.sites:
            self._meet(site.node, lambda gradient, site=site: self.noise.add(site, gradient))

    def leave(self) -> None:
        """The backward pass is over, or given up: nothing more is heard of it."""
        for handle in self._handles:
            handle.remove()
        self._handles.clear()

    @torch.no_grad()
    def read(self, scale: float = 1.0) -> list[Seen]:
        """All that was seen, in one transfer; gradients are divided by `scale`."""
        self.leave()
        self.numbers.read()
        if scale != 1:
            for seen in self.seen:
                seen.unscale(scale)
        return self.seen

    # -- the forward pass -----------------------------------------------------------------------------------------

    def _forward(self, seen: Seen) -> None:
        site = seen.site
        output = output_of(site, self.full or site.is_output)
        if output is not None:
            self._summary(seen, output, _OUTPUT, q.HISTOGRAM_OUTPUT)
        if site.activation_node is not None:
            self._activation(seen, output)
        if site.operation in ("batch-norm", "instance-norm"):
            self._norm(seen)
        if self.full:
            self._gates(seen)
            self._weights(seen)
            self._data(seen)

    def _activation(self, seen: Seen, output: Tensor | None) -> None:
        site = seen.site
        activation, node = site.activation, site.activation_node
        assert activation is not None
        assert node is not None
        made = given(activation, node)
        if made is None or not made.numel():
            return
        self._summary(seen, made, _ACTIVATION, q.HISTOGRAM_ACTIVATION)
        if (dim := _dim_of_units(made, site)) is None:
            return
        before, made = input_of(activation, node), some(made, dim)
        held = made if before is None else some(before, dim)
        seen.examples = made.shape[0] if dim == 1 and made.ndim > 2 else made.numel() // made.shape[dim]
        seen.map = _map(made, dim, activation.two_ends)
        if arrival.comes_later(made.device):
            shape = seen.map.shape
            self.numbers.array(seen.map, lambda v: setattr(seen, "map", torch.from_numpy(v.reshape(shape))))
        self.numbers.array(by_unit(activation.flat(held, node, SATURATED_99), dim), lambda v: _note_flat(seen, v))
        if activation.two_ends:
            share = activation.flat(held, node, SATURATED).mean(dtype=torch.float32)
            self.numbers.scalars((share,), lambda v: seen.values.update({q.SATURATED: v[0]}))
        if self.full and site.direct:
            if before is None:
                before = norm_output(site.norm) if site.norm is not None else output
            if before is not None:
                powers = power(wide(some(before, site.unit_dim))), power(wide(made))
                self.numbers.scalars(powers, lambda v: seen.values.update({q.GAIN: _gain(*v)}))

    def _gates(self, seen: Seen) -> None:
        held = [(a, n, some(x)) for a, n in seen.site.gates if (x := kept(n, a.keeps)) is not None and x.numel()]
        shares = [a.flat(x, n, SATURATED).mean(dtype=torch.float32) for a, n, x in held]
        if shares:
            self.numbers.scalars(shares, lambda v: seen.values.update({q.GATES: sum(v) / len(v)}))

    def _norm(self, seen: Seen) -> None:
        seen.norm = found = norm_statistics(seen.site)
        if found is None:
            return
        seen.values |= {q.NORM_TRAINS: float(found.trains), q.NORM_VALUES: found.values}
        if found.running_mean is not None and found.running_var is not None:
            two = (
                drift(found.running_mean, found.mean, found.divisor),
                log_drift(found.running_var, found.var, found.eps),
            )
            names = (q.NORM_MEAN_DRIFT, q.NORM_VAR_DRIFT)
            self.numbers.scalars(two, lambda v: seen.values.update(zip(names, v, strict=True)))

    def _weights(self, seen: Seen) -> None:
        rows, bias = weight_rows(seen.site), seen.site.bias
        if rows is not None and len(rows) > 1:
            own = bias is not None and bias.numel() == len(rows)
            marks = fingerprints(wide(rows), wide(bias.detach().reshape(-1)) if own and bias is not None else None)
            self.numbers.array(marks, lambda v: seen.values.update({q.COPIED: _copied(v.reshape(-1, 2))}))

    def _data(self, seen: Seen) -> None:
        site = seen.site
        if site.data is not None or site.operation not in ("linear", "convolution", "recurrent"):
            return
        data = data_of(site)
        if data is None or not data.is_floating_point() or data.numel() < 2:
            return
        seen.data_key, data = data.data_ptr(), wide(data)
        five = *summary(data), feature_spread(data, -1 if site.operation == "recurrent" else site.unit_dim)
        self.numbers.scalars(five, lambda v: seen.data.update(zip(_INPUT, v, strict=True)))

    # -- the backward pass ----------------------------------------------------------------------------------------

    def _listen(self, node: Node | None, seen: Seen, names: Sequence[str], histogram: str) -> None:
        if node is not None:
            self._meet(node, lambda gradient: self._summary(seen, gradient, names, histogram))

    def _meet(self, node: Node, measure: Callable[[Tensor], None]) -> None:
        """Measure the gradient that comes back to a node."""

        def arrives(gradients: Sequence[Tensor | None]) -> None:
            gradient = gradients[0]
            if gradient is not None:
                self._around(lambda: quietly(gradient))

        @torch.no_grad()
        def quietly(gradient: Tensor) -> None:
            measure(gradient.detach())

        self._handles.append(node.register_prehook(arrives))

    def _summary(self, seen: Seen, x: Tensor, names: Sequence[str], histogram: str) -> None:
        if not x.numel() or x.is_complex() or x.layout != torch.strided:
            return
        size = x.numel()

        def note(v: Sequence[float]) -> None:
            std = v[1] if size > 1 else math.nan
            seen.values.update(zip(names, (v[0], std, max(-v[2], v[3]), v[4] if len(v) > 4 else 0), strict=True))

        five = memory.summary(x, PART) if self._native else None
        if five is not None:
            note(five)
        else:
            self._summary_by_torch(wide(x), note)
        if self.full:
            counts = memory.histogram(x, _HISTOGRAM, BINS) if self._native else None
            if counts is not None:
                seen.histograms[histogram] = counts
            else:
                some_of_it = thinned(wide(x), _HISTOGRAM)
                self.numbers.array(some_of_it, lambda v: seen.histograms.update({histogram: _histogram(v)}))

    def _summary_by_torch(self, x: Tensor, note: Callable[[Sequence[float]], None]) -> None:
        four = summary(x, PART)
        known_finite = x.is_cpu and math.isfinite(four[3].item() - four[2].item())  # elsewhere that would wait
        self.numbers.scalars(four if known_finite else (*four, (~torch.isfinite(x)).sum()), note)


def _dim_of_units(made: Tensor, site: Site) -> int | None:
    """Which dimension of an activation counts units; None where none does."""
    if made.ndim < 2:
        return None
    if site.units is None:  # it follows no layer: images, else features last
        return 1 if made.ndim > 3 else made.ndim - 1
    wanted = site.unit_dim % made.ndim
    return next((d for d in (wanted, 1, made.ndim - 1) if made.shape[d] == site.units), None)


def _map(made: Tensor, dim: int, two_ends: bool) -> Tensor:
    """(examples, units): the activation; of images the value that lies least on a flat part."""
    if dim != made.ndim - 1:
        made = made.movedim(dim, -1)
        if made.ndim > 2:
            made = made[:_EXAMPLES, ..., :_UNITS].flatten(1, -2)
            if two_ends:
                at = made.abs().argmin(1, keepdim=True)
                return made.gather(1, at)[:, 0].to(torch.float16)
            return made.amax(1).to(torch.float16)
    return made.reshape(-1, made.shape[-1])[:_EXAMPLES, :_UNITS].to(torch.float16, copy=True)


def _gain(before: float, after: float) -> float:
    return math.sqrt(before / after) if after > 0 and before >= 0 else math.nan


def _note_flat(seen: Seen, share: np.ndarray) -> None:
    assert seen.site.activation is not None
    seen.flat = share
    seen.values[q.SATURATED_99 if seen.site.activation.two_ends else q.OFF] = float(share.mean())
    seen.values[q.DEAD] = float((share >= 1).mean())
    seen.values[q.UNIT_EXAMPLES] = seen.examples


def _copied(marks: np.ndarray) -> float:
    """Share of rows whose fingerprint another row has."""
    marks = marks[np.lexsort(marks.T[::-1])]
    near = np.abs(np.diff(marks, axis=0)).max(1) <= _ROUNDING * np.abs(marks).max(initial=0)
    return float((np.append(near, False) | np.append(False, near)).mean())


def _histogram(values: np.ndarray) -> np.ndarray:
    """Lowest and highest edge, then the counts, of the finite values."""
    finite = values[np.isfinite(values)] if not math.isfinite(float(values.sum())) else values
    if not len(finite):
        return np.zeros(2 + BINS, np.float32)
    low, high = float(finite.min()), float(finite.max())
    if high <= low:
        margin = max(0.5, abs(low) / 1024)
        low, high = low - margin, high + margin
    at = (finite.astype(np.float64) - low) / (high - low) * BINS
    counts = np.bincount(np.clip(at, 0, BINS - 1).astype(np.int32), minlength=BINS)
    return np.concatenate([[low, high], counts]).astype(np.float32)
