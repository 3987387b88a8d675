"""The one-cycle policy, against its formula and PyTorch's."""

import math

import plotly.graph_objects as go
import pytest
import torch
from learner_models import everything, learner, same

from auscult.errors import LearnerError
from auscult.learner import Callback, OneCycle, Schedule


class Rates(Callback):
    """What holds at each step."""

    order = 100

    def __init__(self):
        self.lr, self.momentum = [], []

    def before_step(self, fit):
        group = fit.optimizer.param_groups[0]
        self.lr.append(group["lr"])
        self.momentum.append(group["betas"][0] if "betas" in group else group.get("momentum"))


def sgd(p, lr):
    return torch.optim.SGD(p, lr, momentum=0.9)


def test_the_formula():
    cycle = OneCycle(0.5)
    assert cycle.lr(0) == 0.5 / 25
    assert cycle.lr(0.25) == 0.5
    assert cycle.lr(1) == pytest.approx(0.5e-5, rel=1e-12)
    assert [cycle.momentum(p) for p in (0, 0.25, 1)] == pytest.approx([0.95, 0.85, 0.95], rel=1e-15)
    start, end, position = 0.5, 0.5e-5, 0.4
    expected = start + (1 + math.cos(math.pi * (1 - position))) * (end - start) / 2
    assert cycle.lr(0.25 + 0.4 * 0.75) == pytest.approx(expected, rel=1e-12)
    assert cycle.lr(0.125) == pytest.approx((0.02 + 0.5) / 2, rel=1e-12)


@pytest.mark.parametrize("opt", [torch.optim.Adam, sgd])
@pytest.mark.parametrize("epochs", [1, 3, 5])
def test_every_step_is_pytorchs(opt, epochs):
    """With its peak where ours is: pct_start·T − 1 there, pct_start·(T − 1) here."""
    seen, steps = Rates(), 4 * epochs
    learner(opt=opt).fit_one_cycle(epochs, 0.3, callbacks=[seen])
    optimizer = opt([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    theirs = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, 0.3, total_steps=steps, pct_start=(0.25 * (steps - 1) + 1) / steps, div_factor=25,
        final_div_factor=1e5 / 25, base_momentum=0.85, max_momentum=0.95,
    )  # fmt: skip
    lr, momentum = [], []
    for _ in range(steps):
        group = optimizer.param_groups[0]
        lr.append(group["lr"])
        momentum.append(group["betas"][0] if "betas" in group else group["momentum"])
        optimizer.step()
        if len(lr) < steps:
            theirs.step()
    assert seen.lr == pytest.approx(lr, rel=1e-9)
    assert seen.momentum == pytest.approx(momentum, rel=1e-9)
    assert seen.lr[0] == pytest.approx(0.3 / 25)
    assert seen.lr[-1] == pytest.approx(0.3e-5)


def test_momentum_is_put_back_and_none_is_left_alone():
    learn = learner()
    learn.fit_one_cycle(2, 1e-2)
    assert learn.optimizer.param_groups[0]["betas"] == (0.9, 0.999)
    for opt in (torch.optim.SGD, torch.optim.RMSprop):
        seen = Rates()
        learner(opt=opt).fit_one_cycle(1, 1e-2, callbacks=[seen])
        assert seen.momentum == [0] * 4
    seen = Rates()
    learner(opt=sgd).fit_one_cycle(1, 1e-2, momentums=None, callbacks=[seen])
    assert seen.momentum == [0.9] * 4
    assert max(seen.lr) <= 1e-2


def test_accumulated_batches_share_a_step():
    seen = Rates()
    learner(accumulate=4).fit_one_cycle(3, 1.0, callbacks=[seen])
    cycle = OneCycle(1.0)
    assert seen.lr == [cycle.lr(0), cycle.lr(0.5), cycle.lr(1)]


def test_the_plot():
    learn = learner()
    learn.fit_one_cycle(1, 1e-2)
    plot = learn.schedule.plot(41)
    assert isinstance(plot, go.Figure)
    lr, momentum = plot.data
    assert list(lr.x) == pytest.approx(list(range(41)))
    assert lr.y[10] == 1e-2
    assert momentum.y[10] == pytest.approx(0.85)
    assert "plotly" in learn.schedule._repr_html_()
    assert learn.schedule.plot().layout.xaxis2.title.text == "share of the fit"
    learn.fit(1)
    assert learn.schedule is None


@pytest.mark.parametrize(
    ("kwargs", "what"),
    [
        ({"lr_max": 0.0}, "lr_max is to be a positive number, got 0.0"),
        ({"lr_max": "high"}, "lr_max is a positive number, or one for each of 1 parameter groups; got 'high'"),
        ({"lr_max": [0.1, 0.1]}, "lr_max is a positive number, or one for each"),
        ({"lr_max": 1.0, "pct_start": 1.0}, "pct_start is a share of the fit between 0 and 1, got 1.0"),
        ({"lr_max": 1.0, "div": 0}, "div and div_final divide lr_max, got 0"),
    ],
)
def test_what_is_no_cycle(kwargs, what):
    learn = learner()
    before = everything(learn)
    with pytest.raises(LearnerError, match=what):
        learn.fit_one_cycle(1, **kwargs)
    assert same(before, everything(learn))


def test_a_schedule_needs_its_steps_and_its_groups():
    class Endless:
        def __iter__(self):
            return iter([(torch.ones(2, 6), torch.zeros(2).long())])

    learn = learner()
    learn.splits["train"] = Endless()
    with pytest.raises(LearnerError, match="how many steps"):
        learn.fit_one_cycle(1, 1e-2)
    learn.fit(1)  # without one it does not
    with pytest.raises(LearnerError, match="has 2 curves, the optimizer 1 groups"):
        learner().fit(1, callbacks=[Schedule([OneCycle(1.0).lr] * 2)])
