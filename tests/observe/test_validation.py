"""Losses that a script computes while no gradients are, and tells nobody of."""

import functools
import math

import pytest
import torch
import torch.nn.functional as F
from torch import nn

import auscult
from auscult.runs import quantities as q

X, Y = torch.randn(64, 6, generator=torch.Generator().manual_seed(0)), torch.arange(64) % 3
CRITERION = nn.CrossEntropyLoss()


def trained(validate, steps=40, every=8, loss=F.cross_entropy, targets=Y, **settings):
    """A training that validates after every so many steps; its run."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(6, 3))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with auscult.watch(model, optimizer, **settings) as recorder:
        for step in range(steps):
            optimizer.zero_grad()
            loss(model(X), targets).backward()
            optimizer.step()
            if (step + 1) % every == 0:
                validate(model)
    return recorder


def in_batches(said, loss=CRITERION, targets=Y, context=torch.no_grad):
    def validate(model):
        with context():
            said.append(sum(loss(model(x), y).item() for x, y in zip(X.split(16), targets.split(16), strict=True)) / 4)

    return validate


@pytest.mark.parametrize("context", [torch.no_grad, torch.inference_mode])
@pytest.mark.parametrize("loss", [lambda x, y: F.cross_entropy(x, y), CRITERION])
def test_a_validation_is_heard_at_its_step(context, loss):
    said = []
    recorder = trained(in_batches(said, loss, context=context))
    heard = recorder.run.series(q.LOGGED, q.HEARD)
    assert heard.steps.tolist() == [7, 15, 23, 31, 39]
    assert heard.values.tolist() == pytest.approx(said)
    assert recorder.bill.faults == 0


def test_two_losses_at_a_time_are_kept_apart():
    said = []

    def validate(model):
        with torch.no_grad():
            said.append([CRITERION(model(X[a:b]), Y[a:b]).item() for a, b in ((0, 48), (48, 64))])

    run = trained(validate).run
    assert run.series(q.LOGGED, q.HEARD).steps.tolist() == [7]  # that there are two is known the time after
    for name, values in zip(q.HEARD_OF_TWO, zip(*said[1:], strict=True), strict=True):
        assert run.series(q.LOGGED, name).values.tolist() == pytest.approx(values)


def test_it_costs_the_steps_between_nothing_that_they_had():
    quiet, heard = (trained(v, steps=300).run for v in (lambda m: None, in_batches([])))
    assert quiet.series(q.LOSS).values.tolist() == heard.series(q.LOSS).values.tolist()
    assert heard.steps == 300


def test_losses_of_another_kind_and_of_many_numbers_are_none():
    def others(model):
        with torch.no_grad():
            F.mse_loss(model(X), torch.zeros(64, 3))
            F.cross_entropy(model(X), Y, reduction="none")
        F.cross_entropy(model(X), Y)  # with gradients

    assert q.HEARD not in trained(others).run.quantities.get(q.LOGGED, ())


def test_losses_of_which_no_number_can_be_read_are_none():
    def unreadable(model):
        with torch.no_grad():
            torch.func.vmap(lambda x, y: F.cross_entropy(x, y))(model(X), Y)
            F.cross_entropy(torch.zeros(4, 3, device="meta"), torch.zeros(4, dtype=torch.int64, device="meta"))

    recorder = trained(unreadable)
    assert recorder.bill.faults == 0
    assert q.HEARD not in recorder.run.quantities.get(q.LOGGED, ())


def test_of_what_is_computed_at_every_step_some_are_kept():
    run = trained(in_batches([]), steps=200, every=1).run
    steps = run.series(q.LOGGED, q.HEARD).steps
    assert steps[:21].tolist() == list(range(21))
    assert 45 <= len(steps) <= 55
    assert steps[-1] >= 195


def test_what_a_look_computes_itself_is_no_validation():
    targets = torch.nn.functional.one_hot(Y, 3).float()
    for loss in (F.binary_cross_entropy_with_logits, F.mse_loss, lambda x, y: F.binary_cross_entropy(x.sigmoid(), y)):
        run = trained(lambda m: None, loss=loss, targets=targets).run
        assert len(run.series(q.TASK_LOSS)) > 10
        assert q.HEARD not in run.quantities.get(q.LOGGED, ())


@pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated:DeprecationWarning")
def test_pytorch_is_put_back_and_can_be_scripted_meanwhile():
    class Scripted(nn.Module):
        def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
            return F.cross_entropy(x, y) + F.mse_loss(x, x)

    before = F.cross_entropy
    values = []

    def script(model):
        with torch.no_grad():
            values.append(torch.jit.script(Scripted())(model(X), Y).item())

    trained(script, steps=8)
    assert math.isfinite(values[0])
    assert F.cross_entropy is before


def test_overfitting_is_found_though_nobody_logged(tmp_path):
    torch.manual_seed(0)
    inputs, labels = torch.randn(80, 20), torch.randint(0, 2, (80,))
    model = nn.Sequential(nn.Linear(20, 200), nn.ReLU(), nn.Linear(200, 2))
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    with auscult.watch(model, optimizer) as recorder:
        for step in range(400):
            optimizer.zero_grad()
            F.cross_entropy(model(inputs[:40]), labels[:40]).backward()
            optimizer.step()
            if step % 20 == 19:
                model.eval()
                with torch.no_grad():
                    F.cross_entropy(model(inputs[40:]), labels[40:])
                model.train()
    (one,) = (f for f in auscult.diagnose(recorder.run).findings if f.rule == "overfitting")
    assert one.severity == "warning"


def test_a_validation_of_outputs_without_a_gradient_is_heard_in_any_mode():
    def validate(model):
        with torch.no_grad():
            outputs = model(X)
        F.cross_entropy(outputs, Y)

    assert len(trained(validate).run.series(q.LOGGED, q.HEARD)) == 5


@pytest.mark.parametrize(
    ("name", "targets"),
    [
        ("cross_entropy", Y),
        ("cross_entropy", F.one_hot(Y, 3).float()),
        ("binary_cross_entropy_with_logits", F.one_hot(Y, 3).float()),
        ("mse_loss", torch.ones(64, 3)),
    ],
)
@pytest.mark.parametrize("by_name", [False, True])
def test_a_sum_is_heard_as_the_mean_it_is_of(name, targets, by_name):
    said = []

    def validate(model):
        with torch.no_grad():
            summed = functools.partial(getattr(F, name), model(X), reduction="sum")
            summed(target=targets) if by_name else summed(targets)
            said.append(model(X))

    heard = trained(validate, loss=getattr(F, name), targets=targets, steps=8).run.series(q.LOGGED, q.HEARD)
    mean = getattr(F, name)(said[0], targets, reduction="none").sum() / (64 if name == "cross_entropy" else 64 * 3)
    assert heard.values.tolist() == pytest.approx([mean.item()])


def test_a_last_measure_of_more_than_the_others_is_no_number_among_them():
    said = []

    def validate(model):
        in_batches(said)(model)
        if len(said) == 5:  # at the end, of the training set too
            in_batches([])(model)

    heard = trained(validate).run.series(q.LOGGED, q.HEARD)
    assert heard.steps.tolist() == [7, 15, 23, 31]
    assert heard.values.tolist() == pytest.approx(said[:4])
