"""Keskar's sharpness where the maximum in the box is known, and the box itself."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from curvature_models import cut, data, net, quadratic, symmetric

from auscult.curvature import Objective, sharpness
from auscult.curvature.box import Box
from auscult.errors import CurvatureError
from programs import run_python

METHODS = ["l-bfgs-b", "ascent"]


@pytest.mark.parametrize("method", METHODS)
def test_the_corner_of_a_quadratic(method):
    curvatures = torch.tensor([1.0, 10.0, 300.0, 5.0], dtype=torch.float64)
    x = torch.tensor([0.5, -2.0, 1e-3, -1e-4], dtype=torch.float64)
    for epsilon in (1e-3, 5e-4):
        found = sharpness(quadratic(torch.diag(curvatures), x, floor=0.2), epsilon, method=method)
        loss = 0.2 + 0.5 * float(curvatures @ x**2)
        highest = 0.2 + 0.5 * float(curvatures @ (x.abs() + epsilon * (x.abs() + 1)) ** 2)
        assert found.highest == pytest.approx(highest, rel=1e-12)
        assert found.value == pytest.approx(100 * (highest - loss) / (1 + loss), rel=1e-9)
        assert found.at_bounds == 1


@pytest.mark.parametrize("method", METHODS)
def test_an_exact_minimum_needs_a_start_of_its_own(method):
    objective = quadratic(symmetric([1.0, 2.0, 3.0]), torch.zeros(3))
    assert sharpness(objective, method=method).value == 0
    found = sharpness(objective, 0.1, method=method, starts=4)
    corners = torch.cartesian_prod(*[torch.tensor([-0.1, 0.1], dtype=torch.float64)] * 3)
    best = max(0.5 * float(c @ symmetric([1.0, 2.0, 3.0]) @ c) for c in corners)
    assert found.highest == pytest.approx(best, rel=1e-6)
    assert len(found.rises) == 4


@pytest.mark.parametrize("method", METHODS)
def test_the_box_of_a_subspace(method):
    matrix = symmetric(np.linspace(0.5, 4, 12))
    x = torch.linspace(-1, 2, 12, dtype=torch.float64)
    objective = quadratic(matrix, x)
    a = torch.randn(12, 3, generator=torch.Generator().manual_seed(7), dtype=torch.float64)
    half = 1e-2 * ((torch.linalg.pinv(a) @ x).abs() + 1)
    box = Box(objective, 1e-2, 3, 7)
    assert np.allclose(box.high, half, rtol=1e-12)
    corners = torch.cartesian_prod(*(torch.stack([-h, h]) for h in half))
    best = max(0.5 * float((x + a @ z) @ matrix @ (x + a @ z)) for z in corners)
    found = sharpness(objective, 1e-2, subspace=3, seed=7, method=method)
    assert found.highest == pytest.approx(best, rel=1e-9)
    assert (found.dimensions, found.at_bounds) == (3, 1)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_every_point_looked_at_is_in_the_box_to_the_bit(method, dtype):
    model = net().to(dtype)
    seen = []

    def step(m, batch):
        seen.append(torch.cat([p.detach().reshape(-1) for p in m.parameters()]))
        return F.cross_entropy(m(batch[0]), batch[1])

    x, y = data()
    objective = Objective(model, (x.to(dtype), y), step=step)
    at = objective.vector().double()
    sharpness(objective, 1e-3, method=method, starts=2)
    assert len(seen) > 5
    for point in seen:
        assert bool(((point.double() - at).abs() <= 1e-3 * (at.abs() + 1)).all())


def test_both_methods_agree_on_a_trained_net_however_the_data_is_cut():
    model, batch = net(), data()
    optimizer = torch.optim.Adam(model.parameters(), 0.02)
    for _ in range(150):
        optimizer.zero_grad()
        F.cross_entropy(model(batch[0]), batch[1]).backward()
        optimizer.step()
    before = torch.cat([p.detach().reshape(-1) for p in model.parameters()])
    found = {}
    for method in METHODS:
        for cuts in ((50,), (13, 37)):
            objective = Objective(model, cut(batch, *cuts), F.cross_entropy)
            found[method, cuts] = sharpness(objective, 1e-3, method=method, iterations=50, starts=3).value
    first = found["l-bfgs-b", (50,)]
    assert first > 0
    assert all(value == pytest.approx(first, rel=0.02) for value in found.values())
    assert found["ascent", (13, 37)] == pytest.approx(found["ascent", (50,)], rel=1e-9)
    assert torch.equal(torch.cat([p.detach().reshape(-1) for p in model.parameters()]), before)


def test_words_progress_and_refusals():
    told = []
    objective = Objective(net(), data(), F.cross_entropy)
    found = sharpness(objective, progress=lambda done, loss: told.append(done))
    assert told == list(range(1, found.evaluations + 1))
    assert "all parameters" in str(found)
    assert "20 random dimensions" in str(sharpness(objective, subspace=20))
    low = quadratic(symmetric([1.0]), torch.zeros(1), floor=-2.0)
    cases = [
        (lambda: sharpness(objective, 0.0), "larger than 0"),
        (lambda: sharpness(objective, method="sam"), "one of"),
        (lambda: sharpness(objective, subspace=1000), "does not fit"),
        (lambda: sharpness(low), "1 \\+ loss"),
    ]
    for call, says in cases:
        with pytest.raises(CurvatureError, match=says):
            call()


def test_without_scipy_it_says_what_to_install():
    code = (
        "import sys; sys.modules['scipy'] = sys.modules['scipy.optimize'] = None\n"
        "import torch, auscult\n"
        "x = torch.ones(3, requires_grad=True)\n"
        "o = auscult.curvature.Objective({'x': x}, torch.ones(1, 1), step=lambda t, b: (t['x'] ** 2).sum())\n"
        "print(auscult.curvature.sharpness(o, method='ascent').value > 0)\n"
        "try: auscult.curvature.sharpness(o)\n"
        "except auscult.AuscultError as e: print(e)\n"
    )
    said = run_python("-c", code).stdout
    assert said.startswith("True\n")
    assert "pip install 'auscult[lab]'" in said
