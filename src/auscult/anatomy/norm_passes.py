"""The running statistics of batch norms, from a whole data set: norm after norm, or all in one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from torch import Tensor, nn

from auscult.anatomy.passes import random_state, restore_random
from auscult.anatomy.pooling import Pooled
from auscult.errors import TargetError

BatchNorm = nn.modules.batchnorm._BatchNorm


def norms_of(model: nn.Module) -> dict[BatchNorm, str]:
    """The batch norms of a model, with their names."""
    return {m: name for name, m in model.named_modules() if isinstance(m, BatchNorm)}


def keeps_statistics(norm: BatchNorm) -> bool:
    """Whether it evaluates with running statistics."""
    return norm.running_mean is not None and norm.running_var is not None


class NormPasses:
    """Passes over a data set for what its batch norms get, and makes that their running statistics.

    forward: runs the model on a batch, in eval mode and without gradients. The random streams are the same in every
    pass, and left as the last one left them.
    """

    def __init__(
        self,
        batches: Iterable[Any],
        forward: Callable[[Any], Any],
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self.batches = 0
        self._forward, self._progress = forward, progress
        self._data, self._streams = batches, random_state()
        self._done, self._passes = 0, 1

    def norm_after_norm(self, order: list[BatchNorm]) -> dict[BatchNorm, Pooled]:
        """Calibrate each with those before it calibrated; order: as `in_order` gives it."""
        self._passes = len(order)
        pooled = {}
        for norm in order:
            found = Pooled(norm)

            def stop(module: nn.Module, args: tuple[Tensor, ...], found: Pooled = found) -> None:
                found.add(args[0])
                raise _FarEnough

            with _hooked([norm], stop):
                self._feed()
            pooled[norm] = found
            found.settle()
        return pooled

    def in_one_pass(self, norms: list[BatchNorm]) -> dict[BatchNorm, Pooled]:
        """Pool what each sees while all normalise by the batch."""
        pooled: dict[BatchNorm, Pooled] = {}
        momenta = [norm.momentum for norm in norms]
        counts = [None if n.num_batches_tracked is None else n.num_batches_tracked.clone() for n in norms]

        def note(module: BatchNorm, args: tuple[Tensor, ...]) -> None:
            pooled.setdefault(module, Pooled(module)).add(args[0])

        for norm in norms:
            norm.momentum = 0.0
            norm.train()
        try:
            with _hooked(norms, note):
                self._feed()
        finally:
            for norm, momentum, count in zip(norms, momenta, counts, strict=True):
                norm.momentum = momentum
                if count is not None and norm.num_batches_tracked is not None:
                    norm.num_batches_tracked.copy_(count)
        for found in pooled.values():
            found.settle()
        return pooled

    def in_order(self, norms: list[BatchNorm]) -> list[BatchNorm]:
        """The norms as the first batch meets them. Raises TargetError where one is met twice, or there is no batch."""
        met: list[BatchNorm] = []
        with _hooked(norms, lambda module, args: met.append(module)):
            restore_random(self._streams)
            for batch in self._data:
                self._run(batch)
                break
            else:
                raise TargetError("there are no batches; give those of the training set")
        if len(set(met)) < len(met):
            raise TargetError("a batch norm is used twice in a pass, so there is no order among them; give exact=False")
        return met

    def _feed(self) -> None:
        restore_random(self._streams)
        seen = 0
        total = len(self._data) * self._passes if hasattr(self._data, "__len__") else 0  # type: ignore[arg-type]
        for batch in self._data:
            self._run(batch)
            seen += 1
            self._done += 1
            if self._progress is not None:
                self._progress(self._done, total)
        self.batches = seen
        if not seen:
            raise TargetError("there are no batches; give those of the training set")

    def _run(self, batch: Any) -> None:
        with suppress(_FarEnough):
            self._forward(batch)


class _FarEnough(BaseException):
    """The norm is reached; the rest of the pass is not needed."""


@contextmanager
def _hooked(norms: list[BatchNorm], hook: Callable[..., None]) -> Iterator[None]:
    handles = [norm.register_forward_pre_hook(hook) for norm in norms]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
