"""Which learning rates are called too high or too low, and which of them are: sweeps over eight decades.

    python benchmarks/rates.py                  every control that has a rate to vary, one seed: about 20 minutes
    python benchmarks/rates.py --every 4 mlp    every fourth of those whose name holds this

Each healthy training of faults/controls.py is made again with its learning rate times 10^-4 to 10^4. Nobody says which
rate is right: what the held-out loss came to does. A rate is good where it won at least 80 % of what the best of its
sweep won, too low or too high where it won less than half and lies beyond all good ones; between, nobody is wrong.
Recordings are kept as those of accuracy.py are. In brackets are 95 % intervals over sweeps.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parent / "faults"))

import numpy as np

import score
from accuracy import outcomes_of, pieces
from cases import CASES, FOLDER, HALVES, Case
from controls import UNMEASURED
from record import Trial, arguments, import_all, in_forks

FACTORS = (1e-4, 1e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 1e3, 1e4)
USUAL = 1e-3  # what training.py takes where neither a control nor its script says otherwise
GOOD, BAD = 0.8, 0.5  # of what the best rate of the sweep won
NO_MEASURE = ("policy", "gan", "finetune", "values")  # families whose loss says little, or that begin where others end


@dataclass(frozen=True)
class Judged:
    """One rate of a sweep: what it won of what the best won, and what was said of it."""

    control: str
    half: str
    factor: float
    truth: str  # good, too low, too high, or between
    won: float
    outcome: score.Outcome

    def says(self, rule: str) -> bool:
        """Whether a rule warns of it."""
        return any(f.rule == rule for f in self.outcome.alarms)


def sweep_of(control: str) -> list[Case]:
    """The trainings of one sweep."""
    healthy = CASES[f"healthy/{control}"]
    options = list(healthy.options)
    own = re.search(r"\blr=([\d.e-]+)", (FOLDER / f"{healthy.script}.py").read_text())
    rate = float(options[options.index("--lr") + 1] if "--lr" in options else own[1] if own else USUAL)
    return [
        Case(f"rates/{control}/{factor:g}", healthy.script, (*healthy.options, "--lr", f"{rate * factor:g}"))
        for factor in FACTORS
    ]


def judged(control: str, outcomes: Sequence[score.Outcome]) -> list[Judged]:
    """The sweep with its truth; nothing where no rate won anything."""
    before = next((o.before for o in outcomes if o.before is not None), None)
    if before is None:
        return []
    found = truths(before, np.array([np.inf if o.after is None else o.after for o in outcomes]))
    factors = [float(o.case.name.rsplit("/", 1)[1]) for o in outcomes]
    return [Judged(control, o.case.half, f, *one, o) for f, o, one in zip(factors, outcomes, found, strict=False)]


def truths(before: float, ends: np.ndarray) -> list[tuple[str, float]]:
    """What each rate of a sweep is, lowest first, and what it won of what the best did; nothing where none won any.

    before: the held-out loss they began with; ends: what each came to, infinite where that is no number.
    """
    if not ends.min() < before:
        return []
    won = (before - ends) / (before - ends.min())
    good = np.flatnonzero(won >= GOOD)

    def truth(at: int) -> str:
        if won[at] >= GOOD:
            return "good"
        if won[at] < BAD and (at < good[0] or at > good[-1]):
            return "too low" if at < good[0] else "too high"
        return "between"

    return [(truth(at), float(won[at])) for at in range(len(ends))]


def table(rates: Sequence[Judged]) -> None:
    """How often each verdict falls on each kind of rate."""
    print("| rates that are | runs | called too high | called too low | told of in other words | nothing said |")
    print("|---|---|---|---|---|---|")
    for truth in ("good", "too low", "too high", "between"):
        some = [r for r in rates if r.truth == truth]
        high, low = ([r.says(f"learning-rate-too-{side}") for r in some] for side in ("high", "low"))
        silent = [not r.outcome.alarms for r in some]
        other = [not (h or w or s) for h, w, s in zip(high, low, silent, strict=True)]
        shares = (score.share((r.outcome.case, f) for r, f in zip(some, flags, strict=True))
                  for flags in (high, low, other, silent))  # fmt: skip
        print(f"| {truth} | {len(some)} | " + " | ".join(map(str, shares)) + " |")


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="every N-th of them")
    parser.add_argument("--again", action="store_true", help="train only what has no recording of any version")
    parser.add_argument("--mistakes", action="store_true", help="list the rates of which something wrong is said")
    parser.add_argument("--half", choices=HALVES, help="only this half")
    options = parser.parse_args()
    names = [
        c.control
        for c in CASES.values()
        if c.cause is None and c.script not in NO_MEASURE and c.control not in UNMEASURED
        if not c.needs or c.needs in os.environ
        if options.half in (None, c.half) and (not options.words or any(w in c.control for w in options.words))
    ][:: options.every]
    trials = {name: [Trial(case, 0, options.keep.resolve()) for case in sweep_of(name)] for name in names}
    import_all()
    work = [trial for some in trials.values() for trial in some]
    failed = in_forks(pieces(work, options.again), options.processes)
    rates = [r for name, some in trials.items() for r in judged(name, outcomes_of(some))]
    print(
        f"{len(rates)} rates of {len({r.control for r in rates})} trainings" + (f"; failed: {failed}" if failed else "")
    )
    for half in HALVES:
        some = [r for r in rates if r.half == half]
        if some:
            print(f"\n{half}\n")
            table(some)
    if options.mistakes:
        for r in rates:
            said = ", ".join(f"{f.rule}[{f.severity[0]}]@{f.first_step}" for f in r.outcome.findings) or "nothing"
            wrong = r.truth == "good" and r.outcome.alarms
            missed = r.truth.startswith("too") and not r.says(f"learning-rate-{r.truth.replace(' ', '-')}")
            if wrong or missed:
                print(f"{r.half:8} {r.control:28} {r.factor:8g} {r.truth:9} won {r.won:6.2f}: {said}")


if __name__ == "__main__":
    main()
