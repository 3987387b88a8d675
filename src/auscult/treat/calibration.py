"""`calibrate_norms`: batch norms that evaluate with the statistics of the whole training set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from auscult.anatomy.norm_passes import NormPasses, keeps_statistics, norms_of
from auscult.anatomy.passes import Step, call, first_line, random_state, restore_random, unwrapped
from auscult.errors import AuscultError, TargetError, TreatError
from auscult.treat.patient import unharmed
from auscult.treat.treatment import figure, fit, table


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
        named = norms_of(inner)
        norms = {m: name for m, name in named.items() if keeps_statistics(m)}
        skipped = [(name, "keeps no running statistics") for m, name in named.items() if m not in norms]
        if not norms:
            raise TreatError("the model has no batch norm with running statistics; there is nothing to calibrate")
        streams = random_state()
        passes = NormPasses(batches, _forward(inner, step), progress)
        try:
            with _evaluating(inner):
                pooled = (
                    passes.norm_after_norm(passes.in_order(list(norms))) if exact else passes.in_one_pass(list(norms))
                )
        except TargetError as e:
            raise TreatError(str(e)) from e
        finally:
            restore_random(streams)
        skipped += [(name, "not met in the forward pass") for m, name in norms.items() if m not in pooled]
        changes = tuple(NormChange(norms[m], p.count, *p.drifts) for m, p in pooled.items())
        return Calibration(changes, tuple(skipped), passes.batches, exact)


def _forward(model: nn.Module, step: Step | None) -> Callable[[Any], None]:
    def run(batch: Any) -> None:
        try:
            if step is not None:
                step(model, batch)
            elif isinstance(batch, Tensor):
                model(batch)
            elif isinstance(batch, (tuple, list)) and len(batch) == 2:
                call(model, batch[0])
            else:
                raise TreatError(
                    f"a batch is a {type(batch).__name__}, neither (inputs, targets) nor a tensor; give step=, "
                    "called as step(model, batch)"
                )
        except AuscultError:
            raise
        except Exception as e:
            raise TreatError(f"the forward pass raised {type(e).__name__}: {first_line(e)}; mend it first") from e

    return run


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
