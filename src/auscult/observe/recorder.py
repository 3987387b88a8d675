"""`Recorder`: one training being listened to, and what its user may tell it."""

from __future__ import annotations

import atexit
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from time import perf_counter
from types import TracebackType

from torch.optim import Optimizer

from auscult.errors import RunError
from auscult.observe import facts, hub
from auscult.observe.census import Census
from auscult.observe.clock import Clock
from auscult.observe.hub import Listener
from auscult.observe.meter import Meter
from auscult.observe.schedule import schedule_for
from auscult.observe.steps import Steps
from auscult.runs import Bill, Run, RunWriter, new_folder
from auscult.runs import quantities as q
from auscult.settings import Settings

_listening: list[Recorder] = []


def listening(optimizer: Optimizer) -> tuple[Recorder, ...]:
    """The recorders that have heard this optimizer step and listen still: whoever trains with it can tell them more."""
    return tuple(recorder for recorder in _listening if recorder.hears(optimizer))


class Recorder:
    """Listens from the moment it is made until `close`, or until the `with` block that holds it ends."""

    def __init__(
        self,
        census: Census,
        settings: Settings,
        name: str,
        on_new_training: Callable[[], Recorder | Listener] | None = None,
        only_start: bool = False,
    ) -> None:
        self.path: Path | None = None
        self._settings = settings
        self._name = name
        self.closed = False
        self._closing_s = 0.0
        self._said: set[str] = set()
        self._notes: dict[str, str | list[str]] = {}
        self._on_new_training = on_new_training
        meter = Meter(gated=census.is_gated)
        self._steps = Steps(
            census,
            schedule_for(settings, meter),
            self._open_writer,
            meter,
            around=lambda work: self.clock.around(work),
            on_fault=self._at_fault,
            only_start=only_start,
            eager=settings.eager,
        )
        on_new = self._hand_over if on_new_training else None
        self.clock = Clock(census, self._steps, on_new, self._at_fault, self._at_other_thread)
        self._census = census
        hub.attach(self.clock)
        _listening.append(self)
        atexit.register(self._close_at_exit)

    def __repr__(self) -> str:
        return f"<auscult recorder of {self.path or 'nothing yet'}: {'closed' if self.closed else self.now}>"

    def __enter__(self) -> Recorder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(error)

    def open(self) -> None:
        """Make the run's folder now rather than at the first step.

        Raises RunError where it cannot be written; nothing is attached then.
        """
        try:
            self.path = self._steps.writer.path.parent
        except BaseException:
            self.close()
            raise

    # -- what a user may say ------------------------------------------------------------------------------------

    def log(self, **scalars: float) -> None:
        """Record numbers of your own for the step going on, such as `log(valid_loss=2.1, accuracy=0.8)`."""
        for name, value in scalars.items():
            try:
                self._steps.log(name, float(value))
            except (TypeError, ValueError, RuntimeError) as e:
                self._say(
                    f"log({name}=…) takes a number, got {type(value).__name__}; it is not recorded ({e})",
                    key=f"log {name}",
                )

    def note(self, name: str, text: str | Sequence[str]) -> None:
        """Keep words with the run, such as what the model wrote: a text, or a list of short ones.

        The report shows them; a second note of the same name takes the place of the first.
        """
        try:
            self._notes[str(name)] = text if isinstance(text, str) else [str(one) for one in text]
            self._steps.writer.fact("notes", self._notes)
        except Exception as e:
            self._say(
                f"note({name!r}, …) takes a text or a list of them, got {type(text).__name__}; not recorded ({e})"
            )

    def epoch(self) -> None:
        """Say that an epoch begins with the next step; from then on loaders are not watched for it."""
        self._steps.writer.event(self._steps.number + 1, q.EPOCH, number=self.clock.epochs.told())

    # -- what a user may ask ------------------------------------------------------------------------------------

    @property
    def run(self) -> Run:
        """The run so far, to read; the step going on is in it once the next one begins.

        The losses of steps that nobody looked at come with the next look.

        Raises RunError where nothing has been recorded yet.
        """
        if self.path is None:
            raise RunError("nothing is recorded yet: no optimizer has stepped and no loop has moved a parameter")
        if not self.closed:
            self._steps.settle()
            self._steps.write_bill()
            self._steps.writer.flush()
        return Run(self.path)

    def hears(self, optimizer: Optimizer) -> bool:
        """Whether it has heard this optimizer move what it watches."""
        source = self._census.source_of(optimizer)
        return source is not None and bool(source.probes)

    @property
    def bill(self) -> Bill:
        """What listening has cost so far."""
        return self._steps.bill()

    @property
    def cost_s(self) -> float:
        """Seconds that listening has taken in all, the end of the run among them."""
        return self.bill.spent_s + self._closing_s

    @property
    def now(self) -> str:
        """Where the training is, in a few words."""
        loss = self._steps.last_loss
        return f"step {self._steps.number + 1:,}" + ("" if loss is None else f", loss {loss:.4g}")

    @property
    def acknowledged(self) -> int:
        """The last step that is safely on disk, -1 before the first."""
        return self._steps.writer.acknowledged if self._steps.has_run else -1

    def close(self, error: BaseException | None = None) -> None:
        """Stop listening and finish the run: failed with the error where one is given. A second call does nothing."""
        if self.closed:
            return
        began = perf_counter()
        self.clock.stop()
        hub.detach(self.clock)
        _listening.remove(self)
        self.closed = True
        atexit.unregister(self._close_at_exit)
        if self._steps.has_run:
            self._finish(error)
        self._census.let_go()
        self._closing_s = perf_counter() - began

    def _finish(self, error: BaseException | None) -> None:
        writer = self._steps.writer
        try:
            self._steps.close()
            self._steps.write_bill()
        except Exception as fault:  # the run ends all the same
            self._at_fault(fault)
        if error is None or (isinstance(error, SystemExit) and not error.code):
            writer.close("finished")
        else:
            writer.close("failed", f"{type(error).__name__}: {error}".rstrip(": "))
        if writer.dropped:
            self._say(f"{writer.dropped:,} frames could not be written and are missing from {self.path}")

    # -- inside -------------------------------------------------------------------------------------------------

    def _close_at_exit(self) -> None:
        """Nobody closed it: failed where the program dies of an exception, which at a prompt it does not."""
        self.close(None if hasattr(sys, "ps1") else getattr(sys, "last_value", None))

    def _open_writer(self) -> RunWriter:
        folder = new_folder(self._settings.dir, self._name)
        writer = RunWriter(folder, on_trouble=self._say)
        self.path = folder
        for key, value in facts.of_the_program(self._name).items():
            writer.fact(key, value)
        writer.fact("settings", asdict(self._settings))
        return writer

    def _hand_over(self) -> Listener:
        assert self._on_new_training is not None
        heard = self._on_new_training()  # first: while somebody listens the pass going on is heard to its end
        self.close()
        return heard.clock if isinstance(heard, Recorder) else heard

    def _at_other_thread(self) -> None:
        self._say("another thread trains at the same time: only the first is heard")

    def _at_fault(self, fault: Exception) -> None:
        text = f"{type(fault).__name__}: {fault}"
        if self._steps.has_run:
            self._steps.writer.event(self._steps.number, q.FAULT, error=text)
        self._say(f"a fault of auscult's own, the training is not touched by it: {text}", key="fault")

    def _say(self, message: str, key: str | None = None) -> None:
        if (key or message) not in self._said:
            self._said.add(key or message)
            print(f"auscult: {message}", file=sys.stderr)
