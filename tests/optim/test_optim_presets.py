"""Every preset is what it says it is: torch's, where torch has it, else the published formula, written out here."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import pytest
import torch
from optim_nets import apart, net, train, trained, weights
from torch import Tensor, nn

from auscult import optim as o

Make = Callable[[Iterable[nn.Parameter]], Any]

TORCH: dict[str, tuple[Make, Make]] = {
    "SGD": (lambda p: o.SGD(p, 0.05), lambda p: torch.optim.SGD(p, 0.05)),
    "SGD with decay": (lambda p: o.SGD(p, 0.05, 0.1), lambda p: torch.optim.SGD(p, 0.05, weight_decay=0.1)),
    "Momentum": (lambda p: o.Momentum(p, 0.02), lambda p: torch.optim.SGD(p, 0.02, momentum=0.9)),
    "Momentum with decay": (
        lambda p: o.Momentum(p, 0.02, 0.8, 0.1),
        lambda p: torch.optim.SGD(p, 0.02, momentum=0.8, weight_decay=0.1),
    ),
    "Nesterov": (
        lambda p: o.Momentum(p, 0.02, 0.9, 0.1, nesterov=True),
        lambda p: torch.optim.SGD(p, 0.02, momentum=0.9, weight_decay=0.1, nesterov=True),
    ),
    "RMSProp": (lambda p: o.RMSProp(p, 1e-3), lambda p: torch.optim.RMSprop(p, 1e-3)),
    "RMSProp with decay": (
        lambda p: o.RMSProp(p, 1e-3, 0.9, 1e-4, 0.1),
        lambda p: torch.optim.RMSprop(p, 1e-3, 0.9, 1e-4, 0.1),
    ),
    "Adam": (lambda p: o.Adam(p), lambda p: torch.optim.Adam(p)),
    "Adam with decay": (
        lambda p: o.Adam(p, 3e-3, (0.8, 0.99), 1e-5, 0.1),
        lambda p: torch.optim.Adam(p, 3e-3, (0.8, 0.99), 1e-5, 0.1),
    ),
    "Adam, amsgrad": (
        lambda p: o.Adam(p, 3e-3, (0.9, 0.9), amsgrad=True),
        lambda p: torch.optim.Adam(p, 3e-3, (0.9, 0.9), amsgrad=True),
    ),
    "AdamW": (lambda p: o.AdamW(p, 3e-3, weight_decay=0.3), lambda p: torch.optim.AdamW(p, 3e-3, weight_decay=0.3)),
    "AdamW, amsgrad": (
        lambda p: o.AdamW(p, 3e-3, (0.9, 0.9), amsgrad=True),
        lambda p: torch.optim.AdamW(p, 3e-3, (0.9, 0.9), amsgrad=True),
    ),
    "RAdam": (lambda p: o.RAdam(p, 3e-3, eps=1e-4), lambda p: torch.optim.RAdam(p, 3e-3, eps=1e-4)),
    "RAdam with decay": (
        lambda p: o.RAdam(p, 3e-3, (0.9, 0.9), weight_decay=0.1),
        lambda p: torch.optim.RAdam(p, 3e-3, (0.9, 0.9), weight_decay=0.1),
    ),
    "RAdam, decoupled": (
        lambda p: o.RAdam(p, 3e-3, weight_decay=0.1, decoupled=True),
        lambda p: torch.optim.RAdam(p, 3e-3, weight_decay=0.1, decoupled_weight_decay=True),
    ),
}


@pytest.mark.parametrize("name", TORCH)
def test_equal_to_torch_over_200_steps(name: str) -> None:
    own, theirs = TORCH[name]
    start, end = weights(net()), trained(own)
    assert apart(start, end) > 0.01
    assert apart(end, trained(theirs)) < 1e-10


Formula = Callable[[Tensor, Tensor, dict[str, Any], int], Tensor]  # θ, g, what is kept, t → θ


def plain(formula: Formula, steps: int = 200) -> list[Tensor]:
    """Train by a formula for one parameter, in a loop that knows nothing of optimizers."""
    model = net()
    kept: list[dict[str, Any]] = [{} for _ in model.parameters()]

    class ByFormula:
        t = 0

        def zero_grad(self) -> None:
            model.zero_grad()

        @torch.no_grad()
        def step(self) -> None:
            self.t += 1
            for p, k in zip(model.parameters(), kept, strict=True):
                assert p.grad is not None
                p.copy_(formula(p.clone(), p.grad.clone(), k, self.t))

    train(model, ByFormula(), range(steps))
    return weights(model)


def adam_moments(g: Tensor, kept: dict[str, Any], t: int, b1: float, b2: float) -> tuple[Tensor, Tensor]:
    kept["m"] = b1 * kept.get("m", 0) + (1 - b1) * g
    kept["v"] = b2 * kept.get("v", 0) + (1 - b2) * g * g
    return kept["m"] / (1 - b1**t), kept["v"] / (1 - b2**t)


def rms_prop_undampened(x: Tensor, g: Tensor, kept: dict[str, Any], t: int) -> Tensor:
    """As the code of fastai book ch. 16: no (1 − α), ε outside the root."""
    kept["v"] = 0.99 * kept.get("v", 0) + g**2
    return x - 0.003 * g / (kept["v"].sqrt() + 1e-7)


def rms_prop_eps_inside(x: Tensor, g: Tensor, kept: dict[str, Any], t: int) -> Tensor:
    """As its text."""
    kept["v"] = 0.99 * kept.get("v", 0) + 0.01 * g**2
    return x - 0.003 * g / (kept["v"] + 1e-4).sqrt()


def momentum_dampened(x: Tensor, g: Tensor, kept: dict[str, Any], t: int) -> Tensor:
    kept["m"] = 0.9 * kept.get("m", 0) + 0.1 * g
    return x - 0.05 * kept["m"]


def qhadam(x: Tensor, g: Tensor, kept: dict[str, Any], t: int) -> Tensor:
    """Ma & Yarats 2019, algorithm 2; decay apart, as AdamW's."""
    m, v = adam_moments(g, kept, t, 0.995, 0.999)
    x = x - 0.003 * 0.1 * x
    return x - 0.003 * (0.3 * g + 0.7 * m) / ((0.2 * g * g + 0.8 * v).sqrt() + 1e-8)


def larc(x: Tensor, g: Tensor, kept: dict[str, Any], t: int) -> Tensor:
    """You, Gitman & Ginsburg 2017, with the local rate held to lr."""
    wn, gn = float(x.norm()), float(g.norm())
    local = 0.02 * wn / (gn + 0.1 * wn + 1e-8) if wn > 0 and gn > 0 else 0.1
    kept["m"] = 0.9 * kept.get("m", 0) + min(local / 0.1, 1.0) * (g + 0.1 * x)
    return x - 0.1 * kept["m"]


def lars(x: Tensor, g: Tensor, kept: dict[str, Any], t: int) -> Tensor:
    wn, gn = float(x.norm()), float(g.norm())
    local = 0.02 * wn / (gn + 0.1 * wn + 1e-8) if wn > 0 and gn > 0 else 1.0
    kept["m"] = 0.9 * kept.get("m", 0) + local * (g + 0.1 * x)
    return x - 0.5 * kept["m"]


def lamb(x: Tensor, g: Tensor, kept: dict[str, Any], t: int) -> Tensor:
    """You et al. 2020, algorithm 2, with φ the identity and the ratio at most 10."""
    m, v = adam_moments(g, kept, t, 0.9, 0.999)
    u = m / (v.sqrt() + 1e-6) + 0.1 * x
    wn, un = float(x.norm()), float(u.norm())
    return x - 0.003 * (min(wn / un, 10.0) if wn > 0 and un > 0 else 1.0) * u


def lion(x: Tensor, g: Tensor, kept: dict[str, Any], t: int) -> Tensor:
    """Chen et al. 2023, algorithm 2."""
    m = kept.get("m", torch.zeros_like(x))
    u = torch.sign(0.9 * m + 0.1 * g)
    kept["m"] = 0.99 * m + 0.01 * g
    return x - 0.001 * (u + 0.1 * x)


def lookahead_sgd(x: Tensor, g: Tensor, kept: dict[str, Any], t: int) -> Tensor:
    """Zhang et al. 2019, algorithm 1."""
    slow = kept.setdefault("slow", x.clone())
    fast = x - 0.05 * g
    if t % 6:
        return fast
    kept["slow"] = slow + 0.5 * (fast - slow)
    return kept["slow"].clone()


FORMULAS: dict[str, tuple[Formula, Make]] = {
    "RMSProp undampened": (rms_prop_undampened, lambda p: o.RMSProp(p, 3e-3, eps=1e-7, dampening=False)),
    "RMSProp, eps inside": (rms_prop_eps_inside, lambda p: o.RMSProp(p, 3e-3, eps=1e-4, eps_inside=True)),
    "Momentum dampened": (momentum_dampened, lambda p: o.Momentum(p, 0.05, dampening=True)),
    "QHAdam": (qhadam, lambda p: o.QHAdam(p, 3e-3, nus=(0.7, 0.8), weight_decay=0.1)),
    "LARC": (larc, lambda p: o.LARC(p, 0.1, weight_decay=0.1)),
    "LARS": (lars, lambda p: o.LARC(p, 0.5, weight_decay=0.1, clip=False)),
    "LAMB": (lamb, lambda p: o.LAMB(p, 3e-3, weight_decay=0.1)),
    "Lion": (lion, lambda p: o.Lion(p, 1e-3, weight_decay=0.1)),
    "Lookahead": (lookahead_sgd, lambda p: o.Lookahead(o.SGD(p, 0.05))),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_equal_to_the_published_formula_over_200_steps(name: str) -> None:
    formula, own = FORMULAS[name]
    end = trained(own)
    assert apart(weights(net()), end) > 0.01
    assert apart(end, plain(formula)) < 1e-10


def test_larc_is_held_to_lr_and_lars_is_not() -> None:
    x = nn.Parameter(torch.full((4,), 100.0))
    for clip, moved in ((True, 0.1), (False, 0.1 * 0.02 * 200 / 2)):
        x.data.fill_(100.0)
        x.grad = torch.ones(4)
        o.LARC([x], 0.1, clip=clip).step()
        assert torch.allclose(x, torch.full((4,), 100.0 - moved))


@pytest.mark.parametrize("make", [lambda p: o.LARC(p, 0.1, trust=1.0), lambda p: o.LAMB(p, 0.1)])
def test_trust_is_one_where_the_parameter_or_the_gradient_is_zero(make: Make) -> None:
    for data, grad in ((0.0, 1.0), (1.0, 0.0)):
        x = nn.Parameter(torch.full((3,), data))
        x.grad = torch.full((3,), grad)
        optimizer = make([x])
        optimizer.step()
        assert float(optimizer.state[x]["trust"]) == 1.0
        assert torch.allclose(x, torch.full((3,), data - 0.1 * grad))


def test_radam_waits_before_it_scales() -> None:
    x = nn.Parameter(torch.zeros(1, dtype=torch.float64))
    optimizer = o.RAdam([x], 0.1)
    for step in range(1, 8):
        before = x.item()
        x.grad = torch.full((1,), 1e-3, dtype=torch.float64)
        optimizer.step()
        moved = before - x.item()
        assert moved == pytest.approx(1e-4) if step <= 5 else moved > 1e-3


def test_a_preset_reads_as_its_parts() -> None:
    text = str(o.AdamW([nn.Parameter(torch.zeros(2))], 3e-3))
    assert text == (
        "AdamW([weight_decay, average_grad(dampening=True), average_sqr_grad, step_count, debias, adam])\n"
        "  group 0, 1 parameters: lr 0.003, weight_decay 0.01, momentum 0.9, sqr_momentum 0.999, eps 1e-08"
    )


def test_without_dampening_rms_prop_steps_are_shorter_by_the_missing_factor() -> None:
    ends = []
    for dampening in (True, False):
        x = nn.Parameter(torch.zeros(3, dtype=torch.float64))
        optimizer = o.RMSProp([x], 0.01 if dampening else 0.01 / math.sqrt(0.01), eps=0.0, dampening=dampening)
        for _ in range(5):
            x.grad = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64)
            optimizer.step()
        ends.append(x.detach().clone())
    assert torch.allclose(ends[0], ends[1], rtol=1e-12)
