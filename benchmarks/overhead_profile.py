"""Where the time of a step's update ratios goes (`python benchmarks/overhead.py --profile`).

Each piece is timed twice, where it can be: by itself, in a loop of nothing else, where everything lies in the caches;
and in place, in the training, where the step has just used the caches for itself.
"""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator

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
        "\nBy itself: the fastest of some tries. In place: what the lower quartile of the steps takes longer, which"
        "\nother work on the machine disturbs least. Rare: what is handed over to the writer, and its thread."
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
        updates = Variant("updates", h.step, h.attached, h.settle, background_s=h.writer_s(4 * seconds))
        read = Variant("read", make().step, lambda: _listening(_Reads()))
        others = [
            Variant("hooks", make().step, lambda: _listening(Listener())),
            read,
            Variant("counted", counted.step, counted.attached),
        ]
        alone_s, added = undisturbed(bare.step, [*others, updates], rounds, seconds)
        meter = h.recorder._steps.meter
        before = meter.updates_s, meter.updates
        pair = paired(h.step, [updates], rounds, seconds)["updates"]
        measured_s = (meter.updates_s - before[0]) / max(1, meter.updates - before[1])
        keep_s, ratios_s = by_itself(h)
        for one in (counted, h):
            one.close()
    counting = added["counted"] - added["read"]
    rest = added["updates"] - added["counted"] - measured_s
    return {
        "the step alone": (None, alone_s),
        "the floor: bytes that must move": (floor(sum(p.numel() for p in training.parameters)).seconds, None),
        "added to a step that is only counted": (None, added["counted"]),
        "– hooks into PyTorch, with nobody behind them": (hooks(training), added["hooks"]),
        "– its loss, read": (fastest(training.loss().detach().item), added["read"] - added["hooks"]),
        "– knowing the step, counting, keeping": (None, counting),
        "added to a step whose ratios are recorded": (None, added["updates"]),
        "– more than that: θ copied, and measured after the step": (keep_s + ratios_s, measured_s),
        "– the rest: what calls that, and what the step itself takes longer": (None, rest),
        "added to a step with its share of all that is rare": (None, pair.added_s),
        "the writer's thread, processor time": (None, updates.background_s),
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
    for _ in range(many):
        began = time.perf_counter()
        step()
        took.append(time.perf_counter() - began)
    return took


def by_itself(h: Heard) -> tuple[float, float]:
    """Seconds of copying the tensors, and of measuring them against the copy."""
    (source,) = h.recorder._census.sources.values()
    (probe,) = source.probes
    rows = np.empty((1, len(probe.watched)), np.float32)
    return fastest(probe.before), fastest(lambda: probe.ratios(rows, 0))


class _Reads(Listener):
    """Reads the loss."""

    def backward_begins(self, roots: tuple[torch.Tensor, ...]) -> None:
        roots[0].item()


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
        with _listening(Listener()):
            with_.append(fastest(calls))
    return min(with_) - min(without)


@contextlib.contextmanager
def _listening(listener: Listener) -> Iterator[None]:
    """PyTorch's hooks are in, with a listener of ours."""
    hub.attach(listener)
    try:
        yield
    finally:
        hub.detach(listener)
