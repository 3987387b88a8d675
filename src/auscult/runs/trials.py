"""The trials of a study on disk: one folder each, named by its configuration, whole or not there.

STUDY/study.json                     what was asked
STUDY/trials/KEY/trial.json          configuration, numbers, seconds; or the error
STUDY/trials/KEY/arrays.npz          larger things, by name; plain arrays, never pickles
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from auscult.errors import RunError

Config = Mapping[str, Any]
Arrays = Mapping[str, np.ndarray]
_TRIAL, _ARRAYS, _STUDY = "trial.json", "arrays.npz", "study.json"


def key_of(config: Config) -> str:
    """The name of a configuration: the same for the same values, whatever their order; 16 hexadecimal digits."""
    text = json.dumps(config, sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Trial:
    """One trial that is over: its configuration and what it came to, or the error that ended it."""

    key: str
    config: dict[str, Any]
    numbers: dict[str, Any]
    seconds: float
    error: str | None
    folder: Path

    @cached_property
    def arrays(self) -> dict[str, np.ndarray]:
        """The larger things of the trial, by name, read at first use; RunError where they are damaged."""
        path = self.folder / _ARRAYS
        if not path.exists():
            return {}
        try:
            with np.load(path, allow_pickle=False) as stored:
                return {name: stored[name] for name in stored.files}
        except Exception as e:  # zipfile and NumPy raise of all kinds
            raise RunError(f"{path} is damaged ({type(e).__name__}); delete its folder and run the study again") from e


class Trials:
    """The trials in a study's folder. One process writes; what others read is whole at any moment."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)
        self._trials = self.folder / "trials"

    @property
    def asked(self) -> dict[str, Any]:
        """What the study was asked for; RunError where the folder holds none."""
        return _read(self.folder / _STUDY)

    def ask(self, asked: Config) -> None:
        """Keep what the study is asked for. Raises RunError where it cannot be written."""
        _write(self.folder / _STUDY, dict(asked))

    def get(self, config: Config) -> Trial | None:
        """The trial of a configuration; None where there is none."""
        folder = self._trials / key_of(config)
        return _trial(folder) if (folder / _TRIAL).exists() else None

    def add(
        self,
        config: Config,
        numbers: Mapping[str, Any] | None = None,
        arrays: Arrays | None = None,
        seconds: float = 0.0,
        error: str | None = None,
    ) -> Trial:
        """Keep a trial that is over, in place of what there was. Numbers that are not finite become null.

        Raises RunError where it cannot be written; what there was is kept then.
        """
        key = key_of(config)
        folder, part = self._trials / key, self._trials / f".{key}.{os.getpid()}"
        record = {"config": dict(config), "numbers": dict(numbers or {}), "seconds": seconds, "error": error}
        try:
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir(parents=True)
            if arrays:
                np.savez(part / _ARRAYS, **{name: np.asarray(values) for name, values in arrays.items()})
            _write(part / _TRIAL, record)
            shutil.rmtree(folder, ignore_errors=True)
            part.rename(folder)
        except OSError as e:
            shutil.rmtree(part, ignore_errors=True)
            raise RunError(f"cannot write {folder}: {e.strerror}; choose another folder") from e
        return _trial(folder)

    def __iter__(self) -> Iterator[Trial]:
        """All trials that are over, failed ones too, by key."""
        if self._trials.is_dir():
            for folder in sorted(self._trials.iterdir()):
                if not folder.name.startswith(".") and (folder / _TRIAL).exists():
                    yield _trial(folder)


def _trial(folder: Path) -> Trial:
    record = _read(folder / _TRIAL)
    try:
        return Trial(
            folder.name, record["config"], record["numbers"], float(record["seconds"]), record["error"], folder
        )
    except (KeyError, TypeError, ValueError) as e:
        raise RunError(f"{folder / _TRIAL} is damaged; delete its folder and run the study again") from e


def _read(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except OSError as e:
        raise RunError(f"cannot read {path}: {e.strerror}; is this a study's folder?") from None
    except ValueError:
        raise RunError(f"{path} is damaged; delete its folder and run the study again") from None
    if not isinstance(record, dict):
        raise RunError(f"{path} is damaged; delete its folder and run the study again")
    return record


def _write(path: Path, record: Config) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_text(json.dumps(_finite(record), indent=1, allow_nan=False), encoding="utf-8")
        os.replace(part, path)
    except OSError as e:
        raise RunError(f"cannot write {path}: {e.strerror}; choose another folder") from e


def _finite(thing: Any) -> Any:
    if isinstance(thing, float):
        return thing if math.isfinite(thing) else None
    if isinstance(thing, Mapping):
        return {str(key): _finite(value) for key, value in thing.items()}
    if isinstance(thing, (list, tuple)):
        return [_finite(value) for value in thing]
    return thing.item() if isinstance(thing, np.generic) else thing
