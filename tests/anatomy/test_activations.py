import pytest
import torch
import torch.nn.functional as F
from torch import nn

from auscult.anatomy.activations import TAIL, activation_of, given

MODULES = {
    "tanh": nn.Tanh(), "sigmoid": nn.Sigmoid(), "relu": nn.ReLU(), "leaky-relu": nn.LeakyReLU(0.2), "elu": nn.ELU(0.7),
    "selu": nn.SELU(), "celu": nn.CELU(1.3), "gelu": nn.GELU(), "silu": nn.SiLU(), "mish": nn.Mish(),
    "softplus": nn.Softplus(beta=2), "hardtanh": nn.Hardtanh(-2, 2), "relu6": nn.ReLU6(),
    "hardsigmoid": nn.Hardsigmoid(), "hardswish": nn.Hardswish(),
}  # fmt: skip
IN_PLACE = [n for n, m in MODULES.items() if hasattr(m, "inplace")]


def after(module, x):
    out = module(x * 1)
    return out, activation_of(out.grad_fn)


@pytest.mark.parametrize("name", MODULES)
def test_what_it_gave_is_known(name):
    x = torch.linspace(-12, 12, 1001, requires_grad=True)
    out, activation = after(MODULES[name], x)
    assert activation is not None
    assert activation.name == name
    torch.testing.assert_close(given(activation, out.grad_fn), out.detach())


@pytest.mark.parametrize("name", sorted(MODULES))
@pytest.mark.parametrize("level", [0.97, 0.99])
def test_flat_is_where_the_slope_is_small(name, level):
    x = torch.linspace(-12, 12, 100_001, dtype=torch.float64, requires_grad=True)
    out, activation = after(MODULES[name], x)
    kept = getattr(out.grad_fn, f"_saved_{activation.keeps}").detach()
    flat = activation.flat(kept, out.grad_fn, level)
    (slope,) = torch.autograd.grad(out.sum(), x)
    limit = slope.abs().max() * (1 - level**2) if name in ("tanh", "sigmoid") else TAIL
    small = slope.abs() < limit
    if name in ("gelu", "silu", "mish", "hardswish"):  # they turn round once: a point, no tail
        small &= x < -3
    else:
        small &= True
    near = (slope.abs() - limit).abs() < 1e-5
    assert torch.equal(flat[~near], small[~near])


@pytest.mark.parametrize("name", IN_PLACE)
def test_overwriting_its_input_changes_nothing(name):
    x = torch.linspace(-12, 12, 1001, requires_grad=True)
    plain, activation = after(MODULES[name], x)
    flat = activation.flat(getattr(plain.grad_fn, f"_saved_{activation.keeps}").detach(), plain.grad_fn, 0.97)
    module = type(MODULES[name])(**{k: v for k, v in vars(MODULES[name]).items() if k in ("negative_slope", "alpha")})
    module.inplace = True
    if name == "hardtanh":
        module.min_val, module.max_val = -2, 2
    out, activation = after(module, x)
    torch.testing.assert_close(given(activation, out.grad_fn), plain.detach())
    again = activation.flat(getattr(out.grad_fn, f"_saved_{activation.keeps}").detach(), out.grad_fn, 0.97)
    assert (flat != again).sum() <= 1  # rounding at the very edge


def test_undefined_is_not_flat():
    x = torch.tensor([float("nan")] * 3, requires_grad=True)
    for module in MODULES.values():
        out, activation = after(module, x)
        kept = getattr(out.grad_fn, f"_saved_{activation.keeps}").detach()
        assert not activation.flat(kept, out.grad_fn, 0.97).any()


def test_other_operations_are_no_activation():
    x = torch.ones(3, requires_grad=True)
    for out in (x * 2, x.exp(), F.softmax(x, 0)):
        assert activation_of(out.grad_fn) is None
