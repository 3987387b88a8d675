"""Trainings in the functional style: torch.func.grad gives the gradients, and every step makes new parameters.

No tensor of such a training outlives a step. So its parameters are copied to tensors of ours, which stay: of these the
clock hears as of those of a loop that asks torch.autograd.grad for gradients and moves them by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.utils._pytree import tree_flatten

from auscult.observe.hub import Listener
from auscult.observe.meter import Meter
from auscult.observe.naming import call, is_optimizable, name_tensors

_NEAR = 0.5  # of their size: parameters that moved less since the last call are the same ones, a step later
_PATIENCE = 20  # calls with the very same tensors, after which they are taken for parameters that nothing moves


class Functional:
    """Knows the parameters of a functional training from other things that gradients are asked for, and follows them.

    What comes again, and has moved by less than half of its size, are parameters. Inputs come as others each time.
    """

    def __init__(self, listener: Listener, meter: Meter) -> None:
        self._listener = listener
        self._meter = meter
        self._shapes: list[torch.Size] = []  # of what gradients were asked for last, or is followed
        self._stands: tuple[Tensor, ...] = ()  # tensors of ours in place of the parameters
        self._first: tuple[list[Tensor], Tensor] | None = None  # of the call before they were known: gradients, loss
        self._same = 0  # calls in which nothing moved

    def asked(self, parameters: Any, gradients: Any, loss: Tensor) -> None:
        """Gradients of a loss were asked for these, a tree of tensors, and given as another such tree."""
        both = zip(tree_flatten(parameters)[0], tree_flatten(gradients)[0], strict=True)
        pairs = [(t, g) for t, g in both if is_optimizable(t) and isinstance(g, Tensor)]
        tensors, given = [t for t, _ in pairs], [g for _, g in pairs]
        if [t.shape for t in tensors] != self._shapes:
            if self._first is None and self._stands:
                return  # of another network than the one that is followed
            self._begin(tensors, given, loss)
        elif self._first is None:
            self._tell(tensors, given, loss)
        elif self._are_known(tensors):
            first, self._first = self._first, None
            self._tell(self._stands, *first)
            self._tell(tensors, given, loss)
        elif not self._same:
            self._begin(tensors, given, loss)

    def _begin(self, tensors: Sequence[Tensor], given: list[Tensor], loss: Tensor) -> None:
        """These may be parameters: the next call tells."""
        named = name_tensors(tensors)
        self._stands = tuple(t.detach().clone().requires_grad_() for t in tensors)
        for tensor, stand in zip(tensors, self._stands, strict=True):
            call(stand, named[id(tensor)].name)
        self._shapes, self._first, self._same = [t.shape for t in tensors], (given, loss), 0

    def _are_known(self, tensors: Sequence[Tensor]) -> bool:
        """Whether these are what was seen in the last call, a step later."""
        pairs = [(t.detach(), s.detach()) for t, s in zip(tensors, self._stands, strict=True)]
        size = sum(float(s.square().sum()) for _, s in pairs)
        moved = sum(float((t - s).square().sum()) for t, s in pairs)
        self._same = self._same + 1 if moved == 0 else 0
        return 0 < moved < _NEAR**2 * size or self._same >= _PATIENCE

    def _tell(self, tensors: Sequence[Tensor], given: Sequence[Tensor], loss: Tensor) -> None:
        self._meter.enter()
        with torch.no_grad():
            for stand, tensor in zip(self._stands, tensors, strict=True):
                stand.copy_(tensor)
        with torch.enable_grad():
            root = _Loss.apply(loss.detach(), *reversed(self._stands))  # a graph is read backwards
        self._meter.leave()
        if self._listener.hears_gradients(root, self._stands):
            self._listener.backward_begins((root,))
            self._listener.gradients_given(self._stands, given)
            self._listener.backward_ended()


class _Loss(torch.autograd.Function):
    """A loss that depends on parameters, whatever of them it was computed from; its gradient is known already."""

    @staticmethod
    def forward(ctx: Any, loss: Tensor, *parameters: Tensor) -> Tensor:
        return loss.clone()
