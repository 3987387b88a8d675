"""Stories told with the model of names: the same training several times, one thing changed each time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from typing import Any

from torch import Generator

from auscult.observe.recorder import Recorder
from auscult.observe.watch import watch
from auscult.recipes.names.data import Split
from auscult.recipes.names.model import NamesMLP
from auscult.recipes.names.training import SEED, descend, lecture_rate, loss_of, sample

SAMPLED = 10  # names each model makes up at its end


@dataclass(frozen=True)
class Stage:
    """One training of a story.

    name: of its run. said: what is special about it, in a few words. model: options of NamesMLP. lr: the learning rate;
    by default the lecture's.
    """

    name: str
    said: str
    model: Mapping[str, Any] = field(default_factory=dict)
    lr: float | None = None

    def run(
        self,
        splits: Sequence[Split],
        steps: int,
        dir: str | PathLike[str],
        on_step: Callable[[int], None] = lambda step: None,
    ) -> Recorder:
        """Train on the first split, evaluate on the first two, make up names; all of it recorded as a run in `dir`."""
        train, valid = splits[:2]
        rate = self.lr
        generator = Generator().manual_seed(SEED)
        model = NamesMLP(generator=generator, **self.model)
        with watch(model, dir=dir, name=self.name) as recorder:
            lr = lecture_rate(steps) if rate is None else lambda step: rate
            descend(model, train, steps, lr, generator=generator, on_step=on_step)
            recorder.log(train_loss=loss_of(model, train), valid_loss=loss_of(model, valid))
            recorder.note("made up names", sample(model, SAMPLED))
        return recorder


@dataclass(frozen=True)
class Story:
    """Trainings to be compared, and what they are about."""

    title: str
    stages: tuple[Stage, ...]


_CONFIDENT = {"last_weight_std": 1, "last_bias_std": 1}
_SATURATED = {"weight_std": 1, "bias_std": 1}

STORIES = {
    "rates": Story(
        "One model of first names, three learning rates",
        (
            Stage("demo-too-low", "learning rate 0.0001", lr=0.0001),
            Stage("demo-about-right", "learning rate 0.1", lr=0.1),
            Stage("demo-too-high", "learning rate 20", lr=20.0),
        ),
    ),
    "names": Story(
        "One model of first names, mended step by step",
        (
            Stage("original", "all drawn from N(0, 1)", _CONFIDENT | _SATURATED),
            Stage("softmax", "no confident first guess: W2 × 0.01, b2 zero", _SATURATED),
            Stage("tanh", "nor saturated units: W1 × 0.2, b1 × 0.01", {"weight_std": 0.2}),
            Stage("kaiming", "the same by rule: W1 × (5/3)/√fan_in"),
            Stage("batch-norm", "batch norm in place of b1", {"norm": "scratch"}),
        ),
    ),
}
