"""How often auscult is right about scripts as people write them: those of benchmarks/field.

    python benchmarks/field.py                all of them, on two processes: more than an hour
    python benchmarks/field.py spiral letters those whose name holds one of these
    python benchmarks/field.py --again        judge what is recorded anew

Fifteen hundred and thirty-nine scripts, each for a task and in a manner of its own, most with one fault. Who wrote them
had the names of the rules and nothing else: neither how a rule judges nor the trainings of benchmarks/faults. What ails
a script, and what may be named beside it, was decided before any was listened to, and what harm it does measured beside
a healthy twin; labels.json says it.

They came in seventeen sets. Each was first judged by rules that had been made without it; labels.json keeps what they
said, from which the first table is made. After that the rules were mended by what was wrong, so the second table, of
the rules as they are, is the better for it; the next set will tell again.

A cause counts as named where its rule gives a warning or worse; of a mistake that does no harm (a bias before a norm)
information is enough. In brackets are 95 % intervals. The scripts read data/names.txt and the files of handwritten
digits in data/: NAMES_FILE and MNIST_DIR say where these are, and scripts whose data are not there are left out.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parent / "faults"))

import score
from accuracy import outcomes_of
from auscult import rules, runs
from cases import Case
from record import PATIENCE_S, Trial, arguments, in_forks

FIELD = Path(__file__).parent / "field"
# what a script mentions of its data, and who says where they are
DATA = {"names.txt": "NAMES_FILE", "NAMES_FILE": "NAMES_FILE", "ubyte": "MNIST_DIR", "MNIST_DIR": "MNIST_DIR"}
MILD = ("bias-before-norm",)
COLUMNS = ("recall", "first", "precision", "alarmed")


def labels() -> dict[str, dict]:
    """What is known of each script, by its name."""
    return json.loads((FIELD / "labels.json").read_text())


def cases(words: Sequence[str] = ()) -> list[Case]:
    """The scripts whose name holds one of the words, as cases of one training each."""
    return [
        Case(f"field/{name}", f"../field/{name}", (), of["cause"], tuple(of["also"]), mild=of["cause"] in MILD)
        for name, of in labels().items()
        if not words or any(word in name for word in words)
    ]


def as_first_judged(some: Sequence[Case]) -> dict[str, list[score.Outcome]]:
    """What was said of these scripts by rules made without them, by the set that they came in, and of all."""
    found: dict[str, list[score.Outcome]] = {f"set {k}": [] for k in range(1, 18)} | {"all": []}
    known = labels()
    for case in some:
        of = known[case.name.removeprefix("field/")]
        said = [score.Finding(rule, severity) for severity, rule in map(str.split, of["first"])]
        outcome = score.Outcome(case, 0, 0, tuple(said))
        found[f"set {of['set']}"].append(outcome)
        found["all"].append(outcome)
    return found


def lacks(case: Case) -> str:
    """The variable of the environment that a script's data need and that is not set; empty where nothing is lacking."""
    text = script_of(case).read_text()
    return next((v for word, v in DATA.items() if word in text and v not in os.environ), "")


def script_of(case: Case) -> Path:
    """The file of a script."""
    return FIELD / f"{case.name.removeprefix('field/')}.py"


def record(trial: Trial) -> None:
    """Run a script as a user would, in a folder in which its data lie."""
    shutil.rmtree(trial.folder, ignore_errors=True)
    (trial.folder / "data").mkdir(parents=True)
    if "NAMES_FILE" in os.environ:
        (trial.folder / "data" / "names.txt").symlink_to(Path(os.environ["NAMES_FILE"]).resolve())
    for file in Path(os.environ["MNIST_DIR"]).resolve().glob("*ubyte*") if "MNIST_DIR" in os.environ else ():
        (trial.folder / "data" / file.name).symlink_to(file)
    command = [sys.executable, "-m", "auscult", "run", "--quiet", "--dir", "runs", str(script_of(trial.case).resolve())]
    with (trial.folder / "output.txt").open("w") as output:
        subprocess.run(command, cwd=trial.folder, stdout=output, stderr=output, timeout=PATIENCE_S, check=False)
    trial.keep("made.json", {"from": trial.made_from, "before": None, "after": None})


def judge(trial: Trial) -> None:
    """What the rules say of all that the script trained, one training after the other; nothing where none was heard."""
    verdicts: list[dict[str, Any]] = [{"steps": 0, "coverage": [], "findings": []}]
    verdicts += [rules.judge(run).as_dict() for run in reversed(runs.list_runs(trial.folder / "runs"))]
    trial.keep(trial.verdict_name, verdicts[-1] | {"findings": [f for v in verdicts for f in v["findings"]]})


def pieces(trials: Sequence[Trial], again: bool) -> Iterator[tuple[str, partial[None]]]:
    """What is still to be done."""

    def both(trial: Trial) -> None:
        record(trial)
        judge(trial)

    for trial in trials:
        if not trial.is_recorded(again):
            yield trial.case.name, partial(both, trial)
        elif trial.read(trial.verdict_name) is None:
            yield trial.case.name, partial(judge, trial)


def table(title: str, rows: dict[str, dict[str, score.Share]]) -> None:
    """Print figures by name."""
    print(f"\n| {title:28} | " + " | ".join(f"{c:16}" for c in COLUMNS) + " |\n|" + "---|" * (len(COLUMNS) + 1))
    for name, row in rows.items():
        print(f"| {name:28} | " + " | ".join(f"{row[c]!s:16}" for c in COLUMNS) + " |")


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--again", action="store_true", help="train only what has no recording of any version")
    options = parser.parse_args()
    found = cases(options.words)
    away = [lacks(case) for case in found if lacks(case)]
    if away:
        print(f"left out, {len(away)} scripts: not set are {', '.join(sorted(set(away)))}")
    trials = [Trial(case, 0, options.keep.resolve()) for case in found if not lacks(case)]
    failed = in_forks(pieces(trials, options.again), options.processes)
    outcomes = outcomes_of(trials)
    before = as_first_judged([o.case for o in outcomes])
    healthy = sum(o.case.cause is None for o in outcomes)
    print(
        f"{len(outcomes) - healthy} trainings with one fault, {healthy} healthy"
        + (f"; failed: {failed}" if failed else "")
    )
    causes = sorted({o.case.cause for o in outcomes if o.case.cause})
    rows = {"all": score.figures(outcomes)} | {cause: score.figures(outcomes, cause) for cause in causes}
    print("\nnames the cause; tells it first; right, of all warnings; healthy trainings with a warning")
    table("as first judged", {name: score.figures(some) for name, some in before.items() if some})
    table("as judged now", rows)
    about = score.share((o.case, any(o.is_right(f) for f in o.alarms)) for o in outcomes if o.case.cause)
    print(f"\nnames the cause, or what it brings about: {about}")


if __name__ == "__main__":
    main()
