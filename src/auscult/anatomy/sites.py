"""Where something can be measured in a network: its layers, each with the activation and the norm that follow it.

Read from the autograd graph of one forward pass, whatever that was written as: modules, functions, bare tensors.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from torch import Tensor
from torch.autograd.graph import Node

from auscult.anatomy.activations import SIGMOIDS, Activation, activation_of
from auscult.anatomy.loss import Loss, losses_of
from auscult.anatomy.nodes import (
    KEEP_BOTH,
    RESHAPES,
    bias_of,
    inputs,
    is_opaque,
    is_packed,
    is_scalar,
    kept,
    kind,
    leaf,
    order,
    plain,
    turns,
    walk,
    weight_of,
)

_NORMS = {
    "NativeBatchNormBackward": "batch-norm", "CudnnBatchNormBackward": "batch-norm",
    "MiopenBatchNormBackward": "batch-norm", "BatchNormWithUpdateBackward": "batch-norm",
    "NativeLayerNormBackward": "layer-norm", "NativeGroupNormBackward": "group-norm",
    "FusedRmsNormBackward": "rms-norm",
}  # fmt: skip
NORMS = (*dict.fromkeys(_NORMS.values()), "instance-norm")
_LOOK_UPS = ("EmbeddingBackward", "EmbeddingBagBackward", "IndexBackward", "IndexSelectBackward")
_VIEWS = ("ViewBackward", "UnsafeViewBackward", "ReshapeAliasBackward")
_RECURRENT = ("MkldnnRnnLayerBackward", "CudnnRnnBackward", "MiopenRnnBackward")
_PRODUCTS = ("MmBackward", "BmmBackward", "MvBackward")
_MIXERS = (
    *_PRODUCTS, *_LOOK_UPS, *_RECURRENT, "AddmmBackward", "BaddbmmBackward", "AddbmmBackward", "AddmvBackward",
    "DotBackward", "ConvolutionBackward", "CatBackward", "StackBackward", "ScaledDotProductFlashAttentionBackward",
    "ScaledDotProductFlashAttentionForCpuBackward", "ScaledDotProductEfficientAttentionBackward",
    "ScaledDotProductCudnnAttentionBackward", "ScaledDotProductFusedAttentionOverrideableBackward",
)  # fmt: skip
_KEEP = {
    **dict.fromkeys((*_NORMS, *_RECURRENT, "ConvolutionBackward"), "input"),
    **{
        f"{operation}Backward": "self"
        for operation in (
            "Gelu", "Silu", "Mish", "Softplus", "Hardtanh", "Hardsigmoid", "Hardswish", "LeakyRelu", "Elu", "Celu",
            "Glu", "MseLoss", "L1Loss", "SmoothL1Loss", "HuberLoss", "BinaryCrossEntropyWithLogits", "Pow",
        )
    },
}  # fmt: skip
_PARTS = ("Split", "UnsafeSplit", "Slice", "Select", "Unbind", "Chunk")
_USES = 8  # of one weight in one forward pass that are looked at; of more, so many evenly spaced
_HOPS = 6  # of reshapes between a layer and who keeps what it gives
_MADE_OF = 64  # nodes that a weight is made by


@dataclass(eq=False)
class Site:
    """One layer in one forward pass.

    node: the operation; output: the last node of its affine map, where the gradient at the output arrives.
    unit_dim: the dimension of the output that counts units, as the node sees it.
    direct: whether the activation takes the output, or the norm's, as it is.
    """

    operation: str
    node: Node
    output: Node
    weight: Tensor | None = None
    bias: Tensor | None = None
    data: Node | None = None  # what made its input, None where that is data
    data_at: str = ""  # the name under which the node keeps its input
    fan_in: int | None = None
    units: int | None = None
    unit_dim: int = -1
    units_last: bool | None = False  # whether the weight's last dimension counts units, as in `x @ W`; None: unclear
    weight_from: Node | None = None  # what hands it the weight
    kept_by: tuple[Node, str] | None = None  # who keeps the output, and under which name
    activation: Activation | None = None
    activation_node: Node | None = None
    norm: Site | None = None
    gates: list[tuple[Activation, Node]] = field(default_factory=list)  # of a recurrent layer, each of some units
    direct: bool = False
    is_output: bool = False
    follows: Site | None = None  # of one without a weight: the layer whose units it carries on
    use: int = 1  # which of the uses of its weight; without one, which of its kind after the same weight
    uses: int = 1
    hidden: str | None = None
    passed_over: bool = False  # one use of very many


@dataclass(frozen=True)
class Anatomy:
    """The layers of one forward pass, in its order."""

    sites: tuple[Site, ...]
    compiled: bool  # some of it is compiled, and cannot be seen
    by_node: dict[Node, Site]

    def before(self, site: Site) -> list[Site]:
        """The layers a layer takes its input from."""
        return _feeding(site.data, self.by_node)


def read(roots: Iterable[Tensor], losses: Sequence[Loss] | None = None) -> Anatomy:
    """The layers a loss is made of, before its backward pass has run. `losses`: of known kind, where already read."""
    roots = tuple(roots)
    users = walk(root.grad_fn for root in roots)
    nodes = sorted((n for n in users if leaf(n) is None), key=order)
    kinds = {kind(n) for n in nodes}
    by_node: dict[Node, Site] = {}
    for node in nodes:
        site = _site(node, users)
        if site is not None:
            by_node[site.node] = by_node[site.output] = site
    for site in list(by_node.values()):
        for node in _made_by(site.weight_from):  # what a weight is computed by is no layer
            by_node.pop(node, None)
    sites = dict.fromkeys(by_node.values())
    _number_the_uses(sites)
    if any(name.endswith("BackwardBackward") for name in kinds):  # gradients that are differentiated
        for site in sites:
            site.passed_over |= site.use > 1 and kind(site.node) in _PRODUCTS
    for node in nodes:
        activation = activation_of(node)
        if activation is not None:
            _attach(node, activation, by_node)
    alone = [s for s in dict.fromkeys(by_node.values()) if s.weight is None]
    for site in alone:
        if site.follows is None and site.operation in NORMS:
            site.follows = upstream(site.data, by_node)[0]
    _number_the_uses(alone)
    found = sorted({s for s in by_node.values() if not s.passed_over}, key=lambda s: order(s.node))
    for site in found:
        site.hidden = "checkpointed" if is_packed(site.node, site.data_at) else None
        site.kept_by = _keeper(site.output, users)
    losses = losses_of(roots) if losses is None else losses
    for node in [loss.node for loss in losses] or [root.grad_fn for root in roots]:
        _mark_output(node, by_node)
    return Anatomy(tuple(found), any(name.startswith("CompiledFunction") for name in kinds), by_node)


def upstream(node: Node | None, by_node: dict[Node, Site], most: int = 64) -> tuple[Site | None, list[Node]]:
    """The layer whose units a tensor carries on, found against the flow, and what lies between.

    Where several tensors meet, the one made last is followed: the branch rather than what goes past it.
    """
    between: list[Node] = []
    while node is not None and len(between) < most:
        if node in by_node:
            return by_node[node], between
        if kind(node) in _MIXERS or leaf(node) is not None or is_opaque(node):
            break
        between.append(node)
        made = [n for n in inputs(node) if n is not None and leaf(n) is None]
        node = max(made, key=order, default=None)
    return None, between


def _site(node: Node, users: dict[Node, list[Node]]) -> Site | None:
    operation = kind(node)
    if operation in KEEP_BOTH:
        return _linear(node, operation, users)
    if operation == "ConvolutionBackward":
        return _convolution(node)
    if operation in _LOOK_UPS:
        weight = weight_of(inputs(node)[0])
        if weight is None or weight.ndim != 2:
            return None
        return Site("embedding", node, node, weight, data_at="indices", units=weight.shape[1])
    if operation in _RECURRENT:
        weights = [w for n in inputs(node) if (w := weight_of(n)) is not None and w.ndim == 2]
        if not weights:
            return None
        units = int(plain(node, "hidden_size") or weights[-1].shape[1])
        return Site("recurrent", node, node, weights[0], None, inputs(node)[0], "input", weights[0].shape[1], units)
    if operation in _NORMS:
        return _norm(node, _NORMS[operation])
    return None


def _linear(node: Node, operation: str, users: dict[Node, list[Node]]) -> Site | None:
    operands = inputs(node)[-2:]
    names = KEEP_BOTH[operation]
    found = [weight_of(operand) for operand in operands]
    at = next((i for i in (1, 0) if found[i] is not None), None)
    if at is None:
        return None
    weight = found[at]
    assert weight is not None
    turned = at == 0  # weight @ data: units are rows
    if operation == "MvBackward":
        fan_in, units, unit_dim = weight.numel() if at else weight.shape[-1], 1 if at else weight.shape[0], -1
    else:
        sides = list(plain(node, f"{names[at]}_sym_sizes") or weight.shape[-2:])
        fan_in, units, unit_dim = (sides[-1], sides[-2], -2) if turned else (sides[-2], sides[-1], -1)
    site = Site("linear", node, node, weight, None, operands[1 - at], names[1 - at], int(fan_in), int(units), unit_dim)
    site.weight_from = operands[at]
    site.units_last = (turns(operands[at]) % 2 == 0) == (at == 1)  # x @ W, and not x @ W.T
    if operation == "BmmBackward" and weight.ndim == 2:  # einsum has turned it, who knows how
        _from_the_data(site, node)
    if operation == "AddmmBackward":
        site.bias = bias_of(inputs(node)[0])
    else:
        site.output, site.bias = _bias_added(node, int(units), users)
    return site


def _from_the_data(site: Site, node: Node) -> None:
    """The sizes of a layer whose weight cannot be told by its shape, from what it is multiplied with."""
    data = kept(node, site.data_at)
    assert site.weight is not None
    site.fan_in = None if data is None else int(data.shape[site.unit_dim if site.unit_dim == -1 else -2])
    site.units = None if not site.fan_in else site.weight.numel() // site.fan_in
    site.units_last = None


def _bias_added(node: Node, units: int, users: dict[Node, list[Node]]) -> tuple[Node, Tensor | None]:
    """A vector that is added to what a node gives, and the node that adds it."""
    at = node
    while len(users[at]) == 1:
        at = users[at][0]
        if kind(at) == "AddBackward":
            for operand in inputs(at):
                vector = bias_of(operand)
                if vector is not None and vector.numel() == units:
                    return at, vector
            break
        if not kind(at).startswith(RESHAPES):
            break
    return node, None


def _keeper(node: Node, users: dict[Node, list[Node]], hops: int = _HOPS) -> tuple[Node, str] | None:
    """Who of those that use what a node gives keeps it for the backward pass, and under which name."""
    for user in users[node]:
        operation = kind(user)
        if operation.startswith(RESHAPES):
            found = _keeper(user, users, hops - 1) if hops else None
        elif operation in KEEP_BOTH:
            found = user, KEEP_BOTH[operation][inputs(user)[-2:].index(node)] if node in inputs(user)[-2:] else ""
        else:
            found = (user, _KEEP[operation]) if operation in _KEEP and inputs(user)[0] is node else None
        if found is not None and kept(*found) is not None:
            return found
    return None


def _convolution(node: Node) -> Site | None:
    weight = weight_of(inputs(node)[1])
    if weight is None:
        return None
    bias = bias_of(inputs(node)[2]) if len(inputs(node)) > 2 else None
    site = Site("convolution", node, node, weight, bias, inputs(node)[0], "input", unit_dim=1)
    site.weight_from = inputs(node)[1]
    if plain(node, "transposed"):  # each output gets what one in every stride sends it
        window = math.prod(weight.shape[2:]) / math.prod(plain(node, "stride") or [1])
        site.fan_in = max(1, round(weight.shape[0] / plain(node, "groups") * window))
        site.units = int(weight.shape[1] * plain(node, "groups"))
    else:
        site.fan_in, site.units = weight[0].numel(), weight.shape[0]
    return site


def _norm(node: Node, operation: str) -> Site:
    gain = weight_of(inputs(node)[1]) if len(inputs(node)) > 1 else None
    bias = weight_of(inputs(node)[2]) if len(inputs(node)) > 2 else None
    site = Site(operation, node, node, gain, bias, inputs(node)[0], "input")
    site.unit_dim = -1 if operation in ("layer-norm", "rms-norm") else 1
    if operation == "batch-norm":
        before, x = inputs(node)[0], kept(node, "input")
        no_memory = kept(node, "running_mean") is None
        as_one = x is not None and x.ndim > 2 and x.shape[0] == 1 and before is not None and kind(before) in _VIEWS
        if no_memory and as_one and plain(node, "training"):
            site.operation = "instance-norm"  # done as a batch norm over images times channels
    if gain is not None:
        site.units = gain.numel()
    return site


def _attach(node: Node, activation: Activation, by_node: dict[Node, Site]) -> None:
    """Give an activation to the layer it follows; one that follows none, or a layer that has one, stands alone."""
    site, between = upstream(inputs(node)[0], by_node)
    if site is not None and site.uses > 1 and any(kind(n).startswith(_PARTS) for n in between):
        if activation.name in SIGMOIDS:
            site.gates.append((activation, node))
        return
    norm = site if site is not None and site.operation in NORMS else None
    if norm is not None:
        before, steps = upstream(norm.data, by_node)
        if before is not None and _hands_on(steps) and before.units == (norm.units or before.units):
            site = before if before.activation is None else norm
    if site is None or site.activation is not None or site.operation == "embedding":
        site, norm, between = _alone(activation.name, node, site), None, []
    site.activation, site.activation_node, site.direct = activation, node, _hands_on(between)
    site.norm = norm if norm is not site else None
    by_node[node] = site


def _hands_on(between: Sequence[Node]) -> bool:
    """Whether nothing but reshaping lies between."""
    return all(kind(n).startswith(RESHAPES) for n in between)


def _alone(operation: str, node: Node, after: Site | None) -> Site:
    """An activation that follows no layer, or one that has its activation."""
    site = Site(operation, node, node, data=inputs(node)[0])
    if after is not None:
        site.follows = after.follows or after
        if after.operation != "embedding":
            site.units, site.unit_dim = after.units, after.unit_dim
    return site


def _feeding(node: Node | None, by_node: dict[Node, Site], from_the_loss: bool = False) -> list[Site]:
    """The layers that what a node made comes from, in their order."""
    found: set[Site] = set()
    seen: set[Node] = set()
    stack = [node]
    while stack:
        node = stack.pop()
        if node is None or node in seen or leaf(node) is not None:
            continue
        seen.add(node)
        other = by_node.get(node)
        if other is not None and not other.passed_over:
            found.add(other)
        elif not from_the_loss or not is_opaque(node) or is_scalar(node):  # layers may hide in there
            stack.extend(inputs(node))
    return sorted(found, key=lambda s: order(s.node))


def _mark_output(loss: Node | None, by_node: dict[Node, Site]) -> None:
    """The layer made last of those the loss comes from; a penalty on weights comes from none."""
    feeding = _feeding(loss, by_node, from_the_loss=True)
    while feeding and feeding[-1].node is feeding[-1].activation_node:  # an activation that stands alone
        feeding = _feeding(feeding[-1].data, by_node, from_the_loss=True)
    if feeding:
        feeding[-1].is_output = True


def _made_by(weight: Node | None) -> list[Node]:
    """The nodes that a weight as an operation takes it is made by, in front of its leaf."""
    nodes: dict[Node, None] = {}
    stack = [weight]
    while stack and len(nodes) < _MADE_OF:
        node = stack.pop()
        if node is not None and node not in nodes and leaf(node) is None:
            nodes[node] = None
            stack.extend(inputs(node))
    return list(nodes)


def _number_the_uses(sites: Iterable[Site]) -> None:
    """Number the uses of each weight, and pass most over where they are very many."""
    uses: dict[tuple[str, int], list[Site]] = {}
    for site in sites:
        if site.weight is not None:
            uses.setdefault(("", id(site.weight)), []).append(site)
        elif site.follows is not None:
            after = site.follows if site.follows.weight is None else site.follows.weight
            uses.setdefault((site.operation, id(after)), []).append(site)
    for same in uses.values():
        seen = {round(i * (len(same) - 1) / (_USES - 1)) for i in range(_USES)} if len(same) > _USES else range(_USES)
        for i, site in enumerate(same):
            site.use, site.uses, site.passed_over = i + 1, len(same), i not in seen
