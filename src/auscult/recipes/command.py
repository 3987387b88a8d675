"""What the recipes' commands share: their options, and the fit they ask for."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import torch

from auscult import exits, optim
from auscult.errors import AuscultError
from auscult.learner import Learner
from auscult.learner.task import Task
from auscult.recipes.course import Course

PRESETS = {
    name: made
    for name, made in vars(optim).items()
    if isinstance(made, type) and issubclass(made, optim.Optimizer) and made is not optim.Optimizer
}


@dataclass(frozen=True)
class FitOptions:
    """A fit with the one-cycle policy, as a command asks for it.

    opt: a name in PRESETS. lr: the highest learning rate. plot: an HTML file to write, or None. device: as torch names
        it.
    """

    opt: str
    lr: float
    epochs: int
    batch: int
    seed: int
    plot: str | None
    device: str = "cpu"

    def run(self, task: Task, workers: int = 0) -> Learner:
        """Train on a task: print what it is, the epoch table, and what comes of the test split where there is one.

        workers: processes that read the data. Raises AuscultError where the plot's folder or the device is not there,
        or a batch is larger than the data.
        """
        if self.plot is not None and not Path(self.plot).absolute().parent.is_dir():
            raise AuscultError(f"there is no folder to write {self.plot} in; make it, or name a file elsewhere")
        examples = len(task.train)  # type: ignore[arg-type]
        if self.batch > examples:
            raise AuscultError(
                f"a batch of {self.batch:,} is more than the {examples:,} to train on; give a smaller one"
            )
        try:
            torch.empty(0, device=self.device).cpu()
        except (RuntimeError, AssertionError, NotImplementedError) as e:
            why = str(e).splitlines()[0]
            raise AuscultError(
                f"the device {self.device} cannot be used: {why}; give cpu, or one that is there"
            ) from None
        learner = task.learner(PRESETS[self.opt], self.batch, self.seed, workers, device=self.device)
        _say(f"{task.name}: {_sizes(task)}")
        _say(f"{type(learner.model).__name__} with {_parameters(learner):,} parameters")
        _say(f"{self.opt}, one cycle up to lr {self.lr:g}, batches of {self.batch}, seed {self.seed}\n")
        course = Course()
        try:
            learner.fit_one_cycle(self.epochs, self.lr, callbacks=[course])
        except AuscultError as e:  # a worker's comes with its traceback before it
            raise AuscultError(str(e).splitlines()[-1].removeprefix("auscult.errors.AuscultError: ")) from None
        if task.test is not None:
            _say(f"\n{learner.evaluate('test')}")
        if self.plot is not None:
            course.write(self.plot, f"{task.name}: {self.opt}, one cycle up to lr {self.lr:g}")
            _say(f"\nplot: {self.plot}")
        return learner


def fit_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the options of a fit, and the FitOptions they make as its argument `fit`."""

    @click.option("--opt", type=click.Choice(sorted(PRESETS)), default="Adam", show_default=True, help="Optimizer.")
    @click.option(
        "--lr", metavar="X", type=float, default=3e-3, show_default=True, help="Highest learning rate of the cycle."
    )
    @click.option(
        "--epochs", metavar="N", type=click.IntRange(1), default=3, show_default=True, help="Times through the data."
    )
    @click.option(
        "--batch", metavar="N", type=click.IntRange(1), default=64, show_default=True, help="Examples of a step."
    )
    @click.option(
        "--seed", metavar="N", type=int, default=0, show_default=True, help="Of the model's start and of the order."
    )
    @click.option("--plot", metavar="FILE", help="Draw loss, learning rate and momentum into an HTML file.")
    @click.option("--device", default="cpu", show_default=True, help="Where to train: cpu, cuda, mps.")
    @functools.wraps(command)
    def with_fit(
        opt: str, lr: float, epochs: int, batch: int, seed: int, plot: str | None, device: str, **own: Any
    ) -> Any:  # own: the command's
        return command(FitOptions(opt, lr, epochs, batch, seed, plot, device), **own)

    return with_fit


def main(command: click.Command, name: str) -> None:
    """Run a recipe's command as a program; where it cannot do its work, one line and exit 2."""
    exits.call(command, f"python -m auscult.recipes.{name}")


def _sizes(task: Task) -> str:
    parts = {"to train": task.train, "to validate": task.valid, "to test": task.test}
    return ", ".join(f"{len(part):,} {what}" for what, part in parts.items() if part is not None)  # type: ignore[arg-type]


def _parameters(learner: Learner) -> int:
    return sum(p.numel() for p in learner.model.parameters())


def _say(text: str) -> None:
    print(text, flush=True)  # the epoch table comes through another console
