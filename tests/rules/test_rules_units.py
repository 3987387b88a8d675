"""saturated-units and dead-units, on runs made by hand."""

from dataclasses import replace

import numpy as np
import pytest
from rule_runs import covered, falling, flat, found, layer, looked_at, make, noise, stack, units

from auscult.runs import quantities as q

STUCK, DEAD = "saturated-units", "dead-units"
STEPS = looked_at()
N = len(STEPS)


@pytest.mark.parametrize("rule", [STUCK, DEAD])
def test_a_run_without_layers_is_not_judged(tmp_path, rule):
    assert "nothing inside the network" in covered(make(tmp_path, layers=()), rule).why


# -- saturated -----------------------------------------------------------------------------------------------


def share(values, name="layers.0"):
    return {(q.SATURATED, name): values}


def test_born_saturated(tmp_path):
    (one,) = found(make(tmp_path, columns=share(0.685), layers=stack(2, weight_std=1.0)), STUCK)
    assert (one.severity, one.where, one.first_step) == ("warning", ("layers.0",), 0)
    assert "69% of the activations of tanh(layers.0) lie on its flat ends" in one.summary
    assert "from the start" in one.summary
    assert one.evidence[0].margin == pytest.approx(0.685 / 0.3, rel=1e-3)
    assert "layers.0 by 0.37" in one.remedies[0].action
    assert one.remedies[0].apply == "auscult.treat.initialise"


@pytest.mark.parametrize(("late", "severity"), [(0.01, "info"), (0.12, "warning")])
def test_a_layer_that_left_its_ends_is_information(tmp_path, late, severity):
    leaving = np.interp(STEPS, [0, 100, STEPS[-1]], [0.4, late, late])
    (one,) = found(make(tmp_path, columns=share(leaving), loss=flat), STUCK)
    assert one.severity == severity


def test_where_nothing_is_left_of_the_loss_it_is_information(tmp_path):
    for end, severity in ((0.005, "info"), (0.05, "warning")):
        loss = lambda s, e=end: falling(s, end=e, scatter=1e-4)  # noqa: E731
        (one,) = found(make(tmp_path, columns=share(0.685), layers=stack(2, weight_std=1.0), loss=loss), STUCK)
        assert one.severity == severity


def test_what_was_learned_by_heart_was_not_borne(tmp_path):
    loss = falling(looked_at(), end=0.005, scatter=1e-4)
    for held, severity in ((0.1, "info"), (0.4, "warning")):
        columns = {**share(0.685), (q.LOGGED, "valid_loss"): held + noise(STEPS, 0.01)}
        (one,) = found(make(tmp_path, columns=columns, layers=stack(2, weight_std=1.0), loss=loss), STUCK)
        assert one.severity == severity


def test_all_layers_of_a_net_with_gain_3(tmp_path):
    shares = {k: v for i, s in enumerate((0.477, 0.405, 0.424)) for k, v in share(s, f"layers.{i}").items()}
    (one,) = found(make(tmp_path, layers=stack(3), columns=shares), STUCK)
    assert one.where == ("layers.0", "layers.1", "layers.2")
    assert "Likewise: layers.1, layers.2" in one.summary


@pytest.mark.parametrize(
    "values", [np.full(N, 0.2025), np.full(N, 0.29), np.interp(STEPS, [0, 1999], [0.05, 0.9]), np.full(N, np.nan)]
)
def test_healthy_shares(tmp_path, values):
    assert not found(make(tmp_path, columns=share(values)), STUCK)


def test_driven_there_while_nothing_is_learned(tmp_path):
    values = np.where(STEPS < 500, 0.1, 0.95)
    (one,) = found(make(tmp_path, loss=flat, columns=share(values)), STUCK)
    assert one.first_step == int(STEPS[STEPS >= 500][0])
    assert f"since step {one.first_step}" in one.summary
    assert "learning rate" in one.remedies[0].action
    assert not found(make(tmp_path, loss=flat, columns=share(np.where(STEPS < 500, 0.1, 0.69))), STUCK)


def test_a_hard_tanh_has_a_third_beyond_its_ends_when_healthy(tmp_path):
    hard = stack(2, activation="hardtanh")
    assert not found(make(tmp_path, layers=hard, columns=share(0.5)), STUCK)
    assert found(make(tmp_path, layers=hard, columns=share(0.65)), STUCK)


def test_gates_and_the_output_may_saturate(tmp_path):
    gate = [
        layer("conv", activation="relu"), layer("gate", "conv", activation="sigmoid"), layer("next", ("conv", "gate")),
        layer("out", "next", activation="sigmoid", is_output=True),
    ]  # fmt: skip
    columns = {**share(0.9, "gate"), **share(0.9, "out")}
    assert not found(make(tmp_path, layers=gate, columns=columns), STUCK)
    plain = [layer("hidden", activation="sigmoid"), layer("next", "hidden")]
    assert found(make(tmp_path, layers=plain, columns=share(0.9, "hidden")), STUCK)


@pytest.mark.parametrize(("first", "flagged"), [(0.0, 0), (0.62, 0), (0.78, 1)])
def test_gates_of_a_recurrence_that_are_born_stuck(tmp_path, first, flagged):
    again = [layer(name, activation=None) for name in ("cell", "cell#5")]
    gates = {(q.GATES, x.name): np.linspace(first, 0.9, N) for x in again}
    run = make(tmp_path, layers=[*again, layer("out", "cell", activation=None, is_output=True)], columns=gates)
    told = found(run, STUCK)
    assert [(f.severity, f.where) for f in told] == [("warning", ("cell",))] * flagged
    assert covered(run, STUCK).status == "ran"


@pytest.mark.parametrize(("share_of", "flagged"), [(0.9, 0), (1.0, 1)])
def test_a_gate_that_is_a_layer_of_its_own_is_judged_where_it_recurs(tmp_path, share_of, flagged):
    names = ("keep", "keep#5")
    again = [layer(n, activation="sigmoid") for n in names]
    out = layer("out", ("keep", "keep#5"), activation=None, is_output=True)
    columns = {(q.SATURATED, n): share_of for n in names}
    told = found(make(tmp_path, layers=[*again, out], columns=columns), STUCK)
    assert [f.where for f in told] == [("keep",)] * flagged
    once = [layer("keep", activation="sigmoid"), layer("out", ("keep", "x"), activation=None, is_output=True)]
    assert not found(make(tmp_path, layers=once, columns=columns), STUCK)


def test_adversaries_are_told_of_it(tmp_path):
    two = {(q.LOSS, "critic"): 1.0, **share(0.8)}
    (one,) = found(make(tmp_path, columns=two), STUCK)
    assert one.severity == "info"


def test_what_has_no_two_ends_is_skipped(tmp_path):
    assert covered(make(tmp_path, layers=stack(2, activation="relu")), STUCK).status == "skipped"
    assert covered(make(tmp_path, layers=stack(0)), STUCK).status == "skipped"
    unseen = {(q.SATURATED, f"layers.{i}"): None for i in range(2)}
    assert covered(make(tmp_path, columns=unseen), STUCK).status == "cannot-judge"


def test_three_steps_tell_how_units_were_born_but_not_what_became_of_them(tmp_path):
    assert found(make(tmp_path, steps=[0, 1, 2], columns=share(0.7)), STUCK)
    assert not found(make(tmp_path, steps=[0, 1, 2], loss=flat, columns=share([0.1, 0.9, 0.9])), STUCK)


# -- dead ----------------------------------------------------------------------------------------------------

RELU = stack(2, activation="relu")


def counted(alive, name="layers.0", examples=64, seen=STEPS):
    return {"arrays": [(q.UNITS, name, units(seen, alive, examples))]}


def test_units_killed_at_one_step(tmp_path):
    alive = np.where(np.arange(20) < 12, 5, STEPS[-1])
    ratio = {"layers.0.weight": np.where(STEPS == 5, -0.3, -2.5)}
    (one,) = found(make(tmp_path, layers=RELU, ratio=ratio, **counted(alive)), DEAD)
    assert (one.severity, one.where, one.first_step) == ("warning", ("layers.0",), 6)
    assert one.summary.startswith("12 of the 20 units of relu(layers.0) are dead: none of the last 3,456 examples")
    assert "They were killed, all of them between steps 5 and 6" in one.summary
    assert "when the layer's weights moved by 10^-0.3 of their size in a step (10^-2.5 is their median)" in one.summary
    assert "no gradient at all" in one.summary
    assert one.evidence[0].margin == pytest.approx(1.2)
    assert "learning rate" in one.remedies[0].action


def test_units_born_dead(tmp_path):
    alive = np.where(np.arange(20) < 15, -1, STEPS[-1])
    (one,) = found(make(tmp_path, layers=RELU, **counted(alive)), DEAD)
    assert one.first_step == 0
    assert "All of them were born dead" in one.summary
    assert one.remedies[0].apply == "auscult.treat.initialise"


@pytest.mark.parametrize(("count", "flagged"), [(10, 0), (14, 0), (15, 1)])
def test_half_of_the_units_may_be_born_dead_by_chance(tmp_path, count, flagged):
    alive = np.where(np.arange(20) < count, -1, STEPS[-1])
    assert len(found(make(tmp_path, layers=RELU, **counted(alive)), DEAD)) == flagged
    normed = [replace(x, norm="batch-norm") if x.name == "layers.0" else x for x in RELU]  # there it is none
    assert len(found(make(tmp_path / "normed", layers=normed, **counted(alive)), DEAD)) == (count > 10)


def test_some_born_dead_and_some_killed_one_by_one(tmp_path):
    alive = np.concatenate([np.full(4, -1), STEPS[20:28], np.full(8, STEPS[-1])])
    (one,) = found(make(tmp_path, layers=RELU, **counted(alive)), DEAD)
    assert f"4 were born dead and 8 killed, a few at a time, until step {STEPS[27]:,}" in one.summary


@pytest.mark.parametrize(("count", "severity"), [(7, ""), (8, "info"), (10, "info"), (11, "warning")])
def test_how_many_units(tmp_path, count, severity):
    said = found(make(tmp_path, layers=RELU, **counted(np.where(np.arange(20) < count, 5, STEPS[-1]))), DEAD)
    assert [f.severity for f in said] == ([severity] if severity else [])
    assert all(e.margin >= 1 for f in said for e in f.evidence)


@pytest.mark.parametrize(
    ("count", "loss", "severity"),
    [(13, falling, "info"), (16, falling, "info"), (17, falling, "warning"), (13, flat, "warning")],
)  # fmt: skip
def test_units_that_die_one_by_one_while_the_network_learns(tmp_path, count, loss, severity):
    alive = np.concatenate([STEPS[5 : 5 + count], np.full(20 - count, STEPS[-1])])
    (one,) = found(make(tmp_path, loss=loss, layers=RELU, **counted(alive)), DEAD)
    assert one.severity == severity


@pytest.mark.parametrize(("end", "severity"), [(0.06, "warning"), (0.03, "info")])
def test_where_all_was_learned_the_units_left_were_enough(tmp_path, end, severity):
    alive = np.where(np.arange(20) < 17, 5, STEPS[-1])
    run = make(tmp_path, loss=lambda s: falling(s, 2.3, end, half_life=30), layers=RELU, **counted(alive))
    assert [f.severity for f in found(run, DEAD)] == [severity]


def test_of_many_examples_a_tenth_must_pass_without_one(tmp_path):
    every = np.arange(2000)
    late, later = np.full(20, 1700), np.full(20, 1900)  # 19,136 and 6,336 of 128,000 examples
    later[10:], late[10:] = 1999, 1999
    late[:11], later[:11] = 1700, 1900
    assert found(make(tmp_path, steps=every, layers=RELU, **counted(late, seen=every)), DEAD)
    assert not found(make(tmp_path, steps=every, layers=RELU, **counted(later, seen=every)), DEAD)


def test_a_whole_layer_dead_and_nothing_learned_is_critical(tmp_path):
    (one,) = found(make(tmp_path, loss=flat, layers=RELU, **counted(np.full(20, 3))), DEAD)
    assert one.severity == "critical"
    (other,) = found(make(tmp_path, loss=falling, layers=RELU, **counted(np.full(20, 3))), DEAD)
    assert other.severity == "warning"


def test_one_of_two_units_is_no_majority(tmp_path):
    tiny = stack(1, activation="relu", units=2)
    assert not found(make(tmp_path, layers=tiny, **counted(np.array([3, STEPS[-1]]))), DEAD)


def test_units_not_seen_alive_lately_are_not_dead_yet(tmp_path):
    assert not found(make(tmp_path, layers=RELU, **counted(np.full(20, STEPS[-4]))), DEAD)  # three looks
    most = np.where(np.arange(20) < 12, STEPS[-20], STEPS[-1])
    assert not found(make(tmp_path, layers=RELU, **counted(most, examples=16)), DEAD)


def test_a_layer_with_no_unit_left_needs_fewer_examples(tmp_path):
    (one,) = found(make(tmp_path, layers=RELU, **counted(np.full(20, STEPS[-5]))), DEAD)  # 256 examples
    assert "20 of the 20 units" in one.summary
    assert not found(make(tmp_path, layers=RELU, **counted(np.where(np.arange(20), STEPS[-5], STEPS[-1]))), DEAD)


def test_too_few_looks_or_examples_are_not_judged(tmp_path):
    short = make(tmp_path, steps=[0, 1, 2], layers=RELU, **counted(np.full(20, -1), seen=np.arange(3)))
    assert covered(short, DEAD).status == "cannot-judge"
    few = {(q.UNIT_EXAMPLES, f"layers.{i}"): 3 for i in range(2)}
    both = [(q.UNITS, f"layers.{i}", units(STEPS, np.full(20, -1), 3)) for i in range(2)]
    assert "too few examples" in covered(make(tmp_path, layers=RELU, columns=few, arrays=both), DEAD).why


def test_units_that_came_back_are_counted(tmp_path):
    array = units(STEPS, np.full(20, 5))
    array[2, :3] = 2
    (one,) = found(make(tmp_path, layers=RELU, arrays=[(q.UNITS, "layers.0", array)]), DEAD)
    assert "Units of this layer came back 6 times" in one.summary


def test_a_tail_keeps_some_gradient(tmp_path):
    (one,) = found(make(tmp_path, layers=stack(2, activation="gelu"), **counted(np.full(20, 5))), DEAD)
    assert "small but not zero" in one.summary


def test_without_counts_or_activations_it_is_not_judged(tmp_path):
    assert covered(make(tmp_path, layers=stack(2, activation=None)), DEAD).status == "skipped"
    odd = [(q.UNITS, f"layers.{i}", np.zeros((3, 0), np.int64)) for i in range(2)]
    assert covered(make(tmp_path, layers=RELU, arrays=odd), DEAD).status == "cannot-judge"


@pytest.mark.parametrize(
    ("first", "late", "width", "severity"),
    [(0.95, 0.9, 64, "warning"), (0.95, 0.7, 64, None), (0.85, 0.85, 64, None), (0.95, 0.9, 16, None)],
)
def test_a_layer_that_was_drawn_off(tmp_path, first, late, width, severity):
    off = {(q.OFF, "layers.1"): np.linspace(first, late, N)}
    layers = stack(2, activation="relu", units=width)
    for end, weaker in ((0.3, severity), (0.005, severity and "info")):
        loss = lambda s, e=end: falling(s, end=e, scatter=1e-4)  # noqa: E731
        run = make(tmp_path, columns=off, layers=layers, loss=loss)
        assert [f.severity for f in found(run, DEAD)] == ([weaker] if weaker else [])
    if severity:
        (one,) = found(run, DEAD)
        assert one.where == ("layers.1",)
        assert "95% of their values were off at first, 91% are in the end" in one.summary
        assert one.remedies[0].apply == "auscult.treat.initialise"


def test_a_layer_that_was_seen_late_was_not_drawn_off(tmp_path):
    off = {(q.OFF, "layers.1"): np.where(STEPS < 50, np.nan, 0.95)}
    layers = stack(2, activation="relu", units=64)
    assert not found(make(tmp_path, columns=off, layers=layers), DEAD)
