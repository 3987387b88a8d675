"""Losses that are written out are known as those with a name are."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from auscult.anatomy import losses_of

torch.manual_seed(0)
X, Y, ONE = torch.randn(5, 3), torch.randn(5, 2), torch.randn(5)
IMAGES, MAPS = torch.randn(4, 1, 6, 6), torch.randn(4, 2, 4, 4)
CLASSES = torch.tensor([0, 3, 1, 2, 3])
W, B = torch.randn(3, 2, requires_grad=True), torch.randn(2, requires_grad=True)
LAYER, NARROW, FILTER = nn.Linear(3, 4), nn.Linear(3, 1), nn.Conv2d(1, 2, 3)
OLD = W.detach().clone()


def square(x):
    return x * x


@pytest.mark.parametrize(
    ("loss", "kind", "target"),
    [
        (lambda: ((NARROW(X).squeeze(1) - ONE) ** 2).mean(), "squared-error", ONE),
        (lambda: (ONE - NARROW(X)[:, 0]).pow(2).sum() / 5, "squared-error", ONE),
        (lambda: square(NARROW(X).view(-1) - ONE).mean(), "squared-error", ONE),
        (lambda: (NARROW(X)[2:9:3, 0] - ONE[2:9:3]).square().mean(), "squared-error", ONE[2:9:3]),
        (lambda: ((Y - X @ W - B) ** 2).mean().sqrt(), None, None),  # less a bias: the target is no operand
        (lambda: ((Y - (X @ W + B)) ** 2).mean().sqrt(), "squared-error", Y),
        (lambda: ((X @ W + B - Y) ** 2).sum(1).mean() + 0.1 * W.square().sum(), "squared-error", Y),
        (lambda: 3 * (torch.sigmoid(X @ W) - Y).square().mean(), "squared-error", Y),
        (lambda: (torch.relu(X @ W + B) - Y).abs().mean(), "absolute-error", Y),
        (lambda: ((FILTER(IMAGES) - MAPS) ** 2).mean(), "squared-error", MAPS),
        (lambda: (torch.stack([x @ W + B for x in X.split(1)], -2)[0] - Y).abs().mean(), "absolute-error", Y),
        (lambda: ((torch.cat([x @ W + B for x in X.split(1)]) - Y) ** 2).mean(), "squared-error", Y),
        (lambda: ((torch.cat([X @ W + B, ONE[:, None]], -1) - 1) ** 2).mean(), None, None),  # whose number nobody keeps
        (lambda: ((NARROW(X) - 1) ** 2).mean(), "squared-error", torch.ones(5, 1)),
        (lambda: ((NARROW(X) - ONE) ** 2).mean(), "squared-error", ONE.expand(5, 5)),
    ],
)
def test_differences_from_a_target(loss, kind, target):
    found = losses_of([loss()])
    if kind is None:
        assert found == []
        return
    assert [x.kind for x in found] == [kind]
    torch.testing.assert_close(found[0].target, target, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(found[0].given.shape, target.shape)


@pytest.mark.parametrize("loss", [F.mse_loss, F.l1_loss, F.smooth_l1_loss, F.huber_loss])
def test_a_target_is_what_has_no_gradient_whichever_comes_first(loss):
    given, target = X @ W + B, Y.expand(len(X), -1) + 0.0
    for turned in ((given, target), (target, given)):
        (found,) = losses_of([loss(*turned)])
        torch.testing.assert_close(found.given, given)
        torch.testing.assert_close(found.target, target)


def test_what_a_network_gave_is_made_again():
    (by_hand,) = losses_of([((X @ W + B - Y) ** 2).mean()])
    torch.testing.assert_close(by_hand.given, (X @ W + B).detach())


def by_counts(z):
    counts = z.exp()
    return counts / counts.sum(1, keepdim=True)


def by_careful_counts(z):
    counts = (z - z.max(1, keepdim=True).values).exp()
    return counts * counts.sum(1, keepdim=True) ** -1


@pytest.mark.parametrize(
    "loss",
    [
        lambda z: -z.log_softmax(1)[range(5), CLASSES].mean(),
        lambda z: -z.log_softmax(-1).gather(1, CLASSES[:, None]).sum() / 5,
        lambda z: -F.log_softmax(z, -1).gather(-1, CLASSES[:, None]).mean(),
        lambda z: -z.softmax(1)[torch.arange(5), CLASSES].log().mean(),
        lambda z: -by_counts(z)[torch.arange(5), CLASSES].log().mean(),
        lambda z: -by_counts(z).log()[torch.arange(5), CLASSES].mean(),
        lambda z: -by_careful_counts(z).log()[torch.arange(5), CLASSES].mean(),
    ],
)
def test_log_probabilities_picked_by_class(loss):
    logits = LAYER(X)
    total = loss(logits)
    (found,) = losses_of([total])
    assert (found.kind, found.classes, found.fed) == ("cross-entropy", 4, "")
    assert torch.equal(found.target, CLASSES)
    torch.testing.assert_close(found.given, logits.detach().log_softmax(1))
    torch.testing.assert_close(F.nll_loss(found.given, found.target), total.detach())


@pytest.mark.parametrize(
    ("loss", "fed"),
    [
        (lambda z: F.cross_entropy(by_counts(z), CLASSES), "softmax"),
        (lambda z: F.cross_entropy(by_careful_counts(z), CLASSES), "softmax"),
        (lambda z: F.cross_entropy(z.exp() / (z.exp().sum(1, keepdim=True) + 1e-9), CLASSES), ""),  # not of itself
        (lambda z: F.nll_loss(by_counts(z), CLASSES), "softmax"),
        (lambda z: F.cross_entropy(F.softplus(z).div(2.0), CLASSES), ""),
        (lambda z: F.cross_entropy(z / z.norm(dim=1, keepdim=True), CLASSES), ""),
        (lambda z: F.cross_entropy(1 / (1 + (-z).exp()), CLASSES), "sigmoid"),
        (lambda z: F.binary_cross_entropy_with_logits(1 / (1 + (-z).exp()), torch.ones(5, 4)), "sigmoid"),
        (lambda z: F.binary_cross_entropy_with_logits(1 / (2 + z.square()), torch.ones(5, 4)), ""),
        (lambda z: F.binary_cross_entropy_with_logits(z, torch.ones(5, 4)), ""),
    ],
)
def test_logits_squeezed_by_hand_before_the_loss(loss, fed):
    (found,) = losses_of([loss(LAYER(X))])
    assert found.fed == fed


def test_some_of_the_examples_in_another_order():
    logged, rows = LAYER(X).log_softmax(1), torch.tensor([4, 1, 2])
    total = -logged[rows, CLASSES[rows]].mean()
    (found,) = losses_of([total])
    assert torch.equal(found.target, CLASSES[rows])
    torch.testing.assert_close(F.nll_loss(found.given, found.target), total.detach())


def test_a_binary_cross_entropy():
    yes = (Y > 0).float()
    p = torch.sigmoid(X @ W)
    (found,) = losses_of([-(yes * p.log() + (1 - yes) * (1 - p).log()).mean()])
    assert found.kind == "binary-cross-entropy"
    assert torch.equal(found.given, p.detach())
    assert torch.equal(found.target, yes)


@pytest.mark.parametrize(
    "loss",
    [
        lambda: -0.5 * (1 + LAYER(X) - LAYER(X).pow(2) - LAYER(X).exp()).sum(),  # distance of two normals
        lambda: (W - OLD).square().sum(),  # held to where it was
        lambda: ((LAYER(X) - LAYER(X).mean(1, keepdim=True)) ** 2).mean(),  # a variance
        lambda: ((X @ W - LAYER(X)[:, :2]) ** 2).mean(),  # of two that are learned
        lambda: -(LAYER(X).log_softmax(1).gather(1, CLASSES[:, None])[:, 0] * ONE).mean(),  # a policy's gradient
        lambda: -LAYER(X)[range(5), CLASSES].mean(),  # no log-probabilities
        lambda: ((X @ W - Y) ** 2).exp().mean(),
        lambda: (((X @ W - Y) ** 2) / LAYER(X)[:, :2].exp()).mean(),  # the spread is learned too
    ],
)
def test_what_looks_alike_and_is_none(loss):
    assert losses_of([loss()]) == []
