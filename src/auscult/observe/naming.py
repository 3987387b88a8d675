"""Names for tensors nobody named: from the modules that own them, else from the script's own variables."""

from __future__ import annotations

import gc
import inspect
import sys
import threading
import time
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

_WRAPPERS = ("_orig_mod", "module", "_fsdp_wrapped_module", "_checkpoint_wrapped_module")
_PASSING = {
    "p",
    "param",
    "parameter",
    "t",
    "tensor",
    "w",
    "x",
    "_",
    "item",
    "value",
    "v",
}  # loop variables, as a rule
_SWITCHED = (nn.modules.batchnorm._NormBase, nn.modules.dropout._DropoutNd)
_DEPTH = 3
_MOST = 2000
_MOMENT_S = 0.2  # a search among a million objects takes a quarter of it


@dataclass(frozen=True)
class Named:
    """A tensor's name and, where a module owns it, that module and the attribute."""

    name: str
    owner: nn.Module | None = None
    attribute: str = ""


_found: list[Any] | None = None  # modules and optimizers, while nothing of the program's runs


@contextmanager
def one_search() -> Iterator[None]:
    """Search the program for modules and optimizers once for all that is asked inside: it takes tens of ms."""
    global _found
    outermost = _found is None
    if outermost:
        _found = _search(nn.Module, Optimizer)
    try:
        yield
    finally:
        if outermost:
            _found = None


def alive(kind: type) -> list[Any]:
    """Every module, or every optimizer, in the program. Looks at `type`, as an object might answer with code."""
    return [thing for thing in _found or _search(kind) if issubclass(type(thing), kind)]


def _search(*wanted: type) -> list[Any]:
    kinds, new = set(wanted), list(wanted)
    while new:
        new = [below for cls in new for below in type.__subclasses__(cls) if below not in kinds]
        kinds.update(new)
    with _alone():
        return [thing for thing in gc.get_objects() if type(thing) in kinds]


@contextmanager
def _alone() -> Iterator[None]:
    """For a moment no other thread runs Python code, unless this one waits for something.

    A thread that is making a tuple while every object is held here would find its tuple held by someone else, and get a
    SystemError for it.
    """
    if threading.active_count() < 2:
        yield
        return
    usual = sys.getswitchinterval()
    sys.setswitchinterval(_MOMENT_S)
    try:
        time.sleep(2 * usual)  # until whoever waited for its turn with the interval of before has had it
        yield
    finally:
        sys.setswitchinterval(usual)


def name_tensors(tensors: Iterable[Tensor]) -> dict[int, Named]:
    """A name for each tensor by id: as `named_parameters` has it, as the script's variables have it, or `tensor3`."""
    tensors = list(tensors)
    wanted = {id(t) for t in tensors}
    frames = _script_frames()
    named = _from_modules(wanted, frames)
    named.update(_from_variables(wanted - named.keys(), frames))
    for i, t in enumerate(tensors):
        if id(t) not in named:
            named[id(t)] = Named(f"tensor{i}")
    _let_go(frames)
    return named


def named_in(root: nn.Module, prefix: str = "") -> dict[int, Named]:
    """The names of a module's parameters by id, a tied one under its first name, wrappers left out."""
    named: dict[int, Named] = {}
    for path, module in root.named_modules():
        parts = [part for part in path.split(".") if part and part not in _WRAPPERS]
        for attribute, parameter in module._parameters.items():
            if parameter is not None and id(parameter) not in named:
                named[id(parameter)] = Named(
                    ".".join([*([prefix] if prefix else []), *parts, attribute]), module, attribute
                )
    return named


Switches = list[tuple[str, weakref.ref[nn.Module]]]


def switches_of(tensors: Iterable[Tensor]) -> Switches:
    """The modules that train and evaluate differently (norms, dropout) in the models that own these tensors, named."""
    wanted = {id(t) for t in tensors}
    found = {}
    for root in _roots():
        named = named_in(root).keys()
        if wanted & named:
            for path, module in root.named_modules():
                if isinstance(module, _SWITCHED):
                    name = ".".join(part for part in path.split(".") if part and part not in _WRAPPERS)
                    found[id(module)] = name or type(module).__name__, weakref.ref(module)
    return list(found.values())


def switched_off(switches: Switches) -> list[str]:
    """Those of these modules that are in eval mode now."""
    modules = ((name, reference()) for name, reference in switches)
    return [name for name, module in modules if module is not None and not module.training]


def _roots() -> list[nn.Module]:
    """The modules that are part of no other."""
    holders = [m for m in alive(nn.Module) if "_modules" in m.__dict__]
    children = {id(child) for m in holders for child in m._modules.values() if child is not None}
    return [root for root in holders if id(root) not in children]


def _from_modules(wanted: set[int], frames: list[FrameType]) -> dict[int, Named]:
    roots = [(root, wanted & named_in(root).keys()) for root in _roots()]
    roots = sorted((r for r in roots if r[1]), key=lambda r: -len(r[1]))
    left, chosen = set(wanted), []
    for root, has in roots:  # the roots that cover most, each tensor under one of them
        if has & left:
            chosen.append(root)
            left -= has
    variables = {id(value): name for frame in frames for name, value in _variables(frame)}
    named: dict[int, Named] = {}
    taken: dict[str, int] = {}
    for root in chosen:
        prefix = ""
        if len(chosen) > 1:
            prefix = variables.get(id(root)) or type(root).__name__.lower()
            taken[prefix] = taken.get(prefix, 0) + 1
            prefix += f"#{taken[prefix]}" if taken[prefix] > 1 else ""
        for key, name in named_in(root, prefix).items():
            if key in wanted:
                named.setdefault(key, name)
    return named


def _from_variables(wanted: set[int], frames: list[FrameType]) -> dict[int, Named]:
    """Names from variables: `W1` before `layers[0].weight` before `parameters[2]`."""
    best: dict[int, tuple[int, str]] = {}
    seen: set[int] = set()
    for frame in frames:
        most = len(seen) + _MOST
        for name, value in _variables(frame):
            for path, tensor in _within(name, value, _DEPTH, seen, most):
                if id(tensor) in wanted and _rank(path, name) < best.get(id(tensor), (_WORST, ""))[0]:
                    best[id(tensor)] = (_rank(path, name), path)
    return {key: Named(path) for key, (_, path) in best.items()}


_WORST = 4


def _rank(path: str, variable: str) -> int:
    """How good a name is, 0 the best: a variable of its own, an attribute, an item, a loop variable."""
    if path == variable:
        return 3 if variable in _PASSING else 0
    return 2 if path.endswith("]") else 1


def _within(path: str, value: Any, depth: int, seen: set[int], most: int) -> Iterator[tuple[str, Tensor]]:
    if isinstance(value, Tensor):
        yield path, value
        return
    if depth == 0 or len(seen) > most or id(value) in seen:
        return
    if type(value) in (list, tuple):
        inside = [(f"{path}[{i}]", v) for i, v in enumerate(value[:_MOST])]
    elif type(value) is dict:
        inside = [(f"{path}[{k!r}]", v) for k, v in list(value.items())[:_MOST] if isinstance(k, (str, int))]
    elif _is_of_the_script(value):
        inside = [(f"{path}.{k}", v) for k, v in vars(value).items()]
    else:
        return
    seen.add(id(value))
    for p, v in inside:
        yield from _within(p, v, depth - 1, seen, most)


def _is_of_the_script(value: Any) -> bool:
    cls = type(value)
    package = (cls.__module__ or "").partition(".")[0]
    return (
        "__dict__" in dir(cls)
        and hasattr(value, "__dict__")
        and package not in ("builtins", "torch", "numpy", "auscult")
    )


def _variables(frame: FrameType) -> Iterator[tuple[str, Any]]:
    for name, value in list(frame.f_locals.items()):
        if not name.startswith("__"):
            yield name, value
            if name == "self" and hasattr(value, "__dict__"):
                yield from list(vars(value).items())


def _let_go(frames: list[FrameType]) -> None:
    """Before Python 3.13 a function whose variables were read keeps a copy of them, and so what the script deletes."""
    if sys.version_info < (3, 13):
        for frame in frames:
            if frame.f_code.co_flags & inspect.CO_OPTIMIZED:  # a module's variables are no copy
                frame.f_locals.clear()


def _script_frames() -> list[FrameType]:
    """The frames of the script on the stack, outermost first: neither PyTorch's nor ours nor Python's machinery."""
    ours = ("torch.", "auscult.", "runpy", "importlib.")
    frame: FrameType | None = sys._getframe()
    found = []
    while frame is not None:
        module = frame.f_globals.get("__name__", "") + "."
        if not module.startswith(ours):
            found.append(frame)
        frame = frame.f_back
    return found[::-1]


def is_optimizable(tensor: Any) -> bool:
    """Whether something is a tensor that training can move and we can measure."""
    return (
        isinstance(tensor, Tensor)
        and not nn.parameter.is_lazy(tensor)
        and (tensor.is_floating_point() or tensor.is_complex())
        and tensor.layout == torch.strided
        and tensor.device.type != "meta"
        and tensor.numel() > 0
        and (hasattr(tensor, "to_local") or tensor.untyped_storage().nbytes() > 0)  # not freed, as FSDP does
    )
