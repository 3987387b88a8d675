"""`compare_norms`: the user's own model with every kind of normalisation, each trained a little and looked at."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from auscult.anatomy import losses_of
from auscult.anatomy.nodes import leaf, walk
from auscult.anatomy.passes import (
    Step,
    as_step,
    first_line,
    no_trace,
    random_state,
    restore_random,
    run_pass,
    unwrapped,
)
from auscult.errors import AuscultError, TargetError, TreatError
from auscult.treat.ends import Ends, ends_of
from auscult.treat.patient import check_weights
from auscult.treat.replacing import KINDS, NormKind, NotHere, norms_in, replaced
from auscult.treat.treatment import NONE, figure, fit, table

_SAME = 1e-3  # of the outputs' spread: two that lie nearer are called equal


@dataclass(frozen=True)
class NormRow:
    """One kind of normalisation; NaN where something is not known.

    eval_gap: √mean of the squared difference of the outputs in train and in eval mode of the norms, over the outputs'
    spread, on the first batch after the training. alone_gap: the same of one example alone and in the batch, in train
    mode; infinite where it cannot be run alone. failed: why there are no numbers.
    """

    norm: NormKind
    first_loss: float = math.nan
    last_loss: float = math.nan
    first_activation_std: float = math.nan
    last_activation_std: float = math.nan
    first_gradient_std: float = math.nan
    last_gradient_std: float = math.nan
    eval_gap: float = math.nan
    alone_gap: float = math.nan
    failed: str = ""

    @property
    def eval_agrees(self) -> bool | None:
        """Whether train and eval mode give the same; None where that is not known."""
        return None if math.isnan(self.eval_gap) else self.eval_gap < _SAME

    @property
    def alone_agrees(self) -> bool | None:
        """Whether an example alone gives what it gives in the batch; None where that is not known."""
        return None if math.isnan(self.alone_gap) else self.alone_gap < _SAME


@dataclass(frozen=True)
class NormComparison:
    """A row for each kind of normalisation, all trained alike; activations and gradients are those at the start."""

    rows: tuple[NormRow, ...]
    steps: int
    replaced: tuple[str, ...]

    def row(self, norm: NormKind) -> NormRow:
        """The row of one kind."""
        return next(row for row in self.rows if row.norm == norm)

    def __str__(self) -> str:
        heads = ("norm", "loss at 0", f"at {self.steps}", "activation", "gradient", "eval", "alone")
        lines = [fit(f"compare_norms: {len(self.replaced)} norms replaced, {self.steps} steps each"), ""]
        lines += table(heads, [_cells(row) for row in self.rows])
        lines += ["", fit("activation, gradient: std at the first → last hidden layer, at the start")]
        lines += [fit("eval: train and eval mode give the same; alone: an example gives the same as in its batch")]
        return "\n".join([*lines, *(fit(f"{row.norm}: {row.failed}") for row in self.rows if row.failed)])


def compare_norms(
    model: nn.Module,
    batch: Any,
    loss: Callable[..., Tensor] | None = None,
    *,
    step: Step | None = None,
    steps: int = 100,
    lr: float = 0.1,
    norms: Sequence[NormKind] = KINDS,
    batches: Sequence[Any] | None = None,
    optimizer: Callable[[list[nn.Parameter]], torch.optim.Optimizer] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> NormComparison:
    """Train copies of a model that differ in the kind of their norms alone, and set them side by side.

    The model is not touched, nor is any random stream: each copy begins in train mode with the same weights, sees the
    same batches in the same order, and draws the same numbers. What replaces a norm has its channels, gain and bias: of
    channels in the second dimension layer norm goes over places too (a group norm of one group), of channels in the
    last each place by itself; group norm has at most 32 groups of eight channels or more. In a model of
    sequences batch and instance norm mix places, and so look ahead where it must not.

    Args:
        steps: updates of each copy, over `batches` in turn (by default the one batch).
        lr: of plain SGD; `optimizer` makes another one from the parameters.
        progress: called with (steps done, steps) of all copies.

    A kind that cannot be (instance norm of one value a channel) or fails has a row that says so. Model, batch and loss:
    see `auscult.anatomy.passes`. Raises TargetError or TreatError: also for a model without norms.
    """
    unknown = [kind for kind in norms if kind not in KINDS]
    if unknown or not norms:
        raise TreatError(f"norms {list(norms)} are to be some of {', '.join(KINDS)}")
    if steps < 1 or not lr > 0:
        raise TreatError(f"steps {steps} and lr {lr} must be above 0")
    inner = unwrapped(model)
    if not isinstance(inner, nn.Module):
        raise TreatError(f"the model is a {type(model).__name__}; give a torch.nn.Module with norms")
    as_step(inner, loss, step)
    check_weights(inner, dict(inner.named_parameters()))
    names = tuple(norms_in(inner))
    if not names:
        raise TreatError("the model has no norm to replace; put one in, as behind its linear layers, and compare then")
    fed = [batch] if batches is None else list(batches)
    if not fed:
        raise TreatError("there are no batches; give at least one")
    run_pass(inner, batch, loss, step=step)  # what is wrong with the model itself is said of it, not of a copy
    streams, rows, fast = random_state(), [], torch.backends.mha.get_fastpath_enabled()
    compute = as_step(inner, loss, step)
    make = optimizer or (lambda parameters: torch.optim.SGD(parameters, lr))

    def count(done: int) -> None:
        if progress is not None:
            progress(len(rows) * steps + done, len(norms) * steps)

    try:
        torch.backends.mha.set_fastpath_enabled(False)  # it takes every norm for a layer norm
        with no_trace(inner), torch.inference_mode(False), torch.enable_grad():
            for kind in norms:
                restore_random(streams)
                rows.append(_row(kind, inner, batch, compute, steps, fed, make, count))
    except AuscultError:
        raise
    except Exception as e:
        raise TreatError(f"compare_norms failed with {type(e).__name__}: {first_line(e)}") from e
    finally:
        torch.backends.mha.set_fastpath_enabled(fast)
    return NormComparison(tuple(rows), steps, names)


def _row(
    kind: NormKind,
    model: nn.Module,
    batch: Any,
    compute: Step,
    steps: int,
    fed: Sequence[Any],
    make: Callable[[list[nn.Parameter]], torch.optim.Optimizer],
    count: Callable[[int], None],
) -> NormRow:
    twin = replaced(model, kind)
    twin.zero_grad(set_to_none=True)
    twin.train()
    try:
        first = run_pass(twin, batch, step=compute)
        _check_whose(first, model)
        ends: Ends = ends_of(first)
        last = _trained(twin, compute, steps, fed, make, count)
        after = float(run_pass(twin, batch, step=compute).detach()) if math.isfinite(last) else last
    except TargetError as e:
        cause = e.__cause__
        return NormRow(kind, failed=str(cause) if isinstance(cause, NotHere) else str(e))
    row = NormRow(
        kind, float(first.detach()), after, ends.activation[0], ends.activation[1], ends.gradient[0], ends.gradient[1]
    )
    if not math.isfinite(after):
        return NormRow(**{**vars(row), "failed": "the loss became NaN or infinite in training"})
    return NormRow(
        **{**vars(row), "eval_gap": _eval_gap(twin, batch, compute), "alone_gap": _alone_gap(twin, batch, compute)}
    )


def _check_whose(loss: Tensor, model: nn.Module) -> None:
    """Raise TreatError where the loss was computed with the user's model instead of the copy."""
    theirs = {id(p) for p in model.parameters()}
    if any(id(leaf(n)) in theirs for n in walk([loss.grad_fn])):
        raise TreatError(
            "the step uses a model of its own; give one that computes the loss with the model it is called with"
        )


def _trained(
    twin: nn.Module,
    compute: Step,
    steps: int,
    fed: Sequence[Any],
    make: Callable[[list[nn.Parameter]], torch.optim.Optimizer],
    count: Callable[[int], None],
) -> float:
    """The loss before the last step; not finite where the training had to stop."""
    optimizer, value = make([p for p in twin.parameters() if p.requires_grad]), math.nan
    for number in range(steps):
        made = compute(twin, fed[number % len(fed)])
        value = float(made.detach())
        if not math.isfinite(value):
            return value
        optimizer.zero_grad()
        made.backward()
        optimizer.step()
        count(number + 1)
    return value


def _eval_gap(twin: nn.Module, batch: Any, compute: Step) -> float:
    return _gap(_outputs(twin, batch, compute, True), _outputs(twin, batch, compute, False))


def _alone_gap(twin: nn.Module, batch: Any, compute: Step) -> float:
    """How far one example's output alone lies from that in the batch, with norms in train mode."""
    size = _examples(batch)
    if size is None or size < 2:
        return math.nan
    together = _outputs(twin, batch, compute, True)
    try:
        alone = _outputs(twin, _first(batch, size), compute, True)
    except AuscultError:
        return math.inf  # a batch norm refuses a batch of one value
    if together is None or alone is None:
        return math.nan
    return _gap(together, alone, len(alone))


def _outputs(twin: nn.Module, batch: Any, compute: Step, training: bool) -> Tensor | None:
    """What the network gives as its loss gets it, with norms in one mode and all else in eval mode; None if unknown."""
    with no_trace(twin):
        for module in twin.modules():
            module.training = training and isinstance(
                module, (nn.modules.batchnorm._NormBase, nn.LayerNorm, nn.GroupNorm)
            )
        losses = losses_of([run_pass(twin, batch, step=compute)])
    return losses[0].given.detach() if losses else None


def _gap(one: Tensor | None, other: Tensor | None, rows: int | None = None) -> float:
    if one is None or other is None:
        return math.nan
    scale = float(one.std()) if one.numel() > 1 else 0.0
    one = one if rows is None else one[:rows]
    return float((one - other).square().mean().sqrt()) / (scale or 1.0)


def _examples(batch: Any) -> int | None:
    """How many examples a batch has: the first dimension of its first tensor."""
    if isinstance(batch, Tensor):
        return batch.shape[0] if batch.ndim else None
    parts = batch.values() if isinstance(batch, dict) else batch if isinstance(batch, (tuple, list)) else ()
    return next((size for part in parts if (size := _examples(part)) is not None), None)


def _first(batch: Any, size: int) -> Any:
    """The first example of a batch, as a batch."""
    if isinstance(batch, Tensor):
        return batch[:1] if batch.ndim and batch.shape[0] == size else batch
    if isinstance(batch, dict):
        return {key: _first(part, size) for key, part in batch.items()}
    return type(batch)(_first(part, size) for part in batch) if isinstance(batch, (tuple, list)) else batch


def _cells(row: NormRow) -> tuple[str, ...]:
    if math.isnan(row.first_loss):
        return (row.norm, *["–"] * 6)
    agrees = {True: "yes", False: "no", None: NONE}
    return (
        row.norm,
        figure(row.first_loss),
        figure(row.last_loss),
        f"{row.first_activation_std:.2g}→{row.last_activation_std:.2g}",
        f"{row.first_gradient_std:.1e}→{row.last_gradient_std:.1e}",
        agrees[row.eval_agrees],
        agrees[row.alone_agrees],
    )
