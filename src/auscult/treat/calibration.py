"""`calibrate_norms`: batch norms that evaluate with the statistics of the whole training set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from auscult.anatomy.passes import Step, call, first_line, random_state, restore_random, unwrapped
from auscult.errors import AuscultError, TreatError
from auscult.treat.patient import unharmed
from auscult.treat.pooling import Pooled
from auscult.treat.treatment import figure, fit, table

BatchNorm = nn.modules.batchnorm._BatchNorm


@dataclass(frozen=True)
class NormChange:
    """One batch norm. values: of each channel, over the whole set.

    mean_drift: √mean(((running − exact)/exact std)²) over channels, before; var_drift: √mean(log10(running/exact)²) of
    the variances, before; channels without spread are left out of both.
    """

    name: str
    values: int
    mean_drift: float
    var_drift: float


@dataclass(frozen=True)
class Calibration:
    """Batch norms whose running statistics are now those of the data; `skipped`: norm, and why."""

    norms: tuple[NormChange, ...]
    skipped: tuple[tuple[str, str], ...]
    batches: int
    exact: bool

    def __str__(self) -> str:
        how = "norm after norm" if self.exact else "in one pass"
        lines = [f"calibrate_norms: {len(self.norms)} norms from {self.batches} batches, {how}", ""]
        rows = [(n.name, str(n.values), figure(n.mean_drift), figure(n.var_drift)) for n in self.norms]
        lines += table(("norm", "values", "mean was off by (std)", "variance by (log10)"), rows)
        return "\n".join([*lines, *(fit(f"skipped {name}: {why}") for name, why in self.skipped)])


def calibrate_norms(
    model: nn.Module,
    batches: Iterable[Any],
    *,
    step: Step | None = None,
    exact: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> Calibration:
    """Set the running mean and variance of every batch norm, in place, to those of the whole training set.

    exact: as if the whole set were one batch: norm after norm in the order of the forward pass, each with those before
    it already calibrated; mean and unbiased variance pooled over all values in float64. One pass over the data a norm,
    each only as far as that norm. Otherwise one pass, in which each norm normalises every batch by its own statistics,
    as in training, and what each saw is pooled: equal for the first norm, near for those behind it. Dropout is off.

    Args:
        batches: (inputs, targets) each, or tensors to call the model with; iterated more than once where `exact`, with
            the same random streams each time. A DataLoader, a list.
        step: step(model, batch) for anything else; what it gives is not looked at.
        progress: called with (batches done, batches), the second 0 where the length is not known.

    Averages of batch statistics are not what the data has: the variance between batches is missing in them (Ioffe &
    Szegedy 2015, algorithm 2, take them; Wu & Johnson 2021, arXiv 2105.07576, pool). Raises TreatError, the model as
    it was.
    """
    with unharmed(model, "calibrate_norms"):
        inner = unwrapped(model)
        if not isinstance(inner, nn.Module):
            raise TreatError(f"the model is a {type(model).__name__}; give a torch.nn.Module with batch norms")
        if exact and isinstance(batches, Iterator):
            raise TreatError("the batches can be taken only once; give a list or a DataLoader, or exact=False")
        named = {m: name for name, m in inner.named_modules() if isinstance(m, BatchNorm)}
        norms = {m: name for m, name in named.items() if m.running_mean is not None and m.running_var is not None}
        skipped = [(name, "keeps no running statistics") for m, name in named.items() if m not in norms]
        if not norms:
            raise TreatError("the model has no batch norm with running statistics; there is nothing to calibrate")
        streams = random_state()
        feeder = _Feeder(inner, batches, step, progress)
        try:
            with _evaluating(inner):
                pooled = feeder.norm_after_norm(list(norms)) if exact else feeder.in_one_pass(list(norms))
        finally:
            restore_random(streams)
        skipped += [(name, "not met in the forward pass") for m, name in norms.items() if m not in pooled]
        changes = tuple(NormChange(norms[m], p.count, *p.drifts) for m, p in pooled.items())
        return Calibration(changes, tuple(skipped), feeder.batches, exact)


class _Feeder:
    """Runs the model over the batches, as often as needed."""

    def __init__(
        self, model: nn.Module, batches: Iterable[Any], step: Step | None, progress: Callable[[int, int], None] | None
    ) -> None:
        self.batches = 0
        self._model, self._step, self._progress = model, step, progress
        self._data, self._streams = batches, random_state()
        self._done, self._passes = 0, 1

    def norm_after_norm(self, norms: list[BatchNorm]) -> dict[BatchNorm, Pooled]:
        """Calibrate each with those before it calibrated."""
        order = self._order(norms)
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
        with _hooked(norms, note):
            self._feed()
        for norm, momentum, count in zip(norms, momenta, counts, strict=True):
            norm.momentum = momentum
            if count is not None and norm.num_batches_tracked is not None:
                norm.num_batches_tracked.copy_(count)
        for found in pooled.values():
            found.settle()
        return pooled

    def _order(self, norms: list[BatchNorm]) -> list[BatchNorm]:
        met: list[BatchNorm] = []
        with _hooked(norms, lambda module, args: met.append(module)):
            restore_random(self._streams)
            for batch in self._data:
                self._run(batch)
                break
            else:
                raise TreatError("there are no batches; give those of the training set")
        if len(set(met)) < len(met):
            raise TreatError("a batch norm is used twice in a pass, so there is no order among them; give exact=False")
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
            raise TreatError("there are no batches; give those of the training set")

    def _run(self, batch: Any) -> None:
        try:
            if self._step is not None:
                self._step(self._model, batch)
            elif isinstance(batch, Tensor):
                self._model(batch)
            elif isinstance(batch, (tuple, list)) and len(batch) == 2:
                call(self._model, batch[0])
            else:
                raise TreatError(
                    f"a batch is a {type(batch).__name__}, neither (inputs, targets) nor a tensor; give step=, "
                    "called as step(model, batch)"
                )
        except _FarEnough:
            pass
        except AuscultError:
            raise
        except Exception as e:
            raise TreatError(f"the forward pass raised {type(e).__name__}: {first_line(e)}; mend it first") from e


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


@contextmanager
def _evaluating(model: nn.Module) -> Iterator[None]:
    """Eval mode without gradients, and each module's own mode again afterwards."""
    flags = [(m, m.training) for m in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        for module, flag in flags:
            module.training = flag
