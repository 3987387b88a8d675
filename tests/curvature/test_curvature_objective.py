"""Value, gradient and Hessian-vector products against exact references, and that nothing is left behind."""

import copy
import random

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from curvature_models import cut, data, exact_hessian, exact_loss, net, quadratic, symmetric
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from auscult.curvature import Objective
from auscult.errors import CurvatureError, TargetError
from treat.treat_models import LanguageModel, assert_same, by_token, everything, images, tokens


def number(t):
    return float(t.detach())


def close(a, b, tolerance=1e-12):
    assert float((a - b).abs().max()) <= tolerance


@pytest.mark.parametrize("memory", [1 << 30, 0, 20_000])
def test_it_is_the_loss_of_all_examples_however_they_are_cut(memory):
    model, batch = net(norm=True, dropout=True), data(50)
    objective = Objective(model, cut(batch, 20, 7, 23), F.cross_entropy, memory=memory)
    exact = exact_loss(objective, model, batch)
    x = objective.vector().requires_grad_()
    (wanted,) = torch.autograd.grad(exact(x), x)
    value, gradient = objective.value_and_gradient()
    assert value == pytest.approx(number(exact(x)), abs=1e-14)
    assert objective.value() == pytest.approx(value, abs=1e-14)
    close(gradient, wanted)
    close(objective.gradient(), wanted)
    hessian = exact_hessian(objective, model, batch)
    v = torch.randn(3, objective.size, dtype=torch.float64)
    close(objective.hvp(v[0]), hessian @ v[0])
    with objective.hessian() as h:
        close(h.products(v), v @ hessian)
        close(h.products(v), v @ hessian)  # the second time by the kept graphs
        close(h.dense(), hessian)
    assert objective.examples == 50


def test_a_float32_model_is_as_near_as_its_precision_allows():
    model, batch = net(), data(50)
    exact = Objective(model, batch, F.cross_entropy)
    narrow = Objective(copy.deepcopy(model).float(), [(x.float(), y) for x, y in cut(batch, 25, 25)], F.cross_entropy)
    v = torch.randn(exact.size, dtype=torch.float64)
    assert narrow.vector().dtype == narrow.hvp(v.float()).dtype == torch.float32
    assert narrow.value() == pytest.approx(exact.value(), rel=1e-6)
    assert float((narrow.hvp(v) - exact.hvp(v)).norm() / exact.hvp(v).norm()) < 1e-5


def test_loaders_lists_and_single_batches_are_the_same_function():
    model, (x, y) = net(), data(50)
    wanted = Objective(model, (x, y), F.cross_entropy).gradient()
    shuffled = DataLoader(TensorDataset(x, y), 16, shuffle=True)
    own = DataLoader(TensorDataset(x, y), 16, shuffle=True, generator=torch.Generator().manual_seed(1))
    for given in ([x, y], [(x, y)], shuffled, own):
        for memory in (1 << 30, 0):
            close(Objective(model, given, F.cross_entropy, memory=memory).gradient(), wanted)
    at = own.generator.get_state()
    Objective(model, own, F.cross_entropy, memory=0).value()
    assert torch.equal(own.generator.get_state(), at)


def test_random_augmentation_comes_out_the_same_in_every_pass():
    class Noisy(torch.utils.data.Dataset):
        def __len__(self):
            return 20

        def __getitem__(self, i):
            return data(20)[0][i] + torch.randn(6, dtype=torch.float64), data(20)[1][i]

    for memory in (1 << 30, 0):
        objective = Objective(net(), DataLoader(Noisy(), 8, shuffle=True), F.cross_entropy, memory=memory)
        assert len({objective.value() for _ in range(3)}) == 1


def test_a_mapping_with_a_step_and_weights_of_batches():
    batch = data(30)
    weights = {"W": torch.randn(6, 5, dtype=torch.float64).requires_grad_(), "n": torch.ones(5, dtype=torch.float64)}
    objective = Objective(weights, cut(batch, 10, 20), step=lambda t, b: F.cross_entropy(b[0] @ t["W"] * t["n"], b[1]))
    assert objective.names == ("W",)
    assert objective.value() == pytest.approx(number(F.cross_entropy(batch[0] @ weights["W"], batch[1])), abs=1e-14)
    even = Objective(weights, cut(batch, 10, 20), step=lambda t, b: F.cross_entropy(b[0] @ t["W"], b[1]), examples=len)
    halves = [number(F.cross_entropy(x @ weights["W"], y)) for x, y in cut(batch, 10, 20)]
    assert even.value() == pytest.approx(sum(halves) / 2, abs=1e-14)


def test_tied_weights_count_once_and_frozen_ones_not_at_all():
    model = LanguageModel(tied=True)
    model.place.weight.requires_grad_(False)
    objective = Objective(model, tokens(), by_token)
    assert objective.size == sum(p.numel() for p in model.parameters() if p.requires_grad)
    assert "place.weight" not in objective.names
    only = Objective(model, tokens(), by_token, parameters=["encoder.layers.0", "token.weight"])
    assert {name.split(".")[0] for name in only.names} == {"encoder", "token"}
    v = torch.randn(only.size)
    with only.at(only.vector()):
        assert only.value() == objective.value()
    assert only.flat(only.named(v)).equal(v)
    with pytest.raises(TargetError, match=r"encoder\.layers\.9"):
        Objective(model, tokens(), by_token, parameters="encoder.layers.9")


def test_attention_and_convolutions_have_second_derivatives():
    convolutions = [nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Tanh(), nn.AvgPool2d(2)]
    smooth = nn.Sequential(*convolutions, nn.Flatten(), nn.Linear(100, 10)).double()
    for model, batch, loss in (
        (LanguageModel().double(), tokens(), by_token),
        (smooth, (images(8)[0].double(), images(8)[1]), F.cross_entropy),
    ):
        objective = Objective(model, batch, loss)
        v = torch.randn(objective.size, dtype=torch.float64)
        step = 1e-5 * v
        ends = []
        for sign in (1, -1):
            with objective.at(objective.vector() + sign * step):
                ends.append(objective.gradient())
        found = objective.hvp(v)
        assert float((found - (ends[0] - ends[1]) / 2e-5).norm() / found.norm()) < 1e-3


def test_norms_by_running_statistics_by_batch_or_by_whole_data():
    model, batch = net(norm=True), data(50)
    cuts = cut(batch, 30, 20)
    twin = copy.deepcopy(model).requires_grad_(False)
    whole = float(F.cross_entropy(twin.train()(batch[0]), batch[1]))
    assert Objective(model, batch, F.cross_entropy, norm="train").value() == pytest.approx(whole, abs=1e-14)
    parts = [float(F.cross_entropy(twin(x), y)) * len(y) / 50 for x, y in cuts]
    assert Objective(model, cuts, F.cross_entropy, norm="train").value() == pytest.approx(sum(parts), abs=1e-14)
    for norm in ("data", "data-one-pass"):
        objective = Objective(model, cuts, F.cross_entropy, norm=norm)
        twin[1].running_mean.copy_(twin[0](batch[0]).mean(0))
        twin[1].running_var.copy_(twin[0](batch[0]).var(0))
        exact = exact_loss(objective, twin, batch)
        assert objective.value() == pytest.approx(number(exact(objective.vector())), abs=1e-12)
        close(objective.hessian().__enter__().dense(), exact_hessian(objective, twin, batch))
    moved = objective.vector() * 1.5
    with objective.at(moved):  # statistics follow the parameters
        twin[0].load_state_dict(model[0].state_dict())
        twin[1].running_mean.copy_(twin[0](batch[0]).mean(0))
        twin[1].running_var.copy_(twin[0](batch[0]).var(0))
        assert objective.value() == pytest.approx(number(exact_loss(objective, twin, batch)(moved)), abs=1e-12)


@pytest.mark.parametrize("norm", ["eval", "train", "data", "data-one-pass"])
def test_everything_is_put_back_bit_for_bit(norm):
    model = net(norm=True, dropout=True)
    for p in model.parameters():
        p.grad = torch.randn_like(p)
    model[0].eval()
    objective = Objective(model, DataLoader(TensorDataset(*data(50)), 16, shuffle=True), F.cross_entropy, norm=norm)
    before, momentum = everything(model), model[1].momentum
    objective.value(), objective.gradient(), objective.hvp(objective.vector())
    with objective.hessian() as h:
        h @ objective.vector()
    with objective.at(objective.vector() + 1), objective.at({"0.bias": torch.ones(7)}):
        objective.value()
        assert model[0].bias.eq(1).all()
    assert_same(everything(model), before)
    assert (model[1].momentum, model[1].track_running_stats) == (momentum, True)
    assert not model[1]._forward_pre_hooks


@pytest.mark.parametrize("norm", ["eval", "train", "data", "data-one-pass"])
def test_everything_is_put_back_after_an_exception(norm):
    model = net(norm=True)
    calls = [0]

    def failing(outputs, targets):
        torch.randn(3), np.random.rand(), random.random()
        calls[0] += 1
        if calls[0] % 3 == 2:
            raise ZeroDivisionError("on the second batch")
        return F.cross_entropy(outputs, targets)

    objective = Objective(model, cut(data(50), 20, 30), failing, norm=norm)
    before = everything(model)
    ways = (objective.value, objective.gradient, lambda: objective.hvp(objective.vector()))
    for way in ways:
        calls[0] = 0
        with pytest.raises(TargetError, match="on the second batch"), objective.at(objective.vector() * 2):
            way()
        assert_same(everything(model), before)
    assert torch.backends.mha.get_fastpath_enabled()


def test_parameters_that_are_not_finite_are_put_back_too():
    model = net()
    with torch.no_grad():
        model[0].bias[0] = float("nan")
    before = everything(model)
    objective = Objective(model, data(), F.cross_entropy)
    with pytest.raises(CurvatureError, match="mean loss is nan"):
        objective.value()
    assert np.isnan(objective.value(finite=False))
    with objective.at(torch.zeros(objective.size)):
        assert objective.value() == pytest.approx(np.log(5))
    assert_same(everything(model), before)


def test_a_hessian_knows_when_the_parameters_have_moved():
    model = net()
    objective = Objective(model, data(), F.cross_entropy)
    with objective.hessian() as h:
        h @ objective.vector()
        model[0].bias.data += 1  # which autograd does not see
        with pytest.raises(CurvatureError, match="changed while"):
            h @ objective.vector()
    with pytest.raises(CurvatureError, match="not open"):
        h @ objective.vector()


def test_a_loss_without_curvature_has_none():
    x = torch.ones(3, dtype=torch.float64, requires_grad=True)
    objective = Objective({"x": x}, torch.ones(2, 3, dtype=torch.float64), step=lambda t, b: (b @ t["x"]).mean())
    assert objective.hvp(torch.ones(3)).eq(0).all()
    curved = quadratic(symmetric([1.0, 2.0]), [1.0, 1.0])
    close(curved.hessian().__enter__().dense(), symmetric([1.0, 2.0]))


class Once(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.sum()

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, g):
        return g * torch.ones(6, 7, dtype=torch.float64).T


class Refusing(torch.autograd.Function):
    """The identity, whose second derivative raises."""

    @staticmethod
    def forward(ctx, x, times):
        ctx.times = times
        return x.clone()

    @staticmethod
    def backward(ctx, g):
        if ctx.times == 0:
            raise RuntimeError("derivative for refusing is not implemented")
        return Refusing.apply(g, ctx.times - 1), None


def test_everything_is_put_back_where_only_the_second_derivative_fails():
    model = net(norm=True)
    objective = Objective(model, data(), step=lambda m, b: Refusing.apply(F.cross_entropy(m(b[0]), b[1]), 1) ** 2)
    objective.gradient()
    before = everything(model)
    with pytest.raises(CurvatureError, match="refusing is not implemented; use operations") as raised:
        objective.hvp(objective.vector())
    assert_same(everything(model), before)
    del raised


def test_what_cannot_be_done_is_said():
    model, batch = net(), data()

    def make(data=batch, loss=F.cross_entropy, model=model, **kwargs):
        return Objective(model, data, loss, **kwargs)

    complex_ = {"x": torch.ones(2, dtype=torch.cfloat, requires_grad=True)}
    once = make([batch], None, step=lambda m, b: Once.apply(m[0].weight) ** 2, parameters=["0.weight"])
    cases = [
        (lambda: make([]).value(), CurvatureError, "no batch"),
        (lambda: make(iter([batch])), CurvatureError, "anew"),
        (lambda: make(3), CurvatureError, "int"),
        (lambda: make(norm="no"), CurvatureError, "one of eval, train"),
        (lambda: make(loss=None), TargetError, "neither"),
        (lambda: make(loss=lambda o, t: o).value(), TargetError, "one element"),
        (lambda: make(loss=lambda o, t: o.detach().sum()).gradient(), TargetError, "depends on no parameter"),
        (lambda: make(DataLoader(TensorDataset(*batch), 16, drop_last=True)), CurvatureError, "last 2 examples"),
        (lambda: make().hvp(torch.ones(3)), CurvatureError, "106 elements"),
        (lambda: make().at({"no": torch.ones(1)}).__enter__(), CurvatureError, "no parameter here"),
        (lambda: make((batch[0][:0], batch[1][:0])).value(), CurvatureError, "counts as 0"),
        (lambda: make(model=copy.deepcopy(model).requires_grad_(False)), TargetError, "requires a gradient"),
        (lambda: make(model=complex_, loss=None, step=len), TargetError, "real floating point"),
        (lambda: once.hvp(torch.ones(42)), CurvatureError, "differentiated twice"),
    ]
    for call, error, says in cases:
        with pytest.raises(error, match=says):
            call()


def test_data_that_change_their_number_are_noticed():
    class Shrinking:
        left = 3

        def __iter__(self):
            self.left -= 1
            return iter([data(10)] * self.left)

    objective = Objective(net(), Shrinking(), F.cross_entropy, memory=0)
    objective.value()
    with pytest.raises(CurvatureError, match="20 and 10"):
        objective.value()
