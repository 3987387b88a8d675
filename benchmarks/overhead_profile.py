"""Where the time of a step's update ratios goes (`python benchmarks/overhead.py --profile`).

Each piece is timed twice, where it can be: by itself, in a loop of nothing else, where everything lies in the caches;
and in place, in the training, where the step has just used the caches for itself.
"""

from __future__ import annotations

import contextlib
import statistics
import tempfile
from collections.abc import Callable, Iterator

import numpy as np
import torch

from auscult.observe import hub
from auscult.observe.hub import Listener
from bandwidth import fastest, floor
from heard import Heard
from paired import Variant, paired
from trainings import Training

UPDATES = {"updates": 1, "budget": 1e-6}
COUNTED = {"updates": 1 << 30, "budget": 1e-6}  # as good as never


def main(trainings: dict[str, Callable[[], Training]], rounds: int, seconds: float) -> None:
    """Print the pieces of a step of each training, with the native core and without it."""
    print(f"{rounds} rounds of {seconds} s")
    for name, make in trainings.items():
        for core, native in (("", True), (", without the native core", False)):
            print(f"\n| µs of a step of the {name}{core} | by itself | in place |\n|---|---|---|")
            for row, found in pieces(make, native, rounds, seconds).items():
                cells = ("" if s is None else f"{1e6 * s:,.1f}" for s in found)
                print(f"| {row} | " + " | ".join(cells) + " |", flush=True)
    print(
        "\nBy itself: the fastest of some tries. In place: the median over the rounds of what a step takes longer than"
        "\nthe same training without, taking turns every few milliseconds; off by some microseconds."
    )


def pieces(
    make: Callable[[], Training], native: bool, rounds: int, seconds: float
) -> dict[str, tuple[float | None, float | None]]:
    """Seconds of each piece of a step, by itself and in place."""
    training, passing = make(), make()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        counted = Heard(passing.step, passing.watched, passing.optimizer, native, dir=folder, **COUNTED)
        h = Heard(training.step, training.watched, training.optimizer, native, dir=folder, **UPDATES)
        for one in (counted, h):
            one.warm(2 * seconds)
            one.without_looks()
        updates = Variant("updates", h.step, h.attached, h.settle, background_s=h.writer_s(20 * seconds))
        listening = [
            Variant(name, step, around, alone=step)
            for name, step, around in (
                ("hooks", make().step, lambda: _listening(Listener())),
                ("read", make().step, lambda: _listening(_Reads())),
                ("counted", counted.step, counted.attached),
            )
        ]
        meter = h.recorder._steps.meter
        before = meter.updates_s, meter.updates
        pairs = paired(h.step, [*listening, updates], 2 * rounds, seconds)
        measured_s = (meter.updates_s - before[0]) / max(1, meter.updates - before[1])
        keep_s, ratios_s = by_itself(h)
        alone_s = statistics.median(s for p in pairs.values() for s in p.alone)
        added = {name: p.added_s for name, p in pairs.items()}
        for one in (counted, h):
            one.close()
    counting = added["counted"] - added["read"]
    rest = added["updates"] - updates.background_s - added["counted"] - measured_s
    return {
        "the step alone": (None, alone_s),
        "the floor: bytes that must move": (floor(sum(p.numel() for p in training.parameters)).seconds, None),
        "added to a step that is only counted": (None, added["counted"]),
        "– hooks into PyTorch, with nobody behind them": (hooks(training), added["hooks"]),
        "– its loss, read": (fastest(training.loss().detach().item), added["read"] - added["hooks"]),
        "– knowing the step, counting, keeping": (None, counting),
        "added to a step whose ratios are recorded": (None, added["updates"]),
        "– more than that: θ copied, and measured after the step": (keep_s + ratios_s, measured_s),
        "– the writer's thread, processor time": (None, updates.background_s),
        "– the rest: what calls that, and what the step itself takes longer": (None, rest),
    }


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
