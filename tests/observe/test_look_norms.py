"""What a look says of normalisation layers and of the data that enters."""

import math

import pytest
import torch
import torch.nn.functional as F
from look_reference import one_step
from torch import nn

from auscult.runs import quantities as q

X = torch.randn(16, 6, generator=torch.Generator().manual_seed(0)) * torch.tensor([1.0, 10, 100, 1, 1, 1]) + 3
Y = torch.arange(16) % 4


def at(run, quantity, subject, step=0):
    return run.at(step, quantity, [subject])[subject]


@pytest.mark.parametrize("images", [False, True])
def test_batch_norms_against_what_they_remember(images):
    torch.manual_seed(0)
    x = torch.randn(4, 3, 5, 5) * 2 + 1 if images else X
    channels, norm = (3, nn.BatchNorm2d(3)) if images else (6, nn.BatchNorm1d(6))
    norm.running_mean.normal_()
    norm.running_var.uniform_(0.5, 2)
    model = nn.Sequential(norm, nn.Flatten(), nn.LazyLinear(4))
    model(x)
    norm.running_mean.normal_()
    norm.running_var.uniform_(0.5, 2)
    run = one_step(model, lambda m: F.cross_entropy(m(x), Y[: len(x)]))
    mean, var = norm.running_mean.double(), norm.running_var.double()  # as the forward pass has left them
    values = x.double().movedim(1, -1).reshape(-1, channels)
    expected = ((mean - values.mean(0)) / values.std(0, correction=0)).square().mean().sqrt()
    assert at(run, q.NORM_MEAN_DRIFT, "0") == pytest.approx(expected.item(), rel=1e-4)
    assert at(run, q.NORM_VAR_DRIFT, "0") == pytest.approx(
        (var / values.var(0)).log10().square().mean().sqrt().item(), rel=1e-3
    )
    assert at(run, q.NORM_VALUES, "0") == len(values)
    assert at(run, q.NORM_TRAINS, "0") == 1
    norm.eval()
    run = one_step(model, lambda m: F.cross_entropy(m(x), Y[: len(x)]))
    assert at(run, q.NORM_TRAINS, "0") == 0
    assert q.NORM_MEAN_DRIFT not in run.quantities


def test_a_channel_without_spread_leaves_the_drift_finite():
    norm = nn.BatchNorm1d(6)
    x = X.clone()
    x[:, 0] = 0.1
    run = one_step(nn.Sequential(norm, nn.Linear(6, 4)), lambda m: F.cross_entropy(m(x), Y))
    assert math.isfinite(at(run, q.NORM_VAR_DRIFT, "0"))
    assert math.isfinite(at(run, q.NORM_MEAN_DRIFT, "0"))


def test_instance_norms_count_the_values_of_one_image():
    x = torch.randn(4, 3, 5, 5)
    model = nn.Sequential(nn.Conv2d(3, 4, 1), nn.InstanceNorm2d(4), nn.Conv2d(4, 4, 5), nn.Flatten())
    run = one_step(model, lambda m: F.cross_entropy(m(x), Y[:4]))
    assert [x.operation for x in run.layers] == ["convolution", "instance-norm", "convolution"]
    assert at(run, q.NORM_VALUES, "instance-norm(0)") == 25
    assert at(run, q.NORM_TRAINS, "instance-norm(0)") == 1


def test_the_data_that_enters():
    std = X.double().std(0, correction=0)
    expected = (X.mean(), X.std(), X.min(), X.max(), (std.max() / std.min()).log10())
    five = (q.INPUT_MEAN, q.INPUT_STD, q.INPUT_MIN, q.INPUT_MAX, q.INPUT_SPREAD)
    W = torch.randn(4, 6, requires_grad=True)
    for model in (
        one_step(nn.Linear(6, 4), lambda m: F.cross_entropy(m(X), Y)),
        one_step({"W": W}, lambda t: F.cross_entropy((t["W"] @ X.T).T, Y), parameters=[W]),  # features are rows
    ):
        for quantity, value in zip(five, expected, strict=True):
            assert at(model, quantity, "input") == pytest.approx(value.item(), rel=1e-5), quantity


def test_channels_are_the_features_of_images():
    x = torch.randn(4, 3, 5, 5) * torch.tensor([1.0, 1.0, 100.0]).view(3, 1, 1)
    run = one_step(nn.Sequential(nn.Conv2d(3, 4, 5), nn.Flatten()), lambda m: F.cross_entropy(m(x), Y[:4]))
    std = x.double().std((0, 2, 3), correction=0)
    assert at(run, q.INPUT_SPREAD, "input") == pytest.approx((std.max() / std.min()).log10().item(), rel=1e-4)


def test_a_constant_feature_is_no_small_one():
    x = X.clone()
    x[:, 1] = 0.1
    x[:, 2] = 0.0
    run = one_step(nn.Linear(6, 4), lambda m: F.cross_entropy(m(x), Y))
    assert at(run, q.INPUT_SPREAD, "input") < 1
    run = one_step(nn.Linear(6, 4), lambda m: F.cross_entropy(m(torch.full((16, 6), 0.1)), Y))
    assert math.isnan(at(run, q.INPUT_SPREAD, "input"))


def test_several_inputs_are_told_apart_and_one_that_enters_twice_is_one():
    class Two(nn.Module):
        def __init__(self):
            super().__init__()
            self.a, self.b, self.c = nn.Linear(6, 4), nn.Linear(6, 4), nn.Linear(2, 4)

        def forward(self, x):
            return self.a(x) * torch.sigmoid(self.b(x)) + self.c(x[:, :2].clone())

    run = one_step(Two(), lambda m: F.cross_entropy(m(X), Y))
    assert run.quantities[q.INPUT_MEAN] == ("input of a", "input of c")


def test_the_zeros_that_a_recurrence_begins_with_are_no_data():
    gru, words, out = nn.GRU(6, 5, batch_first=True), nn.Embedding(16, 6), nn.Linear(5, 4)
    x = torch.randn(16, 3, 6)
    run = one_step(nn.ModuleList([gru, out]), lambda m: F.cross_entropy(out(gru(x)[0][:, -1]), Y))
    assert run.quantities[q.INPUT_MEAN] == ("input",)
    assert at(run, q.INPUT_STD, "input") == pytest.approx(x.std().item(), rel=1e-5)
    tokens = torch.arange(48).remainder(16).view(16, 3)
    model = nn.ModuleList([words, gru, out])
    run = one_step(model, lambda m: F.cross_entropy(out(gru(words(tokens))[0][:, -1]), Y))
    assert q.INPUT_MEAN not in run.quantities
    run = one_step(nn.Linear(6, 4), lambda m: F.cross_entropy(m(torch.zeros(16, 6)), Y))  # but these are
    assert at(run, q.INPUT_STD, "input") == 0


def test_tokens_are_no_numbers():
    tokens = torch.arange(16)
    run = one_step(nn.Sequential(nn.Embedding(16, 4)), lambda m: F.cross_entropy(m(tokens), Y))
    assert q.INPUT_MEAN not in run.quantities
