"""Metrics are those of the whole split, whatever its batches."""

import math
from functools import partial

import pytest
import torch
import torch.nn.functional as F
from learner_models import data
from torch import nn

from auscult.errors import LearnerError
from auscult.learner import Learner, accuracy, error_rate, mean_absolute_error, perplexity


def evaluated(model, batches, metrics, loss=F.cross_entropy):
    return Learner(model, batches, batches, loss, torch.optim.SGD, metrics, quiet=True).evaluate("valid")


@pytest.mark.parametrize("batch", [1, 7, 32, 70])
def test_exact_whatever_the_batches(batch):
    torch.manual_seed(0)
    model = nn.Linear(6, 3)
    x, y = data(70)
    y[::9] = -100
    scores = evaluated(
        model, list(zip(x.split(batch), y.split(batch), strict=True)), [accuracy, error_rate, perplexity]
    )
    with torch.no_grad():
        outputs, counts = model(x), y != -100
    right = int((outputs.argmax(1) == y).sum())
    assert scores.metrics["accuracy"] == right / int(counts.sum())
    assert scores.metrics["error_rate"] == (int(counts.sum()) - right) / int(counts.sum())
    whole = F.cross_entropy(outputs.double(), y)
    assert scores.metrics["perplexity"] == pytest.approx(float(whole.exp()), rel=1e-6)
    assert scores.examples == 70


def test_called_they_give_the_number_of_what_they_are_called_with():
    outputs, targets = torch.tensor([[2.0, 1.0], [0.0, 3.0], [5.0, 1.0]]), torch.tensor([0, 0, -100])
    for _ in range(2):  # nothing is carried over
        assert accuracy(outputs, targets) == 0.5
        assert error_rate(outputs, targets) == 0.5
    assert perplexity(outputs, targets) == pytest.approx(math.exp(F.cross_entropy(outputs, targets)))
    assert mean_absolute_error(torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0, 1.0]])) == 1.5
    assert accuracy(torch.tensor([-1.0, 2.0, 3.0, -4.0]), torch.tensor([0, 1, 0, 0])) == 0.75


def test_of_sequences_and_images():
    outputs, targets = torch.randn(4, 5, 3, 2), torch.randint(0, 5, (4, 3, 2))
    assert accuracy(outputs, targets) == float((outputs.argmax(1) == targets).double().mean())
    assert perplexity(outputs, targets) == pytest.approx(math.exp(F.cross_entropy(outputs.double(), targets)))


def test_of_nothing_and_of_too_much():
    nothing = torch.full((2,), -100)
    assert math.isnan(accuracy(torch.zeros(2, 3), nothing))
    assert math.isnan(perplexity(torch.zeros(2, 3), nothing))
    assert perplexity(torch.tensor([[0.0, 1e4]]), torch.tensor([0])) == math.inf


class Largest:
    """An object with update and value."""

    def __init__(self):
        self.seen = []

    def update(self, outputs, targets):
        self.seen.append(float(targets.max()))

    def value(self):
        return max(self.seen)


def test_functions_and_objects():
    def squared(outputs, targets):
        return ((outputs - targets) ** 2).mean()

    def distance(outputs, targets, power):
        return float(((outputs - targets).abs() ** power).mean())

    x = torch.arange(7.0)[:, None].double()
    batches = [(x[:4], x[:4] * 0), (x[4:], x[4:] * 0 + 2)]
    model = nn.Identity()
    model.p = nn.Parameter(torch.zeros(1))
    largest = Largest()
    scores = evaluated(model, batches, [squared, partial(distance, power=2), largest, mean_absolute_error], F.mse_loss)
    assert list(scores.metrics) == ["squared", "distance", "Largest", "mean_absolute_error"]
    exact = (0 + 1 + 4 + 9 + 4 + 9 + 16) / 7
    assert scores.metrics["squared"] == pytest.approx(exact, rel=1e-15)
    assert scores.metrics["distance"] == pytest.approx(exact, rel=1e-15)
    assert scores.metrics["mean_absolute_error"] == (0 + 1 + 2 + 3 + 2 + 3 + 4) / 7
    assert scores.metrics["Largest"] == 2
    assert largest.seen == []  # each pass has its own


@pytest.mark.parametrize(
    ("metrics", "what"),
    [
        (3, "a int is no metric"),
        ([Largest], "the class Largest is no metric"),
        ([accuracy, accuracy], "no metric can be called 'accuracy', another has it too"),
        ([type("M", (Largest,), {"name": "time"})()], "no metric can be called 'time', the table has"),
    ],
)
def test_what_is_no_metric(metrics, what):
    with pytest.raises(LearnerError, match=what):
        evaluated(nn.Linear(6, 3), [data(4)], metrics)


@pytest.mark.parametrize(
    ("metric", "what"),
    [
        (lambda o, t: o, r"the metric <lambda> gave a tensor of shape \(4, 3\)"),
        (lambda o, t: "no", "the metric <lambda> gave a str"),
        (mean_absolute_error, r"cannot compare outputs \(4, 3\) with targets \(4,\)"),
        (accuracy, r"cannot compare outputs \(4, 3\) with targets \(2, 2\)"),
        (perplexity, r"cannot compare outputs \(4, 3\) with targets \(2, 2\)"),
    ],
)
def test_a_metric_that_does_not_fit(metric, what):
    x, y = data(4)
    fits = metric is not accuracy and metric is not perplexity
    with pytest.raises(LearnerError, match=what):
        evaluated(nn.Linear(6, 3), [(x, y if fits else y.view(2, 2))], metric, lambda o, t: o.mean())
