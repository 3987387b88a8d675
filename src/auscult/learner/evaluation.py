"""What a model gives for a split: loss and metrics over every example, and not a trace in the model or the streams."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from auscult.anatomy.batches import move
from auscult.anatomy.passes import call
from auscult.anatomy.streams import undisturbed
from auscult.errors import LearnerError
from auscult.learner.batches import device_of, take
from auscult.learner.callback import Callback
from auscult.learner.display import Tick
from auscult.learner.means import WeightedMean

if TYPE_CHECKING:
    from auscult.learner.learner import Learner


@dataclass(frozen=True)
class Scores:
    """A split's loss and metrics, over so many examples."""

    split: str
    loss: float
    metrics: dict[str, float]
    examples: int

    def __str__(self) -> str:
        numbers = {"loss": self.loss, **self.metrics}
        told = ", ".join(f"{name} {value:#.6g}" for name, value in numbers.items())
        return f"{self.split}: {told} ({self.examples:,} examples)"


def evaluate(learner: Learner, split: str, tick: Tick) -> Scores:
    """Loss and metrics of a split, in eval mode and without gradients; the random streams stay as they are."""
    loader = learner.splits[split]
    assert loader is not None
    device = device_of(learner.model)
    mean, metrics, examples = WeightedMean(), learner.metrics.fresh(), 0
    with undisturbed(learner.splits), evaluating(learner.model), torch.no_grad():
        for batch in loader:
            inputs, targets, n = take(batch, learner.unpack)
            inputs, targets = move(inputs, device), move(targets, device)
            with forward(learner.callbacks, device):
                outputs = call(learner.model, inputs)
                loss = learner.loss(outputs, targets)
            mean.add(one_number(loss), n)
            metrics.update(outputs, targets, n)
            examples += n
            tick(loss)
    if not examples:
        raise LearnerError(f"the {split} split gave no batch; give a loader that begins anew each time it is gone over")
    return Scores(split, mean.value(), metrics.values(), examples)


def predict(learner: Learner, inputs: Any) -> Any:
    """What the model gives for inputs in eval mode, without gradients; the random streams stay as they are."""
    device = device_of(learner.model)
    with undisturbed({}), evaluating(learner.model), torch.no_grad(), forward(learner.callbacks, device):
        return call(learner.model, move(inputs, device))


@contextmanager
def forward(callbacks: list[Callback], device: torch.device) -> Iterator[None]:
    """What the callbacks want a forward pass and its loss to run under."""
    with ExitStack() as stack:
        for callback in callbacks:
            if type(callback).forward_context is not Callback.forward_context:
                stack.enter_context(callback.forward_context(device))
        yield


@contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """The model in eval mode; afterwards each module is in the mode it was in."""
    with modes_kept(model):
        model.eval()
        yield


@contextmanager
def modes_kept(model: nn.Module) -> Iterator[None]:
    """Each module in the mode it was in, afterwards."""
    modes = [(module, module.training) for module in model.modules()]
    try:
        yield
    finally:
        for module, training in modes:
            module.training = training


def one_number(loss: Any) -> Tensor:
    """The loss, where it is a tensor of one element; LearnerError where it is not."""
    if not isinstance(loss, Tensor):
        raise LearnerError(f"the loss gave a {type(loss).__name__}; it is to give a tensor of one element")
    if loss.numel() != 1:
        raise LearnerError(f"the loss has shape {tuple(loss.shape)}; it is to be the batch's mean, one element")
    return loss.reshape(())
