"""What a loss depends on, read from the autograd graph before backward frees it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from torch import Tensor, nn

Use = Literal["looked-up", "multiplied", "other"]

_LOOKED_UP = ("EmbeddingBackward", "IndexBackward", "IndexSelectBackward")
_MULTIPLIED = ("MmBackward", "AddmmBackward", "BmmBackward", "MvBackward", "TBackward", "ConvolutionBackward")


def leaves_of(roots: Sequence[Tensor]) -> list[tuple[Tensor, Use]]:
    """The leaf tensors a loss depends on, in the order of the forward pass, each with what is done with it first.

    A leaf that is looked up by index (`C[X]`, an embedding) has rows that take part in a step and rows that do not.
    """
    found: dict[int, tuple[Tensor, Use]] = {}
    seen: set = set()
    stack = [root.grad_fn for root in roots if root.grad_fn is not None]
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        name = node.name()
        use: Use = (
            "looked-up" if name.startswith(_LOOKED_UP) else "multiplied" if name.startswith(_MULTIPLIED) else "other"
        )
        for child, _ in node.next_functions:
            if child is None:
                continue
            leaf = getattr(child, "variable", None)
            if leaf is None:
                stack.append(child)
            else:
                if use != "other" or id(leaf) not in found:
                    found[id(leaf)] = (leaf, use)
    return list(found.values())[::-1]


def is_for_learning(root: Tensor, inputs: Sequence[Tensor]) -> bool:
    """Whether gradients are asked for what is learned: parameters, or plain tensors where the loss knows no other."""
    leaves = [t for t in inputs if t.is_leaf and t.requires_grad]
    return bool(leaves) and (any(isinstance(t, nn.Parameter) for t in leaves) or not _has_parameters(root))


def _has_parameters(root: Tensor) -> bool:
    seen: set = set()
    stack = [root.grad_fn]
    while stack:
        node = stack.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        if isinstance(getattr(node, "variable", None), nn.Parameter):
            return True
        stack += [child for child, _ in node.next_functions]
    return False
