"""Inputs that are one and the same number: nothing behind them can learn anything of the examples."""

from __future__ import annotations

import numpy as np

from auscult.rules._case import Case
from auscult.rules._looks import NONE, Looks
from auscult.rules._once import once
from auscult.rules._rule import Unjudged
from auscult.runs import quantities as q

ROUNDING = 1e-6
CONSTANT = Unjudged("the inputs are constant: what is behind them has nothing to go by", "skipped")


@once
def constant_inputs(case: Case) -> tuple[str, ...]:
    """The layers that take the input, where all inputs that were seen are one number; none where any varies."""
    seen, means = case.seen(q.INPUT_STD), case.seen(q.INPUT_MEAN)
    if not seen or any(_varies(std, means.get(name, NONE)) for name, std in seen.items()):
        return ()
    return tuple(x.name for x in case.layers if not x.after)


def _varies(std: Looks, mean: Looks) -> bool:
    """Whether values differ by more than the rounding of their mean."""
    size = np.abs(np.interp(std.steps, mean.steps, mean.values)) if len(mean) else 0.0
    return bool((std.values > ROUNDING * size).any())
