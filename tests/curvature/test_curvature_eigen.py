"""Eigenvalues against dense ones, and the errors that are stated."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from curvature_models import cut, data, exact_hessian, net, quadratic, symmetric

from auscult.curvature import Objective, eigen
from auscult.errors import CurvatureError


@pytest.fixture(scope="module")
def known():
    model, batch = net(), data()
    objective = Objective(model, cut(batch, 30, 20), F.cross_entropy)
    return objective, *torch.linalg.eigh(exact_hessian(objective, model, batch))


@pytest.mark.parametrize("basis", [None, 14])
@pytest.mark.parametrize(("which", "k"), [("magnitude", 5), ("largest", 5), ("smallest", 5), ("both", 2)])
def test_eigenvalues_and_vectors_are_those_of_the_dense_hessian(known, which, k, basis):
    objective, values, _ = known
    ascending = values.numpy()
    wanted = {
        "magnitude": ascending[np.argsort(-np.abs(ascending))][:k],
        "largest": ascending[::-1][:k],
        "smallest": ascending[:k],
        "both": [*ascending[::-1][:k], *ascending[:k]],
    }[which]
    found = eigen(objective, k, which=which, tolerance=1e-9, basis=basis, most=2000)
    assert found.converged
    assert np.allclose(found.values, wanted, rtol=0, atol=1e-8)
    assert torch.allclose(found.vectors @ found.vectors.T, torch.eye(len(wanted), dtype=torch.float64), atol=1e-10)
    away = objective.hvp(found.vectors) - torch.tensor(found.values, dtype=torch.float64)[:, None] * found.vectors
    assert np.allclose(away.norm(dim=1), found.residuals, atol=1e-9)


def test_the_residual_bounds_the_error_also_where_it_has_not_converged(known):
    objective, values, _ = known
    for most in (13, 16, 24):
        found = eigen(objective, 5, tolerance=1e-12, most=most)
        assert not found.converged
        assert found.products == most
        assert "not converged" in str(found)
        for value, residual in zip(found.values, found.residuals, strict=True):
            assert float((values - value).abs().min()) <= residual + 1e-12


def test_a_float32_model_converges_to_its_precision(known):
    _, values, _ = known
    narrow = Objective(net().float(), [(x.float(), y) for x, y in cut(data(), 30, 20)], F.cross_entropy)
    found = eigen(narrow, 3, which="largest", tolerance=0.0, most=106)
    assert np.allclose(found.values, values.flip(0)[:3], rtol=1e-5)
    assert min(found.residuals) > 0


def test_seed_and_progress():
    told = []
    objective = quadratic(symmetric(np.linspace(-1, 3, 40)), torch.zeros(40))
    found = eigen(objective, 2, seed=5, progress=lambda done, most: told.append((done, most)))
    again = eigen(objective, 2, seed=5)
    assert (found.values, found.residuals) == (again.values, again.residuals)
    assert torch.equal(found.vectors, again.vectors)
    assert told == [(i + 1, 500) for i in range(found.products)]
    assert len(str(found).splitlines()) == 4


def test_low_rank_zero_and_repeated_eigenvalues():
    low = eigen(quadratic(symmetric([0.0] * 28 + [4.0, 9.0]), torch.zeros(30)), 3)
    assert low.values == pytest.approx([9, 4, 0], abs=1e-8)
    assert eigen(quadratic(torch.zeros(5, 5, dtype=torch.float64), torch.ones(5)), 2).values == (0.0, 0.0)
    same = eigen(quadratic(2 * torch.eye(6, dtype=torch.float64), torch.ones(6)), 6, which="smallest")
    assert same.values == pytest.approx([2] * 6)
    assert eigen(quadratic(symmetric([3.0]), torch.ones(1))).values == pytest.approx([3])


def test_refusals(known):
    objective = known[0]
    for kwargs, says in (
        ({"k": 0}, "0 eigenvalues"),
        ({"which": "best"}, "one of"),
        ({"k": 3, "basis": 5}, "too small"),
    ):
        with pytest.raises(CurvatureError, match=says):
            eigen(objective, **kwargs)
