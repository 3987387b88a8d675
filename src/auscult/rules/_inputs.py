"""Inputs that are one and the same number: nothing behind them can learn anything of the examples."""

from __future__ import annotations

from auscult.rules._case import Case
from auscult.rules._once import once
from auscult.rules._rule import Unjudged
from auscult.runs import quantities as q

CONSTANT = Unjudged("the inputs are constant: what is behind them has nothing to go by", "skipped")


@once
def constant_inputs(case: Case) -> tuple[str, ...]:
    """The layers that take the input, where all inputs that were seen are one number; none where any varies."""
    seen = case.seen(q.INPUT_STD).values()
    if not seen or any(std.values.any() for std in seen):
        return ()
    return tuple(x.name for x in case.layers if not x.after)
