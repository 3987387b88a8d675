"""The trace against the dense one: the standard error covers as often as it should."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from curvature_models import data, exact_hessian, net, quadratic, symmetric

from auscult.curvature import Objective, trace
from auscult.errors import CurvatureError


@pytest.fixture(scope="module")
def known():
    model, batch = net(), data()
    objective = Objective(model, batch, F.cross_entropy)
    return objective, exact_hessian(objective, model, batch)


def off_by(found, wanted):
    return (found.value - wanted) / found.error


@pytest.mark.parametrize("sketch", [0, 6])
def test_the_standard_error_covers(sketch):
    matrix = symmetric([*np.linspace(-0.1, 0.1, 26), 2.0, 3.0, 5.0, 8.0])
    objective = quadratic(matrix, torch.zeros(30))
    wanted = float(matrix.trace())
    found = [trace(objective, probes=32, sketch=sketch, seed=seed) for seed in range(150)]
    off = np.array([off_by(one, wanted) for one in found])
    assert 0.85 <= (np.abs(off) < 1.96).mean() <= 0.995  # .94 with 31 degrees of freedom
    assert abs(off.mean()) < 0.3
    assert 0.8 < off.std() < 1.3
    values = np.array([one.value for one in found])
    assert values.std() == pytest.approx(np.mean([one.error for one in found]), rel=0.25)


def test_hutchinsons_variance_is_what_theory_says(known):
    objective, hessian = known
    found = trace(objective, probes=2000)
    off_diagonal = hessian - torch.diag(hessian.diag())
    assert found.error == pytest.approx(float((2 * off_diagonal.square().sum() / 2000).sqrt()), rel=0.1)


@pytest.mark.parametrize("sketch", [0, 30])
def test_blocks_and_diagonal(known, sketch):
    objective, hessian = known
    found = trace(objective, probes=1500, sketch=sketch)
    diagonal = hessian.diag()
    assert abs(off_by(found, float(diagonal.sum()))) < 4
    blocks = objective.named(diagonal)
    assert found.by_parameter.keys() == blocks.keys()
    for name, estimate in found.by_parameter.items():
        assert abs(off_by(estimate, float(blocks[name].sum()))) < 4
    assert sum(e.value for e in found.by_parameter.values()) == pytest.approx(found.value)
    assert float(found.diagonal.sum()) == pytest.approx(found.value)
    assert float((found.diagonal - diagonal).norm() / diagonal.norm()) < (0.05 if sketch else 0.4)
    assert found.products == 1500 + 2 * sketch
    assert "0.weight" in str(found)


def test_a_sketch_of_a_low_rank_hessian_is_exact():
    matrix = symmetric([0.0] * 26 + [1.0, -2.0, 3.0, 4.0])
    found = trace(quadratic(matrix, torch.zeros(30)), probes=2, sketch=8)
    assert found.value == pytest.approx(6, abs=1e-10)
    assert torch.allclose(found.diagonal, matrix.diag(), atol=1e-10)


def test_it_stops_at_the_tolerance(known):
    objective = quadratic(symmetric(np.linspace(1, 2, 30)), torch.zeros(30))
    told = []
    found = trace(objective, probes=500, tolerance=0.02, progress=lambda done, most: told.append(done))
    assert 16 <= found.probes < 500
    assert found.error <= 0.02 * found.value
    assert told[-1] == found.products


def test_refusals(known):
    for kwargs, says in (({"probes": 1}, "at least 2"), ({"sketch": 1000}, "does not fit")):
        with pytest.raises(CurvatureError, match=says):
            trace(known[0], **kwargs)
