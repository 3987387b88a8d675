"""A composed optimizer is a torch optimizer: groups, schedules, states, closures, hooks, copies, mixed precision."""

from __future__ import annotations

import copy
import io
import pickle
from collections.abc import Callable, Iterable
from typing import Any

import pytest
import torch
from optim_nets import apart, loss_of, net, train, weights
from torch import nn
from torch.optim import lr_scheduler

from auscult import optim as o
from auscult.errors import OptimError
from auscult.optim import optimizer as implementation

Make = Callable[[Iterable[nn.Parameter]], o.Optimizer]

PRESETS: dict[str, Make] = {
    "SGD": lambda p: o.SGD(p, 0.05, 0.1),
    "Momentum": lambda p: o.Momentum(p, 0.02, weight_decay=0.1),
    "Nesterov": lambda p: o.Momentum(p, 0.02, nesterov=True),
    "RMSProp": lambda p: o.RMSProp(p, 1e-3),
    "RMSProp, eps inside": lambda p: o.RMSProp(p, 1e-3, eps_inside=True),
    "Adam": lambda p: o.Adam(p, 3e-3, weight_decay=0.1),
    "Adam, amsgrad": lambda p: o.Adam(p, 3e-3, amsgrad=True),
    "AdamW": lambda p: o.AdamW(p, 3e-3, weight_decay=0.1),
    "RAdam": lambda p: o.RAdam(p, 3e-3, (0.9, 0.9)),
    "QHAdam": lambda p: o.QHAdam(p, 3e-3, nus=(0.7, 0.8)),
    "LARC": lambda p: o.LARC(p, weight_decay=0.1),
    "LAMB": lambda p: o.LAMB(p, weight_decay=0.1),
    "Lion": lambda p: o.Lion(p, 1e-3, weight_decay=0.1),
    "Lookahead": lambda p: o.Lookahead(o.Adam(p, 3e-3), k=4),
}

every_preset = pytest.mark.parametrize("make", PRESETS.values(), ids=PRESETS)


def one_cycle(optimizer: Any, **more: Any) -> Any:
    return lr_scheduler.OneCycleLR(optimizer, 0.05, total_steps=30, **more)


@pytest.mark.parametrize(
    ("own", "theirs", "schedule"),
    [
        (o.Momentum, lambda p: torch.optim.SGD(p, momentum=0.9), one_cycle),
        (o.Adam, torch.optim.Adam, one_cycle),
        (o.SGD, torch.optim.SGD, lambda s: one_cycle(s, cycle_momentum=False)),
        (o.Adam, torch.optim.Adam, lambda s: lr_scheduler.CyclicLR(s, 1e-3, 1e-2, 5)),
        (o.AdamW, torch.optim.AdamW, lambda s: lr_scheduler.CosineAnnealingLR(s, 30)),
        (
            o.RAdam,
            torch.optim.RAdam,
            lambda s: lr_scheduler.SequentialLR(
                s, [lr_scheduler.LinearLR(s, 0.1, 1.0, 5), lr_scheduler.StepLR(s, 7)], [5]
            ),
        ),
    ],
)
def test_schedules_give_the_training_they_give_with_torch(own: Any, theirs: Any, schedule: Callable[..., Any]) -> None:
    ends = []
    for make in (own, theirs):
        model = net()
        optimizer = make(model.parameters())
        schedule_ = schedule(optimizer)
        seen = []

        def after(_: int, s: Any = schedule_, seen: list[float] = seen, q: Any = optimizer) -> None:
            s.step()
            seen.append(q.param_groups[0]["lr"])

        train(model, optimizer, range(29), after)
        assert len(set(seen)) > 3
        ends.append((weights(model), seen))
    assert ends[0][1] == ends[1][1]
    assert apart(ends[0][0], ends[1][0]) < 1e-10


def test_one_cycle_cycles_momentum_of_every_average() -> None:
    for make in (o.Momentum, o.Adam, o.QHAdam, o.LARC, o.LAMB, o.Lion):
        optimizer = make(net().parameters())
        one_cycle(optimizer, base_momentum=0.85, max_momentum=0.95)
        assert optimizer.param_groups[0]["momentum"] == 0.95


def test_groups_have_hyper_parameters_of_their_own() -> None:
    ends = []
    for make, names in ((o.AdamW, ("momentum", "sqr_momentum")), (torch.optim.AdamW, ())):
        model = net()
        first, *rest = model.parameters()
        second: dict[str, Any] = {"params": rest, "weight_decay": 0.5, "lr": 1e-2}
        second |= {"momentum": 0.5, "sqr_momentum": 0.9} if names else {"betas": (0.5, 0.9)}
        train(model, make([{"params": [first]}, second], lr=1e-3), range(30))
        ends.append(weights(model))
    assert apart(*ends) < 1e-12


def test_a_group_added_in_mid_training() -> None:
    ends = []
    for make in (o.Adam, torch.optim.Adam):
        model = net()
        held = list(model.parameters())
        optimizer = make(held[:2], lr=1e-2)
        train(model, optimizer, range(10))
        optimizer.add_param_group({"params": held[2:], "betas": (0.8, 0.9), "lr": 3e-3})
        train(model, optimizer, range(10, 30))
        ends.append(weights(model))
    assert apart(*ends) < 1e-12


@every_preset
def test_frozen_parameters_stay_and_begin_later(make: Make) -> None:
    model = net()
    optimizer = make(model.parameters())
    frozen = model[4].weight
    frozen.requires_grad_(False)
    before = frozen.detach().clone()
    train(model, optimizer, range(5))
    assert torch.equal(frozen, before)
    assert frozen not in optimizer.state
    frozen.requires_grad_(True)
    train(model, optimizer, range(5, 8))
    assert not torch.equal(frozen, before)
    if "step" in optimizer._composition.states:
        assert (optimizer.state[frozen]["step"], optimizer.state[model[6].weight]["step"]) == (3, 8)


@every_preset
def test_a_saved_state_resumes_bit_exactly(make: Make) -> None:
    model = net()
    optimizer = make(model.parameters())
    train(model, optimizer, range(10))
    file = io.BytesIO()
    torch.save((model.state_dict(), optimizer.state_dict()), file)
    train(model, optimizer, range(10, 20))

    file.seek(0)
    model_state, state = torch.load(file, weights_only=True)
    twin = net(seed=5)
    twin.load_state_dict(model_state)
    resumed = make(twin.parameters())
    resumed.load_state_dict(state)
    train(twin, resumed, range(10, 20))
    assert apart(weights(model), weights(twin)) == 0.0


@every_preset
def test_copies_and_pickles_train_on_alone(make: Make) -> None:
    model = net()
    optimizer = make(model.parameters())
    train(model, optimizer, range(5))
    copied, pickled = copy.deepcopy((model, optimizer)), pickle.loads(pickle.dumps((model, optimizer)))
    train(model, optimizer, range(5, 12))
    for twin, other in (copied, pickled):
        assert apart(weights(model), weights(twin)) > 1e-4
        assert other.parts == optimizer.parts
        assert str(other) == str(optimizer)
        train(twin, other, range(5, 12))
        assert apart(weights(model), weights(twin)) == 0.0


def test_a_loaded_state_is_a_copy() -> None:
    model, twin = net(), net()
    one, two = o.Adam(model.parameters()), o.Adam(twin.parameters())
    train(model, one, range(2))
    two.load_state_dict(one.state_dict())
    before = two.state[twin[0].weight]["grad_avg"].clone()
    train(model, one, range(2, 4))
    assert torch.equal(two.state[twin[0].weight]["grad_avg"], before)


def test_a_state_of_other_parts_is_refused_and_nothing_changed() -> None:
    model = net()
    adam, momentum = o.Adam(model.parameters()), o.Momentum(model.parameters())
    train(model, adam, range(2))
    with pytest.raises(OptimError) as raised:
        momentum.load_state_dict(adam.state_dict())
    assert str(raised.value) == (
        "the saved state is of the parts [l2_reg, average_grad(dampening=True), average_sqr_grad, step_count, debias, "
        "adam], this optimizer's are [l2_reg, average_grad, momentum]; compose it as it was saved"
    )
    assert not momentum.state
    with pytest.raises(OptimError, match="is of the parts"):  # even where all that is kept has the same names
        o.RMSProp(model.parameters(), dampening=False).load_state_dict(o.RMSProp(model.parameters()).state_dict())


def test_a_state_of_torchs_own_is_refused() -> None:
    model = net()
    theirs = torch.optim.Adam(model.parameters())
    train(model, theirs, range(1))
    with pytest.raises(OptimError, match=r"keeps \['exp_avg', 'exp_avg_sq', 'step'\] of a parameter, these parts"):
        o.Adam(model.parameters()).load_state_dict(theirs.state_dict())
    empty = torch.optim.SGD(model.parameters(), 0.1).state_dict()
    with pytest.raises(OptimError, match="a saved group has no sqr_momentum; load what a composed optimizer saved"):
        o.Adam(model.parameters()).load_state_dict(empty)


def test_a_state_without_its_parts_is_known_by_what_it_keeps() -> None:
    """As tools that gather a state anew hand it on."""
    model = net()
    optimizer = o.Adam(model.parameters())
    train(model, optimizer, range(3))
    state = {k: v for k, v in optimizer.state_dict().items() if k != "parts"}
    other = o.Adam(model.parameters())
    other.load_state_dict(state)
    assert other.state[model[0].weight]["step"] == 3


def test_a_closure_computes_the_loss_and_is_returned() -> None:
    model, twin = net(), net()
    own, theirs = o.Adam(model.parameters()), torch.optim.Adam(twin.parameters())

    def closure(m: nn.Module) -> Callable[[], torch.Tensor]:
        def compute() -> torch.Tensor:
            m.zero_grad()
            loss = loss_of(m)
            loss.backward()
            return loss

        return compute

    losses = [(own.step(closure(model)).item(), theirs.step(closure(twin)).item()) for _ in range(5)]  # type: ignore[union-attr]
    assert losses[-1][0] < losses[0][0]
    assert losses == [(pytest.approx(b), b) for _, b in losses]
    assert apart(weights(model), weights(twin)) < 1e-12


def test_step_hooks_are_called_around_the_step() -> None:
    model = net()
    optimizer = o.Adam(model.parameters())
    heard: list[tuple[str, bool]] = []
    start = weights(model)
    optimizer.register_step_pre_hook(lambda *_: heard.append(("pre", apart(start, weights(model)) == 0)))
    optimizer.register_step_post_hook(lambda *_: heard.append(("post", apart(start, weights(model)) == 0)))
    train(model, optimizer, range(1))
    assert heard == [("pre", True), ("post", False)]


@every_preset
def test_many_tensors_at_once_are_each_as_if_alone(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """One optimizer of all parameters, one of each, and bundles split to fit a cache: the same to the bit."""
    ends = []
    for cached, alone in ((1 << 16, False), (50, False), (1 << 16, True)):
        monkeypatch.setattr(implementation, "_CACHED", cached)
        model = net()
        held = list(model.parameters())
        optimizers = [make([p]) for p in held] if alone else [make(held)]
        for step in range(10):
            model.zero_grad()
            loss_of(model, step).backward()
            for optimizer in optimizers:
                optimizer.step()
        ends.append(weights(model))
    assert apart(ends[0], ends[1]) == 0.0
    assert apart(ends[0], ends[2]) == 0.0


def test_parameters_of_several_dtypes_are_stepped_as_torch_steps_them() -> None:
    dtypes = (torch.float32, torch.float64, torch.complex64, torch.complex128)
    g = torch.Generator().manual_seed(0)
    starts = [torch.randn(4, generator=g, dtype=dtype) for dtype in dtypes]
    grads = [[torch.randn(4, generator=g, dtype=dtype) for dtype in dtypes] for _ in range(10)]
    for own, theirs in (
        (o.Adam, torch.optim.Adam),
        (o.RMSProp, torch.optim.RMSprop),
        (lambda p: o.Adam(p, amsgrad=True), lambda p: torch.optim.Adam(p, amsgrad=True)),
    ):
        ends = []
        for make in (own, theirs):
            held = [nn.Parameter(x.clone()) for x in starts]
            optimizer = make(held)
            for row in grads:
                for p, grad in zip(held, row, strict=True):
                    # conj of a complex one is a view, which torch's own do not take
                    p.grad = grad.conj() if make is own else grad.conj().resolve_conj().clone()
                optimizer.step()
            ends.append([p.detach() for p in held])
        for a, b in zip(*ends, strict=True):
            assert a.dtype == b.dtype
            assert float((a - b).abs().max()) < (1e-6 if a.dtype in (torch.float32, torch.complex64) else 1e-12)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_parameters_are_stepped_in_single_precision(dtype: torch.dtype) -> None:
    """Where statistics in float16 would be zero, and the step infinite: as a float32 twin, rounded after each step."""
    half = nn.Parameter(torch.ones(3, dtype=dtype))
    single = nn.Parameter(torch.ones(3))
    optimizers = [o.Adam([half], 0.01), o.Adam([single], 0.01)]
    for _ in range(20):
        half.grad = torch.tensor([1e-4, -1e-4, 1.0], dtype=dtype)
        single.grad = half.grad.float()
        for optimizer in optimizers:
            optimizer.step()
        with torch.no_grad():
            single.copy_(single.to(dtype))
    assert torch.equal(half.float(), single)
    assert single[0] < 0.85
    assert optimizers[0].state[half]["sqr_avg"].dtype == torch.float32
    twin = o.Adam([half], 0.01)
    twin.load_state_dict(optimizers[0].state_dict())
    assert twin.state[half]["sqr_avg"].dtype == torch.float32
    assert torch.equal(twin.state[half]["sqr_avg"], optimizers[0].state[half]["sqr_avg"])


def test_sparse_gradients_are_refused_before_anything_moves() -> None:
    dense, embedding = nn.Parameter(torch.ones(2)), nn.Embedding(5, 2, sparse=True)
    before = embedding.weight.detach().clone()
    optimizer = o.SGD([dense, embedding.weight], 0.1)
    (embedding(torch.tensor([1])).sum() + dense.sum()).backward()
    with pytest.raises(OptimError) as raised:
        optimizer.step()
    assert str(raised.value) == (
        "a gradient is sparse_coo, and parts work on dense ones; "
        "make the embedding with sparse=False, or use torch.optim.SparseAdam"
    )
    assert torch.equal(dense, torch.ones(2))
    assert torch.equal(embedding.weight, before)


def test_a_grad_scaler_unscales_and_skips() -> None:
    x = nn.Parameter(torch.ones(2))
    optimizer, scaler = o.Momentum([x], 0.1), torch.amp.GradScaler("cpu", init_scale=1024.0)
    scaler.scale((x * torch.tensor([1.0, 2.0])).sum()).backward()
    scaler.step(optimizer)
    scaler.update()
    assert torch.allclose(x.detach(), torch.tensor([0.9, 0.8]))
    optimizer.zero_grad()
    scaler.scale((x * torch.tensor([1.0, float("inf")])).sum()).backward()
    scaler.step(optimizer)
    scaler.update()
    assert torch.allclose(x.detach(), torch.tensor([0.9, 0.8]))
    assert scaler.get_scale() == 512.0


def test_a_step_with_nothing_to_do_does_nothing() -> None:
    x = nn.Parameter(torch.ones(2))
    optimizer = o.Adam([x])
    assert optimizer.step() is None
    assert not optimizer.state
    assert torch.equal(x, torch.ones(2))


def test_zero_grad_clears() -> None:
    model = net()
    optimizer = o.Adam(model.parameters())
    loss_of(model).backward()
    optimizer.zero_grad()
    assert all(p.grad is None for p in model.parameters())
    loss_of(model).backward()
    optimizer.zero_grad(set_to_none=False)
    assert all(not p.grad.any() for p in model.parameters() if p.grad is not None)


@every_preset
def test_gradients_are_left_as_they_are(make: Make) -> None:
    model = net()
    optimizer = make(model.parameters())
    train(model, optimizer, range(2))
    loss_of(model).backward()
    before = [p.grad.clone() for p in model.parameters() if p.grad is not None]
    optimizer.step()
    assert apart(before, [p.grad for p in model.parameters() if p.grad is not None]) == 0.0
