"""Gradients that `torch.autograd.grad` is asked for: heard where a loop trains by them, and only there."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

import auscult
from auscult.observe import hub
from auscult.observe.census import Census
from auscult.observe.recorder import Recorder
from auscult.runs import quantities as q
from auscult.settings import Settings


@pytest.fixture(params=[True, False], ids=["core", "torch"])
def listen(request, runs_dir):
    """Listen as to a program that says nothing."""

    def listening(**options):
        return Recorder(Census(native=request.param), Settings(native=request.param, **options), "asked", lambda: None)

    return listening


def net():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(6, 16), nn.Tanh(), nn.Linear(16, 3))


X, Y = torch.randn(24, 6, generator=torch.Generator().manual_seed(1)), torch.arange(24) % 3


def by_backward(model, loss):
    model.zero_grad()
    loss.backward()
    return [p.grad for p in model.parameters()]


WAYS = {
    "a list": lambda model, loss: torch.autograd.grad(loss, list(model.parameters())),
    "by name": lambda model, loss: torch.autograd.grad([loss], inputs=tuple(model.parameters()), retain_graph=True),
    "a dict": lambda model, loss: torch.autograd.grad(loss, dict(model.named_parameters())).values(),
}
try:
    WAYS["a dict"](nn.Linear(1, 1), nn.Linear(1, 1)(torch.ones(1)).sum())
except RuntimeError as error:
    if "got str" in str(error):  # an older PyTorch
        del WAYS["a dict"]


def train(model, ask, steps=40):
    for _ in range(steps):
        loss = F.cross_entropy(model(X), Y)
        gradients = ask(model, loss)
        with torch.no_grad():
            for p, g in zip(model.parameters(), gradients, strict=True):
                p -= 0.1 * g


def same(got, want):
    assert got.steps == want.steps
    assert got.quantities == want.quantities
    for quantity, subjects in want.quantities.items():
        for subject in subjects if quantity != q.STEP_TIME else ():
            one, other = got.series(quantity, subject), want.series(quantity, subject)
            assert one.steps.tolist() == other.steps.tolist(), (quantity, subject)
            np.testing.assert_allclose(one.values, other.values, rtol=1e-4, atol=1e-6, err_msg=f"{quantity} {subject}")


@pytest.mark.parametrize("every", [1, 5])
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_a_loop_that_asks_for_its_gradients_is_heard_as_one_that_calls_backward(listen, way, every):
    runs = []
    for ask in (by_backward, way):
        model = net()
        with listen(every=every, updates=1) as recorder:
            train(model, ask)
        assert recorder.bill.faults == 0
        assert torch.autograd.grad.__module__ == "torch.autograd"
        runs.append(recorder.run)
    assert runs[0].steps == 40
    same(runs[1], runs[0])
    assert np.isfinite(runs[1].series(q.GRAD_NORM).values).all()


def test_plain_tensors_are_heard_too(listen):
    torch.manual_seed(0)
    W, b = torch.randn(6, 3, requires_grad=True), torch.zeros(3, requires_grad=True)
    with listen(every=1) as recorder:
        for _ in range(20):
            loss = F.cross_entropy(X @ W + b, Y)
            for t, g in zip((W, b), torch.autograd.grad(loss, (W, b)), strict=True):
                t.data -= 0.1 * g
    assert recorder.run.steps == 20
    assert sorted(p.name for p in recorder.run.parameters) == ["W", "b"]


def test_gradients_of_one_loss_asked_for_in_parts_are_one_pass(listen):
    model = net()
    first, last = [*model[0].parameters()], [*model[2].parameters()]
    losses = []
    with listen(every=1) as recorder:
        for _ in range(20):
            loss = F.cross_entropy(model(X), Y)
            gradients = *torch.autograd.grad(loss, first, retain_graph=True), *torch.autograd.grad(loss, last)
            losses.append(loss.item())
            with torch.no_grad():
                for p, g in zip((*first, *last), gradients, strict=True):
                    p -= 0.1 * g
    assert recorder.run.steps == 20
    np.testing.assert_allclose(recorder.run.series(q.LOSS).values, losses, rtol=1e-5)


def penalty(model):
    x = X.clone().requires_grad_()
    (g,) = torch.autograd.grad(model(x).sum(), x, create_graph=True)
    return g.square().sum()


def attack(model):
    x = X.clone().requires_grad_()
    return torch.autograd.grad(F.cross_entropy(model(x), Y), x)


def inner_loop(model):
    gradients = torch.autograd.grad(F.cross_entropy(model(X), Y), list(model.parameters()))
    return [p - 0.1 * g for p, g in zip(model.parameters(), gradients, strict=True)]


def shared_layer(model):
    return torch.autograd.grad(F.cross_entropy(model(X), Y), model[0].weight)


def jacobian(model):
    return torch.autograd.grad(model(X), list(model.parameters()), torch.ones(24, 3))


OTHER = {f.__name__: f for f in (penalty, attack, inner_loop, shared_layer, jacobian)}


@pytest.mark.parametrize("other", OTHER.values(), ids=OTHER.keys())
@pytest.mark.parametrize("optimizer", [True, False])
def test_gradients_that_are_asked_for_to_look_at_them_are_no_passes(listen, other, optimizer):
    if not optimizer and other in (inner_loop, shared_layer):
        pytest.skip("of a loop they cannot be told from what it moves by")
    model, losses = net(), []
    moves = torch.optim.SGD(model.parameters(), 0.1) if optimizer else None
    with listen(every=1) as recorder:
        for _ in range(20):
            other(model)
            model.zero_grad()
            loss = F.cross_entropy(model(X), Y)
            losses.append(loss.item())
            loss.backward()
            if moves is not None:
                moves.step()
            else:
                with torch.no_grad():
                    for p in model.parameters():
                        p -= 0.1 * p.grad
    assert recorder.bill.faults == 0
    assert recorder.run.steps == 20
    np.testing.assert_allclose(recorder.run.series(q.LOSS).values, losses, rtol=1e-5)


def test_optimizers_are_searched_for_a_few_times_at_most(listen, monkeypatch):
    model, searches = net(), []
    moves = torch.optim.SGD(model.parameters(), 0.1)
    free = Census.is_free
    monkeypatch.setattr(Census, "is_free", lambda self, tensors: searches.append(1) or free(self, tensors))
    with listen(every=1) as recorder:
        for _ in range(10):
            inner_loop(model)
        F.cross_entropy(model(X), Y).backward()
        moves.step()
    assert 0 < len(searches) < 5
    assert recorder.run.steps == 1


def test_a_failing_pass_is_forgotten(listen):
    model = net()
    with listen(every=1) as recorder:
        train(model, WAYS["a list"], 5)
        loss = F.cross_entropy(model(X), Y)
        with pytest.raises(RuntimeError):
            torch.autograd.grad(loss, [torch.randn(3, requires_grad=True), *model.parameters()])
        train(model, WAYS["a list"], 5)
    assert recorder.bill.faults == 0
    assert recorder.run.steps in (10, 11)


def test_what_is_given_to_be_watched_is_heard_and_nothing_else(runs_dir):
    watched, other = net(), net()
    with auscult.watch(watched, every=1) as recorder:
        train(other, WAYS["a list"], 5)
        train(watched, WAYS["a list"], 8)
    assert recorder.run.steps == 8


@pytest.mark.parametrize(
    "arguments",
    [
        ((torch.ones(2, requires_grad=True) * 2, [X]), {}),
        ((torch.ones((), requires_grad=True), [X]), {}),
        (((torch.ones((), requires_grad=True) * 2), iter([X])), {}),
        (((torch.ones((), requires_grad=True) * 2), [X], None, None, True), {}),
        (((torch.ones((), requires_grad=True) * 2), [X]), {"is_grads_batched": True}),
        ((), {}),
    ],
)
def test_what_is_no_backward_pass_of_a_loss(arguments):
    args, kwargs = arguments
    assert hub._asked_of_a_loss(*args, **kwargs) is None


def test_a_wrong_call_fails_as_it_did(listen):
    with listen(every=1), pytest.raises(TypeError, match="grad"):
        torch.autograd.grad(torch.ones(()))
