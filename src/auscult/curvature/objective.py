"""The loss over a whole data set as a function of the parameters: value, gradient, Hessian-vector products."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, get_args

import torch
from torch import Tensor, nn

from auscult.anatomy.norm_passes import BatchNorm, NormPasses, keeps_statistics, norms_of
from auscult.anatomy.passes import Model, Step, as_step, first_line, unwrapped
from auscult.curvature.data import Count, WholeData
from auscult.curvature.layout import Layout
from auscult.curvature.modes import Norm, evaluating
from auscult.errors import AuscultError, CurvatureError, TargetError

if TYPE_CHECKING:
    from auscult.curvature.hessian import Hessian

MEMORY = 1 << 30


class Objective:
    """The mean loss over a data set, f(θ) = Σ n_b L_b(θ) / Σ n_b over batches b of n_b examples.

        objective = Objective(model, loader, torch.nn.functional.cross_entropy)
        objective.value(), objective.gradient()
        with objective.at(objective.vector() + 0.1 * direction):
            objective.value()

    Everything is at the model's present parameters. Nothing it does leaves a trace: parameters, buffers, modes,
    gradients and random streams are what they were, bit for bit, after an exception too. Dropout is off. Sums over
    batches are added in float64; vectors are of the parameters' precision, at least float32.

    Args:
        data: one batch, or what gives the batches anew each time it is iterated, as a list or a DataLoader. Where
            they fit in `memory`, the batches of the first pass are kept; otherwise each pass begins with the same
            random streams, so that shuffling and augmentation come out the same. A tuple, a list of tensors, a tensor
            or a mapping is one batch.
        loss: loss(outputs, targets), the mean over the examples of a batch.
        step: step(model, batch), in its place; see `auscult.anatomy.passes`.
        norm: how batch norms normalise. "eval": by their running statistics, as they are. "train": by each batch's
            own, so the loss depends on how the data is cut into batches; running statistics stay. "data": by mean and
            variance of the whole data, found anew at every point, one pass a norm, and held constant in derivatives;
            "data-one-pass": the same from one pass in which each norm normalises by the batch, exact for the first.
        parameters: names of the parameters that are varied, or of modules; by default all that require a gradient.
        examples: examples(batch) gives a batch's weight; by default its first dimension.
        memory: bytes that may be kept to save time: batches, and graphs between Hessian-vector products.

    Raises TargetError and CurvatureError, with the model as it was.
    """

    def __init__(
        self,
        model: Model,
        data: Any,
        loss: Callable[..., Tensor] | None = None,
        *,
        step: Step | None = None,
        norm: Norm = "eval",
        parameters: Iterable[str] | None = None,
        examples: Count | None = None,
        memory: int = MEMORY,
    ) -> None:
        self._step = as_step(model, loss, step)
        self.loss = loss  # None where there is a step in its place
        self.differentiates = step is not None  # a step may take gradients itself, as of its inputs
        self.model = unwrapped(model)
        if norm not in get_args(Norm):
            raise CurvatureError(f"norm is {norm!r}; it is one of {', '.join(get_args(Norm))}")
        self.norm: Norm = norm
        self.memory = memory
        self.layout = Layout(self.model, parameters)
        self.data = WholeData(data, self.layout.device, examples, memory)
        self._order: list[BatchNorm] = []  # as the norms are met
        self._settled: tuple[Tensor, list[tuple[BatchNorm, Tensor, Tensor]]] | None = None

    @property
    def size(self) -> int:
        """The number of parameters that are varied."""
        return self.layout.size

    @property
    def names(self) -> tuple[str, ...]:
        """Their names, in the order of the vector."""
        return tuple(self.layout.shapes)

    @property
    def examples(self) -> int:
        """The number of examples, or the sum of what `examples=` gave; the data is gone over once to count."""
        if self.data.examples is None:
            with self.data.undisturbed():
                for _ in self.data.pairs():
                    pass
        assert self.data.examples is not None
        return self.data.examples

    def vector(self) -> Tensor:
        """The parameters as they are, a copy, (parameters,)."""
        return self.layout.present()

    def flat(self, tensors: Mapping[str, Tensor]) -> Tensor:
        """One vector, (parameters,), from tensors by name; zeros for those left out."""
        return self.layout.flat(tensors)

    def named(self, vector: Tensor) -> dict[str, Tensor]:
        """A vector, (parameters,), as views by name, each in its parameter's shape."""
        return self.layout.named(vector)

    @contextmanager
    def at(self, point: Tensor | Mapping[str, Tensor]) -> Iterator[Objective]:
        """Within it, the parameters are those of a vector, (parameters,), or a mapping that names some of them."""
        if isinstance(point, Mapping):
            self.layout.flat(point)  # which knows the names
            point = self.layout.flat({**self.layout.tensors, **point})
        if point.ndim != 1:
            raise CurvatureError(f"a point is one vector, got shape {tuple(point.shape)}")
        self.layout.check(point)
        kept = [t.detach().clone() for t in self.layout.tensors.values()]
        try:
            self.layout.set(point)
            yield self
        finally:
            for t, old in zip(self.layout.tensors.values(), kept, strict=True):
                t.data.copy_(old)

    def value(self, *, finite: bool = True) -> float:
        """The loss. finite: raise CurvatureError where it is not; otherwise return that NaN or infinity."""
        total = self.zero()
        with self.evaluating(), torch.set_grad_enabled(self.differentiates):
            for batch, n in self.data.pairs():
                total += n * self.loss_of(batch).detach().to(total.dtype)
        return self._finite(float(total) / self.examples, finite)

    def gradient(self) -> Tensor:
        """The gradient of the loss, (parameters,)."""
        return self.value_and_gradient()[1]

    def value_and_gradient(self, *, finite: bool = True) -> tuple[float, Tensor]:
        """The loss and its gradient, (parameters,), from one pass; `finite` as in `value`."""
        total, sums = self.zero(), self.zero(self.size)
        tensors = list(self.layout.tensors.values())
        with self.evaluating(), torch.enable_grad():
            for batch, n in self.data.pairs():
                loss = self.loss_of(batch, differentiable=True)
                try:
                    gradients = torch.autograd.grad(loss, tensors, allow_unused=True)
                except RuntimeError as e:
                    raise CurvatureError(f"the loss cannot be differentiated: {first_line(e)}") from e
                total += n * loss.detach().to(total.dtype)
                self.add(sums, gradients, n)
        value = self._finite(float(total) / self.examples, finite)
        return value, (sums / self.examples).to(self.layout.dtype)

    def hvp(self, vectors: Tensor) -> Tensor:
        """The Hessian times a vector, (parameters,), or times each of several, (vectors, parameters).

        Every call computes the gradients' graphs anew; for many products use `hessian`.
        """
        with self.hessian(keep=False) as h:
            return h.products(vectors) if vectors.ndim == 2 else h @ vectors

    def hessian(self, *, keep: bool = True) -> Hessian:
        """The Hessian as an operator, to be used within `with`; see `auscult.curvature.hessian`."""
        from auscult.curvature.hessian import Hessian

        return Hessian(self, keep)

    @contextmanager
    def evaluating(self, twice: bool = False) -> Iterator[None]:
        """Within it the model is as the loss wants it: modes, norms; afterwards it is as it was."""
        with self.data.undisturbed(), evaluating(self.model, self.norm, twice), torch.inference_mode(False):
            self.settle()
            yield

    def loss_of(self, batch: Any, differentiable: bool = False, step: Step | None = None) -> Tensor:
        """The loss of a batch, 0-d; TargetError where the model or the loss raises, or gives no such thing.

        step: what computes it, in place of the objective's own.
        """
        loss = self._run(batch, step)
        if not isinstance(loss, Tensor) or loss.numel() != 1:
            got = f"shape {tuple(loss.shape)}" if isinstance(loss, Tensor) else f"a {type(loss).__name__}"
            raise TargetError(f"the loss is to be a tensor of one element, the batch's mean; got {got}")
        if differentiable and not loss.requires_grad:
            raise TargetError("the loss depends on no parameter that requires a gradient; train at least one")
        return loss.reshape(())

    def add(self, sums: Tensor, tensors: Iterable[Tensor | None], weight: int) -> None:
        """Add tensors, one for each parameter, times a weight to a vector of sums, (parameters,)."""
        for into, t in zip(sums.split(self.layout.sizes), tensors, strict=True):
            if t is not None:
                into.add_(t.detach().reshape(-1), alpha=weight)

    def zero(self, *shape: int) -> Tensor:
        """Zeros to add to, in float64 where the device has it."""
        dtype = torch.float32 if self.layout.device.type == "mps" else torch.float64
        return torch.zeros(shape, dtype=dtype, device=self.layout.device)

    def _run(self, batch: Any, step: Step | None = None) -> Any:
        try:
            return (step or self._step)(self.model, batch)
        except AuscultError:
            raise
        except Exception as e:
            raise TargetError(f"the forward pass raised {type(e).__name__}: {first_line(e)}; mend it first") from e

    def _finite(self, value: float, wanted: bool) -> float:
        if wanted and not math.isfinite(value):
            raise CurvatureError(f"the mean loss is {value}; look for values that are not finite in data and weights")
        return value

    def settle(self) -> None:
        """Give each batch norm the statistics of the whole data at the present parameters, where norm is "data".

        To be used within `evaluating`. Raises NonFiniteError where these are not finite.
        """
        if not isinstance(self.model, nn.Module) or not self.norm.startswith("data"):
            return
        norms = [m for m in norms_of(self.model) if keeps_statistics(m)]
        if not norms:
            return
        point = torch.cat([p.detach().reshape(-1).double() for p in self.model.parameters()])
        if self._settled is None or not torch.equal(self._settled[0], point):
            self._settled = None
            passes = NormPasses(self.data, self._run)
            try:
                with torch.set_grad_enabled(self.differentiates):
                    if self.norm == "data":
                        self._order = self._order or passes.in_order(norms)
                        found = passes.norm_after_norm(self._order)
                    else:
                        found = passes.in_one_pass(norms)
            finally:
                for m in norms:
                    m.training = False
            statistics = [(m, p.mean.to(m.running_mean), p.variance.to(m.running_var)) for m, p in found.items()]  # type: ignore[arg-type]
            self._settled = point, statistics
        for m, mean, variance in self._settled[1]:  # tensors of their own: graphs may be kept that hold them
            m._buffers["running_mean"], m._buffers["running_var"] = mean, variance
