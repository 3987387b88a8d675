"""Forking beside SQLite: no fork while a commit holds locks of the library's, which a child would find held for good.

A child never touches its parent's connection: `RunWriter` does nothing there, and what its thread held when it
ceased to exist in the child is never let go of, so never closed.
"""

from __future__ import annotations

import os
import threading
import weakref

WAIT_S = 1.0  # a fork waits so long for a commit under way; a disk that hangs must not hang the training


class Guard:
    """Held while a connection is used; a fork takes it first."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        _guards.add(self)

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def hold(self) -> bool:
        """Hold for a fork; False where a commit takes too long to wait for."""
        return self._lock.acquire(timeout=WAIT_S)


_guards: weakref.WeakSet[Guard] = weakref.WeakSet()
_forking = threading.local()  # of each thread that forks, what it holds


def _before() -> None:
    _forking.held = [guard for guard in list(_guards) if guard.hold()]


def _after() -> None:
    for guard in _forking.held:
        guard.__exit__()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before, after_in_parent=_after, after_in_child=_after)
