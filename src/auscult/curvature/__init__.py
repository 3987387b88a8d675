"""The loss as a function of the parameters: gradient, Hessian-vector products, and what is measured by them.

    import auscult

    objective = auscult.curvature.Objective(model, loader, torch.nn.functional.cross_entropy)
    print(auscult.curvature.eigen(objective, 5))          # eigenvalues of the Hessian, each with its error
    print(auscult.curvature.edge(objective, optimizer))   # what the learning rate bears
    print(auscult.curvature.sharpness(objective))         # Keskar et al. 2016

Everything is of the loss over whole data at the present parameters, and leaves the model as it was.
"""

from auscult.curvature.edge import Edge, edge
from auscult.curvature.eigen import Eigen, eigen
from auscult.curvature.hessian import Hessian
from auscult.curvature.objective import Objective
from auscult.curvature.sharpness import Sharpness, sharpness
from auscult.curvature.spectrum import Spectrum, spectrum
from auscult.curvature.trace import Estimate, Trace, trace

__all__ = [
    "Edge", "Eigen", "Estimate", "Hessian", "Objective", "Sharpness", "Spectrum", "Trace", "edge", "eigen", "sharpness",
    "spectrum", "trace",
]  # fmt: skip
