"""Where the time of a step's update ratios goes (`python benchmarks/overhead.py --profile`).

Each piece is timed twice: by itself, in a loop of nothing else, where everything lies in the caches; and in place, in
the training, where the step has just used the caches for itself.
"""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

import numpy as np
import torch

from auscult.observe import hub
from auscult.observe.hub import Listener
from bandwidth import fastest, floor
from heard import Heard
from paired import Step, Variant, paired, quartiles
from trainings import Training

UPDATES = {"updates": 1, "budget": 1e-6}
COUNTED = {"updates": 1 << 30, "budget": 1e-6}  # as good as never
_SOME = 50  # steps
_HEARD = ("backward_begins", "backward_ended", "step_begins", "step_ended")


def main(trainings: dict[str, Callable[[], Training]], rounds: int, seconds: float) -> None:
    """Print the pieces of a step of each training, with the native core and without it."""
    print(f"{rounds} rounds of blocks of {seconds} s")
    for name, make in trainings.items():
        for core, native in (("", True), (", without the native core", False)):
            print(f"\n| µs of a step of the {name}{core} | by itself | in place |\n|---|---|---|")
            for row, found in pieces(make, native, rounds, seconds).items():
                cells = ("" if s is None else f"{1e6 * s:,.1f}" for s in found)
                print(f"| {row} | " + " | ".join(cells) + " |", flush=True)
    print(
        "\nBy itself: the fastest of some tries. In place: the median call, without what the timing costs; of whole"
        "\nsteps the lower quartile, which other work on the machine disturbs least. Rare: what is handed over to the"
        "\nwriter, and its thread."
    )


def pieces(
    make: Callable[[], Training], native: bool, rounds: int, seconds: float
) -> dict[str, tuple[float | None, float | None]]:
    """Seconds of each piece of a step, by itself and in place."""
    bare, training, passing = make(), make(), make()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        counted = Heard(passing.step, passing.watched, passing.optimizer, native, dir=folder, **COUNTED)
        h = Heard(training.step, training.watched, training.optimizer, native, dir=folder, **UPDATES)
        for one in (counted, h):
            one.warm(2 * seconds)
            one.without_looks()
        updates = Variant("updates", h.step, h.attached, h.settle)
        others = [Variant("hooks", make().step, _nobody), Variant("counted", counted.step, counted.attached)]
        alone_s, added_s = undisturbed(bare.step, [*others, updates], rounds, seconds)
        steps = h.recorder._steps
        cpu_s, number = steps.writer.cpu_s, steps.number
        pair = paired(bare.step, [updates], rounds, seconds)["updates"]
        writer_s = (steps.writer.cpu_s - cpu_s) / (steps.number - number)
        there, here = in_place(h, seconds), by_itself(h, training)
        for one in (counted, h):
            one.close()
    work = [name for name in here if name != "path"]
    own = [s["path"] - sum(s[name] for name in work) for s in (here, there)]
    return {
        "the step alone": (None, alone_s),
        "the floor: bytes that must move": (floor(sum(p.numel() for p in training.parameters)).seconds, None),
        "added to a step that is only counted": (None, added_s["counted"]),
        "added to a step whose ratios are recorded": (None, added_s["updates"]),
        "– hooks into PyTorch, with nobody behind them": (hooks(training), added_s["hooks"]),
        "– what these call": (here["path"], there["path"]),
        **{f"– – by when: {name}": (None, there[name]) for name in _HEARD if name in there},
        **{f"– – by what: {name}": (here[name], there[name]) for name in work},
        "– – by what: what calls these: knows the step, counts, bills": (own[0], own[1]),
        "– the rest: what the step itself takes longer": (None, added_s["updates"] - added_s["hooks"] - there["path"]),
        "added to a step with its share of all that is rare": (None, pair.added_s),
        "the writer's thread, processor time": (None, writer_s),
    }


def undisturbed(step: Step, variants: list[Variant], rounds: int, seconds: float) -> tuple[float, dict[str, float]]:
    """The lower quartile of the times of single steps alone, and what each variant adds to it."""
    alone = Variant("alone", step)
    took: dict[str, list[float]] = {v.name: [] for v in (alone, *variants)}
    many = max(20, round(seconds / fastest(step, tries=3)))
    for _ in range(2 * rounds):
        for variant in (alone, *variants):
            with variant.around():
                took[variant.name] += _each(variant.step, many)
            variant.settle()
    usual = {name: quartiles(times)[0] for name, times in took.items()}
    return usual[alone.name], {v.name: usual[v.name] - usual[alone.name] for v in variants}


def _each(step: Step, many: int) -> list[float]:
    took: list[float] = []
    timing = _timing(step, took)
    for _ in range(many):
        timing()
    return took


def inner(h: Heard) -> dict[str, tuple[Any, str]]:
    """By what they do: the calls of which a step's path consists."""
    (source,) = h.recorder._census.sources.values()
    (probe,) = source.probes
    return {
        "the loss, read": (h.recorder._steps.passed, "read"),
        "θ copied before the step": (probe, "before"),
        "θ and its copy measured after it": (probe, "ratios"),
    }


def in_place(h: Heard, seconds: float) -> dict[str, float]:
    """Seconds a step, in the training; what is inside is timed in a run of its own, so as not to be timed twice."""
    with h.attached():
        many = max(100, min(2000, round(seconds * 5 / fastest(h.step, tries=3))))
        heard = _listened(h, [(h.recorder._clock, name) for name in _HEARD], many)
        found = {"path": sum(heard), **{name: s for name, s in zip(_HEARD, heard, strict=True) if s}}
        return found | {name: _listened(h, [call], many)[0] for name, call in inner(h).items()}


def _listened(h: Heard, calls: list[tuple[Any, str]], many: int) -> list[float]:
    """The median time of each of some calls, over many steps; 0 where there was none."""
    took: list[list[float]] = [[] for _ in calls]
    for (owner, name), into in zip(calls, took, strict=True):
        setattr(owner, name, _timing(getattr(owner, name), into))
    for _ in range(many):
        h.step()
    for owner, name in calls:
        delattr(owner, name)
    nothing: list[float] = []
    empty = _timing(lambda: None, nothing)
    for _ in range(many):
        empty()
    return [median(t) - median(nothing) if t else 0.0 for t in took]


def _timing(call: Callable[..., Any], took: list[float]) -> Callable[..., Any]:
    def timing(*args: Any) -> Any:
        began = time.perf_counter()
        result = call(*args)
        took.append(time.perf_counter() - began)
        return result

    return timing


def by_itself(h: Heard, training: Training) -> dict[str, float]:
    """Seconds of all that a recorder does in a step that it only takes the ratios of, and of what that consists of."""
    clock, optimizer = h.recorder._clock, training.optimizer
    root = training.loss().detach()

    def some() -> None:
        for _ in range(_SOME):
            clock.backward_begins((root,))
            clock.backward_ended()
            if optimizer is not None:
                clock.step_begins(optimizer)
                clock.step_ended(optimizer)

    some()
    rows = np.empty((2, len(training.parameters)), np.float32)
    arguments = {"read": (root,), "before": (), "ratios": (rows, 0)}
    calls = {name: (getattr(*call), arguments[call[1]]) for name, call in inner(h).items()}
    return {"path": fastest(some, tries=40) / _SOME} | {
        name: fastest(lambda call=call, args=args: call(*args)) for name, (call, args) in calls.items()
    }


def hooks(training: Training) -> float:
    """Seconds that a listener which does nothing adds to a backward pass, and to an optimizer's step."""
    x = torch.ones(1, requires_grad=True)
    optimizer = torch.optim.SGD([x], 0.0)

    def calls() -> None:
        x.backward()
        if training.optimizer is not None:
            optimizer.step()

    calls()
    without, with_ = [], []
    for _ in range(5):
        without.append(fastest(calls))
        with _nobody():
            with_.append(fastest(calls))
    return min(with_) - min(without)


@contextlib.contextmanager
def _nobody() -> Iterator[None]:
    """PyTorch's hooks are in, with a listener that does nothing."""
    listener = Listener()
    hub.attach(listener)
    try:
        yield
    finally:
        hub.detach(listener)
