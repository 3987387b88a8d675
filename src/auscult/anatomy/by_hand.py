"""Losses written out by hand: powers of differences, and log-probabilities picked by class."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.autograd.graph import Node

from auscult.anatomy.again import made_again
from auscult.anatomy.nodes import RESHAPES, inputs, kept, kind, leaf, plain, weight_of

# what may lie between a total and its parts without making another loss of them
_PASSING_ON = ("MeanBackward", "SumBackward", "NegBackward", "AddBackward", "SqrtBackward", "LogBackward", *RESHAPES)
_SCALING = ("MulBackward", "DivBackward")
_POSITIVE = ("ExpBackward", "SoftplusBackward", "SigmoidBackward", "ReluBackward", "AbsBackward")
_STEADYING = ("AddBackward", "ClampMinBackward", "ClampBackward", "UnsqueezeBackward")  # a sum, so that it is not zero
_ONE = 1e-3  # how far from 1 probabilities may sum up


def passes_on(node: Node) -> bool:
    """Whether an operation between a loss and its parts adds, averages or scales them, and no more."""
    operation = kind(node)
    if operation not in _SCALING:
        return operation.startswith(_PASSING_ON)
    if len(inputs(node)) == 1:  # by a plain number
        return True
    if None not in inputs(node):
        return False
    factor = kept(node, "other" if inputs(node)[1] is None else "self")
    return factor is None or factor.numel() == 1


def difference(node: Node) -> tuple[str, Tensor, Tensor, bool] | None:
    """Of a square, or of an absolute value, of what a network gave less a target: the kind of loss, and the two.

    Also whether they were `crossed`.
    """
    operation, taken = kind(node), inputs(node)[0] if inputs(node) else None
    squares = operation == "PowBackward" and plain(node, "exponent") == 2
    squares |= operation == "MulBackward" and inputs(node)[1:] == [taken]
    if not squares and operation != "AbsBackward":
        return None
    if taken is None or kind(taken) != "SubBackward" or plain(taken, "alpha") != 1:
        return None
    first, second = (*inputs(taken), None)[:2]
    apart = kept(node, "self")
    if apart is None or (first is None) == (second is None):  # of two that are learned none is a target
        return None
    given = first if first is not None else second
    if given is not None and kind(given) == "ExpandBackward":
        given = inputs(given)[0]
    if weight_of(given) is not None:  # a parameter held to where it was
        return None
    made = made_again(given)
    if made is None or not _spreads_to(made, apart):
        return None
    is_crossed = _crosses(made.shape, apart.shape)
    made = made.to(apart.dtype).expand_as(apart)
    target = made - apart if first is not None else made + apart
    return "squared-error" if squares else "absolute-error", made, target, is_crossed


def crossed(node: Node | None, given: Tensor) -> bool:
    """Whether predictions of shape (n, 1) met targets of shape (n,), or the other way round: each against all."""
    if node is None or kind(node) != "ExpandBackward":
        return False
    sizes = plain(node, "self_sym_sizes")
    return sizes is not None and _crosses(torch.Size(sizes), given.shape)


def _crosses(one: torch.Size, both: torch.Size) -> bool:
    return len(both) == 2 and both[0] == both[1] > 1 and one in ((both[0], 1), both[:1])


def answered(node: Node) -> tuple[Tensor, Tensor] | None:
    """Of targets times the logarithm of what a sigmoid gave: the probabilities, and the targets."""
    if kind(node) != "MulBackward" or None not in inputs(node):
        return None
    log = next((n for n in inputs(node) if n is not None and kind(n) == "LogBackward"), None)
    made = None if log is None else inputs(log)[0]
    if log is None or made is None or kind(made) != "SigmoidBackward":
        return None
    given, target = kept(log, "self"), kept(node, "self" if inputs(node)[0] is None else "other")
    if given is None or target is None or target.shape != given.shape:
        return None
    return given, target.to(given.dtype)


def _spreads_to(x: Tensor, whole: Tensor) -> bool:
    try:  # torch's own of that name imports hundreds of modules
        return np.broadcast_shapes(x.shape, whole.shape) == whole.shape
    except ValueError:
        return False


def are_shares(node: Node) -> bool:
    """Whether a node divides what is nowhere negative by its own sum: a softmax by hand."""
    if len(inputs(node)) < 2 or kind(node) not in ("DivBackward", "MulBackward"):
        return False
    part, total = inputs(node)
    if kind(node) == "MulBackward":  # by one over the sum
        if total is None or not (kind(total) == "ReciprocalBackward" or plain(total, "exponent") == -1):
            return False
        total = inputs(total)[0]
    while total is not None and kind(total) in _STEADYING:
        total = inputs(total)[0]
    if part is None or total is None or kind(part) not in _POSITIVE:
        return False
    return kind(total) == "SumBackward" and inputs(total)[0] is part


def is_logistic(node: Node | None) -> bool:
    """Whether a node gives 1 / (1 + exp(…)): a sigmoid by hand."""
    for operation in ("MulBackward", "ReciprocalBackward", "AddBackward", "ExpBackward"):
        if node is None or kind(node) != operation:
            return False
        node = inputs(node)[0] if len(inputs(node)) == 1 or None in inputs(node) else None
    return True


def picked(node: Node) -> tuple[Tensor, Tensor, Node] | None:
    """Of log-probabilities, or probabilities, of which each example's own class was picked by index.

    The log-probabilities (examples, classes), the classes (examples,), and the node that made what was picked from.
    """
    operation, source = kind(node), inputs(node)[0] if inputs(node) else None
    if source is None or leaf(source) is not None:
        return None
    if operation == "IndexBackward":
        indices = plain(node, "indices")
        if not isinstance(indices, tuple) or len(indices) != 2 or any(i is None or i.ndim != 1 for i in indices):
            return None
        rows, target = indices
    elif operation == "GatherBackward" and plain(node, "dim") in (1, (1 << 64) - 1):
        index = plain(node, "index")
        if index is None or index.ndim != 2 or index.shape[1] != 1:
            return None
        rows, target = None, index[:, 0]
    else:
        return None
    given = made_again(source)
    if given is None or given.ndim != 2 or not given.is_floating_point() or target.is_floating_point():
        return None
    if rows is not None:  # of some examples, or in another order
        given = given[rows]
    if len(target) != len(given):
        return None
    logged = given if kind(source) in ("LogSoftmaxBackward", "LogBackward") else given.clamp_min(1e-30).log()
    if bool((logged.exp().sum(1) - 1).abs().max() > _ONE):
        return None
    return logged, target, source
