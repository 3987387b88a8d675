"""What a surface of the loss costs beside its bare forward passes and beside loss-landscapes, and whether they agree.

    python benchmarks/landscape.py            about twenty minutes
    python benchmarks/landscape.py --quick    11 × 11 points, about two
    pip install loss-landscapes               for its column; where it is not installed it is left out

The same model goes over the same batches at the same number of points: in a plain loop under no_grad, which moves
nothing and only adds the losses up; in `auscult.landscape.surface`; and in loss-landscapes' planar_interpolation, with
the same two directions. They take turns, in changing order, and each is held against the plain loop of its own round.
Where batch norms take the statistics of the data at each point, the plain loop makes those passes too: for each norm
one over the data as far as that norm. Times are those of the processor, which other programs
do not lengthen. Then the losses at the same points are compared, in float32.
"""

from __future__ import annotations

import argparse
import copy
import statistics
import time
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from auscult.curvature import Objective
from auscult.landscape import random_directions, surface

Batches = list[tuple[Tensor, Tensor]]
LOSS = nn.functional.cross_entropy
MANY, LONG = 25, 20.0  # rounds at most, and seconds that a model's rounds take at least


def loss_landscapes() -> Any:
    """The package, or None where it is not installed."""
    try:
        import loss_landscapes  # type: ignore[import-not-found]
    except ImportError:
        return None
    return loss_landscapes


def mlp() -> nn.Module:
    return nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 10))


def cnn(normed: bool = False) -> nn.Module:
    norms = [nn.BatchNorm2d(c) if normed else nn.Identity() for c in (8, 16)]
    return nn.Sequential(
        nn.Unflatten(1, (1, 8, 8)), nn.Conv2d(1, 8, 3, padding=1), norms[0], nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, padding=1), norms[1], nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(64, 10),
    )  # fmt: skip


def batches(examples: int, of: int) -> Batches:
    g = torch.Generator().manual_seed(0)
    x, y = torch.randn(examples, 64, generator=g), torch.randint(0, 10, (examples,), generator=g)
    return list(zip(x.split(of), y.split(of), strict=True))


class Contest:
    """A surface of one model, as each contender makes it."""

    def __init__(self, model: nn.Module, data: Batches, steps: int, norm: str, theirs: Any) -> None:
        self.model, self.data, self.steps, self.norm = model.eval(), data, steps, norm
        self.objective = Objective(model, data, LOSS, norm=norm)  # type: ignore[arg-type]
        self.directions = random_directions(self.objective)
        self.axis = np.arange(steps) / steps  # the points of planar_interpolation
        self.contenders: dict[str, Callable[[], Any]] = {"bare": self.bare, "surface": self.surface}
        if norm == "data":
            self.contenders["bare, one pass a point"] = self.one_pass
        elif theirs is not None:
            self.theirs = theirs
            self.contenders["loss-landscapes"] = self.planar

    def surface(self) -> np.ndarray:
        return surface(self.objective, self.directions, x=self.axis, y=self.axis, quiet=True).loss

    def one_pass(self) -> None:
        examples = sum(len(y) for _, y in self.data)
        with torch.no_grad():
            for _ in range(self.steps**2):
                total = 0.0
                for x, y in self.data:
                    total += len(y) * LOSS(self.model(x), y)
                float(total / examples)

    def bare(self) -> None:
        """The passes of one_pass, and where norms are given statistics, those to each norm, computing nothing else."""
        if self.norm != "data":
            return self.one_pass()
        layers = list(self.model.children())  # type: ignore[attr-defined]
        parts = [nn.Sequential(*layers[:i]) for i, m in enumerate(layers) if isinstance(m, nn.BatchNorm2d)]
        with torch.no_grad():
            for _ in range(self.steps**2):
                for part in parts:
                    for x, _ in self.data:
                        part(x)
        return self.one_pass()

    def planar(self, steps: int | None = None) -> np.ndarray:
        ends = []
        for d in self.directions:
            end = copy.deepcopy(self.model)
            with torch.no_grad():
                for p, part in zip(end.parameters(), self.objective.named(d).values(), strict=True):
                    p.add_(part)
            ends.append(end)
        examples = sum(len(y) for _, y in self.data)

        def mean(model: Any) -> float:
            total = 0.0
            with torch.no_grad():
                for x, y in self.data:
                    total += len(y) * LOSS(model.forward(x), y)
            return float(total / examples)

        start = copy.deepcopy(self.model)
        return self.theirs.planar_interpolation(start, *ends, mean, steps=steps or self.steps)

    def rounds(self, count: int) -> dict[str, list[float]]:
        times: dict[str, list[float]] = {name: [] for name in self.contenders}
        order = list(self.contenders)
        for i in range(MANY + 1):
            for name in order:
                begun = time.process_time()
                self.contenders[name]()
                if i:  # the first round is for warmth
                    times[name].append(time.process_time() - begun)
            order = [*order[1:], order[0]]
            if i >= count and sum(map(sum, times.values())) > LONG:
                break
        return times


def _ratio(some: Iterable[float], others: Iterable[float]) -> str:
    ratios = [a / b for a, b in zip(some, others, strict=True)]
    if len(ratios) < 4:
        return f"{statistics.median(ratios):.3f} × ({min(ratios):.3f} to {max(ratios):.3f})"
    low, middle, high = statistics.quantiles(ratios, n=4)
    return f"{middle:.3f} × ({low:.3f} to {high:.3f})"


def agreement(contest: Contest) -> str:
    """Largest relative difference from the value of the loss computed for itself at some points, and from theirs."""
    found, o = contest.surface(), contest.objective
    origin, (d, e) = o.vector(), contest.directions
    apart = 0.0
    for r in range(0, contest.steps, 5):
        for c in range(0, contest.steps, 5):
            point = torch.add(torch.add(origin, e, alpha=contest.axis[r]), d, alpha=contest.axis[c])
            with Objective(contest.model, contest.data, LOSS, norm=o.norm).at(point) as there:
                apart = max(apart, abs(there.value() / found[r, c] - 1))
    told = f"own value: {apart:.0e}"
    if "loss-landscapes" in contest.contenders:  # [i][j]: i steps along the first direction, j along the second
        theirs = contest.planar()
        even, odd = theirs[0::2, :-1], theirs[1::2, :]
        shifted = np.abs(even / found.T[0::2, 1:] - 1).max(), np.abs(theirs[0::2] / found.T[0::2] - 1).max()
        told += f"; loss-landscapes: {np.abs(odd / found.T[1::2] - 1).max():.0e} on its odd rows, "
        told += f"{shifted[1]:.0e} on its even rows, {shifted[0]:.0e} where these are moved by one step"
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="11 × 11 points and fewer rounds")
    parser.add_argument("--steps", type=int, help="points on a side (default 51)")
    parser.add_argument("--rounds", type=int, help="rounds at least (default 3)")
    parser.add_argument("--threads", type=int, default=1, help="torch threads (default 1)")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    steps, rounds = options.steps or (11 if options.quick else 51), options.rounds or 3
    theirs = loss_landscapes()
    print(
        f"torch {torch.__version__}, {options.threads} thread(s), {steps} × {steps} points, {rounds} rounds or more\n"
    )
    torch.manual_seed(0)
    cases: list[tuple[str, nn.Module, Batches, str]] = [
        ("MLP, 256 examples in 1 batch", mlp(), batches(256, 256), "eval"),
        ("MLP, 1,024 examples in 8 batches", mlp(), batches(1024, 128), "eval"),
        ("CNN, 512 examples in 4 batches", cnn(), batches(512, 128), "eval"),
        ("CNN with 2 batch norms, running statistics", cnn(True), batches(512, 128), "eval"),
        ("CNN with 2 batch norms, recomputed", cnn(True), batches(512, 128), "data"),
    ]
    heads = "surface / bare passes | loss-landscapes / bare passes" if theirs else "surface / bare passes"
    print(f"| model | a bare point | {heads} |\n|---|---|{'---|' * (2 if theirs else 1)}", flush=True)
    told = []
    for title, model, data, norm in cases:
        contest = Contest(model, data, steps, norm, theirs)
        times = contest.rounds(rounds)
        cells = [f"{statistics.median(times['bare']) / steps**2 * 1e3:.2f} ms", _ratio(times["surface"], times["bare"])]
        if theirs:
            other = times.get("loss-landscapes")
            cells.append(_ratio(other, times["bare"]) if other else "does not recompute them")
        print(f"| {title} | {' | '.join(cells)} |", flush=True)
        told.append(f"- {title}: {agreement(contest)}")
        if norm == "data":
            alone = _ratio(times["surface"], times["bare, one pass a point"])
            told.append(f"- {title}: {alone} the time of one forward pass a point, which recomputes nothing")
    print(
        "\nMedian of the rounds' ratios, with their middle half. Recomputed: the bare passes are one over the data to"
    )
    print("each norm, then one to the loss; finding mean and variance in float64 comes on top of them.\n")
    print("Largest relative difference of the losses at the same points from\n")
    print("\n".join(told))
    if not theirs:
        print("\nloss-landscapes is not installed: its column is left out")


if __name__ == "__main__":
    main()
