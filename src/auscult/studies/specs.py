"""What a trial is made of, named so that any process, and any later run of the study, finds the same."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from auscult.errors import AuscultError, StudyError

RECIPES = ("digits", "imagenette", "mnist", "names")


def name_of(thing: str | Callable[..., Any], what: str) -> str:
    """`module:function` of a function, or of such a text, or of a recipe's name; StudyError where it has none."""
    if isinstance(thing, str):
        if thing in RECIPES:
            return f"auscult.recipes.{thing}:task"
        if thing.count(":") != 1 or not all(thing.split(":")):
            raise StudyError(f"{what} is {thing!r}; give module:function, or one of {', '.join(RECIPES)}")
        return thing
    module = getattr(thing, "__module__", "")
    if module == "__main__":  # a script: found again by its file's name, as its folder is on the path
        module = Path(getattr(sys.modules["__main__"], "__file__", None) or "<prompt>").stem
    name = f"{module}:{getattr(thing, '__qualname__', '')}"
    if "<" in name or not callable(thing):
        raise StudyError(f"{what} is {thing!r}, which other processes cannot find; give a function of a module")
    return name


def found(name: str, what: str) -> Callable[..., Any]:
    """What `module:function` names; StudyError where it is not there or does not import.

    Modules of the folder one is in are found too, as `python -m` finds them.
    """
    module, _, path = name.partition(":")
    if os.getcwd() not in sys.path and "" not in sys.path:
        sys.path.append(os.getcwd())
    try:
        thing: Any = importlib.import_module(module)
        for part in path.split("."):
            thing = getattr(thing, part)
    except AuscultError:
        raise
    except (ImportError, AttributeError) as e:
        raise StudyError(f"{what} {name} is not there: {e}; give module:function") from None
    except Exception as e:
        raise StudyError(f"{what} {name}: importing its module raised {type(e).__name__}: {e}") from e
    if not callable(thing):
        raise StudyError(f"{what} {name} is a {type(thing).__name__}; give a function")
    return thing


def short_name(name: str) -> str:
    """`module:function` as a person calls it: a recipe by its name, another by its function."""
    module, _, function = name.partition(":")
    return module.rpartition(".")[2] if function == "task" else function
