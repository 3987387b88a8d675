"""Small objectives in float64 whose Hessian is known by other means."""

import copy

import torch
import torch.nn.functional as F
from torch import nn
from torch.func import functional_call

from auscult.curvature import Objective
from treat.treat_models import points


def net(seed=0, norm=False, dropout=False):
    """A network of 106 parameters, or with a norm 120, in float64 and in train mode."""
    torch.manual_seed(seed)
    middle = [*([nn.BatchNorm1d(7)] if norm else []), *([nn.Dropout(0.5)] if dropout else [])]
    model = nn.Sequential(nn.Linear(6, 7), *middle, nn.Tanh(), nn.Linear(7, 4), nn.Tanh(), nn.Linear(4, 5)).double()
    if norm:
        model(points(64, 6, dtype=torch.float64)[0])  # statistics that are not 0 and 1
    return model


def data(n=50):
    return points(n, 6, dtype=torch.float64)


def cut(batch, *sizes):
    """A batch in batches of these sizes."""
    return list(zip(*(t.split(list(sizes)) for t in batch), strict=True))


def exact_loss(objective, model, batch, loss=F.cross_entropy):
    """The loss of a copy in eval mode as a function of the vector, by functional_call."""
    twin = copy.deepcopy(model).eval()
    inputs, targets = batch
    return lambda vector: loss(functional_call(twin, objective.named(vector), (inputs,)), targets)


def exact_hessian(objective, model, batch):
    return torch.autograd.functional.hessian(exact_loss(objective, model, batch), objective.vector())


def quadratic(matrix, point, slope=None, floor=0.0):
    """½ xᵀHx + gᵀx + floor of a plain tensor, as an objective."""
    x = torch.as_tensor(point, dtype=matrix.dtype).clone().requires_grad_()
    slope = torch.zeros_like(x) if slope is None else slope
    return Objective(
        {"x": x}, torch.zeros(1, 1), step=lambda t, batch: 0.5 * t["x"] @ matrix @ t["x"] + slope @ t["x"] + floor
    )


def symmetric(values, seed=0):
    """A matrix of these eigenvalues, (n, n) float64."""
    values = torch.as_tensor(values, dtype=torch.float64)
    g = torch.Generator().manual_seed(seed)
    q = torch.linalg.qr(torch.randn(len(values), len(values), generator=g, dtype=torch.float64)).Q
    return q @ torch.diag(values) @ q.T
