"""The rules on real trainings, recorded as anyone's would be: a net that learns what another net says."""

import pytest
import torch
from torch import nn

from auscult import rules
from auscult.observe.watch import watch

RATES = {"SGD": (1e-4, 0.3, 100.0), "Adam": (1e-6, 3e-3, 3.0)}
OF_PARAMETERS = ("learning-rate-too-high", "learning-rate-too-low", "layers-disagree", "frozen-parameters",
                 "gradients-not-zeroed", "non-finite", "diverging-loss", "no-progress")  # fmt: skip


def trained(optimizer, lr, steps=300, spoil=None):
    """The verdict on a short training of three layers."""
    torch.manual_seed(0)
    teacher = nn.Sequential(nn.Linear(10, 20), nn.Tanh(), nn.Linear(20, 4))
    inputs = torch.randn(2000, 10)
    labels = (3 * teacher(inputs)).argmax(1)
    model = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 4))
    stepper = getattr(torch.optim, optimizer)(model.parameters(), lr=lr)
    with watch(model, stepper, every=4) as recorder:
        for step in range(steps):
            some = torch.randint(0, 2000, (64,))
            loss = nn.functional.cross_entropy(model(inputs[some]), labels[some])
            if spoil != "gradients kept":
                stepper.zero_grad()
            (loss * float("nan") if spoil == "nan" and step == 200 else loss).backward()
            stepper.step()
    return rules.judge(recorder.run)


@pytest.mark.parametrize("optimizer", RATES)
def test_the_three_rates(optimizer):
    low, right, high = (trained(optimizer, lr) for lr in RATES[optimizer])
    assert [f.rule for f in low.findings if f.caused_by is None] == ["learning-rate-too-low"]
    assert right.findings == ()
    assert {c.status for c in right.coverage if c.rule in OF_PARAMETERS} == {"ran"}
    assert [f.rule for f in high.findings if f.caused_by is None] == ["learning-rate-too-high"]


def test_gradients_that_are_kept():
    assert trained("SGD", 0.3, spoil="gradients kept").findings[0].rule == "gradients-not-zeroed"


def test_a_loss_that_breaks():
    (one,) = (f for f in trained("SGD", 0.3, spoil="nan").findings if f.rule == "non-finite")
    assert one.first_step == 200
    assert one.summary.startswith("The loss became NaN")
