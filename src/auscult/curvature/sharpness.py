"""`sharpness`: how much the loss can rise in a small box about a minimum (Keskar et al. 2016)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from auscult.curvature.box import Box
from auscult.curvature.objective import Objective
from auscult.errors import CurvatureError

Method = Literal["l-bfgs-b", "ascent"]
Progress = Callable[[int, float], None]
_HALVINGS = 20  # of a step before ascent gives up


@dataclass(frozen=True)
class Sharpness:
    """100 · (highest − loss) / (1 + loss): by how many percent the loss rises within the box.

    highest: the largest loss found in the box, a lower bound of the largest there is. rises: the sharpness from each
    start. dimensions: of the box, None for all parameters. iterations: of the best start; evaluations: passes over the
    data for loss and gradient, of all. at_bounds: the share of coordinates that ended at a bound.
    """

    value: float
    loss: float
    highest: float
    epsilon: float
    dimensions: int | None
    method: Method
    iterations: int
    evaluations: int
    at_bounds: float
    rises: tuple[float, ...]

    def __str__(self) -> str:
        where = "all parameters" if self.dimensions is None else f"{self.dimensions} random dimensions"
        return (
            f"sharpness {self.value:.4g} in a box of ε {self.epsilon:g} in {where}: loss {self.loss:.5g} → "
            f"{self.highest:.5g} in {self.iterations} iterations of {self.method}, {self.at_bounds:.0%} at the bounds"
        )


def sharpness(
    objective: Objective,
    epsilon: float = 1e-3,
    *,
    subspace: int | None = None,
    method: Method = "l-bfgs-b",
    iterations: int = 10,
    starts: int = 1,
    seed: int = 0,
    progress: Progress | None = None,
) -> Sharpness:
    """By how many percent the loss over the whole data can rise in a box about the present parameters.

    φ = 100 · (max f(x + Ay) − f(x)) / (1 + f(x)) over |y_i| ≤ ε(|(A⁺x)_i| + 1), approached from y = 0 (Keskar et al.
    2016, arXiv 1609.04836, metric 2.1; they take ε 1e-3 and 5e-4, ten iterations of L-BFGS-B, and either all
    parameters, A = I, or 100 random dimensions). Loss and gradient are means over the whole data.

    Args:
        subspace: the number of random dimensions; without it, all parameters. A is held, (parameters, dimensions).
        method: "l-bfgs-b", SciPy's, which holds about 25 float64 vectors; or "ascent", which holds four: steps toward
            the corner of the box that the gradient points to, halved until the loss rises (Frank & Wolfe 1956).
        starts: the first is y = 0, where the gradient of an exact minimum vanishes; others are uniform in the box.
        progress: called with (evaluations, loss there).

    Raises CurvatureError for a box without size, a missing SciPy and a loss of −1 or less, and what the objective
    raises.
    """
    if not epsilon > 0 or iterations < 1 or starts < 1:
        raise CurvatureError(
            f"epsilon is {epsilon!r}, iterations {iterations!r}, starts {starts!r}; all are to be larger than 0"
        )
    climbs = {"l-bfgs-b": _lbfgsb, "ascent": _ascent}
    if method not in climbs:
        raise CurvatureError(f"method is {method!r}; it is one of {', '.join(climbs)}")
    box = Box(objective, epsilon, subspace, seed)
    loss = objective.value()
    if loss <= -1:
        raise CurvatureError(f"the loss is {loss:g}; sharpness is relative to 1 + loss, which is to be above 0")
    generator = np.random.default_rng(seed)
    passes, tops = 0, []
    for start in range(starts):
        climb = _Climb(box, passes, progress)
        count = climbs[method](climb, box.start if start == 0 else box.drawn(generator), iterations)
        passes = climb.evaluations
        tops.append((climb.highest, count, box.at_bounds(climb.where)))
    highest, count, share = max(tops)
    highest = max(highest, loss)

    def rise(top: float) -> float:
        return 100 * (max(top, loss) - loss) / (1 + loss)

    rises = tuple(rise(top) for top, _, _ in tops)
    return Sharpness(rise(highest), loss, highest, epsilon, subspace, method, count, passes, share, rises)


class _Climb:
    """The loss in a box, and the highest seen of it."""

    def __init__(self, box: Box, before: int, progress: Progress | None) -> None:
        self.box, self.evaluations, self.highest, self.where = box, before, -np.inf, box.start
        self._progress = progress

    def __call__(self, z: np.ndarray) -> tuple[float, np.ndarray]:
        z = self.box.held(z)
        value, gradient = self.box.at(z)
        self.evaluations += 1
        if value > self.highest:
            self.highest, self.where = value, z.copy()
        if self._progress is not None:
            self._progress(self.evaluations, value)
        return value, gradient


def _lbfgsb(climb: _Climb, start: np.ndarray, iterations: int) -> int:
    try:
        from scipy.optimize import minimize
    except ImportError as e:
        raise CurvatureError(
            "L-BFGS-B is SciPy's, which is not installed: pip install 'auscult[lab]', or give method='ascent'"
        ) from e

    def downhill(z: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = climb(z)
        return -value, -gradient

    box = climb.box
    found = minimize(
        downhill,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=np.stack([box.low, box.high], 1),
        options={"maxiter": iterations, "ftol": 0.0, "gtol": 0.0},
    )
    return int(found.nit)


def _ascent(climb: _Climb, start: np.ndarray, iterations: int) -> int:
    box, z = climb.box, start
    value, gradient = climb(z)
    for done in range(iterations):
        corner = np.where(gradient > 0, box.high, np.where(gradient < 0, box.low, z))
        step = 1.0
        for _ in range(_HALVINGS):
            there = corner if step == 1.0 else z + step * (corner - z)
            higher, slope = climb(there)
            if higher > value:
                break
            step /= 2
        else:
            return done
        z, value, gradient = there, higher, slope
    return iterations
