"""What lies around the ends of trainings: sharpness, the way from one to another, surfaces, the ways they came."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch

from auscult.curvature import Objective, eigen, sharpness
from auscult.landscape import interpolate, surface, trajectory
from auscult.learner.task import EVALUATED, Task, loader
from auscult.runs.trials import Trials, key_of
from auscult.studies.batch_size import Plan, Progress, run_missing, title_of
from auscult.studies.execution import Executor
from auscult.studies.measures import load_weights
from auscult.studies.training import Training, task_of, way, weights_from

Weights = dict[str, np.ndarray]
Made = tuple[dict[str, Any], Weights]  # the numbers and arrays of a trial
EPSILONS = (1e-3, 5e-4)  # of Keskar et al. 2016
CHECKPOINTS = 12  # of a way


@dataclass(frozen=True)
class Minima:
    """What is looked at around the ends of a plan's trainings. points: of a surface's side; 0 for no surfaces.

    norm: how batch norms normalise; "data": by statistics of the whole data at every point; "eval": by those of the
    training.
    """

    epsilons: tuple[float, ...] = EPSILONS
    points: int = 21
    norm: Literal["data", "eval"] = "data"

    def sharpness_of(self, t: Training) -> dict[str, Any]:
        """The name in the store of the sharpness of a training's end."""
        return {"kind": "sharpness", "of": key_of(t.config), "epsilons": list(self.epsilons), "norm": self.norm}

    def eigenvalue_of(self, t: Training) -> dict[str, Any]:
        """The name in the store of the Hessian's largest eigenvalue at a training's end."""
        return {"kind": "eigenvalue", "of": key_of(t.config), "norm": self.norm}

    def line_of(self, a: Training, b: Training, curved: bool = False) -> dict[str, Any]:
        """The name in the store of the line, or the curve, from one training's end to another's."""
        kind = "curve" if curved else "line"
        return {"kind": kind, "from": key_of(a.config), "to": key_of(b.config), "norm": self.norm}

    def surface_of(self, t: Training) -> dict[str, Any]:
        """The name in the store of the surface around a training's end."""
        return {"kind": "surface", "of": key_of(t.config), "points": self.points, "norm": self.norm}

    def ways_of(self, a: Training, b: Training) -> dict[str, Any]:
        """The name in the store of the ways that two trainings went, on one plane."""
        of = [key_of(a.config), key_of(b.config)]
        return {"kind": "ways", "of": of, "points": self.points, "norm": self.norm, "checkpoints": CHECKPOINTS}


def run_minima(plan: Plan, trials: Trials, executor: Executor, progress: Progress) -> None:
    """Look around the ends of the trainings at every learning rate as it is, where these are over, and keep it.

    Sharpness and the largest eigenvalue of each; the line and the curve from the smallest batch's end to the largest's,
    for every seed; surfaces of these two, and the ways they came, for the first.
    """
    minima = Minima(points=plan.points, norm=plan.norm)
    jobs: list[tuple[dict[str, Any], Any, tuple[Any, ...], str]] = []
    for lr in plan.lrs:
        jobs += _jobs(plan, lr, minima, _Ends(trials))
    run_missing("minima", jobs, trials, executor, progress)


class _Ends:
    """The weights that trainings ended with, each read once."""

    def __init__(self, trials: Trials) -> None:
        self._trials = trials
        self._read: dict[str, Weights] = {}

    def of(self, t: Training) -> Weights | None:
        """None where it is not over, or failed."""
        trial = self._trials.get(t.config)
        if trial is None or trial.error:
            return None
        return self._read.setdefault(trial.key, weights_from(trial.arrays, "end"))


def _jobs(plan: Plan, lr: float, minima: Minima, ends: _Ends) -> list[tuple[dict[str, Any], Any, Any, str]]:
    small, large = min(plan.batches), max(plan.batches)
    jobs: list[tuple[dict[str, Any], Callable[..., Made], Any, str]] = []
    for seed in range(plan.seeds):
        for t in (plan.base(b, lr, seed) for b in sorted(plan.batches)):
            if end := ends.of(t):
                jobs.append((minima.sharpness_of(t), sharpness_at, (t, end, minima), f"sharpness of {title_of(t)}"))
                jobs.append((minima.eigenvalue_of(t), eigenvalue_at, (t, end, minima), f"curvature of {title_of(t)}"))
        a, b = plan.base(small, lr, seed), plan.base(large, lr, seed)
        if small != large and (first := ends.of(a)) and (last := ends.of(b)):
            for curved in (False, True):
                title = f"{'curve' if curved else 'line'}, lr {lr:g}, seed {seed}"
                jobs.append((minima.line_of(a, b, curved), line_between, (a, first, last, minima, curved), title))
    if minima.points:
        a, b = plan.base(small, lr, 0), plan.base(large, lr, 0)
        for t in (plan.base(batch, lr, 0) for batch in dict.fromkeys((small, large))):
            if end := ends.of(t):
                jobs.append((minima.surface_of(t), surface_around, (t, end, minima), f"surface of {title_of(t)}"))
        if small != large and plan.epochs > 1 and ends.of(a) and ends.of(b):
            jobs.append((minima.ways_of(a, b), ways_on_a_plane, (a, b, minima), f"ways, lr {lr:g}"))
    return jobs


def sharpness_at(t: Training, weights: Weights, minima: Minima) -> Made:
    """Keskar's sharpness at a training's end, by the training loss, for each ε."""
    found = [sharpness(_objective(task_of(t), weights, minima.norm), epsilon) for epsilon in minima.epsilons]
    return {
        "loss": found[0].loss,
        "sharpness": [s.value for s in found],
        "at_bounds": [s.at_bounds for s in found],
        "iterations": [s.iterations for s in found],
    }, {}


def eigenvalue_at(t: Training, weights: Weights, minima: Minima) -> Made:
    """The largest eigenvalue of the Hessian of the training loss at a training's end."""
    found = eigen(_objective(task_of(t), weights, minima.norm), which="largest", tolerance=1e-3)
    return {"eigenvalue": found.values[0], "residual": found.residuals[0], "converged": found.converged}, {}


def line_between(t: Training, a: Weights, b: Weights, minima: Minima, curved: bool) -> Made:
    """Losses and metrics from a to b, α from −1 to 2: θ(α) = α·b + (1 − α)·a, or sin(πα/2)·b + cos(πα/2)·a."""
    task = task_of(t)
    found = interpolate(
        _objective(task, a, minima.norm), _tensors(a), _tensors(b), curved=curved,
        splits={"valid": list(loader(task.valid, EVALUATED))}, metrics=task.metrics, quiet=True,
    )  # fmt: skip
    arrays = {"alphas": found.alphas}
    for split, measured in found.splits.items():
        arrays |= {f"{split}/loss": measured.loss, **{f"{split}/{k}": v for k, v in measured.metrics.items()}}
    return {"distance": found.distance, "statistics": found.statistics}, arrays


def surface_around(t: Training, weights: Weights, minima: Minima) -> Made:
    """The training loss on a filter-normalised plane around a training's end."""
    found = surface(_objective(task_of(t), weights, minima.norm), steps=minima.points, quiet=True)
    assert found.y is not None
    return {"statistics": found.statistics}, {"x": found.x, "y": found.y, "loss": found.splits["train"].loss}


def ways_on_a_plane(a: Training, b: Training, minima: Minima) -> Made:
    """The ways of two trainings on the plane in which both together move most, and the training loss on it."""
    first, second = way(a, CHECKPOINTS), way(b, CHECKPOINTS)
    objective = _objective(task_of(a), first[-1], minima.norm)
    found = trajectory(objective, [_tensors(w) for w in (*second, *first)])
    ground = found.surface(objective, steps=minima.points, quiet=True)
    assert ground.y is not None
    return {"explained": found.explained, "statistics": ground.statistics}, {
        "first": found.path[len(second) :], "second": found.path[: len(second)],
        "x": ground.x, "y": ground.y, "loss": ground.loss,
    }  # fmt: skip


def _objective(task: Task, weights: Weights, norm: Any) -> Objective:
    with torch.random.fork_rng():
        model = load_weights(task.model(), weights)
    return Objective(model, list(loader(task.train, EVALUATED)), task.loss, norm=norm)


def _tensors(weights: Mapping[str, np.ndarray]) -> dict[str, torch.Tensor]:
    return {name: torch.from_numpy(np.asarray(values)) for name, values in weights.items()}
