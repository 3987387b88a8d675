"""gains and lsuv against their formulas."""

import math

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from treat_models import bad_char_mlp, badly, char_loss, few_names, images, mlp, points

from auscult.errors import TreatError
from auscult.runs.start import GAINS
from auscult.treat import gains, lsuv, orthonormal

ACTIVATIONS = {
    "tanh": nn.Tanh, "relu": nn.ReLU, "gelu": nn.GELU, "sigmoid": nn.Sigmoid, "selu": nn.SELU, "silu": nn.SiLU,
    "elu": nn.ELU, "leaky-relu": nn.LeakyReLU, "mish": nn.Mish, "hardtanh": nn.Hardtanh,
}  # fmt: skip


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("norm", [None, nn.BatchNorm1d])
def test_weights_get_the_gain_over_the_root_of_the_fan_in(name, norm):
    torch.manual_seed(0)
    model = badly(mlp((20, 32, 48, 5), ACTIVATIONS[name], norm), 0.3).double()
    old = {n: p.detach().clone() for n, p in model.named_parameters()}
    done = gains(model, points(dtype=torch.float64), F.cross_entropy)
    layers = [m for m in model if isinstance(m, nn.Linear)]
    for layer, fan_in in zip(layers[:-1], (20, 32), strict=True):
        assert float(layer.weight.detach().std()) == pytest.approx(GAINS[name] / math.sqrt(fan_in), rel=1e-12)
    for n, p in model.named_parameters():
        hidden = n.endswith("weight") and p.ndim > 1 and p is not layers[-1].weight
        factor = float(p.detach().flatten()[0] / old[n].flatten()[0]) if hidden else 1.0
        torch.testing.assert_close(p.detach(), old[n] * factor)
    assert done.changed == tuple(n for n, p in model.named_parameters() if p.ndim > 1 and p is not layers[-1].weight)
    assert done.left_alone[-1].why == "the output layer"


def test_measured_gains_meet_the_theory():
    torch.manual_seed(0)
    model = mlp((200, 400, 400, 5), nn.ReLU).double()
    done = gains(model, points(2000, 200, dtype=torch.float64), F.cross_entropy)
    measured = [layer.gain for layer in done.after.layers[:2]]
    assert measured == pytest.approx([math.sqrt(2)] * 2, rel=0.05)
    assert "in theory 1.41" in str(done)


def test_raw_tensors_and_twice():
    data, parameters = few_names(), bad_char_mlp()
    for _ in range(2):
        gains(parameters, (data.x, data.y), step=lambda p, b: char_loss(p, *b))
        assert float(parameters["W1"].detach().std()) == pytest.approx(5 / 3 / math.sqrt(30), rel=1e-6)
    assert torch.equal(parameters["W2"], bad_char_mlp()["W2"])
    assert torch.equal(parameters["b1"], bad_char_mlp()["b1"])


@pytest.mark.parametrize("activation", [nn.Tanh, nn.ReLU])
@pytest.mark.parametrize("tolerance", [0.05, 1e-6])
def test_lsuv_gives_unit_variance_and_orthonormal_directions(activation, tolerance):
    torch.manual_seed(0)
    model, (x, y) = badly(mlp((20, 64, 64, 32, 5), activation)).double(), points(dtype=torch.float64)
    done = lsuv(model, (x, y), F.cross_entropy, tolerance=tolerance)
    for layer in model:
        x = layer(x)
        if isinstance(layer, nn.Linear):
            assert float(x.detach().var()) == pytest.approx(1, abs=tolerance)
            w = layer.weight.detach()
            gram = w @ w.T if w.shape[0] <= w.shape[1] else w.T @ w
            gram = gram / gram[0, 0]
            torch.testing.assert_close(gram, torch.eye(len(gram), dtype=gram.dtype), atol=1e-6, rtol=0)
            assert not layer.bias.any()
    assert all(layer.output_std == pytest.approx(1, abs=0.03) for layer in done.after.layers)


def test_lsuv_of_convolutions_and_raw_tensors():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.ConvTranspose2d(8, 4, 3), nn.Flatten(), nn.Linear(576, 10))
    done = lsuv(badly(model), images(), F.cross_entropy)
    assert [layer.output_std for layer in done.after.layers] == pytest.approx([1, 1, 1], abs=0.03)
    data, parameters = few_names(), bad_char_mlp()
    done = lsuv(parameters, (data.x, data.y), step=lambda p, b: char_loss(p, *b))
    assert [layer.output_std for layer in done.after.layers] == pytest.approx([1, 1], abs=0.03)


def test_lsuv_that_does_not_get_there(monkeypatch):
    model = nn.Sequential(nn.Linear(20, 5))
    before = model[0].weight.detach().clone()
    monkeypatch.setattr(orthonormal, "measured_std", lambda reading, weights: 2.0)
    with pytest.raises(TreatError, match="variance of 4 after 3 iterations"):
        lsuv(model, points(), F.cross_entropy, iterations=3)
    assert torch.equal(before, model[0].weight)
    with pytest.raises(TreatError, match="above 0"):
        lsuv(model, points(), F.cross_entropy, tolerance=0)
