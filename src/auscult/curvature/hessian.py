"""The Hessian of an objective as an operator: products with vectors, its graphs kept where they fit."""

from __future__ import annotations

import warnings
from collections.abc import Generator, Iterator
from contextlib import closing
from types import TracebackType
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.autograd.graph import Node

from auscult.anatomy.passes import first_line
from auscult.errors import CurvatureError

if TYPE_CHECKING:
    from auscult.curvature.objective import Objective

# Vectors that go through a graph of small matrices at once, measured on a CPU: eight take 1.2 to 1.5 times less time
# together. Through convolutions they take 2 to 3 times more, so there they go one by one.
_TOGETHER, _ROOM = 8, 1 << 27  # vectors, bytes that the graph times the vectors may hold
_DENSE = 20_000  # rows
_ONCE = "torch::autograd::Error"
_INSTEAD = (
    "use operations whose gradient can be differentiated, such as torch's own in place of fused or compiled kernels"
)


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
        point = self._objective.vector()
        if not bool(torch.isfinite(point).all()):
            raise CurvatureError("some parameters are not finite, so there is no Hessian; go back to where they were")
        self._point = point
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
            with closing(self._others()) as graphs:  # so that the model is put back at once where a product fails
                for graph in graphs:
                    self._add(sums, graph, directions)
                    del graph  # before the next is made
        made = (sums / objective.examples).to(self.dtype)
        if not bool(torch.isfinite(made).all()):
            raise CurvatureError(
                "a Hessian-vector product is not finite; look for values that are not finite in the data, the weights "
                "and the vector, and for functions without a second derivative, such as a root at zero"
            )
        return made

    def dense(self) -> Tensor:
        """All of it, (parameters, parameters), made symmetric; CurvatureError for more than 20,000 parameters."""
        if self.size > _DENSE:
            raise CurvatureError(f"a Hessian of {self.size:,} rows is too large to hold; ask for its eigenvalues")
        made = self.products(torch.eye(self.size, dtype=self.dtype, device=self.device))
        return (made + made.T) / 2

    def _others(self) -> Generator[_Graph, None, None]:
        """The graphs that are not kept, made anew; those that fit are kept from now on."""
        objective, skipped = self._objective, len(self._graphs)
        held = sum(g.bytes for g in self._graphs)
        full = not self._keep
        with objective.evaluating(twice=True), torch.enable_grad():
            for number, (batch, n) in enumerate(objective.data.pairs()):
                if number < skipped:
                    continue
                graph = _Graph(objective, batch, n)
                yield graph
                held += graph.bytes
                full = full or held + objective.data.bytes_held > objective.memory
                if not full:
                    self._graphs.append(graph)
                del graph
        self._complete = not full

    def _add(self, sums: Tensor, graph: _Graph, directions: list[Tensor]) -> None:
        for first in range(0, len(sums), graph.together):
            part = slice(first, first + graph.together)
            products = graph.products([d[part] for d in directions])
            rows = [
                (torch.zeros_like(d[part]) if made is None else made).reshape(len(d[part]), -1)
                for made, d in zip(products, directions, strict=True)
            ]
            sums[part].add_(torch.cat(rows, 1), alpha=graph.weight)


class _Graph:
    """The gradient of one batch's loss, with its graph, the bytes that this holds, and how many vectors it takes."""

    def __init__(self, objective: Objective, batch: Any, weight: int) -> None:
        self._tensors = list(objective.layout.tensors.values())
        self.weight = weight
        loss = objective.loss_of(batch, differentiable=True)
        with _second_derivative():
            gradients = torch.autograd.grad(loss, self._tensors, create_graph=True, allow_unused=True)
        self._used = [i for i, g in enumerate(gradients) if g is not None and g.requires_grad]
        self._gradients = [gradients[i] for i in self._used]
        nodes = _nodes(self._gradients)
        if any(node.name() == _ONCE for node in nodes):  # which autograd would pass over, as if it were linear
            raise CurvatureError(
                "the loss cannot be differentiated twice: a function in it is marked with once_differentiable; "
                f"{_INSTEAD}"
            )
        self.bytes = _held_by(nodes, self._tensors)
        convolves = any(t.ndim > 2 for t in self._tensors)
        self.together = 1 if convolves else max(1, min(_TOGETHER, _ROOM // max(self.bytes, 1)))

    def products(self, directions: list[Tensor]) -> list[Tensor | None]:
        """The batch's Hessian times each direction, (vectors, *shape) of each parameter; None for zeros."""
        if not self._gradients:  # the loss is linear
            return [None] * len(self._tensors)
        if len(directions[0]) > 1:
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("error")  # vmap warns where it would go through the vectors one by one
                    return self._differentiate([directions[i] for i in self._used], batched=True)
            except (RuntimeError, UserWarning):
                self.together = 1
        if len(directions[0]) == 1:
            with _second_derivative():
                one = self._differentiate([directions[i][0] for i in self._used], batched=False)
            return [None if made is None else made[None] for made in one]
        rows = []
        for row in zip(*directions, strict=True):
            with _second_derivative():
                rows.append(self._differentiate([row[i] for i in self._used], batched=False))
        return [None if parts[0] is None else torch.stack(parts) for parts in zip(*rows, strict=True)]

    def _differentiate(self, directions: list[Tensor], batched: bool) -> list[Tensor | None]:
        return list(
            torch.autograd.grad(
                self._gradients,
                self._tensors,
                directions,
                retain_graph=True,
                allow_unused=True,
                is_grads_batched=batched,
            )
        )


class _second_derivative:  # noqa: N801 a context manager
    """Say what to do where autograd cannot differentiate twice."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, RuntimeError):
            raise CurvatureError(f"the loss cannot be differentiated twice: {first_line(error)}; {_INSTEAD}") from error


def _nodes(roots: list[Tensor]) -> set[Node]:
    """Every node of the graph of these."""
    seen: set[Node] = set()
    waiting = [t.grad_fn for t in roots]
    while waiting:
        node = waiting.pop()
        if node is not None and node not in seen:
            seen.add(node)
            waiting.extend(following for following, _ in node.next_functions)
    return seen


def _held_by(nodes: set[Node], without: list[Tensor]) -> int:
    """Bytes of all tensors but some that nodes hold, each storage once."""
    known = {t.untyped_storage().data_ptr() for t in without}
    storages = [t.untyped_storage() for node in nodes for t in _saved(node)]
    return sum({s.data_ptr(): s.nbytes() for s in storages if s.data_ptr() not in known}.values())


def _saved(node: Node) -> Iterator[Tensor]:
    for name in dir(node):
        if name.startswith("_saved_") or name == "saved_tensors":
            value = getattr(node, name)
            yield from (t for t in (value if isinstance(value, (tuple, list)) else (value,)) if isinstance(t, Tensor))
