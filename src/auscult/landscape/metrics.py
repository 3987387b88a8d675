"""What is measured beside the loss: means over a split, such as accuracy.

A metric is a function (outputs, targets) that gives the mean over a batch's examples, or an object with
`update(outputs, targets)` and `value()`, of which each pass over a split works on a fresh copy; those of
`auscult.learner` are such objects.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import Any

from torch import Tensor

from auscult.anatomy.passes import first_line
from auscult.errors import AuscultError, LandscapeError


class Metrics:
    """Metrics by name; `fresh` begins a pass over a split. Raises LandscapeError where one is none."""

    def __init__(self, given: Any) -> None:
        listed = list(given) if isinstance(given, Iterable) and not _gathers(given) else [given]
        self._given: dict[str, Any] = {}
        for metric in listed:
            if isinstance(metric, type) or not (_gathers(metric) or callable(metric)):
                raise LandscapeError(
                    f"{metric!r} is no metric; give a function (outputs, targets), or an object with update and value"
                )
            name = _name(metric)
            if name in self._given or name == "loss":
                raise LandscapeError(f"two things are called {name!r}; give the metric another __name__ or name")
            self._given[name] = metric

    @property
    def names(self) -> tuple[str, ...]:
        """Their names, in order."""
        return tuple(self._given)

    def fresh(self) -> list[MeanOf | Gathered]:
        """Ones that have taken in nothing, in the same order."""
        return [Gathered(n, m) if _gathers(m) else MeanOf(n, m) for n, m in self._given.items()]


class Gathered:
    """A copy of an object that gathers."""

    def __init__(self, name: str, metric: Any) -> None:
        self._name, self._metric = name, copy.deepcopy(metric)

    def add(self, outputs: Any, targets: Any, examples: int) -> None:
        """Take a batch in."""
        _asked(self._name, self._metric.update, outputs, targets)

    def value(self) -> float:
        """The number, over all that was taken in."""
        return float(self._metric.value())


class MeanOf:
    """A plain function's mean over the examples; nothing is read from the device until `value`."""

    def __init__(self, name: str, function: Callable[[Any, Any], Any]) -> None:
        self._name, self._function = name, function
        self._parts: list[tuple[Any, int]] = []

    def add(self, outputs: Any, targets: Any, examples: int) -> None:
        """Take a batch in."""
        value = _asked(self._name, self._function, outputs, targets)
        if not isinstance(value, (int, float)) and not (isinstance(value, Tensor) and value.numel() == 1):
            got = f"shape {tuple(value.shape)}" if isinstance(value, Tensor) else f"a {type(value).__name__}"
            raise LandscapeError(f"the metric {self._name} gave {got}; it is to give one number, the batch's mean")
        self._parts.append((value, examples))

    def value(self) -> float:
        """The mean over all examples."""
        return sum(float(v) * n for v, n in self._parts) / sum(n for _, n in self._parts)


def _asked(name: str, function: Callable[[Any, Any], Any], outputs: Any, targets: Any) -> Any:
    try:
        return function(outputs, targets)
    except AuscultError:
        raise
    except Exception as e:
        raise LandscapeError(f"the metric {name} raised {type(e).__name__}: {first_line(e)}; mend it first") from e


def _gathers(metric: Any) -> bool:
    return hasattr(metric, "update") and hasattr(metric, "value")


def _name(metric: Any) -> str:
    inner = getattr(metric, "func", metric)  # of a functools.partial
    return str(getattr(metric, "name", None) or getattr(inner, "__name__", None) or type(metric).__name__)
