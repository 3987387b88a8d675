"""How often a comparison with a baseline is right: `auscult diagnose --baseline`, on the recordings of accuracy.py.

    python benchmarks/accuracy.py                      makes the recordings
    python benchmarks/baselines.py                     holds each against a healthy training of another seed
    python benchmarks/baselines.py --list overconf     what is said first of the cases whose name holds this

Of healthy trainings against the same with another seed: how often anything is said to differ, which is a false alarm.
Of faults against the training they are made from, with another seed: how often something differs, whether the first
that does begins within a tenth of the run of where the fault does, and whether it lies in the fault's layers. Runs of
one case are alike, so intervals (95 %, in brackets) count cases.
"""

from __future__ import annotations

import os
import sys
from multiprocessing import Pool
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parent / "faults"))

from auscult.errors import AuscultError
from auscult.findings import Deviation
from auscult.rules._parting import deviations
from auscult.runs import find_run
from cases import CASES, FAULTS, HALVES
from record import Trial, arguments
from score import STEP_SHARE, Share, meets, share

Pair = tuple[Trial, Trial]  # a training, and the one it is held against
Said = tuple[Trial, tuple[Deviation, ...], int]  # what differs, and how many steps the training made


def pairs(root: Path, seeds: int, words: list[str]) -> list[Pair]:
    """Each case with each seed, and its control with the next."""
    return [
        (Trial(case, seed, root), Trial(CASES[f"healthy/{case.control}"], (seed + 1) % seeds, root))
        for case in CASES.values()
        for seed in range(seeds)
        if not words or any(word in case.name for word in words)
    ]


def compare(pair: Pair) -> Said | None:
    """What differs; None where a recording is not there."""
    try:
        run, baseline = (find_run("last", trial.folder / "runs") for trial in pair)
        return pair[0], deviations(run, baseline)[0], run.steps
    except AuscultError:
        return None


def figures(said: list[Said]) -> dict[str, Share]:
    """How often something differs, and how often its step and its layers are right."""
    first = [(trial.case, found[0], steps) for trial, found, steps in said if found]
    sick = [(case, d, steps) for case, d, steps in first if case.cause]
    return {
        "differs": share((trial.case, bool(found)) for trial, found, _ in said),
        "step": share((case, abs(d.first_step - case.step) <= STEP_SHARE * steps) for case, d, steps in sick),
        "layers": share((case, meets(d.where, case.where)) for case, d, _ in sick if case.where),
    }


def table(rows: dict[str, list[Said]]) -> None:
    """Print figures by name."""
    print(f"\n| {'':28} | {'runs':>4} | {'differs':16} | {'step':16} | {'layers':16} |\n|---|---|---|---|---|")
    for name, said in rows.items():
        if said:
            print(f"| {name:28} | {len(said):4} | " + " | ".join(f"{s!s:16}" for s in figures(said).values()) + " |")


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--list", action="store_true", help="say what differs first in each training")
    options = parser.parse_args()
    if options.seeds < 2:
        parser.error("a baseline has another seed: there must be at least 2")
    with Pool(options.processes) as pool:
        told = pool.map(compare, pairs(options.keep.resolve(), options.seeds, options.words), chunksize=8)
    said = [one for one in told if one is not None]
    print(f"{len(said)} pairs; {len(told) - len(said)} have no recording")
    for half in (*HALVES, "all"):
        of_half = [s for s in said if half in (s[0].case.half, "all")]
        by_cause = {c: [s for s in of_half if s[0].case.cause == c] for c in FAULTS}
        print(f"\n{half}", end="")
        table({"healthy": [s for s in of_half if not s[0].case.cause],
               "faults": [s for s in of_half if s[0].case.cause], **by_cause})  # fmt: skip
    for trial, found, _ in said if options.list else ():
        first = "; ".join(
            f"{d.quantity} of {d.most[0] or 'the step'} since {d.first_step}: {d.value:.3g}, not {d.baseline:.3g}"
            for d in found[:2]
        )
        print(f"{trial.case.half:8} {trial.case.name} {trial.seed}: {first or 'nothing'}")


if __name__ == "__main__":
    main()
