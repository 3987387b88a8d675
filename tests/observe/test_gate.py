"""Steps that the native core passes over by itself: nothing of them differs from what Python makes of them."""

import gc
import os
import weakref
from functools import partial

import numpy as np
import pytest
import torch
from torch import nn

import auscult
from auscult.observe import passing
from auscult.observe.census import Census
from auscult.observe.recorder import Recorder
from auscult.observe.steps import Steps
from auscult.runs import quantities as q
from auscult.settings import Settings
from auscult.stats import memory

pytestmark = pytest.mark.skipif(not memory.BUILT, reason="the native core was not built: there is no C compiler here")


def net():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(6, 16), nn.Tanh(), nn.Linear(16, 4))


def loss_of(model, scale=1.0):
    return scale * model(torch.randn(8, 6)).pow(2).mean()


def plain(model, optimizer, step):
    optimizer.zero_grad()
    loss_of(model).backward()
    optimizer.step()


def accumulated(model, optimizer, step):
    optimizer.zero_grad()
    for _ in range(3):
        loss_of(model).backward()
    optimizer.step()


def clipped(model, optimizer, step):
    optimizer.zero_grad()
    loss_of(model).backward()
    nn.utils.clip_grad_norm_(model.parameters(), 0.1)
    optimizer.step()


def with_a_peak(model, optimizer, step):
    optimizer.zero_grad()
    loss_of(model, 1e4 if step == 400 else 1.0).mul(1e-4 if step == 400 else 1.0).backward()
    loss_of(model, 1e4 if step == 401 else 1.0).backward()
    nn.utils.clip_grad_norm_(model.parameters(), 0.1)
    optimizer.step()


def with_a_jump(model, optimizer, step):
    optimizer.param_groups[0]["lr"] = 0.5 if step == 300 else 0.01
    plain(model, optimizer, step)


def with_nan(model, optimizer, step):
    optimizer.zero_grad()
    loss = loss_of(model)
    (loss * float("nan") if step == 350 else loss).backward()
    if step != 350:
        optimizer.step()


def not_every_time(model, optimizer, step):
    optimizer.zero_grad()
    loss_of(model).backward()
    if step % 3:
        optimizer.step()


def that_fails_now_and_then(model, optimizer, step):
    if step % 50 == 20:
        with pytest.raises(RuntimeError):
            model[0].weight.sum().expand(3).backward()  # no number
    plain(model, optimizer, step)


def several_losses(model, optimizer, step):
    optimizer.zero_grad()
    torch.autograd.backward([loss_of(model), loss_of(model)])
    optimizer.step()


KINDS = [plain, accumulated, clipped, with_a_peak, with_a_jump, with_nan, not_every_time, that_fails_now_and_then,
         several_losses]  # fmt: skip
OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.01),
    "adam, two groups": lambda p: torch.optim.Adam([{"params": [t], "lr": 1e-3} for t in list(p)[:2]]),
    "a tensor for a rate": lambda p: torch.optim.SGD(p, lr=torch.tensor(0.01)),
}


def adversaries(heard, steps, peak=None, every=1, third=None):
    """Two that take turns, of which the second has one every so often; a third comes later. Notes their losses."""
    torch.manual_seed(0)
    G, D, extra = nn.Linear(3, 6), net(), nn.Linear(4, 1)
    of_d, of_g = torch.optim.SGD(D.parameters(), lr=0.01), torch.optim.Adam(G.parameters(), lr=1e-3)
    of_extra = torch.optim.SGD(extra.parameters(), lr=0.01)

    def turn(name, optimizer, step, loss):
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        heard.setdefault(name, {})[step] = loss.item()

    for step in range(steps):
        turn("", of_d, step, D(torch.randn(8, 6)).pow(2).mean() + D(G(torch.randn(8, 3)).detach()).abs().mean())
        if step % every == every - 1:
            turn("Adam", of_g, step, (1e7 if step == peak else 10) * D(G(torch.randn(8, 3))).pow(2).mean())
        if third is not None and step >= third:
            turn("SGD#2", of_extra, step, extra(D(torch.randn(8, 6)).detach()).pow(2).mean())


def one_for_each(heard, steps):
    """An optimizer for each parameter, that steps as soon as its gradient is there."""
    model, optimizers = net(), {}

    def step_now(p):
        optimizers[p].step()
        optimizers[p].zero_grad()

    for p in model.parameters():
        optimizers[p] = torch.optim.SGD([p], lr=0.01)
        p.register_post_accumulate_grad_hook(step_now)
    for step in range(steps):
        loss = loss_of(model)
        heard.setdefault("", {})[step] = loss.item()
        loss.backward()


TURNS = {
    "two": adversaries,
    "a second now and then": partial(adversaries, every=3),
    "a third": partial(adversaries, third=300),
    "a peak of the second": partial(adversaries, peak=500),
    "one for each": one_for_each,
}


def recorded(run):
    """Every number of a run that no clock makes."""
    found = {}
    for quantity, subjects in run.quantities.items():
        if quantity != q.STEP_TIME:
            for subject in subjects:
                series = run.series(quantity, subject)
                found[quantity, subject] = series.steps, series.values
    return found


def assert_alike(run, another):
    one, other = recorded(run), recorded(another)
    assert set(one) == set(other)
    for key, (steps, values) in one.items():
        np.testing.assert_array_equal(steps, other[key][0], err_msg=str(key))
        np.testing.assert_allclose(values, other[key][1], rtol=1e-5, atol=1e-6, err_msg=str(key))


@pytest.mark.parametrize("updates", [None, 1, 4])
@pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS.keys())
@pytest.mark.parametrize("kind", KINDS)
def test_a_run_is_what_it_is_without_the_gate(kind, make, updates, monkeypatch):
    runs, bills = [], []
    for gated in (True, False):
        if not gated:
            monkeypatch.setattr(memory, "gate", lambda *listens: None)
        model = net()
        optimizer = make(model.parameters())
        with auscult.watch(model, optimizer, every=10**9, updates=updates) as recorder:
            gate = recorder._steps.passing.gate
            for step in range(700):
                kind(model, optimizer, step)
            assert (gate is not None) == gated
        runs.append(recorder.run)
        bills.append(recorder.bill)
    assert_alike(*runs)
    assert [(e.step, e.kind, e.data) for e in runs[0].events()] == [(e.step, e.kind, e.data) for e in runs[1].events()]
    counted = [(b.steps, b.sampled_steps, b.updates, b.faults, b.dropped_frames) for b in bills]
    assert counted[0] == counted[1]
    assert counted[0][3:] == (0, 0)


@pytest.mark.parametrize("updates", [1, 4])
@pytest.mark.parametrize("train", TURNS.values(), ids=TURNS.keys())
def test_several_that_take_turns_are_what_they_are_without_the_gate(train, updates, monkeypatch):
    runs, bills = [], []
    for gated in (True, False):
        if not gated:
            monkeypatch.setattr(memory, "gate", lambda *listens: None)
        heard: dict[str, dict[int, float]] = {}
        with Recorder(Census(), Settings(dir=f"here{gated}", every=10**9, updates=updates), "turns") as recorder:
            train(heard, 700)
        runs.append(recorder.run)
        bills.append(recorder.bill)
        for subject, losses in heard.items():
            series = recorder.run.series(q.LOSS, subject)
            assert series.steps.tolist() == list(losses)
            np.testing.assert_allclose(series.values, list(losses.values()), rtol=1e-6)
    assert_alike(*runs)
    counted = [(b.steps, b.sampled_steps, b.updates, b.faults, b.dropped_frames) for b in bills]
    assert counted[0] == counted[1]
    assert counted[0][0] == 700
    assert counted[0][3:] == (0, 0)


def test_the_gate_passes_over_the_turns_of_several():
    calls = []
    with Recorder(Census(), Settings(dir="here", every=10**9, updates=1), "turns") as recorder:
        begins = recorder.clock._step_begins
        recorder.clock._step_begins = lambda optimizer: (calls.append(optimizer), begins(optimizer))
        adversaries({}, 600)
    assert 2 < len(calls) < 20  # else the core went on by itself
    assert {len(recorder.run.series(q.RATIO, name)) for name in ("G.weight", "D.0.weight")} == {600}


def test_the_losses_of_one_are_not_unusual_because_they_are_far_above_those_of_another(monkeypatch):
    asked = []
    monkeypatch.setattr(Steps, "ask", lambda steps: asked.append(steps.number))
    with Recorder(Census(), Settings(dir="here", every=10**9), "turns"):
        adversaries({}, 600, every=3)
    assert asked == []
    with Recorder(Census(), Settings(dir="here", every=10**9), "turns"):
        adversaries({}, 600, peak=500)
    assert asked[:1] == [500]


@pytest.mark.parametrize("passes", [1, 2])
@pytest.mark.parametrize("updates", [None, 1, 3])
def test_a_loop_is_what_it_is_without_the_gate(passes, updates, monkeypatch):
    runs = []
    for gated in (True, False):
        if not gated:
            monkeypatch.setattr(memory, "gate", lambda *listens: None)
        torch.manual_seed(0)
        W = torch.randn(6, 4, requires_grad=True)
        with auscult.watch({"W": W}, every=10**9, updates=updates) as recorder:
            for _ in range(700):
                W.grad = None
                for _ in range(passes):
                    (torch.randn(8, 6) @ W).pow(2).mean().backward()
                W.data += -0.01 * W.grad
        runs.append(recorder.run)
        assert recorder.bill.faults == 0
    assert_alike(*runs)


@pytest.mark.parametrize("hand_written", [True, False])
def test_updates_may_become_too_dear_at_any_step(hand_written, monkeypatch):
    monkeypatch.setattr(passing, "_HAND_OVER_S", 0.002)  # so that it is often asked what can be paid for
    model = net()
    optimizer = None if hand_written else torch.optim.SGD(model.parameters(), lr=0.01)
    with auscult.watch(dict(model.named_parameters()), optimizer, every=10**9, updates=1) as recorder:
        schedule = recorder._steps._schedule
        monkeypatch.setattr(schedule, "pace", lambda step: setattr(schedule, "stride", 1 - schedule.stride))
        for step in range(3000):
            if hand_written:
                model.zero_grad()
                loss_of(model).backward()
                for p in model.parameters():
                    p.data -= 0.01 * p.grad
            else:
                plain(model, optimizer, step)
    assert recorder.bill.faults == 0
    assert 100 < len(recorder.run.series(q.RATIO, "0.weight")) < 2900


def test_the_gate_is_used():
    model = net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    with auscult.watch(model, optimizer, every=10**9, updates=1) as recorder:
        armed = 0
        for step in range(600):
            plain(model, optimizer, step)
            armed += recorder._steps.passing.gate.armed
            assert recorder._steps.number == step  # whoever counts
    assert armed > 580


def test_it_holds_no_optimizer():
    model = net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    recorder = auscult.watch(model, every=10**9)
    for step in range(100):
        plain(model, optimizer, step)
    assert recorder._steps.passing.gate.armed
    gone = weakref.ref(optimizer)
    del optimizer
    gc.collect()
    assert gone() is None
    recorder.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_child_forked_between_two_steps_is_not_heard():
    model = net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    with auscult.watch(model, optimizer, every=10**9, updates=1) as recorder:
        for step in range(100):
            plain(model, optimizer, step)
        child = os.fork()
        if not child:
            try:
                for step in range(300):
                    plain(model, optimizer, step)
            finally:
                os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        for step in range(100):
            plain(model, optimizer, step)
    assert recorder.run.series(q.RATIO, "0.weight").steps.tolist() == list(range(200))


def test_wrong_arguments_are_errors():
    gate = memory.gate(print, print, print, print)
    t = torch.randn(3)
    snapshot = memory.snapshot([t], [t], memory.copies_for([t]), [t.clone()])

    def member(*measured):
        return (None, (), *(measured or (None, None)), False, -2)

    def arm(*members):
        gate.arm(members, None, (1.5, 2.5), 0, 10, 10, 0, 1.0)

    arm(member())
    assert gate.armed
    number, passed, inside, _, steps, whose, losses, members = gate.leave()
    assert (number, passed, inside, steps, whose, members) == (0, 0, -1, b"", b"", ((False, -2, b""),))
    assert np.frombuffer(losses).tolist() == [1.5, 2.5]  # those that wait
    assert not gate.armed
    for wrong, message in [
        ((), "none, or too many"),
        ((member(),) * (memory.MOST_GATED + 1), "none, or too many"),
        ((None,), "a tuple"),
        ((member()[:-1],), "6 arguments"),
        ((member("no snapshot", None),), "snapshot"),
        ((member(), member(snapshot, np.empty(0, np.float32))), "too small"),
    ]:
        with pytest.raises((TypeError, ValueError), match=message):
            arm(*wrong)
        assert not gate.armed
    with pytest.raises(TypeError):
        gate.arm((member(),), None, ("no number",), 0, 10, 10, 0, 1.0)
    assert not gate.armed


def test_an_optimizer_that_goes_leaves_all_it_did_and_takes_its_model_with_it():
    def train():
        model = net()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
        for step in range(150):
            plain(model, optimizer, step)
        assert recorder._steps.passing.gate.armed
        return weakref.ref(model[0].weight)

    with Recorder(Census(), Settings(dir="here", every=10**9, updates=1), "gone") as recorder:
        gone = train()
        gc.collect()
        assert gone() is None
    run = recorder.run
    weight = next(p.name for p in run.parameters if p.shape == (16, 6))
    assert run.series(q.RATIO, weight).steps.tolist() == list(range(150))
    assert run.series(q.LOSS).steps.tolist() == list(range(150))
    assert recorder.bill.faults == 0
