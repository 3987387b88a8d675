"""A checkpoint on disk: a file that is either whole or not there, read without running what it holds.

Written beside its place, flushed to the disk and renamed, so that a program killed at any moment leaves the checkpoint
before or this one. It is a file of `torch.save`, and holds tensors, numbers, texts, and lists and dicts of these only.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from auscult.errors import LearnerError

MARK = "auscult learner"
VERSION = 1


def write_checkpoint(path: str | os.PathLike[str], state: Mapping[str, Any]) -> Path:
    """Write the state, in place of a checkpoint that is there; the folder is made where there is none.

    Raises LearnerError where the state holds what cannot be read again, or the file cannot be written; a checkpoint
    that was there is there still.
    """
    path = Path(path)
    whole = {"what": MARK, "version": VERSION, "torch": str(torch.__version__), **state}
    _refuse_unreadable(whole)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(part, "wb") as file:
            torch.save(whole, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
        _sync_folder(path.parent)
    except (OSError, RuntimeError) as e:  # the latter is torch's word for a full disk
        why = getattr(e, "strerror", None) or str(e).splitlines()[0]
        raise LearnerError(f"cannot write the checkpoint {path}: {why}; give a place that can be written") from e
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return path


def read_checkpoint(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The state that was written, its tensors on the CPU.

    Raises LearnerError where there is no such file, it is damaged, or it is not a Learner's.
    """
    path = Path(path)
    try:
        with zipfile.ZipFile(path) as archive:
            broken = archive.testzip()  # torch reads without looking at checksums
        if broken is not None:
            raise LearnerError(f"the checkpoint {path} is damaged ({broken}); take an earlier one, or begin anew")
        state = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise LearnerError(f"there is no checkpoint {path}; give a file that learn.save wrote") from None
    except OSError as e:
        raise LearnerError(f"cannot read the checkpoint {path}: {e.strerror}; give a file that learn.save wrote") from e
    except (zipfile.BadZipFile, RuntimeError, EOFError, ValueError) as e:
        why = str(e).splitlines()[0].rstrip(".")
        raise LearnerError(f"{path} is damaged or no checkpoint ({why}); take an earlier one, or begin anew") from e
    except pickle.UnpicklingError as e:
        raise LearnerError(f"{path} holds more than numbers and is not read; give a file that learn.save wrote") from e
    if not isinstance(state, dict) or state.get("what") != MARK:
        raise LearnerError(f"{path} is not a Learner's checkpoint; give a file that learn.save wrote")
    if state.get("version") != VERSION:
        raise LearnerError(
            f"{path} is of format {state.get('version')}, this auscult reads {VERSION}; use the auscult that wrote it"
        )
    return state


def _refuse_unreadable(state: Mapping[str, Any]) -> None:
    """Raise where the state could be written but not read with weights_only; tried without the tensors' bulk."""
    for key, value in state.items():
        trial = BytesIO()
        try:
            torch.save(_light(value), trial)
            trial.seek(0)
            torch.load(trial, weights_only=True)
        except (pickle.PicklingError, pickle.UnpicklingError, AttributeError, TypeError) as e:
            kind = f"a {_odd(value)}" if _odd(value) else "an object"
            raise LearnerError(
                f"the {key} state holds {kind}, which a checkpoint cannot; keep tensors, numbers, texts, and lists and "
                "dicts of these in it"
            ) from e


def _light(thing: Any) -> Any:
    return _mapped(thing, lambda leaf: torch.empty(0) if type(leaf) in (Tensor, torch.nn.Parameter) else leaf)


def _mapped(thing: Any, change: Callable[[Any], Any]) -> Any:
    if type(thing) in (list, tuple):
        return type(thing)(_mapped(one, change) for one in thing)
    return {k: _mapped(v, change) for k, v in thing.items()} if isinstance(thing, dict) else change(thing)


def _odd(thing: Any) -> str:
    """The class of the first thing that is neither a tensor, a number nor a text."""
    plain = (Tensor, int, float, complex, str, bytes, bool, type(None), torch.device, torch.dtype)
    found: list[str] = []
    _mapped(thing, lambda leaf: found.append(type(leaf).__name__) if not isinstance(leaf, plain) else None)
    return found[0] if found else ""


def _sync_folder(folder: Path) -> None:
    """Make the renaming last; some systems cannot, and then it lasts soon."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
