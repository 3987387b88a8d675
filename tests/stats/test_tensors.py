import numpy as np
import pytest
import torch

from auscult.stats import (
    centred,
    extremes,
    implied_rate,
    log10_ratio,
    nonfinite_count,
    nonfinite_counts,
    norm_from,
    std_from,
    touched_stds,
)

pytestmark = pytest.mark.filterwarnings("ignore:(divide by zero|invalid value):RuntimeWarning")  # as the caller does

SHAPES = [(3,), (7, 5), (2, 3, 4), (1000, 100)]


def measured(tensors):
    means, spreads = centred(tensors)
    mean, spread = torch.stack(means).double().numpy(), torch.stack(spreads).double().numpy()
    size = np.array([t.numel() for t in tensors], float)
    return std_from(mean, spread, size), norm_from(mean, spread, size)


@pytest.mark.parametrize("offset", [0.0, 1.0, 100.0])
def test_std_and_norm_equal_float64_also_far_from_zero(offset):
    torch.manual_seed(0)
    tensors = [torch.randn(s) * 0.01 + offset for s in SHAPES]
    std, norm = measured(tensors)
    np.testing.assert_allclose(std, [t.double().std().item() for t in tensors], rtol=2e-5)
    np.testing.assert_allclose(norm, [t.double().norm().item() for t in tensors], rtol=2e-6)


def test_equal_elements_have_no_spread():
    std, _ = measured([torch.full((1000,), 1.1), torch.ones(7), torch.zeros(5)])
    assert std.tolist() == [0, 0, 0]


def test_one_element_has_no_std():
    std, norm = measured([torch.tensor([3.0])])
    assert np.isnan(std[0])
    assert norm[0] == 3


def test_nothing_to_measure():
    assert centred([]) == ([], [])


def test_extremes_and_nonfinite():
    low, high = extremes([torch.tensor([1.0, -2.0]), torch.tensor([1.0, float("nan")])])
    assert (low[0].item(), high[0].item()) == (-2, 1)
    assert torch.isnan(low[1])
    assert torch.isnan(high[1])
    assert nonfinite_count(torch.tensor([1, float("inf"), float("nan")])).item() == 2


def test_ratio_is_defined_only_over_spread_data():
    ratio = log10_ratio(np.array([1e-3, 0.0, 1.0, np.nan, 1.0]), np.array([1.0, 1.0, 0.0, 1.0, np.nan]))
    np.testing.assert_allclose(ratio, [-3, -np.inf, np.nan, np.nan, np.nan])


@pytest.mark.parametrize("sparse", [False, True])
def test_touched_rows(sparse):
    torch.manual_seed(0)
    update, data = torch.randn(10, 4, dtype=torch.float64), torch.randn(10, 4, dtype=torch.float64)
    gradient = torch.zeros(10, 4)
    gradient[[2, 5]] = 1.0
    got = touched_stds(data + update, data, gradient.to_sparse(1) if sparse else gradient)
    assert got[0].item() == pytest.approx(update[[2, 5]].std().item())
    assert got[1].item() == pytest.approx(data[[2, 5]].std().item())


def test_no_touched_row_is_undefined():
    assert torch.isnan(touched_stds(torch.ones(3, 2), torch.ones(3, 2), torch.zeros(3, 2))[0])


def _implied(update_norm, gradient_norm, update_mean=0.0, gradient_mean=0.0):
    update_norm, gradient_norm = np.array(update_norm), np.array(gradient_norm)
    means = (np.full(len(update_norm), mean) for mean in (update_mean, gradient_mean))
    return implied_rate(update_norm, gradient_norm, *means, np.full(len(update_norm), 10.0))


def test_the_rate_of_plain_descent_is_implied_by_the_norms():
    gradients = np.array([1.0, 20.0, 1e-9])
    assert _implied(0.1 * gradients, gradients) == pytest.approx(0.1)
    assert np.isnan(_implied([0.1, 0.3], [1.0, 1.0]))
    assert np.isnan(_implied([0.0], [1.0]))
    assert np.isnan(_implied([np.nan], [np.nan]))


def test_a_rate_is_negative_where_the_means_say_that_the_update_goes_uphill():
    assert _implied([0.1], [1.0], -0.02, 0.2) == pytest.approx(0.1)
    assert _implied([0.1], [1.0], 0.02, 0.2) == pytest.approx(-0.1)


@pytest.mark.parametrize("untouched", [0, 3, 7, 8])
def test_touched_rows_are_found_without_asking_the_device(untouched):
    g = torch.Generator().manual_seed(0)
    now, before, gradient = (torch.randn(8, 5, generator=g) for _ in range(3))
    gradient[:untouched] = 0
    now[:untouched] = torch.inf  # of no account
    want = touched_stds(now, before, gradient)
    torch.testing.assert_close(touched_stds(now, before, gradient, True), want, equal_nan=True)
    one = torch.randn(8, 1, generator=g)
    want = touched_stds(one + 1, one, gradient[:, :1])
    torch.testing.assert_close(touched_stds(one + 1, one, gradient[:, :1], True), want, equal_nan=True)


def test_counts_of_what_is_not_finite():
    x, y = torch.randn(9), torch.zeros(2, 3)
    x[2], x[3], x[4] = torch.nan, torch.inf, -torch.inf
    assert [n.item() for n in nonfinite_counts([x, y, torch.empty(0)])] == [3, 0, 0]
    assert nonfinite_counts([]) == []
