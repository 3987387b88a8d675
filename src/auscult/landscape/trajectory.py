"""The path of a training, seen on the plane in which it moves most (Li et al. 2018, arXiv 1712.09913, section 7.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from auscult.curvature import Objective
from auscult.errors import LandscapeError
from auscult.landscape.progress import Progress
from auscult.landscape.states import Given, state_of, tensors_in
from auscult.landscape.surface import Surface, surface

if TYPE_CHECKING:
    import plotly.graph_objects as go

_BLOCK = 1 << 18  # parameters of every checkpoint that are in float64 at a time


@dataclass(frozen=True)
class Trajectory:
    """Checkpoints on their first two principal directions, seen from the final one.

    path: (checkpoints, 2), the last at (0, 0). explained: the share of the variance along each direction. final and
    directions: vectors, (parameters,), the directions orthonormal.
    """

    path: np.ndarray
    explained: tuple[float, float]
    final: Tensor
    directions: tuple[Tensor, Tensor]

    def axes(self, steps: int = 51, margin: float = 0.2) -> tuple[np.ndarray, np.ndarray]:
        """Coordinates that hold the path with a margin, a share of its length, on all sides."""
        low, high = self.path.min(0), self.path.max(0)
        room = margin * (high - low).max()
        return np.linspace(low[0] - room, high[0] + room, steps), np.linspace(low[1] - room, high[1] + room, steps)

    def surface(
        self,
        objective: Objective,
        *,
        steps: int = 51,
        margin: float = 0.2,
        splits: Mapping[str, Any] | None = None,
        metrics: Any = (),
        points: Sequence[int] | range | None = None,
        begun: Surface | None = None,
        progress: Progress | None = None,
        quiet: bool = False,
    ) -> Surface:
        """The loss on this plane around the path; see `auscult.landscape.surface` and `axes`."""
        x, y = self.axes(steps, margin)
        return surface(
            objective, self.directions, origin=self.final, x=x, y=y, splits=splits, metrics=metrics, points=points,
            begun=begun, progress=progress, quiet=quiet,
        )  # fmt: skip

    def plot(self, ground: Surface | None = None) -> go.Figure:
        """The path, on the contour of its surface where that is given."""
        from auscult.landscape import figures

        return figures.trajectory(self, ground)

    def __str__(self) -> str:
        first, second = self.explained
        return (
            f"path of {len(self.path)} checkpoints; its directions explain {first:.1%} and {second:.1%} of the variance"
        )

    __repr__ = __str__


def trajectory(objective: Objective, checkpoints: Sequence[Given], final: Given | None = None) -> Trajectory:
    """The principal components of θ_t − θ_final over checkpoints, and the path on the first two.

    The differences are centred, as in the authors' program; explained variance is the share of all checkpoints'
    variance about their mean. The final one is not among them. Directions and path come from the matrix of inner
    products of the checkpoints, in float64: beside the checkpoints and the two directions there is never more than a
    block of parameters of each in memory.

    Args:
        checkpoints: vectors, (parameters,), state_dicts or modules, in order of time.
        final: the last; by default the last of `checkpoints`.

    Raises LandscapeError where they span no plane.
    """
    given = list(checkpoints)
    if final is None and given:
        final = given.pop()
    if len(given) < 3 or final is None:
        raise LandscapeError(
            f"a plane takes three checkpoints and the final one, got {len(given)} and the final; use interpolate"
        )
    rows = [tensors_in(objective, one) for one in given]
    end = tensors_in(objective, final)
    gram = torch.zeros(len(rows), len(rows), dtype=torch.float64)
    for _, block in _blocks(rows, end):
        gram += block @ block.T
    middle = torch.eye(len(rows), dtype=torch.float64) - 1 / len(rows)
    centred = middle @ gram @ middle
    if not bool(torch.isfinite(centred).all()):
        raise LandscapeError("a checkpoint has values that are not finite; leave it out")
    values, vectors = torch.linalg.eigh(centred)
    values, vectors = values.flip(0), vectors.flip(1)
    if not values[1] > 1e-12 * float(gram.diagonal().max()):
        raise LandscapeError("the checkpoints lie on a line, so that they span no plane; use interpolate")
    combine = middle @ vectors[:, :2] / values[:2].sqrt()  # (checkpoints, 2): the directions are rowsᵀ · combine
    path = gram @ combine
    combine, path = combine * path[0].sign(), path * path[0].sign()  # so that the path begins at positive coordinates
    found = torch.empty(2, objective.size, dtype=torch.float64)
    for where, block in _blocks(rows, end):
        found[:, where] = combine.T @ block
    first, second = (d.to(objective.layout.device, objective.layout.dtype) for d in found)
    shares = (values[:2] / values.clamp(min=0).sum()).tolist()
    return Trajectory(
        np.concatenate([path.numpy(), np.zeros((1, 2))]),
        (shares[0], shares[1]),
        state_of(objective, final).vector,
        (first, second),
    )


def _blocks(rows: list[dict[str, Tensor]], end: dict[str, Tensor]) -> Any:
    """Stretches of all parameters, each with θ_t − θ_final there, (checkpoints, stretch) float64."""
    at = 0
    for name, last in end.items():
        for begin in range(0, last.numel(), _BLOCK):
            stretch = slice(begin, begin + _BLOCK)
            to = _wide(last, stretch)
            block = torch.stack([_wide(row[name], stretch) - to for row in rows])
            yield slice(at, at + block.shape[1]), block
            at += block.shape[1]


def _wide(tensor: Tensor, stretch: slice) -> Tensor:
    return tensor.reshape(-1)[stretch].to("cpu", torch.float64)
