"""`Learner`: a model, its data, its loss and its optimizer, and what one does with them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from auscult.errors import LearnerError
from auscult.learner import evaluation
from auscult.learner.batches import Loader, Unpack, as_pair, length
from auscult.learner.callback import Callback
from auscult.learner.checkpoint_file import read_checkpoint, write_checkpoint
from auscult.learner.checks import check_epochs, check_parts, check_plan, checked_callbacks, made, rates_of
from auscult.learner.display import Display
from auscult.learner.evaluation import Scores
from auscult.learner.fit import Fit
from auscult.learner.keeping import Checkpoint, Record
from auscult.learner.lr_find import FoundRates, lr_find
from auscult.learner.metrics import Metrics
from auscult.learner.one_cycle import OneCycle
from auscult.learner.schedule import Schedule, set_lr
from auscult.learner.state import check_state, load_state, state_of
from auscult.learner.table import EpochTable

if TYPE_CHECKING:
    from auscult.observe.recorder import Recorder


class Learner:
    """Trains a model, shows each epoch, evaluates, and can be put down and taken up again to the last bit.

    model: a module; its parameters, as it is now, are what the optimizer gets.
    train, valid, test: loaders, or other iterables of batches that begin anew each time; valid and test may be None. A
        batch is (inputs, targets), inputs a tensor, a tuple or list of arguments or a dict of keyword arguments.
    loss: called as loss(outputs, targets), the mean over the batch's examples.
    opt: called as opt(parameters, lr=...), gives a torch.optim.Optimizer.
    metrics: functions (outputs, targets) or objects with update and value; see `auscult.learner.metrics`.
    callbacks: those of every fit.
    lr: the learning rate until a fit is given one.
    accumulate: batches that make one step. Each counts by its examples, so the step is that of one large batch.
    unpack: a function from a batch of another form to (inputs, targets).
    device: where to move the model; by default it stays where it is. Batches are moved to it.
    quiet: show nothing.

    table, step: the epochs so far, and the steps made, over all fits. stopped: why the last fit was stopped, or None.
    schedule: the OneCycle of the last fit, or None. recorder: that of the last fit with watch=True.

    Raises LearnerError where these do not fit together.
    """

    def __init__(
        self,
        model: nn.Module,
        train: Loader,
        valid: Loader | None,
        loss: Callable[[Any, Any], Tensor],
        opt: Callable[..., torch.optim.Optimizer],
        metrics: Any = (),
        callbacks: Iterable[Callback] = (),
        *,
        test: Loader | None = None,
        lr: float = 1e-3,
        accumulate: int = 1,
        unpack: Unpack = as_pair,
        device: torch.device | str | None = None,
        quiet: bool = False,
    ) -> None:
        check_parts(model, {"train": train, "valid": valid, "test": test}, loss, opt, accumulate)
        self.callbacks = checked_callbacks(callbacks)
        self.metrics = Metrics(metrics)
        self.model = model if device is None else model.to(device)
        self.splits: dict[str, Loader | None] = {"train": train, "valid": valid, "test": test}
        self.loss, self.accumulate, self.unpack = loss, accumulate, unpack
        self._opt, self._quiet = opt, quiet
        self.optimizer = made(opt, model, lr)
        self.table = EpochTable(self.metrics.names, valid is not None)
        self.step = 0
        self.stopped: str | None = None
        self.schedule: OneCycle | None = None
        self.recorder: Recorder | None = None

    # -- training -----------------------------------------------------------------------------------------------

    def fit(
        self,
        epochs: int,
        lr: float | Sequence[float] | None = None,
        *,
        callbacks: Iterable[Callback] = (),
        checkpoint: str | os.PathLike[str] | Checkpoint | None = None,
        resume: bool = False,
        watch: bool = False,
    ) -> None:
        """Train for so many epochs; the optimizer goes on with the state it has.

        lr: the learning rate, or one for each parameter group; by default as it is.
        callbacks: for this fit, beside the learner's own.
        checkpoint: a folder (or a Checkpoint) that keeps the state after each epoch.
        resume: go on from the checkpoint in that folder, where there is one: table, weights and streams then come out
            as if the fit had never been broken off. The same fit must be asked for.
        watch: record the fit with `auscult.watch`, with the epochs and what they came to; then `recorder` is there.

        An interrupt (Ctrl-C) ends the fit with the table so far and is raised again. Whatever a fit raises, the learner
        can be used on; the weights are those of the last step.

        Raises LearnerError where the arguments do not fit, or the checkpoint is damaged or of another training: nothing
        is changed then.
        """
        rates = None if lr is None else rates_of("lr", lr, len(self.optimizer.param_groups))
        self.schedule = None
        plan = {"kind": "fit", "epochs": epochs, "lr": rates}
        self._fit(epochs, rates, plan, list(callbacks), checkpoint, resume, watch)

    def fit_one_cycle(
        self,
        epochs: int,
        lr_max: float | Sequence[float],
        *,
        pct_start: float = 0.25,
        div: float = 25.0,
        div_final: float = 1e5,
        momentums: tuple[float, float, float] | None = (0.95, 0.85, 0.95),
        callbacks: Iterable[Callback] = (),
        checkpoint: str | os.PathLike[str] | Checkpoint | None = None,
        resume: bool = False,
        watch: bool = False,
    ) -> None:
        """Train with the one-cycle policy: lr_max/div → lr_max → lr_max/div_final, momentum the other way.

        See `OneCycle` for the formula and `Schedule` for what counts as momentum; momentums None leaves it as it is.
        lr_max may be one for each parameter group. The other arguments, and what is raised, are those of `fit`.
        `schedule.plot(steps)` draws it.
        """
        shape = (pct_start, div, div_final, momentums or (0.95, 0.85, 0.95))
        cycles = [OneCycle(rate, *shape) for rate in rates_of("lr_max", lr_max, len(self.optimizer.param_groups))]
        schedule = Schedule([cycle.lr for cycle in cycles], cycles[0].momentum if momentums else None)
        plan = {"kind": "fit_one_cycle", "epochs": epochs, "lr_max": [c.lr_max for c in cycles], "pct_start": pct_start,
                "div": div, "div_final": div_final, "momentums": list(momentums) if momentums else None}  # fmt: skip
        self._fit(epochs, None, plan, [schedule, *callbacks], checkpoint, resume, watch, cycles[0])

    def lr_find(
        self,
        start: float = 1e-7,
        end: float = 10.0,
        steps: int = 100,
        *,
        stop_at: float = 4.0,
        smoothing: float = 0.98,
    ) -> FoundRates:
        """Which learning rates the model bears: its loss over `steps` steps at rates that rise exponentially.

        The sweep stops where the smoothed loss is above stop_at times its best, or is not finite. It goes on a copy of
        model and optimizer, and leaves those and the random streams exactly as they are. All parameter groups get the
        same rate; GradientClip and MixedPrecision take part.

        Raises LearnerError where the model cannot be copied, or the loss blows up at once.
        """
        return lr_find(self, Display(self._quiet), start, end, steps, stop_at, smoothing)

    # -- asking -------------------------------------------------------------------------------------------------

    def evaluate(self, split: str = "valid") -> Scores:
        """Loss and metrics of "train", "valid" or "test": in eval mode, without gradients, over every example.

        Exact for losses and metrics that are means over a batch's examples, whatever the batches. The model's modes and
        the random streams are left as they are.
        """
        if self.splits.get(split) is None:
            there = ", ".join(name for name, loader in self.splits.items() if loader is not None)
            raise LearnerError(f"there is no split {split!r}; there are {there}")
        with Display(self._quiet).bar(f"evaluate {split}", length(self.splits[split])) as tick:
            return evaluation.evaluate(self, split, tick)

    def predict(self, x: Any) -> Any:
        """What the model gives for x (what a batch's inputs are), in eval mode and without gradients, on its device."""
        return evaluation.predict(self, x)

    # -- keeping ------------------------------------------------------------------------------------------------

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write all that training goes on from: weights, optimizer, callbacks, random streams, table.

        The file is whole or not there at any moment. Raises LearnerError where it cannot be written or a part cannot be
        kept.
        """
        write_checkpoint(path, state_of(self, self.callbacks))

    def load(self, path: str | os.PathLike[str]) -> None:
        """Go on from what `save` or a Checkpoint wrote; a fit from here is the same to the last bit.

        The learner must be made as it was made then. Raises LearnerError where the file is damaged, or of another
        model, optimizer or set of callbacks: nothing is changed then.
        """
        state = read_checkpoint(path)
        if state.get("fit") is not None:  # the callbacks of that fit are over
            ours = {type(c).__name__ for c in self.callbacks}
            state["callbacks"] = {k: v for k, v in state["callbacks"].items() if k.partition(".")[0] in ours}
        check_state(self, state, self.callbacks)
        load_state(self, state, self.callbacks)

    # -- inside -------------------------------------------------------------------------------------------------

    def alike(self, model: nn.Module, loss: Any, callbacks: list[Callback], lr: float) -> Learner:
        """A quiet learner of another model on the same training data, with an optimizer of the same make."""
        return Learner(
            model, self.splits["train"] or (), None, loss, self._opt, (), callbacks, lr=lr,
            accumulate=self.accumulate, unpack=self.unpack, quiet=True,
        )  # fmt: skip

    def _fit(
        self,
        epochs: int,
        rates: list[float] | None,
        plan: dict[str, Any],
        extra: list[Callback],
        checkpoint: Any,
        resume: bool,
        watch: bool,
        schedule: OneCycle | None = None,
    ) -> None:
        check_epochs(epochs)
        if resume and checkpoint is None:
            raise LearnerError("resume=True goes on from a checkpoint; give checkpoint=, the folder it is in")
        keep = Checkpoint(checkpoint) if isinstance(checkpoint, (str, os.PathLike)) else checkpoint
        callbacks = checked_callbacks([*self.callbacks, *extra, *([keep] if keep is not None else [])])
        plan |= {"accumulate": self.accumulate, "batches": length(self.splits["train"])}
        resumed = None
        if resume and keep is not None and keep.path.exists():
            resumed = read_checkpoint(keep.path)
            check_state(self, resumed, callbacks)
            check_plan(resumed.get("fit"), plan, keep.path)
        with self._watched(watch, callbacks) as recording:
            display = Display(self._quiet)
            fit = Fit(self, epochs, [*callbacks, *recording], display, plan)
            for group, rate in zip(self.optimizer.param_groups, rates or (), strict=False):
                set_lr(group, rate)
            self.schedule, self.stopped = schedule, None
            display.begin(self.table)
            try:
                fit.run(resumed)
            except KeyboardInterrupt:
                display.end(f"interrupted in epoch {len(self.table)} at batch {fit.batch}; the epochs before are kept")
                raise
            self.stopped = fit.stopped
            display.end(*([f"stopped: {fit.stopped}"] if fit.stopped else []))

    @contextmanager
    def _watched(self, wanted: bool, callbacks: list[Callback]) -> Iterator[list[Callback]]:
        if not wanted:
            yield [] if any(isinstance(c, Record) for c in callbacks) else [Record()]
            return
        from auscult.observe.watch import watch

        with watch(self.model, self.optimizer) as self.recorder:
            yield [Record(self.recorder)]
