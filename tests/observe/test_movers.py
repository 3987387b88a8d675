"""Which training a step is of, and who moves its parameters: optimizers come and go."""

import gc
import weakref

import numpy as np
import pytest
import torch
from torch import nn

import auscult
from auscult.observe import naming
from auscult.observe.census import Census
from auscult.observe.recorder import Recorder
from auscult.observe.targets import tensors_of
from auscult.runs import quantities as q
from auscult.settings import Settings


def test_a_second_optimizer_takes_over_from_the_first():
    model = nn.Linear(4, 2)
    start = model.weight.detach().clone()
    with auscult.watch(model, every=1) as recorder:
        for make in (torch.optim.Adam, torch.optim.SGD):
            optimizer = make(model.parameters(), lr=0.01)
            for _ in range(5):
                optimizer.zero_grad()
                model(torch.ones(2, 4)).pow(2).sum().backward()
                optimizer.step()
    run = recorder.run
    assert {p.optimizer for p in run.parameters} == {"SGD"}
    assert len(run.series(q.RATIO, "weight")) >= 9
    way = (model.weight.detach() - start).norm().item()
    assert run.series(q.DISTANCE, "weight").values[-1] == pytest.approx(way, rel=1e-4)


def test_a_model_that_is_gone_is_not_kept():
    model = nn.Linear(4, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    gone = weakref.ref(model.weight)
    recorder = Recorder(Census(), Settings(dir="here", every=1), "gone")
    for _ in range(3):
        model(torch.ones(2, 4)).pow(2).sum().backward()
        optimizer.step()
    del model, optimizer
    gc.collect()
    assert gone() is None
    recorder.close()
    assert [p.name.rpartition(".")[2] for p in recorder.run.parameters] == ["weight", "bias"]
    assert recorder.run.steps == 3


def test_an_optimizer_of_nothing_that_can_move_begins_no_training():
    model, frozen = nn.Linear(4, 2), nn.Linear(4, 2).requires_grad_(False)
    optimizer, idle = torch.optim.SGD(model.parameters(), lr=0.01), torch.optim.SGD(frozen.parameters(), lr=0.01)

    def unexpected():
        raise AssertionError("no other training begins")

    with Recorder(Census(), Settings(dir="here", every=1), "one", on_new_training=unexpected) as recorder:
        for _ in range(30):
            optimizer.zero_grad()
            model(torch.ones(2, 4)).pow(2).sum().backward()
            optimizer.step()
            idle.step()
    assert recorder.run.steps == 30
    assert recorder.bill.faults == 0


@pytest.mark.parametrize("native", [True, False])
@pytest.mark.parametrize("keeps", [True, False])
def test_the_first_loss_of_another_training_is_its_own(native, keeps):
    heard, losses, kept = [], [], []

    def listen():
        heard.append(Recorder(Census(native=native), Settings(dir="here", dense=2), "one", on_new_training=listen))
        return heard[-1]

    def train(model):
        optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
        kept.append((model, optimizer) if keeps else None)
        losses.append([])
        for _ in range(40):
            loss = nn.functional.mse_loss(model(torch.ones(8, 4)), torch.zeros(8, 2))
            losses[-1].append(loss.item())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    listen()
    first = nn.Sequential(nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 2))
    train(first)
    torch.optim.SGD(nn.Linear(4, 2).parameters(), lr=0.01)  # that nothing comes of
    train(nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 2)))
    for recorder in heard:
        recorder.close()
    assert [r.run.steps for r in heard] == [40, 40]
    assert [r.bill.faults for r in heard] == [0, 0]
    for recorder, own in zip(heard, losses, strict=True):
        known = recorder.run.series(q.LOSS)
        assert known.steps[0] == 0
        np.testing.assert_allclose(known.values, np.array(own)[known.steps.astype(int)], rtol=1e-5)
        assert recorder.run.series(q.TASK_LOSS).steps[0] == 0


def unexpected():
    """Hear another training, where none begins."""
    raise AssertionError("no other training begins")


def train(model, optimizer, steps=1):
    for _ in range(steps):
        optimizer.zero_grad()
        model(torch.ones(2, 4)).pow(2).sum().backward()
        optimizer.step()


def classify(model, optimizer, steps, batch=64, seed=0):
    g = torch.Generator().manual_seed(seed)
    for _ in range(steps):
        x = torch.randn(batch, 4, generator=g)
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), (x[:, 0] > 0).long()).backward()
        optimizer.step()


@pytest.mark.parametrize("native", [True, False])
@pytest.mark.parametrize("keeps", [True, False])
@pytest.mark.parametrize("given", [True, False])
def test_an_optimizer_made_for_every_step_is_one_mover(native, keeps, given, monkeypatch):
    searches, search = [], naming._search
    monkeypatch.setattr(naming, "_search", lambda *kinds: (searches.append(kinds), search(*kinds))[1])
    model, last = nn.Linear(4, 2), None
    settings = Settings(dir="here", dense=5)
    census = Census(tensors_of(model) if given else None, native=native)
    with Recorder(census, settings, "one", on_new_training=None if given else unexpected) as recorder:
        for step in range(120):
            optimizer = torch.optim.SGD(model.parameters(), lr=0.01 if step < 60 else 0.02)
            train(model, optimizer)
            last = optimizer if keeps else None  # it is there until the next one is, or gone before
            del optimizer
    assert last is None or keeps
    assert recorder.run.steps == 120
    assert [o.name for o in recorder.run.optimizers] == ["SGD"]
    assert {p.optimizer for p in recorder.run.parameters} == {"SGD"}
    assert recorder.run.series(q.LR, "SGD[0]").values[[0, -1]] == pytest.approx([0.01, 0.02])
    assert len(recorder.run.series(q.LOSS)) == 120
    assert recorder.bill.faults == 0
    assert len(searches) == 1


@pytest.mark.parametrize("keeps", ["none", "one", "all"])
@pytest.mark.parametrize("batch", [1, 64])
@pytest.mark.parametrize("given", [True, False])
def test_an_optimizer_made_for_every_epoch_goes_on_with_the_training(keeps, batch, given):
    torch.manual_seed(0)
    model, kept = nn.Linear(4, 2), []
    start = model.weight.detach().clone()
    census, on_new = Census(tensors_of(model) if given else None), None if given else unexpected
    with Recorder(census, Settings(dir="here", every=1), "one", on_new_training=on_new) as recorder:
        for epoch in range(4):
            optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
            kept = {"none": [], "one": [optimizer], "all": [*kept, optimizer]}[keeps]
            classify(model, optimizer, 30, batch, epoch)
            if keeps == "none":
                del optimizer  # as at the end of a function; else where the next one is made, or never
    run = recorder.run
    assert run.steps == 120
    assert [o.name for o in run.optimizers] == ["Adam"]
    weight = run.parameters[0].name
    assert len(run.series(q.RATIO, weight)) == 120
    assert run.series(q.DISTANCE, weight).values[-1] == pytest.approx((model.weight - start).norm().item(), rel=1e-4)
    assert recorder.bill.faults == 0


def test_a_scaled_loss_does_not_look_like_that_of_another_training():
    torch.manual_seed(0)
    model, scaler = nn.Linear(4, 2), torch.amp.GradScaler("cpu")
    with Recorder(Census(), Settings(dir="here"), "one", on_new_training=unexpected) as recorder:
        for _ in range(3):
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for _ in range(30):
                x = torch.randn(64, 4)
                optimizer.zero_grad()
                scaler.scale(nn.functional.cross_entropy(model(x), (x[:, 0] > 0).long())).backward()
                scaler.step(optimizer)
                scaler.update()
    assert recorder.run.steps == 90
    assert recorder.bill.faults == 0


@pytest.mark.parametrize("keeps", [False, True])
def test_another_optimizer_goes_on_with_the_training_of_one_that_is_gone(keeps):
    torch.manual_seed(0)
    model = nn.Linear(4, 2)
    start = model.weight.detach().clone()
    with Recorder(Census(), Settings(dir="here", every=1), "one", on_new_training=unexpected) as recorder:
        for make in (torch.optim.Adam, torch.optim.SGD):
            optimizer = make(model.parameters(), lr=0.01)
            classify(model, optimizer, 40)
            if not keeps:
                del optimizer
    run = recorder.run
    assert run.steps == 80
    (name,) = {p.name for p in run.parameters if p.shape == (2, 4)}
    assert {p.optimizer for p in run.parameters} == {"SGD"}
    assert len(run.series(q.RATIO, name)) == 80
    assert run.series(q.DISTANCE, name).values[-1] == pytest.approx((model.weight - start).norm().item(), rel=1e-4)
    assert recorder.bill.faults == 0


@pytest.mark.parametrize("keeps", [False, True])
@pytest.mark.parametrize("steps", [10, 40])
def test_a_network_that_is_made_anew_begins_another_training_where_the_last_one_went_on_for_long(steps, keeps):
    torch.manual_seed(0)
    heard = []

    def listen():
        heard.append(Recorder(Census(), Settings(dir="here"), "one", on_new_training=listen))
        return heard[-1]

    listen()
    model, optimizer = nn.Linear(4, 2), None
    for fold in range(3):
        model.reset_parameters()
        optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
        classify(model, optimizer, steps, seed=fold)
        if not keeps:
            del optimizer
    for recorder in heard:
        recorder.close()
    assert [r.run.steps for r in heard] == ([30] if steps == 10 else [40, 40, 40])
    assert [r.bill.faults for r in heard] == [0] * len(heard)


def test_what_is_known_of_an_optimizer_stays_when_it_is_gone():
    first, second = nn.Sequential(nn.Linear(4, 2)), nn.Linear(4, 2)
    with Recorder(Census(), Settings(dir="here", every=1), "one") as recorder:
        classify(first, torch.optim.Adam(first.parameters(), lr=0.03), 5)
        classify(second, torch.optim.SGD(second.parameters(), lr=0.1), 5)
    assert [(o.name, o.groups[0]["lr"]) for o in recorder.run.optimizers] == [("Adam", 0.03), ("SGD", 0.1)]
    assert [p.optimizer for p in recorder.run.parameters] == ["Adam"] * 2 + ["SGD"] * 2


def test_of_a_network_that_outlives_its_optimizer_nothing_is_kept_once_it_is_gone():
    recorder = Recorder(Census(), Settings(dir="here", every=1), "gone")
    model = nn.Linear(4, 2)
    train(model, torch.optim.SGD(model.parameters(), lr=0.01), 3)
    (source,) = recorder._census.sources.values()
    weight = weakref.ref(model.weight)
    assert source.left.again()[0]
    del model
    gc.collect()
    assert weight() is None
    assert source.left.again() == ([], {})
    recorder.close()


def test_another_optimizer_for_the_same_model_begins_no_training():
    model, optimizers = nn.Linear(4, 2), []

    def unexpected():
        raise AssertionError("no other training begins")

    with Recorder(Census(), Settings(dir="here"), "one", on_new_training=unexpected) as recorder:
        for _ in range(3):
            optimizers.append(optimizer := torch.optim.SGD(model.parameters(), lr=0.01))
            for _ in range(30):
                optimizer.zero_grad()
                model(torch.ones(2, 4)).pow(2).sum().backward()
                optimizer.step()
    assert recorder.run.steps == 90
    assert recorder.bill.faults == 0


def test_a_backward_pass_of_another_model_is_no_loss_of_this_one():
    torch.manual_seed(0)
    model, other = torch.nn.Linear(4, 1), torch.nn.Linear(4, 1)
    optimizer, x = torch.optim.SGD(model.parameters(), lr=0.01), torch.randn(8, 4)
    with auscult.watch(model, optimizer, every=1) as recorder:
        for step in range(12):
            optimizer.zero_grad()
            if step > 5:
                (1000 + other(x).square().mean()).backward()
            model(x).square().mean().backward()
            optimizer.step()
    losses = recorder.run.series("loss").values
    assert len(losses) == 12
    assert losses.max() < 10


def test_an_optimizer_that_takes_the_place_of_a_given_one_is_heard():
    model = nn.Linear(3, 2)
    first, other = (torch.optim.SGD(p, lr=0.1) for p in (model.parameters(), nn.Linear(3, 2).parameters()))

    def train(optimizer, steps):
        for _ in range(steps):
            model(torch.randn(4, 3)).sum().backward()
            optimizer.step()

    with auscult.watch(model, first, every=1) as recorder:
        train(first, 20)
        train(other, 20)
        train(torch.optim.Adam(model.parameters(), lr=1e-3), 30)
    assert recorder.run.steps == 50
    assert recorder.bill.faults == 0
