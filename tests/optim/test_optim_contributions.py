"""Where a step comes from: the contributions sum to it, are what they are called, and cost nothing when not asked."""

from __future__ import annotations

import math
import weakref
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest
import torch
from optim_nets import apart, loss_of, net, train, weights
from test_optim_torch import Make, every_preset
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from auscult import optim as o
from auscult.errors import OptimError
from auscult.optim import contributions as implementation


@every_preset
def test_contributions_sum_to_what_happened(make: Make) -> None:
    model = net()
    optimizer = make(model.parameters())
    moved = 0
    for step in range(8):
        optimizer.zero_grad()
        loss_of(model, step).backward()
        before = weights(model)
        with optimizer.watch_parts(keep=True):
            optimizer.step()
        updates = optimizer.contributions()
        assert len(updates) == len(before)
        for p, old, update in zip(model.parameters(), before, updates, strict=True):
            assert update.parameter is p
            delta, grad = p.detach() - old, p.grad
            assert grad is not None
            size = sum(c.norm for c in update.parts)
            assert float((sum(c.delta for c in update.parts) - delta).norm()) <= 1e-13 * (size + float(old.norm()))
            assert update.norm == pytest.approx(float(delta.norm()), rel=1e-9, abs=1e-14)
            assert update.descent_cosine == pytest.approx(_cosine(delta, -grad), abs=1e-6)
            assert sum(c.share for c in update.parts) == pytest.approx(1.0, abs=1e-6)
            assert update.parts[-1].norm_so_far == pytest.approx(update.norm)
            for c in update.parts:
                assert c.delta is not None
                assert c.norm == pytest.approx(float(c.delta.norm()))
                if c.norm:
                    assert c.descent_cosine == pytest.approx(_cosine(c.delta, -grad), abs=1e-6)
            moved += update.norm > 0
    assert moved >= 30


def _cosine(a: torch.Tensor, b: torch.Tensor) -> float:
    return float((a * b).sum() / (a.norm() * b.norm()))


@every_preset
def test_watching_changes_no_step(make: Make) -> None:
    ends = []
    for watched in (False, True):
        model = net()
        optimizer = make(model.parameters())
        for step in range(12):
            optimizer.zero_grad()
            loss_of(model, step).backward()
            if watched and step % 2:
                with optimizer.watch_parts():
                    optimizer.step()
            else:
                optimizer.step()
        ends.append(weights(model))
    assert apart(*ends) == 0.0


def test_adams_parts_are_those_of_its_formula() -> None:
    x = nn.Parameter(torch.tensor([1.0, 2.0], dtype=torch.float64))
    optimizer = o.AdamW([x], 0.1, (0.9, 0.99), 1e-8, 0.5)
    x.grad = torch.tensor([3.0, -4.0], dtype=torch.float64)
    optimizer.step()
    start = x.detach().clone()
    x.grad = torch.tensor([1.0, 2.0], dtype=torch.float64)
    with optimizer.watch_parts(keep=True):
        optimizer.step()
    (update,) = optimizer.contributions()
    m = (0.09 * torch.tensor([3.0, -4.0]) + 0.1 * torch.tensor([1.0, 2.0])).double() / (1 - 0.81)
    v = (0.0099 * torch.tensor([9.0, 16.0]) + 0.01 * torch.tensor([1.0, 4.0])).double() / (1 - 0.9801)
    expected = {
        "decay": -0.1 * 0.5 * start,
        "gradient": -0.1 * x.grad,
        "momentum": -0.1 * (m - x.grad),
        "scaling": -0.1 * (m / v.sqrt() - m),
    }
    assert [c.role for c in update.parts] == list(expected)
    assert [c.part for c in update.parts] == ["weight_decay", "adam", "adam", "adam"]
    for c in update.parts:
        assert torch.allclose(c.delta, expected[c.role], rtol=1e-6)
    assert update.part("gradient").descent_cosine == pytest.approx(1.0)


def test_shapers_contribute_by_what_they_do_to_the_gradient() -> None:
    x = nn.Parameter(torch.tensor([2.0, 0.0]))
    x.grad = torch.tensor([1.0, 1.0])
    optimizer = o.Optimizer([x], [o.l2_reg, o.average_grad, o.momentum], lr=0.1, weight_decay=0.5)
    with optimizer.watch_parts(keep=True):
        optimizer.step()
    (update,) = optimizer.contributions()
    found = {(c.part, c.role): c.delta.tolist() for c in update.parts if c.delta is not None}
    assert found[("momentum", "gradient")] == pytest.approx([-0.1, -0.1])
    assert found[("l2_reg", "decay")] == pytest.approx([-0.1, 0.0])
    assert found[("momentum", "momentum")] == [0.0, 0.0]
    assert math.isnan(update.part("momentum").descent_cosine)


def test_a_role_that_two_parts_play_is_told_apart() -> None:
    x = nn.Parameter(torch.ones(2))
    x.grad = torch.ones(2)
    optimizer = o.Optimizer([x], [o.weight_decay, o.l2_reg, o.sgd], lr=0.1, weight_decay=0.5)
    with optimizer.watch_parts():
        optimizer.step()
    assert [c.role for c in optimizer.contributions()[0].parts] == ["weight_decay decay", "gradient", "l2_reg decay"]


def test_lookahead_contributes_where_it_is_due() -> None:
    x = nn.Parameter(torch.ones(2))
    optimizer = o.Lookahead(o.SGD([x], 0.1), k=2)
    norms = []
    for _ in range(4):
        x.grad = torch.ones(2)
        with optimizer.watch_parts():
            optimizer.step()
        norms.append(optimizer.contributions()[0].part("lookahead").norm)
    assert norms == pytest.approx([0.0, 0.1 * math.sqrt(2), 0.0, 0.1 * math.sqrt(2)])


def test_names_without_names_are_group_and_place() -> None:
    first, second = nn.Linear(2, 2), nn.Linear(2, 1)
    optimizer = o.SGD([{"params": first.parameters()}, {"params": second.parameters()}])
    second(torch.ones(1, 2)).sum().backward()
    with optimizer.watch_parts():
        optimizer.step()
    assert [u.name for u in optimizer.contributions()] == ["1.0", "1.1"]


def test_contributions_of_nothing_are_refused() -> None:
    model = net()
    optimizer = o.SGD(model.parameters())
    train(model, optimizer, range(1))
    with pytest.raises(OptimError) as raised:
        optimizer.contributions()
    assert str(raised.value) == "no step was watched; make one within `with optimizer.watch_parts():`"


class Operations(TorchDispatchMode):
    """The names of all operations."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.names.append(func._schema.name.removeprefix("aten::"))
        return func(*args, **(kwargs or {}))


def test_a_step_that_is_not_watched_costs_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    model = net()
    optimizer = o.Adam(model.parameters())
    train(model, optimizer, range(1))
    with optimizer.watch_parts():
        optimizer.step()

    def never(*_: Any) -> Any:
        raise AssertionError("measured")

    monkeypatch.setattr(implementation, "changes_of", never)
    with Operations() as operations:
        optimizer.step()
    kernels = [name for name in operations.names if name != "scalar_tensor" and not name.startswith("profiler")]
    assert kernels == [
        "_foreach_lerp_", "_foreach_mul_", "_foreach_addcmul_", "_foreach_sqrt", "_foreach_add_", "_foreach_addcdiv_",
    ]  # fmt: skip


@every_preset
@pytest.mark.parametrize("fails_at", range(1, 12))
def test_a_measurement_that_fails_leaves_the_step_as_it_would_have_been(
    make: Make, fails_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = []
    for watched in (False, True):
        model = net()
        optimizer = make(model.parameters())
        train(model, optimizer, range(3))
        optimizer.zero_grad()
        loss_of(model, 3).backward()
        with monkeypatch.context() as patch:
            if watched:
                asked, failing = optimizer.watch_next(), FailingAt(fails_at)
                patch.setattr(implementation, "_without_trace", lambda _, f=failing: f)
            optimizer.step()
            if watched and failing.left <= 0:
                with pytest.raises(OptimError, match="no memory left"):
                    asked.read({})
        ends.append((weights(model), optimizer.state_dict()["state"]))
    assert apart(ends[0][0], ends[1][0]) == 0.0
    assert all(same(ends[0][1][i], ends[1][1][i]) for i in range(len(ends[0][1])))


class FailingAt(TorchDispatchMode):
    """Raises at the n-th operation."""

    def __init__(self, n: int) -> None:
        super().__init__()
        self.left = n

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.left -= 1
        if not self.left:
            raise MemoryError("no memory left")
        return func(*args, **(kwargs or {}))


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return one.keys() == other.keys() and all(
        torch.equal(one[k], other[k]) if isinstance(one[k], torch.Tensor) else one[k] == other[k] for k in one
    )


def test_a_failed_measurement_holds_no_tensor(monkeypatch: pytest.MonkeyPatch) -> None:
    x = nn.Parameter(torch.ones(1000))
    x.grad = torch.ones(1000)
    optimizer = o.Adam([x])
    held: list[weakref.ref[Any]] = []

    def fails(changes: Any, grads: Any) -> Any:
        held.extend(weakref.ref(t) for t in (*changes[0].deltas, *grads))
        raise MemoryError("no memory left")

    monkeypatch.setattr(implementation, "_products", fails)
    with optimizer.watch_parts():
        optimizer.step()
    assert held
    assert all(ref() is None for ref in held)
    with pytest.raises(OptimError, match="the step itself was made"):
        optimizer.contributions()


def test_what_a_part_draws_in_the_rehearsal_is_what_it_draws_in_the_step() -> None:
    @dataclass(frozen=True, repr=False)
    class Noise(o.Shaper):
        name: ClassVar[str] = "noise"

        def declare(self) -> o.Declares:
            return o.Declares()

        def stages(self, b: o.Bundle) -> Any:
            yield "noise", [g + torch.randn_like(g) for g in b.grads]

        def run(self, b: o.Bundle) -> None:
            b.grads = [g + torch.randn_like(g) for g in b.grads]

    ends = []
    for watched in (False, True):
        torch.manual_seed(0)
        x = nn.Parameter(torch.zeros(5))
        optimizer = o.Optimizer([x], [Noise(), o.sgd], lr=1.0)
        for _ in range(3):
            x.grad = torch.ones(5)
            if watched:
                optimizer.watch_next()
            optimizer.step()
        ends.append((x.detach(), torch.get_rng_state()))
    assert torch.equal(ends[0][0], ends[1][0])
    assert torch.equal(ends[0][1], ends[1][1])


def test_the_next_step_is_watched_once_whoever_else_watches() -> None:
    x = nn.Parameter(torch.ones(2))
    x.grad = torch.ones(2)
    optimizer = o.Momentum([x], 0.1)
    first, second, none = optimizer.watch_next(), optimizer.watch_next(), optimizer.watch_next()
    optimizer.watch_no_more(none)
    with optimizer.watch_parts():
        optimizer.step()
    optimizer.step()
    for one in (first.read({id(x): "x"}), second.read({id(x): "x"}), optimizer.contributions()):
        assert one[0].part("momentum").norm == 0.0
    assert first.seconds > 0
    assert first.read({}) == none.read({id(x): "x"}) == ()


def test_a_step_that_raises_leaves_nothing_to_be_watched() -> None:
    x = nn.Parameter(torch.ones(2))
    x.grad = torch.ones(2)
    optimizer = o.SGD([x], 0.1)
    watched = optimizer.watch_next()

    def fails() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        optimizer.step(fails)
    optimizer.step()
    assert watched.read({id(x): "x"}) == ()


def test_a_compiled_step_is_compiled_once_and_not_watched() -> None:
    x = nn.Parameter(torch.ones(2))
    x.grad = torch.ones(2)
    optimizer = o.SGD([x], 0.5)
    compiled = []
    step = torch.compile(optimizer.step, backend=lambda graph, _: compiled.append(graph) or graph.forward)
    for i in range(4):
        if i % 2:
            watched = optimizer.watch_next()
        step()
    assert torch.equal(x.detach(), torch.full((2,), -1.0))
    assert watched.read({id(x): "x"}) == ()
    assert len(compiled) == 1


def test_what_was_watched_keeps_no_tensor_but_the_parameters() -> None:
    x = nn.Parameter(torch.ones(1000))
    x.grad = torch.ones(1000)
    optimizer = o.Adam([x])
    with optimizer.watch_parts():
        optimizer.step()
    assert all(c.delta is None for c in optimizer.contributions()[0].parts)
    watched = optimizer._watched
    assert watched is not None
    (made,) = watched._made
    assert made[0] == [x]
    assert all(not change.deltas for change in made[1])
    assert made[2].shape == (1, 9, 9)


def test_gradients_that_are_not_finite_are_told_as_they_are() -> None:
    x, y = nn.Parameter(torch.zeros(2)), nn.Parameter(torch.zeros(1))
    x.grad, y.grad = torch.tensor([math.inf, 1.0]), torch.tensor([math.nan])
    optimizer = o.SGD([x, y], 0.5)
    with optimizer.watch_parts():
        optimizer.step()
    first, second = optimizer.contributions()
    assert first.part("gradient").norm == math.inf
    assert math.isnan(first.part("gradient").descent_cosine)
    assert math.isnan(second.norm)


def test_complex_contributions_are_complex() -> None:
    x = nn.Parameter(torch.ones(2, dtype=torch.complex64))
    x.grad = torch.tensor([1 + 1j, 2 - 1j])
    optimizer = o.SGD([x], 0.5)
    with optimizer.watch_parts(keep=True):
        optimizer.step()
    delta = optimizer.contributions()[0].part("gradient").delta
    assert delta is not None
    assert torch.equal(delta, torch.tensor([-0.5 - 0.5j, -1 + 0.5j]))
