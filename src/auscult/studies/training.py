"""One trial of the batch-size study: a training at a batch size and a learning rate, measured all along."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from auscult.learner import Callback, Fit, Learner
from auscult.learner.task import EVALUATED, Task, loader
from auscult.studies.measures import Gradients, Moves, Noise, Way, looks_over, weights_of
from auscult.studies.specs import found

KIND = "batch-size"


@dataclass(frozen=True)
class Training:
    """What one trial is asked for; everything that decides what it comes to, so that it is its name in the store.

    task, optimizer: `module:function` of what makes a Task and an optimizer. task_options: arguments of the first.
    optimizer_options: of the second, beside the parameters and lr. batch, lr, epochs, seed: of the training.
    switch_at, switch_to: after so many epochs go on with batches of that size; 0 for never.
    looks, samples: how often the gradients of single batches are looked at, and of how many.
    """

    task: str
    optimizer: str
    batch: int
    lr: float
    epochs: int
    seed: int
    task_options: dict[str, Any] = field(default_factory=dict)
    optimizer_options: dict[str, Any] = field(default_factory=dict)
    switch_at: int = 0
    switch_to: int = 0
    looks: int = 5
    samples: int = 32

    @property
    def config(self) -> dict[str, Any]:
        """Its name in the store."""
        return {"kind": KIND, **asdict(self)}


def task_of(t: Training) -> Task:
    """The task of a trial. Raises StudyError where it cannot be found, and what making it raises."""
    return found(t.task, "the task")(**t.task_options)


def train(t: Training) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Train, and give the numbers and arrays of the trial.

    Numbers: `epochs`, a record each with losses, metrics, distance, path, distance from the start and steps; `looks` at
    the gradients; `final`, losses and metrics of every split; `parameters`. Arrays: `updates`, the norm of each update;
    `grams`, inner products of the gradients, (looks, samples, samples); and the weights at the start and the end as
    `start/NAME` and `end/NAME`.
    """
    task = task_of(t)
    moves, noise = Moves(), Noise(Gradients(task.train, t.batch, t.samples, t.seed), looks_over(t.epochs, t.looks))
    rows = _Rows()
    learner = _learner(t, task, moves, noise, rows)
    start = weights_of(learner.model)
    _fit(t, task, learner)
    numbers = {
        "epochs": [row | moved for row, moved in zip(rows.rows, moves.epochs, strict=True)],
        "looks": noise.looks,
        "final": _final(learner, task),
        "parameters": sum(p.numel() for p in learner.model.parameters()),
        "examples": len(task.train),  # type: ignore[arg-type]
    }
    weights = {"start": start, "end": weights_of(learner.model)}
    named = {f"{when}/{name}": values for when, held in weights.items() for name, values in held.items()}
    return numbers, {"updates": moves.updates.astype(np.float32), "grams": np.stack(noise.grams), **named}


def way(t: Training, count: int) -> list[dict[str, np.ndarray]]:
    """The weights at the start and after `count` of the epochs: train again, which comes to the same."""
    task, kept = task_of(t), Way(t.epochs, count)
    _fit(t, task, _learner(t, task, kept))
    return kept.weights


def weights_from(arrays: dict[str, np.ndarray], when: str) -> dict[str, np.ndarray]:
    """The weights a trial kept of its "start" or its "end", by name."""
    return {name.partition("/")[2]: values for name, values in arrays.items() if name.startswith(f"{when}/")}


def _learner(t: Training, task: Task, *callbacks: Callback) -> Learner:
    make = found(t.optimizer, "the optimizer")
    return task.learner(
        lambda params, lr: make(params, lr=lr, **t.optimizer_options),
        t.batch, t.seed, lr=t.lr, callbacks=list(callbacks), quiet=True,
    )  # fmt: skip


def _fit(t: Training, task: Task, learner: Learner) -> None:
    learner.fit(t.switch_at or t.epochs)
    if t.switch_at:
        learner.splits["train"] = loader(task.train, t.switch_to, t.seed + 1)
        learner.fit(t.epochs - t.switch_at)


class _Rows(Callback):
    order = 97

    def __init__(self) -> None:
        self.rows: list[dict[str, float]] = []

    def after_epoch(self, fit: Fit) -> None:
        """What the epoch came to."""
        self.rows.append({k: v for k, v in fit.row.numbers().items() if v is not None})


def _final(learner: Learner, task: Task) -> dict[str, dict[str, float]]:
    """Loss and metrics of every split at the end, over all its examples, in eval mode."""
    learner.splits["train"] = loader(task.train, EVALUATED)
    scores = {name: learner.evaluate(name) for name, split in learner.splits.items() if split is not None}
    return {name: {"loss": s.loss, **s.metrics} for name, s in scores.items()}
