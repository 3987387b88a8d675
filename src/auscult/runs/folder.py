"""Runs on disk: making a new one, finding one by what a person types, listing them."""

from __future__ import annotations

import re
import secrets
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from auscult.errors import RunError, RunNotFound
from auscult.runs.facts import to_json
from auscult.runs.run import Run
from auscult.runs.schema import FILE

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_folder(directory: str | Path, name: str) -> Path:
    """A folder for a new run, not yet there: four random characters, then the name.

    Draws from no seeded generator.
    """
    slug = re.sub(r"[^A-Za-z0-9_.]+", "-", name).strip("-.") or "run"
    while True:
        folder = Path(directory) / f"{''.join(secrets.choice(_ALPHABET) for _ in range(4))}-{slug}"
        if not folder.exists():
            return folder


def add_fact(folder: Path, key: str, value: object) -> None:
    """Add what became known of a run once it was finished. RunError where it cannot be written."""
    try:
        with closing(sqlite3.connect(f"file:{folder / FILE.format(rank=0)}?mode=rw", uri=True)) as db, db:
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, to_json(value)))
    except sqlite3.Error as e:
        raise RunError(f"cannot add {key} to the run in {folder}: {e}") from None


def list_runs(directory: str | Path) -> list[Run]:
    """The runs of a folder that can be read, the one begun last first."""
    return [run for _, run in _begun(Path(directory)) if isinstance(run, Run)]


def find_run(name: str | Path, directory: str | Path) -> Run:
    """The run that `name` means: a run's folder, an id in `directory`, a unique prefix of one, a name, or "last".

    A name is what follows the first dash of an id; of several runs that have it, the one begun last is meant.

    Raises RunNotFound or RunError, with what to type instead.
    """
    path, directory, name = Path(name), Path(directory), str(name)
    if _holds_run(path) and name:
        return Run(path)
    if name == "last":
        return _last(directory)
    if not name:
        raise RunNotFound("the name of a run is empty; `auscult ls` lists the runs there are")
    inside = sorted(file.parent for file in _files(directory))
    matches = [f for f in inside if f.name == name] or [f for f in inside if f.name.startswith(name)]
    if len(matches) == 1:
        return Run(matches[0])
    if matches:
        more = ", …" if len(matches) > 5 else ""
        raise RunNotFound(f"{name!r} could be {', '.join(f.name for f in matches[:5])}{more}; type more of it")
    if named := [f for f in inside if f.name.partition("-")[2] == name]:
        return max((Run(f) for f in named), key=lambda run: run.started)
    with suppress(OSError):
        if path.is_dir():
            return Run(path)  # which says what is missing
        if path.is_file():
            raise RunError(f"{path} is a file; a run is the folder it lies in (try {path.parent})")
    raise RunNotFound(f"no run {name!r} in {directory}; `auscult ls` lists the runs there are")


def _last(directory: Path) -> Run:
    begun = _begun(directory)
    if not begun:
        raise RunNotFound(f"no runs in {directory}; make one with `auscult run script.py`")
    if isinstance(begun[0][1], RunError):
        raise begun[0][1]  # to show an older run instead would be to answer another question
    return begun[0][1]


def _begun(directory: Path) -> list[tuple[float, Run | RunError]]:
    """When each run began, the last first; of one that cannot be read, when its file was last changed."""
    found: list[tuple[float, Run | RunError]] = []
    for file in _files(directory):
        try:
            run = Run(file.parent)
            found.append((run.started, run))
        except RunError as e:
            with suppress(OSError):
                found.append((file.stat().st_mtime, e))
    return sorted(found, key=lambda pair: pair[0], reverse=True)


def _files(directory: Path) -> list[Path]:
    try:
        return list(directory.glob(f"*/{FILE.format(rank=0)}"))
    except OSError as e:
        raise RunError(f"cannot look for runs in {directory}: {e.strerror}") from None


def _holds_run(path: Path) -> bool:
    try:
        return (path / FILE.format(rank=0)).is_file()
    except OSError:  # a name too long for a path, a folder one may not look into
        return False
