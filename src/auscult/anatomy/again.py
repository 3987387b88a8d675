"""What an operation gave, from what autograd keeps of it, or made again from its operands where that is cheap."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.autograd.graph import Node

from auscult.anatomy.activations import activation_of, given
from auscult.anatomy.nodes import KEEP_BOTH, inputs, kept, kind, leaf, operand, plain, shape_of

_RESULTS = ("LogSoftmaxBackward", "SoftmaxBackward", "ExpBackward", "SqrtBackward")
# reshapes that leave the elements in their order
_IN_ORDER = (
    "ViewBackward", "UnsafeViewBackward", "ReshapeAliasBackward", "UnsqueezeBackward", "SqueezeBackward",
    "CloneBackward", "AliasBackward", "ToCopyBackward", "ContiguousBackward",
)  # fmt: skip
_JOINS = {"StackBackward": torch.stack, "CatBackward": torch.cat}
_HOPS = 8


def made_again(node: Node | None, hops: int = _HOPS) -> Tensor | None:
    """What a node gave; None where a number that it takes is kept by nobody."""
    if node is None or hops == 0:
        return None
    if (found := leaf(node)) is not None:
        return found.detach()
    operation = kind(node)
    if operation in _RESULTS:
        return kept(node, "result")
    if (activation := activation_of(node)) is not None:
        return given(activation, node)
    if operation in KEEP_BOTH:
        return _product(node, hops)
    if operation == "ConvolutionBackward":
        return _convolved(node, hops)
    if operation == "DivBackward":
        return _of_two(torch.div, kept(node, "self"), kept(node, "other"))
    if operation == "LogBackward":
        x = kept(node, "self")
        return None if x is None else x.log()
    if operation == "AddBackward":
        first, second = (made_again(n, hops - 1) for n in inputs(node))
        return _of_two(torch.add, first, second) if plain(node, "alpha") == 1 else None
    if operation.startswith(_IN_ORDER):
        x, shape = made_again(inputs(node)[0], hops - 1), shape_of(node)
        return x.reshape(shape) if x is not None and shape is not None and x.numel() == shape.numel() else None
    if operation in _JOINS:
        return _joined(node, [made_again(n, hops - 1) for n in inputs(node)])
    if operation in ("SelectBackward", "SliceBackward"):
        return _selected(node, made_again(inputs(node)[0], hops - 1))
    return None


def _product(node: Node, hops: int) -> Tensor | None:
    if any((plain(node, name) or 1) != 1 for name in ("alpha", "beta")):
        return None
    at = len(inputs(node)) - 2
    first, second = (operand(node, name, at + i) for i, name in enumerate(KEEP_BOTH[kind(node)]))
    made = _of_two(torch.matmul, first, second)
    return made if made is None or not at else _of_two(torch.add, made, made_again(inputs(node)[0], hops - 1))


def _convolved(node: Node, hops: int) -> Tensor | None:
    data, weight, bias = kept(node, "input"), operand(node, "weight", 1), None
    if data is None or weight is None:
        return None
    if plain(node, "bias_sym_sizes_opt") is not None:
        bias = made_again(inputs(node)[2], hops - 1)
        if bias is None:
            return None
    return convolve(node, data, weight, bias)


def convolve(node: Node, data: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """The convolution that a node is, of these."""
    stride, padding, dilation, across = (
        plain(node, name) for name in ("stride", "padding", "dilation", "output_padding")
    )
    return torch.convolution(
        data, weight.to(data.dtype), None if bias is None else bias.to(data.dtype), stride, padding, dilation,
        bool(plain(node, "transposed")), across, plain(node, "groups"),
    )  # fmt: skip


def _joined(node: Node, parts: Sequence[Tensor | None]) -> Tensor | None:
    known, dim = [x for x in parts if x is not None], plain(node, "dim")
    if len(known) < len(parts) or dim is None:
        return None
    return _JOINS[kind(node)](known, int(dim) if dim < 1 << 31 else int(dim) - (1 << 64))


def _selected(node: Node, x: Tensor | None) -> Tensor | None:
    dim, index = plain(node, "dim"), plain(node, "index")
    if x is None or dim is None or dim >= 1 << 31:
        return None
    if kind(node) == "SliceBackward":  # before PyTorch 2.9 also one of all there is, as the first of `x[:, 0]` is
        index = slice(*(plain(node, name) for name in ("start", "end", "step")))
    return None if index is None else x[(slice(None),) * int(dim) + (index,)]


def _of_two(operation: Callable[..., Tensor], first: Tensor | None, second: Tensor | None) -> Tensor | None:
    return None if first is None or second is None else operation(first, second.to(first.dtype))
