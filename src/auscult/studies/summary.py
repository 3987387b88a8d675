"""What the trainings of a batch-size study came to, over seeds: numbers with their spread, never one without."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from auscult.curvature.stability import plain_limit
from auscult.runs.noise import NoiseScale
from auscult.runs.trials import Trial, Trials, key_of
from auscult.stats.noise import expected_norm, noise_scale
from auscult.studies.batch_size import SCALINGS, Plan, title_of
from auscult.studies.minima import Minima
from auscult.studies.training import Training
from auscult.views.words import number


@dataclass(frozen=True)
class Spread:
    """A number over seeds: mean, standard deviation (NaN of one), and how many."""

    mean: float
    std: float
    count: int

    def __str__(self) -> str:
        if math.isnan(self.mean):
            return "–"
        if not self.std > 0:
            return number(self.mean)
        digits = 1 - math.floor(math.log10(self.std))  # two of the deviation's
        if not 0 <= digits <= 6:
            return f"{number(self.mean)} ± {number(self.std, 2)}"
        return f"{self.mean:,.{digits}f} ± {self.std:,.{digits}f}".replace("-", "−")


def spread(values: Sequence[float]) -> Spread:
    """Of what is finite among the values."""
    known = np.array([v for v in values if v is not None and math.isfinite(v)], float)
    if not len(known):
        return Spread(math.nan, math.nan, 0)
    return Spread(float(known.mean()), float(known.std(ddof=1)) if len(known) > 1 else math.nan, len(known))


@dataclass(frozen=True)
class Row:
    """Trainings that differ in the seed only: how they are called, the trials, whether the batch changes half way."""

    title: str
    batch: int
    lr: float
    trials: list[Trial]
    switched: bool = False


class Summary:
    """The trainings of a plan, at one of its learning rates, by batch size.

    batches: those of which some training is over. lr: the learning rate, of the smallest batch where it is scaled.
    failed: what failed, and its error. missing: how many trainings are not over.
    """

    def __init__(self, plan: Plan, trials: Trials, lr: float | None = None) -> None:
        self.plan, self.trials = plan, trials
        self.lr = plan.lrs[0] if lr is None else lr
        self.minima = Minima(points=plan.points, norm=plan.norm)
        self._over = over = {t.key: t for t in trials}
        self._of = lambda training: over.get(key_of(training.config))
        asked = [self._of(t) for t in plan.trainings]
        self.missing = sum(t is None for t in asked)
        self.failed = [(_title(t), t.error) for t in over.values() if t.error]
        self.batches = [b for b in sorted(plan.batches) if self.base(b)]

    # -- the trainings --------------------------------------------------------------------------------------------

    def base(self, batch: int) -> list[Trial]:
        """The trainings of a batch size at the learning rate as it is, by seed."""
        return self._good(lambda seed: self.plan.base(batch, self.lr, seed))

    def scaled(self, batch: int, rule: str) -> list[Trial]:
        """The trainings of a batch size at the scaled learning rate; rule: "linear" or "root"."""
        return self._good(lambda seed: self.plan.scaled(batch, self.lr, seed, rule)) if self.plan.scaling else []

    def switched(self) -> list[Trial]:
        """The trainings that go from the largest to the smallest batch half way."""
        return self._good(lambda seed: self.plan.switched(self.lr, seed)) if self.plan.switch else []

    def _good(self, training: Callable[[int], Training]) -> list[Trial]:
        made = (self._of(training(seed)) for seed in range(self.plan.seeds))
        return [t for t in made if t is not None and not t.error]

    # -- updates and distance -------------------------------------------------------------------------------------

    def updates(self, batch: int) -> np.ndarray:
        """The norms of all updates of a batch size, all seeds together."""
        return np.concatenate([t.arrays["updates"] for t in self.base(batch)])

    def median_update(self, batch: int) -> Spread:
        """The median norm of an update, over seeds."""
        return self.median_of(self.base(batch))

    def median_of(self, trials: Sequence[Trial]) -> Spread:
        """The median norm of an update of these trainings, over seeds."""
        return spread([float(np.median(t.arrays["updates"])) for t in trials])

    def median_ratio(self, small: int, large: int, epochs: int | None = None) -> Spread:
        """How many times larger the smaller batch's median update is, seed by seed; over the first epochs, or all."""
        pairs = zip(self.base(small), self.base(large), strict=False)
        return spread([float(np.median(_first(a, epochs)) / np.median(_first(b, epochs))) for a, b in pairs])

    def predicted_ratio(self, small: int, large: int, look: int) -> Spread:
        """The same for gradients at equal weights, from the noise scale: √((|G|² + trΣ/b) / (|G|² + trΣ/B)).

        At a look, by its index, at the weights of the smaller batch's trainings.
        """
        found = [noise_scale(t.arrays["grams"][look], small) for t in self.base(small)]
        return spread([expected_norm(small, n) / expected_norm(large, n) for n in found])

    def epochs(self, batch: int, what: str) -> np.ndarray:
        """A number of each epoch, (seeds, epochs): "distance", "path", "from_start", "train_loss", "valid_loss", …"""
        return np.array([[row.get(what, math.nan) for row in t.numbers["epochs"]] for t in self.base(batch)], float)

    def distance_ratio(self, small: int, large: int) -> np.ndarray:
        """How many times further the smaller batch moves in each epoch, (seeds, epochs)."""
        a, b = self.epochs(small, "distance"), self.epochs(large, "distance")
        count = min(len(a), len(b))
        return a[:count] / b[:count]

    # -- gradients ------------------------------------------------------------------------------------------------

    def looks(self, batch: int) -> list[int]:
        """After how many epochs the gradients were looked at."""
        found = self.base(batch)
        return [look["epoch"] for look in found[0].numbers["looks"]] if found else []

    def alignment(self, batch: int, what: str = "cosine") -> np.ndarray:
        """At each look "cosine", the mean over pairs of batches, or "efficiency", ‖Σg‖/Σ‖g‖; (seeds, looks)."""
        return np.array([[look[what] for look in t.numbers["looks"]] for t in self.base(batch)], float)

    def alignment_by_parameter(self, batch: int) -> dict[str, np.ndarray]:
        """The mean cosine by parameter, the mean over seeds, (looks,)."""
        found = self.base(batch)
        names = found[0].numbers["looks"][0]["cosine_by_parameter"] if found else {}
        values = {
            name: [[look["cosine_by_parameter"][name] for look in t.numbers["looks"]] for t in found] for name in names
        }
        return {name: np.array(v, float).mean(0) for name, v in values.items()}

    def noise(self, batch: int) -> list[NoiseScale]:
        """The gradient noise scale at each look, all seeds together."""
        found = self.base(batch)
        grams = [t.arrays["grams"] for t in found]
        return [noise_scale([g[i] for g in grams], batch) for i in range(len(self.looks(batch)))]

    # -- around the ends ------------------------------------------------------------------------------------------

    def sharpness(self, batch: int) -> np.ndarray:
        """Keskar's sharpness of the ends of a batch size's trainings, (seeds, epsilons); no rows where not measured."""
        found = [self._kept(self.minima.sharpness_of(t)) for t in self._trainings(batch)]
        return np.array([t.numbers["sharpness"] for t in found if t], float).reshape(-1, len(self.minima.epsilons))

    def eigenvalues(self, batch: int) -> Spread:
        """The largest eigenvalue of the Hessian at the ends of a batch size's trainings."""
        found = [self._kept(self.minima.eigenvalue_of(t)) for t in self._trainings(batch)]
        return spread([t.numbers["eigenvalue"] for t in found if t])

    def line(self, what: str, curved: bool = False) -> tuple[np.ndarray, np.ndarray]:
        """α, and "train/loss", "valid/loss", "valid/accuracy", … on the line, or the curve, from the smallest batch's
        end, α = 0, to the largest's, α = 1: (seeds, alphas)."""
        ends = zip(self._trainings(self.batches[0]), self._trainings(self.batches[-1]), strict=True)
        found = [t for a, b in ends if (t := self._kept(self.minima.line_of(a, b, curved))) and what in t.arrays]
        if not found:
            return np.empty(0), np.empty((0, 0))
        return found[0].arrays["alphas"], np.stack([t.arrays[what] for t in found])

    def surface(self, batch: int) -> dict[str, np.ndarray] | None:
        """`x`, `y` and `loss` (y, x) around the end of a batch size's first training; None where not measured."""
        found = self._kept(self.minima.surface_of(self._trainings(batch)[0]))
        return found.arrays if found else None

    def ways(self) -> Trial | None:
        """The ways of the first trainings of the smallest and the largest batch: `first` and `second`, (checkpoints,
        2), the ground's `x`, `y` and `loss` (y, x), and the number `explained`; None where not measured."""
        ends = [self._trainings(b)[0] for b in (self.batches[0], self.batches[-1])]
        return self._kept(self.minima.ways_of(*ends))

    def _trainings(self, batch: int) -> list[Training]:
        return [self.plan.base(batch, self.lr, seed) for seed in range(self.plan.seeds)]

    def _kept(self, config: dict[str, Any]) -> Trial | None:
        trial = self._over.get(key_of(config))
        return trial if trial and not trial.error else None

    # -- what it comes to -----------------------------------------------------------------------------------------

    def final(self, trials: Sequence[Trial], split: str, what: str = "loss") -> Spread:
        """Loss or a metric of a split at the end, over seeds."""
        return spread([_value(t, split, what) for t in trials])

    def gap(self, trials: Sequence[Trial]) -> Spread:
        """The generalisation gap: the loss to validate minus the loss to train, at the end."""
        return spread([_value(t, "valid", "loss") - _value(t, "train", "loss") for t in trials])

    def metrics(self) -> list[str]:
        """The names of the metrics."""
        found = next((self.base(b) for b in self.batches), [])
        return [name for name in found[0].numbers["final"]["valid"] if name != "loss"] if found else []

    def rows(self) -> list[Row]:
        """Every kind of training there is at this learning rate, as it is or scaled from it."""
        out = [Row(f"batch {b}", b, self.lr, self.base(b)) for b in self.batches]
        small = min(self.plan.batches)
        for rule, power in SCALINGS.items():
            how = "linearly scaled" if rule == "linear" else "scaled by the root"
            out += [
                Row(f"batch {b}, {how}", b, self.lr * (b / small) ** power, found)
                for b in self.batches
                if b > small and (found := self.scaled(b, rule))
            ]
        if found := self.switched():
            large = max(self.plan.batches)
            out.append(Row(f"batch {large}, then {small}", large, self.lr, found, switched=True))
        return out


def edge_of(s: Summary) -> float | None:
    """The largest eigenvalue that SGD bears at the study's learning rate; None for other optimizers."""
    if s.plan.optimizer != "torch.optim:SGD":
        return None
    options = s.plan.optimizer_options
    return plain_limit(s.lr, options.get("momentum", 0.0), options.get("nesterov", False)).bound


def _first(trial: Trial, epochs: int | None) -> np.ndarray:
    """The norms of the updates of the first epochs."""
    return trial.arrays["updates"][: sum(int(e["steps"]) for e in trial.numbers["epochs"][:epochs])]


def _title(trial: Trial) -> str:
    c = trial.config
    if "batch" in c:
        return title_of(Training(**{k: v for k, v in c.items() if k != "kind"}))
    return str(c.get("kind"))


def _value(trial: Trial, split: str, what: str) -> float:
    value: Any = trial.numbers["final"].get(split, {}).get(what)
    return math.nan if value is None else float(value)
