"""The spectral density: its moments, its mass, and its ends against dense eigenvalues."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from curvature_models import data, exact_hessian, net, quadratic, symmetric

from auscult.curvature import Objective, spectrum
from auscult.errors import CurvatureError


@pytest.fixture(scope="module")
def known():
    model, batch = net(), data()
    objective = Objective(model, batch, F.cross_entropy)
    return objective, torch.linalg.eigvalsh(exact_hessian(objective, model, batch)).numpy()


def test_moments_shares_and_ends(known):
    objective, values = known
    found = spectrum(objective, starts=100, steps=50)
    assert found.reorthogonalised
    assert found.weights.sum(1) == pytest.approx(np.ones(100))
    for power in (1, 2, 3, 4):
        mean, error = found.moment(power)
        assert abs(mean - (values**power).mean()) < 4 * error
    share, error = found.share(0.02)
    assert abs(share - (values > 0.02).mean()) < 4 * error + 0.01
    assert (found.lowest, found.highest) == pytest.approx((values[0], values[-1]), abs=1e-6)
    assert np.trapezoid(found.density, found.grid) == pytest.approx(1, abs=1e-3)
    assert "106 eigenvalues" in str(found)


@pytest.mark.parametrize(("memory", "keeps"), [(150_000, True), (50_000, False)])
def test_with_little_memory_it_is_the_same(known, memory, keeps):
    objective = Objective(known[0].model, data(), F.cross_entropy, memory=memory)
    wanted, found = spectrum(known[0], starts=4, steps=50), spectrum(objective, starts=4, steps=50)
    assert found.reorthogonalised == keeps
    for power in (1, 2, 3):
        assert found.moment(power) == pytest.approx(wanted.moment(power), abs=1e-10)
    assert (found.lowest, found.highest) == pytest.approx((wanted.lowest, wanted.highest), abs=1e-6)
    assert np.abs(found.density - wanted.density).max() < 0.01 * wanted.density.max()


def test_the_smoothed_density_is_that_of_the_dense_eigenvalues(known):
    objective, values = known
    found = spectrum(objective, starts=60, steps=60, width=0.05)
    away = (found.grid[:, None] - values) / 0.05
    exact = np.exp(-0.5 * away**2).mean(1) / (0.05 * np.sqrt(2 * np.pi))
    assert np.trapezoid(np.abs(found.density - exact), found.grid) < 0.05
    assert (np.abs(found.density - exact) < 4 * found.error + 0.01 * exact.max()).mean() > 0.98
    drawn = found.plot.data[-1]
    assert drawn.y == pytest.approx(np.maximum(found.density, 1e-7 * found.density.max()))
    assert found.plot.layout.yaxis.range[0] == pytest.approx(np.log10(1e-7 * found.density.max()))


def test_a_krylov_space_that_ends_early():
    found = spectrum(quadratic(symmetric([1.0] * 10 + [5.0] * 10), torch.zeros(20)), starts=30, steps=10)
    assert found.share(0.99, 1.01)[0] + found.share(4.99, 5.01)[0] == pytest.approx(1)
    assert abs(found.share(4.99, 5.01)[0] - 0.5) < 4 * found.share(4.99, 5.01)[1]
    flat = spectrum(quadratic(torch.zeros(4, 4, dtype=torch.float64), torch.ones(4)), starts=2)
    assert flat.share(0, 0)[0] == pytest.approx(1)


def test_seed_progress_and_refusals(known):
    told = []
    one = spectrum(known[0], starts=3, steps=5, seed=1, progress=lambda done, most: told.append((done, most)))
    two = spectrum(known[0], starts=3, steps=5, seed=1)
    assert np.array_equal(one.density, two.density)
    assert told[-1] == (15, 15)
    with pytest.raises(CurvatureError, match="at least 1"):
        spectrum(known[0], starts=0)
