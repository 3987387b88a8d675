"""`auscult.examine`: a look at a model that leaves no trace of itself."""

import gc
import random
import tempfile
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.checkpoint import checkpoint

import auscult
from auscult.errors import TargetError
from auscult.runs import Run
from auscult.runs import quantities as q
from auscult.runs.start import start_of

X, Y = torch.randn(16, 6, generator=torch.Generator().manual_seed(0)), torch.arange(16) % 4


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """Where folders that are nobody's go."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


class Net(nn.Module):
    """Norms, dropout, and a checkpointed part that is run again on the way back."""

    def __init__(self):
        super().__init__()
        self.a, self.norm, self.drop = nn.Linear(6, 8), nn.BatchNorm1d(8), nn.Dropout(0.5)
        self.inner = nn.Sequential(nn.Linear(8, 8), nn.BatchNorm1d(8), nn.Tanh())
        self.out = nn.Linear(8, 4)

    def forward(self, x):
        x = self.drop(torch.relu(self.norm(self.a(x))))
        return self.out(checkpoint(self.inner, x, use_reentrant=False))


def everything(model):
    state = {name: t.clone() for name, t in model.state_dict().items()}
    grads = [None if p.grad is None else (id(p.grad), p.grad.clone()) for p in model.parameters()]
    hooks = [len(m._forward_hooks) + len(m._backward_hooks) for m in model.modules()]
    hooks += [len(p._backward_hooks or ()) for p in model.parameters()]
    streams = torch.get_rng_state(), torch.tensor(np.random.get_state()[1].astype(np.int64)), random.getstate()
    return state, grads, [m.training for m in model.modules()], hooks, streams, [p._version for p in model.parameters()]


def equal(a, b):
    if isinstance(a, torch.Tensor):
        return torch.equal(a, b)
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(equal(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(equal, a, b))
    return a == b


@pytest.mark.parametrize("train", [True, False])
@pytest.mark.parametrize("graded", [True, False])
@pytest.mark.parametrize("mode", [torch.enable_grad, torch.no_grad, torch.inference_mode])
def test_the_model_is_what_it_was(temporary, train, graded, mode):
    torch.manual_seed(0)
    model = Net().train(train)
    model.norm.eval()
    if graded:
        F.cross_entropy(model(X), Y).backward()
    before = everything(model)
    with mode():
        page = auscult.examine(model, (X, Y), F.cross_entropy)
    assert equal(before, everything(model))
    run = page.run
    assert [layer.shown_as for layer in run.layers] == ["relu(a)", "norm", "tanh(inner.0)", "inner.1", "out"]
    assert run.at(0, q.OUTPUT_GRAD_STD, ["a"])["a"] > 0


def test_it_says_what_watching_the_first_step_would(tmp_path):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, 4))
    run = auscult.examine(model, (X, Y), F.cross_entropy, dir=tmp_path / "kept").run
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with auscult.watch(model, optimizer, every=1) as recorder:
        F.cross_entropy(model(X), Y).backward()
        optimizer.step()
    watched = recorder.run
    assert run.layers == watched.layers  # the spread of their weights too, though these have moved since
    assert run.task == watched.task
    assert [p.name for p in run.parameters] == [p.name for p in watched.parameters]
    of_norms = (q.NORM_MEAN_DRIFT, q.NORM_VAR_DRIFT)  # the batch is in what the norm remembers only where one trains
    for quantity, subjects in run.quantities.items():
        for subject in subjects:
            if quantity not in of_norms:
                got, expected = (r.at(0, quantity, [subject])[subject] for r in (run, watched))
                assert got == expected or (got != got and expected != expected), (quantity, subject)
    assert start_of(run).loss == start_of(watched).loss
    assert run.fact("examined") is True
    assert run.steps == 1


def test_without_a_folder_it_lives_as_long_as_the_page(temporary):
    page = auscult.examine(nn.Linear(6, 4), (X, Y), F.cross_entropy)
    assert len(list(temporary.iterdir())) == 1
    assert "1.386" in str(page)
    del page
    gc.collect()
    assert list(temporary.iterdir()) == []


def test_a_folder_that_is_given_stays(temporary, tmp_path):
    page = auscult.examine(nn.Linear(6, 4), (X, Y), F.cross_entropy, dir=tmp_path / "kept")
    path = Path(page.run.path)
    del page
    gc.collect()
    assert path.parent == tmp_path / "kept"
    assert Run(path).status == "finished"
    assert list(temporary.iterdir()) == []


def test_bare_tensors_and_any_batch(temporary):
    W, b = torch.randn(6, 4, requires_grad=True), torch.zeros(4, requires_grad=True)
    batch = {"x": X, "y": Y}
    page = auscult.examine(
        {"W": W, "b": b}, batch, step=lambda t, batch: F.cross_entropy(batch["x"] @ t["W"] + t["b"], batch["y"])
    )
    (layer,) = page.run.layers
    assert (layer.name, layer.bias, layer.is_output) == ("W", "b", True)
    assert W.grad is None
    assert b.grad is None


def test_two_outputs(temporary):
    class Two(nn.Module):
        def __init__(self):
            super().__init__()
            self.body, self.a, self.b = nn.Linear(6, 8), nn.Linear(8, 4), nn.Linear(8, 1)

        def forward(self, x):
            h = torch.relu(self.body(x))
            return {"a": self.a(h), "b": self.b(h)}

    def loss(made, targets):
        return F.cross_entropy(made["a"], targets) + F.mse_loss(made["b"], torch.ones(16, 1))

    page = auscult.examine(Two(), (X, Y), loss)
    assert [layer.name for layer in page.run.layers if layer.is_output] == ["a", "b"]
    assert page.run.task.losses == 2


class Fails(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, gradient):
        raise ValueError("on the way back")


@pytest.mark.parametrize(
    ("model", "batch", "kwargs", "says"),
    [
        (nn.Linear(6, 4), (X, Y), {}, "got neither"),
        (nn.Linear(6, 4), X, {"loss": F.cross_entropy}, "a batch is \\(inputs, targets\\)"),
        (nn.Linear(5, 4), (X, Y), {"loss": F.cross_entropy}, "the forward pass raised RuntimeError"),
        (nn.Linear(6, 4).requires_grad_(False), (X, Y), {"loss": F.cross_entropy}, "requires_grad"),
        (nn.Identity(), (X, Y), {"loss": F.cross_entropy}, "no parameters"),
        (nn.Linear(6, 4), (X, Y), {"loss": lambda z, y: z}, "has shape"),
        (nn.Linear(6, 4), (X * float("nan"), Y), {"loss": F.cross_entropy}, "the loss is nan"),
        (
            nn.Linear(6, 4),
            (X, Y),
            {"loss": lambda z, y: Fails.apply(z).sum()},
            "backward pass raised ValueError: on the way",
        ),
        ("model.pt", (X, Y), {"loss": F.cross_entropy}, "got str"),
        ({"W": 3}, (X, Y), {"step": lambda t, b: 0}, "got int"),
        (nn.Linear(6, 4), (X, Y), {"loss": nn.functional}, "the loss is a module"),
    ],
)
def test_what_does_not_fit_is_said_clearly_and_leaves_nothing(temporary, model, batch, kwargs, says):
    with pytest.raises(TargetError, match=says) as caught:
        auscult.examine(model, batch, **kwargs)
    assert "\n" not in str(caught.value)
    assert list(temporary.iterdir()) == []


def test_a_pass_that_is_checkpointed_the_old_way_is_said_clearly(temporary):
    model = nn.Sequential(nn.Linear(6, 8), nn.Linear(8, 8), nn.Linear(8, 4))
    before = everything(model)

    def step(model, batch):
        x, y = batch
        return F.cross_entropy(model[2](checkpoint(model[1], model[0](x), use_reentrant=True)), y)

    with pytest.raises(TargetError, match="backward pass raised RuntimeError"):
        auscult.examine(model, (X, Y), step=step)
    assert equal(before, everything(model))
