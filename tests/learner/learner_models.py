"""Small trainings for the Learner's tests, and what must be the same to the last bit."""

import copy
import random

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from auscult.learner import Learner


def data(n=70, seed=0):
    g = torch.Generator().manual_seed(seed)
    x = torch.randn(n, 6, generator=g)
    return x, (x @ torch.randn(6, 3, generator=g)).argmax(1)


def mlp(seed=0, dropout=0.2):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(6, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(dropout), nn.Linear(16, 3))


class Noisy(torch.utils.data.Dataset):
    """Draws from each of the streams that a data set may draw from."""

    def __init__(self, x, y):
        self.x, self.y = x, y
        self.rng = np.random.default_rng(3)
        self.old = np.random.RandomState(4)
        self.own = random.Random(5)

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        noise = random.random() + np.random.rand() + self.rng.random() + self.old.rand() + self.own.random()
        return self.x[i] + 0.01 * noise + 0.01 * torch.randn(6), self.y[i]


def loaders(noisy=False, batch=16, generator=False):
    x, y = data()
    make = Noisy if noisy else TensorDataset
    g = torch.Generator().manual_seed(9) if generator else None
    return (
        DataLoader(make(x[:50], y[:50]), batch, shuffle=True, generator=g),
        DataLoader(make(x[50:], y[50:]), 8, shuffle=True),
    )


def learner(opt=torch.optim.Adam, seed=0, noisy=False, generator=False, valid=True, **kwargs):
    train, held_out = loaders(noisy, generator=generator)
    random.seed(seed)
    np.random.seed(seed)
    model = mlp(seed)
    kwargs = {"quiet": True, "loss": F.cross_entropy} | kwargs
    return Learner(model, train, held_out if valid else None, kwargs.pop("loss"), opt, **kwargs)


def everything(learn):
    """Weights, buffers, gradients, optimizer, modes, table and random streams."""
    model = learn.model
    return copy.deepcopy(
        [
            dict(model.state_dict()),
            [p.grad for p in model.parameters()],
            learn.optimizer.state_dict(),
            [m.training for m in model.modules()],
            [row.numbers() for row in learn.table],
            learn.step,
            torch.get_rng_state(),
            np.random.get_state(),
            random.getstate(),
        ]
    )


def same(a, b):
    """Equal to the last bit, NaN included."""
    if isinstance(a, torch.Tensor):
        return a.dtype == b.dtype and a.shape == b.shape and _bits(a) == _bits(b)
    if isinstance(a, np.ndarray):
        return a.tobytes() == b.tobytes()
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b or (a != a and b != b)


def _bits(tensor):
    return tensor.detach().contiguous().view(-1).view(torch.uint8).numpy().tobytes()


def numbers(learn):
    return [row.numbers() for row in learn.table]
