"""How many different examples a training has, told by which of them come again."""

from __future__ import annotations

import functools
import math

import numpy as np
import torch
from torch import Tensor
from torch.autograd.graph import Node

from auscult.anatomy import Anatomy, taken_by
from auscult.anatomy.nodes import RESHAPES, inputs, kind
from auscult.observe.gathering import Gathering
from auscult.runs import quantities as q

_MOST = 1 << 16  # examples of a batch; of more, nothing is said
_COLUMNS = 256  # of an example that it is known by, evenly spaced
_KEPT = 4096  # of the least marks: the number of all follows from how close they lie, to 1.6 %
_ALIKE = 0.9  # of a batch: where more of its examples equal another of it, what enters tells no examples
_ALIKE_IN_PART = 0.1  # the same where some of what enters is kept by nobody
_AGAIN = 1.2  # times as many were met as there are different ones: so many have surely come again
_APART = 0.3  # of all pairs of examples met, that lie in different passes: within one pass none comes again
_SURE = 2.0  # standard errors
_ODD = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F)  # 2⁶⁴ over the golden ratio, and another odd number


class Examples:
    """Marks the examples of the batches that are looked at, and counts the marks.

    An example's mark is made of all that enters the network for it, so one that is augmented, or drawn anew, never
    comes again. Of n examples met, D are different; where the training has N, D is about N (1 − e^(−n/N)).
    """

    def __init__(self) -> None:
        self._least = np.empty(0, np.uint64)  # of the marks met, each once
        self._met = 0
        self._can = True

    @torch.no_grad()
    def look(self, anatomy: Anatomy, numbers: Gathering) -> dict[str, float]:
        """Take the marks of a batch; the values fill in when the numbers are read."""
        values: dict[str, float] = {}
        try:
            entering, whole = _entering(anatomy)
            batch = len(entering[0]) if entering else 0
            if not batch or any(len(x) != batch for x in entering) or _is_of_kinds(entering):
                return values
            values[q.DATA_BATCH] = float(batch)
            if self._can and 1 < batch <= _MOST:
                marks = torch.stack([_marks(x, salt) for salt, x in enumerate(entering)]).sum(0)
                alike = _ALIKE if whole else _ALIKE_IN_PART
                numbers.array(marks, lambda v: values.update(self._note(v, alike)))
        except RuntimeError:  # a tensor that has no memory of its own, as one that is mapped over
            self._can = False
        return values

    def _note(self, marks: np.ndarray, alike: float) -> dict[str, float]:
        different = np.unique(_mixed(marks.view(np.uint64)))
        self._can = self._can and len(different) >= (1 - alike) * len(marks)
        if not self._can:
            return {}
        self._met += len(marks)
        at, after = (np.searchsorted(self._least, different, side) for side in ("left", "right"))
        new = at == after
        self._least = np.insert(self._least, at[new], different[new])[:_KEPT]
        there_are = _different(self._least)
        times = self._met / there_are
        if times < _AGAIN:
            return {q.DATA_EXAMPLES_LEAST: max(there_are, _at_least(self._met, there_are))}
        return {q.DATA_EXAMPLES: max(self._met / _passes(times), float(len(different)))}


def _entering(anatomy: Anatomy) -> tuple[list[Tensor], bool]:
    """What enters the network, examples first, and whether that is all; nothing where one of it cannot be read."""
    found: dict[int, Tensor] = {}
    whole = True
    for site in anatomy.sites:
        whole = whole and not _joins_data(site.data)
        if site.data is not None or site.operation not in ("linear", "convolution", "embedding", "recurrent"):
            continue
        x = taken_by(site)
        turned = site.operation == "recurrent" or (site.operation == "linear" and site.unit_dim != -1)
        if x is None or not x.ndim or x.is_complex() or x.layout != torch.strided or turned:
            return [], False
        found.setdefault(x.data_ptr(), x)
    batch = next((len(x) for x in found.values() if x.ndim > 1), None)
    return [x for x in found.values() if batch in (None, len(x)) or not _may_be_of_all(x)], whole


def _may_be_of_all(x: Tensor) -> bool:
    """Whether it may be the same for every example, as the numbers of the places are."""
    return not x.is_floating_point() and (x.ndim == 1 or len(x) == 1)


def _is_of_kinds(entering: list[Tensor]) -> bool:
    """Whether an example is one whole number, as a word, of which a bag may be an example: there are only so many."""
    return len(entering) == 1 and entering[0].numel() == len(entering[0]) and not entering[0].is_floating_point()


def _joins_data(node: Node | None) -> bool:
    """Whether data that nobody keeps enters here, beside what was computed."""
    while node is not None and kind(node).startswith(RESHAPES):
        node = inputs(node)[0]
    return node is not None and kind(node) in ("CatBackward", "StackBackward") and None in inputs(node)


def _marks(x: Tensor, salt: int) -> Tensor:
    """A number for each example, (examples,) int64: of equal ones the same."""
    x = x.reshape(len(x), -1)
    x = x[:, :: max(1, math.ceil(x.shape[1] / _COLUMNS))].contiguous()
    if x.is_floating_point():
        x = x.view({1: torch.uint8, 2: torch.int16, 4: torch.int32, 8: torch.int64}[x.element_size()])
    return (x.to(torch.int64) * _weights(x.shape[1], salt, x.device)).sum(1)


@functools.cache
def _weights(columns: int, salt: int, device: torch.device) -> Tensor:
    places = np.arange(1, columns + 1, dtype=np.uint64) + np.uint64(salt * _COLUMNS)
    return torch.from_numpy(_mixed(places).view(np.int64)).to(device, non_blocking=True)


def _mixed(numbers: np.ndarray) -> np.ndarray:
    """Each number as another, evenly spread over all of uint64."""
    for odd in _ODD:
        numbers = (numbers ^ (numbers >> np.uint64(32))) * np.uint64(odd)
    return numbers ^ (numbers >> np.uint64(32))


def _different(least: np.ndarray) -> float:
    """How many different marks there are, by the least of them (Bar-Yossef et al. 2002: k − 1 over the k-th)."""
    return float(len(least)) if len(least) < _KEPT else (_KEPT - 1) / (float(least[-1]) / 2.0**64)


def _at_least(met: int, different: float) -> float:
    """How many there must be, where so few came again: of N, about met² / 2N pairs are equal."""
    again = max(0.0, met - different)
    if different >= _KEPT:
        again += _SURE * different / _KEPT**0.5  # as far as the number of all is known
    most = again + _SURE * again**0.5 + _SURE + 1  # to be expected
    return _APART * met * (met - 1) / 2 / most


def _passes(met_once: float) -> float:
    """n/N, from n/D."""
    passes = met_once
    for _ in range(64):
        passes = met_once * -math.expm1(-passes)
    return passes
