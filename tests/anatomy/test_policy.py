"""Losses of policies, and what only looks like one."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.distributions import Categorical, Independent, Normal

from auscult.anatomy import is_policy_gradient, watch_hooks

torch.manual_seed(0)
N = 20
X, NET, VALUE = torch.randn(N, 4), nn.Linear(4, 3), nn.Linear(4, 1)
RETURNS, ADVANTAGES, CHOSEN = 9 * torch.rand(N), torch.randn(N), torch.randint(0, 3, (N,))
POINTS = torch.randn(N, 3)


def log_p():
    return F.log_softmax(NET(X), 1)


def values():
    return VALUE(X)[:, 0]


def clipped(density, chosen):
    new = density.log_prob(chosen)
    ratio = torch.exp(new - new.detach())
    return torch.max(-ADVANTAGES * ratio, -ADVANTAGES * ratio.clamp(0.8, 1.2)).mean()


def step_by_step():
    total = torch.zeros(())
    for x, chosen, gained in zip(X[:5], CHOSEN, RETURNS.tolist(), strict=False):
        total = total - Categorical(logits=NET(x)).log_prob(chosen) * gained
    return total


def stacked():
    steps = [Categorical(logits=NET(X)).log_prob(CHOSEN) for _ in range(80)]
    return -(ADVANTAGES * torch.stack(steps)).sum() / 80


POLICIES = {
    "stacked steps": stacked,
    "step by step": step_by_step,
    "of probabilities": lambda: (-Categorical(F.softmax(NET(X), 1)).log_prob(CHOSEN) * RETURNS).sum(),
    "by index, with a critic": lambda: F.mse_loss(values(), RETURNS) - (log_p()[range(N), CHOSEN] * ADVANTAGES).mean(),
    "a normal density": lambda: -(Normal(NET(X), 1.0).log_prob(POINTS).sum(-1) * ADVANTAGES).mean(),
    "ratios": lambda: (
        clipped(Categorical(logits=NET(X)), CHOSEN)
        - 0.01 * Categorical(logits=NET(X)).entropy().mean()
        + 0.5 * ((values() - RETURNS) ** 2).mean()
    ),
    "ratios of a normal density": lambda: clipped(Independent(Normal(NET(X), torch.full((3,), 0.5)), 1), POINTS),
}
OTHERS = {
    "cross-entropy": lambda: F.cross_entropy(NET(X), CHOSEN),
    "weighted": lambda: (RETURNS * F.cross_entropy(NET(X), CHOSEN, reduction="none")).mean(),
    "masked": lambda: -(log_p().gather(1, CHOSEN[:, None])[:, 0] * (CHOSEN > 0)).mean(),
    "class weights": lambda: -(torch.tensor([1.0, 2.0, 5.0])[CHOSEN] * log_p()[range(N), CHOSEN]).mean(),
    "soft targets": lambda: -(F.softmax(POINTS, 1) * log_p()).sum(1).mean(),
    "squares with weights": lambda: (RETURNS * (values() - ADVANTAGES) ** 2).mean(),
    "a likelihood": lambda: -Normal(NET(X), NET(X).exp()).log_prob(POINTS).mean(),
    "counts": lambda: (2 * values().exp() - RETURNS * values()).mean(),
    "a divergence": lambda: 0.1 * (NET(X).exp() - 1 - NET(X)).mean() + F.mse_loss(values(), RETURNS),
}


@pytest.mark.parametrize("loss", POLICIES.values(), ids=POLICIES)
def test_policies_are_known(loss):
    assert is_policy_gradient([loss()])


@pytest.mark.parametrize("loss", OTHERS.values(), ids=OTHERS)
def test_others_are_none(loss):
    assert not is_policy_gradient([loss()])


def test_what_hooks_hold_is_left_to_them():
    def unpack(t):
        raise AssertionError("unpacked")

    unwatch = watch_hooks()
    with torch.autograd.graph.saved_tensors_hooks(lambda t: t, unpack):
        loss = stacked()
    unwatch()
    assert not is_policy_gradient([loss])
    watch_hooks()()  # of PyTorch before 2.12, which does not tell: forget it
