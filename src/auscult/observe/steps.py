"""The step that is going on: what was heard of it, and, where it is due, what is measured of it."""

from __future__ import annotations

import math
import weakref
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor

from auscult.observe.census import Census
from auscult.observe.eager import Eager
from auscult.observe.first_update import BeforeFirstUpdate
from auscult.observe.frames import Columns, Frames, Late
from auscult.observe.gathering import Gathering
from auscult.observe.heard import Heard
from auscult.observe.hub import Affine
from auscult.observe.inside import Inside
from auscult.observe.meter import Meter
from auscult.observe.parts import Parts
from auscult.observe.passing import Passing
from auscult.observe.probe import Measured, Probe
from auscult.observe.schedule import Schedule
from auscult.observe.source import Source
from auscult.runs import Bill, RunWriter, Task
from auscult.runs import quantities as q
from auscult.runs.facts import record_of

_BILL_EVERY_S = 1.0
_TURNS = 32  # steps in which a source did not move, after which it is not waited for
_INSIDE_FAULTS = 5  # after which the inside is left alone

T = TypeVar("T")


class Steps:
    """Counts steps and makes the due ones into frames. The writer is opened when there is something to write."""

    def __init__(
        self,
        census: Census,
        schedule: Schedule,
        open_writer: Callable[[], RunWriter],
        meter: Meter,
        around: Callable[[Callable[[], None]], None],
        on_fault: Callable[[Exception], None],
        only_start: bool = False,
        eager: bool = False,
    ) -> None:
        self.sampled = 0
        self.last_loss: float | None = None
        self.faults = 0
        self.sampling = False
        self._asked = 0
        self.next_is_due = schedule.due(0)
        self.meter = meter
        self.passing = Passing(census, schedule, meter)
        self._census = census
        self._schedule = schedule
        self._open_writer = open_writer
        self._writer: RunWriter | None = None
        self._frames: Frames | None = None
        self._closures = 0
        self._graded: weakref.ref[Tensor] | None = None
        self._loss_went_bad = False
        self._loss_is_finite = True
        self._asked_for = False  # a look, by what was heard
        self.given: dict[int, Tensor] = {}  # gradients that lie elsewhere than at their tensors, by id of these
        self.clip_norm: Tensor | None = None  # of the gradients, which clipping took
        self._spent_before = 0.0
        self._next_bill = 0.0
        self._only_start = only_start
        self._eager = Eager() if eager else None
        self._run_as_written()
        self._on_fault = on_fault
        self._inside_faults = 0
        self._deep = False  # the step going on is looked into deeply
        self._parts = Parts(meter.bill, self._survived)
        self.inside = Inside(
            census.name_of, census.switched_off, lambda work: around(lambda: self._guarded(work, None)), census.native
        )

    @property
    def number(self) -> int:
        """The step going on, or the last one made; -1 before the first."""
        return self.passing.number

    # -- what is heard ------------------------------------------------------------------------------------------

    def loss(self, root: Tensor, inside: bool) -> None:
        """Backward is called on this; inside a step only the first closure's loss is that of the step."""
        if root.numel() != 1 or (inside and self._closures):
            return
        self._forget_dropped()
        if not root.is_cpu:  # looking would make the program wait for the device
            self.passing.waiting.append(root.detach())
            return
        loss = root.item()
        self.passing.waiting.append(loss)
        finite = math.isfinite(loss)
        self._loss_went_bad |= self._loss_is_finite and not finite
        self._loss_is_finite = finite
        if self._loss_went_bad or (finite and not self.sampling and loss > self.passing.losses.unusual):
            self.ask()

    def pass_loss(self, loss: float, inside: bool) -> None:
        """The same of a step that nobody looks at."""
        if not (inside and self.passing.waiting):
            self._forget_dropped()
            self.passing.waiting.append(loss)

    def ask(self) -> None:
        """Look at the next step, whatever the schedule says."""
        if not self.next_is_due:
            self._spent_before = self.meter.spent_s
        self._asked_for = self.next_is_due = self._schedule.deep = True

    def look_where_asked(self) -> None:
        """Where what was heard of this step asks for a look, take it; note a loss that is not finite."""
        if self._loss_went_bad:
            self._loss_went_bad = False
            self.writer.event(self.number, q.NONFINITE_LOSS)
        if self._asked_for:
            self._asked_for = False
            self.sampled += not self.sampling
            self.sampling = True

    def forget(self) -> None:
        """What was heard belongs to a step that is over, or that nobody looks at."""
        self.passing.waiting.clear()
        self.clip_norm, self.given = None, {}
        self._closures = 0
        self.inside.forget()
        self._parts.forget()

    def look_inside(self, roots: Sequence[Tensor], in_step: bool, scale: Tensor | None) -> None:
        """A backward pass begins: look at what the forward pass gave, where the step it belongs to is due.

        in_step: it belongs to the step going on, not to the next. scale: what mixed precision multiplied the loss by.
        """
        due = self.sampling if in_step else self.next_is_due
        if due and self._schedule.deep and not self.inside.looking and self._inside_faults < _INSIDE_FAULTS:
            self._guarded(lambda: self.inside.look(roots, self.number + (not in_step), scale), None)

    @property
    def graded(self) -> Tensor | None:
        """A tensor that the first pass of a step gives a gradient; None where none is known."""
        graded = self._graded() if self._graded is not None else None
        return graded if graded is not None and graded.requires_grad else None

    def _forget_dropped(self) -> None:
        """No step is made of gradients that have been dropped since, as those of SAM's first pass are."""
        if self.passing.waiting:
            graded = self.graded
            if graded is not None and graded.grad is None:
                self.passing.waiting.clear()

    def backward_ended(self) -> None:
        """The gradients have passed."""
        self.inside.backward_ended()
        if self.graded is None and len(self.passing.waiting) == 1:
            tensors = (t for source in self._census.sources.values() for t in source.tensors())
            found = next((t for t in tensors if t.grad is not None), None)
            self._graded = weakref.ref(found) if found is not None else None
        if self._eager is not None:
            self._eager.leave()

    def unzeroed(self) -> None:
        """A backward pass begins: see which gradients still hold what the last step used."""
        if not (self.next_is_due or self.sampling):
            return
        for source in self._census.sources.values():
            source.checked = True
            if source.carried:
                held = [t for t in source.tensors() if id(t) in source.carried and t.grad is not None]
                dense = [t.grad.coalesce().values() if t.grad.is_sparse else t.grad for t in held if t.grad is not None]
                norms = torch._foreach_norm(dense) if dense else []
                if any(p.comes_later for p in source.probes):
                    source.mark(held, norms)
                else:
                    numbers = torch.stack(norms).tolist() if dense else []
                    source.carried = {id(t) for t, norm in zip(held, numbers, strict=True) if norm != 0}

    # -- the step -----------------------------------------------------------------------------------------------

    def has_done(self, source: Source) -> bool:
        """Whether a source, or one that it takes the place of, has moved in this step: its next move begins another."""
        return source in self.passing.done or not all(other.probes for other in self.passing.done)

    def awaits(self, leaves: Collection[Tensor]) -> bool:
        """Whether a loss that depends on these belongs to the step going on: one of those that move them has its turn.

        leaves: what the loss depends on.
        """
        if not self.passing.done:
            return False
        ids = {id(t) for t in leaves}
        others = (s for s in self._census.movers() if s not in self.passing.done)
        return any(id(t) in ids for s in others if self.number - s.moved <= _TURNS for t in s.tensors())

    def begin(self) -> None:
        """The step before is over, this one begins."""
        self.passing.count()
        self.sampling = self.next_is_due
        self.sampled += self.sampling
        self.frames.begin(self.number)
        if self.sampling or self.passing.is_full:
            self.passing.hand_over(self.writer)
        self.inside.begin_step()
        self.look_where_asked()
        self._deep = self._schedule.deep

    def passed(self, source: Source) -> None:
        """A source has moved its tensors in a step that nobody looks at."""
        self.passing.end_update(source, self.number)
        self.passing.moved(source)
        self.forget()
        self.meter.pass_over(1, source.reference is not None)
        if self.passing.is_full:
            self.meter.enter()
            self._hand_over()
            self.meter.leave()

    def next_falls_due(self) -> bool:
        """Whether the next step is due, asked where nobody looked at this one."""
        if self.number + 1 < self._schedule.asks_from:
            return False
        self.meter.enter()
        if self._due_next():
            self._prepare()
        self.meter.leave()
        return self.next_is_due

    @property
    def next_is_measured(self) -> bool:
        """Whether the next step may be, or its updates, asked where nobody looked at this one."""
        return self.number + 1 >= self._schedule.asks_from or self.passing.keeps_next_updates

    def _due_next(self) -> bool:
        """The schedule's word on the next step, asked once a step however many sources take turns in it."""
        if self._asked != self.number + 1:
            self._asked = self.number + 1
            self.next_is_due = self._schedule.due(self._asked)
        return self.next_is_due

    def abandon(self, source: Source | None) -> None:
        """A fault of ours left a step half measured: nothing of it is recorded, and the next one begins afresh."""
        self.faults += 1
        self.sampling = False
        self.forget()
        self.passing.forget()
        if self._frames is not None:
            self._frames.abandon()
        if source is not None:
            self.passing.moved(source)

    def before(self, source: Source) -> None:
        """A source is about to move its tensors."""
        if self._only_start and (self.inside.looking or not source.asks_for_gradients):
            self._stop()
        if self.sampling:
            for probe in self._probes(source):
                probe.before()
                probe.gradients(self.given)
            if self._deep:
                self._parts.ask(source)
        elif self.passing.keeps_updates:
            self.passing.begin_update(source)

    def gradients(self, source: Source) -> None:
        """The gradients have changed since `before`: more has accumulated."""
        if self.sampling:
            for probe in self._probes(source):
                probe.gradients(self.given)

    def closure(self, source: Source) -> None:
        """A backward pass inside a step has ended: the first closure's gradient is that of the step."""
        if self._only_start:
            self._stop()
        if not self._closures:
            self.gradients(source)
        self._closures += 1

    def after(self, source: Source, grad_scale: float = 1.0, even_if_still: bool = True) -> bool:
        """A source may have moved: measure, if this step is due. True where the step is over, moved or not measured."""
        if not self.sampling:
            self.passing.end_update(source, self.number)
        elif not self._measure(source, grad_scale, even_if_still):
            return False
        self._finish(source)
        return True

    def _measure(self, source: Source, grad_scale: float, even_if_still: bool) -> bool:
        rates = source.rates()
        source.note_rates()
        passes = max(1, len(self.passing.waiting))
        probes = self._probes(source)
        by_group = [[rates[w.group] if rates and w.group is not None else math.nan for w in p.watched] for p in probes]
        if source.reference is not None and any(p.comes_later for p in probes):
            self._measure_later(source, probes, rates, by_group, grad_scale, passes)
            return True
        measured = []
        for probe, of_each in zip(probes, by_group, strict=True):
            measured.append((probe, probe.after(of_each if rates else None, grad_scale)))
        if not (even_if_still or any(m.moved for _, m in measured)):
            return False
        if source.reference is None:
            rates = [measured[0][1].rate]
        for probe, m in measured:
            self.frames.add(probe.columns, m.values)
        heard = self._heard_of(source, rates)
        self._last_loss(heard, [float(loss) for loss in self.passing.waiting])
        clip_norm = self.clip_norm.item() if self.clip_norm is not None else None
        carried = None if source.carried is None else len(source.carried)
        self.frames.add_scalars(heard.scalars([m for _, m in measured], self.last_loss, clip_norm, carried))
        self.frames.add_scalars(self._guarded(lambda: self.inside.record(self.number, self.writer, passes), []))
        self.frames.add_scalars(self._parts.record(source, self.number, self.writer))
        return True

    def _measure_later(
        self,
        source: Source,
        probes: Sequence[Probe],
        rates: list[float],
        by_group: Sequence[list[float]],
        grad_scale: float,
        passes: int,
    ) -> None:
        """Measure without waiting for the device: the numbers go into the frame once they are here."""
        numbers, heard = Gathering(), self._heard_of(source, rates)
        measured: list[tuple[Probe, Measured]] = []
        losses = [loss for loss in self.passing.waiting if isinstance(loss, float)]
        clip_norm: list[float] = []
        carried: list[float] = []
        for probe, of_each in zip(probes, by_group, strict=True):
            then = partial(_append, measured, probe)
            probe.after_later(of_each if rates else None, grad_scale, numbers, then)
        numbers.scalars([loss.reshape(()) for loss in self.passing.waiting if isinstance(loss, Tensor)], losses.extend)
        if self.clip_norm is not None:
            numbers.scalars((self.clip_norm.detach().reshape(()),), clip_norm.extend)
        if source.carried:
            numbers.scalars([source.marks[key] for key in source.carried if key in source.marks], carried.extend)
        unseen = sum(key not in source.marks for key in source.carried or ())
        inside = self._guarded(lambda: self.inside.record_later(self.number, self.writer, passes), None)
        parts = self.frames.part_of(self._parts.record(source, self.number, self.writer))
        numbers.send()

        def finish() -> list[tuple[Columns, np.ndarray]]:
            numbers.read()
            self._last_loss(heard, losses)
            held = unseen + sum(norm != 0 for norm in carried)
            clipped = clip_norm[0] if clip_norm else None
            scalars = heard.scalars([m for _, m in measured], sum(losses), clipped, held)
            seen = self._guarded(inside[1], []) if inside is not None else []
            return [
                *((probe.columns, m.values) for probe, m in measured),
                *(self.frames.part_of(part) for part in (scalars, seen)),
                parts,
            ]

        here = [numbers.is_here, *(inside[:1] if inside is not None else ())]
        self.frames.add_late(Late(lambda: all(is_here() for is_here in here), lambda: self._or_nothing(finish)))

    def _or_nothing(self, finish: Callable[[], list[tuple[Columns, np.ndarray]]]) -> list[tuple[Columns, np.ndarray]]:
        """A fault of ours with numbers that have come late leaves the step going on alone."""
        try:
            return finish()
        except Exception as fault:
            self._survived(fault)
            return []

    def _heard_of(self, source: Source, rates: list[float]) -> Heard:
        subject = source.name if self.passing.done else ""  # a second source of the same step has a loss of its own
        groups = [(q.LR, q.group_name(source.name, i), rate) for i, rate in enumerate(rates)]
        return Heard(subject, groups, len(self.passing.waiting), source.carried is not None and source.checked)

    def _last_loss(self, heard: Heard, losses: Sequence[float]) -> None:
        if losses:
            self.last_loss = float(sum(losses))
            self.passing.losses.looked(heard.subject, self.last_loss)

    def without_update(self) -> None:
        """The step going on is over as far as it is seen: what passed forward and backward is all there is of it."""
        self.frames.add_scalars(self.inside.record(self.number, self.writer))
        if self.passing.waiting:
            self.frames.add_scalars([(q.LOSS, "", float(sum(float(loss) for loss in self.passing.waiting)))])
        self.sampling = False
        self.forget()

    def _stop(self) -> None:
        """Only the start is asked for, and it has been seen: end here, before anything moves."""
        self.without_update()
        self.writer.fact("examined", True)
        raise BeforeFirstUpdate

    def _finish(self, source: Source) -> None:
        first = self.passing.moved(source, keep_losses=not self.sampling)
        self.forget()
        if self.sampling:
            if first:
                self.frames.add_scalars([(q.STEP_TIME, "", self.meter.since_mark())])
            self.meter.writer_s = self.writer.cpu_s
            spent = self.meter.spent_s
            if self.number == 0:  # the first look also loads and allocates: that is setting up
                self.meter.setup_s += spent - self._spent_before
            else:
                self._schedule.looked(self.meter.look(spent - self._spent_before))
            if self.meter.wall_s > self._next_bill:
                self.write_bill()
        self.next_is_due = self._due_next()
        source.forget_carried()
        if self.next_is_due:
            self._prepare()

    def _prepare(self) -> None:
        """The next step is due: note what has to be known from now on."""
        self.next_is_due = True
        self._run_as_written()
        self.meter.mark()
        self._spent_before = self.meter.spent_s
        for source in self.passing.done:
            source.carried = {id(t) for t in source.tensors() if t.grad is not None}

    def _guarded(self, work: Callable[[], T], otherwise: T) -> T:
        """A look inside that fails takes nothing else with it; after some there are no more."""
        try:
            return work()
        except Exception as fault:
            self.inside.forget()
            self._inside_faults += 1
            self._survived(fault)
            return otherwise

    def _survived(self, fault: Exception) -> None:
        """A fault of ours that took nothing else with it."""
        self.faults += 1
        self._on_fault(fault)

    def _run_as_written(self) -> None:
        """The next step is looked into: where the user wants compiled code seen, run it as it is written."""
        if self._eager is not None and self._schedule.deep:
            self._eager.enter()

    def _probes(self, source: Source) -> list[Probe]:
        """The probes of a source, and with the step's first source those of what nobody moves."""
        return source.probes if self.passing.done else [*source.probes, *self._census.orphans]

    # -- the store ----------------------------------------------------------------------------------------------

    @property
    def writer(self) -> RunWriter:
        """The run's writer, opened at first use."""
        if self._writer is None:
            self._writer = self._open_writer()
        return self._writer

    @property
    def frames(self) -> Frames:
        """The frame being gathered."""
        if self._frames is None:
            self._frames = Frames(self.writer)
        return self._frames

    @property
    def has_run(self) -> bool:
        """Whether there is a run on disk."""
        return self._writer is not None

    def settle(self) -> None:
        """Wait for what a device has not given yet."""
        if self._frames is not None:
            self._frames.settle(wait=True)

    def close(self) -> None:
        """Hand over what is kept to the end."""
        self._hand_over(last=True)
        self.settle()
        self.inside.close(self.writer)

    def _hand_over(self, last: bool = False) -> None:
        """Hand over the frame going on, and what was kept of the steps passed over since."""
        self.frames.emit()
        self.passing.hand_over(self.writer, last)

    def stop(self) -> None:
        """Nothing more will be looked at."""
        self.inside.forget()
        self._parts.forget()
        if self._eager is not None:
            self._eager.leave()

    def log(self, name: str, value: float | None) -> None:
        """Record a number of the user's own for the step going on, looked at or not; None: there is none after all."""
        self.frames.begin(max(self.number, 0))
        self.frames.log(name, value)

    def norm_evaluated(self, x: Tensor, running: tuple[Tensor, Tensor], affine: Affine, eps: float) -> None:
        """A batch norm evaluates a batch after the step going on; what it gets is pooled until the next one."""
        if self.number < 0:
            return
        self.frames.begin(self.number)  # an evaluation after an earlier step is over
        if self.inside.evaluated.add(self.number, x, running, affine, eps):
            self.frames.add_late(Late(lambda: True, lambda: self._or_nothing(self._evaluated)))

    def _evaluated(self) -> list[tuple[Columns, np.ndarray]]:
        return [self.frames.part_of(self.inside.evaluated.take())]

    @property
    def task(self) -> Task | None:
        """What the loss that is trained on is, as far as it was seen."""
        return self.inside.task

    def write_records(self) -> None:
        """Note the watched tensors and their movers."""
        parameters, optimizers = self._census.records()
        self.writer.fact("parameters", [record_of(p) for p in parameters])
        self.writer.fact("optimizers", [record_of(o) for o in optimizers])
        self.writer.fact("measured_by", self._census.measured_by())

    def bill(self) -> Bill:
        """What listening cost so far."""
        return Bill(
            self.meter.wall_s,
            self.meter.own_s,
            self.meter.setup_s,
            self._writer.cpu_s if self._writer else 0.0,
            self.number + 1,
            self.sampled,
            self.meter.updates,
            self._writer.dropped if self._writer else 0,
            self.faults,
        )

    def write_bill(self) -> None:
        """Note what listening cost so far."""
        self._next_bill = self.meter.wall_s + _BILL_EVERY_S
        self.writer.fact("bill", record_of(self.bill()))


def _append(measured: list[tuple[Probe, Measured]], probe: Probe, one: Measured) -> None:
    measured.append((probe, one))
