"""Calls that executors are tried with; other processes find them here."""

import os
import signal
import time
from pathlib import Path

import torch


def square(x):
    time.sleep(0.3)  # so that no worker does it all
    return x * x, os.getpid(), torch.get_num_threads()


def fail_at(bad, x):
    if x == bad:
        raise ValueError(f"{x} will not do")
    return x


def die_at(bad, x):
    time.sleep(0.2)
    if x == bad:
        os.kill(os.getpid(), signal.SIGKILL)
    return x


def tell_and_wait(folder, x, seconds=60):
    part = Path(f"{folder}.{x}")
    part.write_text(str(os.getpid()))
    part.rename(Path(folder, str(x)))  # at once: who is killed while it writes has told nothing
    time.sleep(seconds)
