import math

import pytest
import torch

from auscult.stats import by_unit, drift, feature_spread, fingerprints, log_drift, power, summary, thinned


@pytest.fixture
def x():
    return torch.randn(40, 5, 3, generator=torch.Generator().manual_seed(0)) * 2 + 100


def test_a_summary(x):
    mean, std, low, high = summary(x)
    wide = x.double()
    assert [v.item() for v in (mean, std, low, high)] == pytest.approx(
        [wide.mean().item(), wide.std().item(), wide.min().item(), wide.max().item()], rel=1e-5
    )
    assert summary(torch.tensor([3.0]))[1] == 0  # the caller knows that one element has no spread
    assert all(math.isnan(v) for v in summary(torch.tensor([1.0, math.nan])))


def test_of_a_large_tensor_a_part_is_enough_but_for_its_extremes(x):
    mean, std, low, high = summary(x, 60)
    part = x.reshape(-1)[:60].double()
    assert [mean.item(), std.item()] == pytest.approx([part.mean().item(), part.std().item()], rel=1e-5)
    assert [low, high] == [x.min(), x.max()]
    turned = x.transpose(0, 2)
    assert summary(turned, 60)[0].item() == pytest.approx(turned.reshape(-1)[:60].double().mean().item(), rel=1e-6)


@pytest.mark.parametrize("dim", [0, 1, 2, -1, -2])
def test_shares_by_unit(x, dim):
    mask = x > 100
    others = tuple(d for d in range(3) if d != dim % 3)
    torch.testing.assert_close(by_unit(mask, dim), mask.float().mean(others))
    assert by_unit(mask[:, 0, 0], 0).tolist() == mask[:, 0, 0].float().tolist()


def test_power(x):
    assert power(x).item() == pytest.approx(x.double().square().mean().item(), rel=1e-6)


def test_drifts():
    running, batch, std = torch.tensor([1.0, 2]), torch.tensor([3.0, 2]), torch.tensor([0.5, 1])
    assert drift(running, batch, std).item() == pytest.approx(math.sqrt((16 + 0) / 2))
    assert log_drift(torch.tensor([100.0, 1]), torch.tensor([1.0, 1]), 0).item() == pytest.approx(math.sqrt(4 / 2))
    assert log_drift(torch.tensor([0.0]), torch.tensor([1.0]), 0.01).item() == pytest.approx(math.log10(101), rel=1e-5)


def test_the_spread_of_features():
    x = torch.randn(500, 3, generator=torch.Generator().manual_seed(0)).double()
    x = (x - x.mean(0)) / x.std(0, correction=0) * torch.tensor([1.0, 100, 10]) + 7
    assert feature_spread(x, -1).item() == pytest.approx(2)
    assert feature_spread(x.T, 0).item() == pytest.approx(2)
    assert feature_spread(x.view(50, 10, 3), 2).item() == pytest.approx(2)


def test_features_that_do_not_vary_have_no_part_in_it():
    x = torch.randn(1001, 3, generator=torch.Generator().manual_seed(0))
    x[:, 0] = 0.1
    x[:, 1] = 1 / 3
    assert feature_spread(x, -1).item() == pytest.approx(0)
    assert math.isnan(feature_spread(x[:, :2], -1))
    assert math.isnan(feature_spread(x[0], -1))  # one example


def test_fingerprints_tell_equal_rows():
    rows = torch.randn(6, 50, generator=torch.Generator().manual_seed(0))
    rows[4] = rows[1]
    marks = fingerprints(rows, None)
    assert torch.equal(marks[4], marks[1])
    apart = (marks[:, None] - marks[None]).abs().amax(-1) + torch.eye(6)
    apart[4, 1] = apart[1, 4] = 1
    assert apart.min() > 1e-3
    marks = fingerprints(rows, torch.tensor([0.0, 0, 0, 0, 1, 0]))
    assert (marks[4] - marks[1]).abs().min() > 0.5
    swapped = fingerprints(torch.tensor([[1.0, 2.0], [2.0, 1.0]]), None)
    assert (swapped[0] - swapped[1]).abs().max() > 0.1


@pytest.mark.parametrize(
    ("size", "most", "kept"), [(10, 10, 10), (11, 10, 6), (100, 10, 10), (101, 10, 10), (3, 10, 3)]
)
def test_thinned_is_a_copy_evenly_spaced(size, most, kept):
    x = torch.arange(size)
    some = thinned(x, most)
    assert len(some) == kept
    assert len(set((some[1:] - some[:-1]).tolist())) <= 1
    assert some[0] == 0
    x += 1000
    assert some.max() < 1000
