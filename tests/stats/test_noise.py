"""The noise scale and the alignment of gradients, against problems whose answer is known."""

import math

import numpy as np
import pytest
import torch

from auscult.runs.noise import Z, examples_at, steps_at
from auscult.stats.noise import alignment, expected_norm, noise_scale


def gram_of(gradients):
    return gradients @ gradients.T


def drawn(rng, mean, stds, batch, count):
    """Gradients of `count` batches: each the mean of `batch` normal draws."""
    return mean + rng.standard_normal((count, len(mean))) * stds / math.sqrt(batch)


def problem(rng, size=50, scale=200.0):
    mean = rng.standard_normal(size)
    stds = rng.uniform(0.5, 2, size)
    return mean, stds * math.sqrt(scale * (mean @ mean) / (stds @ stds))


def test_the_scale_of_a_known_covariance():
    rng = np.random.default_rng(0)
    mean, stds = problem(rng)
    got = noise_scale([gram_of(drawn(rng, mean, stds, 32, 64)) for _ in range(20)], 32)
    assert got.scale == pytest.approx(200, rel=0.05)
    assert got.gradient == pytest.approx(mean @ mean, rel=0.05)
    assert got.noise == pytest.approx(stds @ stds, rel=0.05)
    assert got.low < 200 < got.high


@pytest.mark.parametrize(("batch", "count"), [(32, 16), (8, 40), (256, 6)])
def test_the_intervals_hold_what_they_promise(batch, count):
    rng = np.random.default_rng(1)
    mean, stds = problem(rng)
    inside, errors, estimates = 0, [], []
    for _ in range(600):
        got = noise_scale(gram_of(drawn(rng, mean, stds, batch, count)), batch)
        inside += got.low <= 200 <= got.high
        errors.append(got.gradient_error)
        estimates.append(got.gradient)
    assert inside / 600 > 0.92
    assert np.mean(estimates) == pytest.approx(mean @ mean, abs=4 * np.std(estimates) / math.sqrt(600))  # unbiased
    assert 0.9 < np.sqrt(np.mean(np.square(errors))) / np.std(estimates) < 1.4  # few batches: rather too large


def test_it_is_the_papers_with_its_two_batch_sizes():
    rng = np.random.default_rng(2)
    gradients = drawn(rng, *problem(rng), 8, 10)
    small, large = np.mean([g @ g for g in gradients]), gradients.mean(0) @ gradients.mean(0)
    b, B = 8, 80
    got = noise_scale(gram_of(gradients), b)
    assert got.gradient == pytest.approx((B * large - b * small) / (B - b))
    assert got.noise == pytest.approx((small - large) / (1 / b - 1 / B))


def test_a_gradient_lost_in_noise_is_said_to_be_so():
    rng = np.random.default_rng(3)
    unknown = [noise_scale(gram_of(drawn(rng, np.zeros(50), np.ones(50), 32, 16)), 32) for _ in range(200)]
    assert np.mean([n.known for n in unknown]) < 0.08
    assert all(math.isinf(n.high) and math.isnan(n.scale) for n in unknown if not n.known)
    assert all(n.low >= 0 for n in unknown)


def test_gradients_without_noise_have_a_scale_of_none():
    gradients = np.tile(np.arange(1.0, 6), (4, 1))
    got = noise_scale(gram_of(gradients), 32)
    assert (got.scale, got.low, got.high) == (0, 0, 0)
    same = alignment(gram_of(gradients))
    assert (same.cosine, same.efficiency, same.diversity) == pytest.approx((1, 1, 1 / 4))


def test_alignment_of_orthogonal_and_of_zero_gradients():
    got = alignment(np.eye(9))
    assert (got.cosine, got.efficiency, got.diversity, got.gradients) == pytest.approx((0, 1 / 3, 1, 9))
    assert math.isnan(alignment(np.zeros((3, 3))).efficiency)
    assert math.isnan(alignment(np.array([[1.0, 0], [0, 0]])).cosine)


def test_diversity_by_gradients_of_single_examples():
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(5, 7), torch.nn.Tanh(), torch.nn.Linear(7, 3)).double()
    x, y = torch.randn(40, 5, dtype=torch.float64), torch.randint(0, 3, (40,))

    def loss(parameters, one, label):
        out = torch.func.functional_call(model, parameters, (one[None],))
        return torch.nn.functional.cross_entropy(out, label[None])

    each = torch.func.vmap(torch.func.grad(loss), (None, 0, 0))(dict(model.named_parameters()), x, y)
    gradients = torch.cat([g.detach().flatten(1) for g in each.values()], 1)
    got = alignment(gram_of(gradients.numpy()))
    total = gradients.sum(0)
    assert got.diversity == pytest.approx(float(gradients.square().sum() / (total @ total)))
    assert got.efficiency == pytest.approx(float(total.norm() / gradients.norm(dim=1).sum()))


def test_what_it_takes_to_reach_a_loss():
    steps, examples = steps_at(100, 300), examples_at(100, 300)
    assert (steps - 1) * (examples - 1) == pytest.approx(1)  # (S/S_min − 1)(E/E_min − 1) = 1
    rng = np.random.default_rng(4)
    mean, stds = problem(rng)
    known = noise_scale([gram_of(drawn(rng, mean, stds, 32, 64)) for _ in range(20)], 32)
    norms = np.linalg.norm(drawn(rng, mean, stds, 256, 4000), axis=1)
    assert expected_norm(256, known) == pytest.approx(math.sqrt(np.mean(norms**2)), rel=0.02)


@pytest.mark.parametrize("gram", [np.zeros((1, 1)), np.zeros((2, 3)), np.zeros(4)])
def test_what_is_no_set_of_gradients(gram):
    with pytest.raises(ValueError, match="square matrix"):
        alignment(gram)
    with pytest.raises(ValueError, match="at least three"):
        noise_scale(np.eye(2), 32)
    assert Z == 1.96
