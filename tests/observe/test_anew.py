"""Loops that make new tensors of their parameters at every step."""

import itertools

import numpy as np
import pytest
import torch
from torch import nn
from torch.func import functional_call

from auscult.observe.census import Census
from auscult.observe.recorder import Recorder
from auscult.runs import list_runs
from auscult.runs import quantities as q
from auscult.settings import Settings

RATE = 0.05
BATCH = 20
X = torch.randn(200, 6, generator=torch.Generator().manual_seed(1))
Y = X[:, :1].sin() + X[:, 1:2]


@pytest.fixture(params=[True, False], ids=["core", "torch"])
def listen(request, runs_dir):
    """Listen as to a program that says nothing, each training in a run of its own."""
    recorders = []

    def listening(**options):
        settings = Settings(native=request.param, **options)
        recorders.append(Recorder(Census(native=request.param), settings, "anew", lambda: listening(**options)))
        return recorders[-1]

    yield listening
    for recorder in recorders:
        recorder.close()


def network():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 1))
    return net, {k: v.detach().clone().requires_grad_() for k, v in net.named_parameters()}


def asked(loss, params):
    return torch.autograd.grad(loss, list(params.values()))


def left(loss, params):
    loss.backward()
    return [p.grad for p in params.values()]


def train(steps, gradients_of, start=1.0, make=lambda p: p.detach().requires_grad_()):
    """The loss, the parameters before and the gradients of each step of plain SGD."""
    net, params = network()
    params = {k: (start * v).detach().requires_grad_() for k, v in params.items()}
    told = []
    for step in range(steps):
        batch = slice(BATCH * (step % 10), BATCH * (step % 10) + BATCH)
        loss = nn.functional.mse_loss(functional_call(net, params, (X[batch],)), Y[batch])
        gradients = gradients_of(loss, params)
        told.append((loss.item(), {k: p.detach().clone() for k, p in params.items()}, gradients))
        params = {k: make(p - RATE * g) for (k, p), g in zip(params.items(), gradients, strict=True)}
    return told, params


@pytest.mark.parametrize("gradients_of", [asked, left])
@pytest.mark.parametrize("start", [1.0, 0.01], ids=["near", "far"])  # of what the first step makes
def test_it_is_one_training_recorded_as_it_was(listen, gradients_of, start):
    with listen(every=1) as recorder:
        told, _ = train(40, gradients_of, start)
    (run,) = list_runs(recorder.path.parent)
    assert run.steps == 40
    np.testing.assert_allclose(run.series(q.LOSS).values, [t[0] for t in told[:-1]], rtol=1e-6)
    assert [p.name for p in run.parameters] == [f"params['{k}']" for k in told[0][1]]
    key = "0.weight"
    ratios = run.series(q.RATIO, f"params['{key}']")
    assert list(ratios.steps) == list(range(1, 39))  # the first step showed that its tensors do not stay
    before = [t[1][key] for t in told]
    expected = [((after - b).std() / b.std()).log10() for b, after in itertools.pairwise(before[1:])]
    np.testing.assert_allclose(ratios.values, expected, atol=1e-3)
    norms = run.series(q.GRAD_NORM, f"params['{key}']").values
    np.testing.assert_allclose(norms[-20:], [t[2][0].norm() for t in told[-21:-1]], rtol=1e-4)
    np.testing.assert_allclose(run.series(q.LR, q.LOOP).values, RATE, rtol=1e-2)


@pytest.mark.parametrize("gradients_of", [asked, left])
@pytest.mark.parametrize("make", [lambda p: p.detach().requires_grad_(), lambda p: nn.Parameter(p.detach())])
def test_it_changes_nothing(listen, gradients_of, make):
    alone = train(60, gradients_of, make=make)[1]
    with listen(budget=0.01) as recorder:
        heard = train(60, gradients_of, make=make)[1]
    assert all(torch.equal(alone[k], heard[k]) for k in alone)
    assert recorder.run.steps == 60


def test_what_passed_in_the_first_step_is_seen(listen):
    with listen(every=1) as recorder:
        train(30, left)
    assert recorder.run.layers
    assert recorder.run.task is not None


def test_several_passes_make_a_step(listen):
    net, params = network()
    with listen(every=1) as recorder:
        for step in range(90):
            batch = slice(BATCH * (step % 10), BATCH * (step % 10) + BATCH)
            (nn.functional.mse_loss(functional_call(net, params, (X[batch],)), Y[batch]) / 3).backward()
            if step % 3 == 2:
                params = {k: (p - RATE * p.grad).detach().requires_grad_() for k, p in params.items()}
    (run,) = list_runs(recorder.path.parent)
    assert run.steps == pytest.approx(30, abs=1)


def test_an_optimizer_takes_over(listen):
    with listen(every=1) as recorder:
        _, params = train(10, left)
        optimizer = torch.optim.SGD(list(params.values()), RATE)
        net, _ = network()
        for _ in range(10):
            optimizer.zero_grad()
            nn.functional.mse_loss(functional_call(net, params, (X,)), Y).backward()
            optimizer.step()
    assert recorder.run.steps >= 10
    assert any(o.name == "SGD" for o in recorder.run.optimizers)


def test_gradients_of_inputs_are_not_a_training_each(listen):
    net, _ = network()
    net.requires_grad_(False)
    with listen(every=1) as recorder:
        for _i in range(60):
            x = torch.randn(1, 6).requires_grad_()
            net(x).sum().backward()
    assert len(list_runs(recorder.path.parent)) == 1
