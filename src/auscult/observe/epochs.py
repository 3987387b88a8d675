"""Epochs, noticed: the loader that feeds the training starts over."""

from __future__ import annotations

import torch
from torch.utils.data import DataLoader


class Epochs:
    """Counts epochs by the loader that was begun before the first step; evaluation's loaders run without gradients."""

    def __init__(self) -> None:
        self._begun: int | None = None  # the data set of the loader begun last
        self._training: int | None = None  # that of the loader that feeds the training
        self._waiting = False
        self._count = 0
        self._told = False

    def loader_begins(self, loader: DataLoader) -> None:
        """Note that a loader starts over."""
        if torch.is_grad_enabled():
            self._begun = id(loader.dataset)
            self._waiting = self._training is None or self._begun == self._training or self._waiting

    def told(self) -> int:
        """The script says itself that an epoch ends: its number; nothing is noticed from then on."""
        self._told = True
        self._count += 1
        return self._count - 1

    def step(self) -> int | None:
        """The number of the epoch that begins with this step, None where none does."""
        if self._told or not self._waiting:
            return None
        self._waiting = False
        if self._training is None:
            self._training = self._begun
        self._count += 1
        return self._count - 1
