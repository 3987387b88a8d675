"""`spectrum`: how the eigenvalues of the Hessian are spread, by stochastic Lanczos quadrature."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from auscult.curvature.lanczos import quadratures
from auscult.curvature.objective import Objective
from auscult.errors import CurvatureError

if TYPE_CHECKING:
    import plotly.graph_objects as go

FAINTEST = 1e-7  # of the highest density, that is drawn


@dataclass(frozen=True)
class Spectrum:
    """The density of a Hessian's eigenvalues, an estimate.

    nodes, weights: of the quadrature from each start, (starts, steps); the weights of a start sum to 1.
    grid, density, error: the density smoothed by Gaussians of standard deviation `width`, its mean over the starts at
    each point of the grid, (points,), integrating to 1, and the standard error of that mean.
    size: the number of eigenvalues. reorthogonalised: without, nodes may be there in copies that share their weight.
    """

    nodes: np.ndarray
    weights: np.ndarray
    grid: np.ndarray
    density: np.ndarray
    error: np.ndarray
    width: float
    size: int
    products: int
    reorthogonalised: bool

    @property
    def lowest(self) -> float:
        """The smallest node that carries weight: near the smallest eigenvalue, from above."""
        return float(self.nodes[self.weights > 0].min())

    @property
    def highest(self) -> float:
        """The largest node that carries weight: near the largest eigenvalue, from below."""
        return float(self.nodes[self.weights > 0].max())

    def moment(self, power: int) -> tuple[float, float]:
        """Σ λ^power / size, and its standard error; of power 1 times the size it is the trace."""
        return _mean((self.weights * self.nodes**power).sum(1))

    def share(self, low: float, high: float = np.inf) -> tuple[float, float]:
        """The share of the eigenvalues between low and high, not smoothed, and its standard error."""
        return _mean((self.weights * ((self.nodes >= low) & (self.nodes <= high))).sum(1))

    @property
    def plot(self) -> go.Figure:
        """The density over the eigenvalues, by its logarithm, with its standard error: most are near zero."""
        from auscult.pictures import LINE, figure

        plot = figure("eigenvalue of the Hessian", "density", height=340)
        floor = float(self.density.max()) * FAINTEST
        seen = np.maximum(self.density, floor)
        unsure = np.nan_to_num(self.error)
        edge = {"x": self.grid, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
        plot.add_scatter(y=np.maximum(seen - unsure, floor), **edge)
        plot.add_scatter(y=seen + unsure, fill="tonexty", fillcolor="rgba(74,111,212,.22)", **edge)
        plot.add_scatter(
            x=self.grid, y=seen, mode="lines", line={"color": LINE, "width": 1.8}, showlegend=False,
            hovertemplate="%{x:.4g}: %{y:.3g}<extra></extra>",
        )  # fmt: skip
        return plot.update_yaxes(type="log", range=[np.log10(floor), None], exponentformat="power", dtick=1)

    def __str__(self) -> str:
        negative, unsure = self.share(-np.inf, -self.width)
        return (
            f"spectrum of {self.size:,} eigenvalues from {self.lowest:.4g} to {self.highest:.4g}; "
            f"{negative:.1%} ± {unsure:.1%} below −{self.width:.2g}; {self.products} Hessian-vector products"
        )


def spectrum(
    objective: Objective,
    *,
    starts: int = 8,
    steps: int = 80,
    width: float | None = None,
    points: int = 1000,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Spectrum:
    """The density of the Hessian's eigenvalues (Ghorbani, Krishnan & Xiao 2019; Yao et al. 2020, PyHessian).

    From each start, a random vector of ±1, so many steps of Lanczos give a quadrature that is exact for polynomials of
    degree below twice the steps; smoothed by a Gaussian, and averaged over the starts.

    Args:
        width: standard deviation of the Gaussian; by default a hundredth of the range of the nodes.
        points: of the grid, which reaches five widths beyond the nodes.
        progress: called with (products done, products).

    The vectors of all steps are held, (starts, steps, parameters), and the starts go together, where that fits in the
    objective's `memory`; otherwise one start after another, or where one does not fit either, without
    reorthogonalisation. Raises CurvatureError, and what the objective raises.
    """
    if starts < 1 or steps < 1 or points < 2 or (width is not None and width <= 0):
        raise CurvatureError("starts and steps are to be at least 1, points at least 2, and width larger than 0")
    steps = min(steps, objective.size)
    generator = torch.Generator().manual_seed(seed)
    with objective.hessian() as h:
        fit = objective.memory // (2 * h.size * torch.empty(0, dtype=h.dtype).element_size() * steps)
        together, keep = max(1, min(starts, fit)), fit >= 1
        found = []
        for first in range(0, starts, together):
            count = min(together, starts - first)
            drawn = torch.randint(0, 2, (count, h.size), generator=generator, dtype=torch.int8)
            unit = (2 * drawn - 1).to(h.device, h.dtype) / h.size**0.5

            def tell(step: int, of: int, first: int = first, count: int = count) -> None:
                if progress is not None:
                    progress(first * of + step * count, starts * of)

            found.append(quadratures(h.products, unit, steps, keep=keep, progress=tell))
    nodes, weights = (np.concatenate(parts) for parts in zip(*found, strict=True))
    low, high = float(nodes[weights > 0].min()), float(nodes[weights > 0].max())
    sigma: float = width or max((high - low) / 100, 1e-12 * max(abs(low), abs(high)), 1e-150)
    grid = np.linspace(low - 5 * sigma, high + 5 * sigma, points)
    each = np.stack([_smoothed(grid, n, w, sigma) for n, w in zip(nodes, weights, strict=True)])
    error = each.std(0, ddof=1) / starts**0.5 if starts > 1 else np.full(points, np.nan)
    return Spectrum(nodes, weights, grid, each.mean(0), error, sigma, h.size, starts * steps, keep)


def _smoothed(grid: np.ndarray, nodes: np.ndarray, weights: np.ndarray, width: float) -> np.ndarray:
    away = (grid[:, None] - nodes) / width
    return (weights * np.exp(-0.5 * away**2)).sum(1) / (width * np.sqrt(2 * np.pi))


def _mean(values: np.ndarray) -> tuple[float, float]:
    error = float(values.std(ddof=1)) / len(values) ** 0.5 if len(values) > 1 else float("nan")
    return float(values.mean()), error
