"""Which steps to look at: every N-th, or as many as a budget of wall time pays for."""

from __future__ import annotations

import math
from typing import Protocol

from auscult.observe.meter import Meter
from auscult.settings import Settings

_BILLED = 0.85  # of the budget: the rest is for what no clock of ours sees, as what the training's caches lose to us
_ASKING = 1 / 16  # of a look: what is to be earned at least between two askings, which cost something themselves
_MUCH_IS_SEEN = 3000  # steps, from which on the looks on credit are rarer


class Schedule(Protocol):
    """Says which steps are looked at. No step before `asks_from` is due: whoever is in a hurry need not ask.

    stride: of the steps that are not looked at, the updates of every so many-th are measured; of none where it is 0.
    deep: whether the step last said to be due is to be looked at from inside too, which costs several times as much.
    """

    asks_from: int
    deep: bool
    stride: int

    def due(self, step: int) -> bool:
        """Whether to look at this step."""
        ...

    def looked(self, seconds: float) -> None:
        """A step was looked at, and this is what it cost."""
        ...

    def pace(self, step: int) -> None:
        """So far the training has come: see again what `stride` can be paid for. Asked now and then."""
        ...


class EveryNth:
    """Steps 0, N, 2N, …, whatever that costs."""

    def __init__(self, every: int, updates: int = 0) -> None:
        self._every = every
        self.stride = updates
        self.asks_from = 0
        self.deep = True

    def due(self, step: int) -> bool:
        """Whether the step is a multiple of N."""
        self.asks_from = step + self._every - step % self._every
        return step % self._every == 0

    def looked(self, seconds: float) -> None:
        """Nothing to hold to."""

    def pace(self, step: int) -> None:
        """Nothing to hold to."""


class Budget:
    """As many steps as a share of the wall time pays for, the first `dense` ones before all.

    Beyond the first steps, a ladder of steps (each a tenth further than the last) is looked at even on credit, so that
    a training that ends early can be judged: 24 looks for each tenfold of steps, 13 of them deep; from step 3,000 on,
    when much has been seen, 10, all deep, lest very short steps pay for little else. All looks are paid for:
    a debt is worked off before the next look that the budget decides on. What a pause in the training earns beyond two
    looks is forgone, so that a long evaluation is not followed by a burst.

    What is billed is kept below the budget: of a training that was billed 3 %, 3.3 to 3.5 were measured from outside.

    Half of what is left of the budget, when the steps nobody looks at are counted and what is known of them is written,
    goes to measuring their updates: of each, or as often as that pays for. `updates` fixes how often instead; then the
    budget is for the rest.
    """

    def __init__(self, share: float, dense: int, meter: Meter, updates: int | None = None) -> None:
        self._share = _BILLED * share
        self._dense = dense
        self._meter = meter
        self._rung = dense
        self._deep_rung = 0
        self.deep = True
        self._forgone = 0.0
        self._look = 0.0  # what one look costs, a moving average
        self.asks_from = 0
        self._asked = (0, 0.0, 0.0)  # step, time, and what was spent on what goes on without looks, when last asked
        self._updates = updates
        self.stride = updates or 1
        self._update = 0.0  # what measuring the updates of a step costs, by the last ones
        self._paced = (0, 0.0, 0.0, 0, 0.0)  # what there was when the stride was last found

    def due(self, step: int) -> bool:
        """Whether to look at this step."""
        if step < self._dense:
            self._go_deep(on_credit=True, step=step)
            return True
        if step < self.asks_from:
            return False
        if step >= self._rung:
            self._rung = step + 1 + step // (10 if step < _MUCH_IS_SEEN else 4)
            self.asks_from = step + 1
            self._go_deep(on_credit=True, step=step)
            return True
        meter, wall = self._meter, self._meter.wall_s
        credit = self._share * wall - self._spent() - self._forgone
        self._forgone += max(0.0, credit - 2 * self._look)
        going_on = meter.passing_s + meter.writer_s + self._updating_s
        (before, then, spent), self._asked = self._asked, (step, wall, going_on)
        if credit >= self._look:
            self.asks_from = step + 1
            self._go_deep(on_credit=False, step=step)
            return True
        steps = max(1, step - before)
        earned = (self._share * (wall - then) - (going_on - spent)) / steps  # by a step, for looks
        wait = max((self._look - credit) / 2, _ASKING * self._look) / earned if earned > 0 else 2 * steps
        self.asks_from = step + 1 + int(min(wait, self._rung - step - 1))
        return False

    def pace(self, step: int) -> None:
        """Measure updates as often as half of what is left pays for, at the pace since this was last asked."""
        if self._updates is not None:
            return
        meter = self._meter
        now = (step, meter.wall_s, meter.passing_s + meter.writer_s, meter.updates, meter.updating_s)
        steps, wall, others_s, updates, updating_s = (b - a for a, b in zip(self._paced, now, strict=True))
        if steps < 1:
            return
        self._paced = now
        if updates:
            self._update = updating_s / updates
        left = (self._share * wall - others_s) / steps / 2  # of a step
        self.stride = math.ceil(max(1.0, self._update / left)) if left > 0 else 0

    def _spent(self) -> float:
        """What the budget is for."""
        return self._meter.spent_s - self._meter.updating_s + self._updating_s

    @property
    def _updating_s(self) -> float:
        """What measuring updates cost, as far as the budget is for that."""
        return self._meter.updating_s if self._updates is None else 0.0

    def _go_deep(self, on_credit: bool, step: int) -> None:
        self.deep = not on_credit or step >= self._deep_rung
        if self.deep:
            self._deep_rung = step + 1 + step // (5 if step < _MUCH_IS_SEEN else 4)

    def looked(self, seconds: float) -> None:
        """Learn what a look costs."""
        self._look = seconds if self._look == 0 else 0.9 * self._look + 0.1 * seconds


def schedule_for(settings: Settings, meter: Meter) -> Schedule:
    """The schedule the settings ask for."""
    if settings.every is not None:
        return EveryNth(settings.every, settings.updates or 0)
    return Budget(settings.budget, settings.dense, meter, settings.updates)
