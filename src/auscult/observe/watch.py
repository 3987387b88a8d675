"""`watch`: listen to a training that you write yourself."""

from __future__ import annotations

import os
import sys
import weakref
from pathlib import Path
from typing import Any

from auscult.errors import TargetError
from auscult.observe.census import Census
from auscult.observe.recorder import Recorder
from auscult.observe.targets import optimizers_of, tensors_of
from auscult.settings import settings

_watched: weakref.WeakValueDictionary[int, Recorder] = weakref.WeakValueDictionary()  # by the ids of their tensors


def watch(
    target: Any,
    optimizer: Any = None,
    *,
    dir: str | os.PathLike[str] | None = None,
    budget: float | None = None,
    every: int | None = None,
    updates: int | None = None,
    dense: int | None = None,
    native: bool | None = None,
    eager: bool | None = None,
    name: str | None = None,
) -> Recorder:
    """A Recorder that listens to a training from now until its `with` block ends, or `close()` is called.

    target: a module, a mapping of names to tensors or modules (`{"W1": W1, "b1": b1}`), or a list of tensors.
    optimizer: the optimizer, or a list of them; without it every optimizer that moves the target is heard, and a loop
        that moves its parameters by itself (`p.data += -lr * p.grad`) is heard from its backward passes.
    dir: folder of the runs; default `auscult-runs`.
    budget: share of wall time that listening may cost; default 0.03.
    every: look at every N-th step instead of keeping a budget.
    updates: measure the update of every parameter at every N-th step, whatever that costs, beside the looks, which cost
        more and keep to the budget; default as often as half the budget pays for.
    dense: how many first steps are always looked at; default 20.
    native: False leaves the native core out, where it was built, and measures with PyTorch alone; default True.
    eager: run what torch.compile compiled as it is written on the steps looked into, so that its layers are seen; the
        weights then differ by rounding. Default False: compiled code is left alone, and its layers are not seen.
    name: name of the run; default the script's.

    Raises TargetError where there is nothing to watch, or it is watched already; SettingsError for a value that cannot
    be; RunError where the folder cannot be written.
    """
    chosen = settings(dir=dir, budget=budget, every=every, updates=updates, dense=dense, native=native, eager=eager)
    tensors = tensors_of(target)
    if any(not known.closed for key in tensors if (known := _watched.get(key)) is not None):
        raise TargetError("this model is watched already; close the first recorder, or use it")
    optimizers = optimizers_of(optimizer, tensors)
    census = Census(tensors, optimizers, chosen.native)
    recorder = Recorder(census, chosen, name or Path(sys.argv[0] or "notebook").stem or "run")
    recorder.open()
    _watched.update(dict.fromkeys(tensors, recorder))
    return recorder
