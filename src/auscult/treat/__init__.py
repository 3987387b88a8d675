"""Remedies one can apply, one call each, measured before and after; where one fails, the model is as it was.

    import auscult

    print(auscult.treat.initialise(model, (inputs, targets), torch.nn.functional.cross_entropy))

Every remedy takes a model, a batch and a loss as `auscult.anatomy.passes` says, changes tensors in place, and returns
a frozen report that prints as a table.
"""

from auscult.treat.biases import Folding, fold_bias
from auscult.treat.calibration import Calibration, NormChange, calibrate_norms
from auscult.treat.draw import initialise
from auscult.treat.measure import LayerState, NetworkState
from auscult.treat.norms import NormComparison, NormRow, compare_norms
from auscult.treat.orthonormal import lsuv
from auscult.treat.rate import GroupRate, SuggestedRate, suggest_lr
from auscult.treat.scale import gains
from auscult.treat.treatment import LeftAlone, Treatment

__all__ = [
    "Calibration", "Folding", "GroupRate", "LayerState", "LeftAlone", "NetworkState", "NormChange", "NormComparison",
    "NormRow", "SuggestedRate", "Treatment", "calibrate_norms", "compare_norms", "fold_bias", "gains", "initialise",
    "lsuv", "suggest_lr",
]  # fmt: skip
