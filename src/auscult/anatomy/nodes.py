"""Nodes of the autograd graph: what a forward pass did, kept by PyTorch until backward has run.

A node keeps the tensors that backward will need, and reading them costs nothing. Where hooks pack them
(checkpointing, offloading), unpacking would run the forward pass again or cannot be done twice: these are not touched.
Before 2.12 PyTorch does not tell of which tensors that is so: there none is touched once hooks were used at all.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import BackwardCFunction
from torch.autograd.graph import Node

_LEAF = "torch::autograd::AccumulateGrad"
# what hands a tensor's numbers on as they are, in another shape or type
RESHAPES = (
    "ViewBackward", "UnsafeViewBackward", "ReshapeAliasBackward", "TBackward", "TransposeBackward", "PermuteBackward",
    "ToCopyBackward", "CloneBackward", "AliasBackward", "UnsqueezeBackward", "SqueezeBackward", "ExpandBackward",
    "ContiguousBackward", "RepeatBackward",
)  # fmt: skip
KEEP_BOTH = {  # the operands of a product, and the names under which its node keeps them
    "AddmmBackward": ("mat1", "mat2"), "MmBackward": ("self", "mat2"), "BmmBackward": ("self", "mat2"),
    "MvBackward": ("self", "vec"),
}  # fmt: skip
_WEIGHT_MADE_BY = (
    *RESHAPES, "WeightNormInterfaceBackward", "SelectBackward", "SplitBackward", "SliceBackward",
    "DivBackward",  # by its largest singular value, as spectral_norm does
)  # fmt: skip
_HOPS = 6
_autograd: Any = torch._C._autograd  # type: ignore[attr-defined]
_TELLS_HOOKS = hasattr(_autograd.SavedTensor, "unpack_hook")
_PUSH = "_push_saved_tensors_default_hooks"
_hooks_were_used = False


def watch_hooks() -> Callable[[], None]:
    """Note whether hooks may pack what nodes keep, where PyTorch does not tell; what is returned ends that."""
    global _hooks_were_used
    push = getattr(_autograd, _PUSH)
    if _TELLS_HOOKS or hasattr(push, "__wrapped__"):  # or they are watched already
        return lambda: None
    _hooks_were_used = False

    @functools.wraps(push)
    def noted(*args: Any) -> None:
        global _hooks_were_used
        _hooks_were_used = True
        push(*args)

    setattr(_autograd, _PUSH, noted)
    return lambda: setattr(_autograd, _PUSH, push)


def kind(node: Node) -> str:
    """The node's operation without its version: "AddmmBackward"."""
    return node.name().rstrip("0123456789")


def order(node: Node) -> int:
    """When in the forward pass the operation ran."""
    return node._sequence_nr()  # type: ignore[attr-defined]


def leaf(node: Node | None) -> Tensor | None:
    """The tensor a node gathers the gradient of; None for every other node."""
    return node.variable if node is not None and node.name() == _LEAF else None  # type: ignore[attr-defined]


def is_opaque(node: Node) -> bool:
    """Whether it is none of PyTorch's own operations: a custom function, a checkpoint, what was compiled."""
    return isinstance(node, BackwardCFunction)


def is_scalar(node: Node) -> bool:
    """Whether what it made is one element."""
    shape = shape_of(node)
    return shape is not None and math.prod(shape) == 1


def shape_of(node: Node) -> torch.Size | None:
    """The shape of what it made; None where that is several tensors."""
    made = getattr(node, "_input_metadata", ())
    return torch.Size(made[0].shape) if len(made) == 1 else None


def inputs(node: Node) -> list[Node | None]:
    """The nodes that made its operands; None for an operand that needs no gradient."""
    return [child for child, _ in node.next_functions]


def weight_of(node: Node | None, changed_by: tuple[str, ...] = _WEIGHT_MADE_BY) -> Tensor | None:
    """The leaf an operand is, as it is or reshaped, cast or normalised; None where it is made of data."""
    for _ in range(_HOPS):
        if node is None:
            return None
        if (found := leaf(node)) is not None:
            return found
        if not kind(node).startswith(changed_by):
            return None
        node = inputs(node)[0]
    return None


def bias_of(node: Node | None) -> Tensor | None:
    """The leaf that an added operand is, its numbers unchanged."""
    return weight_of(node, RESHAPES)


def is_packed(node: Node, name: str) -> bool:
    """Whether hooks hold a tensor the node keeps, or may."""
    raw: Any = getattr(node, f"_raw_saved_{name}", None)
    raw = raw[0] if isinstance(raw, tuple) and raw else raw
    return raw is not None and (raw.unpack_hook is not None if _TELLS_HOOKS else _hooks_were_used)


def kept(node: Node, name: str) -> Tensor | None:
    """A tensor of real numbers the node keeps for backward.

    None where it keeps none, hooks hold it, it was overwritten since, or is complex or not laid out plainly.
    """
    if not hasattr(node, f"_raw_saved_{name}") or is_packed(node, name):
        return None
    try:
        there = getattr(node, f"_saved_{name}").detach()
    except (RuntimeError, AttributeError):  # freed, or changed in place; or there is none
        return None
    return there if there.layout == torch.strided and not there.is_complex() else None


def turns(node: Node | None) -> int:
    """How often an operand was transposed since it was a leaf."""
    count = 0
    for _ in range(_HOPS):
        if node is None or leaf(node) is not None:
            break
        count += kind(node) in ("TBackward", "TransposeBackward", "PermuteBackward")
        node = inputs(node)[0]
    return count


def operand(node: Node, name: str, at: int) -> Tensor | None:
    """An operand that is a weight, as the operation took it: kept, or made again from its leaf."""
    there = kept(node, name)
    if there is not None:
        return there
    count, made = turns(inputs(node)[at]), inputs(node)[at]
    while made is not None and leaf(made) is None:
        if not kind(made).startswith(("TBackward", "TransposeBackward", "ToCopyBackward", "ExpandBackward")):
            return None
        made = inputs(made)[0]
    found = leaf(made)
    if found is None:
        return None
    return found.detach().T if count % 2 else found.detach()


def plain(node: Node, name: str) -> Any:
    """A number, flag or list the node keeps; None where there is none."""
    return getattr(node, f"_saved_{name}", None)


def walk(roots: Iterable[Node | None]) -> dict[Node, list[Node]]:
    """Every node below these, each with the nodes that use what it made."""
    users: dict[Node, list[Node]] = {}
    stack = [root for root in roots if root is not None]
    for root in stack:
        users.setdefault(root, [])
    while stack:
        node = stack.pop()
        for child, _ in node.next_functions:
            if child is None:
                continue
            if child in users:
                users[child].append(node)
            else:
                users[child] = [node]
                if child.name() != _LEAF:
                    stack.append(child)
    return users
