"""One that moves parameters: an optimizer that steps, or the loop itself."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.optim import Optimizer as TorchOptimizer

from auscult.observe.left import Left
from auscult.observe.probe import Probe
from auscult.observe.updates import Updates
from auscult.runs import Optimizer, RunWriter

JUMP = 2.0  # times the highest learning rate that was looked at: beyond it a step is worth a look


@dataclass(eq=False)
class Source:
    """One mover of parameters and the probes on what it moves; no probes where it moves nothing watched."""

    name: str
    reference: weakref.ref[TorchOptimizer] | None  # None: the loop moves them itself
    probes: list[Probe] = field(default_factory=list)
    size: int = 0  # tensors it moves
    lent: list[Probe] | None = None  # its probes while another moves the same; kept where they take turns
    takes_turns: bool = False
    moved: int = -2  # the step in which it moved last; none is going on before it has
    since: int = -1  # the last step before its optimizer's first
    left: Left | None = None  # what it moved, since its optimizer is gone
    title: str = ""  # the class of its optimizer
    record: Optimizer | None = None  # of its optimizer, as it was when last written down
    groups: int = 0  # of its optimizer
    held: int = 0  # tensors in these
    carried: set[int] | None = None  # ids of tensors whose gradient has not been seen zeroed since the last step
    checked: bool = False  # whether a backward pass has begun since, at which that could be seen
    marks: dict[int, Tensor] = field(default_factory=dict)  # by id, 0 where it was, of a device nobody waits for
    _updates: list[Updates] = field(default_factory=list)  # of the probes there were and, last, of those there are
    _bounds: list[float] = field(default_factory=list)  # of each group's learning rate; none where they are not noted

    @property
    def asks_for_gradients(self) -> bool:
        """Whether its step calls for the backward pass itself, as LBFGS does."""
        return self.reference is not None and isinstance(self.reference(), torch.optim.LBFGS)

    @property
    def was_replaced(self) -> bool:
        """Whether another has moved all that this one moves since."""
        return self.size > 0 and not self.probes

    def rates(self) -> list[float]:
        """The learning rate of each group, as it is now; none for a loop."""
        optimizer = self.reference() if self.reference else None
        return [float(g.get("lr", float("nan"))) for g in optimizer.param_groups] if optimizer is not None else []

    def note_rates(self) -> None:
        """The learning rates there are now have been looked at."""
        optimizer = self.reference() if self.reference else None
        groups = optimizer.param_groups if optimizer is not None else []
        rates = [g["lr"] for g in groups if isinstance(g.get("lr"), float | int)]
        if len(rates) == len(groups):  # else one is a tensor, and reading it might wait for a device
            self._bounds += [0.0] * (len(rates) - len(self._bounds))
            self._bounds = [max(b, JUMP * rate) for b, rate in zip(self._bounds, rates, strict=True)]

    def rate_jumped(self, optimizer: TorchOptimizer) -> bool:
        """Whether a learning rate now lies far above all that were looked at, or a group is new."""
        groups = optimizer.param_groups
        return len(groups) != self.groups or any(
            g["lr"] > bound for g, bound in zip(groups, self._bounds, strict=False)
        )

    def moves_again(self, probes: list[Probe]) -> None:
        """What it moved it moves again, by an optimizer like the one that is gone."""
        self.probes, self.left = probes, None
        if self._updates:
            self._updates[-1].probes = probes

    @property
    def updates(self) -> Updates:
        """What measures its steps that nobody looks at."""
        if not self._updates or self._updates[-1].probes is not self.probes:
            self._updates.append(Updates(self.probes))
        return self._updates[-1]

    def hand_over_updates(self, writer: RunWriter, last: bool = False) -> None:
        """Give what was measured of these steps to the writer; `last`: no more will come."""
        for updates in self._updates:
            updates.hand_over(writer, last or updates is not self._updates[-1])
        del self._updates[:-1]

    def mark(self, held: Sequence[Tensor], norms: Sequence[Tensor]) -> None:
        """These tensors still hold a gradient, of these norms, 0-d on their device; the others have been zeroed."""
        seen = {id(t): norm for t, norm in zip(held, norms, strict=True)}
        self.carried = set(seen)
        self.marks = {key: norm * (self.marks[key] != 0) if key in self.marks else norm for key, norm in seen.items()}

    def forget_carried(self) -> None:
        """The step is over."""
        self.carried, self.checked, self.marks = None, False, {}

    def let_go(self) -> None:
        """Hold no tensor any longer."""
        self.probes, self.lent, self.left = [], None, None
        for updates in self._updates:
            updates.let_go()

    @property
    def bounds(self) -> tuple[float, ...] | None:
        """The learning rate of each group beyond which a step is worth a look; None where they are not known."""
        return tuple(self._bounds) if len(self._bounds) == self.groups else None

    @property
    def holds(self) -> dict[int, int | None]:
        """What it moves, of what is watched, by id, each with its group."""
        return {id(w.tensor): w.group for probe in self.probes for w in probe.watched}

    def tensors(self) -> Iterable[Tensor]:
        """What it moves, of what is watched."""
        return (w.tensor for probe in self.probes for w in probe.watched)
