"""What batch norms get where they normalise by their running statistics: in the evaluations of a script."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

from auscult.anatomy import NormStatistics
from auscult.observe.hub import Affine
from auscult.observe.turns import Turns
from auscult.runs import quantities as q
from auscult.stats import drift, log_drift, wide

_ELEMENTS = 1 << 18  # of a batch that are read: whole examples, evenly spaced
_BATCHES = 32  # of an evaluation that are read; of more every other one, then every fourth, and so on
_ALIKE = 0.7  # correlation of two norms' gains or biases, from which one is the other's copy, such as an average
_CHANCE, _SURELY = 3.0, 0.95  # standard deviations of one by chance, that it must exceed too; and from which it does
_STRANGERS = 256  # norms that are known to be none of ours; in twice the steps an average may have become a copy

Values = list[tuple[str, str, float]]


@dataclass(frozen=True)
class _Known:
    """A batch norm that was seen to train: what it evaluates with, its gains and its biases."""

    running_mean: Tensor
    affine: Affine


@dataclass
class _Norm:
    """One norm in the evaluation going on: what it normalises by, and mean, variance and size of each batch read."""

    running_mean: Tensor
    running_var: Tensor
    eps: float
    batches: list[tuple[Tensor, Tensor, int, int]] = field(default_factory=list)
    met: int = 0
    stride: int = 1

    def add(self, x: Tensor) -> None:
        """Another batch, (examples, channels, …)."""
        self.met += 1
        if self.met % self.stride:
            return
        x = wide(x[:: max(1, x.numel() // _ELEMENTS)])
        var, mean = torch.var_mean(x, [0, *range(2, x.ndim)], correction=0)
        self.batches.append((mean, var, x.numel() // x.shape[1], len(x)))
        if len(self.batches) >= _BATCHES:
            del self.batches[::2]
            self.stride *= 2

    def values(self, name: str) -> Values:
        """How far it is from its running statistics, all batches pooled; deviations are the larger of the two."""
        if not self.batches:
            return []
        means, variances, sizes, examples = zip(*self.batches, strict=True)
        share = torch.tensor(sizes, dtype=means[0].dtype, device=means[0].device)[:, None] / sum(sizes)
        mean = (share * torch.stack(means)).sum(0)
        var = (share * (torch.stack(variances) + (torch.stack(means) - mean).square())).sum(0)
        running = wide(self.running_var)
        deviation = (torch.maximum(var, running) + self.eps).sqrt()
        two = drift(wide(self.running_mean), mean, deviation), log_drift(running, var, self.eps)
        quantities = (q.EVAL_MEAN_DRIFT, q.EVAL_VAR_DRIFT)
        return [
            *((quantity, name, value) for quantity, value in zip(quantities, torch.stack(two).tolist(), strict=True)),
            (q.EVAL_VALUES, name, float(sum(sizes))),
            (q.EVAL_EXAMPLES, name, float(sum(examples))),
        ]


class Evaluated:
    """Holds what batch norms get in evaluations against the running statistics they normalise by.

    An evaluation is all that is evaluated between two steps. Only norms that were seen to train are heard, and copies
    of these: averaged weights are evaluated by a network of their own, whose running statistics nobody may have kept.
    """

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}
        self._names: dict[int, str] = {}  # by where a norm's running mean lies
        self._strangers: set[int] = set()
        self._forgets_at = 1  # the step at which strangers are looked at anew
        self._turns = Turns()
        self._going_on: dict[str, _Norm] = {}

    def know(self, name: str, statistics: NormStatistics, affine: Affine) -> None:
        """A norm was seen in a training pass: its name, and what it remembers where it trains."""
        if (known := self._known.pop(name, None)) is not None:
            self._names.pop(known.running_mean.data_ptr(), None)
        if statistics.running_mean is not None:
            self._known[name] = _Known(statistics.running_mean, affine)
            self._names[statistics.running_mean.data_ptr()] = name

    def concerns(self, step: int, x: Tensor, running_mean: Tensor) -> bool:
        """Whether a norm that evaluates may be one of those. Frozen ones evaluate at every step: this must be short."""
        if not self._names:
            return False
        try:
            at, _ = running_mean.data_ptr(), x.data_ptr()
        except RuntimeError:  # one is on no device, or one of many that are mapped over
            return False
        if step >= self._forgets_at or len(self._strangers) >= _STRANGERS:
            self._strangers.clear()
            self._forgets_at = 2 * step
        return at in self._names or (at not in self._strangers and not torch.is_grad_enabled())

    @torch.no_grad()
    def add(self, step: int, x: Tensor, running: tuple[Tensor, Tensor], affine: Affine, eps: float) -> bool:
        """A norm evaluates a batch after this step; True where an evaluation begins, which `take` ends."""
        name = self._name(running[0], affine)
        if name is None or not self._turns.is_due(step, not x.is_cpu) or x.ndim < 2 or not x.numel():
            return False
        self._turns.note(step)
        begins = not self._going_on
        if name not in self._going_on:
            mean, var = (t.detach().clone() for t in running)
            self._going_on[name] = _Norm(mean, var, eps)
        self._going_on[name].add(x.detach())
        return begins

    @torch.no_grad()
    def take(self) -> Values:
        """What there is of the evaluation, which is over."""
        going_on, self._going_on = self._going_on, {}
        return [value for name, norm in going_on.items() for value in norm.values(name)]

    def _name(self, running_mean: Tensor, affine: Affine) -> str | None:
        at = running_mean.data_ptr()
        if at in self._names:
            return self._names[at]
        for name, known in self._known.items():
            if any(_are_alike(mine, theirs) for mine, theirs in zip(affine, known.affine, strict=True)):
                return q.copy_of(name)
        self._strangers.add(at)
        return None


def _are_alike(one: Tensor | None, other: Tensor | None) -> bool:
    if one is None or other is None or one.shape != other.shape or one.device != other.device or len(one) < 3:
        return False
    least = max(_ALIKE, min(_SURELY, _CHANCE / len(one) ** 0.5))
    return bool(torch.corrcoef(wide(torch.stack((one, other))))[0, 1] > least)
