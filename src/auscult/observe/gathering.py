"""Numbers that lie about on a device, gathered until one transfer brings them all."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from auscult.observe import arrival


class Gathering:
    """Takes tensors, each with what is to be done with its numbers once they are here.

    `read` waits for them; where `send` was called before, it does so only as long as they are not here.
    """

    def __init__(self) -> None:
        self._scalars: list[Tensor] = []
        self._of_scalars: list[tuple[int, Callable[[Sequence[float]], None]]] = []
        self._arrays: list[tuple[Tensor, Callable[[np.ndarray], None]]] = []
        self._sent: list[np.ndarray] | None = None  # the scalars together, then each array
        self._arrivals: list[arrival.Arrival] = []

    def scalars(self, values: Sequence[Tensor], then: Callable[[Sequence[float]], None]) -> None:
        """Take 0-d tensors that belong together."""
        self._scalars += values
        self._of_scalars.append((len(values), then))

    def array(self, values: Tensor, then: Callable[[np.ndarray], None]) -> None:
        """Take a tensor; `then` gets its numbers flat."""
        self._arrays.append((values.reshape(-1), then))

    def send(self) -> None:
        """Set everything on its way here, in one copy from each device, and go on."""
        tensors = [self._together(), *(values for values, _ in self._arrays)]
        found: dict[int, np.ndarray] = {}
        for device in {t.device for t in tensors}:
            at = [i for i, t in enumerate(tensors) if t.device == device]
            packed = torch.cat([tensors[i].contiguous().view(torch.uint8) for i in at])
            room = arrival.room(packed.shape, torch.uint8, device)
            arrival.bring(packed, room)
            self._arrivals.append(arrival.Arrival(device))
            start = 0
            for i in at:
                dtype = torch.empty(0, dtype=tensors[i].dtype).numpy().dtype
                found[i] = np.frombuffer(room.numpy(), dtype, tensors[i].numel(), start)
                start += tensors[i].numel() * dtype.itemsize
        self._sent = [found[i] for i in range(len(tensors))]
        self._scalars, self._arrays = [], [(values[:0], then) for values, then in self._arrays]

    def is_here(self) -> bool:
        """Whether all that was sent has come."""
        return all(a.is_here() for a in self._arrivals)

    def read(self) -> None:
        """Bring everything here, and do what is to be done with it."""
        if self._sent is None:
            numbers = self._together().tolist()
            arrays = (values.cpu().numpy() for values, _ in self._arrays)
        else:
            for a in self._arrivals:
                a.wait()
            numbers = self._sent[0].tolist()
            arrays = (values.copy() for values in self._sent[1:])  # the room they came in goes back
        with np.errstate(all="ignore"):
            start = 0
            for count, then in self._of_scalars:
                then(numbers[start : start + count])
                start += count
            for values, (_, then) in zip(arrays, self._arrays, strict=True):
                then(values)
        self._scalars, self._of_scalars, self._arrays = [], [], []
        self._sent, self._arrivals = None, []

    def _together(self) -> Tensor:
        if len({t.device for t in self._scalars}) > 1:
            self._scalars = [t.cpu() for t in self._scalars]
        return torch.stack(self._scalars) if self._scalars else torch.empty(0)
