"""How often the updates of steps that nobody looks at are measured: as often as half of what is left pays for."""

import numpy as np
import pytest
import torch
from torch import nn

import auscult
from auscult.observe.meter import Meter
from auscult.observe.schedule import Budget, EveryNth, schedule_for
from auscult.settings import Settings


class Clockwork(Meter):
    """A meter whose time is told."""

    def __init__(self, passing=4e-6):
        super().__init__()
        self.wall, self.looks, self._passing_over_s = 0.0, 0.0, (passing, passing)

    @property
    def wall_s(self):
        return self.wall

    @property
    def spent_s(self):
        return self.looks + self.passing_s + self.updating_s


def simulate(budget, meter, steps, step_s, update_s, look_s=1e-3, start=0):
    """Run steps of a given length; the shares that updates and everything took, and how many updates there were."""
    wall, spent, updates, updating_s, left = meter.wall, meter.spent_s, meter.updates, meter.updating_s, 16
    for step in range(start, start + steps):
        if budget.due(step):
            meter.looks += look_s
            meter.wall += look_s
            budget.looked(look_s)
        else:
            meter.pass_over(1, optimizers=False)
            meter.wall += meter._passing_over_s[0]
            if budget.stride and step % budget.stride == 0:
                meter.updates += 1
                meter.updates_s += update_s
                meter.wall += update_s
        meter.wall += step_s
        left -= 1
        if not left:
            budget.pace(step + 1)
            left = max(1, min(1024, int(0.5 / step_s)))
    wall = meter.wall - wall
    return (meter.updating_s - updating_s) / wall, (meter.spent_s - spent) / wall, meter.updates - updates


def test_what_is_cheap_is_measured_at_every_step():
    meter = Clockwork()
    _, spent, updates = simulate(Budget(0.03, 20, meter), meter, 5000, 2e-2, 1e-4)
    looks = round(meter.looks / 1e-3)
    assert updates + looks == 5000
    assert updates > 1000
    assert spent < 0.032


@pytest.mark.parametrize("update_s", [1e-5, 1e-4, 1e-3])
def test_what_is_dear_is_measured_as_often_as_half_of_the_rest_pays_for(update_s):
    meter = Clockwork()
    updates_share, spent, _ = simulate(Budget(0.03, 20, meter), meter, 100_000, 1e-3, update_s)
    assert 0.008 < updates_share < 0.018
    assert spent < 0.034


@pytest.mark.parametrize("change", [0.1, 10.0])
def test_the_stride_follows_a_training_that_changes_its_pace(change):
    meter = Clockwork(passing=1e-6)
    budget = Budget(0.03, 20, meter)
    simulate(budget, meter, 20_000, 1e-3, 5e-5)
    updates_share, spent, _ = simulate(budget, meter, 100_000, 1e-3 * change, 5e-5, start=20_000)
    assert updates_share < 0.016
    assert spent < 0.034


def test_where_counting_takes_the_budget_nothing_is_measured_once_that_is_known():
    meter = Clockwork(passing=8e-6)
    budget = Budget(0.03, 20, meter)
    simulate(budget, meter, 2000, 1e-4, 1e-5)
    _, _, updates = simulate(budget, meter, 50_000, 1e-4, 1e-5, start=2000)
    assert updates == 0


def test_a_fixed_stride_is_kept_whatever_it_costs_and_the_budget_is_for_the_rest():
    meter = Clockwork()
    budget = Budget(0.03, 20, meter, updates=1)
    updates_share, spent, updates = simulate(budget, meter, 50_000, 1e-3, 1e-3)
    assert updates > 45_000
    assert updates_share > 0.4
    assert 0.005 < spent - updates_share < 0.032


class Asked(Clockwork):
    """Being asked for the time is what asking whether a step is due costs."""

    asked = 0

    @property
    def wall_s(self):
        self.asked += 1
        self.looks += 4e-6
        self.wall += 4e-6
        return self.wall


@pytest.mark.parametrize(("passing", "looks"), [(1e-6, 50), (2.7e-6, 8), (6e-6, 8)])  # of steps that earn 3.8e-6
def test_it_is_seldom_asked_whether_very_short_steps_can_pay_for_a_look(passing, looks):
    meter = Asked(passing)
    budget = Budget(0.03, 20, meter, updates=1 << 40)
    simulate(budget, meter, 5000, 1.5e-4, 5e-6)
    asked, looked = meter.asked, meter.looks
    simulate(budget, meter, 50_000, 1.5e-4, 5e-6, start=5000)
    asked = meter.asked - asked
    assert asked < 1000
    assert meter.looks - looked - 4e-6 * asked > looks * 1e-3


def test_what_measuring_leaves_in_the_caches_is_billed():
    small, large = Meter(), Meter()
    for meter, seconds in ((small, 5e-6), (large, 1e-3)):
        meter.updates = 100
        meter.update(100 * seconds)
    assert small.updating_s == pytest.approx(2 * small.updates_s)
    assert large.updates_s < large.updating_s < 1.01 * large.updates_s
    assert small.own_s >= small.updating_s


def test_what_the_training_waits_after_a_look_is_billed():
    meter = Meter()
    meter.bill(2.0)
    assert meter.look(2.0) == pytest.approx(2.3)
    assert meter.own_s == pytest.approx(2.3)
    assert meter.setup_s == 0


def test_the_settings_choose():
    assert schedule_for(Settings(every=3), Meter()).stride == 0
    assert schedule_for(Settings(every=3, updates=2), Meter()).stride == 2
    fixed = schedule_for(Settings(updates=4), Meter())
    fixed.pace(100)
    assert isinstance(fixed, Budget)
    assert fixed.stride == 4
    every = EveryNth(5)
    every.pace(100)
    assert every.stride == 0


@pytest.fixture
def one_thread():
    """What other tests take of the cores shall not make single steps of this one many times as long."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("native", [True, False])
def test_a_real_training_that_turns_ten_times_slower_or_faster_is_followed(native):
    """Its own steps, made longer and shorter by more of the same work; the shares are those of the bill."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(64, 256), nn.Tanh(), nn.Linear(256, 8))
    optimizer = torch.optim.SGD(model.parameters(), 1e-3)
    shares, often = [], []
    with auscult.watch(model, optimizer, native=native) as recorder:
        for rows in (64, 2048, 64):
            then = recorder.bill
            strides = []
            for _ in range(400):
                optimizer.zero_grad()
                model(torch.randn(rows, 64)).pow(2).mean().backward()
                optimizer.step()
                strides.append(recorder._steps._schedule.stride)
            bill = recorder.bill
            spent = bill.own_s + bill.writer_s - then.own_s - then.writer_s
            shares.append(spent / (bill.wall_s - then.wall_s))
            # where counting takes the budget, no update is measured; one moment may be another program's
            often.append(np.median([1 / stride if stride else 0 for stride in strides[200:]]))
    assert often[1] >= often[0]
    assert shares[1] < shares[0]  # the first steps are looked at on credit, which is worked off
    assert np.isfinite(shares).all()
    assert recorder.bill.dropped_frames == 0
