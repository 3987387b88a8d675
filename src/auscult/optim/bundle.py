"""A bundle: the tensors of a parameter group that are stepped together, in lists for PyTorch's multi-tensor kernels.

All tensors of a bundle have one device, one dtype and one number of steps, so that what depends on the step is one
number. Parts see real tensors of at least single precision: of a complex parameter its real and imaginary parts, each
stepped as an element of its own; of a float16 or bfloat16 parameter a float32 copy, rounded back once at the end of the
step, with all statistics kept in float32 (the square of a gradient of 1e-4 is zero in float16).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from auscult.errors import OptimError

_HALF = (torch.float16, torch.bfloat16)
_PLAIN = (torch.float32, torch.float64)
_COMPLEX = (torch.complex64, torch.complex128)


@dataclass(eq=False)
class Bundle:
    """What parts work on; see the module.

    parts: the optimizer's. owners: the parameters themselves; params: what parts see of them. grads: as the shapers
    left them. kept: the state of each parameter; state: the tensors in it, by the statistic's name. counts: by the
    counter's name.
    weights: by what an average is to be divided to be without bias, by its name.
    """

    hyper: Mapping[str, Any]
    parts: Sequence[Any]
    owners: list[Tensor]
    grads: list[Tensor] | tuple[Tensor, ...]
    kept: list[dict[str, Any]]
    params: list[Tensor] = field(default_factory=list)
    state: dict[str, list[Tensor]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    weights: dict[str, float] = field(default_factory=dict)

    def weight(self, average: str) -> float:
        """The sum of the weights in an average, by which it is too small or too large; 1 where nothing debiases it."""
        return self.weights.get(average, 1.0)

    def number(self, value: float) -> Any:
        """A number as multi-tensor kernels take it fastest: on a CPU one 0-d tensor for all.

        Of a Python number they make a tensor for each one they work on, three times the work of multiplying a small
        one by it.
        """
        like = self.params[0]
        return [torch.scalar_tensor(value, dtype=like.dtype)] * len(self.params) if like.is_cpu else value

    def open(self, tensors: Sequence[str], counts: Sequence[str]) -> None:
        """Lay out what parts see, with the statistics of these names."""
        if self.owners[0].dtype in _PLAIN:
            self.params = self.owners
        else:
            self.params, self.grads = [seen(p) for p in self.owners], [seen(g) for g in self.grads]
        self.state = {name: [kept[name] for kept in self.kept] for name in tensors}
        self.counts = {name: self.kept[0][name] for name in counts}

    def copies(self, size: int) -> Iterator[tuple[list[Tensor], Bundle]]:
        """Copies of it, and whose: `size` elements at a time, or one larger parameter. What is done to them is lost."""
        first, elements = 0, 0
        for i, p in enumerate(self.owners):
            elements += p.numel()
            if elements >= size or i == len(self.owners) - 1:
                some = slice(first, i + 1)
                yield self.owners[some], self._copy(some)
                first, elements = i + 1, 0

    def _copy(self, some: slice) -> Bundle:
        kept = [
            {name: value.clone() if isinstance(value, Tensor) else value for name, value in of_one.items()}
            for of_one in self.kept[some]
        ]
        owners, grads = ([t.detach().clone() for t in tensors[some]] for tensors in (self.owners, self.grads))
        return Bundle(self.hyper, self.parts, owners, grads, kept)

    def close(self) -> None:
        """Put back what is not changed in place: counts, and the copies of half precision parameters."""
        for name, count in self.counts.items():
            for kept in self.kept:
                kept[name] = count
        if self.owners[0].dtype in _HALF:
            torch._foreach_copy_(self.owners, self.params)


def seen(tensor: Tensor) -> Tensor:
    """What parts see of a parameter or gradient: real, of at least single precision."""
    if tensor.dtype in _HALF:
        return tensor.float()
    return torch.view_as_real(tensor.resolve_conj()) if tensor.dtype in _COMPLEX else tensor


def unseen(tensor: Tensor, owner: Tensor) -> Tensor:
    """A tensor like what parts see of `owner`, as one like `owner`."""
    return torch.view_as_complex(tensor) if owner.dtype in _COMPLEX else tensor


def check_dtype(p: Tensor) -> None:
    """Raise OptimError for a parameter that cannot be stepped."""
    if p.dtype not in (*_HALF, *_PLAIN, *_COMPLEX):
        raise OptimError(
            f"a parameter has dtype {str(p.dtype).removeprefix('torch.')}, which cannot be stepped; "
            "keep it in float32 or bfloat16"
        )
