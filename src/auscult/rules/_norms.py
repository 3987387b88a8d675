"""Batch normalisations: over how many values, and how many examples, their statistics are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from auscult.rules._case import Case
from auscult.rules._looks import Looks
from auscult.rules._once import once
from auscult.runs import Layer
from auscult.runs import quantities as q

WITHIN = 2  # values that an image counts for: those of one image are much alike


@dataclass(frozen=True)
class BatchNorm:
    """One batch normalisation, at the looks at which it used the statistics of the batch."""

    layer: Layer
    values: float  # a channel's, the median of the looks
    examples: float  # of the batch; NaN where that is not known
    trains: Looks  # 1 where it used them

    @property
    def counted(self) -> float:
        """The values as if they were independent."""
        return min(self.values, WITHIN * self.examples) if self.examples < self.values else self.values


@once
def batch_norms(case: Case) -> list[BatchNorm]:
    """The batch normalisations that use the statistics of the batch, and over how many values is known."""
    found = []
    for layer in case.layers:
        values, trains = case.looks(q.NORM_VALUES, layer.name), case.looks(q.NORM_TRAINS, layer.name)
        if layer.operation != "batch-norm" or not len(values):
            continue
        if len(trains):
            values = using_batch(values, trains)
        if len(values):
            found.append(BatchNorm(layer, values.median, _examples(case, layer), trains))
    return found


def using_batch(looks: Looks, trains: Looks) -> Looks:
    """The looks at which a norm used the statistics of the batch."""
    return Looks(*_at(looks, trains.steps[trains.values > 0])) if len(trains) else looks


def _at(looks: Looks, steps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    here = np.isin(looks.steps, steps)
    return looks.steps[here], looks.values[here]


def _examples(case: Case, layer: Layer) -> float:
    """How many examples a batch has, by the layer before where that is a convolution, or else by the labels."""
    before = {x.name: x for x in case.layers if x.name in layer.after}
    for name, one in before.items():
        if one.operation == "convolution" and len(seen := case.looks(q.UNIT_EXAMPLES, name)):
            return seen.median
        if one.operation == "linear":
            return float("nan")
    return case.looks(q.TASK_EXAMPLES).median
