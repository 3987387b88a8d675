"""Which thread is heard: the first that trains, until it ends.

Two that train at once cannot both be: of the tensors of one, whose backward pass runs without Python's lock, the other
must not even ask for the gradient.
"""

from __future__ import annotations

import threading
import weakref
from threading import get_ident

from auscult.stats import memory

_heard = 0  # its ident; 0 before anything trains
_others: weakref.WeakSet[threading.Thread] = weakref.WeakSet()  # that trained beside it; their beginning was not heard


def forget() -> None:
    """Nobody listens any more: whoever trains next is heard."""
    _hear(0)
    _others.clear()


def trains_here() -> bool:
    """Something trains in this thread: whether it is the one that is heard, or is from now on."""
    ident = get_ident()
    if ident == _heard:
        return True
    thread = threading.current_thread()
    if thread in _others or _lives():
        _others.add(thread)
        return False
    _hear(ident)
    return True


def is_here() -> bool:
    """Whether what happens in this thread may belong to what is heard, or will be."""
    return _heard in (0, get_ident()) or not (threading.current_thread() in _others or _lives())


def _lives() -> bool:
    """Whether the thread that is heard has not ended."""
    return any(thread.ident == _heard for thread in threading.enumerate())


def _hear(ident: int) -> None:
    global _heard
    _heard = ident
    memory.hear_in(ident)
