"""What a step of a composed optimizer costs beside PyTorch's and fastai's, and where fastai's optimizers agree.

    python benchmarks/optim.py            about four minutes
    python benchmarks/optim.py --quick    about one
    pip install fastai                    for its columns; where it is not installed it is left out

Adam steps over so many tensors, half of them matrices and half vectors, whose gradients stay the same. The contenders
take turns in short blocks, in changing order, so that a slow moment of the machine falls on all of them; each block is
held against the composed one of the same round. Then fastai's optimizers and the composed ones train the same small
network in float64, and the table says how far their parameters come apart, and why where they do.
"""

from __future__ import annotations

import argparse
import statistics
import time
import warnings
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn

from auscult import optim

SIZES = (10, 400, 5_000)
STEPS = 200
COMPOSED = "composed"


def fastai_optimizers() -> Any:
    """fastai's module of optimizers, or None where it is not installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import fastai.optimizer  # type: ignore[import-not-found]
    except ImportError as e:
        if "fastai" not in str(e):
            print(f"fastai is there but cannot be imported: {e}\n")
        return None
    return fastai.optimizer


def tensors(count: int, width: int) -> list[Tensor]:
    """Parameters with gradients: matrices of width × width and vectors of width."""
    g = torch.Generator().manual_seed(0)
    made = [nn.Parameter(torch.randn((width, width) if i % 2 else (width,), generator=g)) for i in range(count)]
    for p in made:
        p.grad = torch.randn(p.shape, generator=g)
    return made


def watched_step(optimizer: optim.Optimizer) -> Callable[[], None]:
    def step() -> None:
        with optimizer.watch_parts():
            optimizer.step()
        optimizer.contributions()

    return step


def contenders(count: int, width: int, fastai: Any) -> dict[str, Callable[[], Any]]:
    """A step of each, over tensors of its own."""

    def fresh() -> list[Tensor]:
        return tensors(count, width)

    steps: dict[str, Callable[[], Any]] = {
        COMPOSED: optim.Adam(fresh(), 1e-3).step,
        "torch foreach": torch.optim.Adam(fresh(), 1e-3, foreach=True).step,
        "torch loop": torch.optim.Adam(fresh(), 1e-3, foreach=False).step,
        "torch fused": torch.optim.Adam(fresh(), 1e-3, fused=True).step,
        "watched": watched_step(optim.Adam(fresh(), 1e-3)),
    }
    if fastai:
        steps["fastai"] = fastai.Adam(fresh(), 1e-3, wd=0.0).step
    return steps


def block(step: Callable[[], Any], count: int) -> float:
    """Seconds a step over so many."""
    begun = time.perf_counter()
    for _ in range(count):
        step()
    return (time.perf_counter() - begun) / count


def times_of(steps: dict[str, Callable[[], Any]], rounds: int, block_s: float) -> dict[str, list[float]]:
    """Seconds a step of each, round by round."""
    for step in steps.values():
        block(step, 3)
    counts = {name: max(1, round(block_s / block(step, 3))) for name, step in steps.items()}
    times: dict[str, list[float]] = {name: [] for name in steps}
    order = list(steps)
    for _ in range(rounds):
        for name in order:
            times[name].append(block(steps[name], counts[name]))
        order = [*order[1:], order[0]]
    return times


def show_times(rounds: int, block_s: float, width: int, fastai: Any) -> None:
    names = ["torch foreach", "torch loop", "torch fused", *(["fastai"] if fastai else [])]
    heads = " | ".join(f"composed / {name}" for name in names)
    print(f"| tensors | composed Adam | {heads} | watched / composed |")
    print("|---|---|" + "---|" * (len(names) + 1))
    for count in SIZES:
        times = times_of(contenders(count, width, fastai), rounds, block_s)
        own = times[COMPOSED]
        cells = [_ratio(own, times[name]) for name in names] + [_ratio(times["watched"], own)]
        print(f"| {count:,} | {statistics.median(own) * 1e3:.3f} ms | {' | '.join(cells)} |", flush=True)
    print(f"\nMatrices of {width} × {width}. Median of the rounds' ratios, with the middle half of the rounds.\n")


def _ratio(some: Iterable[float], others: Iterable[float]) -> str:
    low, middle, high = statistics.quantiles([a / b for a, b in zip(some, others, strict=True)], n=4)
    return f"{middle:.2f} × ({low:.2f} to {high:.2f})"


def trained(make: Callable[[list[Tensor]], Any]) -> Tensor:
    """All parameters of a small network after training it."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(16, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 5)).double()
    x, y = torch.randn(256, 16).double(), torch.randint(0, 5, (256,))
    optimizer = make(list(model.parameters()))
    for step in range(STEPS):
        at = slice(32 * (step % 8), 32 * (step % 8) + 32)
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x[at]), y[at]).backward()
        optimizer.step()
    return torch.cat([p.detach().flatten() for p in model.parameters()])


def pairs(f: Any) -> list[tuple[str, Callable[[list[Tensor]], Any], Callable[[list[Tensor]], Any], str]]:
    """What is compared: a title, fastai's, the composed one, and why they come apart where they do."""
    o = optim
    undamped = [o.weight_decay, o.average_grad, o.momentum]
    moments = [o.average_grad(dampening=True), o.average_sqr_grad, o.step_count, o.debias]
    adam = {"lr": 3e-3, "betas": (0.9, 0.99), "eps": 1e-5, "weight_decay": 0.01}
    fastai_adam = {"mom": 0.9, "sqr_mom": 0.99, "eps": 1e-5, "wd": 0.01}
    lamb = [o.weight_decay, *moments, o.lamb(decay_inside=False)]
    return [
        (
            "SGD, momentum, wd decoupled",
            lambda p: f.SGD(p, 0.03, mom=0.9, wd=0.01),
            lambda p: o.Optimizer(p, undamped, lr=0.03, momentum=0.9, weight_decay=0.01),
            "",
        ),
        (
            "SGD, momentum, wd as L2",
            lambda p: f.SGD(p, 0.03, mom=0.9, wd=0.01, decouple_wd=False),
            lambda p: o.Momentum(p, 0.03, 0.9, 0.01),
            "",
        ),
        ("RMSProp", lambda p: f.RMSProp(p, 3e-3), lambda p: o.RMSProp(p, 3e-3), ""),
        (
            "RMSProp, eps 1e-5",
            lambda p: f.RMSProp(p, 3e-3, eps=1e-5),
            lambda p: o.RMSProp(p, 3e-3, eps=1e-5),
            "fastai's RMSProp does not pass its eps on: it stays 1e-8",
        ),
        ("Adam, wd decoupled", lambda p: f.Adam(p, 3e-3, **fastai_adam), lambda p: o.AdamW(p, **adam), ""),
        (
            "Adam, wd as L2",
            lambda p: f.Adam(p, 3e-3, **fastai_adam, decouple_wd=False),
            lambda p: o.Adam(p, **adam),
            "",
        ),
        (
            "RAdam",
            lambda p: f.RAdam(p, 3e-3, eps=1e-5),
            lambda p: o.RAdam(p, 3e-3, (0.9, 0.99), 1e-5),
            "ε: √v̂ + ε at fastai; (√v + ε) / √w here, as torch.optim.RAdam",
        ),
        (
            "RAdam, eps 1e-15",
            lambda p: f.RAdam(p, 3e-3, eps=1e-15),
            lambda p: o.RAdam(p, 3e-3, (0.9, 0.99), 1e-15),
            "",
        ),
        (
            "LAMB, wd before the step",
            lambda p: f.Lamb(p, 3e-3, wd=0.01),
            lambda p: o.Optimizer(p, lamb, lr=3e-3, eps=1e-5, weight_decay=0.01),
            "",
        ),
        (
            "LAMB preset",
            lambda p: f.Lamb(p, 3e-3, wd=0.01),
            lambda p: o.LAMB(p, 3e-3, (0.9, 0.99), 1e-5, 0.01),
            "decay: within the direction whose length is trusted, as published; before it at fastai",
        ),
        (
            "LARC, momentum",
            lambda p: f.Larc(p, 0.1, trust_coeff=0.02),
            lambda p: o.LARC(p, 0.1, trust=0.02),
            "trust scales the gradient, before the average, and is held to lr; at fastai the average, held to 1",
        ),
        (
            "QHAdam",
            lambda p: f.QHAdam(p, 3e-3, nu_2=0.9),
            lambda p: o.QHAdam(p, 3e-3, (0.999, 0.999), (0.7, 0.9)),
            "",
        ),
    ]


def show_trajectories(fastai: Any) -> None:
    print(f"| optimizer | largest difference of a parameter after {STEPS} steps | definitions |")
    print("|---|---|---|")
    for title, theirs, own, why in pairs(fastai):
        apart = float((trained(theirs) - trained(own)).abs().max())
        agrees = "agree" if apart < 1e-9 else f"differ: {why or 'unexplained'}"
        print(f"| {title} | {apart:.1e} | {agrees} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    parser.add_argument("--threads", type=int, default=1, help="torch threads (default 1)")
    parser.add_argument("--width", type=int, default=32, help="of the matrices (default 32)")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    rounds, block_s = (8, 0.1) if options.quick else (24, 0.4)
    fastai = fastai_optimizers()
    print(f"torch {torch.__version__}, {options.threads} thread(s), {rounds} rounds of {block_s} s a contender\n")
    show_times(rounds, block_s, options.width, fastai)
    if fastai:
        show_trajectories(fastai)
    else:
        print("fastai is not installed: its columns and the comparison of trajectories are left out")


if __name__ == "__main__":
    main()
