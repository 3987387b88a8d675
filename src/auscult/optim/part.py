"""What an optimizer is composed of: statistics, shapers of the gradient, steppers and movers, and what they declare."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import ClassVar, Literal, TypeAlias

import torch
from torch import Tensor

from auscult.optim.bundle import Bundle

Tensors: TypeAlias = list[Tensor] | tuple[Tensor, ...]  # what torch._foreach_* take and give
Stages: TypeAlias = Iterator[tuple[str, Tensors]]  # a role, and what the direction is once the role has played


@dataclass(frozen=True)
class Hyper:
    """A hyper-parameter of a part, one value a parameter group; without a default it has to be given.

    Parts that declare the same name share the value. Valid: low ≤ value ≤ most, and value < below.
    """

    name: str
    default: float | None = None
    low: float = 0.0
    most: float = math.inf
    below: float = math.inf
    whole: bool = False


@dataclass(frozen=True)
class State:
    """What a part keeps of each parameter, and what it is before the first step.

    zeros: a tensor like the parameter, zero; data: the parameter as it is; number: a 0-d tensor, one; count: an int, 0.
    """

    name: str
    begins: Literal["zeros", "data", "number", "count"] = "zeros"


@dataclass(frozen=True)
class Declares:
    """All that a part asks for and gives; an optimizer checks it when it is made.

    needs: statistics that an earlier part has to provide; takes: that it uses where an earlier part provides them.
    recalls: statistics as the step before left them, so that a later part has to provide them.
    provides: statistics that are not kept; what is in `state` is provided too.
    """

    hypers: tuple[Hyper, ...] = ()
    state: tuple[State, ...] = ()
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    recalls: tuple[str, ...] = ()
    provides: tuple[str, ...] = ()

    def provided(self) -> tuple[str, ...]:
        """Every statistic that later parts can use."""
        return (*(s.name for s in self.state), *self.provides)


@dataclass(frozen=True)
class Part(ABC):
    """One line of an optimizer. What it keeps is in the optimizer's state: the part itself never changes."""

    name: ClassVar[str]
    derived: ClassVar[bool] = False  # computed from the state alone, changing none
    adaptive: ClassVar[bool] = False  # gives elements, or whole parameters, a learning rate of their own

    @abstractmethod
    def declare(self) -> Declares:
        """What it asks for and gives."""

    @abstractmethod
    def run(self, b: Bundle) -> None:
        """Its share of a step, on many tensors at once."""

    def __repr__(self) -> str:
        options = [(f.name, getattr(self, f.name)) for f in fields(self) if getattr(self, f.name) != f.default]
        return self.name + (f"({', '.join(f'{k}={v!r}' for k, v in options)})" if options else "")


class Statistic(Part):
    """Reads the gradient and keeps something of it; moves nothing."""


class Shaper(Part):
    """Changes the gradient that all later parts see; the parameter's own `.grad` stays as it is."""

    @abstractmethod
    def stages(self, b: Bundle) -> Stages:
        """The gradient after each thing it does to it, none in place."""

    def run(self, b: Bundle) -> None:
        """Let later parts see the last stage."""
        *_, (_, b.grads) = self.stages(b)

    def factors(self, b: Bundle) -> Tensors | None:
        """What the learning rate is multiplied by, a 0-d tensor each; None where it is not."""
        return None


class Stepper(Part):
    """Moves the parameters against a direction: θ ← θ − lr · d."""

    @abstractmethod
    def stages(self, b: Bundle) -> Stages:
        """The direction after each thing done to the gradient, none in place; the last one is stepped along."""

    @abstractmethod
    def rates(self, b: Bundle) -> Tensors:
        """The learning rate of each element, like the parameters: what the (averaged) gradient is multiplied by."""

    def run(self, b: Bundle) -> None:
        """Step along the last stage."""
        *_, (_, direction) = self.stages(b)
        torch._foreach_add_(b.params, direction, alpha=-b.hyper["lr"])


class Mover(Part):
    """Moves the parameters whatever the gradient: decay, lookahead."""

    @abstractmethod
    def moves(self, b: Bundle) -> Stages:
        """By how much it is about to move them, by role."""


LR = Hyper("lr")
MOMENTUM = Hyper("momentum", 0.9, below=1.0)
SQR_MOMENTUM = Hyper("sqr_momentum", 0.99, below=1.0)
WEIGHT_DECAY = Hyper("weight_decay")
EPS = Hyper("eps", 1e-8)
