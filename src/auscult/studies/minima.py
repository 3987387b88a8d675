"""What lies around the ends of trainings: box sharpness, the line between two of them, surfaces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from auscult.curvature import Objective, sharpness
from auscult.landscape import interpolate, surface
from auscult.learner.task import EVALUATED, Task, loader
from auscult.runs.trials import Trials, key_of
from auscult.studies.batch_size import Plan, Progress, run_missing, title_of
from auscult.studies.execution import Executor
from auscult.studies.measures import load_weights
from auscult.studies.training import Training, task_of, weights_from

Weights = dict[str, np.ndarray]
EPSILONS = (1e-3, 5e-4)  # of Keskar et al. 2016


@dataclass(frozen=True)
class Minima:
    """What is looked at around the ends of a plan's trainings. points: of a surface's side; 0 for no surfaces.

    norm: how batch norms normalise; "data": by statistics of the whole data at every point.
    """

    epsilons: tuple[float, ...] = EPSILONS
    points: int = 21
    norm: str = "data"

    def sharpness_of(self, t: Training) -> dict[str, Any]:
        """The name in the store of the sharpness of a training's end."""
        return {"kind": "sharpness", "of": key_of(t.config), "epsilons": list(self.epsilons), "norm": self.norm}

    def line_of(self, a: Training, b: Training) -> dict[str, Any]:
        """The name in the store of the line from one training's end to another's."""
        return {"kind": "line", "from": key_of(a.config), "to": key_of(b.config), "norm": self.norm}

    def surface_of(self, t: Training) -> dict[str, Any]:
        """The name in the store of the surface around a training's end."""
        return {"kind": "surface", "of": key_of(t.config), "points": self.points, "norm": self.norm}


def run_minima(plan: Plan, lr: float, trials: Trials, executor: Executor, progress: Progress) -> None:
    """Look around the ends of the trainings at a learning rate as it is, where these are over, and keep what is seen.

    Sharpness of each; the line from the smallest batch's end to the largest's, for every seed; surfaces of these two,
    for the first.
    """
    minima = Minima(points=plan.points)
    small, large = min(plan.batches), max(plan.batches)
    jobs: list[tuple[dict[str, Any], Any, tuple[Any, ...], str]] = []
    ends: dict[str, Weights] = {}

    def end(t: Training) -> Weights | None:
        trial = trials.get(t.config)
        if trial is None or trial.error:
            return None
        return ends.setdefault(trial.key, weights_from(trial.arrays, "end"))

    for seed in range(plan.seeds):
        each = [t for t in (plan.base(b, lr, seed) for b in sorted(plan.batches)) if end(t)]
        for t in each:
            jobs.append((minima.sharpness_of(t), sharpness_at, (t, end(t), minima), f"sharpness of {title_of(t)}"))
        a, b = plan.base(small, lr, seed), plan.base(large, lr, seed)
        if small != large and end(a) and end(b):
            jobs.append((minima.line_of(a, b), line_between, (a, end(a), end(b), minima), f"line, seed {seed}"))
    for t in (plan.base(b, lr, 0) for b in dict.fromkeys((small, large))):
        if minima.points and end(t):
            jobs.append((minima.surface_of(t), surface_around, (t, end(t), minima), f"surface of {title_of(t)}"))
    run_missing("minima", jobs, trials, executor, progress)


def sharpness_at(t: Training, weights: Weights, minima: Minima) -> tuple[dict[str, Any], Weights]:
    """Keskar's sharpness at a training's end, by the training loss, for each ε."""
    found = [sharpness(_objective(task_of(t), weights, minima.norm), epsilon) for epsilon in minima.epsilons]
    return {
        "loss": found[0].loss,
        "sharpness": [s.value for s in found],
        "at_bounds": [s.at_bounds for s in found],
        "iterations": [s.iterations for s in found],
    }, {}


def line_between(t: Training, a: Weights, b: Weights, minima: Minima) -> tuple[dict[str, Any], Weights]:
    """Losses and metrics on the line θ(α) = α·b + (1 − α)·a, α from −1 to 2."""
    task = task_of(t)
    found = interpolate(
        _objective(task, a, minima.norm), _tensors(a), _tensors(b),
        splits={"valid": list(loader(task.valid, EVALUATED))}, metrics=task.metrics, quiet=True,
    )  # fmt: skip
    arrays = {"alphas": found.alphas}
    for split, measured in found.splits.items():
        arrays |= {f"{split}/loss": measured.loss, **{f"{split}/{k}": v for k, v in measured.metrics.items()}}
    return {"distance": found.distance, "statistics": found.statistics}, arrays


def surface_around(t: Training, weights: Weights, minima: Minima) -> tuple[dict[str, Any], Weights]:
    """The training loss on a filter-normalised plane around a training's end."""
    found = surface(_objective(task_of(t), weights, minima.norm), steps=minima.points, quiet=True)
    assert found.y is not None
    return {"statistics": found.statistics}, {"x": found.x, "y": found.y, "loss": found.splits["train"].loss}


def _objective(task: Task, weights: Weights, norm: Any) -> Objective:
    with torch.random.fork_rng():
        model = load_weights(task.model(), weights)
    return Objective(model, list(loader(task.train, EVALUATED)), task.loss, norm=norm)


def _tensors(weights: Mapping[str, np.ndarray]) -> dict[str, torch.Tensor]:
    return {name: torch.from_numpy(np.asarray(values)) for name, values in weights.items()}
