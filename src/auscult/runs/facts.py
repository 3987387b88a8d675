"""What is known of a run besides its numbers: frozen records, kept in the run as JSON."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, replace
from typing import Literal

Kind = Literal["matrix", "embedding", "bias", "gain"]
Status = Literal["running", "finished", "failed", "lost"]


@dataclass(frozen=True)
class Parameter:
    """One watched tensor.

    optimizer, group: which optimizer (by its name in the run) and which of its groups updates it; None for
    neither, which is also what a loop without an optimizer gives.
    """

    name: str
    kind: Kind
    shape: tuple[int, ...]
    dtype: str
    device: str
    trainable: bool = True
    optimizer: str | None = None
    group: int | None = None

    @property
    def size(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)


@dataclass(frozen=True)
class Optimizer:
    """One optimizer: `name` in the run, its class, and the hyper-parameters of each group at the first step.

    `class_name` is "none" for a loop that moves its parameters by itself.
    """

    name: str
    class_name: str
    groups: tuple[dict[str, float | bool | str | list | None], ...]


@dataclass(frozen=True)
class Layer:
    """One place of the network where something is measured, read from the graph of the first step looked at.

    A layer with weights has units; the activation and the norm between are what really follows it in the forward pass,
    whether they are modules or functions. A second use of the same weights is a layer of its own, `name#2`.

    operation: "linear", "convolution", "embedding", "recurrent", "batch-norm", "layer-norm", "group-norm",
    "instance-norm", or the activation's name for one that follows no layer.
    """

    name: str
    operation: str
    weight: str | None = None  # names of parameters
    bias: str | None = None
    fan_in: int | None = None
    units: int | None = None
    activation: str | None = None  # "tanh", "relu", "gelu", …
    norm: str | None = None  # the operation of the norm between the layer and its activation
    weight_std: float | None = None  # at the first look
    is_output: bool = False  # its output is what the loss gets
    after: tuple[str, ...] = ()  # the layers it takes its input from
    hidden: str | None = None  # why its values cannot be seen: "checkpointed"

    @property
    def shown_as(self) -> str:
        """The name with the activation that follows: "tanh(W1)"."""
        return f"{self.activation}({self.name})" if self.activation and self.activation != self.operation else self.name


POLICY = "policy-gradient"  # the kind of a loss that need not fall


@dataclass(frozen=True)
class Task:
    """What the loss is, read from the graph.

    kind: "cross-entropy", "binary-cross-entropy", "squared-error", "absolute-error", "policy-gradient", or "unknown".
    uniform: the loss of a guess that knows nothing: ln(classes), ln 2, or NaN.
    fed: "softmax" or "sigmoid" where the loss takes logits and gets probabilities, "broadcast" where each prediction is
        held against all targets; empty where it gets what it takes.
    """

    kind: str
    classes: int | None = None
    uniform: float | None = None
    fed: str = ""
    losses: int = 1  # how many such losses the total is made of; the first is the one described


@dataclass(frozen=True)
class Event:
    """Something that happened at a step: `epoch`, `skipped-step`, `non-finite-loss`, `fault`, …"""

    step: int
    time: float
    kind: str
    data: dict[str, object]


@dataclass(frozen=True)
class Bill:
    """What listening cost.

    Seconds are wall time in the training's thread, but writer_s is the writer thread's own CPU time.
    """

    wall_s: float = 0.0
    own_s: float = 0.0
    setup_s: float = 0.0
    writer_s: float = 0.0
    steps: int = 0
    sampled_steps: int = 0
    updates: int = 0  # of the other steps, those of which the updates were measured
    dropped_frames: int = 0
    faults: int = 0

    @property
    def spent_s(self) -> float:
        """All of our time, setting up included."""
        return self.own_s + self.setup_s + self.writer_s

    @property
    def share(self) -> float:
        """Share of the wall time since attaching that was ours; 0 where nothing was timed."""
        return self.spent_s / self.wall_s if self.wall_s > 0 else 0.0


def parameter_from(record: dict) -> Parameter:
    """The Parameter that `asdict` wrote."""
    return Parameter(**{**record, "shape": tuple(record["shape"])})


def optimizer_from(record: dict) -> Optimizer:
    """The Optimizer that `asdict` wrote."""
    return Optimizer(record["name"], record["class_name"], tuple(record["groups"]))


def layer_from(record: dict) -> Layer:
    """The Layer that `asdict` wrote."""
    return Layer(**{**record, "after": tuple(record["after"])})


def task_from(record: dict) -> Task:
    """The Task that `asdict` wrote."""
    return Task(**record)


def bill_from(record: dict, writer: dict) -> Bill:
    """The Bill that `asdict` wrote, brought up to date with what the writer said of itself since."""
    bill = Bill(**record)
    return replace(
        bill,
        dropped_frames=max(bill.dropped_frames, int(writer.get("dropped_frames", 0))),
        writer_s=max(bill.writer_s, float(writer.get("cpu_s", 0.0))),
    )


def record_of(thing: Parameter | Optimizer | Bill | Layer | Task) -> dict:
    """The JSON form of a record."""
    return asdict(thing)


def to_json(value: object) -> str:
    """JSON of any value: NumPy's and torch's scalars as numbers, what JSON does not know as text."""
    try:
        return json.dumps(value, default=_plain)
    except (TypeError, ValueError, RecursionError):  # keys that are no text, a cycle
        return json.dumps(repr(value))


def _plain(value: object) -> object:
    for convert in ("tolist", "isoformat"):
        if hasattr(value, convert):
            return getattr(value, convert)()
    return sorted(map(str, value)) if isinstance(value, set | frozenset) else str(value)
