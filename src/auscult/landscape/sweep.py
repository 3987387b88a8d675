"""Loss and metrics of several splits, at one point after another, with little beside the forward passes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from auscult.anatomy.norm_passes import keeps_statistics, norms_of
from auscult.anatomy.passes import as_step, random_state, same_random
from auscult.curvature import Objective
from auscult.curvature.data import WholeData
from auscult.curvature.modes import evaluating
from auscult.errors import LandscapeError, NonFiniteError
from auscult.landscape.metrics import Gathered, MeanOf, Metrics

TRAIN = "train"  # what the objective's own data are called


@dataclass(frozen=True)
class Measured:
    """A split's mean loss and metrics at every point, each array of the landscape's shape; NaN where not measured."""

    loss: np.ndarray
    metrics: dict[str, np.ndarray]


@dataclass(frozen=True)
class _Pass:
    """One pass over one split: its batches' losses, still on the device, with their weights, and its metrics."""

    losses: list[Tensor]
    weights: list[int]
    metrics: list[MeanOf | Gathered]


Reading = list[_Pass] | None  # of each split; None where batch norms got values that are not finite


class Sweep:
    """What is measured at each point. Batch norms that take the statistics of the data take those of `train`.

    splits: other data by name, of which loss and metrics are measured as well.
    """

    def __init__(self, objective: Objective, splits: Mapping[str, Any] | None, metrics: Any) -> None:
        self._objective = objective
        self._data = {TRAIN: objective.data}
        for name, data in (splits or {}).items():
            if name == TRAIN:
                raise LandscapeError(
                    f"the objective's own data are the split {TRAIN!r}; call the other by another name"
                )
            self._data[name] = WholeData(data, objective.layout.device, None, objective.memory)
        self._metrics = Metrics(metrics)
        if self._metrics.names and objective.loss is None:
            raise LandscapeError("metrics take outputs and targets; give the objective loss=, not step=, or no metrics")
        self._seen: tuple[Any, Any] = (None, None)
        self._draws: dict[
            str, bool
        ] = {}  # whether a pass over a split draws random numbers, as the first over kept batches tells
        self._step = as_step(objective.model, self._noting, None) if self._metrics.names else None

    @property
    def splits(self) -> tuple[str, ...]:
        """Their names, `train` first."""
        return tuple(self._data)

    @property
    def metrics(self) -> tuple[str, ...]:
        """The names of what is measured beside the loss."""
        return self._metrics.names

    def empty(self, *shape: int) -> dict[str, Measured]:
        """Nothing measured yet."""

        def nothing() -> np.ndarray:
            return np.full(shape, np.nan)

        return {split: Measured(nothing(), {name: nothing() for name in self.metrics}) for split in self.splits}

    @contextmanager
    def open(self) -> Iterator[None]:
        """Within it points can be read; afterwards modes, buffers, gradients and random streams are as they were."""
        o = self._objective
        with ExitStack() as stack:
            for data in self._data.values():
                stack.enter_context(data.undisturbed())
            stack.enter_context(evaluating(o.model, o.norm))
            stack.enter_context(torch.inference_mode(False))
            stack.enter_context(torch.set_grad_enabled(o.differentiates))
            yield

    def read(self) -> Reading:
        """Everything at the present parameters; the device is not waited for."""
        try:
            self._objective.settle()
        except NonFiniteError:
            return None
        return [self._pass(split, data) for split, data in self._data.items()]

    def _pass(self, split: str, data: WholeData) -> _Pass:
        losses, weights, metrics = [], [], self._metrics.fresh()
        begun = None
        for batch, n in data.pairs(reset=self._draws.get(split, True)):
            if begun is None and split not in self._draws and data.bytes_held:
                begun = random_state()
            losses.append(self._objective.loss_of(batch, step=self._step).detach())
            weights.append(n)
            for metric in metrics:
                metric.add(*self._seen, n)
        self._seen = (None, None)
        if begun is not None:
            self._draws[split] = not same_random(begun, random_state())
        return _Pass(losses, weights, metrics)

    def _noting(self, outputs: Any, targets: Any) -> Tensor:
        self._seen = outputs.detach() if isinstance(outputs, Tensor) else outputs, targets
        assert self._objective.loss is not None
        return self._objective.loss(outputs, targets)


def write(readings: list[tuple[int, Reading]], into: dict[str, Measured]) -> None:
    """Put what was read at some flat indices into arrays; the device is waited for once."""
    passes = [(i, p, m) for i, reading in readings for p, m in zip(reading or (), into.values(), strict=False)]
    if not passes:
        return
    numbers = iter(torch.stack([loss for _, p, _ in passes for loss in p.losses]).cpu().double().tolist())
    for i, p, measured in passes:
        total = 0.0
        for n in p.weights:
            total += n * next(numbers)
        measured.loss.flat[i] = total / sum(p.weights)
        for array, metric in zip(measured.metrics.values(), p.metrics, strict=True):
            array.flat[i] = metric.value()


def normed(objective: Objective) -> bool:
    """Whether the model has batch norms that keep running statistics."""
    return isinstance(objective.model, nn.Module) and any(keeps_statistics(m) for m in norms_of(objective.model))


STATISTICS = {
    "eval": "batch norms by their running statistics, not recomputed at each point",
    "train": "batch norms by the statistics of each batch",
    "data": "batch norms by the statistics of the whole training data, recomputed at each point",
    "data-one-pass": "batch norms by statistics recomputed at each point in one pass, exact for the first norm",
}


def statistics(objective: Objective) -> str:
    """How batch norms normalised, in words; empty where there is none."""
    return STATISTICS[objective.norm] if normed(objective) else ""
