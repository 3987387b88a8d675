"""Small tasks for studies; other processes find them here."""

import os
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import TensorDataset

from auscult.learner import Task, accuracy


def points(n=480, seed=0, wide=16):
    """Which of three directions points go, with noise."""
    g = torch.Generator().manual_seed(seed)
    x = torch.randn(n, 6, generator=g)
    y = (x[:, :3] + 0.7 * torch.randn(n, 3, generator=g)).argmax(1)
    train, valid = TensorDataset(x[: n * 2 // 3], y[: n * 2 // 3]), TensorDataset(x[n * 2 // 3 :], y[n * 2 // 3 :])

    def model():
        return nn.Sequential(nn.Linear(6, wide), nn.Tanh(), nn.Linear(wide, 3))

    return Task("points", train, valid, None, model, F.cross_entropy, (accuracy,))


def counted(folder, bad=None, slow=0.0):
    """The same, leaving a mark each time; with a seed for which it fails."""
    import time

    Path(folder, f"{os.getpid()}-{time.monotonic_ns()}").touch()
    time.sleep(slow)
    made = points()
    if bad is None or not Path(bad).exists():
        return made

    def model():
        if torch.initial_seed() == 1:
            raise RuntimeError("this seed will not do")
        return made.model()

    return Task(made.name, made.train, made.valid, None, model, made.loss, made.metrics)
