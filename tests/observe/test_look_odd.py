"""Looks where something is in the way: nothing false is said, nothing raises, nothing takes for ever."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from look_reference import (
    ACTIVATION,
    ACTIVATION_GRAD,
    OUTPUT,
    OUTPUT_GRAD,
    Reference,
    layers_of,
    matches,
    one_step,
    same,
)
from torch import nn
from torch.utils.checkpoint import checkpoint

from auscult.anatomy import read
from auscult.runs import quantities as q

X, Y = torch.randn(16, 6, generator=torch.Generator().manual_seed(0)), torch.arange(16) % 4


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def mlp():
    return nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 4))


def classify(model):
    return F.cross_entropy(model(X.to(next(model.parameters()).dtype)), Y)


def shown(run):
    return [layer.shown_as for layer in run.layers]


TELLS_HOOKS = hasattr(torch._C._autograd.SavedTensor, "unpack_hook")  # PyTorch from 2.12 on


class Between(nn.Module):
    """Two layers, something between them, and a ReLU after that."""

    def __init__(self, between, inner=None):
        super().__init__()
        self.a, self.inner, self.c, self.between = nn.Linear(6, 8), inner, nn.Linear(8, 4), between

    def forward(self, x):
        return self.c(torch.relu(self.between(self, self.a(x))))


@pytest.mark.parametrize("reentrant", [True, False])
def test_checkpoints_are_not_run_again_for_us(reentrant):
    calls = []

    class Block(nn.Sequential):
        def forward(self, x):
            calls.append(1)
            return super().forward(x)

    model = Between(lambda m, x: checkpoint(m.inner, x, use_reentrant=reentrant), Block(nn.Linear(8, 8), nn.Tanh()))
    one_step(model, classify)
    assert len(calls) == 2  # forward, and once on the way back
    run, reference = one_step(model, classify), Reference(model, classify)
    layers = layers_of(run)
    if reentrant:  # its layers are not in the graph; what follows is not the first layer's
        assert shown(run) == ["a", "relu(a)", "c"]
        assert layers["a"].activation is None
        same(run, "relu(a)", ACTIVATION, reference.took["c"])
    else:
        assert shown(run) == ["a", "tanh(inner.0)", "relu(inner.0)", "c"]
        assert layers["inner.0"].hidden == "checkpointed"
        assert "inner.0" not in run.at(0, ACTIVATION[1])
        same(run, "inner.0", ACTIVATION_GRAD, reference.given["inner.1"].grad)
        same(run, "inner.0", OUTPUT_GRAD, reference.given["inner.0"].grad)
    if reentrant or TELLS_HOOKS:  # else nothing that is kept is touched
        matches(run, reference, {"c": ("c", None)})


def test_what_is_kept_elsewhere_is_left_there():
    unpacked = []

    def loss(model):
        hooks = torch.autograd.graph.saved_tensors_hooks(lambda t: t, lambda t: unpacked.append(1) or t)
        with hooks:
            return classify(model)

    model = mlp()
    loss(model).backward()
    alone, _ = len(unpacked), unpacked.clear()
    run = one_step(model, loss)
    assert len(unpacked) == alone
    assert [layer.hidden for layer in run.layers] == ["checkpointed"] * 2
    assert run.task is None
    same(run, "2", OUTPUT_GRAD, Reference(model, classify).given["2"].grad)


class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2

    @staticmethod
    def backward(ctx, gradient):
        return gradient * 2


class MeanSquare(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.square().mean()

    @staticmethod
    def backward(ctx, gradient):
        (x,) = ctx.saved_tensors
        return gradient * 2 * x / x.numel()


def test_custom_functions_are_not_seen_through():
    model = Between(lambda m, x: Double.apply(x))
    run, reference = one_step(model, classify), Reference(model, classify)
    assert shown(run) == ["a", "relu(a)", "c"]
    assert layers_of(run)["a"].activation is None
    same(run, "a", OUTPUT_GRAD, reference.given["a"].grad)
    same(run, "relu(a)", ACTIVATION, reference.took["c"])
    run = one_step(model, lambda m: MeanSquare.apply(m(X)))  # but a loss may well be one
    assert [x.name for x in run.layers if x.is_output] == ["c"]
    run = one_step(model, lambda m: F.cross_entropy(Double.apply(m(X)), Y))
    assert not any(x.is_output for x in run.layers)


def test_a_product_with_what_is_no_weight_is_not_seen_through():
    mixing = torch.randn(8, 8)

    def attend(model, x):
        return F.scaled_dot_product_attention(x[None], x[None], x[None])[0]

    for between in (
        lambda m, x: x @ mixing,
        attend,
        lambda m, x: F.linear(x, mixing),
        lambda m, x: F.linear(x, x, torch.zeros(16)),
    ):
        model = Between(between)
        model.c = nn.LazyLinear(4)
        run = one_step(model, classify, parameters=[*model.a.parameters()])
        assert layers_of(run)["a"].activation is None, between
    frozen = nn.Sequential(
        nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 8).requires_grad_(False), nn.ReLU(), nn.Linear(8, 4)
    )
    run, reference = one_step(frozen, classify), Reference(frozen, classify)
    assert shown(run) == ["tanh(0)", "relu(0)", "4"]
    same(run, layers_of(run)["4"].after[0], ACTIVATION, reference.given["3"])


def test_gradients_that_are_differentiated_are_no_layers():
    def penalised(model):
        data = X.clone().requires_grad_()
        made = model(data)
        (slope,) = torch.autograd.grad(made.sum(), data, create_graph=True)
        return F.cross_entropy(made, Y) + (slope.norm(dim=1) - 1).square().mean()

    model = mlp()
    run = one_step(model, penalised)
    assert shown(run) == ["tanh(0)", "2"]
    made = model[0](X)
    same(run, "0", OUTPUT, made)
    same(run, "0", ACTIVATION, torch.tanh(made))


def test_functional_transforms():
    def mapped(model):
        named = dict(model.named_parameters())

        def one(x, y):
            return F.cross_entropy(torch.func.functional_call(model, named, (x[None],)), y[None])

        return torch.func.vmap(one)(X, Y).mean()

    def differentiated(model):
        named = dict(model.named_parameters())

        def loss(tensors):
            return F.cross_entropy(torch.func.functional_call(model, tensors, (X,)), Y)

        return loss(named) + sum(g.square().sum() for g in torch.func.grad(loss)(named).values())

    model = mlp()
    run = one_step(model, mapped)
    assert {x.weight for x in run.layers if x.weight} == {"0.weight", "2.weight"}
    one_step(model, differentiated)


@pytest.mark.parametrize(
    "loss",
    [
        lambda z, n: z.sum(),
        lambda z, n: F.mse_loss(z, torch.zeros(n, 4), reduction="sum"),
        lambda z, n: F.cross_entropy(z, torch.arange(n) % 4, reduction="sum"),
        lambda z, n: F.binary_cross_entropy_with_logits(z, torch.zeros(n, 4), reduction="sum"),
    ],
)
@pytest.mark.parametrize("examples", [0, 1])
def test_empty_batches_and_batches_of_one(loss, examples):
    model = nn.Sequential(nn.Conv2d(1, 3, 2), nn.Tanh(), nn.Flatten(), nn.Linear(12, 4))
    run = one_step(model, lambda m: loss(m(torch.ones(examples, 1, 3, 3)), examples))
    assert shown(run) == ["tanh(0)", "3"]
    assert bool(run.at(0, q.OUTPUT_STD)) == bool(examples)


def test_values_that_are_not_finite_are_counted():
    model = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 4))
    with torch.no_grad():
        model[0].weight[3] = math.inf
        model[0].weight[5] = math.nan
    run = one_step(model, lambda m: m(X.abs()).square().mean())
    assert run.at(0, q.OUTPUT_NONFINITE, ["0"])["0"] == 32
    assert run.at(0, q.ACTIVATION_NONFINITE, ["0"])["0"] == 32
    assert run.at(0, q.OUTPUT_GRAD_NONFINITE, ["2"])["2"] == 64
    large = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 4))
    large[0].weight.data.fill_(3e38)
    run = one_step(large, lambda m: (m[0](torch.eye(6) - torch.eye(6).flip(0)) * 0).sum())
    assert run.at(0, q.OUTPUT_NONFINITE, ["0"])["0"] == 0  # though the range is no float32


def test_complex_weights_are_passed_by():
    class Complex(nn.Module):
        def __init__(self):
            super().__init__()
            self.a, self.c = nn.Linear(6, 8, dtype=torch.cfloat), nn.Linear(8, 4)

        def forward(self, x):
            return self.c(torch.tanh(self.a(x.to(torch.cfloat))).abs())

    run = one_step(Complex(), classify)
    assert shown(run) == ["tanh(a)", "c"]
    assert run.quantities[q.OUTPUT_GRAD_STD] == ("c",)


def test_sparse_gradients_and_products():
    model = nn.Sequential(nn.Embedding(20, 8, sparse=True), nn.ReLU(), nn.Linear(8, 4))
    run = one_step(model, lambda m: F.cross_entropy(m(torch.arange(16)), Y))
    same(run, "0", OUTPUT, model[0].weight[:16])
    adjacency = torch.eye(16).to_sparse()
    W = torch.randn(6, 4, requires_grad=True)
    run = one_step({"W": W}, lambda t: F.cross_entropy(torch.sparse.mm(adjacency, X @ W), Y), parameters=[W])
    same(run, "W", OUTPUT, X @ W)
    sparse = X.to_sparse()
    run = one_step({"W": W}, lambda t: F.cross_entropy(sparse @ W, Y), parameters=[W])
    assert q.INPUT_MEAN not in run.quantities


def test_masks_scalars_and_lookups_of_columns():
    W = torch.randn(5, 4, requires_grad=True)
    mask = torch.tensor([True, False, True, True, False])
    for picked in (lambda: W[mask], lambda: W[:, torch.tensor([0, 2])], lambda: W[mask, 1], lambda: W[1]):
        one_step({"W": W}, lambda t: picked().square().sum(), parameters=[W])  # noqa: B023
    s = torch.tensor(2.0, requires_grad=True)
    run = one_step({"s": s}, lambda t: torch.tanh(s) * 3, parameters=[s])
    assert run.at(0, q.ACTIVATION_MEAN, ["tanh"])["tanh"] == pytest.approx(math.tanh(2))


class Deep(nn.Module):
    def __init__(self, step, depth=10_000):
        super().__init__()
        self.a, self.c, self.step, self.depth = nn.Linear(6, 8), nn.Linear(8, 4), step, depth

    def forward(self, x):
        x = self.a(x)
        for _ in range(self.depth):
            x = self.step(x)
        return self.c(x)


@pytest.mark.parametrize("step", [torch.clone, torch.tanh, lambda x: x + 1, lambda x: x.t().t()])
def test_a_graph_ten_thousand_deep(step):
    run = one_step(Deep(step), classify)
    names = [layer.name for layer in run.layers]
    assert names[0] == "a"
    assert names[-1] == "c"
    assert len(names) <= 10  # of ten thousand tanhs eight stand for all
    assert max(map(len, names)) < 20


def test_three_thousand_steps_of_recurrence():
    class Long(nn.Module):
        def __init__(self):
            super().__init__()
            self.i, self.h, self.c = nn.Linear(6, 8), nn.Linear(8, 8, bias=False), nn.Linear(8, 4)
            self.norm = nn.LayerNorm(8, elementwise_affine=False)

        def forward(self, x):
            h = torch.zeros(16, 8)
            for _ in range(3000):
                h = torch.tanh(self.norm(torch.sigmoid(self.i(x) + self.h(h))))
            return self.c(h)

    run = one_step(Long(), classify)
    names = [layer.name for layer in run.layers]
    assert [sum(n.partition("#")[0] == kind for n in names) for kind in ("i", "h", "layer-norm(h)", "c")] == [
        8,
        8,
        8,
        1,
    ]
    assert names[-2].endswith("#3000")


def test_the_tensors_are_those_of_the_pass_although_written_over_since():
    model = mlp()

    def loss(m):
        h = m[0](X)
        made = torch.tanh(h)
        total = F.cross_entropy(m[2](made), Y)
        with torch.no_grad():
            made.detach().mul_(0)  # behind autograd's back it would raise on the way back
        return total

    total = loss(model)
    sites = read([total]).sites
    assert [s.activation.name if s.activation else None for s in sites] == ["tanh", None]
    with pytest.raises(RuntimeError, match="inplace"):
        total.backward()


def test_a_look_changes_no_bit():
    def trained(watched):
        torch.manual_seed(3)
        model = nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 4))
        if watched:
            one_step(model, classify, steps=5, lr=0.1)
        else:
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for _ in range(5):
                optimizer.zero_grad()
                classify(model).backward()
                optimizer.step()
        return [t.numpy().copy() for t in model.state_dict().values()]

    for a, b in zip(trained(True), trained(False), strict=True):
        np.testing.assert_array_equal(a, b)
