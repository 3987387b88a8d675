"""Small networks and data whose landscapes are known, or quickly measured."""

import numpy as np
import torch
from torch import nn

from auscult.curvature import Objective


def data(examples=12, seed=0):
    g = torch.Generator().manual_seed(seed)
    return torch.randn(examples, 3, generator=g), torch.arange(examples) % 3


def batches(examples=13, of=5, seed=0):
    x, y = data(examples, seed)
    return list(zip(x.split(of), y.split(of), strict=True))


def mlp(seed=0, norm=False):
    torch.manual_seed(seed)
    middle = [nn.BatchNorm1d(4)] if norm else []
    return nn.Sequential(nn.Linear(3, 4), *middle, nn.Tanh(), nn.Dropout(0.5), nn.Linear(4, 3))


def deep_normed(seed=0):
    torch.manual_seed(seed)
    net = nn.Sequential(
        nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.ReLU(), nn.Conv2d(3, 2, 3), nn.BatchNorm2d(2), nn.ReLU(),
        nn.Flatten(), nn.Linear(8, 3),
    )  # fmt: skip
    for m in net:
        if isinstance(m, nn.BatchNorm2d):
            m.running_mean.normal_()
            m.running_var.uniform_(0.5, 2)
    return net.train()


def images(examples=23, of=8, seed=0):
    g = torch.Generator().manual_seed(seed)
    x = torch.randn(examples, 1, 6, 6, generator=g)
    return list(zip(x.split(of), (torch.arange(examples) % 3).split(of), strict=True))


def objective_of(net, norm="eval", given=None):
    return Objective(net, batches() if given is None else given, nn.functional.cross_entropy, norm=norm)


def quadratic(size=6, seed=0):
    """½ θᵀAθ in float64 as an objective, with A and θ as arrays."""
    rng = np.random.default_rng(seed)
    half = rng.normal(size=(size, size))
    A = half @ half.T
    theta = torch.tensor(rng.normal(size=size), requires_grad=True)
    matrix = torch.tensor(A)

    def step(model, batch):
        return 0.5 * model["w"] @ matrix @ model["w"]

    return Objective({"w": theta}, torch.zeros(4, 1), step=step), A, theta.detach().numpy().copy()


def everything(net):
    """All that a landscape must leave as it was, as comparable bytes and flags."""
    held = {**dict(net.named_parameters()), **dict(net.named_buffers())}
    return (
        {n: (id(t), t.detach().numpy().tobytes(), None if t.grad is None else t.grad.numpy().tobytes())
         for n, t in held.items()},
        [m.training for m in net.modules()],
        torch.get_rng_state().numpy().tobytes(),
        np.random.get_state()[1].tobytes(),
    )  # fmt: skip
