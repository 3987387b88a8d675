"""A whole data set, gone over as often as needed, with the same examples every time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

from auscult.anatomy.batches import count_examples, move
from auscult.anatomy.streams import restore_streams, streams_of, undisturbed
from auscult.errors import CurvatureError

Count = Callable[[Any], int]


class WholeData:
    """Batches on a device, each with its number of examples; every pass begins with the same random streams.

    data: one batch (a tuple, a list of tensors, a tensor, a mapping), or what gives batches each time it is iterated.
    memory: bytes that batches may take to be kept; what is larger is asked for anew in every pass.

    Raises CurvatureError where data can be gone over only once, or leaves out examples by `drop_last`.
    """

    def __init__(self, data: Any, device: torch.device, count: Count | None, memory: int) -> None:
        self._device, self._count, self._memory = device, count or _examples, memory
        self._held: list[tuple[Any, int]] | None = None
        self.bytes_held = 0
        self.examples: int | None = None  # known after a pass
        self._data: Iterable[Any] = [data] if _is_batch(data) else data
        _check(self._data)
        self._streams = streams_of({"data": self._data})

    def __len__(self) -> int:
        """The number of batches; 0 where it is not known yet."""
        if self._held is not None:
            return len(self._held)
        try:
            return len(self._data)  # type: ignore[arg-type]
        except (TypeError, NotImplementedError):
            return 0

    def pairs(self, reset: bool = True) -> Iterator[tuple[Any, int]]:
        """Each batch, and the number of its examples; to be used within `undisturbed`.

        reset: begin with the same random streams, which takes longer than a small model's pass; batches that are not
        kept need it.
        """
        if reset or self._held is None:
            restore_streams({"data": self._data}, self._streams)
        if self._held is not None:
            yield from self._held
            return
        held: list[tuple[Any, int]] | None = []
        seen = size = 0
        for given in self._data:
            batch = move(given, self._device)
            number = self._number(batch)
            seen += number
            size += _bytes(batch)
            held = [*held, (batch, number)] if held is not None and size <= self._memory else None
            self.bytes_held = size if held is not None else 0
            yield batch, number
        if not seen:
            raise CurvatureError("the data gave no batch; give a batch, a list of batches or a DataLoader")
        if self.examples not in (None, seen):
            raise CurvatureError(
                f"two passes over the data gave {self.examples} and {seen} examples; give data that stay the same"
            )
        self.examples, self._held = seen, held

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """Leave every random stream as it is, those of the loader too."""
        with undisturbed({"data": self._data}):
            yield

    def __iter__(self) -> Iterator[Any]:
        return (batch for batch, _ in self.pairs())

    def _number(self, batch: Any) -> int:
        number = self._count(batch)
        if not isinstance(number, int) or number < 1:
            raise CurvatureError(f"a batch counts as {number!r} examples; leave empty batches out, or give examples=")
        return number


def _is_batch(data: Any) -> bool:
    if isinstance(data, list):
        return bool(data) and all(isinstance(one, Tensor) for one in data)
    return isinstance(data, (tuple, Tensor, Mapping))


def _check(data: Any) -> None:
    if isinstance(data, Iterator) or not (hasattr(data, "__iter__") or hasattr(data, "__getitem__")):
        raise CurvatureError(
            f"the data are a {type(data).__name__}, which cannot be gone over anew; give a batch, a list, a DataLoader"
        )
    if isinstance(data, torch.utils.data.DataLoader) and data.drop_last and data.batch_size:
        try:
            left = len(data.sampler) % data.batch_size  # type: ignore[arg-type]
        except (TypeError, NotImplementedError):
            return
        if left:
            raise CurvatureError(f"the loader drops its last {left} examples; give one with drop_last=False")


def _examples(batch: Any) -> int:
    if isinstance(batch, (tuple, list)) and len(batch) == 2:
        return count_examples(*batch)
    return count_examples(batch, None)


def _bytes(thing: Any) -> int:
    if isinstance(thing, Tensor):
        return thing.numel() * thing.element_size()
    inside = thing.values() if isinstance(thing, Mapping) else thing if isinstance(thing, (tuple, list)) else ()
    return sum(_bytes(one) for one in inside)
