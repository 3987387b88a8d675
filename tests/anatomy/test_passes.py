import random

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from auscult.anatomy.passes import call, run_pass
from auscult.errors import TargetError


class Noisy(nn.Module):
    """Draws from every random stream, keeps statistics, and switches itself to eval mode."""

    def __init__(self):
        super().__init__()
        self.layer, self.norm, self.drop = nn.Linear(4, 3), nn.BatchNorm1d(3), nn.Dropout(0.5)
        self.register_buffer("seen", torch.zeros(()))

    def forward(self, x, scale=1.0):
        self.seen = self.seen + 1
        self.eval()
        return self.drop(self.norm(self.layer(x))) * scale + random.random() * 1e-6 + np.random.rand() * 1e-6


def state(model):
    buffers = {n: (id(b), b.clone()) for n, b in model.named_buffers()}
    flags = [m.training for m in model.modules()]
    return buffers, flags, [p.grad for p in model.parameters()]


def streams():
    return torch.get_rng_state(), np.random.get_state()[1].copy(), random.getstate()


def same_streams(one, other):
    return torch.equal(one[0], other[0]) and (one[1] == other[1]).all() and one[2] == other[2]


@pytest.mark.parametrize("fails", [False, True])
def test_it_leaves_no_trace(fails):
    model = Noisy()
    F.mse_loss(model(torch.randn(8, 4)), torch.randn(8, 3)).backward()
    model.train()
    before, drawn = state(model), streams()

    def loss(outputs, targets):
        if fails:
            raise ValueError("no")
        return F.mse_loss(outputs, targets)

    batch = torch.ones(8, 4).cumsum(0), torch.ones(8, 3)
    if fails:
        with pytest.raises(TargetError, match="raised ValueError: no") as caught:
            run_pass(model, batch, loss)
        assert isinstance(caught.value.__cause__, ValueError)
    else:
        with torch.no_grad():
            made = run_pass(model, batch, loss)
        assert made.requires_grad
    after = state(model)
    assert same_streams(drawn, streams())
    assert after[1] == before[1]
    assert all(a is b for a, b in zip(after[2], before[2], strict=True))
    for name, (key, values) in before[0].items():
        assert after[0][name][0] == key
        assert torch.equal(after[0][name][1], values), name


def test_both_forms_give_the_same():
    model, x, y = nn.Linear(4, 3), torch.randn(8, 4), torch.randint(0, 3, (8,))
    short = run_pass(model, (x, y), F.cross_entropy)
    general = run_pass(model, {"x": x, "y": y}, step=lambda m, b: F.cross_entropy(m(b["x"]), b["y"]))
    bare = {"W": model.weight, "b": model.bias}
    tensors = run_pass(bare, x, step=lambda t, x: F.cross_entropy(x @ t["W"].T + t["b"], y))
    assert torch.equal(short, general)
    torch.testing.assert_close(short, tensors)


def test_inputs_are_called_as_they_are():
    model, x = Noisy().eval(), torch.ones(2, 4)
    expected = call(model, x)
    for inputs in ((x,), [x, 1.0], {"x": x}, {"x": x, "scale": 1.0}):
        torch.testing.assert_close(call(model, inputs), expected, atol=1e-5, rtol=0)


@pytest.mark.parametrize(
    ("batch", "loss", "says"),
    [
        ((torch.ones(2, 4), 0), lambda o, t: o, "has shape"),
        ((torch.ones(2, 4), 0), lambda o, t: 1.0, "is a float"),
        ((torch.ones(2, 4), 0), lambda o, t: o.detach().sum(), "no parameter"),
        ((torch.ones(2, 4), 0), lambda o, t: o.sum() * float("nan"), "the loss is nan"),
        ((torch.ones(2, 5), 0), lambda o, t: o.sum(), "forward pass raised RuntimeError"),
        (torch.ones(2, 4), lambda o, t: o.sum(), "a batch is \\(inputs, targets\\), not a Tensor"),
        ((1, 2, 3), lambda o, t: o.sum(), "not 3 things"),
        ((torch.ones(2, 4), 0), torch.ones(()), "the loss is a Tensor"),
        ((torch.ones(2, 4), 0), None, "got neither"),
    ],
)
def test_what_does_not_fit_is_refused(batch, loss, says):
    with pytest.raises(TargetError, match=says):
        run_pass(nn.Linear(4, 3), batch, loss)


def test_a_step_that_trains_is_refused():
    model = nn.Linear(4, 3)

    def backward(m, x):
        loss = m(x).sum()
        loss.backward()
        return loss

    def moves(m, x):
        with torch.no_grad():
            m.weight.add_(1)
        return m(x).sum()

    with pytest.raises(TargetError, match="ran backward itself"):
        run_pass(model, torch.ones(2, 4), step=backward)
    assert model.weight.grad is None
    with pytest.raises(TargetError, match="changed the parameter weight"):
        run_pass(model, torch.ones(2, 4), step=moves)


def test_what_is_no_model_is_refused():
    with pytest.raises(TargetError, match="cannot be called"):
        run_pass({"W": torch.ones(2, requires_grad=True)}, (1, 2), F.cross_entropy)
    with pytest.raises(TargetError, match="the model is a function"):
        run_pass(lambda x: x, (1, 2), F.cross_entropy)  # type: ignore[arg-type]
    with pytest.raises(TargetError, match="'W' is a int"):
        run_pass({"W": 3}, (1, 2), step=lambda t, b: b)  # type: ignore[dict-item]
