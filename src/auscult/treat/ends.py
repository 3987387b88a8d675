"""The signal and its gradient at the first and the last hidden layer of one pass."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from auscult.anatomy import Site, given, output_of, read
from auscult.anatomy.nodes import leaf, walk
from auscult.treat.measure import WEIGHTED, spread


@dataclass(frozen=True)
class Ends:
    """Standard deviations at the first and the last hidden layer; NaN where that cannot be seen."""

    activation: tuple[float, float]
    gradient: tuple[float, float]


def ends_of(loss: Tensor) -> Ends:
    """Measure a pass whose graph is still there; frees it. No gradient is left in any tensor."""
    hidden = [s for s in read([loss]).sites if s.operation in WEIGHTED and not s.is_output and not s.passed_over]
    if not hidden:
        return Ends((math.nan, math.nan), (math.nan, math.nan))
    first, last = hidden[0], hidden[-1]
    activation = (_activation_std(first), _activation_std(last))
    met: dict[Site, float] = {}
    handles = [_listen(site, met) for site in (first, last)]
    leaves = [t for n in walk([loss.grad_fn]) if (t := leaf(n)) is not None]
    torch.autograd.grad(loss, leaves, allow_unused=True)
    for handle in handles:
        handle.remove()
    return Ends(activation, (met.get(first, math.nan), met.get(last, math.nan)))


def _listen(site: Site, met: dict[Site, float]):
    def arrives(gradients: Sequence[Tensor | None]) -> None:
        if gradients[0] is not None:
            met[site] = spread(gradients[0])

    return (site.activation_node or site.output).register_prehook(arrives)


@torch.no_grad()
def _activation_std(site: Site) -> float:
    if site.activation is not None and site.activation_node is not None:
        return spread(given(site.activation, site.activation_node))
    return spread(output_of(site))
