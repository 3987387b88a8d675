"""A small Learner: trains, shows each epoch, and is put down and taken up again to the last bit.

    from auscult.learner import Learner, accuracy

    learn = Learner(model, train, valid, torch.nn.functional.cross_entropy, torch.optim.AdamW, accuracy)
    print(learn.lr_find())
    learn.fit_one_cycle(3, 3e-3, watch=True)
    learn.evaluate("test")

It has no door of its own to the observer: `auscult.watch` and `auscult run` hear it as they hear any loop.
"""

from auscult.learner.callback import EVENTS, Callback
from auscult.learner.early_stop import EarlyStop
from auscult.learner.evaluation import Scores
from auscult.learner.fit import Fit
from auscult.learner.keeping import Checkpoint, History, Record
from auscult.learner.learner import Learner
from auscult.learner.lr_find import FoundRates
from auscult.learner.metrics import Metric, accuracy, error_rate, mean_absolute_error, perplexity
from auscult.learner.one_cycle import OneCycle
from auscult.learner.precision import GradientClip, MixedPrecision
from auscult.learner.schedule import Schedule, Scheduler
from auscult.learner.table import EpochTable, Row
from auscult.learner.task import Task

__all__ = [
    "EVENTS", "Callback", "Checkpoint", "EarlyStop", "EpochTable", "Fit", "FoundRates", "GradientClip", "History",
    "Learner", "Metric", "MixedPrecision", "OneCycle", "Record", "Row", "Schedule", "Scheduler", "Scores", "Task",
    "accuracy", "error_rate", "mean_absolute_error", "perplexity",
]  # fmt: skip
