"""What the writer may take of memory, of the disk and of time; tests make these small."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The bounds a writer keeps to; where one is reached, frames are dropped and counted."""

    pending_bytes: int = 64 << 20  # handed over and not yet committed
    open_bytes: int = 32 << 20  # committed and kept in memory until they fill a block
    transaction_bytes: int = 8 << 20  # committed at once, so that little room on the disk is still of use
    wal_bytes: int = 256 << 20  # SQLite's log, which a reader that never lets go keeps from being emptied
    reserve_bytes: int = 32 << 20  # left free for emptying the log, the run's end, the training; or 1/8 of the disk
    commit_every_s: float = 1.0  # waking for every frame would cost the training a thread switch a step
    heartbeat_every_s: float = 2.0
    retry_every_s: float = 1.0  # after a failed commit
    close_grace_s: float = 2.0  # how long a closing writer tries again before it gives up
