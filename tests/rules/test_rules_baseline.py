"""A run held against a baseline: what parts first, what is only a seed's doing, and what cannot be compared."""

import numpy as np
import pytest
from rule_runs import LAYERS, falling, looked_at, make, noise, parameter

from auscult import rules
from auscult.rules._parting import _on_rungs
from auscult.runs import Matrix, Optimizer
from auscult.runs import quantities as q

MATRICES = LAYERS[:3]


def seeded(tmp_path, seed, steps=None, changes=None, **more):
    """A healthy training with noise of its own in all that is compared; `changes`: what is added to its logarithms."""
    steps = looked_at() if steps is None else steps
    columns = {
        (q.RATIO, name): -2.5 - 0.3 * steps / 2000 + noise(steps, 0.15, seed + i) for i, name in enumerate(LAYERS)
    }
    columns |= {(q.GRAD_NORM, name): noise(steps, 0.2, seed + 10 + i) - 1 for i, name in enumerate(LAYERS)}
    columns |= {(q.DATA_STD, name): noise(steps, 0.01, seed + 20 + i) - 0.9 for i, name in enumerate(LAYERS)}
    columns[q.LOSS, ""] = np.log10(falling(steps)) + noise(steps, 0.1, seed + 30)
    columns = {key: v + (changes or {}).get(key, 0) for key, v in columns.items()}
    columns = {key: v if key[0] == q.RATIO else 10**v for key, v in columns.items()}
    return make(tmp_path, steps=steps, columns=columns | more.pop("columns", {}), **more)


def held(run, baseline):
    return rules.judge(run, baseline).baseline


@pytest.mark.parametrize("steps", [looked_at(), np.arange(0, 1500, 7), looked_at(600, 12)])
def test_another_seed_makes_no_difference_whatever_was_looked_at(tmp_path, steps):
    b = held(seeded(tmp_path, 0), seeded(tmp_path, 100, steps))
    assert b.compared > 20
    assert b.deviations == ()


def test_what_begins_where_the_other_is_over_is_not_compared():
    early, late, nothing = (
        Matrix(np.arange(*a, dtype=float), ("",), np.ones((1, a[1] - a[0]))) for a in ((0, 40), (60, 90), (0, 0))
    )
    for a, b in ((early, late), (late, early), (early, nothing), (nothing, nothing)):
        steps, x, y, seen = _on_rungs(a, b)
        assert len(steps) == x.shape[1] == y.shape[1] == seen.shape[1] == 0
    assert len(_on_rungs(early, early)[0]) > 20


def test_what_parts_first_is_told_first_with_its_layer_step_and_factor(tmp_path):
    steps = looked_at(later=80)
    changes = {(q.DATA_STD, LAYERS[1]): np.where(steps >= 500, 0.5, 0)}
    changes |= {(q.GRAD_NORM, name): np.where(steps >= 900, 2.0, 0) for name in MATRICES}
    changes[q.LOSS, ""] = np.where(steps >= 1400, 2.0, 0)
    changes[q.RATIO, LAYERS[0]] = np.where((steps > 200) & (steps < 250), 2.0, 0)  # a spike of two looks
    first, second, third = held(seeded(tmp_path, 0, steps, changes), seeded(tmp_path, 100)).deviations
    assert (first.quantity, first.where) == (q.DATA_STD, (LAYERS[1],))
    assert 500 <= first.first_step < 560
    assert first.factor == pytest.approx(10**0.5, rel=0.1)
    assert (second.quantity, second.where) == (q.GRAD_NORM, MATRICES[::-1])  # backward: the last layer first
    assert third.quantity == q.LOSS


def test_parts_at_once_are_told_in_the_order_of_the_signal(tmp_path):
    still = {(q.RATIO, name): np.full(len(looked_at()), -np.inf) for name in MATRICES}
    wide = {(q.INPUT_STD, "input"): 40.0, **still}
    first, second = held(seeded(tmp_path, 0, columns=wide), seeded(tmp_path, 100)).deviations
    assert (first.quantity, first.first_step, second.quantity, second.first_step) == (q.INPUT_STD, 0, q.RATIO, 0)
    assert second.factor is None
    assert second.value == -np.inf


def test_what_was_set_differently(tmp_path):
    named = [parameter(name, shape=(20, 30) if name == LAYERS[0] else (20, 20)) for name in MATRICES]
    given = [Optimizer("SGD", "SGD", ({"lr": 0.3, "momentum": 0.9},))]
    run = make(tmp_path, parameters=named, optimizers=given, lr=0.3)
    told = {s.what: (s.here, s.there) for s in held(run, make(tmp_path)).settings}
    assert told == {
        "lr of SGD": ("0.3", "0.1"),
        "momentum of SGD": ("0.9", "–"),
        "parameters in one alone": ("none", LAYERS[3]),
        f"shape of {LAYERS[0]}": ("20 × 30", "20 × 20"),
    }


def test_what_wraps_a_network_is_left_out_of_account(tmp_path):
    wrapped = [parameter(f"module.{name}") for name in LAYERS]
    b = held(
        make(tmp_path, parameters=wrapped, ratio=dict.fromkeys((p.name for p in wrapped), -np.inf)), make(tmp_path)
    )
    assert b.settings == ()
    assert b.deviations[0].where == tuple(p.name for p in wrapped)
    assert b.deviations[0].most[1] in LAYERS


def test_what_cannot_be_compared_is_said(tmp_path):
    other = make(tmp_path, parameters=[parameter("elsewhere.weight")], layers=())
    assert any("another network" in c for c in held(make(tmp_path), other).cautions)
    short = held(make(tmp_path), make(tmp_path, steps=np.arange(3)))
    assert short.compared == 0
    assert any("looked at on 3 steps" in c for c in short.cautions)
    assert any("the baseline made 3 steps" in c for c in short.cautions)


def test_a_finding_that_the_baseline_has_too_is_known(tmp_path):
    sick = make(tmp_path, ratio={LAYERS[0]: -np.inf})
    assert "frozen-parameters" in held(sick, sick).shared
    assert "frozen-parameters" not in held(sick, make(tmp_path)).shared
