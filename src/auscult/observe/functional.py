"""Trainings whose every step makes new parameters, as those do whose gradients come from torch.func.grad.

No tensor of such a training outlives a step. So its parameters are copied to tensors of ours, which stay: of these the
clock hears as of those of a loop that asks torch.autograd.grad for gradients and moves them by itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.utils._pytree import tree_flatten

from auscult.observe.hub import Listener
from auscult.observe.meter import Meter
from auscult.observe.naming import is_optimizable, name_it, name_tensors

_NEAR = 0.3  # of their size: what moved less since the last call may be parameters, a step later
_ALONG = 0.999  # cosine with the gradient, downhill: what moved so may be too, however far (from zeros all is far)
_TIMES = 3  # in a row, after which it is: inputs drawn at random lie so near each other once by chance
_PATIENCE = 20  # calls with the very same tensors, after which they are taken for parameters that nothing moves
_SEARCHES = 100  # calls with others each, after which no training is looked for any more


class _Call(NamedTuple):
    """Gradients that were asked for: for copies of these."""

    tensors: list[Tensor]
    gradients: list[Tensor]
    loss: Tensor


class Functional:
    """Knows the parameters of a functional training from other things that gradients are asked for, and follows them.

    What comes again and again, and moves by little each time, are parameters. Inputs come as others each time.
    """

    def __init__(self, listener: Listener, meter: Meter) -> None:
        self._listener = listener
        self._meter = meter
        self._stands: tuple[Tensor, ...] = ()  # tensors of ours in place of the parameters, once these are known
        self._shapes: list[torch.Size] = []
        self._calls: list[_Call] = []  # before that: the last ones, each near to the one before
        self._same = 0  # calls in which nothing moved
        self._searches = _SEARCHES
        self.tells = False  # the listener of a call

    def asked(self, parameters: Any, gradients: Any, loss: Tensor) -> None:
        """Gradients of a loss were asked for these, a tree of tensors, and given as another such tree."""
        if not (self._stands or self._searches):
            return
        with self._billed():
            tensors = tree_flatten(parameters)[0]
            counts_only = self._listener.counts_only and self._is_of_ours(tensors)
        if counts_only:
            self._pass_on(loss.detach(), ())
            return
        with self._billed():
            both = zip(tensors, tree_flatten(gradients)[0], strict=True)
            pairs = [(t, g) for t, g in both if is_optimizable(t) and isinstance(g, Tensor)]
            call = _Call([t.detach() for t, _ in pairs], [g for _, g in pairs], loss.detach())
        if not self._stands:
            self._search(call, [t for t, _ in pairs])
        elif self._is_of_ours(call.tensors):
            self._tell(call)

    def _is_of_ours(self, tensors: Sequence[Any]) -> bool:
        """Whether these may be the parameters that are followed, and not another network's."""
        return [getattr(t, "shape", None) for t in tensors] == self._shapes

    def _search(self, call: _Call, tensors: Sequence[Tensor]) -> None:
        """Perhaps these are parameters; then tell of the calls in which they were seen."""
        with self._billed():
            near = bool(self._calls) and self._is_near(call.tensors, self._calls[-1])
            if self._same and near:
                self._calls.pop()  # the same again
            elif not near:
                self._calls.clear()
                self._searches -= 1
            self._calls.append(call._replace(tensors=[t.clone() for t in call.tensors]))
            if len(self._calls) <= _TIMES and self._same < _PATIENCE:
                return
        with self._billed(), self._meter.setting_up():
            named = name_tensors(tensors)
            self._stands = tuple(t.clone().requires_grad_() for t in self._calls[0].tensors)
            self._shapes = [t.shape for t in self._stands]
            for tensor, stand in zip(tensors, self._stands, strict=True):
                name_it(stand, named[id(tensor)].name)
        calls, self._calls = self._calls, []
        for one in calls:
            self._tell(one)

    def _is_near(self, tensors: Sequence[Tensor], before: _Call) -> bool:
        """Whether these are what was seen in the last call, a step later, or the very same."""
        if [t.shape for t in tensors] != [t.shape for t in before.tensors]:
            self._same = 0
            return False
        size = moved = slope = downhill = 0.0
        for b, g, t in zip(before.tensors, before.gradients, tensors, strict=True):
            move = t - b
            size += float(b.square().sum())
            moved += float(move.square().sum())
            slope += float(g.square().sum())
            downhill -= float((move * g).sum())
        self._same = self._same + 1 if moved == 0 else 0
        straight = sum(t.numel() for t in tensors) > 1 and downhill > _ALONG * math.sqrt(moved * slope)
        return moved == 0 or moved < _NEAR**2 * size or straight

    def _tell(self, call: _Call) -> None:
        with self._billed():
            with torch.no_grad():
                for stand, tensor in zip(self._stands, call.tensors, strict=True):
                    stand.copy_(tensor)
            with torch.enable_grad():
                root = _Loss.apply(call.loss, *reversed(self._stands))  # a graph is read backwards
        self._pass_on(root, call.gradients)

    def _pass_on(self, root: Tensor, gradients: Sequence[Tensor]) -> None:
        self.tells = True
        try:
            if self._listener.hears_gradients(root, self._stands):
                self._listener.backward_begins((root,))
                self._listener.gradients_given(self._stands, gradients)
                self._listener.backward_ended()
        finally:
            self.tells = False

    @contextmanager
    def _billed(self) -> Iterator[None]:
        self._meter.enter()
        try:
            yield
        finally:
            self._meter.leave()


class _Loss(torch.autograd.Function):
    """A loss that depends on parameters, whatever of them it was computed from; its gradient is known already."""

    @staticmethod
    def forward(ctx: Any, loss: Tensor, *parameters: Tensor) -> Tensor:
        return loss.clone()
