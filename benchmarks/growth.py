"""How the cost of listening grows: with the number of tensors, with the number of parameters, with the steps.

    python benchmarks/growth.py            about ten minutes
    python benchmarks/growth.py --quick    about two: fewer rounds, up to 1e7 parameters, 20,000 steps
    python benchmarks/growth.py --large    also 1e9 parameters, where 13 GB of memory are free
    python benchmarks/growth.py --long     1e6 steps instead of 1e5

The training is a toy whose own step costs some microseconds however large it is: an optimizer that moves one element.
What a step takes longer with a recorder is then the recorder's, and it is held against the time in which this machine
copies the parameters once and reads them and their copy: less is not possible. Update ratios at every step, with the
native core and without it; a look at everything at every step is beside them.
"""

from __future__ import annotations

import argparse
import functools
import gc
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import torch

import auscult
from auscult.runs import Run
from auscult.runs import quantities as q
from bandwidth import BYTES, floor
from heard import Heard
from paired import Pairs, Variant, paired

UPDATES = {"updates": 1, "budget": 1e-6}
VARIANTS: dict[str, tuple[bool, dict[str, Any]]] = {
    "native": (True, UPDATES),
    "plain torch": (False, UPDATES),
    "everything": (True, {"every": 1}),
}


class Nudge(torch.optim.Optimizer):
    """Moves one element: a step that costs as good as nothing, whatever there is."""

    def __init__(self, tensors: dict[str, torch.Tensor]) -> None:
        super().__init__(list(tensors.values()), {"lr": 1e-3})
        self.first = next(iter(tensors.values())).view(-1)[:1]

    def step(self, closure: object = None) -> None:  # type: ignore[override]
        self.first.detach().add_(1e-3)


def toy(parameters: int, tensors: int) -> tuple[dict[str, torch.Tensor], Nudge]:
    """So many parameters in so many tensors of equal size, and what moves them."""
    size = max(1, parameters // tensors)
    g = torch.Generator().manual_seed(0)
    named = {f"t{i}": torch.empty(size).normal_(generator=g).requires_grad_() for i in range(tensors)}
    return named, Nudge(named)


def cost(parameters: int, tensors: int, name: str, rounds: int, seconds: float) -> Pairs:
    """The toy's step with a variant, and without."""
    native, settings = VARIANTS[name]
    named, optimizer = toy(parameters, tensors)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        h = Heard(optimizer.step, named, optimizer, native, first=3, dir=folder, dense=2, **settings)
        with h.attached():
            for _ in range(5):  # backward passes, as trainings have: what moves is known from then on
                optimizer.first.sum().backward()
                optimizer.step()
        if settings is UPDATES:
            h.without_looks()
        variant = Variant(name, h.step, h.attached, h.settle, background_s=h.writer_s(seconds))
        found = paired(h.step, [variant], rounds, seconds)[name]
        h.close()
        del h, variant, named, optimizer
        auscult.watch([torch.zeros(1).requires_grad_()], dir=folder).close()  # with which the last one is forgotten
    gc.collect()  # tensors of gigabytes, before the next
    return found


def by_size(title: str, sizes: list[tuple[int, int]], names: list[str], measure: Callable[..., Pairs]) -> None:
    """Print what each variant adds to a step, for each (parameters, tensors), and whether that grows as a line."""
    print(f"\n{title}\n")
    columns = [f"{name} µs | over the floor" for name in names]
    print("| parameters | tensors | floor µs | " + " | ".join(columns) + " |")
    print("|---" * (3 + 2 * len(names)) + "|")
    added: dict[str, list[float]] = {name: [] for name in names}
    floors = []
    for parameters, tensors in sizes:
        least, found = floor(parameters), {}
        for name in names:  # one after the other: not all of them fit into memory at once
            if parameters <= 1e8 or name == names[0]:
                found[name] = measure(parameters, tensors, name)
                least = least.least(floor(parameters))
        floors.append(least.seconds)
        cells = []
        for name in names:
            added[name].append(found[name].added_s if name in found else float("nan"))
            if name in found:
                s = found[name].added_s
                cells.append(f"{1e6 * s:,.1f} ({BYTES * parameters / s / 1e9:.3g} GB/s) | {s / least.seconds:,.1f} ×")
            else:
                cells.append("– | –")
        print(f"| {parameters:,} | {tensors:,} | {1e6 * least.seconds:,.1f} | " + " | ".join(cells) + " |", flush=True)
    print()
    for name in names:
        print(f"{name}: {_line(added[name], sizes, floors)}")


def _line(added: list[float], sizes: list[tuple[int, int]], floors: list[float]) -> str:
    """What a step, a tensor, the floor cost, by least squares of the relative errors, and how well that fits."""
    there = np.isfinite(added)
    y = np.array(added)[there]
    tensors = np.array([t for _, t in sizes], float)[there]
    columns = {"a step": np.ones_like(y)}
    if len(set(tensors)) > 1:
        columns["a tensor"] = tensors
    else:
        columns["floor"] = np.array(floors)[there]
    x = np.stack(list(columns.values()), 1)
    found = np.linalg.lstsq(x / y[:, None], np.ones_like(y), rcond=None)[0]
    worst = np.abs(x @ found / y - 1).max()
    parts = [
        f"{value:.1f} times the floor" if name == "floor" else f"{1e6 * value:.2f} µs {name}"
        for name, value in zip(columns, found, strict=True)
    ]
    return " and ".join(parts) + f"; this line is off by {worst:.0%} at most"


def resident_mb() -> float:
    """Memory of this process that is in use now; NaN where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return float("nan")
    return pages * 4096 / 1e6


def long_run(steps: int, tensors: int, settings: dict[str, Any]) -> None:
    """Print memory over a long run, and what is on disk afterwards: its size, and how long questions to it take."""
    named, optimizer = toy(100 * tensors, tensors)
    print(f"\nA run of {steps:,} steps of {tensors} tensors, all ratios of all steps recorded\n")
    print("| steps | memory in use, MB | steps/s |")
    print("|---|---|---|")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        with auscult.watch(named, optimizer, dir=folder, **settings) as recorder:
            used = []
            for tenth in range(10):
                began = time.perf_counter()
                for _ in range(steps // 10):
                    optimizer.step()
                pace = steps / 10 / (time.perf_counter() - began)
                used.append(resident_mb())
                print(f"| {steps // 10 * (tenth + 1):,} | {used[-1]:.1f} | {pace:,.0f} |", flush=True)
        assert recorder.path is not None
        run, size = Run(recorder.path), sum(f.stat().st_size for f in recorder.path.iterdir())
        ratios = run.series(q.RATIO, "t0")
        series = _ms(lambda: run.series(q.RATIO, f"t{tensors // 2}"))
        heatmap = _ms(lambda: run.matrix(q.RATIO, bins=1000))
        diagnosed = _ms(lambda: auscult.diagnose(run), 1)
        bill = run.bill
    print(f"\nMemory after the whole run, less that after a tenth of it: {used[-1] - used[0]:+.1f} MB.")
    print(f"{len(ratios):,} of {steps:,} steps have their ratios, {bill.dropped_frames:,} frames dropped.")
    print(f"{size / 1e6:.1f} MB on disk, {size / max(1, len(ratios) * tensors):.2f} bytes a ratio.")
    print(f"A series of {len(ratios):,} steps is read in {series:.1f} ms, ", end="")
    print(f"the heatmap of all in {heatmap:.1f} ms; a diagnosis takes {diagnosed:,.0f} ms.")


def _ms(work: Callable[[], object], times: int = 5) -> float:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return 1e3 * median(took)


def pace(seconds: float, settings: dict[str, Any]) -> None:
    """Print how many steps a second a loop of one small tensor makes, as fast as it can, and what became of them."""

    def loop() -> torch.optim.Optimizer:
        tensor = torch.randn(100).requires_grad_()
        tensor.grad = torch.full((100,), 1e-3)
        return torch.optim.SGD([tensor], 1e-2)

    def run(optimizer: torch.optim.Optimizer) -> float:
        began, steps = time.perf_counter(), 0
        while time.perf_counter() < began + seconds:
            for _ in range(100):
                optimizer.step()
            steps += 100
        return steps / (time.perf_counter() - began)

    alone = run(loop())
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        optimizer = loop()
        with auscult.watch(
            {"tensor": optimizer.param_groups[0]["params"][0]}, optimizer, dir=folder, **settings
        ) as recorder:
            heard = run(optimizer)
        assert recorder.path is not None
        run_ = Run(recorder.path)
        recorded, bill = len(run_.series(q.RATIO, "tensor")), run_.bill
    print(f"\nA loop of one small tensor under SGD, no loss, flat out for {seconds:.0f} s\n")
    lost = bill.steps - recorded - bill.dropped_frames
    print("| alone, steps/s | heard, steps/s | steps | with their ratio | dropped, and counted | not counted |")
    print("|---|---|---|---|---|---|")
    print(f"| {alone:,.0f} | {heard:,.0f} | {bill.steps:,} | {recorded:,} | {bill.dropped_frames:,} | {lost:,} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="less of everything")
    parser.add_argument("--large", action="store_true", help="also 1e9 parameters")
    parser.add_argument("--long", action="store_true", help="1e6 steps instead of 1e5")
    parser.add_argument("--threads", type=int, default=1, help="torch threads (default 1)")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    rounds, seconds = (3, 0.1) if options.quick else (7, 0.3)
    print(f"torch {torch.__version__}, {options.threads} thread(s), {rounds} rounds of {seconds} s", flush=True)
    names = list(VARIANTS)
    pace(2 if options.quick else 10, UPDATES)
    long_run(20_000 if options.quick else 1_000_000 if options.long else 100_000, 20, UPDATES)
    measure = functools.partial(cost, rounds=rounds, seconds=seconds)
    tensors = [(1_000_000, n) for n in (10, 100, 1000, 10_000)]
    by_size("More tensors, of 1,000,000 parameters: what a step takes longer", tensors, names, measure)
    most = 10 if options.large else 8 if options.quick else 9
    counts = [(10**n, 20) for n in range(4, most)]
    by_size("More parameters, in 20 tensors: what a step takes longer", counts, names, measure)


if __name__ == "__main__":
    main()
