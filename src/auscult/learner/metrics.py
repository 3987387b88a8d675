"""Metrics: what is shown of each epoch beside the loss, exact over the whole split whatever its batches.

A metric is either

- a function (outputs, targets) that gives the mean over a batch's examples; its mean over the split weights each batch
  by its examples; or
- an object with `update(outputs, targets)` and `value()`, named by `name` where it has one. Each pass over a split
  works on a fresh deep copy of it.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from typing import Any, Protocol, runtime_checkable

from torch import Tensor
from torch.nn import functional

from auscult.errors import LearnerError
from auscult.learner.means import WeightedMean

IGNORED = -100  # the target that counts for nothing, as torch.nn.CrossEntropyLoss has it
RESERVED = ("epoch", "train_loss", "valid_loss", "time")


@runtime_checkable
class Metric(Protocol):
    """What gathers over batches and gives one number in the end."""

    def update(self, outputs: Any, targets: Any) -> Any:
        """Take a batch in."""

    def value(self) -> float:
        """The number, over all that was taken in."""
        ...


class _Counted:
    """A mean over predictions; called with outputs and targets, it gives that of them alone."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._mean = WeightedMean()

    def __call__(self, outputs: Tensor, targets: Tensor) -> float:
        fresh = copy.deepcopy(self)
        fresh._mean = WeightedMean()
        fresh.update(outputs, targets)
        return fresh.value()

    def update(self, outputs: Tensor, targets: Tensor) -> None:
        """Take a batch in."""
        raise NotImplementedError

    def value(self) -> float:
        """The mean over every prediction taken in; NaN of none."""
        return self._mean.value()


class _Accuracy(_Counted):
    def __init__(self, name: str, wrong: bool) -> None:
        super().__init__(name)
        self._wrong = wrong

    def update(self, outputs: Tensor, targets: Tensor) -> None:
        if outputs.ndim == targets.ndim + 1:
            given = outputs.argmax(1)
        elif outputs.shape == targets.shape:
            given = outputs > 0
        else:
            raise _misfit(self.name, outputs, targets)
        counts = targets != IGNORED
        right = (given == targets) & counts
        self._mean.add_sum((counts & ~right if self._wrong else right).sum(), counts.sum())


class _MeanAbsoluteError(_Counted):
    def update(self, outputs: Tensor, targets: Tensor) -> None:
        if outputs.shape != targets.shape:
            raise _misfit(self.name, outputs, targets)
        self._mean.add_sum((outputs.double() - targets.double()).abs().sum(), outputs.numel())


class _Perplexity(_Counted):
    def update(self, outputs: Tensor, targets: Tensor) -> None:
        if outputs.ndim != targets.ndim + 1:
            raise _misfit(self.name, outputs, targets)
        total = functional.cross_entropy(outputs.double(), targets, ignore_index=IGNORED, reduction="sum")
        self._mean.add_sum(total, (targets != IGNORED).sum())

    def value(self) -> float:
        mean = super().value()
        return math.exp(mean) if mean < 700 else math.inf if mean == mean else mean


accuracy = _Accuracy("accuracy", wrong=False)
"""Share of predictions that are right: the class of the largest logit, or, of one logit each, its sign.

Outputs are logits (N, classes, …) with targets (N, …) of class indices, or both of one shape with targets 0 and 1. A
target of −100 counts for nothing.
"""

error_rate = _Accuracy("error_rate", wrong=True)
"""Share of predictions that are wrong: 1 − accuracy."""

mean_absolute_error = _MeanAbsoluteError("mean_absolute_error")
"""Mean of |output − target| over every element; outputs and targets have one shape."""

perplexity = _Perplexity("perplexity")
"""exp of the mean cross-entropy, in nats, over every target but −100; outputs are logits (N, classes, …)."""


class _MeanOf:
    """A plain function's mean over the examples."""

    def __init__(self, function: Callable[[Any, Any], Tensor | float], name: str) -> None:
        self._function, self._name = function, name
        self._mean = WeightedMean()

    def add(self, outputs: Any, targets: Any, examples: int) -> None:
        value = self._function(outputs, targets)
        if not isinstance(value, (int, float)) and not (isinstance(value, Tensor) and value.numel() == 1):
            got = (
                f"a tensor of shape {tuple(value.shape)}" if isinstance(value, Tensor) else f"a {type(value).__name__}"
            )
            raise LearnerError(f"the metric {self._name} gave {got}; it is to give one number, the batch's mean")
        self._mean.add(value.reshape(()) if isinstance(value, Tensor) else value, examples)

    def value(self) -> float:
        return self._mean.value()


class Metrics:
    """The metrics of a learner, checked and named; `fresh` begins a pass over a split."""

    def __init__(self, given: Any) -> None:
        listed: Sequence[Any] = given if isinstance(given, (list, tuple)) else (given,)
        self._given = {_name(metric): metric for metric in listed}
        names = [_name(metric) for metric in listed]
        for name in names:
            if names.count(name) > 1 or name in RESERVED:
                why = "the table has a column of its own by that name" if name in RESERVED else "another has it too"
                raise LearnerError(f"no metric can be called {name!r}, {why}; give it another __name__ or name")

    @property
    def names(self) -> tuple[str, ...]:
        """Their names, in order."""
        return tuple(self._given)

    def fresh(self) -> Pass:
        """Ones that have taken in nothing."""
        return Pass(self._given)


class Pass:
    """The metrics over one pass of one split."""

    def __init__(self, given: dict[str, Any]) -> None:
        self._metrics = {
            name: copy.deepcopy(metric) if isinstance(metric, Metric) else _MeanOf(metric, name)
            for name, metric in given.items()
        }

    def update(self, outputs: Any, targets: Any, examples: int) -> None:
        """Take a batch in."""
        for metric in self._metrics.values():
            if isinstance(metric, _MeanOf):
                metric.add(outputs, targets, examples)
            else:
                metric.update(outputs, targets)

    def values(self) -> dict[str, float]:
        """The numbers, by name."""
        return {name: float(metric.value()) for name, metric in self._metrics.items()}


def _name(metric: Any) -> str:
    if isinstance(metric, type) or not (isinstance(metric, Metric) or callable(metric)):
        got = f"the class {metric.__name__}" if isinstance(metric, type) else f"a {type(metric).__name__}"
        raise LearnerError(
            f"{got} is no metric; give a function (outputs, targets), or an object with update and value"
        )
    inner = getattr(metric, "func", metric)  # of a functools.partial
    return str(getattr(metric, "name", None) or getattr(inner, "__name__", None) or type(metric).__name__)


def _misfit(name: str, outputs: Tensor, targets: Tensor) -> LearnerError:
    return LearnerError(
        f"{name} cannot compare outputs {tuple(outputs.shape)} with targets {tuple(targets.shape)}; give a metric of "
        "your own for these"
    )
