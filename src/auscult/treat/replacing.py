"""One kind of normalisation in the place of another: the same channels, the same gains and biases."""

from __future__ import annotations

import copy
from typing import Literal

from torch import Tensor, nn

from auscult.errors import TreatError

NormKind = Literal["batch", "layer", "group", "instance", "none"]
KINDS: tuple[NormKind, ...] = ("batch", "layer", "group", "instance", "none")
_GROUPS = 32  # at most (Wu & He 2018)
_LEAST = 8  # channels of a group: two alone are always normalised to −1 and 1, and pass no gradient


class NotHere(Exception):
    """This kind of norm is not defined for what enters here."""


class Norm(nn.Module):
    """A normalisation with a gain and a bias a channel, of channels that are the second or the last dimension.

    batch: a channel over the batch and all places. layer: an example over channels, and places where the channels are
    second. group: the same over a part of the channels. instance: a channel of an example over its places.
    """

    def __init__(self, kind: NormKind, channels: int, last: bool, eps: float, groups: int) -> None:
        super().__init__()
        self.kind, self.channels, self.last = kind, channels, last
        if kind == "batch":
            self.core: nn.BatchNorm1d | nn.GroupNorm = nn.BatchNorm1d(channels, eps)
        else:
            self.core = nn.GroupNorm({"layer": 1, "group": groups}.get(kind, channels), channels, eps)

    def forward(self, x: Tensor) -> Tensor:  # (batch, channels, …) or (batch, …, channels)
        """The same shape, normalised."""
        if self.kind == "instance" and x.ndim < 3:
            raise NotHere("an instance norm needs several places in an example, and here is one value a channel")
        if not self.last:
            flat = x.flatten(2) if x.ndim > 3 else x
            return self.core(flat).reshape(x.shape)
        if self.kind in ("layer", "group"):  # each place by itself, as nn.LayerNorm does
            return self.core(x.reshape(-1, self.channels)).reshape(x.shape)
        turned = x.movedim(-1, 1)
        flat = turned.flatten(2) if x.ndim > 2 else turned
        return self.core(flat).reshape(turned.shape).movedim(1, -1)


def norms_in(model: nn.Module) -> dict[str, nn.Module]:
    """The normalisation layers of a model by name; TreatError for one of a shape that no other kind has."""
    found = {}
    for name, module in model.named_modules():
        if kind_of(module) is None:
            continue
        if isinstance(module, nn.LayerNorm) and len(module.normalized_shape) != 1:
            raise TreatError(
                f"{name} normalises over shape {tuple(module.normalized_shape)}; only one dimension is known"
            )
        found[name] = module
    return found


def kind_of(module: nn.Module) -> NormKind | None:
    """Which kind of normalisation a module is; None for any other."""
    if isinstance(module, nn.modules.batchnorm._BatchNorm):
        return "batch"
    if isinstance(module, nn.modules.instancenorm._InstanceNorm):
        return "instance"
    if isinstance(module, (nn.LayerNorm, nn.GroupNorm)):
        return "layer" if isinstance(module, nn.LayerNorm) else "group"
    return None


def replaced(model: nn.Module, kind: NormKind) -> nn.Module:
    """A copy of a model with all its norms of one kind; those that are of it already are kept as they are."""
    twin = copy.deepcopy(model)
    others = {id(n): _other(n, kind) for n in norms_in(twin).values() if kind_of(n) != kind}
    if id(twin) in others:
        raise TreatError("the model is nothing but a norm; give one with layers")
    for parent in list(twin.modules()):
        for name, child in parent._modules.items():
            if id(child) in others:
                parent._modules[name] = others[id(child)]
    return twin


def _other(norm: nn.Module, kind: NormKind) -> nn.Module:
    if kind == "none":
        return nn.Identity()
    weight, bias = getattr(norm, "weight", None), getattr(norm, "bias", None)
    if isinstance(norm, nn.LayerNorm):
        channels, last = int(norm.normalized_shape[0]), True
    else:
        channels, last = int(getattr(norm, "num_features", 0) or getattr(norm, "num_channels", 0)), False
    new = Norm(kind, channels, last, float(getattr(norm, "eps", 1e-5)), _groups(channels))
    for name, old in (("weight", weight), ("bias", bias)):
        mine = getattr(new.core, name)
        if isinstance(old, Tensor):
            mine.data = old.detach().clone()
            mine.requires_grad_(old.requires_grad)
    like = next(iter((*norm.parameters(), *norm.buffers())), None)
    return new if like is None or not like.is_floating_point() else new.to(like.device, like.dtype)


def _groups(channels: int) -> int:
    """The largest number of groups, at most 32, of eight channels or more each."""
    return next((g for g in range(min(_GROUPS, channels // _LEAST), 0, -1) if channels % g == 0), 1)
