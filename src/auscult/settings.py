"""How auscult listens: a frozen dataclass, filled from arguments, environment, pyproject.toml and defaults, in turn."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from auscult.errors import SettingsError


@dataclass(frozen=True)
class Settings:
    """Where runs are kept and how much listening may cost.

    dir: folder of the runs (environment: AUSCULT_DIR).
    budget: share of wall time auscult may use, 0 < budget < 1 (AUSCULT_BUDGET).
    every: look at every N-th step and no other, instead of keeping a budget (AUSCULT_EVERY).
    updates: measure the update of every parameter at every N-th step that is not looked at, whatever that costs; left
        out, it is as often as half the budget pays for (AUSCULT_UPDATES).
    dense: the first steps, always looked at (AUSCULT_DENSE).
    native: measure with the native core where it was built (AUSCULT_NATIVE).
    eager: run code compiled by torch.compile as it is written on the steps looked into, so that its layers can be seen;
        eager and compiled code round differently, so the weights differ by rounding then (AUSCULT_EAGER).
    """

    dir: str = "auscult-runs"
    budget: float = 0.03
    every: int | None = None
    updates: int | None = None
    dense: int = 20
    native: bool = True
    eager: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.budget < 1:
            raise SettingsError(f"budget is a share of wall time between 0 and 1, got {self.budget!r}; try 0.03")
        if self.every is not None and self.every < 1:
            raise SettingsError(f"every is a whole number of steps, 1 or more, got {self.every!r}; try 10")
        if self.updates is not None and self.updates < 1:
            raise SettingsError(f"updates is a whole number of steps, 1 or more, got {self.updates!r}; try 1")
        if self.dense < 0:
            raise SettingsError(f"dense is a number of steps, 0 or more, got {self.dense!r}; try 20")


_TYPES = {
    "dir": str, "budget": float, "every": int, "updates": int, "dense": int, "native": bool, "eager": bool,
}  # fmt: skip


def settings(**arguments: object) -> Settings:
    """The settings in force: `arguments` that are not None, then AUSCULT_*, then `[tool.auscult]`, then defaults.

    Raises SettingsError where a name is unknown or a value cannot be read.
    """
    chosen: dict[str, object] = {}
    for source, values in _sources(arguments):
        for name, value in values.items():
            if name not in _TYPES:
                raise SettingsError(f"{source} has no setting {name!r}; the settings are {', '.join(sorted(_TYPES))}")
            chosen[name] = _read(name, value, source)
    return Settings(**chosen)  # type: ignore[arg-type]


def runs_folder(dir: str | os.PathLike[str] | None = None) -> str:
    """Where the runs are, as `settings` says it, whatever else is set: to read runs, the rest need not be right."""
    said = [_read("dir", values["dir"], source) for source, values in _sources({"dir": dir}) if "dir" in values]
    return str(said[-1]) if said else Settings.dir


def check_writable(directory: str) -> None:
    """Raise SettingsError where runs cannot be written into a folder, whether it is there or yet to be made."""
    there = Path(directory).absolute()
    while not os.path.exists(there) and there != there.parent:  # False too where one may not look
        there = there.parent
    if not there.is_dir():
        raise SettingsError(f"runs cannot be kept in {directory}: {there} is no folder; give another by --dir")
    if not os.access(there, os.W_OK | os.X_OK):
        raise SettingsError(f"runs cannot be kept in {directory}: {there} may not be written to; give another by --dir")


def _sources(arguments: Mapping[str, object]) -> list[tuple[str, Mapping[str, object]]]:
    """Who says what, the one that counts most last."""
    return [
        ("[tool.auscult] of pyproject.toml", _from_pyproject()),
        ("the environment (AUSCULT_…)", _from_environment()),
        ("the argument", {name: value for name, value in arguments.items() if value is not None}),
    ]


def _read(name: str, value: object, source: str) -> object:
    kind = _TYPES[name]
    try:
        if kind is bool and not isinstance(value, bool):
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[str(value).lower()]
        if kind is int and isinstance(value, float):
            raise ValueError
        return kind(os.fspath(value) if isinstance(value, os.PathLike) else value)  # type: ignore[call-overload]
    except (TypeError, ValueError, KeyError):
        word = {int: "a whole number", float: "a number", str: "text", bool: "true or false"}[kind]
        raise SettingsError(f"{source} gives {name} as {value!r}; it takes {word}") from None


def _from_environment() -> dict[str, str]:
    begins = "AUSCULT_"
    return {k.removeprefix(begins).lower(): v for k, v in os.environ.items() if k.startswith(begins) and v}


def _from_pyproject() -> dict[str, object]:
    path = Path("pyproject.toml")
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")).get("tool", {}).get("auscult", {})
    except (OSError, tomllib.TOMLDecodeError):
        return {}  # somebody else's file, and broken: theirs to mend, not a reason to stop a training
