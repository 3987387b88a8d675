"""What is said of networks it was not made with: 25 architectures of the transformers library, at five learning rates.

    pip install transformers
    python benchmarks/architectures.py          on two processes: about fifteen minutes
    python benchmarks/architectures.py gpt2 vit those whose name holds one of these

They are small and trained from scratch, with AdamW, a warm-up and a cosine, on names or digits. Nobody says which rate
is right: what the held-out loss came to does, as in rates.py. A rate is good where it won at least 80 % of what the
best of the five won, too low or too high where it won less than half and lies beyond all good ones.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from auscult import rules, runs
from rates import truths

RATES = (1e-5, 1e-4, 1e-3, 1e-2, 1e-1)
SCRIPT = Path(__file__).with_name("architectures_training.py")
HIGH, LOW = "learning-rate-too-high", "learning-rate-too-low"


@dataclass(frozen=True)
class Made:
    """One training: its held-out loss before and after, and the rules that warn of it."""

    name: str
    rate: float
    before: float
    after: float
    alarms: tuple[str, ...]


def make(job: tuple[str, float]) -> Made | str:
    """Train as a user would; what it said where it failed."""
    name, rate = job
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "auscult", "run", "--quiet", "--dir", folder, str(SCRIPT), name, str(rate)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        told = [float(line.split()[-1]) for line in done.stdout.splitlines() if line.startswith("held out")]
        if done.returncode or len(told) != 2:
            return f"{name} at {rate:g}: {(done.stderr.strip() or 'nothing').splitlines()[-1]}"
        found = rules.judge(runs.find_run("last", Path(folder))).findings
        return Made(name, rate, *told, tuple(f.rule for f in found if f.severity != "info"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", help="only those whose name holds one of these")
    words = parser.parse_args().words
    try:
        from architectures_training import ALL
    except ModuleNotFoundError as missing:
        sys.exit(f"{missing}: pip install transformers")
    names = [name for name in ALL if not words or any(word in name for word in words)]
    jobs = [(name, rate) for name in names for rate in RATES]
    made: dict[tuple[str, float], Made] = {}
    with Pool(2) as pool:
        for i, one in enumerate(pool.imap(make, jobs), 1):
            if isinstance(one, str):
                print(f"failed: {one}")
            else:
                made[one.name, one.rate] = one
            print(f"{i} of {len(jobs)}", file=sys.stderr)
    judged: list[tuple[str, Made]] = []
    for name in names:
        sweep = [made[name, rate] for rate in RATES if (name, rate) in made]
        if len(sweep) == len(RATES):
            ends = np.array([m.after if np.isfinite(m.after) else np.inf for m in sweep])
            judged += zip((truth for truth, _ in truths(sweep[0].before, ends)), sweep, strict=False)
    print("| rates that are | runs | called too high | called too low | another warning, and none of these | nothing |")
    print("|---|---|---|---|---|---|")
    for truth in ("good", "too low", "too high", "between"):
        some = [m.alarms for kind, m in judged if kind == truth]
        high, low = (sum(rule in alarms for alarms in some) for rule in (HIGH, LOW))
        other = sum(bool(alarms) and not {HIGH, LOW} & {*alarms} for alarms in some)
        print(f"| {truth} | {len(some)} | {high} | {low} | {other} | {sum(not alarms for alarms in some)} |")
    print("\nwarnings at good rates, and silence at bad ones\n")
    for truth, m in judged:
        if bool(m.alarms) == (truth == "good") and truth != "between":
            told = ", ".join(m.alarms) or "nothing"
            print(f"{m.name} at {m.rate:g} ({truth}): held out {m.before:.3g} to {m.after:.3g}; {told}")


if __name__ == "__main__":
    main()
