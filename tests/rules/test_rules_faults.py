"""frozen-parameters, gradients-not-zeroed and non-finite, on runs made by hand."""

import numpy as np
import pytest
from rule_runs import LAYERS, falling, looked_at, make, parameter

from auscult import rules
from auscult.runs import Optimizer
from auscult.runs import quantities as q

STILL, CARRIED, BROKEN = "frozen-parameters", "gradients-not-zeroed", "non-finite"
STEPS = looked_at()
N = len(STEPS)


def found(run, rule):
    return [f for f in rules.judge(run).findings if f.rule == rule]


def covered(run, rule):
    return next(c for c in rules.judge(run).coverage if c.rule == rule)


# -- frozen --------------------------------------------------------------------------------------------------

ONE = {"layers.0.weight": -np.inf}


@pytest.mark.parametrize(
    ("gradient", "behind", "words"),
    [
        (np.nan, None, "never got a gradient"),
        (np.nan, 1e-3, "lost the gradient that backward left in it before the optimizer could use it"),
        (0.0, 1e-3, "gradients of exactly zero"),
        (0.1, 1e-3, "too small for float32"),
    ],
)
def test_why_a_parameter_stands_still(tmp_path, gradient, behind, words):
    columns = {(q.GRAD_NORM, "layers.0.weight"): np.full(N, gradient), (q.OUTPUT_GRAD_STD, "layers.0"): behind}
    (one,) = found(make(tmp_path, ratio=ONE, columns=columns), STILL)
    assert one.where == ("layers.0.weight",)
    assert one.severity == "warning"
    assert words in one.summary


@pytest.mark.parametrize(("gradient", "severity"), [(np.nan, "info"), (0.0, "warning")])
def test_a_slight_part_that_the_loss_does_not_depend_on_may_be_there_unused(tmp_path, gradient, severity):
    parameters = [parameter(n, shape=(20, 20) if i == 0 else (200, 200)) for i, n in enumerate(LAYERS[:3])]
    columns = {(q.GRAD_NORM, "layers.0.weight"): np.full(N, gradient), (q.OUTPUT_GRAD_STD, "layers.0"): None}
    (one,) = found(make(tmp_path, ratio=ONE, parameters=parameters, columns=columns), STILL)
    assert one.severity == severity


@pytest.mark.parametrize(("of_weights", "flagged"), [(0.1, 0), (0.0, 1)])
def test_a_bias_that_is_cancelled_is_no_ailment(tmp_path, of_weights, flagged):
    still = {"layers.0.bias": -np.inf}
    columns = {(q.GRAD_NORM, "layers.0.bias"): np.zeros(N), (q.GRAD_NORM, "layers.0.weight"): np.full(N, of_weights)}
    assert len(found(make(tmp_path, ratio=still, columns=columns), STILL)) == flagged


def test_a_parameter_in_no_optimizer_that_gets_gradients(tmp_path):
    parameters = [
        parameter(n, optimizer=None if i == 0 else "SGD", group=None if i == 0 else 0) for i, n in enumerate(LAYERS)
    ]
    (one,) = found(make(tmp_path, ratio=ONE, parameters=parameters), STILL)
    assert "no optimizer holds it" in one.summary
    quiet = {(q.GRAD_NORM, "layers.0.weight"): np.full(N, np.nan)}
    assert not found(make(tmp_path, ratio=ONE, parameters=parameters, columns=quiet), STILL)  # a teacher


def test_a_group_without_a_learning_rate(tmp_path):
    parameters = [parameter(n, group=int(i == 0)) for i, n in enumerate(LAYERS)]
    two = [Optimizer("SGD", "SGD", ({"lr": 0.1}, {"lr": 0.0}))]
    run = make(tmp_path, ratio=ONE, parameters=parameters, optimizers=two, columns={(q.LR, "SGD[1]"): np.zeros(N)})
    (one,) = found(run, STILL)
    assert "learning rate of 0" in one.summary


def test_half_precision_rounds_small_updates_away(tmp_path):
    parameters = [parameter(n, dtype="bfloat16") for n in LAYERS]
    (one,) = found(make(tmp_path, ratio={"layers.0.bias": -np.inf}, parameters=parameters), STILL)
    assert "too small for bfloat16" in one.summary


def test_a_bias_whose_gradient_is_rounding_is_no_ailment(tmp_path):
    columns = {(q.GRAD_NORM, "layers.0.bias"): np.full(N, 1e-9)}
    assert not found(make(tmp_path, ratio={"layers.0.bias": -np.inf}, columns=columns), STILL)


def test_nothing_moves_at_all(tmp_path):
    (one,) = found(make(tmp_path, ratio=-np.inf, lr=0.0), STILL)
    assert one.severity == "critical"
    assert set(one.where) == set(LAYERS)
    assert "layers.0.weight, layers.1.weight, layers.2.weight and 1 more never moved" in one.summary


def test_a_parameter_that_moved_once_or_in_between_moves(tmp_path):
    once = np.zeros(N)
    once[30] = 1e-6
    assert not found(make(tmp_path, ratio=ONE, columns={(q.UPDATE_NORM, "layers.0.weight"): once}), STILL)
    away = {(q.DISTANCE, "layers.0.weight"): np.where(STEPS > 500, 1e-3, 0.0)}
    assert not found(make(tmp_path, ratio=ONE, columns=away), STILL)


def test_a_parameter_not_asked_to_train_may_rest(tmp_path):
    parameters = [parameter(n, trainable=i != 0) for i, n in enumerate(LAYERS)]
    assert not found(make(tmp_path, ratio=ONE, parameters=parameters), STILL)


def test_nine_samples_do_not_say_that_nothing_moves(tmp_path):
    assert covered(make(tmp_path, steps=np.arange(9), ratio=ONE), STILL).status == "cannot-judge"


# -- carried over --------------------------------------------------------------------------------------------


def test_gradients_that_pile_up(tmp_path):
    (one,) = found(make(tmp_path, columns={(q.GRAD_CARRIED, ""): np.where(STEPS == 0, 0.0, 1.0)}), CARRIED)
    assert one.severity == "warning"
    assert one.first_step == 1
    assert "at 100% of the steps" in one.summary


def test_a_gradient_that_is_zero_anyway_is_none_that_was_emptied(tmp_path):
    held = {(q.GRAD_CARRIED, ""): np.where(STEPS == 0, 0.0, 0.75), (q.GRAD_NORM, LAYERS[3]): 0.0}
    (one,) = found(make(tmp_path, columns=held), CARRIED)
    assert one.summary.startswith("The gradients are not zeroed:")


def test_gradients_emptied_for_a_part_of_the_parameters(tmp_path):
    (one,) = found(make(tmp_path, columns={(q.GRAD_CARRIED, ""): np.full(N, 0.5)}), CARRIED)
    assert one.severity == "warning"
    assert "About 50% of the gradients are not zeroed: at 100% of the steps" in one.summary


def test_gradients_emptied_every_other_step(tmp_path):
    (one,) = found(make(tmp_path, columns={(q.GRAD_CARRIED, ""): np.arange(N) % 2 * 1.0}), CARRIED)
    assert "The gradients are not zeroed at every step: at 5" in one.summary


@pytest.mark.parametrize("share", [np.zeros(N), (np.arange(N) % 5 == 0) * 1.0])
def test_gradients_that_do_not(tmp_path, share):
    assert not found(make(tmp_path, columns={(q.GRAD_CARRIED, ""): share}), CARRIED)


def test_too_few_steps_tell_nothing_of_gradients(tmp_path):
    run = make(tmp_path, steps=np.arange(4), columns={(q.GRAD_CARRIED, ""): np.ones(4)})
    assert covered(run, CARRIED).status == "cannot-judge"
    assert covered(make(tmp_path, columns={(q.GRAD_CARRIED, ""): np.full(N, np.nan)}), CARRIED).status == "cannot-judge"


# -- not finite ----------------------------------------------------------------------------------------------


def _from(step, bad, good):
    return np.where(step <= STEPS, bad, good)


def test_the_loss_went_first(tmp_path):
    columns = {(q.DATA_NORM, n): _from(1100, np.nan, 1.0) for n in LAYERS}
    loss = np.where(STEPS >= 1000, np.nan, falling(STEPS))
    (one,) = found(make(tmp_path, loss=loss, columns=columns, events=[(1003, q.NONFINITE_LOSS)]), BROKEN)
    assert one.severity == "critical"
    assert one.first_step == 1003
    assert one.summary.startswith("The loss became NaN or infinite at step 1003; at step ")
    assert "all was finite, the loss 0.3" in one.summary
    assert "What followed: parameter." in one.summary


def test_a_parameter_went_first(tmp_path):
    columns = {(q.DATA_NORM, "layers.1.weight"): _from(1000, np.inf, 1.0)}
    loss = np.where(STEPS >= 1000, np.nan, falling(STEPS))
    first = int(STEPS[STEPS >= 1000][0])
    (one,) = found(make(tmp_path, loss=loss, columns=columns, events=[(first, q.NONFINITE_LOSS)]), BROKEN)
    assert one.where == ("layers.1.weight",)
    assert one.first_step == first
    assert one.summary.startswith(f"The parameter layers.1.weight became NaN or infinite at step {first}")


def test_a_gradient_went_first_though_the_loss_was_finite(tmp_path):
    bad = {(q.GRAD_NONFINITE, n): _from(1000, 5.0, 0.0) for n in LAYERS[:2]}
    gone = {(q.DATA_NORM, n): _from(1040, np.nan, 1.0) for n in LAYERS[:2]}
    (one,) = found(make(tmp_path, columns=bad | gone), BROKEN)
    assert one.severity == "critical"
    assert one.summary.startswith("The gradient of layers.1.weight, layers.0.weight became NaN or infinite")


def test_a_training_that_came_out_of_it_is_a_warning(tmp_path):
    (one,) = found(make(tmp_path, events=[(1003, q.NONFINITE_LOSS)]), BROKEN)
    assert one.severity == "warning"
    assert one.summary.endswith("The training came out of it.")


def test_skipped_steps_of_mixed_precision_are_normal(tmp_path):
    at = [int(STEPS[i]) for i in (0, 1, 40)]
    columns = {(q.GRAD_NONFINITE, n): np.isin(STEPS, at) * 7.0 for n in LAYERS}
    events = [(s, q.SKIPPED_STEP) for s in at] + [(at[2], q.NONFINITE_LOSS)]
    assert rules.judge(make(tmp_path, columns=columns, events=events)).findings == ()


def test_a_scaler_that_never_settles(tmp_path):
    run = make(tmp_path, steps=np.arange(100), events=[(s, q.SKIPPED_STEP) for s in range(0, 100, 4)], total=100)
    assert not found(run, BROKEN)
    run = make(tmp_path, steps=np.arange(100), events=[(s, q.SKIPPED_STEP) for s in range(80)], total=100)
    (one,) = found(run, BROKEN)
    assert one.severity == "warning"
    assert "80% of the steps were skipped" in one.summary


def test_undefined_is_not_broken(tmp_path):
    nan = np.full(N, np.nan)
    columns = {
        (q.RATIO, "layers.0.bias"): nan,
        (q.GRAD_NORM, "layers.0.bias"): nan,
        (q.GRAD_NONFINITE, "layers.0.bias"): nan,
        (q.LOSS, "other"): nan,
    }
    assert not found(make(tmp_path, columns=columns), BROKEN)
