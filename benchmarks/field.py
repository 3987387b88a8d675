"""How often auscult is right about scripts as people write them: those of benchmarks/field.

    python benchmarks/field.py                all of them, on two processes: about half an hour
    python benchmarks/field.py spiral letters those whose name holds one of these
    python benchmarks/field.py --again        judge what is recorded anew

Two hundred and thirty scripts, each for a task and in a manner of its own, most with one fault. Who wrote them had the
names of the rules and nothing else: neither how a rule judges nor the trainings of benchmarks/faults. What ails a
script, and what may be named beside it, was decided before any was listened to, and what harm it does measured beside a
healthy twin; labels.json says it.

They came in three sets. Each was first judged by rules that had been made without it, and FIRST holds what came of
that. After that the rules were mended by what was wrong, so what is printed for all of them now is the better for it;
the next set will tell again.

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

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parent / "faults"))

import score
from accuracy import outcomes_of
from cases import Case
from record import PATIENCE_S, Trial, arguments, in_forks, judge

FIELD = Path(__file__).parent / "field"
DATA = {"names.txt": "NAMES_FILE", "ubyte": "MNIST_DIR"}  # what a script mentions, and who says where it is
FIRST = """\
| as first judged | faulty, healthy | recall           | first            | precision        | alarmed          |
|---|---|---|---|---|---|
| first set       |          53, 25 | 0.81 (0.69–0.89) | 0.74 (0.60–0.84) | 0.91 (0.79–0.96) | 0.00 (0.00–0.13) |
| second set      |          53, 25 | 0.74 (0.60–0.84) | 0.70 (0.56–0.80) | 0.72 (0.56–0.83) | 0.04 (0.01–0.20) |
| third set       |          51, 23 | 0.80 (0.68–0.89) | 0.73 (0.59–0.83) | 0.70 (0.56–0.81) | 0.13 (0.05–0.32) |
| all             |         157, 73 | 0.78 (0.71–0.84) | 0.72 (0.64–0.78) | 0.78 (0.71–0.85) | 0.05 (0.02–0.13) |"""
MILD = ("bias-before-norm",)
COLUMNS = ("recall", "first", "precision", "alarmed")


def cases(words: Sequence[str] = ()) -> list[Case]:
    """The scripts whose name holds one of the words, as cases of one training each."""
    labels = json.loads((FIELD / "labels.json").read_text())
    return [
        Case(f"field/{name}", f"../field/{name}", (), of["cause"], tuple(of["also"]), mild=of["cause"] in MILD)
        for name, of in labels.items()
        if not words or any(word in name for word in words)
    ]


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
    healthy = sum(o.case.cause is None for o in outcomes)
    print(
        f"{len(outcomes) - healthy} trainings with one fault, {healthy} healthy"
        + (f"; failed: {failed}" if failed else "")
    )
    causes = sorted({o.case.cause for o in outcomes if o.case.cause})
    rows = {"all": score.figures(outcomes)} | {cause: score.figures(outcomes, cause) for cause in causes}
    print("\nnames the cause; tells it first; right, of all warnings; healthy trainings with a warning\n")
    print(FIRST + "\n\nas judged now\n")
    print(f"| {'':28} | " + " | ".join(f"{c:16}" for c in COLUMNS) + " |\n|" + "---|" * (len(COLUMNS) + 1))
    for name, row in rows.items():
        print(f"| {name:28} | " + " | ".join(f"{row[c]!s:16}" for c in COLUMNS) + " |")
    about = score.share((o.case, any(o.is_right(f) for f in o.alarms)) for o in outcomes if o.case.cause)
    print(f"\nnames the cause, or what it brings about: {about}")


if __name__ == "__main__":
    main()
