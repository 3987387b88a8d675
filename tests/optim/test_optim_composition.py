"""What fits together and what does not; and that parts can be recombined."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
import torch
from optim_nets import apart, net, train, trained, weights
from torch import nn

from auscult import optim as o
from auscult.errors import OptimError

MOMENTS = [o.average_grad(dampening=True), o.average_sqr_grad, o.step_count, o.debias]


def params() -> list[nn.Parameter]:
    return [nn.Parameter(torch.ones(3))]


class _AlsoKeeps(o.Statistic):
    name = "also_keeps"

    def declare(self) -> o.Declares:
        return o.Declares(state=(o.State("grad_avg"),))

    def run(self, b: o.Bundle) -> None: ...


ERRORS: dict[str, tuple[Callable[[], Any], str]] = {
    "missing hyper": (
        lambda: o.Optimizer(params(), [o.sgd]),
        "sgd needs lr, which was not given; give lr=…",
    ),
    "missing decay": (
        lambda: o.Optimizer(params(), [o.weight_decay, o.sgd], lr=1),
        "weight_decay needs weight_decay, which was not given; give weight_decay=…",
    ),
    "misspelt hyper": (
        lambda: o.Optimizer(params(), [o.average_grad, o.momentum], lr=1, momentun=0.9),
        "no part takes momentun: did you mean momentum? the parts take momentum, lr",
    ),
    "alien hyper": (
        lambda: o.Optimizer(params(), [o.sgd], lr=1, nesterov_=3),
        "no part takes nesterov_: the parts take lr",
    ),
    "misspelt in a group": (
        lambda: o.SGD([{"params": params(), "weight_decya": 0.1}], 0.1),
        "no part takes weight_decya: did you mean weight_decay? the parts take weight_decay, lr",
    ),
    "out of range": (lambda: o.SGD(params(), -0.1), "lr is -0.1; give a number with lr ≥ 0"),
    "NaN": (lambda: o.SGD(params(), float("nan")), "lr is nan; give a number with lr ≥ 0"),
    "no number": (lambda: o.SGD(params(), "0.1"), "lr is '0.1'; give a number with lr ≥ 0"),  # type: ignore[arg-type]
    "momentum of 1": (
        lambda: o.Momentum(params(), 0.1, 1.0),
        "momentum is 1.0; give a number with 0 ≤ momentum < 1",
    ),
    "alpha above 1": (
        lambda: o.Lookahead(o.SGD(params()), alpha=1.5),
        "alpha is 1.5; give a number with 0 ≤ alpha ≤ 1",
    ),
    "half a step": (
        lambda: o.Lookahead(o.SGD(params()), k=2.5),  # type: ignore[arg-type]
        "k is 2.5; give a whole number",
    ),
    "betas without averages": (
        lambda: o.Momentum([{"params": params(), "betas": (0.9, 0.99)}]),
        "no two averages take betas; the parts take weight_decay, momentum, lr",
    ),
    "betas of three": (
        lambda: o.Adam(params(), betas=(0.9, 0.99, 0.999)),  # type: ignore[arg-type]
        "betas is (0.9, 0.99, 0.999); give two numbers, for momentum and sqr_momentum",
    ),
    "nus": (lambda: o.QHAdam(params(), nus=0.7), "nus is 0.7; give two numbers, ν₁ and ν₂"),  # type: ignore[arg-type]
    "missing statistic": (
        lambda: o.Optimizer(params(), [o.momentum], lr=1),
        "momentum needs grad_avg, which no part before it provides; put average_grad before it",
    ),
    "statistic too late": (
        lambda: o.Optimizer(params(), [o.average_sqr_grad, o.adam, o.average_grad], lr=1),
        "adam needs grad_avg, which average_grad provides after it; put average_grad before it",
    ),
    "taken too late": (
        lambda: o.Optimizer(params(), [o.average_sqr_grad, o.rms_prop, o.step_count, o.debias], lr=1),
        "rms_prop needs debias, which debias provides after it; put debias before it",
    ),
    "recalled too early": (
        lambda: o.Optimizer(params(), [o.average_grad, o.lion], lr=1),
        "lion needs grad_avg of the step before, which no part after it provides; put average_grad after it",
    ),
    "no steps counted": (
        lambda: o.Optimizer(params(), [o.average_grad, o.debias, o.momentum], lr=1),
        "debias needs step, which no part before it provides; put step_count before it",
    ),
    "no maximum": (
        lambda: o.Optimizer(params(), [o.average_grad, o.average_sqr_grad, o.amsgrad], lr=1),
        "amsgrad needs sqr_avg_max, which no part before it provides; put maximum before it",
    ),
    "duplicate": (
        lambda: o.Optimizer(params(), [o.average_grad, o.average_grad(dampening=True), o.momentum], lr=1),
        "average_grad is there twice; leave one out",
    ),
    "kept by two": (
        lambda: o.Optimizer(params(), [o.average_grad, _AlsoKeeps(), o.momentum], lr=1),
        "also_keeps keeps grad_avg, and so does average_grad; leave one out",
    ),
    "no stepper": (
        lambda: o.Optimizer(params(), [o.average_grad]),
        "no part steps along the gradient: got [average_grad]; add a stepper, such as sgd",
    ),
    "two steppers": (
        lambda: o.Optimizer(params(), [o.average_grad, o.sgd, o.momentum], lr=1),
        "sgd and momentum both step along the gradient; leave one out",
    ),
    "a class": (
        lambda: o.Optimizer(params(), [type(o.sgd)], lr=1),  # type: ignore[list-item]
        "part 0 is the class Sgd; give parts, such as auscult.optim.sgd",
    ),
    "a string": (
        lambda: o.Optimizer(params(), [o.sgd, "adam"], lr=1),  # type: ignore[list-item]
        "part 1 is a str; give parts, such as auscult.optim.sgd",
    ),
    "an integer parameter": (
        lambda: o.SGD([torch.zeros(3, dtype=torch.int64)]),
        "a parameter has dtype int64, which cannot be stepped; keep it in float32 or bfloat16",
    ),
    "Lookahead of another": (
        lambda: o.Lookahead(torch.optim.SGD(params(), 0.1)),  # type: ignore[arg-type]
        "Lookahead composes auscult's optimizers, got SGD; take its preset, or compose it from parts",
    ),
}


@pytest.mark.parametrize("case", ERRORS)
def test_what_does_not_fit_is_said_when_it_is_made(case: str) -> None:
    make, message = ERRORS[case]
    with pytest.raises(OptimError) as raised:
        make()
    assert str(raised.value) == message


def test_lookahead_of_one_that_has_stepped_is_refused() -> None:
    model = net()
    optimizer = o.Momentum(model.parameters())
    train(model, optimizer, range(1))
    with pytest.raises(OptimError, match="has stepped already; put Lookahead around it before the first step"):
        o.Lookahead(optimizer)


def test_a_failed_group_is_not_added() -> None:
    optimizer = o.SGD(params())
    with pytest.raises(OptimError, match="dtype int32"):
        optimizer.add_param_group({"params": [torch.zeros(2, dtype=torch.int32)]})
    assert len(optimizer.param_groups) == 1


def test_parts_are_frozen_and_options_make_new_ones() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        o.average_grad.dampening = True  # type: ignore[misc]
    assert o.average_grad(dampening=True) != o.average_grad
    assert o.average_grad(dampening=True) == o.average_grad(dampening=True)
    assert repr(o.average_grad(dampening=True)) == "average_grad(dampening=True)"
    assert repr(o.rms_prop) == "rms_prop"


@pytest.mark.parametrize(
    ("some", "others"),
    [
        # statistics do not see each other
        ([*MOMENTS, o.adam], [o.step_count, o.average_sqr_grad, o.average_grad(dampening=True), o.debias, o.adam]),
        # decay of θ does not touch the gradient
        (
            [o.weight_decay, o.average_grad, o.momentum],
            [o.average_grad, o.weight_decay, o.momentum],
        ),
        # of plain descent both decays are one
        ([o.weight_decay, o.sgd], [o.l2_reg, o.sgd]),
        # scaling without bias or momentum is Adam whose β₁ is 0
        ([o.average_sqr_grad, o.step_count, o.debias, o.rms_prop], None),
        # RMSProp with averaged gradients is Adam
        ([*MOMENTS, o.rms_prop], [*MOMENTS, o.adam]),
    ],
)
def test_compositions_that_are_one(some: list[o.Part], others: list[o.Part] | None) -> None:
    def make(parts: list[o.Part], **hyper: float) -> Callable[[Any], o.Optimizer]:
        decays = any(h.name == "weight_decay" for part in parts for h in part.declare().hypers)
        return lambda p: o.Optimizer(p, parts, lr=0.01, **hyper, **({"weight_decay": 0.2} if decays else {}))

    one = trained(make(some), 40)
    other = trained(make(others) if others else make([*MOMENTS, o.adam], momentum=0.0), 40)
    assert apart(weights(net()), one) > 0.01
    assert apart(one, other) < 1e-12


def test_parts_that_do_not_commute() -> None:
    l2_late = [o.average_grad, o.l2_reg, o.momentum]  # what momentum steps along has been averaged before
    l2_first = [o.l2_reg, o.average_grad, o.momentum]
    ends = [
        trained(lambda p, parts=parts: o.Optimizer(p, parts, lr=0.01, weight_decay=0.5), 20)
        for parts in (l2_first, l2_late)
    ]
    assert apart(*ends) > 1e-3


def test_an_average_that_comes_after_debias_stays_as_it_is() -> None:
    x = nn.Parameter(torch.zeros(1, dtype=torch.float64))
    x.grad = torch.full((1,), 2.0, dtype=torch.float64)
    parts = [o.average_grad(dampening=True), o.step_count, o.debias, o.average_sqr_grad, o.adam]
    o.Optimizer([x], parts, lr=0.1, eps=0.0).step()
    assert x.item() == pytest.approx(-0.1 * 2.0 / (0.01 * 4.0) ** 0.5)  # m̂ = 2, v = (1 − .99) · 4


def test_a_part_of_ones_own() -> None:
    @dataclasses.dataclass(frozen=True, repr=False)
    class Sign(o.Stepper):
        name = "sign"

        def declare(self) -> o.Declares:
            return o.Declares((o.Hyper("lr"),))

        def stages(self, b: o.Bundle) -> Any:
            yield "sign", torch._foreach_sign(b.grads)

        def rates(self, b: o.Bundle) -> Any:
            return [b.hyper["lr"] / g.abs() for g in b.grads]

    x = nn.Parameter(torch.tensor([1.0, -1.0]))
    x.grad = torch.tensor([4.0, -0.5])
    optimizer = o.Optimizer([x], [Sign()], lr=0.5)
    with optimizer.watch_parts():
        optimizer.step()
    assert x.tolist() == [0.5, -0.5]
    assert optimizer.effective_lr(x).tolist() == [0.125, 1.0]
    assert [c.role for c in optimizer.contributions()[0].parts] == ["gradient", "sign"]


def test_a_schedule_may_set_betas() -> None:
    model, twin = net(), net()
    own, theirs = o.Adam(model.parameters(), 1e-2), torch.optim.Adam(twin.parameters(), 1e-2)

    def cool(optimizer: torch.optim.Optimizer) -> Callable[[int], None]:
        return lambda step: optimizer.param_groups[0].update(betas=(0.5 + 0.01 * step, 0.9))

    train(model, own, range(20), cool(own))
    train(twin, theirs, range(20), cool(theirs))
    assert apart(weights(model), weights(twin)) < 1e-12
