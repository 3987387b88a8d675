"""What the parts of an optimizer contribute to a step, where it is composed of parts (`auscult.optim`)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

import numpy as np
from torch import Tensor

from auscult.errors import OptimError
from auscult.observe.source import Source
from auscult.runs import RunWriter
from auscult.runs import quantities as q

if TYPE_CHECKING:
    from auscult.optim import Optimizer, Watched

_FAULTS = 5  # after which the parts are left alone
_DECADES = (-10.0, 8.0)  # of learning rates: an element that never had a gradient has lr / ε, as 1e5
_BINS = 72


class Parts:
    """Asks the optimizer before its step, reads after it, and tells the run. Nothing of it reaches the step.

    bill: takes the seconds that measuring took inside the step. on_fault: takes a fault of ours.
    """

    def __init__(self, bill: Callable[[float], None], on_fault: Callable[[Exception], None]) -> None:
        self._bill = bill
        self._on_fault = on_fault
        self._faults = 0
        self._asked: tuple[Optimizer, Watched] | None = None
        self._rates_at = -1  # the last step of which rates were kept
        self._rates_from = 0  # the next one, a tenth further: they are large, and a training may be long

    def ask(self, source: Source) -> None:
        """The source is about to step, and is to tell what its parts contribute."""
        self.forget()
        optimizer = composed(source)
        if optimizer is None or self._faults >= _FAULTS:
            return
        if any(hasattr(t, "to_local") for t in source.tensors()):  # shards (FSDP): ranks would wait for each other
            return
        self._asked = optimizer, optimizer.watch_next()

    def record(self, source: Source, step: int, writer: RunWriter) -> list[tuple[str, str, float]]:
        """What was measured, as values of the step's frame; the rates of elements go to the writer at once."""
        asked = self._asked
        self.forget()
        if asked is None:
            return []
        try:
            return self._read(*asked, source, step, writer)
        except Exception as fault:
            self._faults += 1
            self._on_fault(fault)
            return []

    def forget(self) -> None:
        """Whatever was asked belongs to a step that is over, or was never made."""
        if self._asked is not None:
            optimizer, watched = self._asked
            self._asked = None
            optimizer.watch_no_more(watched)
            self._bill(watched.seconds)

    def _read(
        self, optimizer: Optimizer, watched: Watched, source: Source, step: int, writer: RunWriter
    ) -> list[tuple[str, str, float]]:
        if step >= self._rates_from:
            self._rates_at, self._rates_from = step, step + 1 + step // 10
        names = {id(w.tensor): w.name for probe in source.probes for w in probe.watched}
        values = []
        for update in watched.read(names):
            for c in update.parts:
                of_part = ((q.PART_NORM, c.norm), (q.PART_COSINE, c.descent_cosine), (q.PART_SHARE, c.share))
                values += [(q.of_role(quantity, c.role), update.name, value) for quantity, value in of_part]
            if (
                step == self._rates_at
                and optimizer.adaptive
                and (rates := _rates(optimizer, update.parameter)) is not None
            ):
                writer.array(step, q.RATES, update.name, rates)
        return values


def composed(source: Source) -> Optimizer | None:
    """The source's optimizer, where it is composed of parts; asks for no import that the program has not made."""
    module = sys.modules.get("auscult.optim.optimizer")
    optimizer = source.reference() if source.reference is not None else None
    return cast("Optimizer", optimizer) if module is not None and isinstance(optimizer, module.Optimizer) else None


def _rates(optimizer: Optimizer, parameter: Tensor) -> np.ndarray | None:
    """The histogram to record; None where elements have no rate, as with a sign for a direction."""
    from auscult.optim import rate_histogram

    try:
        rates = optimizer.effective_lr(parameter)
    except OptimError:
        return None
    found = rate_histogram(rates, *_DECADES, _BINS)
    counts = np.array([*_DECADES, *found.counts], np.float32)
    counts[2] += found.below
    counts[-1] += found.above
    return counts
