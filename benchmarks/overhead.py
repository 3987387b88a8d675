"""What listening costs: the time of a training step with auscult over the time without, beside other tools.

    python benchmarks/overhead.py             a quarter of an hour with all peers
    python benchmarks/overhead.py --quick     about half of that, and rougher
    python benchmarks/overhead.py --profile   where the time of a step's update ratios goes, instead: six minutes

Three ways to listen: the default budget with all there is to record; the exact update ratio of every parameter at every
step, without looks beside it; and everything at every step. Each with the native core and without it. Beside them the
loop that the lecture on update ratios writes itself, and the tools of overhead_peers.py, where they are installed.

Every variant has a training of its own, in one process. It takes turns with the step alone every ten milliseconds, so
that a machine that is fast now and slow then is so to both; what counts is the ratio of the two. What the writer's
thread takes is added in full, though it may have a processor of its own. The first 1,500 steps (`--past`), many of
which are looked at whatever it costs, come before the clock, and what they owe to the budget counts as paid: it is the
going pace that is measured. "billed" is what the recorder itself says it cost.

The floor of the update ratio is the memory's: each parameter has to be copied before the step, and it and its copy read
afterwards.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

import overhead_peers
import overhead_profile
from bandwidth import Floor, floor
from heard import Heard
from paired import Pairs, Variant, paired
from trainings import TRAININGS, Training

PAST_START = 1500  # steps, from which on the budget decides on most looks; those before are fixed, and on credit
UPDATES = "update ratio at every step"
WAYS: dict[str, dict[str, Any]] = {
    "default budget": {},
    UPDATES: {"updates": 1, "budget": 1e-6},
    "everything at every step": {"every": 1},
}
CORES = {"": True, ", without the native core": False}


@dataclass(frozen=True)
class Cost:
    """What was measured of one training: each variant beside the step alone, and auscult's own account."""

    tensors: int
    floor: Floor
    pairs: dict[str, Pairs]
    looked: dict[str, float]  # share of the steps
    billed: dict[str, float]  # share of the time

    @property
    def alone_s(self) -> float:
        """Seconds that a step alone takes."""
        return statistics.median(s for p in self.pairs.values() for s in p.alone)


def measure(make: Callable[[], Training], folder: Path, options: argparse.Namespace) -> tuple[Cost, list[str]]:
    """The cost of each variant for one training, and what is left out."""
    bare = make()
    heard, without = recorders(make, folder), []
    variants = []
    for name, h in heard.items():
        h.warm(5 * options.seconds, 0 if "every step" in name else options.past)
        if name.startswith(UPDATES):
            h.without_looks()
        behind = h.writer_s(20 * options.seconds)  # long, since what is flushed at the end counts too
        variants.append(Variant(name, h.step, h.attached, h.settle, h.step, behind, h.close))
    variants.append(overhead_peers.lecture(make(), folder))
    if not options.alone:
        peers, lacking = overhead_peers.variants(make, folder, every=4 if options.rounds > 4 else 2)
        variants += peers
        without += lacking
    size = sum(p.numel() for p in bare.parameters)
    least = floor(size)
    pairs = paired(bare.step, variants, options.rounds, options.seconds)
    least = least.least(floor(size))
    looked, billed = {n: h.looked for n, h in heard.items()}, {n: h.billed for n, h in heard.items()}
    for variant in variants:
        variant.close()
    return Cost(len(bare.parameters), least, pairs, looked, billed), without


def recorders(make: Callable[[], Training], folder: Path) -> dict[str, Heard]:
    """auscult in each of its ways."""
    found: dict[str, Heard] = {}
    for way, settings in WAYS.items():
        for core, native in CORES.items():
            training = make()
            h = Heard(training.step, training.watched, training.optimizer, native, dir=folder, **settings)
            found[way + core] = h
    return found


def ratios(costs: dict[str, Cost]) -> None:
    """Print what each variant costs."""
    print("\n| time of a step, over the step alone | " + " | ".join(costs) + " |")
    print("|---" * (len(costs) + 1) + "|")
    print("| step alone | " + " | ".join(f"{1e3 * c.alone_s:.2f} ms" for c in costs.values()) + " |")
    names = list(dict.fromkeys(name for c in costs.values() for name in c.pairs))
    for name in sorted(names, key=lambda n: (n.split(",")[0] not in WAYS, names.index(n))):
        cells = [str(c.pairs[name]) if name in c.pairs else "–" for c in costs.values()]
        ours = "auscult, " if name.split(",")[0] in WAYS else ""
        print(f"| {ours}{name} | " + " | ".join(cells) + " |")
    print("\nMedian of the rounds' ratios to the step alone beside it, with the middle half of the rounds.")


def account(costs: dict[str, Cost]) -> None:
    """Print what auscult says of itself, and the floor."""
    print("\n| | " + " | ".join(costs) + " |")
    print("|---" * (len(costs) + 1) + "|")

    def row(name: str, cell: Callable[[Cost], str]) -> None:
        print(f"| {name} | " + " | ".join(cell(c) for c in costs.values()) + " |")

    row("parameters, in tensors", lambda c: f"{c.floor.elements:,} in {c.tensors}")
    for way in dict.fromkeys(name for c in costs.values() for name in c.looked):
        if way.startswith("default"):
            row(f"steps looked at, {way}", lambda c, w=way: f"{c.looked[w]:.1%}")
        row(f"all blocks together, {way}", lambda c, w=way: f"{c.pairs[w].in_all:.3f} ×")
        row(f"billed, {way}", lambda c, w=way: f"{c.billed[w]:.1%}")
    row("floor of the update ratio", lambda c: str(c.floor))
    for way in dict.fromkeys(n for c in costs.values() for n in c.pairs if n.startswith(UPDATES)):
        row(f"added by the {way}", lambda c, w=way: f"{1e6 * c.pairs[w].added_s:,.1f} µs")
        row("  over the floor", lambda c, w=way: f"{c.pairs[w].added_s / c.floor.seconds:,.1f} ×")
    print(
        "\nThe floor: 16 bytes for each parameter (copied before the step; it and its copy read after it), at the speed"
        "\nat which arrays of that size are copied and read here. Added: the median difference to the step alone."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    parser.add_argument("--profile", action="store_true", help="where the time goes, instead of what it costs")
    parser.add_argument("--threads", type=int, default=1, help="torch threads (default 1)")
    parser.add_argument("--rounds", type=int, help="rounds (default 8; 4 with --quick)")
    parser.add_argument("--seconds", type=float, help="of a round, for each variant (default 0.4; 0.2 with --quick)")
    parser.add_argument("--past", type=int, default=PAST_START, help="steps before the clock (default %(default)s)")
    parser.add_argument("--training", action="append", choices=list(TRAININGS), help="only this one; may be repeated")
    parser.add_argument("--alone", action="store_true", help="without the other tools")
    options = parser.parse_args()
    options.rounds = options.rounds or (4 if options.quick else 8)
    options.seconds = options.seconds or (0.2 if options.quick else 0.4)
    torch.set_num_threads(options.threads)
    warnings.simplefilter("ignore")  # of other tools
    print(f"torch {torch.__version__}, {options.threads} thread(s), ", end="")
    if options.profile:
        chosen = options.training or [name for name in TRAININGS if name.startswith("char")]
        overhead_profile.main({name: TRAININGS[name] for name in chosen}, options.rounds, options.seconds)
        return
    print(f"{options.rounds} rounds of {options.seconds} s", flush=True)
    costs: dict[str, Cost] = {}
    said: set[str] = set()
    for name in options.training or TRAININGS:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            costs[name], without = measure(TRAININGS[name], Path(folder), options)
        for line in without:
            if line not in said:
                print(f"left out: {line}", flush=True)
                said.add(line)
    ratios(costs)
    account(costs)


if __name__ == "__main__":
    main()
