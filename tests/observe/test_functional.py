"""Trainings whose gradients come from torch.func, and what is none."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.func import functional_call, grad, grad_and_value, vmap

import auscult
from auscult.observe.census import Census
from auscult.observe.recorder import Recorder
from auscult.runs import quantities as q
from auscult.settings import Settings

X = torch.randn(200, 6, generator=torch.Generator().manual_seed(1))
Y = X[:, :1].sin() + X[:, 1:2]


@pytest.fixture(params=[True, False], ids=["core", "torch"])
def listen(request, runs_dir):
    """Listen as to a program that says nothing."""

    def listening(**options):
        return Recorder(Census(native=request.param), Settings(native=request.param, **options), "asked", lambda: None)

    return listening


def network():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 1))

    def objective(p, x, y):
        return nn.functional.mse_loss(functional_call(net, p, (x,)), y)

    return {k: v.detach().clone() for k, v in net.named_parameters()}, objective


def train(steps, move=lambda p, g: {k: v - 0.1 * g[k] for k, v in p.items()}):
    """Losses, parameters after each step, and gradients of a training in batches."""
    params, objective = network()
    told = []
    for step in range(steps):
        batch = slice(10 * (step % 20), 10 * (step % 20) + 10)
        g, loss = grad_and_value(objective)(params, X[batch], Y[batch])
        before, params = params, move(params, g)
        told.append((loss.item(), before, params, g))
    return told


def test_every_step_is_recorded_as_it_was(listen):
    with listen(every=1) as recorder:
        told = train(30)
    run = recorder.run
    assert run.steps == 30
    assert [p.name for p in run.parameters] == [f"params['{k}']" for k in told[0][1]]
    moved = told[:-1]  # what the last call was followed by nobody hears
    np.testing.assert_allclose(run.series(q.LOSS).values, [t[0] for t in moved], rtol=1e-6)
    for key in ("0.weight", "0.bias"):
        name = f"params['{key}']"
        ratios = [((after[key] - before[key]).std() / before[key].std()).log10() for _, before, after, _ in moved]
        np.testing.assert_allclose(run.series(q.RATIO, name).values, ratios, atol=1e-3)
        gradients = [g[key].norm() for *_, g in moved]
        np.testing.assert_allclose(run.series(q.GRAD_NORM, name).values, gradients, rtol=1e-4)
    np.testing.assert_allclose(run.series(q.LR, q.LOOP).values, 0.1, rtol=1e-2)


def test_it_changes_nothing(listen):
    alone = train(25)[-1][2]
    with listen():
        heard = train(25)[-1][2]
    assert all(torch.equal(alone[k], heard[k]) for k in alone)


def test_parameters_that_never_move_are_a_training_too(listen):
    with listen() as recorder:
        train(200, move=lambda p, g: p)
    assert "frozen-parameters" in {f.rule for f in auscult.diagnose(recorder.run).findings}


@pytest.mark.parametrize(
    "other",
    [
        lambda p, f, i: grad(f, argnums=1)(p, X[i : i + 1], Y[i : i + 1]),  # of an input, another one each time
        lambda p, f, i: grad(f, argnums=1)(p, X[:1] * (1 + i % 3), Y[:1]),  # twice in three times a near one
        lambda p, f, i: vmap(grad(f), in_dims=(None, 0, 0))(p, X[:5, None], Y[:5, None]),  # of each example
    ],
)
def test_other_gradients_are_no_training(listen, other):
    params, objective = network()
    with listen() as recorder:
        for i in range(60):
            other(params, objective, i)
    assert recorder.path is None


def test_beside_an_optimizer_there_is_none(listen):
    params, objective = network()
    model = nn.Linear(6, 1)
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    with listen(every=1) as recorder:
        for _ in range(10):
            optimizer.zero_grad()
            nn.functional.mse_loss(model(X), Y).backward()
            optimizer.step()
            g = grad(objective)(params, X, Y)
            params = {k: v - 0.1 * g[k] for k, v in params.items()}
    assert recorder.run.steps == 10
    assert len(recorder.run.parameters) == 2
