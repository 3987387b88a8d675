"""Directions scaled to the weights they move."""

import pytest
import torch
from landscape_nets import data, objective_of
from torch import nn

from auscult.curvature import Objective
from auscult.errors import CurvatureError, LandscapeError
from auscult.landscape import random_directions, scaled


@pytest.fixture
def net():
    torch.manual_seed(1)
    return nn.Sequential(nn.Conv2d(1, 3, 2), nn.BatchNorm2d(3), nn.ReLU(), nn.Flatten(), nn.Linear(12, 2)).double()


def images(net):
    g = torch.Generator().manual_seed(0)
    batch = torch.randn(8, 1, 3, 3, generator=g, dtype=torch.float64), torch.arange(8) % 2
    return Objective(net, batch, nn.functional.cross_entropy)


def test_filters_have_the_norms_of_their_weights_by_hand(net):
    objective = images(net)
    (d,) = random_directions(objective, 1, seed=4)
    drawn = torch.randn(objective.size, generator=torch.Generator().manual_seed(4)).double()
    raw, made = objective.named(drawn), objective.named(d)
    for i in range(3):
        g, w = raw["0.weight"][i], net[0].weight.detach()[i]
        torch.testing.assert_close(made["0.weight"][i], g * (w.square().sum().sqrt() / g.square().sum().sqrt()))
    for i in range(2):
        g, w = raw["4.weight"][i], net[4].weight.detach()[i]
        torch.testing.assert_close(made["4.weight"][i], g * w.norm() / g.norm())
    for name in ("0.bias", "1.weight", "1.bias", "4.bias"):
        assert not made[name].any()


def test_the_other_scales(net):
    objective = images(net)
    raw = objective.named(random_directions(objective, 1, scale="none", vectors=True)[0])
    assert all(part.any() for part in raw.values())
    assert not objective.named(random_directions(objective, 1, scale="none")[0])["0.bias"].any()
    layer = objective.named(random_directions(objective, 1, scale="layer")[0])
    weight = objective.named(random_directions(objective, 1, scale="weight", vectors=True)[0])
    for name, t in objective.layout.tensors.items():
        if t.ndim > 1:
            torch.testing.assert_close(layer[name], raw[name] * (t.norm() / raw[name].norm()).detach())
        torch.testing.assert_close(weight[name], (raw[name] * t).detach())
    filters = objective.named(random_directions(objective, 1, vectors=True)[0])
    torch.testing.assert_close(filters["0.bias"].norm(), net[0].bias.detach().norm())


def test_seeds_and_streams(net):
    objective = images(net)
    before = torch.get_rng_state()
    a, b = random_directions(objective, 2, seed=3)
    again = random_directions(objective, 2, seed=3)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(a, again[0])
    assert torch.equal(b, again[1])
    assert not torch.equal(a, random_directions(objective, 1, seed=5)[0])
    assert torch.equal(random_directions(objective, 1, seed=3)[0], a)  # whatever their number


@pytest.mark.parametrize("scale", ["filter", "layer", "weight", "none"])
def test_orthogonal_pairs_keep_their_norms(net, scale):
    objective = images(net)
    a, b = random_directions(objective, 2, scale=scale, orthogonal=True)
    assert abs(float(a @ b)) < 1e-12 * float(a.norm() * b.norm())
    if scale == "filter":
        w, p = net[0].weight.detach(), objective.named(b)["0.weight"]
        torch.testing.assert_close(p.flatten(1).norm(dim=1), w.flatten(1).norm(dim=1))
        q = objective.named(a)["0.weight"]
        assert float((p * q).flatten(1).sum(1).abs().max()) < 1e-14


def test_filters_of_zeros_and_of_one_element():
    net = nn.Sequential(nn.Linear(1, 3, bias=False), nn.Linear(3, 2, bias=False))
    net[1].weight.data[0] = 0
    objective = Objective(net, (torch.ones(4, 1), torch.zeros(4, 2)), nn.functional.mse_loss)
    a, b = (objective.named(d) for d in random_directions(objective, 2, orthogonal=True))
    for d in (a, b):
        assert not d["1.weight"][0].any()
        assert d["1.weight"][1].any()
    torch.testing.assert_close(a["0.weight"].abs(), net[0].weight.detach().abs())
    assert not b["0.weight"].any()  # no second direction in one dimension


def test_given_vectors_and_units_of_plain_tensors():
    W = torch.randn(3, 2, requires_grad=True)  # (inputs, outputs)
    objective = Objective({"W": W}, data(), step=lambda m, batch: ((batch[0] @ m["W"]) ** 2).mean())
    given = torch.arange(1.0, 7.0)
    (d,) = scaled(objective, given, units={"W": 1})
    expected = given.view(3, 2) * (W.detach().norm(dim=0) / given.view(3, 2).norm(dim=0))
    torch.testing.assert_close(d.view(3, 2), expected)
    for bad, match in (({"V": 1}, "there are W"), ({"W": 2}, "dimension 2")):
        with pytest.raises(LandscapeError, match=match):
            scaled(objective, given, units=bad)
    with pytest.raises(CurvatureError, match="6 elements"):
        scaled(objective, torch.ones(5))
    with pytest.raises(LandscapeError, match="finite"):
        scaled(objective, given * torch.inf)
    with pytest.raises(LandscapeError, match="one of filter"):
        random_directions(objective, scale="filters")
    with pytest.raises(LandscapeError, match="got 0"):
        random_directions(objective, 0)


def test_tied_weights_are_moved_once():
    net = nn.Sequential(nn.Linear(3, 3), nn.Tanh(), nn.Linear(3, 3))
    net[2].weight = net[0].weight
    objective = objective_of(net)
    (d,) = random_directions(objective, 1)
    assert d.numel() == 9 + 3 + 3
    torch.testing.assert_close(objective.named(d)["0.weight"].norm(dim=1), net[0].weight.detach().norm(dim=1))
