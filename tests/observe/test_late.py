"""Numbers of a look that come some steps later, as a device gives them: a CPU that says it is not ready yet."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

import auscult
from auscult.observe import arrival
from auscult.observe.gathering import Gathering
from auscult.runs import quantities as q


class Device:
    """Says of each copy `times` times that it is not here; counts who waits all the same."""

    def __init__(self, times):
        self.times, self.waited, self.asked = times, 0, 0

    def arrival(self):
        device = self

        class Arrival:
            def __init__(self, of):
                self.left = device.times

            def is_here(self):
                device.asked += 1
                self.left -= 1
                return self.left < 0

            def wait(self):
                device.waited += self.left >= 0
                self.left = -1

        return Arrival


@pytest.fixture
def device(request, monkeypatch):
    device = Device(getattr(request, "param", 4))
    monkeypatch.setattr(arrival, "comes_later", lambda device: True)
    monkeypatch.setattr(arrival, "Arrival", device.arrival())
    return device


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed, self.mid, self.head = nn.Embedding(20, 8), nn.Linear(16, 12), nn.Linear(12, 5)

    def forward(self, x):
        return self.head(torch.relu(self.mid(self.embed(x).flatten(1))))


def trained(steps=12, zeroed=True, spoilt=None, **kwargs):
    torch.manual_seed(0)
    model = Model()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.5)
    x, y = torch.randint(0, 20, (32, 2)), torch.randint(0, 5, (32,))
    y[3] = -100  # counts for nothing
    with auscult.watch(model, optimizer, every=2, updates=1, **kwargs) as recorder:
        for step in range(steps):
            if zeroed or step != 6:
                optimizer.zero_grad(set_to_none=False)
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            if step == spoilt:
                model.mid.weight.grad[0, 0] = torch.nan
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            if step == 2:
                recorder.log(mine=step)
    assert recorder.bill.faults == 0, recorder.run.events(q.FAULT)
    return recorder.run


def everything(run):
    return {
        (quantity, subject): run.series(quantity, subject)
        for quantity, subjects in run.quantities.items()
        if quantity != q.STEP_TIME  # that no two runs share
        for subject in subjects
    }


def same(got, want):
    got, want = everything(got), everything(want)
    assert got.keys() == want.keys()
    for key, series in want.items():
        assert got[key].steps.tolist() == series.steps.tolist(), key
        np.testing.assert_allclose(got[key].values, series.values, rtol=2e-4, atol=1e-6, err_msg=str(key))


@pytest.mark.parametrize("native", [True, False])
@pytest.mark.parametrize("case", [{}, {"zeroed": False}, {"spoilt": 6}, {"spoilt": 10}], ids=str)
def test_a_run_is_what_it_is_where_nobody_has_to_wait(runs_dir, monkeypatch, case, native):
    want = trained(native=native, **case)
    device = Device(3)
    monkeypatch.setattr(arrival, "comes_later", lambda device: True)
    monkeypatch.setattr(arrival, "Arrival", device.arrival())
    got = trained(native=native, **case)
    same(got, want)
    assert device.asked
    carried = want.series(q.GRAD_CARRIED)
    assert (carried.values[carried.steps == 6] > 0) == ("zeroed" in case)
    layers = [(x.name, x.units, x.weight_std) for x in want.layers]
    assert [(x.name, x.units, x.weight_std) for x in got.layers] == layers
    for kind in (q.HISTOGRAM_OUTPUT, q.HISTOGRAM_OUTPUT_GRAD, q.MAP, q.MAP_LAST, q.UNITS, q.LOGITS):
        for subject in (*(x.name for x in want.layers), ""):
            one, other = got.arrays(kind, subject), want.arrays(kind, subject)
            assert [a.step for a in one] == [a.step for a in other]
            for a, b in zip(one, other, strict=True):
                np.testing.assert_allclose(a.values, b.values, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("device", [10**9], indirect=True)
def test_nothing_is_waited_for_before_the_end(runs_dir, device):
    torch.manual_seed(0)
    model = Model()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x, y = torch.randint(0, 20, (32, 2)), torch.randint(0, 5, (32,))
    with auscult.watch(model, optimizer, every=1) as recorder:
        for _ in range(10):
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()
            optimizer.step()
        assert device.waited == 0
    assert device.waited
    assert recorder.run.series(q.RATIO, "mid.weight").steps.tolist() == list(range(10))


@pytest.mark.parametrize("device", [10**9], indirect=True)
def test_what_waits_does_not_grow_without_bound(runs_dir, device):
    torch.manual_seed(0)
    model = nn.Linear(4, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with auscult.watch(model, optimizer, every=1) as recorder:
        for _ in range(40):
            optimizer.zero_grad()
            model(torch.randn(8, 4)).pow(2).mean().backward()
            optimizer.step()
        assert device.waited
        assert len(recorder._steps.frames._waiting) <= 16
        assert recorder.run.series(q.RATIO, "weight").steps.tolist()[-1] == 38  # asked for, it is waited for
    assert recorder.run.series(q.RATIO, "weight").steps.tolist() == list(range(40))


def test_a_fault_with_late_numbers_takes_only_them(runs_dir, device, monkeypatch):
    from auscult.observe.inside import Inside

    monkeypatch.setattr(Inside, "_record_units", lambda self, step, *more: 1 / 0 if step == 4 else None)
    torch.manual_seed(0)
    model = Model()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x, y = torch.randint(0, 20, (32, 2)), torch.randint(0, 5, (32,))
    with auscult.watch(model, optimizer, every=1) as recorder:
        for _ in range(12):
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()
            optimizer.step()
    assert recorder.bill.faults == 1
    assert recorder.run.series(q.RATIO, "mid.weight").steps.tolist() == list(range(12))
    output = recorder.run.series(q.ACTIVATION_STD, "mid")
    assert np.isfinite(output.values[output.steps != 4]).all()
    assert 5 in output.steps


@pytest.mark.parametrize("sent", [False, True])
def test_a_gathering_gives_each_its_own(sent):
    numbers, got = Gathering(), {}
    numbers.scalars((torch.tensor(1.5), torch.tensor(2)), lambda v: got.update(first=v))
    numbers.array(torch.tensor([True, False, True]), lambda v: got.update(mask=v))
    numbers.array(torch.arange(6.0, dtype=torch.float64).view(2, 3).t(), lambda v: got.update(wide=v))
    numbers.array(torch.empty(0), lambda v: got.update(nothing=v))
    numbers.scalars((torch.tensor(3.0, dtype=torch.float64),), lambda v: got.update(last=v))
    numbers.array(torch.tensor([7, 8], dtype=torch.float16), lambda v: got.update(half=v))
    if sent:
        numbers.send()
        assert numbers.is_here()
    numbers.read()
    assert got["first"] == [1.5, 2]
    assert got["last"] == [3]
    assert got["mask"].tolist() == [True, False, True]
    assert got["wide"].tolist() == [0, 3, 1, 4, 2, 5]
    assert got["nothing"].tolist() == []
    assert got["half"].tolist() == [7, 8]
    assert got["half"].dtype == np.float16
    numbers.read()  # once is enough
