"""How far the running statistics of batch norms lie from what the norms get, in training and in evaluation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from auscult.findings import Evidence
from auscult.rules._case import Case
from auscult.rules._looks import NONE, Looks
from auscult.rules._norms import WITHIN, BatchNorm, using_batch
from auscult.rules._rule import reached
from auscult.runs import quantities as q

MEAN = 0.4  # standard deviations
VARIANCE = 0.2  # decades: a factor of 1.6
EVALUATED_VARIANCE = 0.3  # a factor of 2: what a dropout of a half before the norm makes, which evaluation leaves out
SURE = 2.5  # times what the noise of so many values makes
FELL = 0.97  # of the drift is left from one third of the looks to the next where it falls steadily
LATE = 0.75  # share of the steps, after which an evaluation tells of the end

_OF_MEANS = (q.NORM_MEAN_DRIFT, q.EVAL_MEAN_DRIFT)


@dataclass(frozen=True)
class Drift:
    """One norm's drift of one kind, in the end; `subject`: the layer, or the copy of it that is evaluated."""

    norm: BatchNorm
    quantity: str
    looks: Looks
    limit: float
    subject: str

    @property
    def times(self) -> float:
        """How many times the limit it is."""
        return self.looks.late / self.limit

    @property
    def of_mean(self) -> bool:
        """Whether it is of the running mean; else of the variance."""
        return self.quantity in _OF_MEANS

    @property
    def evaluated(self) -> bool:
        """Whether it is what an evaluation gave."""
        return self.quantity in (q.EVAL_MEAN_DRIFT, q.EVAL_VAR_DRIFT)

    @property
    def of_copy(self) -> bool:
        """Whether it is of a copy of the layer."""
        return self.subject != self.norm.layer.name

    @property
    def evidence(self) -> Evidence:
        """What it is, held against its limit."""
        late = self.looks.late
        margin = self.times if self.of_mean or self.times < 1 else reached(late, self.limit)
        return Evidence(f"{self.quantity} of {self.subject}", late, self.limit, margin, int(self.looks.steps[-1]))

    @property
    def falls(self) -> bool:
        """Whether it was too large from the start and becomes smaller, as where a slow average is on its way."""
        if self.since > self.looks.steps[0]:
            return False
        third = len(self.looks) // 3
        parts = [float(np.median(p)) for p in np.split(self.looks.values[: 3 * third], 3)] if third else []
        return bool(parts) and all(b < FELL * a for a, b in pairwise(parts))

    @property
    def more(self) -> float:
        """The steps until it is within its limit if it goes on falling as it does; infinite where it does not."""
        steps, values = self.looks.steps, self.looks.values
        half = len(values) // 2
        early, late = float(np.median(values[:half])), self.looks.late
        apart = float(np.median(self.looks.last.steps) - np.median(steps[:half]))
        if not 0 < late < early or apart <= 0:
            return math.inf
        return math.log(self.times) * apart / math.log(early / late)

    @property
    def since(self) -> int:
        """The step from which it stays beyond its limit."""
        below = np.flatnonzero(self.looks.values < self.limit)
        return int(self.looks.steps[min(int(below[-1]) + 1 if len(below) else 0, len(self.looks) - 1)])


def in_training(case: Case, norm: BatchNorm) -> list[Drift]:
    """How far the running statistics lie from those of the batches; nothing of a norm that ends in eval mode."""
    if len(norm.trains) and not norm.trains.values[-1]:
        return []
    quantities, name = (q.NORM_MEAN_DRIFT, q.NORM_VAR_DRIFT), norm.layer.name
    looks = [using_batch(case.looks(quantity, name), norm.trains) for quantity in quantities]
    return _drifts(norm, quantities, looks, max(norm.counted, 2.0), VARIANCE, name)


def in_evaluation(case: Case, norm: BatchNorm, subject: str) -> list[Drift]:
    """How far they lie from what the norm, or a copy of it, got in evaluations towards the end."""
    quantities = (q.EVAL_MEAN_DRIFT, q.EVAL_VAR_DRIFT)
    values, examples = (case.looks(quantity, subject).late for quantity in (q.EVAL_VALUES, q.EVAL_EXAMPLES))
    values = max(2.0, min(values, WITHIN * examples))
    looks = [case.looks(quantity, subject) for quantity in quantities]
    late = [seen if len(seen) and seen.steps[-1] >= LATE * case.total_steps else NONE for seen in looks]
    return _drifts(norm, quantities, late, values, EVALUATED_VARIANCE, subject)


def _drifts(
    norm: BatchNorm, quantities: tuple[str, str], looks: Sequence[Looks], values: float, variance: float, subject: str
) -> list[Drift]:
    noise = SURE * math.sqrt(1 / values), SURE * math.log10(math.e) * math.sqrt(2 / values)
    limits = math.hypot(MEAN, noise[0]), math.hypot(variance, noise[1])
    return [
        Drift(norm, quantity, seen, limit, subject)
        for quantity, seen, limit in zip(quantities, looks, limits, strict=True)
        if len(seen)
    ]
