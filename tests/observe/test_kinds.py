"""What kind of parameter a tensor is taken for."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

import auscult


class Scaled(nn.Module):
    """A linear layer whose weights are scaled before they are used."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs))

    def forward(self, x):
        return F.linear(x, self.weight * 0.1)


class Gains(nn.Module):
    """A gain of every feature, kept as a row."""

    def __init__(self, features):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1, features))

    def forward(self, x):
        return x * self.weight


@pytest.mark.parametrize(
    ("model", "kinds"),
    [
        (nn.Sequential(Scaled(8, 4), Scaled(4, 1)), ["matrix", "matrix"]),
        (nn.Sequential(nn.Linear(8, 1, bias=False)), ["matrix"]),
        (nn.Sequential(nn.Linear(8, 4), Gains(4)), ["matrix", "bias", "gain"]),
        (nn.Sequential(nn.Linear(8, 4), nn.LayerNorm(4)), ["matrix", "bias", "gain", "bias"]),
    ],
)
def test_a_row_of_weights_is_a_matrix_and_a_row_of_gains_is_none(model, kinds):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    with auscult.watch(model, optimizer) as recorder:
        for _ in range(3):
            optimizer.zero_grad()
            model(torch.randn(4, 8)).square().mean().backward()
            optimizer.step()
    assert [p.kind for p in recorder.run.parameters] == kinds
