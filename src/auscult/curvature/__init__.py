"""The loss as a function of the parameters: gradient, Hessian-vector products, and what is measured by them.

import auscult

objective = auscult.curvature.Objective(model, loader, torch.nn.functional.cross_entropy)
with objective.at(point):
    objective.value(), objective.gradient(), objective.hvp(v)
"""

from auscult.curvature.hessian import Hessian
from auscult.curvature.objective import Objective

__all__ = ["Hessian", "Objective"]
