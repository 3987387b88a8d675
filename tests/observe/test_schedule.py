from itertools import pairwise

import pytest

from auscult.observe import schedule
from auscult.observe.meter import Meter
from auscult.observe.schedule import Budget, EveryNth
from auscult.settings import Settings


class Clockwork(Meter):
    """A meter whose time is told, so that a budget can be tried on any training."""

    def __init__(self):
        super().__init__()
        self.wall = 0.0
        self.spent = 0.0

    @property
    def wall_s(self):
        return self.wall

    @property
    def spent_s(self):
        return self.spent


def simulate(budget, meter, steps, step_s, look_s, start=0):
    """Run steps of a given length, each look of a given cost; the numbers of the steps looked at."""
    looked = []
    for step in range(start, start + steps):
        if budget.due(step):
            looked.append(step)
            meter.spent += look_s
            meter.wall += look_s
            budget.looked(look_s)
        meter.wall += step_s
    return looked


@pytest.mark.parametrize("look_s", [1e-5, 3e-4, 1e-2])
def test_a_budget_is_held(look_s):
    meter = Clockwork()
    looked = simulate(Budget(0.03, 20, meter), meter, 200_000, 1e-3, look_s)
    assert looked[:20] == list(range(20))
    assert meter.spent / meter.wall < 0.031
    if look_s < 1e-3:
        assert meter.spent / meter.wall > 0.0099  # and used, as far as there is anything to use it on


@pytest.mark.parametrize("change", [0.1, 10.0])
def test_a_budget_follows_a_training_that_changes_pace(change):
    meter = Clockwork()
    budget = Budget(0.03, 20, meter)
    simulate(budget, meter, 20_000, 1e-3, 5e-4)
    spent, wall = meter.spent, meter.wall
    simulate(budget, meter, 50_000, 1e-3 * change, 5e-4, start=20_000)
    assert (meter.spent - spent) / (meter.wall - wall) < 0.032


def test_a_pause_is_not_followed_by_a_burst():
    meter = Clockwork()
    budget = Budget(0.03, 20, meter)
    simulate(budget, meter, 5_000, 1e-3, 1e-3)
    meter.wall += 600
    looked = simulate(budget, meter, 100, 1e-3, 1e-3, start=5_000)
    assert len(looked) < 10


def test_a_short_training_is_looked_at_often_enough_to_be_judged():
    meter = Clockwork()
    looked = simulate(Budget(0.03, 20, meter), meter, 300, 1e-3, 1e-2)
    assert len(looked) > 40
    assert max(b - a for a, b in pairwise(looked)) <= 32


def test_every_nth():
    assert [s for s in range(10) if EveryNth(3).due(s)] == [0, 3, 6, 9]


def test_the_settings_choose():
    assert isinstance(schedule.schedule_for(Settings(every=2), Meter()), EveryNth)
    assert isinstance(schedule.schedule_for(Settings(), Meter()), Budget)


def simulate_deep(budget, meter, steps, step_s, look_s, deep_s):
    """As `simulate`, where a deep look costs more; the steps looked at, and those looked at deeply."""
    looked, deep = [], []
    for step in range(steps):
        if budget.due(step):
            cost = deep_s if budget.deep else look_s
            looked.append(step)
            if budget.deep:
                deep.append(step)
            meter.spent += cost
            meter.wall += cost
            budget.looked(cost)
        meter.wall += step_s
    return looked, deep


@pytest.mark.parametrize("look_s", [1e-5, 3e-4, 2e-3])
def test_a_budget_is_held_though_deep_looks_cost_five_times_as_much(look_s):
    meter = Clockwork()
    looked, deep = simulate_deep(Budget(0.03, 20, meter), meter, 200_000, 1e-3, look_s, 5 * look_s)
    assert meter.spent / meter.wall < 0.031
    assert set(deep) < set(looked)


def test_deep_looks_come_on_a_ladder_of_their_own():
    meter = Clockwork()  # one that pays for nothing: all looks are on credit
    looked, deep = simulate_deep(Budget(1e-9, 20, meter), meter, 100_000, 1e-3, 1e-3, 5e-3)
    assert deep[0] == 0
    for a, b in pairwise(deep):  # a rung of a fifth, at the next due step; of a quarter from step 3,000 on
        assert b <= 1 + (1.2 * 1.1 if a < 2700 else 1.2 * 1.25) * (a + 1)
    for decade, looks, deeps in ((100, 24, 12), (300, 24, 12), (3000, 10, 10), (10_000, 10, 10)):
        assert abs(sum(decade <= s < 10 * decade for s in looked) - looks) <= 2
        assert abs(sum(decade <= s < 10 * decade for s in deep) - deeps) <= 2


def test_what_the_budget_decides_on_is_deep_and_so_is_every_nth():
    meter = Clockwork()
    budget = Budget(0.5, 2, meter)
    looked, deep = simulate_deep(budget, meter, 3000, 1e-3, 1e-5, 1e-5)
    assert len(looked) > 2900
    assert len(deep) > 2900
    assert EveryNth(3).deep
