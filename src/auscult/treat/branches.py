"""Layers whose outputs are added: to what went past them, as residual branches do, or to each other."""

from __future__ import annotations

from torch.autograd.graph import Node

from auscult.anatomy import Site
from auscult.anatomy.nodes import RESHAPES, inputs, kind, leaf, walk
from auscult.treat.measure import WEIGHTED, Reading

_SCALES = ("MulBackward", "NativeDropoutBackward", "DivBackward")  # dropout, a branch's own scale


def branch_ends(reading: Reading) -> set[Site]:
    """The last layers of residual branches: no norm or activation between them and the addition."""
    users = walk([reading.root.grad_fn])
    ends = set()
    for site in reading.anatomy.sites:
        if site.operation not in WEIGHTED or site.is_output or site.direct or site in reading.norm_after:
            continue
        addition, came_from = _addition(site.output, users)
        if addition is None or site.data is None:
            continue
        past = [n for n in inputs(addition) if n is not None and n is not came_from and leaf(n) is None]
        before = walk([site.data])
        if any(n in before for n in past):
            ends.add(site)
    return ends


def summands(reading: Reading) -> dict[Site, int]:
    """The layers whose outputs are added to one another's, each with how many they are, as in a recurrent cell."""
    users = walk([reading.root.grad_fn])
    together: dict[Node, set[Site]] = {}
    for site in reading.anatomy.sites:
        if site.operation in WEIGHTED and not site.is_output and site not in reading.norm_after:
            addition, _ = _addition(site.output, users)
            if addition is not None:
                together.setdefault(addition, set()).add(site)
    return {site: len(sites) for sites in together.values() for site in sites if len(sites) > 1}


def _addition(node: Node, users: dict[Node, list[Node]]) -> tuple[Node | None, Node]:
    """The addition that takes what a node gives, and the operand it takes; None where something else does."""
    while len(users[node]) == 1:
        user = users[node][0]
        if kind(user) == "AddBackward":
            return user, node
        if not kind(user).startswith((*RESHAPES, *_SCALES)):
            break
        node = user
    return None, node
