"""What is known of tensors whose optimizer is gone, though they may live on and be moved by another."""

from __future__ import annotations

import weakref
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from torch import Tensor, nn

from auscult.observe.naming import Named
from auscult.observe.probe import Watched
from auscult.runs.facts import Kind


@dataclass(frozen=True)
class _One:
    """A tensor as it was watched, held by nobody here."""

    tensor: weakref.ref[Tensor]
    name: str
    owner: weakref.ref[nn.Module] | None
    attribute: str
    kind: Kind
    start: Tensor
    group: int | None


class Left:
    """What one optimizer moved, in order. It holds none of it, and of a tensor that is gone not even the copy."""

    def __init__(self, watched: Iterable[Watched], names: Mapping[int, Named]) -> None:
        self._of: dict[int, _One] = {}
        for w in watched:
            self._keep(w, names[id(w.tensor)])

    def _keep(self, w: Watched, named: Named) -> None:
        key, of = id(w.tensor), self._of
        self._of[key] = _One(
            weakref.ref(w.tensor, lambda _: of.clear()),  # without one of them nothing can go on
            named.name,
            weakref.ref(named.owner) if named.owner is not None else None,
            named.attribute,
            w.kind,
            w.start,
            w.group,
        )

    def are(self, tensors: Collection[int]) -> bool:
        """Whether these are all of what was left, by id."""
        return bool(self._of) and self._of.keys() == set(tensors)

    def is_moved_by(self, moves: Mapping[int, int | None]) -> bool:
        """Whether these are all of it, by id, each in the group that it was in."""
        return bool(self._of) and {key: one.group for key, one in self._of.items()} == moves

    def again(self) -> tuple[list[Watched], dict[int, Named]]:
        """The tensors as they were watched, and their names by id."""
        watched, names = [], {}
        for key, one in self._of.items():
            if (tensor := one.tensor()) is not None:
                watched.append(Watched(one.name, tensor, one.kind, one.start, one.group))
                names[key] = Named(one.name, one.owner() if one.owner is not None else None, one.attribute)
        return watched, names
