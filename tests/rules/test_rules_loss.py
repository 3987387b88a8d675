"""diverging-loss, no-progress and what they know of a curve, on runs made by hand."""

import numpy as np
import pytest
from rule_runs import LAYERS, covered, falling, flat, found, looked_at, make, noise, parameter, straight, units

from auscult import rules
from auscult.rules._loss import Curve, scatter
from auscult.runs import Optimizer, Task
from auscult.runs import quantities as q
from auscult.runs.facts import POLICY

DIVERGING, STUCK = "diverging-loss", "no-progress"


def turning(steps, low=0.5, end=2.0):
    """Down until half way, then up."""
    return np.interp(steps, [0, 300, 1000, 2000], [2.3, low, low, end]) + noise(steps, 0.03)


@pytest.mark.parametrize("scale", [1.0, 1e-4, 1e4])
def test_a_rising_loss_diverges_whatever_its_unit(tmp_path, scale):
    (one,) = found(make(tmp_path, loss=lambda s: scale * straight(s, 2.3, 4.0, 0.05)), DIVERGING)
    assert one.severity == "critical"
    assert one.evidence[0].margin > 1
    assert one.first_step < 700


def test_a_loss_that_loses_its_progress_diverges(tmp_path):
    (one,) = found(make(tmp_path, loss=turning), DIVERGING)
    assert one.severity == "warning"
    assert 300 <= one.first_step <= 1100
    assert "of its progress" in one.summary


def test_progress_from_a_noisy_beginning_can_be_lost_too(tmp_path):
    """Large losses scatter more than small ones: the best is surely below all of the first ones."""
    loss = falling(looked_at(), 1.0, 0.1, 60, 0.005) + np.interp(looked_at(), [0, 1000, 2000], [0, 0, 0.8])
    loss[:20] = [1.0, 0.6] * 10
    (one,) = found(make(tmp_path, loss=loss), DIVERGING)
    assert "of its progress" in one.summary


def test_progress_is_lost_where_the_loss_breaks(tmp_path):
    steps = looked_at()
    (one,) = found(make(tmp_path, loss=np.where(steps < 1000, falling(steps), 2.2)), DIVERGING)
    assert one.first_step == steps[steps >= 1000][0]


def test_a_loss_with_the_wrong_sign_makes_the_error_larger(tmp_path):
    steps = looked_at()
    error = np.where(steps < 1000, falling(steps), 0.005 * steps)
    minus = np.where(steps < 1000, error, -error)
    (one,) = found(make(tmp_path, loss=minus, columns={(q.TASK_LOSS, ""): error}), DIVERGING)
    assert (one.severity, one.first_step) == ("critical", steps[steps >= 1000][0])
    assert "wrong sign" in one.summary
    assert not found(make(tmp_path, loss=minus, columns={(q.TASK_LOSS, ""): 0.3}), DIVERGING)


@pytest.mark.parametrize("how", [{"lr": -0.1}, {"optimizers": [Optimizer("SGD", "SGD", ({"maximize": True},))]}])
def test_steps_along_the_gradient_are_named_as_what_makes_the_loss_larger(tmp_path, how):
    rising = make(tmp_path, loss=lambda s: straight(s, 2.3, 40.0, 0.05), **how)
    (one,) = found(rising, DIVERGING)
    assert one.summary.startswith("The parameters are moved along the gradient")
    assert "any rate" in covered(rising, "learning-rate-too-high").why
    unknown = make(tmp_path, loss=lambda s: straight(s, 2.3, 40.0, 0.05), task=None, **how)
    assert [(f.severity, f.first_step) for f in found(unknown, DIVERGING)] == [("info", 0)]
    assert "objective" in covered(unknown, STUCK).why


def test_a_loss_that_loses_less_than_half_does_not(tmp_path):
    assert rules.judge(make(tmp_path, loss=lambda s: turning(s, end=0.9))).findings == ()


def test_a_loss_that_climbs_to_several_times_its_best_diverges_though_most_is_kept(tmp_path):
    climbing = lambda s: turning(s, low=0.1, end=0.4) - noise(s, 0.025)  # noqa: E731
    (one,) = found(make(tmp_path, loss=climbing), DIVERGING)
    assert "times that" in one.summary
    assert one.evidence[0].value > 2.5
    assert not found(make(tmp_path, loss=climbing, task=None), DIVERGING)
    assert not found(make(tmp_path, loss=lambda s: turning(s, low=0.1, end=0.2) - noise(s, 0.025)), DIVERGING)


def test_losses_below_zero_are_losses(tmp_path):
    assert rules.judge(make(tmp_path, loss=lambda s: falling(s, 1.0, -3.0))).findings == ()
    assert rules.judge(make(tmp_path, loss=lambda s: falling(s, -1.0, -3.0))).findings == ()
    assert found(make(tmp_path, loss=lambda s: straight(s, -3.0, -1.0, 0.05)), DIVERGING)


def test_a_loss_that_falls_without_a_bound_diverges(tmp_path):
    for begin, severity in ((20.0, "warning"), (-20.0, "info")):
        (one,) = found(make(tmp_path, loss=lambda s, b=begin: b - 2e-3 * s**2 + noise(s, 1.0), task=None), DIVERGING)
        assert one.severity == severity
        assert "falls without a bound" in one.summary
        assert one.evidence[0].margin > 10
        assert "has no lowest value" in one.remedies[0].action
        assert one.first_step in (range(90, 200) if begin > 0 else range(30))
    assert not found(make(tmp_path, loss=lambda s: falling(s, 2.0, -60.0, 400), task=None), DIVERGING)
    assert not found(make(tmp_path, loss=lambda s: 20 - 0.05 * s, task=None), DIVERGING)  # not so far below


def test_a_spike_is_no_divergence(tmp_path):
    steps = looked_at()
    loss = falling(steps)
    loss[[30, -2]] = 50.0
    assert rules.judge(make(tmp_path, loss=loss)).findings == ()


@pytest.mark.parametrize("seed", range(20))
def test_noise_is_neither_divergence_nor_progress(tmp_path, seed):
    loss = lambda s: 2.0 + noise(s, 1.0, seed)  # noqa: E731
    run = make(tmp_path, loss=loss)
    assert rules.judge(run).findings == ()
    assert covered(run, STUCK).status == "cannot-judge"


def test_a_flat_loss_is_no_progress(tmp_path):
    (one,) = found(make(tmp_path, loss=flat), STUCK)
    assert one.severity == "warning"
    assert one.summary.startswith("After 2,000 steps the loss is not lower than it began: 2.3")


def test_gradients_of_a_penalty_alone_explain_it(tmp_path):
    assert (
        "the rest of the loss does not reach the network"
        in found(make(tmp_path, loss=flat, task=None), STUCK)[0].summary
    )
    other = {(q.GRAD_NORM, "layers.1.weight"): 0.1005}
    (one,) = found(make(tmp_path, loss=flat, task=None, columns=other), STUCK)
    assert one.severity == "info"
    assert "need not fall" in one.summary


def test_weights_that_are_put_back_make_no_progress_whatever_the_noise(tmp_path):
    scattering = lambda s: 2.0 + noise(s, 0.5)  # noqa: E731
    near = {(q.DISTANCE, f"layers.{i}.weight"): 0.01 for i in range(3)}  # some three steps from the start
    (one,) = found(make(tmp_path, loss=scattering, columns=near), STUCK)
    assert "something puts them back" in one.summary
    assert covered(make(tmp_path, loss=flat, columns=near), "labels-unrelated").status == "skipped"
    one_away = {**near, (q.DISTANCE, "layers.2.weight"): 1.0}
    assert covered(make(tmp_path, loss=scattering, columns=one_away), STUCK).status == "cannot-judge"


def test_parameters_that_never_move_make_no_progress_whatever_the_loss(tmp_path):
    about_zero = lambda s: noise(s, 0.5)  # noqa: E731 - as a policy's
    still = {(q.DISTANCE, name): 0.0 for name in LAYERS}
    (one,) = found(make(tmp_path, loss=about_zero, columns=still, task=None), STUCK)
    assert one.severity == "warning"
    assert "No parameter has moved at all" in one.summary
    bias_moves = {**still, (q.DISTANCE, LAYERS[1]): 1e-9}
    assert covered(make(tmp_path, loss=about_zero, columns=bias_moves, task=None), STUCK).status == "cannot-judge"
    assert not found(make(tmp_path, loss=falling, columns=still), STUCK)  # another of its parts learns


def lends(steps, step, times=2):
    """Weights that are loaded so many times after a step, all along the training."""
    return [(int(s), q.LOADED) for s in range(0, steps, step) for _ in range(times)]


def test_weights_that_are_loaded_all_along_make_no_progress(tmp_path):
    fell = lambda s: falling(s, 2.3, 1.9, 2)  # noqa: E731 - in the first steps, and no further
    (one,) = found(make(tmp_path, loss=fell, events=lends(2000, 50, times=1)), STUCK)
    assert "loaded anew 40 times" in one.summary
    for events in (lends(2000, 50), lends(1000, 50, times=1), lends(2000, 500, times=1)):
        assert not found(make(tmp_path, loss=fell, events=events), STUCK)
    assert not found(make(tmp_path, loss=falling, events=lends(2000, 50, times=1)), STUCK)


def test_a_loss_below_a_guess_s_was_learned_early(tmp_path):
    noisy = lambda s: flat(s, 2.2, 0.05) + 0.1 * (s < 10)  # noqa: E731
    assert found(make(tmp_path, loss=noisy, columns={(q.TASK_LOSS_BASE, ""): 2.2}), STUCK)
    verdict = covered(make(tmp_path, loss=noisy, columns={(q.TASK_LOSS_BASE, ""): 2.3}), STUCK)
    assert verdict.status == "cannot-judge"
    assert "below that of a constant guess" in verdict.why


def test_what_was_learned_in_two_steps_was_learned(tmp_path):
    at_once = lambda s: flat(s, 2.2, 0.02) + 0.3 * (s < 2)  # noqa: E731
    assert found(make(tmp_path, loss=at_once, columns={(q.TASK_LOSS_BASE, ""): 2.2}), STUCK)
    verdict = covered(make(tmp_path, loss=at_once, columns={(q.TASK_LOSS_BASE, ""): 2.4}), STUCK)
    assert verdict.status == "cannot-judge"


def test_a_small_sure_fall_is_progress(tmp_path):
    guess = {(q.TASK_LOSS_BASE, ""): 3.0}
    assert rules.judge(make(tmp_path, loss=lambda s: straight(s, 2.3, 2.2, 0.005), columns=guess)).findings == ()


@pytest.mark.parametrize(
    "loss",
    [
        lambda s: noise(s, 1.0),
        lambda s: noise(s, 0.01) - 0.5 * 0.5 ** (s / 20),  # as where a baseline has to be learned first
    ],
)
def test_a_loss_about_zero_need_not_fall(tmp_path, loss):
    for rule in (STUCK, DIVERGING):
        verdict = covered(make(tmp_path, loss=loss), rule)
        assert verdict.status == "cannot-judge"
        assert "policy gradient" in verdict.why


def spreading(steps, to):
    """What a constant guess has of the targets of values that are learned from themselves."""
    return np.interp(steps, [0, 400, 2000], [0.01, 0.2, to])


@pytest.mark.parametrize(("end", "to", "status"), [(6.0, 40.0, "cannot-judge"), (6.0, 0.2, "ran"), (90.0, 1e3, "ran")])
def test_a_loss_may_grow_with_the_targets_it_chases(tmp_path, end, to, status):
    base = {(q.TASK_LOSS_BASE, ""): spreading(looked_at(), to)}
    loss = lambda s: np.abs(straight(s, 0.5, end, 0.05))  # noqa: E731
    run = make(tmp_path, loss=loss, columns=base, task=Task("squared-error"))
    assert covered(run, DIVERGING).status == status
    assert bool(found(run, DIVERGING)) == (status == "ran")
    if status != "ran":
        assert "learned from themselves" in covered(run, DIVERGING).why
        assert covered(run, "learning-rate-too-low").status == "cannot-judge"


def test_the_loss_of_a_policy_need_not_fall(tmp_path):
    run = make(tmp_path, loss=lambda s: straight(s, 2.3, 9.0, 0.05), ratio=-2.0, task=Task(POLICY))
    assert not rules.judge(run).findings
    for rule in (DIVERGING, STUCK, "batch-too-small", "learning-rate-too-low"):
        assert "policy" in covered(run, rule).why
    extreme = make(tmp_path, loss=lambda s: straight(s, 2.3, 9.0, 0.05), ratio=-0.5, task=Task(POLICY))
    assert [f.rule for f in rules.judge(extreme).findings] == ["learning-rate-too-high"]


def test_a_loss_that_rises_from_below_zero_past_it_diverges(tmp_path):
    assert found(make(tmp_path, loss=lambda s: straight(s, -0.5, 0.4)), DIVERGING)


def test_no_progress_from_trained_weights_is_information(tmp_path):
    trained = {(q.DATA_STD, f"layers.{i}.weight"): 0.155 + 0.035 * i for i in range(3)}
    (one,) = found(make(tmp_path, loss=lambda s: flat(s, 0.4, 0.002), columns=trained), STUCK)
    assert one.severity == "info"


def test_one_gain_for_all_layers_is_drawn_and_not_trained(tmp_path):
    for count, severity in ((3, "info"), (5, "warning")):
        names = [f"layers.{i}.weight" for i in range(count)]
        odd = {(q.DATA_STD, name): 0.1713 for name in names}
        low = {"loss": lambda s: flat(s, 0.4, 0.002), "columns": odd, "parameters": [parameter(n) for n in names]}
        (one,) = found(make(tmp_path, **low), STUCK)
        assert one.severity == severity


@pytest.mark.parametrize("rule", [DIVERGING, STUCK])
def test_what_cannot_be_judged(tmp_path, rule):
    assert "too few" in covered(make(tmp_path, steps=np.arange(15), loss=flat), rule).why
    assert "too few" in covered(make(tmp_path, steps=np.arange(0, 1500, 100), loss=flat), rule).why
    assert covered(make(tmp_path, loss=np.full(60, np.nan)), rule).why == "no loss was recorded"
    two = {(q.LOSS, "critic"): np.ones(60)}
    assert "losses of their own" in covered(make(tmp_path, loss=flat, columns=two), rule).why


def test_a_second_loss_that_was_never_taken_is_none(tmp_path):
    empty = {(q.LOSS, "critic"): np.full(60, np.nan)}
    assert covered(make(tmp_path, columns=empty), DIVERGING).status == "ran"


def test_the_noise_of_a_curve_is_that_of_its_values():
    values = 5 - np.linspace(0, 1, 4000) + noise(range(4000), 0.1)
    assert scatter(values) == pytest.approx(0.1, rel=0.05)
    curve = Curve(np.arange(4000), values)
    assert curve.noise == pytest.approx(0.1, rel=0.05)
    assert curve.end.value == pytest.approx(4.075, abs=0.02)
    assert curve.begin.value == pytest.approx(5, abs=0.2)
    assert curve.progressed
    assert not curve.stalled


def test_a_curve_that_left_its_beginning_behind_rose_whatever_its_noise():
    steps = np.arange(60)
    wild = Curve(steps, np.concatenate([[3.3, 3.5, 4.1, 6.0, 9.0], 40 + 25 * np.sin(1.7 * steps[:55])]))
    assert wild.left_behind
    assert not wild.progressed
    assert not Curve(steps, 3.3 + noise(steps, 1.0)).left_behind
    assert not Curve(steps[:20], np.linspace(1, 9, 20)).left_behind  # too few late losses


def test_a_curve_thrown_up_at_the_start_began_where_it_began():
    values = np.array([2.3, 900.0, 400.0, 100.0, 50.0, *np.full(60, 2.3)]) + noise(range(65), 0.01)
    curve = Curve(np.arange(65), values)
    assert curve.thrown
    assert curve.begin.value == pytest.approx(2.3, abs=0.05)
    assert curve.stalled
    calm = Curve(np.arange(65), np.concatenate([[2.3, 2.5, 2.2, 2.4, 2.3], np.full(60, 2.3) + noise(range(60), 0.1)]))
    assert not calm.thrown


@pytest.mark.parametrize("seed", range(3))
def test_a_curve_that_likely_fell_a_little_has_not_stalled(seed):
    steps = np.arange(3000)
    still = Curve(steps, 1.0 + noise(steps, 0.13, seed))
    down = 0.02 - still.drift.value  # what is left of 2 % where chance has some already
    falls = Curve(steps, still.values - down * (steps >= 2000))
    assert still.stalled
    assert 2 * falls.drift.error < falls.drift.value < 4 * falls.drift.error
    assert not falls.stalled
    assert not falls.progressed


def test_a_few_low_losses_at_first_are_no_beginning_below_the_rest():
    steps = np.arange(3000)
    course = 1.0 - 0.1 * steps / 3000 + noise(steps, 0.3)
    low = Curve(steps, np.concatenate([[0.6, 0.3, 0.9, 0.2, 0.6], course[5:]]))
    assert low.begin.value < low.end.value
    assert low.drift.value == pytest.approx(0.067, abs=0.03)
    assert not low.stalled


def test_inputs_that_are_one_number_explain_it(tmp_path):
    columns = {(q.INPUT_STD, "input"): 0.0} | {(q.DEAD, f"layers.{i}"): 0.6 for i in range(2)}
    dead = [(q.UNITS, "layers.0", units(looked_at(), np.full(20, -1)))]
    first = {  # what a weight gets of inputs that are zero; and the others lose what they got
        (q.GRAD_NORM, "layers.0.weight"): 0.0, (q.UPDATE_NORM, "layers.0.weight"): 0.0,
        (q.DISTANCE, "layers.0.weight"): 0.0,
        **{(q.GRAD_NORM, f"layers.{i}.weight"): np.where(looked_at() < 100, 1.0, 1e-9) for i in (1, 2)},
    }  # fmt: skip
    verdict = rules.judge(make(tmp_path, loss=flat, ratio=-5.0, columns=columns | first, arrays=dead))
    (one,) = verdict.findings
    assert (one.rule, one.where) == ("no-progress", ("layers.0",))
    assert "The inputs are all one number" in one.summary
    rounded = columns | {(q.INPUT_STD, "input"): 1e-9, (q.INPUT_MEAN, "input"): -0.1}
    verdict = rules.judge(make(tmp_path / "rounded", loss=flat, ratio=-5.0, columns=rounded | first, arrays=dead))
    assert "The inputs are all one number" in verdict.findings[0].summary


def test_first_losses_that_scatter_hide_no_fall_to_nothing(tmp_path):
    steps = looked_at()
    loss = np.where(steps < 20, 0.02 + 0.08 * (np.arange(len(steps)) % 3 == 0), 1e-5)
    assert not found(make(tmp_path, loss=loss), STUCK)
