"""How often auscult is right: faults of every kind and healthy trainings, run as a user would, and what it says.

    python benchmarks/accuracy.py                     everything, two seeds, on two processes: about half an hour
    python benchmarks/accuracy.py --seeds 1 overconf  the cases whose name holds this, one seed
    python benchmarks/accuracy.py --again             judge what is recorded anew, train only what is not there
    python benchmarks/accuracy.py --publish           all of it into the package (rules/measured.json) and docs/rules
    python benchmarks/accuracy.py --peers 5           other tools too, on every fifth case of each kind, one seed
    pip install torchmortem torch-audit neural-observatory      for their lines; what is not installed is left out

Recordings are kept (`--keep`, by default .accuracy), so a run that was broken off goes on, and rules are judged again
in minutes. The cases and their halves (one for setting thresholds, one never looked at for it) are in faults/cases.py;
MNIST_DIR and NAMES_FILE may say where the files of handwritten digits and of names are.

A cause counts as named where its rule gives a warning or worse; of a mistake that does no clear harm information is
enough. Precision counts all warnings, of the faulty and of the healthy: right is one that names the cause or one of the
consequences in cases.py. "First" is the cause told before all else. In brackets are 95 % intervals over cases: the
seeds of one are alike.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parent / "faults"))

import peers
import publish
import score
from cases import CASES, FAULTS, HALVES
from controls import UNMEASURED
from record import Trial, arguments, import_all, in_forks, judge, record

COLUMNS = ("recall", "precision", "first", "layers", "step", "alarmed")


def chosen(words: Sequence[str], half: str | None) -> list:
    """The cases of a half, or of both, whose name holds one of the words, and whose data are here."""
    cases = [c for c in CASES.values() if not words or any(word in c.name for word in words)]
    cases = [c for c in cases if half in (None, c.half)]
    away = [c.name for c in cases if c.needs and c.needs not in os.environ]
    if away:
        print(f"left out, {len(away)} cases: MNIST_DIR does not name the folder of their data")
    return [c for c in cases if c.name not in away]


def pieces(trials: Sequence[Trial], again: bool) -> Iterator[tuple[str, Callable[[], None]]]:
    """What is still to be done, telling now and then how far it is."""
    began, told = time.monotonic(), time.monotonic()

    def both(trial: Trial) -> None:
        record(trial)
        judge(trial)

    for number, trial in enumerate(trials):
        if time.monotonic() > told + 30:
            told = time.monotonic()
            print(f"{number} of {len(trials)}, {told - began:.0f} s", file=sys.stderr, flush=True)
        name = f"{trial.case.name} {trial.seed}"
        if not trial.is_recorded(again):
            yield name, partial(both, trial)
        elif trial.read(trial.verdict_name) is None:
            yield name, partial(judge, trial)


def outcomes_of(trials: Sequence[Trial]) -> list[score.Outcome]:
    """What is kept of them."""
    found = []
    for trial in trials:
        verdict, made = trial.read(trial.verdict_name), trial.read("made.json")
        if verdict is not None and made is not None:
            found.append(score.outcome(trial.case, trial.seed, verdict, made))
    return found


def sample(trials: Sequence[Trial], every: int) -> list[Trial]:
    """Of each kind of case every so-many-th, with the first seed."""
    by_cause: dict[str | None, list[Trial]] = {}
    for trial in trials:
        if trial.seed == 0:
            by_cause.setdefault(trial.case.cause, []).append(trial)
    return [trial for some in by_cause.values() for trial in some[::every]]


def beside(some: list[Trial]) -> dict:
    """Print what the other tools said of the same trainings, and auscult; the figures."""
    heard = {"auscult": outcomes_of(some)} | peers.outcomes(some)
    rows = {tool: score.figures(outcomes) for tool, outcomes in heard.items()}
    print(f"\nbeside other tools, on {len(some)} of the trainings, their words taken as generously as in peers.py\n")
    table(rows)
    return {tool: {k: s.as_dict() for k, s in row.items()} for tool, row in rows.items()}


def table(rows: dict[str, dict[str, score.Share]]) -> None:
    """Print figures by name."""
    print(f"| {'':28} | " + " | ".join(f"{c:16}" for c in COLUMNS) + " |\n|" + "---|" * (len(COLUMNS) + 1))
    for name, row in rows.items():
        print(f"| {name:28} | " + " | ".join(f"{row[c]!s:16}" for c in COLUMNS) + " |")


def say(outcomes: list[score.Outcome], verbose: bool) -> dict:
    """Print all tables; what they hold."""
    halves = {half: [o for o in outcomes if o.case.half == half] for half in HALVES} | {"all": outcomes}
    overall = {half: score.figures(some) for half, some in halves.items()}
    for half, some in halves.items():
        overall[f"{half}, clear harm"] = score.figures([o for o in some if not o.case.mild])
    print("\nrecall; precision; the cause is told first; its layers; its step; healthy runs with an alarm\n")
    table(overall)
    told = {"halves": {h: {k: s.as_dict() for k, s in row.items()} for h, row in overall.items()}, "rules": {}}
    for half, some in halves.items():
        rows = {rule: score.figures(some, rule) for rule in FAULTS if any(o.case.cause == rule for o in some)}
        told["rules"][half] = {r: {k: s.as_dict() for k, s in row.items()} for r, row in rows.items()}
        print(f"\nby rule, {half}\n")
        table(rows)
    told["margins"] = {rule: score.margins(outcomes, rule) for rule in FAULTS}
    print("\nhow many times past the threshold of a rule the healthy lie, and those it ails\n")
    print(f"| {'':28} | {'healthy: runs':>13} | {'median':>7} | {'95 %':>7} | {'most':>7} |", end="")
    print(f" {'sick: runs':>10} | {'least':>7} | {'5 %':>7} | {'median':>7} |\n|" + "---|" * 9)
    for rule, found in told["margins"].items():
        healthy, sick = found["healthy"], found["sick"]
        cells = [
            f"{len(healthy):13}",
            *quantiles(healthy, 0.5, 0.95, 1),
            f"{len(sick):10}",
            *quantiles(sick, 0, 0.05, 0.5),
        ]
        print(f"| {rule:28} | " + " | ".join(cells) + " |")
    told["harm"], told["learned"] = score.harm(outcomes), score.learned(outcomes)
    harmless = [n for n, x in told["harm"].items() if not CASES[n].mild and x is not None and x < score.CLEARLY]
    idle = [n for n, x in told["learned"].items() if not x < 0.9 and n.removeprefix("healthy/") not in UNMEASURED]
    print(f"\nfaults that do no clear harm: {', '.join(harmless) or 'none'}")
    print(f"controls that do not learn: {', '.join(idle) or 'none'}")
    if verbose:
        mistakes(outcomes)
    return told


def quantiles(ascending: Sequence[float], *shares: float) -> list[str]:
    """For a table: the values below which so large a share of them lies."""
    last = len(ascending) - 1
    return [f"{ascending[round(share * last)]:7.2g}" if ascending else f"{'–':>7}" for share in shares]


def mistakes(outcomes: list[score.Outcome]) -> None:
    """Print each run of which something wrong is said."""
    print("\nmistakes\n")
    for o in outcomes:
        wrong = [f.rule for f in o.alarms if not o.is_right(f)]
        missed = o.case.cause is not None and not o.told
        late = o.case.cause is not None and not missed and o.first is not None and o.first.rule != o.case.cause
        if wrong or missed or late:
            said = ", ".join(f"{f.rule}[{f.severity[0]}]@{f.first_step}" for f in o.findings) or "nothing"
            kind = "missed" if missed else "not first" if late and not wrong else "false"
            print(f"{kind:9} {o.case.half:8} {o.case.name} {o.seed}: {said}" + (f" ({o.cannot})" if missed else ""))


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--again", action="store_true", help="train only what has no recording of any version")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    parser.add_argument("--peers", type=int, metavar="N", help="other tools too, on every N-th case of each kind")
    parser.add_argument("--harm", type=Path, help="write what harm each fault does to this file (faults/harm.json)")
    parser.add_argument("--publish", action="store_true", help="write the figures that the package and docs/rules show")
    parser.add_argument("--half", choices=HALVES, help="only the cases of this half")
    parser.add_argument("--mistakes", action="store_true", help="list every run of which something wrong is said")
    options = parser.parse_args()
    trials = [
        Trial(case, seed, options.keep.resolve())
        for seed in range(options.seeds)
        for case in chosen(options.words, options.half)
    ]
    if options.publish and len(trials) < len(CASES) * options.seeds:
        parser.error("--publish is of all cases: name none, and set MNIST_DIR")
    import_all()
    failed = in_forks(pieces(trials, options.again), options.processes)
    some = sample(trials, options.peers) if options.peers else []
    failed += in_forks(peers.pieces(some), options.processes) if some else []
    outcomes = outcomes_of(trials)
    print(
        f"{len(outcomes)} runs of {len({o.case.name for o in outcomes})} cases"
        + (f"; failed: {failed}" if failed else "")
    )
    told = say(outcomes, options.mistakes)
    if some:
        told["peers"] = beside(some)
    if options.harm:
        options.harm.write_text(json.dumps(dict(sorted(told["harm"].items())), indent=1) + "\n")
    if options.json:
        options.json.write_text(json.dumps(told, indent=1))
    if options.publish:
        if failed:
            sys.exit("not published, since some failed")
        publish.publish(outcomes)


if __name__ == "__main__":
    main()
