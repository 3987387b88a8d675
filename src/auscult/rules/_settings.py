"""What was set differently in two runs, from the facts they keep."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from auscult.findings import Setting
from auscult.rules._compared import Names
from auscult.rules._rule import figure, listed
from auscult.runs import Layer, Optimizer, Parameter, Run

MISSING = "–"
_SET_BY_SCHEDULES = ("initial_lr", "max_lr", "min_lr", "max_momentum", "base_momentum", "params")


def settings(run: Run, baseline: Run, names: Names) -> tuple[Setting, ...]:
    """What differs, in the order a person would ask for it."""
    return (
        *_optimizers(run.optimizers, baseline.optimizers),
        *_things(run.parameters, baseline.parameters, names, "parameters", _OF_PARAMETERS),
        *_things(run.layers, baseline.layers, names, "layers seen", _OF_LAYERS),
        *_task(run, baseline),
        *_versions(run, baseline),
        *_words(run, baseline),
    )


_OF_PARAMETERS: dict[str, Callable[[Parameter], object]] = {
    "shape": lambda p: " × ".join(map(str, p.shape)) or "one number",
    "dtype": lambda p: p.dtype,
    "device": lambda p: p.device,
    "trainable": lambda p: p.trainable,
    "given to an optimizer": lambda p: p.optimizer is not None,
}
_OF_LAYERS: dict[str, Callable[[Layer], object]] = {
    "operation": lambda x: x.operation,
    "norm": lambda x: x.norm,
    "activation": lambda x: x.activation,
}


def _optimizers(here: Sequence[Optimizer], there: Sequence[Optimizer]) -> Iterator[Setting]:
    if [o.class_name for o in here] != [o.class_name for o in there]:
        yield Setting("optimizer", *("; ".join(map(_described, os)) or "none" for os in (here, there)))
        return
    for mine, theirs in zip(here, there, strict=True):
        if len(mine.groups) != len(theirs.groups):
            yield Setting(f"groups of {mine.name}", str(len(mine.groups)), str(len(theirs.groups)))
        for i, (a, b) in enumerate(zip(mine.groups, theirs.groups, strict=False)):
            of = mine.name if len(mine.groups) == 1 else f"{mine.name}[{i}]"
            yield from _unlike(f" of {of}", a, b)


def _described(o: Optimizer) -> str:
    told = [f"{k} {_value(v)}" for k, v in (o.groups[0] if o.groups else {}).items() if v and _counts(k)]
    return f"{o.class_name} ({', '.join(told)})" if told else o.class_name


def _counts(option: str) -> bool:
    return option not in _SET_BY_SCHEDULES


def _things(
    here: Sequence[Any], there: Sequence[Any], names: Names, what: str, asked: Mapping[str, Callable[[Any], object]]
) -> Iterator[Setting]:
    """Those that only one has, and what is asked of those that both have."""
    theirs = {x.name: x for x in there}
    mine = {names.there(x.name): x for x in here}
    only = _alone(mine, theirs), _alone(theirs, mine)
    if any(only):
        yield Setting(f"{what} in one alone", *(listed([x.name for x in some]) if some else "none" for some in only))
    for title, of in asked.items():
        unlike = [(x, theirs[name]) for name, x in mine.items() if name in theirs and of(x) != of(theirs[name])]
        if unlike:
            first = unlike[0]
            yield Setting(f"{title} of {listed([x.name for x, _ in unlike])}", *(_value(of(x)) for x in first))


def _alone(some: Mapping[str, Any], other: Mapping[str, Any]) -> list[Any]:
    return [x for name, x in some.items() if name not in other]


def _task(run: Run, baseline: Run) -> Iterator[Setting]:
    if run.task and baseline.task:
        a, b = run.task, baseline.task
        yield from _unlike("", {"loss": a.kind, "classes": a.classes, "loss is given": a.fed or None},
                           {"loss": b.kind, "classes": b.classes, "loss is given": b.fed or None})  # fmt: skip


def _versions(run: Run, baseline: Run) -> Iterator[Setting]:
    yield from _unlike("", run.fact("versions") or {}, baseline.fact("versions") or {})


def _words(run: Run, baseline: Run) -> Iterator[Setting]:
    """The words of the command line, where both come from the same script."""
    here, there = (list(map(str, r.fact("command") or [])) for r in (run, baseline))
    if here and there and PurePath(here[0]).name == PurePath(there[0]).name:
        mine, theirs = _options(here[1:]), _options(there[1:])
        only = [" ".join(w for w in some if w not in other) for some, other in ((mine, theirs), (theirs, mine))]
        if any(only):
            yield Setting("command line", *(words or MISSING for words in only))


def _options(words: Sequence[str]) -> list[str]:
    """Options with their values, each as one."""
    found: list[str] = []
    for word in words:
        if found and found[-1].startswith("-") and not word.startswith("--"):
            found[-1] += f" {word}"
        else:
            found.append(word)
    return found


def _unlike(of: str, here: Mapping[str, Any], there: Mapping[str, Any]) -> Iterator[Setting]:
    for key in [*here, *(k for k in there if k not in here)]:
        a, b = here.get(key), there.get(key)
        if a != b and _counts(key):
            yield Setting(f"{key}{of}", _value(a), _value(b))


def _value(x: object) -> str:
    if x is None or isinstance(x, bool):
        return {None: MISSING, True: "yes", False: "no"}[x]
    return figure(x, 4) if isinstance(x, float) else str(x)
