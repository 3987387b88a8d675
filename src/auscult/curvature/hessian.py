"""The Hessian of an objective as an operator: products with vectors, its graphs kept where they fit."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.autograd.graph import Node

from auscult.anatomy.passes import first_line
from auscult.errors import CurvatureError

if TYPE_CHECKING:
    from auscult.curvature.objective import Objective


class Hessian:
    """∇²f at the parameters it was opened at, by differentiating the gradient of every batch (Pearlmutter 1994).

        with objective.hessian() as h:
            h @ v                    # (parameters,)
            h.products(vectors)      # (vectors, parameters)

    keep: the graphs of the gradients are kept between products, as many as fit in the objective's `memory`; a product
    then takes one backward pass through each instead of computing it anew.

    Raises CurvatureError where the loss cannot be differentiated twice, or the parameters change while it is open.
    """

    def __init__(self, objective: Objective, keep: bool = True) -> None:
        self._objective, self._keep = objective, keep
        self._graphs: list[_Graph] = []  # of the first batches
        self._complete = False
        self._point: Tensor | None = None

    @property
    def size(self) -> int:
        """The number of its rows."""
        return self._objective.size

    @property
    def dtype(self) -> torch.dtype:
        """Of the vectors it gives."""
        return self._objective.layout.dtype

    @property
    def device(self) -> torch.device:
        """Of the vectors it gives."""
        return self._objective.layout.device

    def __enter__(self) -> Hessian:
        self._point = self._objective.vector()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._graphs, self._complete, self._point = [], False, None

    def __matmul__(self, vector: Tensor) -> Tensor:
        self._objective.layout.check(vector)
        if vector.ndim != 1:
            raise CurvatureError(f"h @ v takes one vector, got shape {tuple(vector.shape)}; use products for several")
        return self.products(vector[None])[0]

    def products(self, vectors: Tensor) -> Tensor:
        """The Hessian times each vector, (vectors, parameters) as given."""
        objective = self._objective
        if self._point is None:
            raise CurvatureError("the Hessian is not open; use it within `with objective.hessian() as h:`")
        if vectors.ndim != 2:
            raise CurvatureError(f"products takes (vectors, parameters), got shape {tuple(vectors.shape)}")
        if not torch.equal(self._point, objective.vector()):
            raise CurvatureError("the parameters changed while their Hessian was in use; open it anew at the new ones")
        named = objective.named(vectors.to(self.device))
        directions = [v.to(objective.layout.tensors[name].dtype) for name, v in named.items()]
        sums = objective.zero(len(vectors), self.size)
        for graph in self._graphs:
            self._add(sums, graph, directions)
        if not self._complete:
            for graph in self._others():
                self._add(sums, graph, directions)
        made = (sums / objective.examples).to(self.dtype)
        if not bool(torch.isfinite(made).all()):
            raise CurvatureError(
                "a Hessian-vector product is not finite; look for values that are not finite in the data, the weights "
                "and the vector, and for functions without a second derivative, such as a root at zero"
            )
        return made

    def _others(self) -> Iterator[_Graph]:
        """The graphs that are not kept, made anew; those that fit are kept from now on."""
        objective, skipped = self._objective, len(self._graphs)
        room = objective.memory - objective.data.bytes_held - sum(g.bytes for g in self._graphs)
        full = not self._keep
        with objective.evaluating(twice=True), torch.enable_grad():
            for number, (batch, n) in enumerate(objective.data.pairs()):
                if number < skipped:
                    continue
                graph = _Graph(objective, batch, n, measure=not full)
                yield graph
                room -= graph.bytes
                full = full or room < 0
                if not full:
                    self._graphs.append(graph)
        self._complete = not full

    def _add(self, sums: Tensor, graph: _Graph, directions: list[Tensor]) -> None:
        for row, total in enumerate(sums):
            self._objective.add(total, graph.product([d[row] for d in directions]), graph.weight)


class _Graph:
    """The gradient of one batch's loss, with its graph, and the bytes that this holds."""

    def __init__(self, objective: Objective, batch: Any, weight: int, measure: bool) -> None:
        self._tensors = list(objective.layout.tensors.values())
        self.weight = weight
        loss = objective.loss_of(batch, differentiable=True)
        with _second_derivative():
            gradients = torch.autograd.grad(loss, self._tensors, create_graph=True, allow_unused=True)
        self._used = [i for i, g in enumerate(gradients) if g is not None and g.requires_grad]
        self._gradients = [gradients[i] for i in self._used]
        self.bytes = _held_by(self._gradients, self._tensors) if measure else 0

    def product(self, direction: list[Tensor]) -> list[Tensor | None]:
        """The batch's Hessian times a direction, one tensor for each parameter; None for zeros."""
        if not self._gradients:  # the loss is linear
            return [None] * len(self._tensors)
        with _second_derivative():
            return list(
                torch.autograd.grad(
                    self._gradients,
                    self._tensors,
                    [direction[i] for i in self._used],
                    retain_graph=True,
                    allow_unused=True,
                )
            )


class _second_derivative:  # noqa: N801 a context manager
    """Say what to do where autograd cannot differentiate twice."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, RuntimeError):
            raise CurvatureError(
                f"the loss cannot be differentiated twice: {first_line(error)}; use operations whose gradient can be "
                "differentiated, such as torch's own in place of fused or compiled kernels"
            ) from error


def _held_by(roots: list[Tensor], without: list[Tensor]) -> int:
    """Bytes of all tensors but some that the graph of the roots holds, each storage once."""
    known = {t.untyped_storage().data_ptr() for t in without}
    sizes: dict[int, int] = {}
    seen: set[Node] = set()
    waiting = [t.grad_fn for t in roots]
    while waiting:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        waiting.extend(following for following, _ in node.next_functions)
        for t in _saved(node):
            storage = t.untyped_storage()
            sizes[storage.data_ptr()] = storage.nbytes()
    return sum(size for at, size in sizes.items() if at not in known)


def _saved(node: Node) -> Iterator[Tensor]:
    for name in dir(node):
        if name.startswith("_saved_") or name == "saved_tensors":
            value = getattr(node, name)
            yield from (t for t in (value if isinstance(value, (tuple, list)) else (value,)) if isinstance(t, Tensor))
