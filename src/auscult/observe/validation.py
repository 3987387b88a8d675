"""Losses that a script computes while no gradients are: its validations, though it tells nobody of them."""

from __future__ import annotations

_OFTEN, _SHARE = 20, 0.25  # steps, and of all steps, after which a validation may come


class Validation:
    """The mean of the losses heard since the last step, each counted as the batch that it is of."""

    def __init__(self) -> None:
        self._at = -1
        self._total = 0.0
        self._count = 0
        self._times = 0  # steps after which one was heard

    @property
    def is_none(self) -> bool:
        """Whether a loss is heard after so many steps that it can be no validation."""
        return self._times > _OFTEN and self._times > _SHARE * self._at

    def add(self, loss: float, step: int) -> float:
        """The mean so far of the validation after this step, with one more loss."""
        if step != self._at:
            self._at, self._total, self._count, self._times = step, 0.0, 0, self._times + 1
        self._total += loss
        self._count += 1
        return self._total / self._count
