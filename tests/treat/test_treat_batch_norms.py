"""calibrate_norms and fold_bias: what evaluation sees, exactly."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from treat_models import LanguageModel, assert_same, cnn, everything, images, mlp, points, tokens

from auscult.errors import TreatError
from auscult.treat import calibrate_norms, fold_bias


def deep(dtype=torch.float64):
    torch.manual_seed(0)
    model = mlp((20, 32, 32, 32, 5), nn.ReLU, nn.BatchNorm1d).to(dtype)
    x, y = points(200, dtype=dtype)
    with torch.no_grad():
        for norm in (1, 4, 7):
            model[norm].weight.uniform_(0.5, 2)
            model[norm].bias.normal_()
    return model, x * 3 + 2, y


def in_batches(x, y, size=32):
    return [(x[i : i + size], y[i : i + size]) for i in range(0, len(x), size)]


def as_one_batch(model, x):
    """Mean and unbiased variance of each norm's input, each norm using those of the whole set."""
    found = []
    for layer in model:
        if isinstance(layer, nn.BatchNorm1d):
            mean, var = x.mean(0), x.var(0)
            found.append((mean, var))
            x = layer.weight * (x - mean) / (var + layer.eps).sqrt() + layer.bias
        else:
            x = layer(x)
    return found


@pytest.mark.parametrize("size", [32, 7, 200])
def test_exact_is_the_whole_set_as_one_batch(size):
    model, x, y = deep()
    expected = as_one_batch(model, x)
    done = calibrate_norms(model, in_batches(x, y, size))
    for norm, (mean, var) in zip((model[1], model[4], model[7]), expected, strict=True):
        torch.testing.assert_close(norm.running_mean, mean, rtol=1e-10, atol=1e-12)
        torch.testing.assert_close(norm.running_var, var, rtol=1e-10, atol=1e-12)
    assert [n.name for n in done.norms] == ["1", "4", "7"]
    assert all(n.values == 200 for n in done.norms)
    assert done.norms[0].mean_drift > 0.1
    again = calibrate_norms(model, in_batches(x, y, size))
    assert all(n.mean_drift < 1e-9 and n.var_drift < 1e-9 for n in again.norms)


def test_one_pass_pools_what_each_norm_saw():
    model, x, y = deep()
    batches = in_batches(x, y, 50)
    expected = as_one_batch(model, x)[0]
    seen = []
    handle = model[4].register_forward_pre_hook(lambda m, args: seen.append(args[0].detach()))
    done = calibrate_norms(model, batches, exact=False)
    handle.remove()
    torch.testing.assert_close(model[1].running_mean, expected[0])
    torch.testing.assert_close(model[1].running_var, expected[1])
    torch.testing.assert_close(model[4].running_mean, torch.cat(seen).mean(0))
    torch.testing.assert_close(model[4].running_var, torch.cat(seen).var(0))
    assert len(seen) == 4
    assert not done.exact
    assert model[1].momentum == 0.1
    assert int(model[1].num_batches_tracked) == 0


def test_large_values_do_not_cancel():
    norm = nn.BatchNorm1d(1).double()
    x = 1e8 + torch.randn(1000, 1, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    calibrate_norms(nn.Sequential(nn.Identity(), norm), list(x.split(10)))
    torch.testing.assert_close(norm.running_var, x.var(0), rtol=1e-6, atol=0)


def test_images_a_loader_and_modes():
    torch.manual_seed(0)
    model = nn.Sequential(cnn(True), nn.Dropout(0.5))
    x, y = images(50)
    loader = DataLoader(TensorDataset(x, y), batch_size=16, shuffle=True)
    model[0][1].eval()
    before, told = everything(model), []
    done = calibrate_norms(model, loader, progress=lambda *at: told.append(at))
    after = everything(model)
    for name in ("torch", "numpy", "python", "flags", "tensors"):
        assert_same({name: before[name]}, {name: after[name]})
    hidden = model[0][0](x).detach()
    torch.testing.assert_close(model[0][1].running_mean, hidden.mean((0, 2, 3)), rtol=1e-4, atol=1e-5)
    assert done.norms[0].values == 50 * 144
    assert told[0] == (1, 12)
    assert told[-1] == (12, 12)
    assert "3 norms from 4 batches" in str(done)


def test_a_step_and_tensors_alone_do_as_well():
    model, x, y = deep()
    calibrate_norms(model, in_batches(x, y))
    kept = model[7].running_var.clone()
    model[7].running_var.fill_(9)
    calibrate_norms(model, [{"x": part} for part in x.split(32)], step=lambda m, b: m(b["x"]))
    torch.testing.assert_close(model[7].running_var, kept)
    calibrate_norms(model, list(x.split(32)))
    torch.testing.assert_close(model[7].running_var, kept)


def test_what_cannot_be_calibrated():
    model, x, y = deep()
    with pytest.raises(TreatError, match="taken only once"):
        calibrate_norms(model, iter(in_batches(x, y)))
    calibrate_norms(model, iter(in_batches(x, y)), exact=False)
    with pytest.raises(TreatError, match="no batch norm"):
        calibrate_norms(mlp(), in_batches(x, y))
    twice = nn.Sequential(nn.Linear(20, 20), norm := nn.BatchNorm1d(20), nn.Linear(20, 20), norm).double()
    with pytest.raises(TreatError, match="used twice"):
        calibrate_norms(twice, in_batches(x, y))
    calibrate_norms(twice, in_batches(x, y), exact=False)
    model.add_module("unused", nn.ModuleList([nn.BatchNorm1d(3), nn.BatchNorm1d(3, track_running_stats=False)]))
    model.forward = lambda x: nn.Sequential(*list(model)[:-1])(x)
    done = calibrate_norms(model, in_batches(x, y))
    assert dict(done.skipped) == {
        "unused.1": "keeps no running statistics", "unused.0": "not met in the forward pass",
    }  # fmt: skip


# -- fold_bias --------------------------------------------------------------------------------------------------------


def outputs(model, x, training):
    model.train(training)
    state = {n: b.clone() for n, b in model.named_buffers()}
    with torch.no_grad():
        made = model(x)
        for n, b in model.named_buffers():
            b.copy_(state[n])
    return made


@pytest.mark.parametrize("drop", [False, True])
@pytest.mark.parametrize("training", [False, True])
def test_a_folded_bias_changes_nothing(drop, training):
    model, x, y = deep()
    calibrate_norms(model, in_batches(x, y))
    before = [outputs(model, x, t) for t in (True, False)]
    model.train(training)
    old = {i: model[i].bias.detach().clone() for i in (0, 3, 6)}
    means = {i: model[i].running_mean.clone() for i in (1, 4, 7)}
    done = fold_bias(model, (x, y), F.cross_entropy, drop=drop)
    assert done.folded == ("0.bias", "3.bias", "6.bias")
    assert model.training == training
    for i in (0, 3, 6):
        torch.testing.assert_close(model[i + 1].running_mean, means[i + 1] - old[i], rtol=1e-12, atol=1e-12)
        assert (model[i].bias is None) if drop else (not model[i].bias.any() and not model[i].bias.requires_grad)
    for was, t in zip(before, (True, False), strict=True):
        torch.testing.assert_close(outputs(model, x, t), was, rtol=1e-9, atol=1e-11)
    assert done.train_difference < 1e-9
    with pytest.raises(TreatError, match="no bias can be folded"):
        fold_bias(model, (x, y), F.cross_entropy)


def test_convolutions_and_an_optimizer_that_goes_on():
    torch.manual_seed(0)
    model, (x, y) = cnn(True), images()
    optimizer = torch.optim.SGD(model.parameters(), 0.01, momentum=0.9, weight_decay=0.1)
    for _ in range(3):
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
    model.eval()
    before = model(x).detach()
    assert fold_bias(model.train(), (x, y), F.cross_entropy).folded == ("0.bias", "3.bias", "7.bias")
    torch.testing.assert_close(model.eval()(x).detach(), before, rtol=1e-4, atol=1e-5)
    model.train()
    F.cross_entropy(model(x), y).backward()
    optimizer.step()
    assert not model[0].bias.any()


class Branching(nn.Module):
    """What the layer gives goes past the norm too."""

    def __init__(self):
        super().__init__()
        self.layer, self.norm, self.out = nn.Linear(20, 8), nn.BatchNorm1d(8), nn.Linear(8, 5)

    def forward(self, x):
        h = self.layer(x)
        return self.out(self.norm(h) + h)


class Twice(nn.Module):
    def __init__(self, share):
        super().__init__()
        self.a, self.b, self.c = nn.Linear(20, 8), nn.Linear(8, 8), nn.Linear(8, 5)
        self.norm, self.share = nn.BatchNorm1d(8), share
        self.other = self.norm if share == "norm" else nn.BatchNorm1d(8)
        if share == "bias":
            self.b.bias = self.a.bias

    def forward(self, x):
        x = torch.relu(self.norm(self.a(x)))
        return self.c(torch.relu(self.other(self.b(x))))


class Between(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer, self.norm, self.out = nn.Linear(20, 8), nn.BatchNorm1d(8), nn.Linear(8, 5)

    def forward(self, x):
        return self.out(self.norm(torch.relu(self.layer(x))))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (Branching, "goes elsewhere too"),
        (lambda: Twice("norm"), "norm is used more than once"),
        (lambda: Twice("bias"), "used more than once"),
        (Between, "no bias can be folded"),
        (lambda: mlp(norm=nn.LayerNorm), "none lies directly in front"),
    ],
)
def test_a_bias_that_does_more_is_kept(make, says):
    torch.manual_seed(0)
    model = make()
    before = everything(model)
    with pytest.raises(TreatError, match=says):
        fold_bias(model, points(), F.cross_entropy)
    assert_same(before, everything(model))


def test_frozen_biases_are_left_alone():
    model, x, y = deep()
    model[0].bias.requires_grad_(False)
    assert fold_bias(model, (x, y), F.cross_entropy).folded == ("3.bias", "6.bias")


def test_norms_without_running_statistics():
    torch.manual_seed(0)
    model = mlp(norm=lambda n: nn.BatchNorm1d(n, affine=False, track_running_stats=False))
    x, y = points()
    before = model(x).detach()
    assert fold_bias(model, (x, y), F.cross_entropy).folded == ("0.bias", "3.bias")
    torch.testing.assert_close(model(x).detach(), before, rtol=1e-4, atol=1e-5)


def test_a_transformer_has_none():
    with pytest.raises(TreatError, match="no bias can be folded"):
        fold_bias(
            LanguageModel(), (tokens()[0], tokens()[1]), lambda o, t: F.cross_entropy(o.flatten(0, 1), t.flatten())
        )
