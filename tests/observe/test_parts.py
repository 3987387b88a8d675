"""What the parts of a composed optimizer contribute is recorded as it was, and nothing of the training knows of it."""

from __future__ import annotations

import copy
import io
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import auscult
from auscult import optim as o
from auscult.observe.recorder import Recorder
from auscult.optim import contributions
from auscult.runs import Run
from auscult.runs import quantities as q
from programs import run_python

PRESETS: dict[str, Callable[[Any], o.Optimizer]] = {
    "SGD": lambda p: o.SGD(p, 0.05, 0.1),
    "Momentum": lambda p: o.Momentum(p, 0.02, weight_decay=0.1),
    "RMSProp": lambda p: o.RMSProp(p, 1e-3),
    "Adam": lambda p: o.Adam(p, 3e-3, weight_decay=0.1),
    "AdamW": lambda p: o.AdamW(p, 3e-3, weight_decay=0.1, amsgrad=True),
    "RAdam": lambda p: o.RAdam(p, 3e-3, (0.9, 0.9)),
    "QHAdam": lambda p: o.QHAdam(p, 3e-3, nus=(0.7, 0.8)),
    "LARC": lambda p: o.LARC(p, weight_decay=0.1),
    "LAMB": lambda p: o.LAMB(p, weight_decay=0.1),
    "Lion": lambda p: o.Lion(p, 1e-3, weight_decay=0.1),
    "Lookahead": lambda p: o.Lookahead(o.Adam(p, 3e-3), k=4),
}
every_preset = pytest.mark.parametrize("make", PRESETS.values(), ids=PRESETS)


def net() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(6, 8), nn.Dropout(0.2), nn.Tanh(), nn.Linear(8, 3)).double()


def loss_of(model: nn.Module) -> Tensor:
    return nn.functional.cross_entropy(model(torch.randn(10, 6, dtype=torch.float64)), torch.randint(0, 3, (10,)))


def train(model: nn.Module, optimizer: Any, steps: int, after: Callable[[int], None] = lambda step: None) -> None:
    for step in range(steps):
        optimizer.zero_grad()
        loss_of(model).backward()
        optimizer.step()
        after(step)


def shares(run: Run, subject: str) -> dict[str, np.ndarray]:
    """By role, at the steps where it was recorded."""
    found = {
        role: run.series(q.of_role(q.PART_SHARE, role), subject) for role in q.roles_of(q.PART_SHARE, run.quantities)
    }
    return {role: series.values for role, series in found.items() if len(series)}


def same(one: Any, other: Any) -> bool:
    if isinstance(one, Tensor):
        return torch.equal(one, other)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    return one == other


# -- it changes nothing ------------------------------------------------------------------------------------------------


def ends(watched: bool, make: Callable[[Any], Any], steps: int = 15, **settings: Any) -> tuple[Any, ...]:
    model = net()
    optimizer = make(model.parameters())
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    recorder = auscult.watch(model, optimizer, **settings) if watched else None
    train(model, optimizer, steps, lambda _: schedule.step())
    if recorder is not None:
        recorder.close()
        assert recorder.bill.faults == 0
        assert q.roles_of(q.PART_SHARE, recorder.run.quantities)
    return model.state_dict(), optimizer.state_dict(), torch.get_rng_state()


@pytest.mark.parametrize("settings", [{"every": 1}, {}], ids=["every", "budget"])
@every_preset
def test_weights_state_and_random_numbers_are_identical(make: Callable[[Any], Any], settings: dict[str, Any]) -> None:
    assert same(ends(False, make), ends(True, make, **settings))


def test_the_optimizer_is_copied_and_saved_as_ever_while_it_is_watched() -> None:
    model = net()
    optimizer = o.Adam(model.parameters())
    with auscult.watch(model, optimizer, every=1) as recorder:
        train(model, optimizer, 3)
        optimizer.load_state_dict(copy.deepcopy(optimizer.state_dict()))
        for twin in (copy.deepcopy(optimizer), pickle.loads(pickle.dumps(optimizer))):
            assert same(twin.state_dict(), optimizer.state_dict())
            assert "_asked" not in vars(twin)
        torch.save(optimizer, io.BytesIO())
        train(model, optimizer, 3)
    assert recorder.bill.faults == 0
    assert len(shares(recorder.run, "0.weight")["gradient"]) == 6


def test_what_the_user_watches_is_the_users() -> None:
    model = net()
    optimizer = o.Momentum(model.parameters(), 0.1)
    with auscult.watch(model, optimizer, every=1) as recorder:
        train(model, optimizer, 2)
        with pytest.raises(auscult.errors.OptimError, match="no step was watched"):
            optimizer.contributions()
        with optimizer.watch_parts(keep=True):
            train(model, optimizer, 1)
        mine = optimizer.contributions()
        train(model, optimizer, 2)
        assert [u.norm for u in optimizer.contributions()] == [u.norm for u in mine]
    assert all(c.delta is not None for c in mine[0].parts)
    recorded = shares(recorder.run, "0.weight")
    assert mine[0].part("momentum").share == pytest.approx(recorded["momentum"][2], rel=1e-6)
    assert len(recorded["momentum"]) == 5


def test_steps_that_are_not_due_are_not_rehearsed(monkeypatch: pytest.MonkeyPatch) -> None:
    rehearsed: list[int] = []
    original = contributions.Watched.rehearse

    def counted(*args: Any) -> None:
        rehearsed.append(1)
        original(*args)

    monkeypatch.setattr(contributions.Watched, "rehearse", counted)
    model = net()
    optimizer = o.SGD(model.parameters(), 0.1)
    with auscult.watch(model, optimizer, every=4) as recorder:
        train(model, optimizer, 10)
    train(model, optimizer, 4)
    assert len(rehearsed) == 3
    run = recorder.run
    assert run.series(q.of_role(q.PART_SHARE, "gradient"), "0.weight").steps.tolist() == [0, 4, 8]


def test_an_optimizer_of_torch_loads_nothing_of_ours() -> None:
    program = (
        "import sys, torch, auscult\n"
        "model = torch.nn.Linear(2, 1)\n"
        "optimizer = torch.optim.Adam(model.parameters())\n"
        "with auscult.watch(model, optimizer, every=1) as recorder:\n"
        "    model(torch.ones(1, 2)).sum().backward()\n"
        "    optimizer.step()\n"
        "assert 'auscult.optim' not in sys.modules\n"
        "assert not any(name.startswith('part_') for name in recorder.run.quantities)\n"
    )
    assert run_python("-c", program).returncode == 0


# -- it measures what happened -----------------------------------------------------------------------------------------


def norms(run: Run, role: str, subject: str) -> list[float]:
    return run.series(q.of_role(q.PART_NORM, role), subject).values.tolist()


@pytest.mark.parametrize("decay", [0.0, 0.3])
def test_momentum_by_its_formula(decay: float) -> None:
    model = net()
    optimizer = o.Momentum(model.parameters(), 0.02, 0.9, decay)
    average = torch.zeros(8, 6, dtype=torch.float64)
    expected: list[dict[str, Tensor]] = []
    with auscult.watch(model, optimizer, every=1) as recorder:
        for _ in range(6):
            optimizer.zero_grad()
            loss_of(model).backward()
            weight = model[0].weight.detach().clone()
            grad = model[0].weight.grad
            optimizer.step()
            average = 0.9 * average + grad + decay * weight
            parts = {"gradient": grad, "decay": decay * weight, "momentum": average - grad - decay * weight}
            expected.append({role: -0.02 * d for role, d in parts.items()})
    found = shares(recorder.run, "0.weight")
    assert set(found) == set(expected[0])
    for role, values in found.items():
        steps = [sum(parts.values()) for parts in expected]
        told = [float((e[role] * s).sum() / (s * s).sum()) for e, s in zip(expected, steps, strict=True)]
        assert values == pytest.approx(told, rel=1e-5, abs=1e-9)
        assert norms(recorder.run, role, "0.weight") == pytest.approx(
            [float(e[role].norm()) for e in expected], rel=1e-5
        )
    update = recorder.run.series(q.UPDATE_NORM, "0.weight").values
    assert update == pytest.approx([float(sum(parts.values()).norm()) for parts in expected], rel=1e-5)
    assert sum(found.values()) == pytest.approx(np.ones(6), abs=1e-5)


def test_adam_by_its_formula() -> None:
    model = net()
    optimizer = o.AdamW(model.parameters(), 0.01, (0.9, 0.99), 1e-8, 0.1)
    m, v = torch.zeros(3, 8, dtype=torch.float64), torch.zeros(3, 8, dtype=torch.float64)
    run = []
    with auscult.watch(model, optimizer, every=1) as recorder:
        for step in range(1, 7):
            optimizer.zero_grad()
            loss_of(model).backward()
            weight = model[3].weight.detach().clone()
            grad = model[3].weight.grad
            optimizer.step()
            m, v = 0.9 * m + 0.1 * grad, 0.99 * v + 0.01 * grad**2
            mean, scale = m / (1 - 0.9**step), (v / (1 - 0.99**step)).sqrt() + 1e-8
            made = {"decay": 0.1 * weight, "gradient": grad, "momentum": mean - grad, "scaling": mean / scale - mean}
            run.append((made, grad, 0.01 / scale))
    recorded = recorder.run
    for role in ("decay", "gradient", "momentum", "scaling"):
        assert norms(recorded, role, "3.weight") == pytest.approx(
            [0.01 * float(made[role].norm()) for made, _, _ in run], rel=1e-5, abs=1e-12
        )
        cosines = recorded.series(q.of_role(q.PART_COSINE, role), "3.weight").values
        told = [float((made[role] * g).sum() / (made[role].norm() * g.norm())) for made, g, _ in run]
        later = slice(
            1, None
        )  # at first the average is the gradient, and of what rounding leaves anything is the angle
        assert cosines[later] == pytest.approx(told[later], abs=1e-5)
    stored = recorded.arrays(q.RATES, "3.weight")
    assert [s.step for s in stored] == list(range(6))
    for kept, (_, _, rates) in zip(stored, run, strict=True):
        low, high, counts = kept.values[0], kept.values[1], kept.values[2:]
        told = np.histogram(rates.log10().numpy(), np.linspace(low, high, len(counts) + 1))[0]
        assert counts.tolist() == told.tolist()
        assert counts.sum() == 24


@every_preset
def test_shares_sum_to_one(make: Callable[[Any], o.Optimizer]) -> None:
    model = net()
    optimizer = make(model.parameters())
    with auscult.watch(model, optimizer, every=1) as recorder:
        train(model, optimizer, 8)
    for name, _ in model.named_parameters():
        assert sum(shares(recorder.run, name).values()) == pytest.approx(np.ones(8), abs=1e-4)
    rates = recorder.run.arrays(q.RATES)
    assert bool(rates) == optimizer.adaptive
    assert {s.subject for s in rates} == ({n for n, _ in model.named_parameters()} if rates else set())


def test_rates_are_kept_of_ever_fewer_steps() -> None:
    model = net()
    first, second = o.Adam(model[0].parameters()), o.RMSProp(model[3].parameters())
    with auscult.watch(model, [first, second], every=1) as recorder:
        for _ in range(40):
            model.zero_grad()
            loss_of(model).backward()
            first.step()
            second.step()
    for subject in ("0.weight", "3.weight"):
        kept = [s.step for s in recorder.run.arrays(q.RATES, subject)]
        assert kept == [*range(10), 10, 12, 14, 16, 18, 20, 23, 26, 29, 32, 36]
        assert len(shares(recorder.run, subject)["scaling"]) == 40


def test_rates_beyond_the_edges_are_in_the_outermost_bins() -> None:
    x = nn.Parameter(torch.zeros(3))
    optimizer = o.Adam([x], 1e12)
    with auscult.watch({"x": x}, optimizer, every=1) as recorder:
        (x * torch.tensor([0.0, 1.0, float("nan")])).sum().backward()
        optimizer.step()
    (kept,) = recorder.run.arrays(q.RATES, "x")
    assert kept.values[:2].tolist() == [-10, 8]
    assert kept.values[-1] == 2  # lr / ε and lr; NaN is in none
    assert kept.values[2:].sum() == 2


def test_no_rates_where_elements_have_none() -> None:
    model = net()
    parts = [o.larc, o.lion, o.average_grad(dampening=True, coefficient="kept_momentum")]
    optimizer = o.Optimizer(model.parameters(), parts, lr=1e-3, weight_decay=0.1)
    with auscult.watch(model, optimizer, every=1) as recorder:
        train(model, optimizer, 3)
    assert recorder.bill.faults == 0
    assert not recorder.run.arrays(q.RATES)
    assert set(shares(recorder.run, "0.weight")) == {"gradient", "decay", "trust", "momentum", "sign"}


# -- odd trainings -----------------------------------------------------------------------------------------------------


def test_roles_that_collide_keep_their_parts_names() -> None:
    model = net()
    optimizer = o.Optimizer(model.parameters(), [o.weight_decay, o.l2_reg, o.sgd], lr=0.1, weight_decay=0.5)
    with auscult.watch(model, optimizer, every=1) as recorder:
        train(model, optimizer, 2)
    assert set(shares(recorder.run, "0.bias")) == {"weight_decay decay", "gradient", "l2_reg decay"}


def test_lookahead_and_groups_and_frozen_parameters() -> None:
    model = net()
    model[0].bias.requires_grad_(False)
    groups = [{"params": [model[0].weight]}, {"params": [model[3].weight, model[3].bias], "lr": 0.2}]
    optimizer = o.Lookahead(o.SGD(groups, 0.1), k=2)
    with auscult.watch(model, optimizer, every=1) as recorder:
        train(model, optimizer, 4)
    run = recorder.run
    assert set(run.quantities[q.of_role(q.PART_SHARE, "gradient")]) == {"0.weight", "3.weight", "3.bias"}
    back = norms(run, "lookahead", "0.weight")
    assert back[0] == back[2] == 0.0
    assert min(back[1], back[3]) > 0


def test_a_closure_and_its_gradients() -> None:
    model = net()
    optimizer = o.Momentum(model.parameters(), 0.1)

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = loss_of(model)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1e-3)
        return loss

    with auscult.watch(model, optimizer, every=1) as recorder:
        for _ in range(3):
            optimizer.step(closure)
    clipped = [norms(recorder.run, "gradient", name)[0] for name, _ in model.named_parameters()]
    assert np.linalg.norm(clipped) == pytest.approx(0.1 * 1e-3, rel=1e-3)
    assert recorder.bill.faults == 0


def test_two_optimizers_each_tell_of_their_own() -> None:
    model = net()
    first, second = o.Adam(model[0].parameters(), 1e-3), o.Lion(model[3].parameters(), 1e-3)
    with auscult.watch(model, [first, second], every=1) as recorder:
        for _ in range(4):
            model.zero_grad()
            loss_of(model).backward()
            first.step()
            second.step()
    assert set(shares(recorder.run, "0.weight")) == {"decay", "gradient", "momentum", "scaling"}
    assert set(shares(recorder.run, "3.weight")) == {"decay", "gradient", "momentum", "sign"}
    assert len(shares(recorder.run, "3.weight")["sign"]) == 4


def test_a_step_that_mixed_precision_skips_is_not_recorded() -> None:
    model = net().float()
    optimizer = o.Adam(model.parameters(), 1e-3)
    scaler = torch.amp.GradScaler("cpu", init_scale=4.0)
    with auscult.watch(model, optimizer, every=1) as recorder:
        for step in range(4):
            optimizer.zero_grad()
            loss = model(torch.randn(5, 6)).square().mean()
            scaler.scale(loss * float("inf") if step == 1 else loss).backward()
            scaler.step(optimizer)
            scaler.update()
    assert len(shares(recorder.run, "0.weight")["gradient"]) == 3
    assert recorder.bill.faults == 0
    assert not optimizer._asked


def test_a_step_that_raises_leaves_nothing_on() -> None:
    model = net()
    optimizer = o.SGD(model.parameters(), 0.1)

    def fails() -> None:
        raise ZeroDivisionError

    with auscult.watch(model, optimizer, every=1) as recorder:
        with pytest.raises(ZeroDivisionError):
            optimizer.step(fails)
        assert not optimizer._asked
        handle = optimizer.register_step_pre_hook(lambda *_: fails())
        with pytest.raises(ZeroDivisionError):
            optimizer.step()
        handle.remove()
    assert not optimizer._asked
    assert recorder.bill.faults == 0


def test_a_compiled_step_is_left_alone() -> None:
    found = []
    for watched in (False, True):
        model = net()
        optimizer = o.Adam(model.parameters(), 0.01)
        step = torch.compile(optimizer.step, backend="eager")
        recorder = auscult.watch(model, optimizer, every=1) if watched else None
        for _ in range(4):
            optimizer.zero_grad()
            loss_of(model).backward()
            step()
        if recorder is not None:
            recorder.close()
            assert recorder.bill.faults == 0
            assert len(recorder.run.series(q.RATIO, "0.weight")) == 4
        found.append((model.state_dict(), optimizer.state_dict()))
    assert same(*found)
    assert not optimizer._asked


def test_shards_are_left_alone() -> None:
    model = net()
    model[0].weight.to_local = None  # what tells a shard; to measure one, ranks would have to wait for each other
    optimizer = o.SGD(model.parameters(), 0.1)
    with auscult.watch(model, optimizer, every=1) as recorder:
        train(model, optimizer, 2)
    assert not q.roles_of(q.PART_SHARE, recorder.run.quantities)
    del model[0].weight.to_local  # until the collector comes for the model, it is no shard to whoever looks around


def test_a_training_of_half_precision_under_autocast() -> None:
    model = net().bfloat16()
    optimizer = o.Adam(model.parameters(), 0.01)
    with auscult.watch(model, optimizer, every=1) as recorder, torch.autocast("cpu", torch.bfloat16):
        for _ in range(3):
            optimizer.zero_grad()
            model(torch.randn(5, 6)).float().square().mean().backward()
            optimizer.step()
    assert recorder.bill.faults == 0
    assert sum(shares(recorder.run, "0.weight").values()) == pytest.approx(np.ones(3), abs=1e-5)


def test_an_optimizer_without_any_gradient() -> None:
    model = net()
    optimizer = o.Adam(model.parameters())
    with auscult.watch(model, optimizer, every=1) as recorder:
        optimizer.step()
    assert recorder.bill.faults == 0
    assert not q.roles_of(q.PART_NORM, recorder.run.quantities)


# -- it bills itself, and survives its faults --------------------------------------------------------------------------


def test_the_rehearsal_is_billed(monkeypatch: pytest.MonkeyPatch) -> None:
    original = contributions.Watched.rehearse

    def slow(self: contributions.Watched, *args: Any) -> None:
        original(self, *args)
        self.seconds += 1000.0

    monkeypatch.setattr(contributions.Watched, "rehearse", slow)

    def trained(**settings: Any) -> Recorder:
        model = net()
        optimizer = o.SGD(model.parameters(), 0.1)
        with auscult.watch(model, optimizer, **settings) as recorder:
            train(model, optimizer, 60)
        return recorder

    every = trained(every=20)
    assert every.bill.setup_s == pytest.approx(1000, abs=100)  # the first look
    assert every.bill.own_s == pytest.approx(1.15 * 2000, abs=100)  # with what the training waits after a look
    budget = trained(dense=0).run.series(q.GRAD_NORM).steps
    assert len(budget) < 30  # in debt, only the ladder of looks goes on
    times = every.run.series(q.STEP_TIME).values
    assert times[np.isfinite(times)].max(initial=0) < 500  # ours is no part of the step's time


def test_what_cannot_be_measured_is_said_once_counted_and_left_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make = PRESETS["Adam"]
    plain = ends(False, make)

    def out_of_memory(*args: Any) -> Any:
        raise torch.OutOfMemoryError("no memory left")

    monkeypatch.setattr(contributions, "_products", out_of_memory)
    model = net()
    optimizer = make(model.parameters())
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 15)
    with auscult.watch(model, optimizer, every=1) as recorder:
        train(model, optimizer, 15, lambda _: schedule.step())
    assert same(plain, (model.state_dict(), optimizer.state_dict(), torch.get_rng_state()))
    assert capsys.readouterr().err.count("no memory left") == 1
    assert recorder.bill.faults == 5
    assert len(recorder.run.events(q.FAULT)) == 5
    assert len(recorder.run.series(q.RATIO, "0.weight")) == 15
    assert not q.roles_of(q.PART_NORM, recorder.run.quantities)
