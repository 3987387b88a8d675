"""Limits of stability where the steps can be run, and trainings that hover there."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from curvature_models import data, net, quadratic, symmetric
from torch import nn

from auscult import optim
from auscult.curvature import Objective, edge
from auscult.errors import CurvatureError


def bears(make, curvature, steps=400):
    """Whether steps on a quadratic of this curvature shrink."""
    x = torch.ones(1, dtype=torch.float64, requires_grad=True)
    optimizer = make([x])
    for _ in range(steps):
        x.grad = curvature * x.detach()
        optimizer.step()
    return abs(float(x.detach())) < 1


RULES = [
    lambda p: torch.optim.SGD(p, 0.1),
    lambda p: torch.optim.SGD(p, 0.1, momentum=0.9),
    lambda p: torch.optim.SGD(p, 0.1, momentum=0.5, dampening=0.3),
    lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, nesterov=True),
    lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, weight_decay=2.0),
    lambda p: optim.SGD(p, 0.1),
    lambda p: optim.Momentum(p, 0.1, 0.8),
    lambda p: optim.Momentum(p, 0.1, 0.8, nesterov=True),
    lambda p: optim.Momentum(p, 0.1, 0.8, dampening=True),
    lambda p: optim.Momentum(p, 0.1, 0.8, weight_decay=3.0),
]


@pytest.mark.parametrize("make", RULES)
def test_the_bound_is_where_steps_on_a_quadratic_stop_shrinking(make):
    objective = quadratic(symmetric([4.0]), torch.ones(1))
    found = edge(objective, make(list(objective.layout.tensors.values())))
    decay = found.sharpness - 4.0
    assert bears(make, 0.98 * found.bound - decay)
    assert not bears(make, 1.02 * found.bound - decay)
    assert found.ratio == pytest.approx(found.sharpness / found.bound)
    assert not found.preconditioned


# the optimizer, β₁ of averages or None, β of momentum, β₂ that is corrected for or None, the name of the second moment
ADAPTIVE = [
    (lambda p: torch.optim.Adam(p, 1e-3), 0.9, 0.0, 0.999, "exp_avg_sq"),
    (lambda p: torch.optim.Adam(p, 1e-3, (0.8, 0.99), amsgrad=True), 0.8, 0.0, 0.99, "max_exp_avg_sq"),
    (lambda p: torch.optim.AdamW(p, 1e-3, weight_decay=0.1), 0.9, 0.0, 0.999, "exp_avg_sq"),
    (lambda p: torch.optim.RMSprop(p, 1e-3), None, 0.0, None, "square_avg"),
    (lambda p: torch.optim.RMSprop(p, 1e-3, momentum=0.6), None, 0.6, None, "square_avg"),
    (lambda p: optim.Adam(p, 1e-3), 0.9, 0.0, 0.999, "sqr_avg"),
    (lambda p: optim.AdamW(p, 1e-3, (0.8, 0.99)), 0.8, 0.0, 0.99, "sqr_avg"),
    (lambda p: optim.RMSProp(p, 1e-3), None, 0.0, None, "sqr_avg"),
]


@pytest.mark.parametrize(("make", "beta1", "momentum", "beta2", "second"), ADAPTIVE)
def test_the_preconditioned_sharpness_is_that_of_the_dense_hessian(make, beta1, momentum, beta2, second):
    model, batch = net(), data()
    objective = Objective(model, batch, F.cross_entropy)
    optimizer = make(model.parameters())
    for _ in range(7):
        optimizer.zero_grad()
        F.cross_entropy(model(batch[0]), batch[1]).backward()
        optimizer.step()
    v = torch.cat([optimizer.state[p][second].reshape(-1) for p in model.parameters()])
    p = (v / (1 - beta2**7 if beta2 else 1)).sqrt() + 1e-8
    p *= 1 - beta1**7 if beta1 else 1
    with objective.hessian() as h:
        top = float(torch.linalg.eigvalsh(h.dense() / (p[:, None] * p).sqrt())[-1])
    found = edge(objective, optimizer, tolerance=1e-8)
    assert found.preconditioned
    assert found.sharpness == pytest.approx(top, rel=1e-6)
    bound = (2 + 2 * beta1) / (1 - beta1) if beta1 else 2 + 2 * momentum
    assert found.bound == pytest.approx(bound / 1e-3)


def test_adam_at_rest_bears_its_bound():
    """With β₂ near 1 the second moment stays what it is, and Adam steps on a quadratic by a metric that is held."""
    for factor, shrinks in ((0.97, True), (1.03, False)):
        x = torch.ones(1, dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.Adam([x], 0.01, (0.9, 1 - 1e-12), eps=0.0)
        curvature = factor * 38 / 0.01
        x.grad = torch.ones_like(x)
        optimizer.step()
        x.data.fill_(1e-3)
        state = optimizer.state[x]
        state["exp_avg"].zero_()
        state["step"].fill_(1e6)
        for _ in range(300):
            state["exp_avg_sq"].fill_(1 - (1 - 1e-12) ** float(state["step"] + 1))  # so that √(v / (1 − β₂ᵗ)) is 1
            x.grad = curvature * x.detach()
            optimizer.step()
        assert (abs(float(x.detach())) < 1e-3) == shrinks


def test_adam_bears_38():
    x = torch.ones(2, dtype=torch.float64, requires_grad=True)
    objective = Objective({"x": x}, torch.ones(1, 1), step=lambda t, b: (t["x"] ** 2).sum())
    optimizer = torch.optim.Adam([x], 0.01)
    with pytest.raises(CurvatureError, match="not stepped"):
        edge(objective, optimizer)
    x.grad = torch.ones_like(x)
    optimizer.step()
    assert edge(objective, optimizer).bound == pytest.approx(3800)


def test_groups_of_different_rates():
    model = net()
    objective = Objective(model, data(), F.cross_entropy)
    groups = [{"params": model[0].parameters(), "lr": 0.1}, {"params": model[2].parameters()}]
    optimizer = torch.optim.SGD([*groups, {"params": model[4].parameters()}], 0.3)
    found = edge(objective, optimizer, tolerance=1e-9)
    root = torch.cat([torch.full((p.numel(),), 0.1 if n[0] == "0" else 0.3) for n, p in model.named_parameters()])
    root = root.double().sqrt()
    with objective.hessian() as h:
        top = float(torch.linalg.eigvalsh(root[:, None] * h.dense() * root)[-1])
    assert found.ratio == pytest.approx(top / 2, rel=1e-6)


@pytest.mark.parametrize(("examples", "width", "lr", "momentum"), [(40, 30, 0.3, 0.0), (150, 40, 0.15, 0.5)])
def test_a_training_on_the_whole_data_hovers_at_the_edge(examples, width, lr, momentum):
    """Cohen et al. 2021: full-batch gradient descent drives the sharpness up to the bound, where it stays."""
    torch.manual_seed(0)
    x, y = torch.randn(examples, 8, dtype=torch.float64), torch.randn(examples, 1, dtype=torch.float64)
    layers = [nn.Linear(8, width), nn.Tanh(), nn.Linear(width, width), nn.Tanh(), nn.Linear(width, 1)]
    model = nn.Sequential(*layers).double()
    optimizer = torch.optim.SGD(model.parameters(), lr, momentum=momentum)
    objective = Objective(model, (x, y), F.mse_loss)
    first, ratios = edge(objective, optimizer), []
    for step in range(800):
        optimizer.zero_grad()
        F.mse_loss(model(x), y).backward()
        optimizer.step()
        if step >= 600 and step % 20 == 0:
            ratios.append(edge(objective, optimizer).ratio)
    assert first.ratio < 0.7
    assert np.mean(ratios) == pytest.approx(1, abs=0.05)
    assert max(ratios) < 1.1


def test_words():
    objective = quadratic(symmetric([1.0]), torch.ones(1))
    assert "below the edge" in str(edge(objective, lr=1.0))
    assert "at the edge" in str(edge(objective, lr=2.0))
    assert "beyond the edge" in str(edge(objective, lr=4.0))
    assert "minibatch SGD settles below" in str(edge(objective, lr=1.0, momentum=0.9, nesterov=True))


def test_refusals():
    model = net()
    objective = Objective(model, data(), F.cross_entropy)
    cases = [
        (lambda: edge(objective), "neither"),
        (lambda: edge(objective, torch.optim.SGD(model.parameters(), 0.1), lr=0.1), "both"),
        (lambda: edge(objective, lr=-1.0), "above 0"),
        (lambda: edge(objective, torch.optim.SGD(model[0].parameters(), 0.1)), r"does not hold 2\.weight"),
        (lambda: edge(objective, torch.optim.Adagrad(model.parameters())), "no limit is known for Adagrad"),
        (lambda: edge(objective, optim.Lion(model.parameters())), "no limit is known for the parts"),
    ]
    for call, says in cases:
        with pytest.raises(CurvatureError, match=says):
            call()
