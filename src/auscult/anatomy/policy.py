"""A policy's gradient: log-probabilities of what was chosen, each times a number that says how good the choice was.

What such a loss amounts to says nothing of how far the training has come (Williams 1992, REINFORCE; Schulman et al.
2017, PPO, where ratios of probabilities take the place of their logarithms).
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor
from torch.autograd.graph import Node

from auscult.anatomy.nodes import RESHAPES, inputs, kept, kind, leaf

_ADDS = (
    "MeanBackward", "SumBackward", "NegBackward", "AddBackward", "SubBackward", "MaximumBackward", "MinimumBackward",
    "StackBackward", "CatBackward", *RESHAPES,
)  # fmt: skip
_KEEPS = (*_ADDS, "ExpBackward", "ClampBackward", "ClampMinBackward", "ClampMaxBackward", "SelectBackward")
_JOINS = ("StackBackward", "CatBackward")  # of many alike
_PICKS = ("GatherBackward", "IndexBackward", "SelectBackward")
_NORMALISED = ("LogSoftmaxBackward", "LogBackward")
_MOST = 4096  # nodes from the loss down in which it is sought
_HOPS = 64  # from a product down to what was chosen


def is_policy_gradient(roots: Iterable[Tensor]) -> bool:
    """Whether a loss is made of chosen log-probabilities, or of their ratios to what they were, times given numbers.

    The numbers must differ as rewards do: some are below zero, or most are others than the rest. Those of a mask, and
    the weights of classes, do not.
    """
    queue = [root.grad_fn for root in roots]
    seen: set[Node] = set()
    numbers: list[Tensor] = []
    for node in queue:  # grows as it goes
        if node is None or node in seen or leaf(node) is not None:
            continue
        seen.add(node)
        given = _given(node)
        if given is not None and _is_of_choices(next(n for n in inputs(node) if n is not None)):
            numbers.append(given.detach().reshape(-1))
        elif (kind(node).startswith(_ADDS) or given is not None) and len(seen) < _MOST:
            queue += inputs(node)
    if not numbers:
        return False
    every = torch.cat([x.double() for x in numbers])
    others = len(torch.unique(every))
    return others > 1 and (bool((every < 0).any()) or 2 * others > len(every))


def _given(node: Node) -> Tensor | None:
    """The numbers that a product takes from outside the network; None where it is none, or all are learned."""
    if kind(node) not in ("MulBackward", "DivBackward"):
        return None
    made = inputs(node)
    if len(made) == 2 and None not in made:
        return None
    return kept(node, "self" if len(made) == 2 and made[0] is None else "other")


def _is_of_choices(node: Node) -> bool:
    """Whether it is made of log-probabilities that were picked out of all, of a normal density, or of such a ratio."""
    queue: list[Node | None] = [node]
    for at in queue:
        if at is None or leaf(at) is not None or len(queue) > _HOPS:
            continue
        operation, made = kind(at), inputs(at)
        if operation in _PICKS and made[0] is not None and _is_normalised(made[0]):
            return True
        if operation == "ExpBackward" and made[0] is not None and _is_against_a_constant(made[0]):
            return True
        if operation == "DivBackward" and made[0] is not None and _is_of_a_distance(made[0]):
            return True
        if operation.startswith(_KEEPS):
            queue += made[:1] if operation in _JOINS else made
    return False


def _is_normalised(node: Node) -> bool:
    """Whether it gives log-probabilities of all there is to choose from."""
    if kind(node) in _NORMALISED:
        return True
    less = inputs(node)[1] if kind(node) == "SubBackward" and len(inputs(node)) == 2 else None
    return less is not None and kind(less) == "LogsumexpBackward"


def _is_against_a_constant(node: Node) -> bool:
    """Whether it is a difference from what was there before."""
    return kind(node) == "SubBackward" and len(inputs(node)) == 2 and inputs(node)[1] is None


def _is_of_a_distance(node: Node) -> bool:
    """Whether it is minus the squared distance of what was chosen from a mean, as torch.distributions.Normal has it."""
    squared = inputs(node)[0] if kind(node) == "NegBackward" else None
    if squared is None or kind(squared) != "PowBackward":
        return False
    apart = inputs(squared)[0]
    return apart is not None and kind(apart) == "SubBackward" and inputs(apart)[0] is None
