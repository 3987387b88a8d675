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
    dropped_frames: int = 0
    faults: int = 0

    @property
    def share(self) -> float:
        """Share of the wall time since attaching that was ours; 0 where nothing was timed."""
        return (self.own_s + self.setup_s + self.writer_s) / self.wall_s if self.wall_s > 0 else 0.0


def parameter_from(record: dict) -> Parameter:
    """The Parameter that `asdict` wrote."""
    return Parameter(**{**record, "shape": tuple(record["shape"])})


def optimizer_from(record: dict) -> Optimizer:
    """The Optimizer that `asdict` wrote."""
    return Optimizer(record["name"], record["class_name"], tuple(record["groups"]))


def bill_from(record: dict, writer: dict) -> Bill:
    """The Bill that `asdict` wrote, brought up to date with what the writer said of itself since."""
    bill = Bill(**record)
    return replace(
        bill,
        dropped_frames=max(bill.dropped_frames, int(writer.get("dropped_frames", 0))),
        writer_s=max(bill.writer_s, float(writer.get("cpu_s", 0.0))),
    )


def record_of(thing: Parameter | Optimizer | Bill) -> dict:
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
