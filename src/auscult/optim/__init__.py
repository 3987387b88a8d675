"""Optimizers composed of parts one can read, plot and recombine; each is a torch.optim.Optimizer.

    from auscult.optim import Adam, Optimizer, average_sqr_grad, rms_prop, weight_decay

    print(Adam(model.parameters(), lr=3e-3))    # its parts and hyper-parameters
    Optimizer(model.parameters(), [weight_decay, average_sqr_grad, rms_prop], lr=1e-3, weight_decay=0.1)

Parts are run in their order, on all tensors at once: statistics read the gradient, shapers change it, one stepper moves
the parameters against it, movers move them by themselves. `Optimizer.watch_parts` measures what each contributes.
"""

from auscult.optim.adaptive import adam, amsgrad, lamb, qhadam, radam, rms_prop
from auscult.optim.bundle import Bundle
from auscult.optim.contributions import Contribution, ParameterUpdate, Watched
from auscult.optim.optimizer import Optimizer
from auscult.optim.part import Declares, Hyper, Mover, Part, Shaper, State, Statistic, Stepper
from auscult.optim.presets import LAMB, LARC, SGD, Adam, AdamW, Lion, Lookahead, Momentum, QHAdam, RAdam, RMSProp
from auscult.optim.rates import RateHistogram, rate_histogram
from auscult.optim.shapers import l2_reg, larc
from auscult.optim.statistics import average_grad, average_sqr_grad, debias, maximum, step_count
from auscult.optim.steppers import lion, lookahead, momentum, nesterov, sgd, weight_decay

__all__ = [
    "LAMB", "LARC", "SGD", "Adam", "AdamW", "Bundle", "Contribution", "Declares", "Hyper", "Lion", "Lookahead",
    "Momentum", "Mover", "Optimizer", "ParameterUpdate", "Part", "QHAdam", "RAdam", "RMSProp", "RateHistogram",
    "Shaper", "State", "Statistic", "Stepper", "Watched", "adam", "amsgrad", "average_grad", "average_sqr_grad",
    "debias", "l2_reg", "lamb", "larc", "lion", "lookahead", "maximum", "momentum", "nesterov", "qhadam", "radam",
    "rate_histogram", "rms_prop", "sgd", "step_count", "weight_decay",
]  # fmt: skip
