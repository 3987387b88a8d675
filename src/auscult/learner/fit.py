"""`Fit`: one fit going on. The training loop, and what callbacks see of it and may ask of it."""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from auscult.anatomy.batches import move
from auscult.anatomy.passes import call
from auscult.errors import LearnerError
from auscult.learner.batches import Batch, device_of, length, take
from auscult.learner.callback import EVENTS, Callback, in_order
from auscult.learner.display import Display, Tick
from auscult.learner.evaluation import Scores, forward, modes_kept, one_number
from auscult.learner.evaluation import evaluate as evaluate_split
from auscult.learner.means import WeightedMean
from auscult.learner.state import load_state
from auscult.learner.table import Row

if TYPE_CHECKING:
    from auscult.learner.learner import Learner


_BEFORE_THE_STEP = EVENTS[EVENTS.index("before_batch") : EVENTS.index("after_step")]


class _Stop(Exception):
    """The fit is to end now."""


class _Skip(Exception):
    """The step this batch belongs to is not to be made."""


class Fit:
    """A fit going on; each event of a callback gets it.

    epoch, epochs: the index of the epoch in this fit, and how many there are to be. batch: the index of the batch in
    its epoch. step, steps: how many steps this fit has made, and will (None where the loader has no len).
    inputs, targets, examples: of the batch. outputs, loss: what came of it; a callback may replace any of these.
    train_loss: the mean over the epoch's examples so far. scores: of the validation split. row: of the epoch.
    scaler: what scales the losses, where mixed precision does. stopped: why it was stopped. error: what it failed of.
    """

    def __init__(
        self, learner: Learner, epochs: int, callbacks: list[Callback], display: Display, plan: Mapping[str, Any]
    ) -> None:
        self.learner, self.epochs, self.callbacks = learner, epochs, in_order(callbacks)
        self.model: nn.Module = learner.model
        self.optimizer: torch.optim.Optimizer = learner.optimizer
        batches = length(learner.splits["train"])
        self.batches = batches
        self.steps = None if batches is None else epochs * -(-batches // learner.accumulate)
        self.epoch = self.batch = self.step = self.examples = 0
        self.inputs: Any = None
        self.targets: Any = None
        self.outputs: Any = None
        self.loss: Tensor | None = None
        self.scores: Scores | None = None
        self.scaler: torch.amp.GradScaler | None = None
        self.stopped: str | None = None
        self.error: BaseException | None = None
        self._row: Row | None = None
        self._plan = dict(plan)
        self._mean = WeightedMean()
        self._display = display
        self._skipping = False
        self._device = device_of(self.model)
        self._listeners = {
            event: [
                getattr(c, event) for c in self.callbacks if getattr(type(c), event) is not getattr(Callback, event)
            ]
            for event in EVENTS
        }

    # -- what a callback may ask --------------------------------------------------------------------------------

    def stop(self, why: str) -> None:
        """End the fit once every callback has heard this event; an epoch that is not over by then gets no row."""
        self.stopped = self.stopped or why

    def skip_step(self) -> None:
        """Make no step of this batch, nor of those that accumulate with it; asked before the step."""
        self._skipping = True

    @property
    def parameters(self) -> list[Tensor]:
        """What the optimizer moves."""
        return [p for group in self.optimizer.param_groups for p in group["params"]]

    @property
    def train_loss(self) -> float:
        """The mean over the examples of the epoch so far."""
        return self._mean.value()

    @property
    def row(self) -> Row:
        """The row of the last epoch that is over."""
        if self._row is None:
            raise LearnerError("no epoch is over yet; ask for the row in after_epoch")
        return self._row

    @property
    def available(self) -> tuple[str, ...]:
        """The names of the numbers an epoch comes to."""
        return self.learner.table.names

    def number(self, name: str) -> float:
        """A number of the last epoch; LearnerError where no epoch has one of that name."""
        if name not in self.available:
            raise LearnerError(f"no epoch has a {name!r}; there are {', '.join(self.available)}")
        return self.row.numbers()[name]

    def progress(self) -> dict[str, Any]:
        """Where the fit is and what was asked of it, for a checkpoint after an epoch."""
        return {"plan": self._plan, "done": self.epoch + 1, "step": self.step, "stopped": self.stopped}

    # -- the loop -----------------------------------------------------------------------------------------------

    def run(self, resumed: Mapping[str, Any] | None = None) -> None:
        """Train to the end, from where a checkpoint was where one is given."""
        with modes_kept(self.model):
            try:
                self.optimizer.zero_grad()
                self._tell("before_fit")
                if resumed is not None:
                    self._resume(resumed)
                while self.epoch < self.epochs and self.stopped is None:
                    self._one_epoch()
                    self.epoch += 1
            except _Stop:
                pass
            except BaseException as error:
                self.error = error
                raise
            finally:
                self.optimizer.zero_grad()
                self.inputs = self.targets = self.outputs = self.loss = None
                self._tell_the_end()
                self.error = None  # its frames hold this fit, and what that holds

    def _resume(self, state: Mapping[str, Any]) -> None:
        load_state(self.learner, state, self.callbacks)
        self.epoch, self.step, self.stopped = (state["fit"][key] for key in ("done", "step", "stopped"))

    def _one_epoch(self) -> None:
        began = time.perf_counter()
        self._tell("before_epoch")
        self.model.train()
        self._mean, self.batch, self.scores = WeightedMean(), 0, None
        self._tell("before_train")
        title = f"epoch {self.epoch + 1}/{self.epochs}"
        with self._display.bar(f"{title} train", self.batches) as tick:
            self._train(tick)
        self._tell("after_train")
        valid = self.learner.splits["valid"]
        if valid is not None:
            self._tell("before_validate")
            with self._display.bar(f"{title} valid", length(valid)) as tick:
                self.scores = evaluate_split(self.learner, "valid", tick)
            self._tell("after_validate")
        scores, table = self.scores, self.learner.table
        self._row = Row(
            len(table), self.train_loss, scores.loss if scores else None, dict(scores.metrics) if scores else {},
            time.perf_counter() - began,
        )  # fmt: skip
        table.rows.append(self._row)
        self._display.row(table, self._row)
        self._tell("after_epoch")

    def _train(self, tick: Tick) -> None:
        """Every batch of the train split, those that make one step together read together."""
        loader = self.learner.splits["train"]
        assert loader is not None
        set_epoch = getattr(getattr(loader, "sampler", None), "set_epoch", None)
        if set_epoch is not None:  # a distributed sampler shuffles by it
            set_epoch(len(self.learner.table))
        batches = iter(loader)
        while group := list(itertools.islice(batches, self.learner.accumulate)):
            self._one_step(group, tick)
        if not self.batch:
            raise LearnerError(
                "the train split gave no batch; give a loader that begins anew each time it is gone over"
            )

    def _one_step(self, group: list[Any], tick: Tick) -> None:
        taken = [take(batch, self.learner.unpack) for batch in group]
        total = sum(batch.examples for batch in taken)
        self._skipping = skipped = False
        for i, batch in enumerate(taken):
            try:
                if not skipped:
                    self._backward(batch, batch.examples / total)
                if i == len(taken) - 1 and not skipped:
                    self._move()
            except _Skip:
                skipped, self._skipping = True, False
                self.optimizer.zero_grad()
            self._tell("after_batch")
            tick(self.loss.detach() if self.loss is not None else None)
            self.batch += 1

    def _backward(self, batch: Batch, share: float) -> None:
        """The gradients of a batch; share: of the examples of its step."""
        self.inputs, self.targets = move(batch.inputs, self._device), move(batch.targets, self._device)
        self.examples, self.outputs, self.loss = batch.examples, None, None
        self._tell("before_batch")
        with forward(self.callbacks, self._device):
            self.outputs = call(self.model, self.inputs)
            self._tell("after_pred")
            self.loss = one_number(self.learner.loss(self.outputs, self.targets))
            self._tell("after_loss")
        if not self.loss.requires_grad:
            raise LearnerError("the loss depends on no parameter that requires a gradient; train at least one")
        self._mean.add(self.loss, self.examples)
        self._tell("before_backward")
        loss = self.loss if share == 1 else self.loss * share
        (loss if self.scaler is None else self.scaler.scale(loss)).backward()
        self._tell("after_backward")

    def _move(self) -> None:
        if self.scaler is not None:
            self.scaler.unscale_(self.optimizer)
        try:
            self._tell("before_step")
        except BaseException:  # whatever keeps the step from being made
            if self.scaler is not None:
                self.scaler.update()  # it refuses to unscale twice otherwise
            raise
        if self.scaler is None:
            self.optimizer.step()
        else:
            self.scaler.step(self.optimizer)
            self.scaler.update()
        self.optimizer.zero_grad()
        self.step += 1
        self.learner.step += 1
        self._tell("after_step")

    # -- telling ------------------------------------------------------------------------------------------------

    def _tell(self, event: str) -> None:
        """Let every callback hear it, then do what one of them asked for."""
        for listen in self._listeners[event]:
            listen(self)
        if self.stopped is not None:
            raise _Stop
        if self._skipping and event in _BEFORE_THE_STEP:
            raise _Skip

    def _tell_the_end(self) -> None:
        """Every callback hears of the end, even where one of them fails at it."""
        failed: list[Exception] = []
        for listen in self._listeners["after_fit"]:
            try:
                listen(self)
            except Exception as e:
                failed.append(e)
        if failed and self.error is None:
            raise failed[0]
