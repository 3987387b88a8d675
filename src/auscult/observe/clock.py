"""The clock: hears PyTorch and knows what a step is.

A step is one update of the parameters. An optimizer's step counts; where several take turns, a step ends when one of
them steps again. Where no optimizer steps, the loop moves the parameters between two backward passes, and the
step is what moved since the last one; passes between which nothing moves accumulate into one step.
"""

from __future__ import annotations

import math
import os
import weakref
from collections.abc import Callable, Sequence
from typing import Any

from torch import Tensor
from torch.nn import Module
from torch.optim import Optimizer
from torch.utils.data import DataLoader

from auscult.observe.anew import Anew
from auscult.observe.census import GATED, OWN_TRAINING, Census
from auscult.observe.epochs import Epochs
from auscult.observe.functional import Functional
from auscult.observe.graph import leaves_of
from auscult.observe.hub import Affine, Listener, is_part_of_another
from auscult.observe.loop import Loop
from auscult.observe.source import Source
from auscult.observe.steps import Steps
from auscult.observe.validation import Validation, terms
from auscult.runs import quantities as q

_WALKS = 3  # backward passes whose graph is read for what the loss depends on; later ones depend on the same
_MOST_LOADS = 1000  # of weights, that are noted
_FAULTS = 20  # of ours, after which we stop listening


def _heard(method: Callable[..., None]) -> Callable[..., None]:
    """Bill the time a listener's method takes, and let nothing of ours reach the training."""

    def heard(self: Clock, *args: Any) -> None:
        if self.deaf:
            return
        self.steps.meter.enter()
        try:
            self._take_over()
            method(self, *args)
        except Exception as fault:
            self._at_fault(fault)
        finally:
            self.steps.meter.leave()

    return heard


class Clock(Listener):
    """Turns what PyTorch does into steps.

    Most steps are not looked at, and the clock is `quiet` then: they are counted, their loss is kept, their updates are
    measured. The native core's gate does that by itself where it can, and calls us for more.
    """

    def __init__(
        self,
        census: Census,
        steps: Steps,
        on_new_training: Callable[[], Listener] | None,
        on_fault: Callable[[Exception], None],
        on_other_thread: Callable[[], None],
    ) -> None:
        self.other_thread_trains = on_other_thread
        self.steps = steps
        self.epochs = Epochs()
        self.deaf = False
        _not_in_children(self)
        self._census = census
        self._on_new_training = on_new_training
        self._on_fault = on_fault
        self._quiet = False  # nobody looks at the step going on, nor at the next
        self._inside: Source | None = None  # the source whose step is going on
        self._parts = 0  # steps going on that are part of it
        self._skip = False  # that step will not move anything (mixed precision)
        self._scaled: tuple[Tensor, weakref.ref[Tensor]] | None = None  # a loss, and what backward is called on for it
        self._walks = _WALKS
        self._searches = _WALKS  # for optimizers that hold what gradients were asked for, where nobody steps yet
        self._made: list[weakref.ref[Optimizer]] = []  # optimizers whose first loss may be another training's
        self._awaited = 0  # backward passes that are still asked whether they are that
        self._last_root: weakref.ref[Tensor] | None = None  # of gradients asked for: of it they may be asked in parts
        self._without = 0  # steps since a backward pass
        self._loads = 0  # of weights that are trained, since the first step
        self._validation: Validation | None = Validation()  # None where what is heard may be another training's
        self._loop = Loop(steps)
        self._functional = Functional(self, steps.meter)
        self._anew: Anew | None = None  # where the loop makes new tensors at every step
        self._gate = steps.passing.gate = census.gate_before(self)
        if self._gate is not None:
            for name in GATED:
                setattr(self, name, getattr(self._gate, name))
        census.before_forgetting = self._take_over  # the gate holds what it measures

    # -- optimizers ---------------------------------------------------------------------------------------------

    @_heard
    def optimizer_made(self, optimizer: Optimizer) -> None:
        """Another training may be about to begin, and its first loss is its own."""
        if self._census.inherits(optimizer, self.steps.number):
            return
        if self._on_new_training is not None and self.steps.number >= OWN_TRAINING:
            self._quiet = False
            self._made.append(weakref.ref(optimizer))
            self._awaited = _WALKS

    def step_begins(self, optimizer: Optimizer) -> None:
        """An optimizer's step is where a step begins, unless it takes its turn in one, or is part of another's step."""
        self._take_over()
        if self._inside is not None and is_part_of_another():
            self._parts += 1
            return
        self._parts = 0
        source = self._census.source_of(optimizer) if self._quiet else None
        if source is None or not source.probes or self._rate_jumped(source, optimizer):
            self._step_begins(optimizer)
            return
        if self.steps.has_done(source):
            self.steps.passing.count()
        self._inside = source
        self._begin_update(source)

    def step_ended(self, optimizer: Optimizer) -> None:
        """The parameters have moved."""
        self._take_over()
        if self._parts:
            self._parts -= 1
            return
        source = self._inside
        if source is not None and self._census.source_of(optimizer) is source:
            if self._quiet:
                self._inside = None
                self._passed(source)
            else:
                self._step_ended(optimizer)
        self._leave_to_gate()

    def backward_begins(self, roots: tuple[Tensor, ...]) -> None:
        """A loss is known; where the loop moves the parameters, it has done so by now."""
        self._take_over()
        if self._anew is not None and self._takes(self._anew.begins, roots):
            return
        loop = self._loop.source if self._quiet else None
        if loop is not None:
            self._passed(loop)
        if self._quiet and self._passes_over(roots, loop is not None):
            return
        self._quiet = False
        self._backward_begins(roots, loop is not None)

    def backward_ended(self) -> None:
        """Gradients are there: inside a step they are the closure's; for a loop they are those it will move by."""
        self._take_over()
        if self._anew is not None and self._takes(self._anew.ended):
            return
        if not self._quiet:
            self._backward_ended()
        elif self._loop.source is not None:
            self._begin_update(self._loop.source)
        if self._loop.source is not None:
            self._leave_to_gate()

    # -- steps that nobody looks at -----------------------------------------------------------------------------

    def _take_over(self) -> None:
        """What the gate has come to, we go on from."""
        if self._gate is not None and self._gate.armed:
            try:
                self._inside = self.steps.passing.take_over()
            except Exception as fault:
                self._at_fault(fault)

    def _leave_to_gate(self) -> None:
        """Let the gate pass over what comes, between two steps of which nothing more is to be heard."""
        free = self._inside is None and not self._parts and self._scaled is None and self._anew is None
        if self._quiet and free:
            unusual = -math.inf if self._walks else self.steps.passing.losses.unusual
            try:
                self.steps.passing.leave_to_gate(unusual, self.steps.graded)
            except Exception as fault:
                self._at_fault(fault)

    def _takes(self, hears: Callable[..., bool], *heard: Any) -> bool:
        """Whether what was heard is of a loop that makes its parameters anew, which is told of by copies of these."""
        self.steps.meter.enter()
        try:
            return self.deaf or hears(*heard)
        except Exception as fault:
            self._at_fault(fault)
            return True
        finally:
            self.steps.meter.leave()

    def _begin_update(self, source: Source) -> None:
        """A step that is not looked at is about to move what it moves."""
        if self.steps.passing.keeps_updates:
            try:
                self.steps.passing.begin_update(source)
            except Exception as fault:
                self._at_fault(fault)

    def _passed(self, source: Source) -> None:
        """A step that is not looked at has moved what it moves."""
        try:
            self.steps.passed(source)
            if self.steps.next_falls_due():
                self._quiet = False
        except Exception as fault:
            self._at_fault(fault)

    def _rate_jumped(self, source: Source, optimizer: Optimizer) -> bool:
        """Whether a learning rate asks for a look at the step that begins."""
        try:
            jumped = source.rate_jumped(optimizer)
        except Exception as fault:
            self._at_fault(fault)
            return True
        if jumped:
            self.steps.ask()
        return jumped

    def _passes_over(self, roots: tuple[Tensor, ...], over: bool) -> bool:
        """Whether of this pass only the loss is to be kept. `over`: a step has ended, another is only to be counted."""
        steps, losses = self.steps, self.steps.passing.losses
        if len(roots) != 1 or self._scaled is not None or self._walks:
            return False
        try:
            loss = losses.read(roots[0])
            if loss is not None and not -math.inf < loss <= losses.unusual:
                return False
            if over:
                steps.passing.count()
            if loss is not None:
                steps.pass_loss(loss, self._inside is not None)
            return True
        except Exception as fault:
            self._at_fault(fault)
            return False

    @_heard
    def _step_begins(self, optimizer: Optimizer) -> None:
        self._quiet = False
        source = self._census.source_of(optimizer)
        if source is None:
            if (
                self.steps.number >= OWN_TRAINING
                and self._on_new_training
                and self._census.is_another_training(optimizer)
            ):
                self._begin_another().step_begins(optimizer)
                return
            with self.steps.meter.setting_up():
                source = self._census.adopt(optimizer, self.steps.number)
                self._anew = None
                if self._loop.source is not None and not (self._loop.source.probes and self._loop.ever_moved):
                    self._loop.source = None  # no loop after all: the optimizer has taken over
                    self._census.forget_loop()
                if source.probes:
                    self.steps.write_records()
        elif source.was_replaced:
            if self._census.take_back(source, optimizer):
                self.steps.write_records()
        elif self._census.has_grown(source, optimizer) or (
            self.steps.next_is_due and self._census.has_thawed(source, optimizer)
        ):
            with self.steps.meter.setting_up():
                self._census.adopt_more(source, optimizer)
                self.steps.write_records()
        if not source.probes:
            return
        if self.steps.number < 0 or self.steps.has_done(source):
            self._begin()
        self._inside = source
        if self.steps.sampling:
            self._skip = _finds_inf(optimizer)
        self.steps.before(source)

    @_heard
    def _step_ended(self, optimizer: Optimizer) -> None:
        source, self._inside = self._inside, None
        assert source is not None
        self._without += 1
        if self._skip:
            self._skip = False
            self.steps.writer.event(self.steps.number, q.SKIPPED_STEP, optimizer=source.name)
            self.steps.sampling = False
        scale = getattr(optimizer, "grad_scale", None)
        self.steps.after(source, float(scale) if scale is not None else 1.0)
        if not (self.steps.sampling or self.steps.next_is_due):
            self._quiet = self._may_be_quiet()

    @_heard
    def step_skipped(self, optimizer: Optimizer) -> None:
        """Nothing moved; that much is noted."""
        self.steps.forget()
        if self.steps.has_run:
            self.steps.writer.event(self.steps.number, q.SKIPPED_STEP, optimizer=type(optimizer).__name__)

    # -- backward -----------------------------------------------------------------------------------------------

    @_heard
    def _backward_begins(self, roots: tuple[Tensor, ...], over: bool) -> None:
        """`over`: the loop's step before this is known to be over."""
        self._without = 0
        if (self._made and self._is_anothers(roots)) or (self._walks and self._walk(roots)):
            return
        in_loop = self._loop.source is not None
        in_step = in_loop or self._inside is not None
        if not in_loop and (self.steps.next_is_due or (self.steps.sampling and len(self._census.movers()) > 1)):
            leaves = leaves_of(roots)
            if self._census.is_foreign(leaves):
                return
            in_step |= self.steps.awaits([t for t, _ in leaves])
        if in_loop and self._loop.moved(over):
            self._begin()
        scale = None
        for root in roots:
            loss = self._unscaled(root)
            if loss is not root:
                scale = root.detach() / loss
            self.steps.loss(loss, self._inside is not None)
        self._scaled = None
        if in_loop:
            self.steps.look_where_asked()
            self._walks = int(self._loop.stands_still or not self._loop.ever_moved)
        self.steps.unzeroed()
        self.steps.look_inside(roots, in_step, scale)

    def _is_anothers(self, roots: tuple[Tensor, ...]) -> bool:
        """Whether a loss depends on what a new optimizer holds, and that is another training, taken over then."""
        self._awaited -= 1
        with self.steps.meter.setting_up():
            made = [o for o in (reference() for reference in self._made) if o is not None]
            leaves = {id(t) for t, _ in leaves_of(roots)}
            loss = self._unscaled(roots[0]) if len(roots) == 1 and roots[0].numel() == 1 else None
            if loss is not None and not self.steps.passing.losses.begins_anew(loss.item()):
                known = [o for o in made if self._census.goes_on_with(o, self.steps.number, leaves)]
                made = [o for o in made if not any(o is other for other in known)]
                if known:
                    self.steps.write_records()
            anothers = any(self._census.is_another_training(o, leaves) for o in made)
        self._made = [weakref.ref(o) for o in made] if self._awaited else []
        if anothers and self._on_new_training is not None:
            self._begin_another().backward_begins(roots)
        return anothers

    def _unscaled(self, root: Tensor) -> Tensor:
        """The loss that backward is called on, as it was before mixed precision multiplied it."""
        return self._scaled[0] if self._scaled is not None and self._scaled[1]() is root else root

    def _begin_another(self) -> Listener:
        """Another training begins, which a new listener hears."""
        assert self._on_new_training is not None
        self._validation = None
        return self._on_new_training()

    def _begin_anew(self, roots: tuple[Tensor, ...]) -> None:
        """The loop does not move its tensors, but makes others: they are followed by copies."""
        assert self._loop.source is not None
        self.steps.without_update()
        self._loop.abandon()
        self._loop.source = None
        self._census.drop_loop()
        self._walks = self._searches = _WALKS
        self._anew = Anew(self._functional)
        self._anew.begins(roots)

    def _walk(self, roots: tuple[Tensor, ...]) -> bool:
        """Read what the loss depends on; True where that is another training, which a new listener has taken over."""
        self._walks -= 1
        with self.steps.meter.setting_up():
            leaves = leaves_of(roots)
            if self._loop.source is not None and self._census.is_another_loop(leaves):
                if not self._loop.ever_moved and self._census.is_loop_alike(leaves):
                    self._begin_anew(roots)
                    return True
                if self._on_new_training is not None:
                    self._begin_another().backward_begins(roots)
                    return True
            self._census.saw(leaves)
            if not self._census.sources and self._census.loop_moves_them():
                self._loop.source = self._census.adopt_loop()
                self.steps.write_records()
        return False

    @_heard
    def _backward_ended(self) -> None:
        self.steps.backward_ended()
        if self._inside is not None:
            self.steps.closure(self._inside)
        elif self._loop.source is not None:
            self._loop.backward_ended()
            self.steps.given = {}
            self._quiet = not self.steps.sampling and self._loop.steps_every_pass and self._may_be_quiet()

    def hears_gradients(self, root: Tensor, inputs: Sequence[Tensor]) -> bool:
        """Whether a loop moves by them what it trains. Where an optimizer does, they are asked for to look at them."""
        anew = self._anew is not None and not self._functional.tells
        if self.deaf or (self._loop.source is None and not anew and (self._census.sources or not self._searches)):
            return False
        try:
            again = self._last_root is not None and self._last_root() is root
            hears = not again and (anew or self._census.concerns_us(root, inputs))
            if hears and self._loop.source is None and not anew:
                self._searches -= 1
                hears = self._is_free(inputs)
            if hears:
                self._last_root = weakref.ref(root)
            return hears
        except Exception as fault:
            self._at_fault(fault)
            return False

    def _is_free(self, inputs: Sequence[Tensor]) -> bool:
        self.steps.meter.enter()
        try:
            with self.steps.meter.setting_up():
                return self._census.is_free(inputs)
        finally:
            self.steps.meter.leave()

    @property
    def counts_only(self) -> bool:
        """Whether of a loop neither the step that the next pass ends is measured nor the one it begins."""
        source = self._loop.source if self._quiet and not self._walks else None
        return source is not None and not (source.updates.begun or self.steps.next_is_measured)

    def gradients_given(self, inputs: Sequence[Tensor], gradients: Any) -> None:
        """They are what the loop moves by."""
        if self._anew is not None and self._takes(self._anew.given, inputs, gradients):
            return
        if self.steps.sampling:
            found = gradients.values() if isinstance(gradients, dict) else gradients
            self.steps.given = {id(t): g for t, g in zip(inputs, found, strict=False) if g is not None}

    def gradients_of_function(self, parameters: Any, gradients: Any, loss: Tensor) -> None:
        """Those of a functional training are a loop's; none where an optimizer steps, or tensors were given."""
        if self.deaf or self._census.was_given or (self._loop.source is None and self._census.sources):
            return
        try:
            self._functional.asked(parameters, gradients, loss)
        except Exception as fault:
            self._at_fault(fault)

    @_heard
    def backward_failed(self) -> None:
        """Whatever was heard of the step going on ends with it."""
        self.steps.forget()

    def norm_taken(self, norm: Tensor) -> None:
        """Clipping took a norm."""
        self.steps.clip_norm = norm

    @_heard
    def loss_scaled(self, loss: Tensor, scaled: Tensor) -> None:
        """The loss that mixed precision scales is the one to record."""
        self._scaled = (loss.detach(), weakref.ref(scaled))

    def loss_without_gradients(self, loss: Tensor, kind: str, summed_over: Tensor | None) -> None:
        """Perhaps a validation."""
        if self._validation is not None:
            self._validated(self._validation, loss, kind, summed_over)

    @_heard
    def _validated(self, validation: Validation, loss: Tensor, kind: str, summed_over: Tensor | None) -> None:
        task = self.steps.task
        if not self.steps.has_run or (task is not None and task.kind != kind):
            return
        if not validation.is_due(self.steps.number, loss.device.type != "cpu"):
            return
        try:
            number = float(loss) / (1 if summed_over is None else terms(summed_over, kind))
        except RuntimeError:  # on no device, or one of many that are mapped over: there is none
            return
        self.steps.log(*validation.add(number, self.steps.number))

    def norm_evaluated(self, x: Tensor, running: tuple[Tensor, Tensor], affine: Affine, eps: float) -> None:
        """Perhaps a norm of this training, evaluated."""
        if self._validation is not None and self.steps.inside.evaluated.concerns(self.steps.number, x, running[0]):
            self._norm_evaluated(x, running, affine, eps)

    @_heard
    def _norm_evaluated(self, x: Tensor, running: tuple[Tensor, Tensor], affine: Affine, eps: float) -> None:
        self.steps.norm_evaluated(x, running, affine, eps)

    @_heard
    def loader_begins(self, loader: DataLoader) -> None:
        """Perhaps an epoch begins."""
        self.epochs.loader_begins(loader)
        self._quiet = False

    @_heard
    def weights_loaded(self, module: Module) -> None:
        """A script that gives trained weights other values on the way may undo what was learned."""
        trained = any(self._census.name_of(p) is not None for p in module.parameters())
        if trained and self.steps.number >= 0 and self._loads < _MOST_LOADS:
            self._loads += 1
            self.steps.writer.event(self.steps.number, q.LOADED)

    # -- the end ------------------------------------------------------------------------------------------------

    def stop(self) -> None:
        """Hear nothing more; a loop's last move is measured."""
        self._take_over()
        if not self.deaf and self._loop.source is not None:
            _last_move(self, self._loop)
        self.stop_hearing()
        self._inside = self._loop.source = None

    def stop_hearing(self) -> None:
        """From now on, do nothing at all."""
        self.deaf = True
        self._take_over()
        self.steps.stop()
        self._quiet = False

    def around(self, work: Callable[[], None]) -> None:
        """Do something of ours that PyTorch called for in the middle of a backward pass."""
        _do(self, work)

    def _may_be_quiet(self) -> bool:
        alone = self._loop.source is None or len(self._census.movers()) == 1
        return alone and (not self._walks or self._without > _WALKS)

    def _begin(self) -> None:
        self.steps.begin()
        epoch = self.epochs.step()
        if epoch is not None:
            self.steps.writer.event(self.steps.number, q.EPOCH, number=epoch)

    def _at_fault(self, fault: Exception) -> None:
        self.steps.abandon(self._inside or self._loop.source)
        self._loop.abandon()
        self._inside, self._quiet = None, False
        if self.steps.faults >= _FAULTS:
            self.stop_hearing()
        self._on_fault(fault)


@_heard
def _do(clock: Clock, work: Callable[[], None]) -> None:
    work()


@_heard
def _last_move(clock: Clock, loop: Loop) -> None:
    loop.moved()


def _not_in_children(clock: Clock) -> None:
    """A forked child (a loader's worker) trains nothing of ours: the clock is deaf there."""
    reference = weakref.ref(clock)

    def in_child() -> None:
        clock = reference()
        if clock is not None:
            clock.stop_hearing()

    os.register_at_fork(after_in_child=in_child)


def _finds_inf(optimizer: Optimizer) -> bool:
    """Whether mixed precision tells a fused optimizer that this step must not move anything."""
    found = getattr(optimizer, "found_inf", None)
    return found is not None and bool(found)
