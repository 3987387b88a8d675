"""The learning rate of every element, and its histogram."""

from __future__ import annotations

import math

import pytest
import torch
from optim_nets import loss_of, net, train
from torch import nn

from auscult import optim as o
from auscult.errors import OptimError


@pytest.mark.parametrize(
    ("make", "direction"),
    [
        (lambda p: o.SGD(p, 0.05), "grad"),
        (lambda p: o.Momentum(p, 0.05), "grad_avg"),
        (lambda p: o.RMSProp(p, 0.01), "grad"),
        (lambda p: o.RMSProp(p, 0.01, eps=1e-3, eps_inside=True), "grad"),
        (lambda p: o.Adam(p, 0.01), "grad_avg"),
        (lambda p: o.Adam(p, 0.01, amsgrad=True), "grad_avg"),
        (lambda p: o.AdamW(p, 0.01, weight_decay=0.0), "grad_avg"),
        (lambda p: o.RAdam(p, 0.01, (0.9, 0.9)), "grad_avg"),
        (lambda p: o.LAMB(p, 0.01), "grad_avg"),
    ],
)
def test_the_rate_times_the_direction_is_the_step(make: object, direction: str) -> None:
    model = net()
    optimizer = make(model.parameters())  # type: ignore[operator]
    for step in range(12):
        before = [p.detach().clone() for p in model.parameters()]
        train(model, optimizer, [step])
        for p, old in zip(model.parameters(), before, strict=True):
            along = p.grad if direction == "grad" else optimizer.state[p]["grad_avg"]
            assert along is not None
            if direction == "grad_avg" and not isinstance(optimizer, o.Momentum):
                along = along / (1 - 0.9 ** (step + 1))
            rate = optimizer.effective_lr(p)
            assert rate.shape == p.shape
            assert torch.allclose(p.detach() - old, -rate * along, rtol=1e-6, atol=1e-14)


def test_qhadam_and_larc_have_rates() -> None:
    x = nn.Parameter(torch.full((2,), 3.0))
    x.grad = torch.tensor([1.0, 2.0])
    optimizer = o.QHAdam([x], 0.1, nus=(0.7, 0.5))
    optimizer.step()
    assert torch.allclose(optimizer.effective_lr(x), torch.tensor([0.1, 0.05]))
    optimizer.zero_grad()
    with pytest.raises(OptimError, match="qhadam's rate depends on the gradient when nu2 is not 1; ask before zero_"):
        optimizer.effective_lr(x)
    x.grad = torch.tensor([30.0, 40.0])
    larc = o.LARC([x], 0.1, trust=0.5)
    norm = float(x.detach().norm())
    larc.step()
    assert torch.allclose(larc.effective_lr(x), torch.full((2,), 0.5 * norm / 50), rtol=1e-5)


def test_rates_that_are_not_there_are_said() -> None:
    model = net()
    adam, lion = o.Adam(model.parameters()), o.Lion(model.parameters())
    with pytest.raises(OptimError, match="the optimizer does not hold this parameter; give one of its own"):
        adam.effective_lr(nn.Parameter(torch.zeros(1)))
    with pytest.raises(OptimError, match="the parameter has not been stepped yet; ask after the first step"):
        adam.effective_lr(model[0].weight)
    train(model, lion, range(1))
    with pytest.raises(OptimError, match="lion has no learning rate of an element: every step is lr long; plot lr"):
        lion.effective_lr(model[0].weight)


def test_asking_for_a_rate_changes_nothing() -> None:
    model = net()
    optimizer = o.Lookahead(o.LAMB(model.parameters()))
    train(model, optimizer, range(3))
    loss_of(model).backward()
    before = {name: torch.as_tensor(v).clone() for name, v in optimizer.state[model[0].weight].items()}
    optimizer.effective_lr(model[0].weight)
    after = optimizer.state[model[0].weight]
    assert all(torch.equal(v, torch.as_tensor(after[name])) for name, v in before.items())


def test_the_histogram_counts_every_element_once() -> None:
    rates = torch.tensor([0.0, 1e-9, 1e-8, 2e-8, 1e-3, 9e-3, 99.0, 100.0, math.inf, math.nan], dtype=torch.float64)
    found = o.rate_histogram(rates, -8, 2, 10)
    assert found.counts == (2, 0, 0, 0, 0, 2, 0, 0, 0, 1)
    assert (found.below, found.above, found.undefined) == (2, 2, 1)
    assert found.edges == tuple(range(-8, 3))


def test_rare_features_have_higher_rates() -> None:
    """The question of fastai book ch. 16: what seldom has a gradient may move more when it has one."""
    x = nn.Parameter(torch.zeros(2))
    optimizer = o.RMSProp([x], 1e-3)
    for step in range(100):
        x.grad = torch.tensor([1.0, 1.0 if step % 20 == 0 else 0.0])
        optimizer.step()
    often, seldom = optimizer.effective_lr(x).tolist()
    assert seldom > 3 * often
