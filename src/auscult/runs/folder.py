"""Runs on disk: making a new one, finding one by what a person types, listing them."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

from auscult.errors import RunError, RunNotFound
from auscult.runs.run import Run
from auscult.runs.schema import FILE

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_folder(directory: str | Path, name: str) -> Path:
    """A folder for a new run, not yet there: four random characters, then the name. Draws from no seeded generator."""
    slug = re.sub(r"[^A-Za-z0-9_.]+", "-", name).strip("-.") or "run"
    while True:
        folder = Path(directory) / f"{''.join(secrets.choice(_ALPHABET) for _ in range(4))}-{slug}"
        if not folder.exists():
            return folder


def list_runs(directory: str | Path) -> list[Run]:
    """The runs of a folder that can be read, the one begun last first."""
    found = []
    for file in Path(directory).glob(f"*/{FILE.format(rank=0)}"):
        try:
            found.append(Run(file.parent))
        except RunError:
            continue
    return sorted(found, key=lambda run: run.started, reverse=True)


def find_run(name: str | Path, directory: str | Path) -> Run:
    """The run that `name` means: a run's folder, an id in `directory`, a unique prefix of one, or "last".

    Raises RunNotFound or RunError, with what to type instead.
    """
    path = Path(name)
    if path.is_dir():
        return Run(path)
    if path.is_file():
        raise RunError(f"{path} is a file; a run is the folder it lies in (try {path.parent})")
    directory = Path(directory)
    if str(name) == "last":
        runs = list_runs(directory)
        if not runs:
            raise RunNotFound(f"no runs in {directory}; make one with `auscult run script.py`")
        return runs[0]
    inside = sorted(file.parent for file in directory.glob(f"*/{FILE.format(rank=0)}"))
    matches = [f for f in inside if f.name == str(name)] or [f for f in inside if f.name.startswith(str(name))]
    if len(matches) == 1:
        return Run(matches[0])
    if matches:
        raise RunNotFound(f"{name!r} could be {', '.join(f.name for f in matches[:5])}; type more of it")
    raise RunNotFound(f"no run {name!r} in {directory}; `auscult ls` lists the runs there are")
