"""The box in which Keskar et al. look for the highest loss, in all coordinates or in a random subspace."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from auscult.curvature.objective import Objective
from auscult.errors import CurvatureError


class Box:
    """Coordinates z with low ≤ z ≤ high, (dimensions,) float64 each, and the parameters they stand for.

    Without a subspace z is the point itself, |z_i − x_i| ≤ ε(|x_i| + 1), with bounds that the parameters' precision
    can hold. With one, the point is x + Az, |z_i| ≤ ε(|(A⁺x)_i| + 1), A of standard normal elements, (parameters,
    dimensions), A⁺ its pseudo-inverse.
    """

    def __init__(self, objective: Objective, epsilon: float, subspace: int | None, seed: int) -> None:
        self._objective, self._x = objective, objective.vector()
        x = self._x.double().cpu()
        if subspace is None:
            self._map: Tensor | None = None
            self.start = x.numpy().copy()
            self.low, self.high = _inward(x, epsilon * (x.abs() + 1), self._x.dtype)
            return
        if not 1 <= subspace <= objective.size:
            raise CurvatureError(f"a subspace of {subspace} dimensions does not fit {objective.size} parameters")
        generator = torch.Generator().manual_seed(seed)
        a = torch.randn(objective.size, subspace, generator=generator, dtype=torch.float64)
        half = epsilon * (torch.linalg.lstsq(a, x[:, None]).solution[:, 0].abs() + 1)
        self._map = a.to(self._x)
        self.start, self.low, self.high = np.zeros(subspace), -half.numpy(), half.numpy()

    def held(self, z: np.ndarray) -> np.ndarray:
        """z, brought into the box."""
        return np.clip(z, self.low, self.high)

    def at(self, z: np.ndarray) -> tuple[float, np.ndarray]:
        """The loss over the whole data there, and its gradient by z."""
        objective = self._objective
        moved = torch.from_numpy(z).to(self._x)
        point = moved if self._map is None else self._x + self._map @ moved
        with objective.at(point):
            value, gradient = objective.value_and_gradient()
        back = gradient if self._map is None else self._map.T @ gradient
        return value, back.double().cpu().numpy()

    def drawn(self, generator: np.random.Generator) -> np.ndarray:
        """A point of the box, uniformly."""
        return self.held(generator.uniform(self.low, self.high))

    def at_bounds(self, z: np.ndarray) -> float:
        """The share of the coordinates that are at a bound."""
        return float(((z <= self.low) | (z >= self.high)).mean())


def _inward(x: Tensor, half: Tensor, dtype: torch.dtype) -> tuple[np.ndarray, np.ndarray]:
    """x − half and x + half in a precision, one step towards x so that rounding does not lead out."""
    low, high = (x - half).to(dtype), (x + half).to(dtype)
    inf = torch.tensor(torch.inf, dtype=dtype)
    return torch.nextafter(low, inf).double().numpy(), torch.nextafter(high, -inf).double().numpy()
