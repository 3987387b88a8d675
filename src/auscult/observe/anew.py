"""A loop that makes new tensors of its parameters at every step, as `w = (w - lr * g).detach()` does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from auscult.observe.functional import Functional
from auscult.observe.graph import leaves_of
from auscult.observe.naming import is_optimizable


class Anew:
    """Tells of each backward pass as of a functional training's: a loss, parameters and gradients, all new."""

    def __init__(self, functional: Functional) -> None:
        self._functional = functional
        self._roots: Sequence[Tensor] = ()  # of the pass going on
        self._given: tuple[Sequence[Tensor], Any] | None = None  # what was asked for; None: it is left at the leaves

    def begins(self, roots: Sequence[Tensor]) -> bool:
        """A backward pass begins; False where it is of tensors of ours, which stand for what was told."""
        if self._functional.tells:
            return False
        self._roots, self._given = roots, None
        return True

    def given(self, inputs: Sequence[Tensor], gradients: Any) -> bool:
        """The pass has given these gradients, and leaves none at its leaves; False as above."""
        if self._functional.tells:
            return False
        self._given = inputs, gradients
        return True

    def ended(self) -> bool:
        """The gradients are there; False as above."""
        if self._functional.tells:
            return False
        roots, self._roots = self._roots, ()
        if len(roots) == 1 and roots[0].numel() == 1:
            self._functional.asked(*(self._given or _left_by(roots)), roots[0])
        self._given = None
        return True


def _left_by(roots: Sequence[Tensor]) -> tuple[list[Tensor], list[Tensor | None]]:
    leaves = [t for t, _ in leaves_of(roots) if is_optimizable(t)]
    return leaves, [t.grad for t in leaves]
