"""Callbacks that keep what a fit comes to: in a run, in a CSV file, in checkpoints."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from auscult.errors import LearnerError
from auscult.learner.callback import Callback
from auscult.learner.checkpoint_file import write_checkpoint
from auscult.learner.state import state_of
from auscult.observe.recorder import listening

if TYPE_CHECKING:
    from auscult.learner.fit import Fit

LAST = "last.pt"


class Hears(Protocol):
    """What `auscult.watch` gives, or anything that takes the same two calls."""

    def log(self, **scalars: float) -> None:
        """Numbers for the step going on."""

    def epoch(self) -> None:
        """An epoch begins with the next step."""


class Record(Callback):
    """Tells a recorder when an epoch begins and what it came to: train_loss, valid_loss, and metrics as valid_NAME.

    It says what any loop may say with `recorder.epoch()` and `recorder.log(...)`, and no more. Without a recorder it
    tells whichever listen to the fit's optimizer, and lets them notice the epochs by themselves; a learner does so by
    default.
    """

    order = 80

    def __init__(self, recorder: Hears | None = None) -> None:
        if recorder is not None and not (hasattr(recorder, "log") and hasattr(recorder, "epoch")):
            raise LearnerError(f"Record takes what auscult.watch gives, got a {type(recorder).__name__}; give that")
        self._recorder = recorder

    def before_train(self, fit: Fit) -> None:
        """An epoch begins."""
        if self._recorder is not None:
            self._recorder.epoch()

    def after_epoch(self, fit: Fit) -> None:
        """What it came to."""
        losses = {"train_loss": fit.row.train_loss}
        if fit.row.valid_loss is not None:
            losses["valid_loss"] = fit.row.valid_loss
        numbers = losses | {f"valid_{name}": value for name, value in fit.row.metrics.items()}
        for recorder in (self._recorder,) if self._recorder is not None else listening(fit.optimizer):
            recorder.log(**numbers)


class History(Callback):
    """Keeps the learner's table in a CSV file, whole after each epoch: epoch, the numbers in full, seconds."""

    order = 80

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)

    def after_epoch(self, fit: Fit) -> None:
        """Write it anew, so that it is the table, also after a resume."""
        table, part = fit.learner.table, self.path.with_name(f".{self.path.name}.part")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with open(part, "w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file)
                writer.writerow(["epoch", *table.names, "seconds"])
                for row in table:
                    numbers = row.numbers()
                    writer.writerow([row.epoch, *(numbers.get(name, "") for name in table.names), row.seconds])
            os.replace(part, self.path)
        except OSError as e:
            raise LearnerError(f"cannot write {self.path}: {e.strerror}; give a place that can be written") from e


class Checkpoint(Callback):
    """Keeps in a folder the state after the last epoch, `last.pt`, whole at any moment; `fit(resume=True)` takes it up.

    every: after each N-th epoch, and after the last.
    """

    order = 1000  # when every other callback has done with the epoch

    def __init__(self, folder: str | os.PathLike[str], every: int = 1) -> None:
        if every < 1:
            raise LearnerError(f"every is a number of epochs from 1 up, got {every}; 1 keeps each")
        self.folder, self.every = Path(folder), every

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / LAST

    def after_epoch(self, fit: Fit) -> None:
        """Write it."""
        done = fit.epoch + 1
        if done % self.every == 0 or done == fit.epochs or fit.stopped is not None:
            write_checkpoint(self.path, state_of(fit.learner, fit.callbacks, fit.progress()))
