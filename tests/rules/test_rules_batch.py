"""batch-too-small and batch-too-large, on runs made by hand and small real ones."""

import numpy as np
import pytest
import torch
from rule_runs import covered, falling, found, make, stack, straight
from torch import nn
from torch.nn import functional as F

import auscult
from auscult import rules
from auscult.rules._case import Case
from auscult.rules._held_up import held_up
from auscult.runs import Optimizer
from auscult.runs import quantities as q

SMALL, LARGE = "batch-too-small", "batch-too-large"


def noisy(ratio, batch=64.0, **more):
    """Columns of a training whose noise scale is so many batches."""
    return {(q.GRAD_SIGNAL, ""): 1.0, (q.GRAD_NOISE, ""): ratio, (q.BATCH, ""): batch, **more}


@pytest.mark.parametrize(("ratio", "severity"), [(0.02, "warning"), (0.2, "info"), (0.3, None), (50, None)])
def test_batches_far_above_the_noise_scale_are_too_large(tmp_path, ratio, severity):
    run = make(tmp_path, columns={**noisy(ratio), (q.TASK_LOSS_BASE, ""): np.linspace(2.2, 2.3, 230)}, steps=range(230))
    assert [f.severity for f in found(run, LARGE)] == ([severity] if severity else [])


def test_the_whole_data_as_a_batch_is_information(tmp_path):
    (one,) = found(make(tmp_path, columns=noisy(0.02)), LARGE)  # its labels never change
    assert one.severity == "info"
    assert one.evidence[0].margin == pytest.approx(0.25 / 0.02)


def test_a_thousand_examples_are_too_many_even_where_they_are_all_there_are(tmp_path):
    (one,) = found(make(tmp_path, columns=noisy(0.02, 1000.0), loss=straight), LARGE)
    assert (one.severity, "can be meant" in one.summary) == ("warning", False)
    (few,) = found(make(tmp_path, columns=noisy(0.02, 999.0), loss=straight), LARGE)
    assert (few.severity, "can be meant" in few.summary) == ("info", True)


def test_what_was_not_measured_is_not_judged(tmp_path):
    for rule in (SMALL, LARGE):
        assert covered(make(tmp_path, columns={(q.GRAD_NOISE, ""): None}), rule).status == "cannot-judge"
        adversaries = make(tmp_path, columns={**noisy(0.02), (q.LOSS, "Adam#2"): 1.0})
        assert covered(adversaries, rule).status == "cannot-judge"


def test_a_falling_or_finished_training_may_be_noisy(tmp_path):
    shaken = {(q.UPDATE_NORM, f"layers.{i}.weight"): 10.0 for i in range(3)}
    stands = lambda s: np.full(len(s), 1.5) + (s < 50)  # noqa: E731
    columns = noisy(50) | shaken
    (one,) = found(make(tmp_path, columns=columns, loss=stands), SMALL)
    assert one.evidence[0].value == pytest.approx(3 * 0.25 * 10 * 0.1 / 1.5, rel=0.05)
    momentum = [Optimizer("SGD", "SGD", ({"lr": 0.1, "momentum": 0.9},))]
    (more,) = found(make(tmp_path, columns=columns, loss=stands, optimizers=momentum), SMALL)
    assert more.evidence[0].value == pytest.approx(one.evidence[0].value * 19**0.5)
    for healthy in (
        {"loss": lambda s: 4 - 3 * s / s[-1]},
        {"lr": lambda s: np.where(s < s[-1] / 2, 0.1, 0.01)},
        {"loss": stands, "columns": noisy(2) | shaken},
    ):
        assert found(make(tmp_path, **{"columns": columns, "loss": stands, **healthy}), SMALL) == []
    (finished,) = found(make(tmp_path, columns=columns, loss=lambda s: 0.1 + 2 * (s < 50)), SMALL)
    assert (one.severity, finished.severity) == ("warning", "info")


def test_of_one_or_two_examples_the_noise_need_not_be_measured(tmp_path):
    few = {(q.GRAD_SIGNAL, ""): None, (q.GRAD_NOISE, ""): None, (q.BATCH, ""): None, (q.TASK_EXAMPLES, ""): 1.0}
    shaken = {(q.UPDATE_NORM, f"layers.{i}.weight"): 10.0 for i in range(3)}
    stands = lambda s: np.full(len(s), 1.5) + (s < 50)  # noqa: E731
    (one,) = found(make(tmp_path, columns=few | shaken, loss=stands), SMALL)
    assert one.severity == "warning"
    assert "steps of 1 example:" in one.summary
    (far_to_go,) = found(make(tmp_path, columns=few | dict.fromkeys(shaken, 1.1), loss=stands), SMALL)

    def came_down(steps):
        return np.full(len(steps), 0.5) + 2 * (steps < 50)

    (less,) = found(make(tmp_path, columns=few | dict.fromkeys(shaken, 0.4), loss=came_down), SMALL)
    for one_of_both in (far_to_go, less):
        assert one_of_both.evidence[0].value == pytest.approx(0.057, abs=0.004)
    assert (far_to_go.severity, less.severity) == ("warning", "info")
    assert not found(make(tmp_path, columns=few, loss=stands), SMALL)  # steps that are too small to hold it up
    (falls,) = found(make(tmp_path, columns=few | shaken, loss=lambda s: 3 - s / s[-1]), SMALL)
    assert falls.severity == "info"
    assert falls.summary.startswith("About")
    uncounted = few | shaken | {(q.TASK_EXAMPLES, ""): None, **{(q.UNIT_EXAMPLES, x.name): 1.0 for x in stack()}}
    assert found(make(tmp_path, columns=uncounted, loss=stands, task=None), SMALL)  # what the layers saw tells it
    many = few | shaken | {(q.TASK_EXAMPLES, ""): 32.0}
    assert covered(make(tmp_path, columns=many, loss=stands), SMALL).status == "cannot-judge"


@pytest.mark.parametrize("updates", [1, None])
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_what_noise_holds_up_is_told_by_more_steps_than_the_few_that_were_looked_at(updates, momentum):
    torch.manual_seed(3)  # by the ten looks of the last third alone it would be six times as much
    x = torch.randn(4000, 10)
    y = x.sum(1) + torch.distributions.StudentT(4.0).sample((4000,))  # few examples make most of the noise
    model = nn.Linear(10, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01 * (1 - momentum), momentum=momentum)
    products = []
    with auscult.watch(model, optimizer, every=200, updates=updates or 10**6) as recorder:
        for _ in range(6000):
            at = torch.randint(0, 4000, (1,))
            optimizer.zero_grad()
            F.mse_loss(model(x[at])[:, 0], y[at]).backward()
            before = [p.detach().clone() for p in model.parameters()]
            optimizer.step()
            moved = [(p.detach() - was).norm() for p, was in zip(model.parameters(), before, strict=True)]
            products.append(sum((m * p.grad.norm()).item() for m, p in zip(moved, model.parameters(), strict=True)))
    held = 0.25 * ((1 + momentum) / (1 - momentum)) ** 0.5 * np.mean(products[4000:])
    assert held_up(Case(recorder.run)).floor == pytest.approx(held, rel=0.5)


def test_a_fall_by_less_than_a_third_of_what_noise_holds_up_is_none(tmp_path):
    few = {(q.GRAD_SIGNAL, ""): None, (q.GRAD_NOISE, ""): None, (q.BATCH, ""): None, (q.TASK_EXAMPLES, ""): 1.0}
    falls = lambda s: np.interp(s, [0, 50, s[-1]], [3.0, 1.9, 1.3])  # noqa: E731 by a seventh in the last third
    for moved, severity in ((15.0, "warning"), (4.0, "info")):  # .7 and .2 of it
        shaken = {(q.UPDATE_NORM, f"layers.{i}.weight"): moved for i in range(3)}
        (one,) = found(make(tmp_path, columns=few | shaken, loss=falls), SMALL)
        assert one.severity == severity


def of_a_line(rate, batch, steps):
    """What rules say of a line fitted to noise: everything is known in closed form."""
    torch.manual_seed(0)
    x = torch.randn(20000, 20)
    y = x @ torch.randn(20, 1) / 20**0.5 + 0.5 * torch.randn(20000, 1)
    model = nn.Sequential(nn.Linear(20, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    with auscult.watch(model, optimizer, every=5) as recorder:
        for _ in range(steps):
            some = torch.randint(0, len(x), (batch,))
            optimizer.zero_grad()
            F.mse_loss(model(x[some]), y[some]).backward()
            optimizer.step()
    return [(f.rule, f) for f in rules.judge(recorder.run).findings if f.rule in (SMALL, LARGE)]


def test_a_line_fitted_two_examples_at_a_time():
    """Steps of rate η on d normal features add σ² ηd/B / (1 − η(d + 1 + B)/B) to the loss: .185 to the noise's .25."""
    ((name, finding),) = of_a_line(0.04, 2, 3000)
    assert name == SMALL
    assert finding.evidence[0].value == pytest.approx(0.185 / 0.435, rel=0.3)


def test_a_line_fitted_far_too_many_at_a_time():
    ((name, finding),) = of_a_line(0.003, 4096, 150)
    assert (name, finding.severity) == (LARGE, "warning")


def test_too_few_looks_to_hold_against_a_guess_are_no_reason_to_be_silent(tmp_path):
    few = {(q.TASK_LOSS, ""): None, (q.TASK_LOSS_BASE, ""): None}
    assert found(make(tmp_path, columns=noisy(0.02) | few, loss=straight), LARGE)


@pytest.mark.parametrize(("batch", "above", "flagged"), [(64.0, 1.0, 0), (1000.0, 1.0, 1), (64.0, -1.0, 1)])
def test_where_the_loss_lies_above_a_guess_all_examples_agree_on_the_way_down(tmp_path, batch, above, flagged):
    level = {(q.TASK_LOSS_BASE, ""): np.linspace(2.0 - above, 2.05 - above, 60)}
    run = make(tmp_path, columns=noisy(0.02, batch) | level, loss=lambda s: straight(s, 2.3, 2.0))
    assert len(found(run, LARGE)) == flagged


@pytest.mark.parametrize(
    ("examples", "total", "loss", "severity"),
    [(5000.0, 400, straight, "warning"), (900.0, 400, straight, ""), (5000.0, 2000, straight, ""),
     (5000.0, 400, lambda s: falling(s, half_life=20), "")],
)  # fmt: skip
def test_a_few_steps_of_all_there_is(tmp_path, examples, total, loss, severity):
    columns = noisy(50, examples) | {(q.TASK_EXAMPLES, ""): examples}
    said = found(make(tmp_path, columns=columns, loss=loss, steps=range(0, total, total // 100)), LARGE)
    assert [f.severity for f in said] == ([severity] if severity else [])
    if said:
        assert "Each of the 397 steps takes all 5,000 examples" in said[0].summary


@pytest.mark.parametrize(("end", "flagged"), [(2.1, 1), (2.4, 0)])
def test_a_few_steps_are_enough_where_others_examples_gain_nothing(tmp_path, end, flagged):
    steps = np.arange(0, 400, 4)
    held = np.where(steps % 40 == 0, np.interp(steps, [0, 200, 399], [2.3, 2.2, end]), np.nan)
    columns = noisy(50, 5000.0) | {(q.TASK_EXAMPLES, ""): 5000.0, (q.LOGGED, "valid_loss"): held}
    assert len(found(make(tmp_path, columns=columns, loss=straight, steps=steps), LARGE)) == flagged


@pytest.mark.parametrize(("total", "flagged"), [(150, 1), (900, 0)])
def test_the_fewer_the_steps_the_less_of_a_fall_says_that_it_goes_on(tmp_path, total, flagged):
    def falls(steps):  # by 3.8 % in the second half
        return 2.5 - 0.175 * steps / steps[-1]

    columns = noisy(50, 5000.0) | {(q.TASK_EXAMPLES, ""): 5000.0}
    run = make(tmp_path, columns=columns, loss=falls, steps=np.linspace(0, total - 1, 100).astype(int))
    assert len(found(run, LARGE)) == flagged


@pytest.mark.parametrize(("end", "flagged"), [(2.2, 1), (2.79, 0)])
def test_hardly_any_steps_of_all_there_is(tmp_path, end, flagged):
    columns = noisy(1000, 16000.0) | {(q.TASK_EXAMPLES, ""): 16000.0}
    run = make(tmp_path, columns=columns, loss=lambda s: 2.8 + (end - 2.8) * s / 30, steps=range(30))
    assert [f.severity for f in found(run, LARGE)] == ["warning"] * flagged


@pytest.mark.parametrize(
    ("batch", "data", "total", "loss", "flagged"),
    [(2000.0, 20000.0, 400, straight, 1), (2000.0, 200000.0, 400, straight, 0), (2000.0, None, 400, straight, 0),
     (900.0, 9000.0, 400, straight, 0), (2000.0, 20000.0, 2000, straight, 0),
     (2000.0, 20000.0, 400, lambda s: falling(s, half_life=20), 0),
     (2000.0, 20000.0, 400, lambda s: straight(s, 1.0, 0.1, 0.01), 0)],  # next to nothing is left
)  # fmt: skip
def test_a_few_large_steps_that_went_through_the_data_often(tmp_path, batch, data, total, loss, flagged):
    columns = noisy(50, batch) | {(q.DATA_BATCH, ""): batch, (q.DATA_EXAMPLES, ""): data}
    labels = {(q.TASK_EXAMPLES, ""): batch, (q.TASK_LOSS_BASE, ""): np.linspace(2.3, 2.31, 100)}  # not always the same
    steps = range(0, total, total // 100)
    said = found(make(tmp_path, columns=columns | labels, loss=loss, steps=steps), LARGE)
    assert [f.severity for f in said] == ["warning"] * flagged
    assert all("2,000 of about 20,000 examples" in f.summary for f in said)
