"""The path of a training on its principal directions."""

import sys

import numpy as np
import pytest
import torch
from landscape_nets import everything, mlp, objective_of
from torch import nn

from auscult.errors import LandscapeError
from auscult.landscape import trajectory


def walk(objective, count=7, seed=0):
    rng = np.random.default_rng(seed)
    steps = rng.normal(size=(count, objective.size)) * np.geomspace(1, 0.05, count)[:, None]
    return [objective.vector().double() + torch.tensor(row) for row in steps.cumsum(0)]


@pytest.mark.parametrize("block", [1 << 18, 5])
def test_against_numpy_s_svd_in_float64(block, monkeypatch):
    monkeypatch.setattr(sys.modules[trajectory.__module__], "_BLOCK", block)
    objective = objective_of(mlp().double(), given=(torch.randn(4, 3).double(), torch.zeros(4, dtype=torch.long)))
    checkpoints = walk(objective)
    found = trajectory(objective, checkpoints)
    M = torch.stack(checkpoints[:-1]).numpy() - checkpoints[-1].numpy()
    _, s, vt = np.linalg.svd(M - M.mean(0), full_matrices=False)
    np.testing.assert_allclose(found.explained, s[:2] ** 2 / (s**2).sum(), rtol=1e-10)
    for i, direction in enumerate(found.directions):
        sign = np.sign(vt[i] @ direction.numpy())
        np.testing.assert_allclose(direction.numpy(), sign * vt[i], atol=1e-10)
        np.testing.assert_allclose(found.path[:-1, i], sign * (M @ vt[i]), atol=1e-10)
    assert found.path[-1].tolist() == [0, 0]
    assert (found.path[0] > 0).all()
    assert torch.equal(found.final, checkpoints[-1])
    assert "7 checkpoints" in str(found)


def test_state_dicts_and_modules_are_the_same_path():
    nets = [mlp(seed) for seed in range(5)]
    objective, before = objective_of(mlp()), everything(nets[0])
    by_vector = trajectory(objective, [objective_of(n).vector() for n in nets])
    for given in ([n.state_dict() for n in nets], nets):
        np.testing.assert_array_equal(trajectory(objective, given).path, by_vector.path)
    apart = trajectory(objective, nets[:-1], final=nets[-1])
    np.testing.assert_array_equal(apart.path, by_vector.path)
    assert everything(nets[0]) == before


def test_its_surface_holds_the_path_and_is_the_loss_there():
    nets = [mlp(seed) for seed in range(5)]
    objective = objective_of(mlp(9))
    path = trajectory(objective, nets)
    x, y = path.axes(6, margin=0.1)
    assert x[0] < path.path[:, 0].min()
    assert y[-1] > path.path[:, 1].max()
    ground = path.surface(objective, steps=3, metrics=lambda outputs, targets: 0.5)
    d, e = path.directions
    point = path.final + float(ground.y[2]) * e + float(ground.x[0]) * d
    with objective.at(point):
        assert ground.loss[2, 0] == pytest.approx(objective.value(), rel=1e-6)
    net = nn.Sequential(*nets[-1])
    assert path.surface(objective, steps=1, points=range(0)).measured.sum() == 0
    assert objective_of(net).value() == objective_of(nets[-1]).value()


def test_what_spans_no_plane():
    objective = objective_of(mlp())
    start, step = objective.vector(), torch.ones(objective.size)
    with pytest.raises(LandscapeError, match="three checkpoints"):
        trajectory(objective, [start, start + step, start])
    with pytest.raises(LandscapeError, match="lie on a line"):
        trajectory(objective, [start + i * step for i in range(6)])
    with pytest.raises(LandscapeError, match="lie on a line"):
        trajectory(objective, [start] * 5)
    with pytest.raises(LandscapeError, match="not finite"):
        trajectory(objective, [start, start * torch.inf, start + step, start - step, start])
