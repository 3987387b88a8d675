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
_PLAIN = (list, tuple, dict)
_OWN = frozenset(nn.Module().__dict__)  # a module's own dictionaries
_CALLED = "_auscult_called"  # attribute
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
# optimizers whose making was heard, by id: to find these takes no search
made: weakref.WeakValueDictionary[int, Optimizer] = weakref.WeakValueDictionary()


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
    things = _search(kind) if _found is None else _found
    return [thing for thing in things if issubclass(type(thing), kind)]


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


def name_it(tensor: Tensor, name: str) -> None:
    """Give a tensor of ours the name it is to be known by."""
    vars(tensor)[_CALLED] = name


def name_tensors(tensors: Iterable[Tensor]) -> dict[int, Named]:
    """A name for each tensor by id: as `named_parameters` has it, as the script's variables have it, or `tensor3`.

    One whose module has been replaced by another is called what that one's is, and replaced.
    """
    tensors = list(tensors)
    called = {id(t): Named(name) for t in tensors if (name := vars(t).get(_CALLED))}
    wanted = {id(t) for t in tensors} - called.keys()
    frames = _script_frames()
    named = called | _from_modules(wanted, frames)
    named.update(_from_variables(wanted - named.keys(), frames))
    named.update(_replaced([t for t in tensors if id(t) not in named]))
    for i, t in enumerate(tensors):
        if id(t) not in named:
            named[id(t)] = Named(f"tensor{i}")
    _let_go(frames)
    return named


def named_in(root: nn.Module, prefix: str = "") -> dict[int, Named]:
    """The names of a module's parameters by id, a tied one under its first name, wrappers left out."""
    named: dict[int, Named] = {}
    for path, module in _modules_in(root):
        parts = _parts(path)
        for attribute, parameter in module._parameters.items():
            if parameter is not None and id(parameter) not in named:
                named[id(parameter)] = Named(
                    ".".join([*([prefix] if prefix else []), *parts, attribute]), module, attribute
                )
    return named


def _parts(path: str) -> list[str]:
    """The parts of a module's path, wrappers left out."""
    return [part for part in path.split(".") if part and part not in _WRAPPERS]


def _modules_in(root: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    """A module and all inside it, with their paths: as PyTorch knows them, then those it does not, in plain lists."""
    memo: set[nn.Module] = set()
    found = list(root.named_modules(memo))
    for path, module in found:  # grows as it goes
        yield path, module
        for name, child in _listed(module):
            found += child.named_modules(memo, f"{path}.{name}" if path else name)


def _listed(module: nn.Module) -> list[tuple[str, nn.Module]]:
    """The modules that a module holds in lists, tuples and dicts: PyTorch takes them for no part of it."""
    found = []
    attributes = module.__dict__
    for name in attributes.keys() - _OWN:
        value = attributes.get(name)
        if type(value) in _PLAIN and value:
            found += _modules_at(name, value)
    return sorted(found, key=lambda pair: [*attributes].index(pair[0].partition(".")[0])) if found else found


def _modules_at(path: str, value: Any) -> list[tuple[str, nn.Module]]:
    """The modules that lie in a plain list, tuple or dict."""
    pairs = list(value.items() if type(value) is dict else enumerate(value))[:_MOST]
    return [(f"{path}.{key}", one) for key, one in pairs if issubclass(type(one), nn.Module)]


Switches = list[tuple[str, weakref.ref[nn.Module]]]


def switches_of(tensors: Iterable[Tensor]) -> Switches:
    """The modules that train and evaluate differently (norms, dropout) in the models that own these tensors, named."""
    wanted = {id(t) for t in tensors}
    found = {}
    for root in _roots():
        named = named_in(root).keys()
        if wanted & named:
            for path, module in _modules_in(root):
                if isinstance(module, _SWITCHED):
                    name = ".".join(_parts(path))
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
    roots = [root for root in holders if id(root) not in children]
    listed = {id(child) for m in holders for _, child in _listed(m)}
    if not any(id(root) in listed for root in roots):
        return roots
    free = [root for root in roots if id(root) not in listed]
    inside = {id(module) for root in free for _, module in _modules_in(root)}
    return free + [root for root in roots if id(root) in listed and id(root) not in inside]  # they list each other


def _from_modules(wanted: set[int], frames: list[FrameType]) -> dict[int, Named]:
    roots = [(root, {key: n for key, n in named_in(root).items() if key in wanted}) for root in _roots()]
    roots = [r for r in roots if r[1]]
    variables = _modules_by_variable(frames) if len(roots) > 1 else {}
    order = {key: i for i, key in enumerate(variables)}  # the script's, since that of objects in memory changes
    roots.sort(key=lambda r: (-len(r[1]), order.get(id(r[0]), len(order))))
    left, chosen = set(wanted), []
    for root, has in roots:  # the roots that cover most, each tensor under one of them
        if has.keys() & left:
            chosen.append((root, has))
            left -= has.keys()
    named: dict[int, Named] = {}
    taken: dict[str, int] = {}
    for root, has in chosen:
        prefix = ""
        if len(chosen) > 1:
            prefix = variables.get(id(root)) or type(root).__name__.lower()
            taken[prefix] = taken.get(prefix, 0) + 1
            prefix += f"#{taken[prefix]}" if taken[prefix] > 1 else ""
        for key, n in has.items():
            named.setdefault(key, Named(f"{prefix}.{n.name}", n.owner, n.attribute) if prefix else n)
    return named


def _modules_by_variable(frames: list[FrameType]) -> dict[int, str]:
    """What variables call modules, by id; one in a list or in an object of the script `blocks.0`."""
    found: dict[int, str] = {}
    objects = []
    for frame in frames:
        for name, value in _variables(frame):
            if issubclass(type(value), nn.Module):
                found.setdefault(id(value), name)  # not that of a loop over them, which comes later
            elif type(value) in _PLAIN or _is_of_the_script(value):
                objects.append((name, value))
    for name, value in objects:
        inside = [(name, value)] if type(value) in _PLAIN else list(vars(value).items())
        for key, one in inside:
            pairs = _modules_at(key, one) if type(one) in _PLAIN else [(key, one)]
            for path, module in pairs:
                if issubclass(type(module), nn.Module):
                    found.setdefault(id(module), path)
    return found


def _replaced(tensors: list[Tensor]) -> dict[int, Named]:
    """Names for parameters whose module is gone: of the only one now there that has such, which no optimizer holds.

    What differs may be how many units there are, as where a head for other classes takes the place of the old one.
    """
    lost = [t for t in tensors if isinstance(t, nn.Parameter)]
    if not lost:
        return {}
    held = {id(p) for o in alive(Optimizer) for group in o.param_groups for p in group["params"]}
    named: dict[int, Named] = {}
    places = [(path, m) for root in _roots() for path, m in _modules_in(root)]
    for path, module in places:
        own = [(name, p) for name, p in module._parameters.items() if p is not None]
        if not own or any(id(p) in held or not p.requires_grad for _, p in own):
            continue
        at = [i for i in range(len(lost) - len(own) + 1) if _alike(lost[i : i + len(own)], [p for _, p in own])]
        if len(at) != 1:
            continue
        for t, (name, _) in zip(lost[at[0] :], own, strict=False):
            if id(t) in named:  # another could have been it
                return {}
            named[id(t)] = Named(".".join([*_parts(path), f"{name} (replaced)"]), module, name)
    return named


def _alike(some: Iterable[Tensor], others: Iterable[Tensor]) -> bool:
    return all(a.ndim == b.ndim and a.shape[1:] == b.shape[1:] for a, b in zip(some, others, strict=True))


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
