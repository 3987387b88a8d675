"""What listening costs: the time of a training step with auscult over the time without, in the same process.

    python benchmarks/overhead.py            about five minutes
    python benchmarks/overhead.py --quick    about one

Each training exists four times: alone, heard at the default budget, heard at every step, and with the loop that the
lecture on update ratios writes itself (std and log10 of every parameter, with .item(), every step). The four take turns
in short blocks, in changing order, so that a slow moment of the machine falls on all of them; each block is held
against the block without auscult of the same round. The first steps, which are looked at densely, come before the
clock; "own bill" is what the recorder itself says it cost, these steps included.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812 - as everyone writes it
from torch import nn

import auscult
from auscult.observe import hub
from auscult.observe.recorder import Recorder


@dataclass
class Training:
    """One training: `step` makes one step; `watched` and `optimizer` are what a user would give to watch."""

    step: Callable[[], None]
    watched: object
    optimizer: torch.optim.Optimizer | None
    parameters: list[torch.Tensor]
    lr: float


def char_mlp() -> Training:
    """The lecture's model of names, 11,897 parameters, plain tensors."""
    g = torch.Generator().manual_seed(0)
    x, y = torch.randint(0, 27, (20_000, 3), generator=g), torch.randint(0, 27, (20_000,), generator=g)
    shapes = {"C": (27, 10), "W1": (30, 200), "b1": (200,), "W2": (200, 27), "b2": (27,)}
    stds = {"C": 1, "W1": (5 / 3) / 30**0.5, "b1": 0.01, "W2": 0.01, "b2": 0}
    named = {n: (torch.randn(shape, generator=g) * stds[n]).requires_grad_() for n, shape in shapes.items()}
    C, W1, b1, W2, b2 = parameters = list(named.values())  # noqa: N806 - the lecture's names

    def step() -> None:
        at = torch.randint(0, len(x), (32,), generator=g)
        loss = F.cross_entropy(torch.tanh(C[x[at]].flatten(1) @ W1 + b1) @ W2 + b2, y[at])
        for p in parameters:
            p.grad = None
        loss.backward()
        for p in parameters:
            p.data += -0.1 * p.grad

    return Training(step, named, None, parameters, 0.1)


def small_cnn() -> Training:
    """Three convolutions with batch norm on 28 × 28 pictures, batch 32, SGD with momentum."""
    torch.manual_seed(0)
    layers: list[nn.Module] = []
    for a, b in ((1, 16), (16, 32), (32, 64)):
        layers += [nn.Conv2d(a, b, 3, padding=1), nn.BatchNorm2d(b), nn.ReLU(), nn.MaxPool2d(2)]
    model = nn.Sequential(*layers, nn.Flatten(), nn.Linear(64 * 9, 10))
    x, y = torch.randn(32, 1, 28, 28), torch.randint(0, 10, (32,))
    return _with_optimizer(model, torch.optim.SGD(model.parameters(), 0.01, momentum=0.9), x, y)


class GPT(nn.Module):
    """A small transformer: 4 blocks of width 64, 4 heads, context 32, vocabulary 64."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens, self.places = nn.Embedding(64, 64), nn.Embedding(32, 64)
        block = [
            nn.TransformerEncoderLayer(64, 4, 256, 0.0, "gelu", batch_first=True, norm_first=True) for _ in range(4)
        ]
        self.blocks = nn.ModuleList(block)
        self.norm, self.head = nn.LayerNorm(64), nn.Linear(64, 64, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        mask = nn.Transformer.generate_square_subsequent_mask(x.shape[1])
        h = self.tokens(x) + self.places.weight
        for block in self.blocks:
            h = block(h, mask, is_causal=True)
        return self.head(self.norm(h)).flatten(0, 1)


def small_gpt() -> Training:
    """The small transformer, batch 8, AdamW."""
    torch.manual_seed(0)
    model = GPT()
    x, y = torch.randint(0, 64, (8, 32)), torch.randint(0, 64, (8 * 32,))
    return _with_optimizer(model, torch.optim.AdamW(model.parameters(), 1e-3), x, y)


def _with_optimizer(model: nn.Module, optimizer: torch.optim.Optimizer, x: torch.Tensor, y: torch.Tensor) -> Training:
    def step() -> None:
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return Training(step, model, optimizer, list(model.parameters()), optimizer.param_groups[0]["lr"])


LECTURE = "lecture's loop"
TRAININGS = {"char MLP": char_mlp, "small CNN": small_cnn, "small GPT": small_gpt}


def lecture(training: Training) -> Callable[[], None]:
    """The training with the lecture's own bookkeeping after each step."""
    ud: list[list[float]] = []

    def step() -> None:
        training.step()
        with torch.no_grad():
            ud.append(
                [
                    ((training.lr * p.grad).std() / p.data.std()).log10().item()
                    for p in training.parameters
                    if p.numel() > 1
                ]
            )

    return step


class Heard:
    """A training with a recorder that is attached only while its own blocks run."""

    def __init__(self, training: Training, **kwargs: object) -> None:
        self.training = training
        self.recorder: Recorder = auscult.watch(training.watched, training.optimizer, **kwargs)
        self._parted = time.perf_counter()
        hub.detach(self.recorder._clock)

    @contextmanager
    def attached(self) -> Iterator[None]:
        """Hear, and do not count the time since the last block as the training's."""
        self.recorder._steps.meter._began += time.perf_counter() - self._parted
        hub.attach(self.recorder._clock)
        yield
        hub.detach(self.recorder._clock)
        self._parted = time.perf_counter()


def block(step: Callable[[], None], steps: int) -> float:
    """Seconds a step over so many steps."""
    begun = time.perf_counter()
    for _ in range(steps):
        step()
    return (time.perf_counter() - begun) / steps


def measure(make: Callable[[], Training], rounds: int, block_s: float, folder: str) -> dict[str, list[float]]:
    """Seconds a step of each variant, round by round."""
    bare, own_loop = make(), make()
    budget = Heard(make(), dir=folder)
    every = Heard(make(), dir=folder, every=1)
    hand_written = lecture(own_loop)

    def heard(h: Heard) -> Callable[[int], float]:
        def run(steps: int) -> float:
            with h.attached():
                return block(h.training.step, steps)

        return run

    variants: dict[str, Callable[[int], float]] = {
        "alone": lambda steps: block(bare.step, steps),
        "budget": heard(budget),
        "every step": heard(every),
        LECTURE: lambda steps: block(hand_written, steps),
    }
    for run in variants.values():
        run(30)
    steps = max(5, round(block_s / block(bare.step, 30)))
    for run in variants.values():
        run(steps)
    times: dict[str, list[float]] = {name: [] for name in variants}
    order = list(variants)
    for _ in range(rounds):
        for name in order:
            times[name].append(variants[name](steps))
        order = [*order[1:], order[0]]
    for h in (budget, every):
        h.recorder.close()
    times["look_share"] = [budget.recorder.bill.sampled_steps / budget.recorder.bill.steps]
    times["bill"] = [budget.recorder.bill.share]
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    parser.add_argument("--threads", type=int, default=1, help="torch threads (default 1)")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    rounds, block_s = (8, 0.3) if options.quick else (32, 0.6)
    print(f"torch {torch.__version__}, {options.threads} thread(s), {rounds} rounds of {block_s} s a variant\n")
    print("| training | step alone | default budget | steps looked at | own bill | every step | lecture's loop |")
    print("|---|---|---|---|---|---|---|")
    for name, make in TRAININGS.items():
        with tempfile.TemporaryDirectory() as folder:
            times = measure(make, rounds, block_s, folder)
        alone = times["alone"]

        def ratio(variant: str, times: dict = times, alone: list = alone) -> str:
            ratios = [t / a for t, a in zip(times[variant], alone, strict=True)]
            low, middle, high = statistics.quantiles(ratios, n=4)
            return f"{middle:.3f} × ({low:.2f} to {high:.2f})"

        print(
            f"| {name} | {statistics.median(alone) * 1e3:.2f} ms | {ratio('budget')} | {times['look_share'][0]:.1%} "
            f"| {times['bill'][0]:.1%} | {ratio('every step')} | {ratio(LECTURE)} |",
            flush=True,
        )
    print("\nMedian of the rounds' ratios to the step alone, with the middle half of the rounds.")


if __name__ == "__main__":
    main()
