"""Telling a run that goes on from one whose process is gone."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

STALE_AFTER_S = 60.0  # on another machine the heartbeat (every 2 s) is all there is to go by


def identity() -> dict[str, object]:
    """What tells this process from every other: host and boot, pid, and when the pid was given out."""
    return {"host": _host(), "pid": os.getpid(), "started": _started(os.getpid())}


def is_alive(recorded: dict[str, object], heartbeat: float) -> bool:
    """Whether the process that wrote `identity()` still runs, as far as can be seen from here."""
    pid, started = recorded.get("pid"), recorded.get("started")
    if recorded.get("host") == _host() and isinstance(pid, int) and started is not None:
        return _started(pid) == started
    return time.time() - heartbeat < STALE_AFTER_S


def _host() -> str:
    """Where pids mean the same: one boot of one machine, and within it one container's process numbers."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return socket.gethostname()


def _started(pid: int) -> int | None:
    """Start time of a process in clock ticks since boot; None where none runs (or this is not Linux)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    after_name = stat.rpartition(")")[2].split()
    return None if after_name[0] in "ZX" else int(after_name[19])
