"""The loss seen along lines and on surfaces through the parameters.

    import auscult
    from auscult import landscape

    objective = auscult.curvature.Objective(model, train, torch.nn.functional.cross_entropy, norm="data")
    landscape.surface(objective).plot                              # filter-normalised, 51 × 51
    landscape.interpolate(objective, small, large, splits={"valid": valid}, metrics=auscult.learner.accuracy)
    path = landscape.trajectory(objective, checkpoints)
    path.plot(path.surface(objective))

More pictures are in `auscult.landscape.figures`.
"""

from auscult.landscape.directions import random_directions, scaled
from auscult.landscape.interpolate import Interpolation, Width, interpolate
from auscult.landscape.surface import Interrupted, Surface, joined, surface
from auscult.landscape.sweep import Measured
from auscult.landscape.trajectory import Trajectory, trajectory

__all__ = [
    "Interpolation", "Interrupted", "Measured", "Surface", "Trajectory", "Width", "interpolate", "joined",
    "random_directions", "scaled", "surface", "trajectory",
]  # fmt: skip
