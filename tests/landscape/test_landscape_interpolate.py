"""The loss between two minimisers."""

import copy
import math

import numpy as np
import pytest
import torch
from landscape_nets import batches, data, deep_normed, everything, images, mlp, objective_of, quadratic
from torch import nn

from auscult.errors import LandscapeError
from auscult.landscape import Interpolation, Measured, Width, interpolate


def made(alphas, loss, **splits):
    held = {"train": Measured(np.array(loss, float), {})}
    return Interpolation(np.array(alphas, float), held, 1.0, False, (), "")


@pytest.mark.parametrize("curved", [False, True])
def test_a_quadratic_is_its_closed_form(curved):
    objective, A, a = quadratic()
    b = np.linspace(-1, 2, 6)
    found = interpolate(objective, torch.tensor(a), torch.tensor(b), curved=curved)
    np.testing.assert_array_equal(found.alphas, np.linspace(-1, 2, 25))
    for alpha, loss in zip(found.alphas, found.loss, strict=True):
        s, e = (math.cos(alpha * math.pi / 2), math.sin(alpha * math.pi / 2)) if curved else (1 - alpha, alpha)
        z = s * a + e * b
        assert loss == pytest.approx(0.5 * z @ A @ z, rel=1e-10)
    assert found.distance == pytest.approx(np.linalg.norm(a - b))


@pytest.mark.parametrize("form", ["module", "state_dict", "vector"])
@pytest.mark.parametrize("curved", [False, True])
@pytest.mark.parametrize("norm", ["eval", "data"])
def test_ends_are_the_two_models_own_losses_exactly(norm, curved, form):
    one, two, third = deep_normed(1), deep_normed(2), deep_normed(3)
    if form == "vector" and norm == "eval":  # vectors have no buffers
        two.load_state_dict({**third.state_dict(), **dict(two.named_parameters())})
        one.load_state_dict({**third.state_dict(), **dict(one.named_parameters())})
    give = {
        "module": lambda m: m,
        "state_dict": lambda m: m.state_dict(),
        "vector": lambda m: objective_of(m, norm, images()).vector(),
    }[form]
    valid, before = images(9, 4, seed=3), everything(third)
    found = interpolate(
        objective_of(third, norm, images()), give(one), give(two), alphas=[0.5], curved=curved, splits={"valid": valid}
    )
    assert found.alphas.tolist() == [0, 0.5, 1]
    assert found.ends() == tuple(objective_of(m, norm, images()).value() for m in (one, two))
    if norm == "eval":
        assert found.ends("valid") == tuple(objective_of(m, norm, valid).value() for m in (one, two))
    assert everything(third) == before


def test_norms_have_the_statistics_of_the_whole_data_at_every_point():
    one, two, net = deep_normed(1), deep_normed(2), deep_normed(3)
    found = interpolate(objective_of(net, "data", images()), one, two, alphas=[-0.5, 0.25, 1.5])
    x, y = (torch.cat(parts) for parts in zip(*images(), strict=True))
    for alpha, loss in zip(found.alphas, found.loss, strict=True):
        at = copy.deepcopy(net).double()
        for p, a, b in zip(at.parameters(), one.parameters(), two.parameters(), strict=True):
            p.data.copy_((1 - alpha) * a.detach().double() + alpha * b.detach().double())
        at.eval()
        for m in at:  # one after the other, each over the whole data as one batch
            if isinstance(m, nn.BatchNorm2d):
                m.reset_running_stats()
                m.momentum = 1.0
                m.train()
                at(x.double())
                m.eval()
        out = at(x.double()).detach()
        assert loss == pytest.approx(float(nn.functional.cross_entropy(out, y)), rel=2e-6)
    assert found.moved == ()
    assert "recomputed at each point" in found.statistics


def test_running_statistics_are_interpolated_and_held_beyond_the_ends():
    one, two, net = deep_normed(1), deep_normed(2), deep_normed(3)
    found = interpolate(objective_of(net, "eval", images()), one, two, alphas=[-1, 0.25])
    assert set(found.moved) == {f"{n}.running_{what}" for n in (1, 4) for what in ("mean", "var")}
    assert "not recomputed" in str(found)
    for alpha, share in ((-1, 0), (0.25, 0.25)):
        at = copy.deepcopy(net)
        for p, a, b in zip(at.parameters(), one.parameters(), two.parameters(), strict=True):
            p.data.copy_((1 - alpha) * a.detach() + alpha * b.detach())
        for own, a, b in zip(at.buffers(), one.buffers(), two.buffers(), strict=True):
            own.copy_((1 - share) * a + share * b)
        assert found.loss[found.alphas == alpha][0] == objective_of(at, "eval", images()).value()


def test_frozen_parameters_are_interpolated_too():
    one, two, net = mlp(1), mlp(2), mlp(3)
    for m in (one, two, net):
        m[0].requires_grad_(False)
    before = everything(net)
    found = interpolate(objective_of(net), one, two)
    assert set(found.moved) == {"0.weight", "0.bias"}
    assert found.ends() == (objective_of(one).value(), objective_of(two).value())
    assert everything(net) == before


def test_metrics_of_every_split():
    net, valid = mlp(), batches(9, 4, seed=8)

    def accuracy(outputs, targets):
        return (outputs.argmax(1) == targets).float().mean()

    found = interpolate(objective_of(net), mlp(1), mlp(2), splits={"valid": valid}, metrics=[accuracy])
    x, y = data(9, 8)
    right = (mlp(2).eval()(x).argmax(1) == y).float().mean()
    assert found.splits["valid"].metrics["accuracy"][16] == pytest.approx(float(right))


def test_the_barrier():
    found = made([-1, 0, 0.25, 0.5, 1, 2], [9, 1, 2, 4, 3, 30])
    assert found.barrier() == pytest.approx(4 - 2)
    assert found.barrier(above="mean") == pytest.approx(4 - 2)
    low = made([0, 0.75, 1], [1, 2.5, 3])
    assert low.barrier() == 0
    assert low.barrier(above="mean") == pytest.approx(1)
    assert made([0, 0.5, 1], [1, math.inf, 3]).barrier() == math.inf
    assert math.isnan(made([0, 0.5, 1], [1, math.nan, 3]).barrier())
    assert math.isnan(made([0, 0.5, 1], [math.inf, 1, 3]).barrier())
    with pytest.raises(LandscapeError, match="line or mean"):
        low.barrier(above="ends")
    with pytest.raises(LandscapeError, match="there are train"):
        low.barrier("valid")


def test_the_widths():
    found = made([-1, 0, 0.5, 1, 1.5, 2], [3, 1, 2, 1, math.nan, 1])
    start, end = found.widths(rise=0.5)
    assert start == Width(pytest.approx(0.25), pytest.approx(0.25))
    assert end == Width(pytest.approx(0.25), 0.0)
    start, end = found.widths(rise=1)
    assert start == Width(pytest.approx(0.5), 1.0)  # up to the last finite point
    assert end == Width(pytest.approx(1.5), 0.0)
    assert found.widths(rise=5)[0].total == math.inf
    assert found.widths()[0].above == pytest.approx(0.1)  # a tenth of 1 + 1, on a slope of 2


def test_what_does_not_fit():
    objective = objective_of(mlp())
    with pytest.raises(LandscapeError, match="finite"):
        interpolate(objective, mlp(1), mlp(2), alphas=[math.nan])
    with pytest.raises(LandscapeError, match="shape"):
        interpolate(objective, {**mlp(1).state_dict(), "0.weight": torch.ones(2)}, mlp(2))
    normed = mlp(norm=True)
    with pytest.raises(LandscapeError, match="running_mean has shape"):
        interpolate(objective_of(normed), {**normed.state_dict(), "1.running_mean": torch.ones(2)}, normed)


def test_tied_weights_and_modules_as_ends():
    def tied(seed):
        torch.manual_seed(seed)
        net = nn.Sequential(nn.Linear(3, 3), nn.Tanh(), nn.Linear(3, 3))
        net[2].weight = net[0].weight
        return net

    found = interpolate(objective_of(tied(0)), tied(1), tied(2).state_dict(), alphas=[0.5])
    assert found.moved == ()
    assert found.ends() == (objective_of(tied(1)).value(), objective_of(tied(2)).value())


def test_an_interruption_leaves_everything_as_it_was():
    one, two, net = deep_normed(1), deep_normed(2), deep_normed(3)
    before = everything(net)

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interpolate(objective_of(net, "eval", images()), one, two, progress=stop)
    assert everything(net) == before
