"""What lies behind the recurrence of a network, where it has one."""

from __future__ import annotations

from auscult.anatomy.nodes import inputs, kind, leaf, order, plain, walk
from auscult.anatomy.sites import Anatomy, Site

_LAYERS = ("linear", "convolution")
_JOINS = ("StackBackward", "CatBackward")
_PICKS = ("SelectBackward", "MeanBackward", "SumBackward", "MaxBackward", "AmaxBackward")  # or sums up time
_MOST = 64  # nodes between a layer and the recurrence


def behind_recurrence(anatomy: Anatomy) -> list[Site]:
    """The layers behind the last thing that is applied to what it gave before, each with an example's rows together.

    A recurrence goes through time, and the rows of what lies before or within it are mostly sorted by time. Behind it
    they are sorted by example only where it is seen that the two were exchanged, or that time is gone. Where nothing
    recurs these are all layers.
    """
    uses: dict[int, list[Site]] = {}
    for site in anatomy.sites:
        if site.operation in _LAYERS:
            uses.setdefault(id(site.weight), []).append(site)
    fused = [site for site in anatomy.sites if site.operation == "recurrent"]
    again = [same for same in uses.values() if len(same) > 1]
    if not fused and not again:
        return list(anatomy.sites)
    before = walk(site.data for site in [*fused, *(same[-1] for same in again)])
    recurs = {*fused, *(site for same in again if any(s.node in before for s in same[:-1]) for site in same)}
    if not recurs:
        return list(anatomy.sites)
    behind = [site for site in anatomy.sites if site.node not in before and site not in recurs]
    return [site for site in behind if _is_by_example(site, anatomy, recurs)]


def _is_by_example(site: Site, anatomy: Anatomy, recurs: set[Site]) -> bool:
    """Whether time and examples were exchanged on the way from the recurrence, or time is gone."""
    node = site.data
    for _ in range(_MOST):
        if node is None:
            return False
        operation, passed = kind(node), anatomy.by_node.get(node)
        if passed is not None and node is not passed.activation_node:
            if passed in recurs or passed.passed_over:
                return passed.operation != "recurrent"  # what a single step gave
            node = passed.data
            continue
        if operation.startswith(_PICKS) or operation in ("TransposeBackward", "PermuteBackward"):
            return True
        if operation in _JOINS and plain(node, "dim") in (0, 1):
            return plain(node, "dim") == 1
        made = [n for n in inputs(node) if n is not None and leaf(n) is None]
        node = max(made, key=order, default=None)
    return False
