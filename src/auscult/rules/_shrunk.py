"""Weights that something has taken away, such as a strong weight decay."""

from __future__ import annotations

from auscult.rules._case import Case
from auscult.rules._once import once
from auscult.rules._rule import Unjudged
from auscult.runs import quantities as q

NOTHING = 1e-3  # of its first norm: what is left of a matrix
SHRUNK = Unjudged("the weights themselves have shrunk to nothing: units, gradients and ratios tell no more than that")


@once
def shrunk(case: Case) -> float | None:
    """The largest share of its first norm that any trained matrix has left; None where not all shrank to nothing.

    What passes through such a network, forward or back, is nothing too, whatever its units do. A normalisation makes up
    for the scale of the weights before it, but not for that of the output's.
    """
    norms = [case.looks(q.DATA_NORM, p.name) for p in case.parameters if p.kind == "matrix" and p.trainable]
    left = [norm.late / norm.first for norm in norms if norm.first > 0]
    return max(left) if left and max(left) < NOTHING else None
