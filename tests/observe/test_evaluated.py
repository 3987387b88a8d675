"""What batch norms get where they normalise by their running statistics, held against these."""

import copy

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

import auscult
from auscult.runs import quantities as q

EVALUATED = (q.EVAL_MEAN_DRIFT, q.EVAL_VAR_DRIFT, q.EVAL_VALUES, q.EVAL_EXAMPLES)
X = torch.randn(64, 6, generator=torch.Generator().manual_seed(0))
Y = torch.arange(64) % 3
OTHER = 4 * X + 2


def net():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(6, 8, bias=False), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 3))


def trained(evaluate, model=None, steps=40, at=(19, 39), **settings):
    """A training that evaluates after some steps; its run."""
    model = model or net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with auscult.watch(model, optimizer, **settings) as recorder:
        for step in range(steps):
            optimizer.zero_grad()
            F.cross_entropy(model(X), Y).backward()
            optimizer.step()
            if step in at:
                evaluate(model)
    assert recorder.bill.faults == 0
    return recorder.run


def evaluated(model, *batches):
    model.eval()
    with torch.no_grad():
        for batch in batches:
            model(batch)
    model.train()


def expected(norm, x):
    """How far a norm's running statistics lie from those of (values, channels)."""
    x, mean, var = x.double(), norm.running_mean.double(), norm.running_var.double()
    own = x.var(0, correction=0)
    away = (mean - x.mean(0)) / (torch.maximum(own, var) + norm.eps).sqrt()
    apart = ((var + norm.eps) / (own + norm.eps)).log10()
    return [away.square().mean().sqrt().item(), apart.square().mean().sqrt().item()]


def recorded(run, subject):
    return np.array([run.series(quantity, subject).values for quantity in EVALUATED]).T


@pytest.mark.parametrize("native", [True, False])
def test_the_batches_of_an_evaluation_count_as_one(native):
    said = []

    def evaluate(model):
        said.append([*expected(model[1], model[0](OTHER).detach()), 64, 64])
        evaluated(model, OTHER[:10], OTHER[10:])

    run = trained(evaluate, native=native)
    assert run.series(q.EVAL_MEAN_DRIFT, "1").steps.tolist() == [19, 39]
    assert recorded(run, "1") == pytest.approx(np.array(said), rel=1e-4)


def test_images_and_an_evaluation_with_gradients():
    x, said = torch.randn(64, 2, 5, 5), []
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(2, 4, 3, bias=False), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(36, 3))

    def evaluate(model):
        values = model[0](3 * x).detach().movedim(1, -1).reshape(-1, 4)
        said.append([*expected(model[1], values), 64 * 9, 64])
        model.eval()
        model(3 * x)
        model.train()

    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with auscult.watch(model, optimizer) as recorder:
        for _ in range(20):
            optimizer.zero_grad()
            F.cross_entropy(model(x), Y).backward()
            optimizer.step()
        evaluate(model)
    assert recorded(recorder.run, "1") == pytest.approx(np.array(said), rel=1e-4)


def test_of_many_batches_some_are_read():
    run = trained(lambda model: evaluated(model, *torch.randn(200, 32, 6).unbind()))
    (first, _) = recorded(run, "1")
    assert 16 * 32 <= first[2] <= 32 * 32
    assert first[0] < 0.2


def test_a_copy_with_averaged_weights_is_known_by_its_bias():
    model = net()
    average = copy.deepcopy(model).eval()
    said = []

    def evaluate(model):
        with torch.no_grad():
            for mine, theirs in zip(average.parameters(), model.parameters(), strict=True):
                mine.lerp_(theirs, 0.9)
            said.append(expected(average[1], average[0](OTHER)))
            average(OTHER)

    run = trained(evaluate, model)
    assert recorded(run, q.copy_of("1"))[:, :2] == pytest.approx(np.array(said), rel=1e-4)
    assert "1" not in run.quantities[q.EVAL_MEAN_DRIFT]


def test_what_is_no_evaluation_of_a_norm_that_trains():
    torch.manual_seed(1)
    stranger = nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8)).eval()
    nn.init.normal_(stranger[1].bias)

    def evaluate(model):
        evaluated(stranger, X)  # of another network
        with torch.no_grad():
            model(X)  # by the statistics of the batch
            torch.func.vmap(lambda x: F.batch_norm(x[None], model[1].running_mean, model[1].running_var))(model[0](X))

    assert q.EVAL_MEAN_DRIFT not in trained(evaluate).quantities
    fixed = net()
    fixed[1].eval()
    assert q.EVAL_MEAN_DRIFT not in trained(lambda model: evaluated(model[0], X), fixed).quantities


def test_an_evaluation_at_every_step_is_heard_now_and_then():
    run = trained(lambda model: evaluated(model, X), steps=200, at=range(200))
    heard = run.series(q.EVAL_MEAN_DRIFT, "1").steps
    assert len(heard) == len(set(heard.tolist()))
    assert 40 <= len(heard) <= 60


def test_the_training_is_the_same_and_everything_is_put_back():
    def losses(watched):
        model, before = net(), F.batch_norm
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        recorder = auscult.watch(model, optimizer) if watched else None
        said = []
        for _ in range(10):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(X), Y)
            loss.backward()
            optimizer.step()
            evaluated(model, OTHER)
            said.append(loss.item())
        if recorder is not None:
            recorder.close()
        assert F.batch_norm is before
        return said, [b.tolist() for b in model.buffers()]

    assert losses(True) == losses(False)


@pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated:DeprecationWarning")
def test_a_norm_can_be_scripted_meanwhile():
    def evaluate(model):
        evaluated(torch.jit.script(copy.deepcopy(model)), X)

    trained(evaluate, at=(19,))
