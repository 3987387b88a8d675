"""Named parameters as one flat vector, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import torch
from torch import Tensor

from auscult.anatomy.passes import Model, tensors_of
from auscult.errors import CurvatureError, TargetError


class Layout:
    """The order of parameters in a flat vector: that of `named_parameters`, tied ones once, frozen ones left out.

    only: names of parameters, or of modules for all within them; without it, all that require a gradient.

    Raises TargetError where no parameter is left, where they are on several devices, or not real floating point.
    """

    def __init__(self, model: Model, only: Iterable[str] | None) -> None:
        named = {name: t for name, t in tensors_of(model).items() if t.requires_grad}
        if only is not None:
            named = _chosen(named, [only] if isinstance(only, str) else list(only))
        if not named:
            raise TargetError("no parameter requires a gradient; set requires_grad of those the loss is a function of")
        for name, t in named.items():
            if not t.is_floating_point() or t.is_sparse or not t.is_leaf:
                what = "computed from others" if not t.is_leaf else str(t.dtype)
                raise TargetError(f"the parameter {name} is {what}; curvature takes leaves of real floating point")
        devices = {t.device for t in named.values()}
        if len(devices) > 1:
            raise TargetError(
                f"the parameters are on {', '.join(sorted(map(str, devices)))}; put the model on one device, or give "
                "parameters= of one"
            )
        self.tensors = named
        self.shapes = {name: t.shape for name, t in named.items()}
        self.sizes = [t.numel() for t in named.values()]
        self.size = sum(self.sizes)
        self.device = devices.pop()
        dtype = torch.float32
        for t in named.values():
            dtype = torch.promote_types(dtype, t.dtype)
        self.dtype = dtype

    def flat(self, tensors: Sequence[Tensor | None] | Mapping[str, Tensor]) -> Tensor:
        """One vector, (parameters,), of tensors in this order or by name; zeros for None and for names left out."""
        if isinstance(tensors, Mapping):
            unknown = set(tensors) - set(self.shapes)
            if unknown:
                raise CurvatureError(f"{sorted(unknown)[0]!r} is no parameter here; there are {', '.join(self.shapes)}")
            tensors = [tensors.get(name) for name in self.shapes]
        made = torch.zeros(self.size, dtype=self.dtype, device=self.device)
        for into, t in zip(made.split(self.sizes), tensors, strict=True):
            if t is not None:
                into.copy_(t.detach().reshape(-1))
        return made

    def named(self, vector: Tensor) -> dict[str, Tensor]:
        """Views of a vector, (..., parameters), by name, each in its parameter's shape."""
        self.check(vector)
        parts = vector.split(self.sizes, -1)
        return {
            name: part.reshape(*vector.shape[:-1], *shape)
            for (name, shape), part in zip(self.shapes.items(), parts, strict=True)
        }

    def check(self, vector: Tensor) -> None:
        """CurvatureError where it is no vector of this many elements."""
        if not isinstance(vector, Tensor) or not vector.ndim or vector.shape[-1] != self.size:
            got = f"shape {tuple(vector.shape)}" if isinstance(vector, Tensor) else f"a {type(vector).__name__}"
            raise CurvatureError(f"a vector here has {self.size} elements, got {got}; see Objective.flat")

    def present(self) -> Tensor:
        """The parameters as they are, a copy, (parameters,)."""
        return torch.cat([t.detach().reshape(-1).to(self.dtype) for t in self.tensors.values()])

    def set(self, vector: Tensor) -> None:
        """Make these the parameters, without telling autograd."""
        for t, new in zip(self.tensors.values(), self.named(vector).values(), strict=True):
            t.data.copy_(new)


def _chosen(named: dict[str, Tensor], only: list[str]) -> dict[str, Tensor]:
    for wanted in only:
        if not any(_is_in(name, wanted) for name in named):
            raise TargetError(
                f"no parameter that requires a gradient is called {wanted!r} or in a module of that name; there are "
                + ", ".join(named)
            )
    return {name: t for name, t in named.items() if any(_is_in(name, wanted) for wanted in only)}


def _is_in(name: str, wanted: str) -> bool:
    return name == wanted or name.startswith(wanted + ".")
