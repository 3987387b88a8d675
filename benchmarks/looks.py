"""What one look into a network costs, beside other tools that look, in the same process.

    python benchmarks/looks.py            about three minutes
    python benchmarks/looks.py --quick    about one
    pip install torchmortem neural-observatory      for their columns; a tool that is not installed is left out

Each training exists once alone and once for each tool, which looks at every step with all that it looks at by default
(neural-observatory's parameters at every step too). They take turns in short blocks, in changing order; what a look
costs is the median difference to the block alone of the same round. auscult's is given three ways: a look from
outside (parameters, updates, gradients), with a look inside (activations, their gradients, units, the loss), and a full
look (histograms, and what nobody keeps computed again), which is due on some steps only.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import tempfile
import time
from collections.abc import Callable

import torch

import auscult
from auscult.observe import hub
from auscult.observe.recorder import Recorder
from trainings import Training, char_mlp, small_cnn, small_gpt

TRAININGS = {"char MLP": char_mlp, "small CNN": small_cnn, "small GPT": small_gpt}


class Auscult:
    """A recorder that looks at every step, attached only while its own blocks run."""

    def __init__(self, training: Training, inside: bool, full: bool) -> None:
        self.training, self.full = training, full
        folder = tempfile.mkdtemp()
        self.recorder: Recorder = auscult.watch(training.watched, training.optimizer, dir=folder, every=1)
        self.inside = self.recorder._steps.inside
        if not inside:
            self.recorder._steps.look_inside = lambda *a: None  # type: ignore[method-assign]
        for _ in range(3):
            training.step()
        hub.detach(self.recorder.clock)

    def block(self, seconds: float) -> float:
        hub.attach(self.recorder.clock)
        try:
            return timed(self.step, seconds)
        finally:
            hub.detach(self.recorder.clock)

    def step(self) -> None:
        due = self.inside._full_from  # by pass: the step from which its next look is a full one
        due.update(dict.fromkeys(due, 0 if self.full else 1 << 60))
        self.training.step()

    def close(self) -> None:
        assert not self.recorder.bill.faults
        self.recorder.close()


class Torchmortem:
    """Its Autopsy, told of each step."""

    def __init__(self, training: Training) -> None:
        from torchmortem import Autopsy  # type: ignore[import-not-found]

        self.training = training
        self.autopsy = Autopsy(training.watched, optimizer=training.optimizer)

    def block(self, seconds: float) -> float:
        with self.autopsy:
            return timed(self.step, seconds)

    def step(self) -> None:
        self.training.step()
        self.autopsy.step(loss=1.0)

    def close(self) -> None:
        """It holds nothing."""


class NeuralObservatory:
    """Its Observatory, on all three kinds of data at every step."""

    def __init__(self, training: Training) -> None:
        from neural_observatory import Observatory, ObservatoryConfig  # type: ignore[import-not-found]

        self.training, self.at = training, 0
        self.observatory = Observatory(training.watched, ObservatoryConfig(parameter_sample_rate=1))

    def block(self, seconds: float) -> float:
        self.observatory.watch()
        try:
            return timed(self.step, seconds)
        finally:
            self.observatory.stop()

    def step(self) -> None:
        self.observatory.step(step=self.at, epoch=0)
        self.at += 1
        self.training.step()

    def close(self) -> None:
        """It holds nothing."""


TOOLS: dict[str, tuple[str, Callable[[Training], Auscult | Torchmortem | NeuralObservatory]]] = {
    "auscult, outside": ("auscult", lambda t: Auscult(t, inside=False, full=False)),
    "auscult, inside": ("auscult", lambda t: Auscult(t, inside=True, full=False)),
    "auscult, full": ("auscult", lambda t: Auscult(t, inside=True, full=True)),
    "torchmortem": ("torchmortem", Torchmortem),
    "neural-observatory": ("neural_observatory", NeuralObservatory),
}


def timed(step: Callable[[], None], seconds: float) -> float:
    """Mean time of a step over a block of so many seconds."""
    began, steps = time.perf_counter(), 0
    while (now := time.perf_counter()) < began + seconds or not steps:
        step()
        steps += 1
    return (now - began) / max(steps, 1) if steps > 1 else time.perf_counter() - began


def measure(make: Callable[[], Training], rounds: int, seconds: float) -> tuple[float, dict[str, list[float]]]:
    """The time of a step alone, and what each tool adds to it, round by round."""
    alone = make()
    tools = {}
    for name, (package, observe) in TOOLS.items():
        training = make()
        if importlib.util.find_spec(package) and (
            package == "auscult" or isinstance(training.watched, torch.nn.Module)
        ):
            tools[name] = observe(training)
    times, costs = [], {name: [] for name in tools}
    for i in range(rounds):
        order = [*tools][i % len(tools) :] + [*tools][: i % len(tools)]
        for name in order:
            base = timed(alone.step, seconds)
            times.append(base)
            costs[name].append(tools[name].block(seconds) - base)
    for tool in tools.values():
        tool.close()
    return statistics.median(times), costs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    rounds = 5 if parser.parse_args().quick else 15
    torch.set_num_threads(1)
    print(f"\ntorch {torch.__version__}, 1 thread, {rounds} rounds of 0.3 s; ms that a look adds to a step\n")
    print("| training | step alone | " + " | ".join(TOOLS) + " |\n|" + "---|" * (len(TOOLS) + 2))
    for name, make in TRAININGS.items():
        alone, costs = measure(make, rounds, 0.3)
        cells = [f"{1e3 * statistics.median(costs[tool]):.2f}" if tool in costs else "–" for tool in TOOLS]
        print(f"| {name} | {1e3 * alone:.2f} ms | " + " | ".join(cells) + " |", flush=True)
    print("\nThe char MLP is made of plain tensors, which the others do not take.")


if __name__ == "__main__":
    main()
