"""The random streams a training draws from, taken and put back: of torch, NumPy and Python, and of the loaders.

A loader's streams are the generators that it, its samplers, its data set or transforms hold, and whatever it keeps in a
`state_dict` of its own. What the worker processes of a loader with persistent_workers draw cannot be reached; those of
other loaders are seeded anew from these streams at each epoch.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor

from auscult.anatomy.passes import random_state, restore_random

_INSIDE = ("sampler", "batch_sampler", "dataset", "datasets", "transform", "transforms", "target_transform")
_DEPTH = 6  # how far a data set may wrap another

Loaders = Mapping[str, Iterable[Any] | None]


def streams_of(loaders: Loaders) -> dict[str, Any]:
    """Where each stream is: tensors, numbers, texts, and lists and dicts of these."""
    cpu, cuda, numpy, python = random_state()
    return {
        "torch": cpu,
        "cuda": list(cuda),
        "numpy": [numpy[0], torch.from_numpy(numpy[1].astype(np.int64)), *numpy[2:]],
        "python": [python[0], list(python[1]), python[2]],
        "generators": {name: _position(g) for name, g in _generators(loaders)},
        "loaders": {name: loader.state_dict() for name, loader in _stateful(loaders)},
    }


def restore_streams(loaders: Loaders, streams: Mapping[str, Any]) -> None:
    """Set each stream back to where it was."""
    kind, keys, *rest = streams["numpy"]
    version, internal, normal = streams["python"]
    cuda = streams["cuda"] if torch.cuda.is_available() and len(streams["cuda"]) == torch.cuda.device_count() else []
    restore_random(
        (streams["torch"], cuda, (kind, keys.numpy().astype(np.uint32), *rest), (version, tuple(internal), normal))
    )
    for name, generator in _generators(loaders):
        if name in streams["generators"]:
            _set(generator, streams["generators"][name])
    for name, loader in _stateful(loaders):
        if name in streams["loaders"]:
            loader.load_state_dict(streams["loaders"][name])


@contextmanager
def undisturbed(loaders: Loaders) -> Iterator[None]:
    """Leave every stream as it is, whatever is drawn inside."""
    before = streams_of(loaders)
    try:
        yield
    finally:
        restore_streams(loaders, before)


def _generators(loaders: Loaders) -> Iterator[tuple[str, Any]]:
    """Each generator the loaders hold, once, by the way to it."""
    seen: set[int] = set()
    for name, loader in loaders.items():
        for way, generator in _held(loader, name, _DEPTH):
            if id(generator) not in seen:
                seen.add(id(generator))
                yield way, generator


def _held(thing: Any, way: str, depth: int) -> Iterator[tuple[str, Any]]:
    if isinstance(thing, (list, tuple)):
        inside = {str(i): one for i, one in enumerate(thing[:64]) if not isinstance(one, (int, float, str, Tensor))}
        for key, one in inside.items():
            yield from _held(one, f"{way}.{key}", depth - 1)
        return
    for key, value in list(getattr(thing, "__dict__", {}).items()):
        if isinstance(value, (torch.Generator, np.random.Generator, np.random.RandomState, random.Random)):
            yield f"{way}.{key}", value
        elif key in _INSIDE and depth and value is not None:
            yield from _held(value, f"{way}.{key}", depth - 1)


def _position(generator: Any) -> Any:
    if isinstance(generator, torch.Generator):
        return generator.get_state()
    if isinstance(generator, random.Random):
        version, internal, normal = generator.getstate()
        return [version, list(internal), normal]
    if isinstance(generator, np.random.Generator):
        return _plain(generator.bit_generator.state)
    return _plain(generator.get_state(legacy=False))


def _set(generator: Any, position: Any) -> None:
    if isinstance(generator, torch.Generator):
        generator.set_state(position)
    elif isinstance(generator, random.Random):
        generator.setstate((position[0], tuple(position[1]), position[2]))
    elif isinstance(generator, np.random.Generator):
        generator.bit_generator.state = _numpy(position)
    else:
        generator.set_state(_numpy(position))


def _plain(state: Any) -> Any:
    """NumPy arrays as tensors, which a checkpoint may hold."""
    if isinstance(state, Mapping):
        return {key: _plain(value) for key, value in state.items()}
    if isinstance(state, np.ndarray):
        return torch.from_numpy(state.view(np.int64 if state.itemsize == 8 else np.int32).copy())
    return state.item() if isinstance(state, np.generic) else state


def _numpy(state: Any) -> Any:
    if isinstance(state, Mapping):
        return {key: _numpy(value) for key, value in state.items()}
    if isinstance(state, Tensor):
        array = state.numpy()
        return array.view(np.uint64 if array.itemsize == 8 else np.uint32).copy()
    return state


def _stateful(loaders: Loaders) -> Iterator[tuple[str, Any]]:
    for name, loader in loaders.items():
        if hasattr(loader, "state_dict") and hasattr(loader, "load_state_dict"):
            yield name, loader
