"""Surfaces and lines: their values, their parts, what they leave behind."""

import pickle
import random

import numpy as np
import pytest
import torch
from landscape_nets import batches, deep_normed, everything, images, mlp, objective_of, quadratic
from torch import nn

import auscult
from auscult.curvature import Objective
from auscult.errors import LandscapeError, TargetError
from auscult.landscape import Interrupted, joined, random_directions, surface


def spanned(size, count=2, seed=2):
    g = torch.Generator().manual_seed(seed)
    return [torch.randn(size, generator=g, dtype=torch.float64) for _ in range(count)]


def test_a_quadratic_is_its_closed_form():
    objective, A, theta = quadratic()
    d, e = spanned(6)
    found = surface(objective, [d, e], steps=7, reach=2, y=[-1, 0.5])
    assert found.loss.shape == (2, 7)
    for r, y in enumerate([-1, 0.5]):
        for c, x in enumerate(found.x):
            z = theta + x * d.numpy() + y * e.numpy()
            assert found.loss[r, c] == pytest.approx(0.5 * z @ A @ z, rel=1e-12)
    line = surface(objective, [d], steps=5)
    z = theta + 0.5 * d.numpy()
    assert line.y is None
    assert line.loss[3] == pytest.approx(0.5 * z @ A @ z, rel=1e-12)
    assert found.x[3] == 0


@pytest.mark.parametrize("norm", ["eval", "train", "data", "data-one-pass"])
def test_each_point_is_the_objective_s_own_value_there(norm):
    net = deep_normed()
    objective = objective_of(net, norm, images())
    d, e = random_directions(objective, seed=5)
    found = surface(objective, seed=5, steps=3, reach=0.5)
    origin = objective.vector()
    for r, y in enumerate(found.y):
        for c, x in enumerate(found.x):
            with objective_of(net, norm, images()).at(torch.add(torch.add(origin, e, alpha=y), d, alpha=x)) as there:
                assert found.loss[r, c] == there.value()
    assert found.loss[1, 1] == objective_of(net, norm, images()).value()


def test_the_defaults_and_progress():
    told = []
    found = surface(objective_of(mlp()), progress=lambda *at: told.append(at))
    assert found.loss.shape == (51, 51)
    assert (found.x[0], found.x[25], found.x[-1]) == (-1, 0, 1)
    assert found.complete
    assert found.statistics == ""
    assert told == [(i, 2601) for i in range(1, 2602)]
    assert "51 × 51 points" in str(found)


def accuracy(outputs, targets):
    return (outputs.argmax(1) == targets).float().mean()


@pytest.mark.parametrize("metric", [accuracy, auscult.learner.accuracy])
def test_other_splits_and_metrics(metric):
    net, valid = mlp(), batches(9, 4, seed=8)
    objective = objective_of(net)
    found = surface(objective, steps=3, splits={"valid": valid}, metrics=metric)
    d, e = random_directions(objective)
    with objective.at(torch.add(torch.add(objective.vector(), e, alpha=-1.0), d, alpha=1.0)):
        net.eval()
        for split, at in (("train", batches()), ("valid", valid)):
            x, y = (torch.cat(parts) for parts in zip(*at, strict=True))
            out = net(x).detach()
            measured = found.splits[split]
            assert measured.metrics["accuracy"][0, 2] == pytest.approx(float((out.argmax(1) == y).float().mean()))
            assert measured.loss[0, 2] == pytest.approx(float(nn.functional.cross_entropy(out, y)), rel=1e-6)


def test_splits_are_measured_with_the_statistics_of_the_training_data():
    net, train, valid = deep_normed(), images(), images(10, 4, seed=9)
    found = surface(objective_of(net, "data", train), 1, x=[0.0], splits={"valid": valid})
    auscult.treat.calibrate_norms(net, [x for x, _ in train])
    net.eval()
    x, y = (torch.cat(parts) for parts in zip(*valid, strict=True))
    assert found.splits["valid"].loss[0] == pytest.approx(
        float(nn.functional.cross_entropy(net(x).detach(), y)), rel=1e-6
    )


def test_parts_make_the_same_surface():
    objective = objective_of(deep_normed(), "data", images())
    whole = surface(objective, steps=4, metrics=accuracy)
    parts = [surface(objective, steps=4, metrics=accuracy, points=range(i, 16, 3)) for i in range(3)]
    assert [int(p.measured.sum()) for p in parts] == [6, 5, 5]
    assert np.isnan(parts[0].loss[~parts[0].measured]).all()
    again = joined(*(pickle.loads(pickle.dumps(p)) for p in parts))
    assert again.complete
    np.testing.assert_array_equal(again.loss, whole.loss)
    np.testing.assert_array_equal(again.splits["train"].metrics["accuracy"], whole.splits["train"].metrics["accuracy"])
    gone_on = surface(objective, steps=4, metrics=accuracy, begun=parts[1])
    np.testing.assert_array_equal(gone_on.loss, whole.loss)
    assert not parts[1].complete  # what was given is left as it was


def test_interrupted_and_gone_on_with():
    net = mlp()
    net[0].weight.grad = torch.ones_like(net[0].weight)
    objective, before, calls = objective_of(net), everything(net), []

    def stop_at_ten(done, total):
        if done == 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as stopped:
        surface(objective, steps=6, progress=stop_at_ten)
    assert isinstance(stopped.value, Interrupted)
    assert everything(net) == before
    assert "10 of 36 points" in str(stopped.value)
    partial = stopped.value.partial
    assert int(partial.measured.sum()) == 10
    rest = surface(objective, steps=6, begun=partial, progress=lambda *at: calls.append(at))
    assert calls[-1] == (26, 26)
    np.testing.assert_array_equal(rest.loss, surface(objective, steps=6).loss)


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
@pytest.mark.parametrize("norm", ["eval", "train", "data", "data-one-pass"])
def test_everything_is_as_it_was_whatever_happens(norm, error):
    net = deep_normed()
    net[0].weight.grad = torch.ones_like(net[0].weight)
    calls = []

    def loss(outputs, targets):
        calls.append(torch.rand(1))
        np.random.rand()
        if len(calls) == stop:
            raise error
        return nn.functional.cross_entropy(outputs, targets)

    objective, before, stop = Objective(net, images(), loss, norm=norm), everything(net), 0
    surface(objective, steps=2)
    assert everything(net) == before
    calls, stop = [], 8
    with pytest.raises(KeyboardInterrupt if error is KeyboardInterrupt else TargetError):
        surface(objective, steps=3)
    assert len(calls) == 8
    assert everything(net) == before


@pytest.mark.parametrize("norm", ["eval", "data", "data-one-pass"])
def test_losses_that_are_not_finite_are_kept_and_counted(norm):
    net = deep_normed()
    objective = objective_of(net, norm, images())
    before, d = everything(net), random_directions(objective, 1)[0]
    found = surface(objective, [d], x=[-3e38, 0.0, 3e38])
    assert not np.isfinite(found.loss[[0, 2]]).any()
    assert np.isfinite(found.loss[1])
    assert found.nonfinite == 2
    assert "2 points where it is not finite" in str(found)
    assert found.complete
    assert everything(net) == before
    assert objective.value() == found.loss[1]  # nothing half-made is left behind


def test_the_origin_may_be_elsewhere_and_brings_its_buffers():
    net, other = deep_normed(0), deep_normed(4)
    objective, before = objective_of(net, "eval", images()), everything(net)
    own = objective_of(other, "eval", images()).value()
    for origin in (other, other.state_dict()):
        assert surface(objective, 1, origin=origin, x=[0.0]).loss[0] == own
    assert everything(net) == before


def test_parameters_of_less_precision():
    net = mlp().bfloat16()
    x, y = batches()[0]
    found = surface(Objective(net, (x.bfloat16(), y), nn.functional.cross_entropy), steps=3)
    assert np.isfinite(found.loss).all()
    assert len(np.unique(found.loss)) > 5


def test_what_does_not_fit():
    objective = objective_of(mlp())
    begun = surface(objective, steps=2)
    d = random_directions(objective, 1)[0]
    for given, match in (
        ({"begun": begun, "steps": 3}, "not parts of one surface"),
        ({"begun": begun, "steps": 2, "seed": 1}, "not parts of one surface"),
        ({"points": [9], "steps": 3}, "from 0 to 8"),
        ({"splits": {"train": batches()}}, "by another name"),
        ({"metrics": [3]}, "no metric"),
        ({"metrics": [accuracy, accuracy]}, "two things"),
        ({"metrics": lambda outputs, targets: outputs, "steps": 2}, "one number"),
        ({"directions": 3}, "got 3"),
        ({"directions": [d], "y": [1.0]}, "one direction only"),
        ({"x": [np.nan]}, "finite"),
        ({"steps": 0}, "steps"),
        ({"origin": {"0.weight": torch.ones(4, 3)}}, "has no '0.bias'"),
        ({"origin": mlp(norm=True)}, "has no '3.weight'"),
        ({"origin": 3}, "got a int"),
    ):
        with pytest.raises(LandscapeError, match=match):
            surface(objective, **given)
    with pytest.raises(LandscapeError, match="got none"):
        joined()
    w = torch.ones(2, requires_grad=True)
    plain = Objective({"w": w}, torch.ones(2, 2), step=lambda m, b: (b @ m["w"]).mean())
    with pytest.raises(LandscapeError, match="not step="):
        surface(plain, metrics=accuracy)


def test_a_model_that_draws_is_one_function_of_its_parameters():
    class Noisy(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = mlp()

        def forward(self, x):
            return self.inner(x) + torch.randn(len(x), 1) * torch.tensor([1.0, 0, 0])

    net = Noisy()
    objective = objective_of(net)
    found = surface(objective, [torch.zeros(objective.size)], x=np.arange(5.0))
    assert set(found.loss) == {objective.value()}
    assert found.loss[0] != objective_of(mlp()).value()
    loader = torch.utils.data.DataLoader(
        [(x, y) for batch in batches() for x, y in zip(*batch, strict=True)], 5, shuffle=True
    )
    anew = Objective(mlp(), loader, nn.functional.cross_entropy, memory=0)
    found = surface(anew, [torch.zeros(anew.size)], x=np.arange(5.0))
    assert len(set(found.loss)) == 1


def test_a_terminal_shows_a_bar_unless_quiet(monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")
    drawn = random.getstate()
    surface(objective_of(mlp()), steps=3)
    assert "9/9" in capsys.readouterr().out
    surface(objective_of(mlp()), steps=3, quiet=True)
    monkeypatch.delenv("FORCE_COLOR")
    surface(objective_of(mlp()), steps=3)
    assert capsys.readouterr().out == ""
    assert random.getstate() == drawn


def test_within_inference_mode_and_without_gradients():
    whole = surface(objective_of(deep_normed(), "data", images()), steps=2).loss
    for context in (torch.inference_mode, torch.no_grad):
        net = deep_normed()
        with context():
            objective = objective_of(net, "data", images())
            np.testing.assert_array_equal(surface(objective, steps=2).loss, whole)


def test_a_step_that_takes_gradients_itself():
    net, (x, y) = mlp(), batches()[0]

    def step(model, batch):
        x = batch[0].clone().requires_grad_()
        out = model(x)
        (slope,) = torch.autograd.grad(out.square().sum(), x)
        return slope.square().mean()

    objective = Objective(net, (x, y), step=step)
    assert surface(objective, steps=3).loss[1, 1] == objective.value()
