"""Numbers that lie about on a device, gathered until one transfer brings them all."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor


class Gathering:
    """Takes tensors, each with what is to be done with its numbers once they are here."""

    def __init__(self) -> None:
        self._scalars: list[Tensor] = []
        self._of_scalars: list[tuple[int, Callable[[Sequence[float]], None]]] = []
        self._arrays: list[tuple[Tensor, Callable[[np.ndarray], None]]] = []

    def scalars(self, values: Sequence[Tensor], then: Callable[[Sequence[float]], None]) -> None:
        """Take 0-d tensors that belong together."""
        self._scalars += values
        self._of_scalars.append((len(values), then))

    def array(self, values: Tensor, then: Callable[[np.ndarray], None]) -> None:
        """Take a tensor; `then` gets its numbers flat."""
        self._arrays.append((values.reshape(-1), then))

    def read(self) -> None:
        """Bring everything here, and do what is to be done with it."""
        devices = {t.device for t in self._scalars}
        if len(devices) > 1:
            self._scalars = [t.cpu() for t in self._scalars]
        with np.errstate(all="ignore"):
            if self._scalars:
                numbers = torch.stack(self._scalars).tolist()
                start = 0
                for count, then in self._of_scalars:
                    then(numbers[start : start + count])
                    start += count
            for values, then in self._arrays:
                then(values.cpu().numpy())
        self._scalars, self._of_scalars, self._arrays = [], [], []
