"""Healthy trainings of many kinds come out clean at the default settings; with one thing broken, that is named."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

import healthy_trainings as these
from healthy_trainings import adam, drawn, lenet, perceptron, residual, scaled, sgd, trained


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(0)


@pytest.fixture(scope="module")
def names(names_file):
    return these.read_names(names_file)


@pytest.fixture(scope="module")
def digits(digit_files):
    return these.read_digits(*digit_files)


def on_digits(digits, model, optimizer, **more):
    return trained(model, optimizer, scaled(digits[0]), digits[1], **more)


# -- healthy -------------------------------------------------------------------------------------------------

OF_LETTERS = {
    "the lecture's model": these.lecture,
    "a deep net with batch norms": these.deep_norms,
    "a transformer with tied embeddings": these.transformer,
    "a GRU": these.recurrent,
    "an LSTM": lambda names: these.recurrent(names, nn.LSTM),
}
OF_DIGITS = {
    "two ReLU layers": lambda d: on_digits(d, perceptron(784, 128, 128, 10), adam()),
    "inputs from 0 to 1": lambda d: trained(perceptron(784, 128, 10), sgd(0.2), d[0] / 255, d[1]),
    "six layers as PyTorch draws them": lambda d: on_digits(d, perceptron(784, *[64] * 6, 10), adam()),
    "orthogonal tanh layers": lambda d: on_digits(
        d, perceptron(784, 100, 100, 100, 10, activation=nn.Tanh, initialise=lambda x: nn.init.orthogonal_(x.weight)),
        sgd(0.05),
    ),
    "two sigmoid layers": lambda d: on_digits(d, perceptron(784, 64, 64, 10, activation=nn.Sigmoid), adam(2e-3)),
    "GELU and layer norms": lambda d: on_digits(
        d, perceptron(784, 64, 64, 10, activation=nn.GELU, norm=nn.LayerNorm), adam()
    ),
    "label smoothing": lambda d: on_digits(
        d, perceptron(784, 64, 10), adam(), loss=lambda x, y: F.cross_entropy(x, y, label_smoothing=0.1)
    ),
    "batches of four": lambda d: on_digits(d, perceptron(784, 64, 10), sgd(0.01), batch=4, steps=800),
    "a convolutional network": lambda d: on_digits(d, lenet(), sgd(0.02, 0.9), steps=200, batch=32),
    "a residual network, one cycle": these.with_schedule,
    "group norms": lambda d: on_digits(
        d, residual(lambda channels: nn.GroupNorm(4, channels)), adam(3e-3), steps=150, batch=16
    ),
    "a vision transformer": lambda d: on_digits(d, these.Vision(), adam(), steps=150, batch=32),
    "cosines": lambda d: on_digits(d, these.Cosines(), adam()),
    "an autoencoder": these.autoencoder,
    "a variational one": these.variational,
    "adversaries": these.adversaries,
    "contrastive": these.contrastive,
    "low-rank changes of a trained network": these.low_rank,
    "fine-tuning with a new head": these.fine_tuning,
    "distillation": these.distilled,
    "LBFGS": these.whole_batches,
    "a validation now and then": these.validated,
}  # fmt: skip
OTHERS = {
    "regression": these.regression,
    "matrix factorisation": these.factors,
    "a policy gradient": these.bandit,
    "values from a target network": these.values,
}


@pytest.mark.parametrize("kind", OF_LETTERS)
def test_healthy_trainings_on_letters_are_clean(kind, names):
    assert_clean(OF_LETTERS[kind](names))


@pytest.mark.parametrize("kind", OF_DIGITS)
def test_healthy_trainings_on_digits_are_clean(kind, digits):
    assert_clean(OF_DIGITS[kind](digits))


@pytest.mark.parametrize("kind", OTHERS)
def test_other_healthy_trainings_are_clean(kind):
    assert_clean(OTHERS[kind]())


def assert_clean(diagnosis):
    assert diagnosis.clean, [(f.rule, f.summary) for f in diagnosis.findings if f.severity != "info"]
    assert not [c for c in diagnosis.coverage if "failed" in c.why]
    assert not diagnosis.overhead.faults


# -- the same with one thing broken --------------------------------------------------------------------------


def named(diagnosis, rule, *where):
    """The first thing told is this ailment, here."""
    first = diagnosis.findings[0]
    assert (first.rule, first.where, first.caused_by) == (rule, where, None)
    assert first.severity != "info"


def test_an_output_layer_drawn_from_a_normal_distribution(names):
    named(these.lecture(names, output=1.0), "overconfident-init", "W2")


def test_a_hidden_layer_drawn_from_a_normal_distribution(names):
    named(these.lecture(names, hidden=1.0), "saturated-units", "W1")


def test_tied_embeddings_drawn_from_a_normal_distribution(names):
    named(these.transformer(names, spread=1.0), "overconfident-init", "letters#2")


def test_a_softmax_before_the_loss(names):
    twice = these.transformer(names, loss=lambda x, y: these.of_letters(x.softmax(-1), y))
    named(twice, "softmax-before-cross-entropy", "letters#2")


def test_batches_of_two_with_batch_norms(names):
    named(these.deep_norms(names, batch=2), "small-batch-norm", *[str(i) for i in (3, 6, 9, 12, 15)])


def test_eval_mode_that_is_never_left(names):
    left = these.deep_norms(names, before=lambda step, model: model.train(step < 100))
    named(left, "eval-mode-in-training", *[str(i) for i in (3, 6, 9, 12, 15)])


def test_pixels_from_0_to_255(digits):
    named(trained(perceptron(784, 128, 128, 10), adam(), *digits), "unscaled-inputs", "1")


def test_features_of_very_different_scale():
    named(these.regression(torch.logspace(-1, 4, 20)), "unscaled-inputs", "1")


def test_weights_that_are_all_equal(digits):
    model = perceptron(784, 64, 64, 10, initialise=these.alike)
    named(on_digits(digits, model, sgd(0.01)), "symmetric-init", "1")


def test_weights_too_small_for_six_layers(digits):
    model = perceptron(784, *[64] * 6, 10, initialise=drawn(0.4))
    named(on_digits(digits, model, sgd()), "weight-scale", "1", "3", "5", "7", "9", "11")


def test_weights_too_large_for_six_layers(digits):
    model = perceptron(784, *[64] * 6, 10, initialise=drawn(4.0))
    found = on_digits(digits, model, sgd(1e-3))
    named(found, "weight-scale", "1", "3", "5", "7", "9", "11")
    assert {f.caused_by for f in found.findings if f.rule == "exploding-gradients"} <= {"weight-scale"}


def test_five_sigmoid_layers(digits):
    model = perceptron(784, *[64] * 5, 10, activation=nn.Sigmoid)
    named(on_digits(digits, model, sgd()), "vanishing-gradients", "1", "3", "5", "7", "9")


def test_units_that_a_bias_keeps_off(digits):
    model = lenet()
    with torch.no_grad():
        model[3].bias[:15] = -20.0
    named(on_digits(digits, model, adam(), batch=64, steps=200), "dead-units", "3")


def test_units_killed_at_one_step(digits):
    model = perceptron(784, 64, 64, 64, 10)

    def blow(step):
        if step == 60:
            with torch.no_grad():
                model[3].bias[:50] -= 20.0

    found = on_digits(digits, model, adam(), before=blow, batch=128).findings
    (dead,) = (f for f in found if f.rule == "dead-units")
    assert dead.where == ("3",)
    assert dead.severity == "warning"
    assert 60 <= dead.first_step <= 80
    assert "of them between steps" in dead.summary


def test_labels_that_belong_to_other_images(digits):
    images, labels = scaled(digits[0]), digits[1][torch.randperm(len(digits[1]))]
    model = perceptron(784, 16, 10)
    named(trained(model, sgd(0.05), images, labels, steps=800), "labels-unrelated")


def test_a_small_set_learned_by_heart(digits):
    named(these.validated(digits, examples=300, wrong=60), "overfitting")
