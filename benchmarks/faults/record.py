"""Runs a case under auscult as `auscult run` does, in a fork of this process, and keeps what came of it.

Each case and seed has a folder: `runs/` is the recording, `output.txt` what the script printed, `made.json` what it was
made from, `verdict-….json` what one version of the rules says of it. What is there already is not made again.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import re
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cases import FOLDER, Case

PATIENCE_S = 180  # a case that takes longer is given up
SOURCES = Path(__file__).parents[2] / "src" / "auscult"


def digest(paths: Iterable[Path], *more: str) -> str:
    """A short fingerprint of files and texts."""
    whole = hashlib.sha256("\0".join(more).encode())
    for path in sorted(paths):
        whole.update(path.read_bytes())
    return whole.hexdigest()[:12]


RULES = digest([*(SOURCES / "rules").glob("*.py"), *(SOURCES / "runs").glob("*.py")])
OBSERVER = digest(p for part in ("observe", "anatomy", "stats") for p in (SOURCES / part).glob("*.py"))


@dataclass(frozen=True)
class Trial:
    """One case with one seed, and where it is kept."""

    case: Case
    seed: int
    root: Path

    @property
    def folder(self) -> Path:
        """Where it is kept."""
        return self.root / re.sub(r"[/ ]", "_", self.case.name) / str(self.seed)

    @property
    def made_from(self) -> str:
        """A fingerprint of all that a recording depends on."""
        files = [FOLDER / f"{name}.py" for name in (self.case.script, "training", "wrong", "data")]
        return digest(files, OBSERVER, *self.case.options)

    def read(self, name: str) -> dict[str, Any] | None:
        """What is kept under a name; None where nothing is."""
        with contextlib.suppress(OSError, ValueError):
            return json.loads((self.folder / name).read_text())
        return None

    def keep(self, name: str, value: dict[str, Any]) -> None:
        """Keep it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.folder / f"{name}.part"
        part.write_text(json.dumps(value))
        part.replace(self.folder / name)

    @property
    def verdict_name(self) -> str:
        """The verdict of the rules as they are now."""
        return f"verdict-{RULES}.json"

    def is_recorded(self, again: bool) -> bool:
        """Whether there is a recording: of just this, or with `again` of an earlier version of it."""
        made = self.read("made.json")
        return made is not None and (again or made["from"] == self.made_from)


def arguments(description: str | None) -> argparse.ArgumentParser:
    """The options of all that works on recordings."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", help="only those whose name holds one of these")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--keep", type=Path, default=Path(".accuracy"), help="folder of the recordings")
    return parser


def import_all() -> None:
    """Import once what every script would import, so that a fork of this process need not; train nothing."""
    import numpy  # noqa: F401
    import sklearn.datasets  # noqa: F401
    import torch
    import torch._dynamo

    import auscult.observe.launch
    import auscult.observe.recorder
    import auscult.rules  # noqa: F401

    torch.set_num_threads(1)
    import training  # noqa: F401


def record(trial: Trial) -> None:
    """Train under auscult; to be called in a process of its own."""
    import training
    from auscult.observe.launch import Program, Session, execute
    from auscult.settings import settings

    shutil.rmtree(trial.folder, ignore_errors=True)
    trial.folder.mkdir(parents=True)
    began = time.perf_counter()
    with printing_to(trial.folder / "output.txt"):
        os.chdir(trial.folder)
        session = Session(settings(dir=str(trial.folder / "runs")), trial.case.script)
        printed = training.log

        def log(step: int, **numbers: float) -> None:  # the one line that a user adds to have his own numbers recorded
            printed(step, **numbers)
            session.recorders[-1].log(**numbers)

        training.log = log
        arguments = (*trial.case.options, "--seed", str(trial.seed))
        execute(Program(str(FOLDER / f"{trial.case.script}.py"), arguments), session)
        if session.error is not None:
            traceback.print_exception(session.error)
    made = {"from": trial.made_from, "seconds": time.perf_counter() - began, "error": repr(session.error or "")}
    trial.keep("made.json", made | losses((trial.folder / "output.txt").read_text()))


def losses(output: str) -> dict[str, float | None]:
    """The held-out losses that a script printed; None where it did not come that far, or it is not finite."""
    found = dict(re.findall(r"^(before|after) ([-\d.e]+)$", output, re.M))
    return {name: float(found[name]) if name in found else None for name in ("before", "after")}


def judge(trial: Trial) -> None:
    """What the rules say of the last run that was recorded."""
    from auscult import rules, runs

    found = runs.find_run("last", trial.folder / "runs")
    trial.keep(trial.verdict_name, rules.judge(found).as_dict())


def in_forks(work: Iterable[tuple[str, Callable[[], None]]], processes: int) -> list[str]:
    """Do each piece in a process of its own, so many at a time; the names of those that failed."""
    failed, running = [], {}

    def wait() -> None:
        pid, status = os.wait()
        if status:
            failed.append(running[pid])
        del running[pid]

    for name, piece in work:
        while len(running) >= processes:
            wait()
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                signal.alarm(PATIENCE_S)
                piece()
                status = 0
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(status)
        running[pid] = name
    while running:
        wait()
    return failed


@contextlib.contextmanager
def printing_to(path: Path) -> Iterator[None]:
    """All that is printed goes to a file."""
    with path.open("w") as file, contextlib.redirect_stdout(file), contextlib.redirect_stderr(file):
        yield
