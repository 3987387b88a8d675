"""What a loss is made of: which kind, how many classes, and the numbers that went into it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.autograd.graph import Node

from auscult.anatomy.by_hand import answered, are_shares, crossed, difference, is_logistic, passes_on, picked
from auscult.anatomy.nodes import RESHAPES, inputs, kept, kind, leaf, plain

_SQUARED, _ABSOLUTE = "MseLossBackward", "L1LossBackward"
_TURNS = {"SmoothL1LossBackward": "beta", "HuberLossBackward": "delta"}  # squares near the target, distances beyond
_CLASSES = ("NllLossBackward", "NllLoss2DBackward", "NllLossNdBackward")
_SHARES, _BETWEEN = "softmax", "sigmoid"
_MOST = 4096  # nodes from the loss down in which its kind is sought


@dataclass(frozen=True)
class Loss:
    """One loss of a pass. `given` is what the network gave: log-probabilities, logits or predictions.

    kind: "cross-entropy", "binary-cross-entropy", "squared-error" or "absolute-error". fed: what was wrongly done to
    the logits before, or "broadcast" where each prediction was held against all targets.
    """

    kind: str
    given: Tensor  # (examples, classes, …) log-probabilities; of other kinds any shape
    target: Tensor  # classes by index, or of the shape of `given`
    classes: int | None
    fed: str = ""
    are_logits: bool = False  # of a binary cross-entropy: logits rather than probabilities
    ignored: int | None = None  # the target that counts for nothing
    turns: float = 0.0  # of an absolute error: how far off it is no longer the square, Huber's delta
    scale: float = 1.0  # what Huber's loss is multiplied by
    node: Node | None = None  # its operation in the graph


def losses_of(roots: Iterable[Tensor]) -> list[Loss]:
    """The losses of known kind that a total is made of, those nearest to it first."""
    found: list[Loss] = []
    queue = [(root.grad_fn, True) for root in roots]
    seen: set[Node] = set()
    for node, straight in queue:  # grows as it goes: breadth first
        if node is None or node in seen or leaf(node) is not None:
            continue
        seen.add(node)
        loss = _loss(node) or (_by_hand(node) if straight else None)
        if loss is not None:
            found.append(replace(loss, node=node))
        elif len(seen) < _MOST:
            queue.extend((n, straight and passes_on(node)) for n in inputs(node))
    return found


def _loss(node: Node) -> Loss | None:
    operation = kind(node)
    if operation in _CLASSES:
        return _by_index(node)
    if operation == "LogSoftmaxBackward":
        return None
    if operation == "MulBackward":
        return _by_share(node)
    if operation in ("BinaryCrossEntropyWithLogitsBackward", "BinaryCrossEntropyBackward"):
        logits = operation.endswith("LogitsBackward")
        return _pair(node, "binary-cross-entropy", _squeezed(inputs(node)[0], _BETWEEN) if logits else "", logits)
    if operation == _SQUARED:
        return _pair(node, "squared-error")
    if operation == _ABSOLUTE:
        return _pair(node, "absolute-error")
    if operation in _TURNS:
        return _huber(node, plain(node, _TURNS[operation]), operation.startswith("Smooth"))
    return None


def _by_hand(node: Node) -> Loss | None:
    """A loss that is written out: not under one of PyTorch's names, but of its parts."""
    if (apart := difference(node)) is not None:
        what, given, target, is_crossed = apart
        return Loss(what, given, target, None, "broadcast" if is_crossed else "")
    if (chosen := picked(node)) is not None:
        logged, target, source = chosen
        fed = _fed(source) if kind(source) == "LogSoftmaxBackward" else ""
        return Loss("cross-entropy", logged, target, logged.shape[1], fed)
    if (answer := answered(node)) is not None:
        return Loss("binary-cross-entropy", *answer, None)
    return None


def _pair(node: Node, what: str, fed: str = "", are_logits: bool = False) -> Loss | None:
    given, target = kept(node, "self"), kept(node, "target")
    if given is None or target is None:
        return None
    made = inputs(node)
    if what.endswith("error"):
        if made[0] is None:  # given the other way round: only what was predicted has a gradient
            given, target, made = target, given, made[::-1]
        if crossed(made[0], given):
            fed = "broadcast"
    return Loss(what, given, target.expand_as(given), None, fed, are_logits)


def _huber(node: Node, turns: float | None, is_smooth: bool) -> Loss | None:
    """Huber's loss, half of the square up to `turns`. A smooth absolute error, as PyTorch has it: over `turns`."""
    loss = _pair(node, "absolute-error")
    if loss is None or not turns:
        return loss
    return replace(loss, turns=turns, scale=1 / turns if is_smooth else 1.0)


def _by_index(node: Node) -> Loss | None:
    """Negative log-likelihood: of log-probabilities, or of what should have been such."""
    given, target = kept(node, "self"), kept(node, "target")
    if given is None or target is None:
        return None
    given = given if given.ndim > 1 else given[None]
    target = target if target.ndim else target[None]
    logged = _made_by(inputs(node)[0])
    if logged is None or kind(logged) != "LogSoftmaxBackward":
        if not (fed := _squeezed(logged, _SHARES)):
            return None
        given = given.clamp_min(1e-30).log()  # probabilities, without their logarithm
    else:
        fed = _fed(logged)
    return Loss("cross-entropy", given, target, given.shape[1], fed, ignored=plain(node, "ignore_index"))


def _by_share(node: Node) -> Loss | None:
    """Log-probabilities times shares of the classes: the cross-entropy with soft targets."""
    logged = next((n for n in inputs(node) if n is not None and kind(n) == "LogSoftmaxBackward"), None)
    if logged is None or None not in inputs(node):  # shares that are learnt are no targets: an entropy, say
        return None
    given, target = kept(logged, "result"), kept(node, "other" if inputs(node)[0] is logged else "self")
    if given is None or target is None or given.shape != target.shape or given.ndim < 2:
        return None
    if plain(logged, "dim") % given.ndim != 1:
        return None
    return Loss("cross-entropy", given, target.to(given.dtype), given.shape[1], _fed(logged))


def _fed(logged: Node) -> str:
    """What was done to the numbers that a log-softmax got."""
    made = inputs(logged)[0]
    return _squeezed(made, _SHARES) or _squeezed(made, _BETWEEN)


def _squeezed(node: Node | None, into: str) -> str:
    """`into` where a node gives shares of one, or what lies between 0 and 1, by its operation or by hand; else ""."""
    node = _made_by(node)
    if node is None:
        return ""
    if into == _SHARES:
        return into if kind(node) == "SoftmaxBackward" or are_shares(node) else ""
    return into if kind(node) == "SigmoidBackward" or is_logistic(node) else ""


def _made_by(node: Node | None) -> Node | None:
    """The node that made an operand, past reshaping and leaving examples out."""
    while node is not None and (kind(node).startswith(RESHAPES) or _chooses_examples(node)):
        node = inputs(node)[0]
    return node


def _chooses_examples(node: Node) -> bool:
    """Whether an operation takes some of the first dimension, as a graph's nodes that are trained on."""
    if kind(node) in ("IndexSelectBackward", "SliceBackward"):
        return plain(node, "dim") == 0
    indices = plain(node, "indices") if kind(node) == "IndexBackward" else ()
    return bool(indices) and all(i is None for i in indices[1:])


def log_likelihood(loss: Loss) -> tuple[Tensor, Tensor]:
    """Of a cross-entropy by index: each counted example's log-probability of its class, and its class, (n,) each."""
    given, target, counted = _by_example(loss)
    if not bool(counted.all()):
        given, target = given[counted], target[counted]
    return given.gather(1, target[:, None])[:, 0], target


def likelihood_and_classes(loss: Loss) -> tuple[Tensor, Tensor, Tensor]:
    """Of the same the mean log-probability, how many count, 0-d, and how often each class; asks no device."""
    given, target, counted = _by_example(loss)
    target = torch.where(counted, target, 0)
    each = torch.where(counted, given.gather(1, target[:, None])[:, 0], 0)
    classes = torch.zeros(given.shape[1], dtype=torch.int64, device=given.device)
    n = counted.sum()
    each = each.float() if each.dtype in (torch.float16, torch.bfloat16) else each
    return each.sum() / n, n, classes.scatter_add_(0, target, counted.long())


def _by_example(loss: Loss) -> tuple[Tensor, Tensor, Tensor]:
    """Log-probabilities (n, classes), classes (n,), and which of them count (n,)."""
    target = loss.target.reshape(-1)
    given = loss.given.movedim(1, -1).reshape(-1, loss.given.shape[1])
    counted = target != loss.ignored if loss.ignored is not None else torch.ones_like(target, dtype=torch.bool)
    return given, target, counted
