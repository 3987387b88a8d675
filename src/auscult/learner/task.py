"""What a small real training is made of: data, a model, a loss; and a Learner on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import torch
from torch import Tensor, nn
from torch.utils.data import BatchSampler, DataLoader, Dataset, RandomSampler, Sampler, SequentialSampler, TensorDataset

from auscult.learner.learner import Learner

EVALUATED = 1024  # examples of a batch where nothing is learnt


@dataclass(frozen=True)
class Task:
    """A small real training.

    name: what it is called. train, valid, test: data sets of (input, target); test may be None.
    model: makes a model, from torch's own random stream. loss: loss(outputs, targets), the mean over a batch's
        examples. metrics: as `auscult.Learner` takes them.
    """

    name: str
    train: Dataset[Any]
    valid: Dataset[Any]
    test: Dataset[Any] | None
    model: Callable[[], nn.Module]
    loss: Callable[[Any, Any], Tensor]
    metrics: tuple[Any, ...] = ()

    def learner(
        self,
        opt: Callable[..., torch.optim.Optimizer],
        batch: int = 64,
        seed: int = 0,
        workers: int = 0,
        **options: Any,
    ) -> Learner:
        """A Learner on the task: its model and the order of its examples are those of the seed.

        workers: processes that read the examples. options: what `auscult.Learner` takes besides. The random stream of
        torch is left as it is.
        """
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            model = self.model()
        return Learner(
            model,
            loader(self.train, batch, seed, workers),
            loader(self.valid, EVALUATED, workers=workers),
            self.loss,
            opt,
            self.metrics,
            test=None if self.test is None else loader(self.test, EVALUATED, workers=workers),
            **options,
        )


@runtime_checkable
class Ordered(Protocol):
    """A data set that gives its examples an order of its own."""

    def order(self, generator: torch.Generator) -> Sampler[Any]:
        """The order to train in: it draws from the generator, anew each time it is gone over."""
        ...


def loader(data: Dataset[Any], batch: int, seed: int | None = None, workers: int = 0) -> DataLoader[Any]:
    """Batches of a data set: in an order of the seed's, the last smaller one left out; without a seed all, as they lie.

    Of a TensorDataset a batch is taken at once, which saves most of what a DataLoader of small examples costs.
    """
    order: Any = SequentialSampler(data)  # type: ignore[arg-type]
    if seed is not None:
        generator = torch.Generator().manual_seed(seed)
        order = data.order(generator) if isinstance(data, Ordered) else RandomSampler(data, generator=generator)  # type: ignore[arg-type]
    batches = BatchSampler(order, batch, drop_last=seed is not None)
    if isinstance(data, TensorDataset):
        return DataLoader(data, sampler=batches, batch_size=None, num_workers=workers)
    return DataLoader(data, batch_sampler=batches, num_workers=workers)
