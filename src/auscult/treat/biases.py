"""`fold_bias`: biases that a batch norm cancels, moved into its running mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.graph import Node

from auscult.anatomy import Loss, Site, losses_of, read
from auscult.anatomy.nodes import kept, leaf, walk
from auscult.anatomy.passes import Model, Step
from auscult.errors import TreatError
from auscult.stats import wide
from auscult.treat.measure import WEIGHTED, path_to
from auscult.treat.patient import Patient, unharmed
from auscult.treat.treatment import figure, fit

_ROUNDING = 1e-3  # of the largest number the network gives: more than this is no rounding


@dataclass(frozen=True)
class Folding:
    """Biases, by name, that were folded into the running mean of the norm behind them.

    kept: biases in front of a batch norm that were not, and why. The differences are the largest of what the network
    gives (log-probabilities, logits or predictions; else the loss) in train and eval mode, before against after.
    """

    folded: tuple[str, ...]
    kept: tuple[tuple[str, str], ...]
    dropped: bool
    train_difference: float
    eval_difference: float

    def __str__(self) -> str:
        became = "removed" if self.dropped else "zero, and asked for no gradient"
        lines = [fit(f"fold_bias: {len(self.folded)} biases folded into the running mean behind, now {became}")]
        lines += [f"  {name}" for name in self.folded]
        lines += [fit(f"kept {name}: {why}") for name, why in self.kept]
        lines.append(
            f"outputs differ by at most {figure(self.train_difference)} in train mode, "
            f"{figure(self.eval_difference)} in eval mode"
        )
        return "\n".join(lines)


def fold_bias(
    model: Model,
    batch: Any,
    loss: Callable[..., Tensor] | None = None,
    *,
    step: Step | None = None,
    drop: bool = False,
) -> Folding:
    """Take the biases directly in front of batch norms out of the training; what the network gives stays the same.

    A batch norm subtracts the batch's mean, and a bias with it, so such a bias gets no gradient but rounding; in eval
    mode it counts against the running mean. Hence running mean ← running mean − bias, bias ← 0, asked for no gradient
    and with none left; or no bias at all where `drop`, which changes the keys of `state_dict`.

    Kept and reported are biases that are used elsewhere too, whose layer's output goes elsewhere too, or whose norm
    has several uses. Model, batch and loss: see `auscult.anatomy.passes`. Raises TargetError or TreatError, the model
    as it was: where no bias can be folded, and where the outputs differ by more than rounding afterwards.
    """
    with unharmed(model, "fold_bias"):
        patient = Patient(model, batch, loss, step)
        if drop and not isinstance(patient.model, nn.Module):
            raise TreatError(
                "bare tensors have no module to drop a bias from; leave drop out, and the bias becomes zero"
            )
        before = [_given(patient, training) for training in (True, False)]
        folded, kept = _fold(patient, drop)
        if not folded:
            why = "; ".join(f"{name}: {why}" for name, why in kept)
            raise TreatError(f"no bias can be folded into a batch norm ({why or 'none lies directly in front of one'})")
        after = [_given(patient, training) for training in (True, False)]
        differences = [_difference(was, now) for was, now in zip(before, after, strict=True)]
        return Folding(tuple(folded), tuple(kept), drop, differences[0], differences[1])


def _fold(patient: Patient, drop: bool) -> tuple[list[str], list[tuple[str, str]]]:
    root = patient.run()
    anatomy, users = read([root]), walk([root.grad_fn])
    leaves = {id(t): n for n in users if (t := leaf(n)) is not None}
    means = {m.running_mean.data_ptr(): m.running_mean for m in _batch_norms(patient)}
    means |= {t.data_ptr(): t for t in patient.tensors.values() if not t.requires_grad}
    uses = [_mean_at(s) for s in anatomy.sites if s.operation == "batch-norm"]
    folded, left = [], []
    for norm in anatomy.sites:
        if norm.operation != "batch-norm":
            continue
        path = path_to(norm, anatomy)
        if path is None or path[0].operation not in WEIGHTED:
            continue
        site, between = path
        name = patient.name_of(site.bias)
        if site.bias is None or name is None:
            continue
        at = _mean_at(norm)
        why = _why_not(site, norm, between, users, leaves)
        if why is None and at is not None and uses.count(at) > 1:
            why = "its norm is used more than once"
        if why is None and at is not None and at not in means:
            why = "the running mean of its norm is no buffer of the model"
        owners = _owners(patient, site.bias)
        if why is None and len(owners) > 1:
            why = "it is shared by several modules"
        if why is not None:
            left.append((name, why))
            continue
        with torch.no_grad():
            if at is not None:
                means[at].sub_(site.bias.detach().reshape(-1).to(means[at].dtype))
            site.bias.zero_()
        site.bias.grad = None
        site.bias.requires_grad_(False)
        if drop:
            module, attribute = owners[0]
            if not isinstance(module, (nn.Linear, nn.modules.conv._ConvNd)):
                raise TreatError(f"{type(module).__name__} may not do without {name}; leave drop out")
            module.register_parameter(attribute, None)
        folded.append(name)
    return folded, left


def _why_not(
    site: Site, norm: Site, between: list[Node], users: dict[Node, list[Node]], leaves: dict[int, Node]
) -> str | None:
    if any(len(users[n]) > 1 for n in (site.output, *between)):
        return "what its layer gives goes elsewhere too"
    if site.uses > 1 or len(users[leaves[id(site.bias)]]) > 1:
        return "it is used more than once"
    assert site.bias is not None
    if norm.units is not None and site.bias.numel() != norm.units:
        return "the norm counts other units than its layer"
    return None


def _mean_at(norm: Site) -> int | None:
    """Where the running mean of a batch norm lies; None where it has none."""
    mean = kept(norm.node, "running_mean")
    return None if mean is None or not mean.numel() else mean.data_ptr()


def _batch_norms(patient: Patient) -> list[Any]:
    return [
        m
        for m in patient.modules.values()
        if isinstance(m, nn.modules.batchnorm._BatchNorm) and m.running_mean is not None
    ]


def _owners(patient: Patient, bias: Tensor) -> list[tuple[nn.Module, str]]:
    return [(m, key) for m in patient.modules.values() for key, p in m._parameters.items() if p is bias]


def _given(patient: Patient, training: bool) -> Tensor:
    """What the network gives, with its batch norms in one mode and all else as it is in eval mode."""
    flags = [(m, m.training) for m in patient.modules.values()]
    try:
        for module in patient.modules.values():
            module.training = training and isinstance(module, nn.modules.batchnorm._BatchNorm)
        root = patient.run()
    finally:
        for module, flag in flags:
            module.training = flag
    losses: list[Loss] = losses_of([root])
    return wide(losses[0].given if losses else root).detach().clone()


def _difference(was: Tensor, now: Tensor) -> float:
    difference = float((was - now).abs().max())
    if not difference <= _ROUNDING * max(1.0, float(was.abs().max())):
        raise TreatError(
            f"the outputs would differ by {difference:.3g}: the bias does more than its norm cancels; keep it"
        )
    return difference
