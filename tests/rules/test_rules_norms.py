"""bias-before-norm, small-batch-norm, norm-statistics-drift and eval-mode-in-training, on runs made by hand."""

import numpy as np
import pytest
from rule_runs import LAYERS, covered, found, layer, looked_at, make, norm, parameter, stack

from auscult.runs import quantities as q

BIAS, SMALL, DRIFT, EVAL = "bias-before-norm", "small-batch-norm", "norm-statistics-drift", "eval-mode-in-training"
STEPS = looked_at()
N = len(STEPS)
NET = [
    layer("layers.0", norm="batch-norm"), norm("bn", "layers.0"), layer("layers.1", "layers.0"),
    layer("layers.2", "layers.1", is_output=True, activation=None),
]  # fmt: skip
IMAGES = [
    layer("conv", operation="convolution", norm="batch-norm"), norm("bn", "conv"),
    layer("fc", "conv", is_output=True, activation=None),
]  # fmt: skip


@pytest.mark.parametrize("rule", [BIAS, SMALL, DRIFT, EVAL])
def test_a_run_without_layers_is_not_judged(tmp_path, rule):
    assert "nothing inside the network" in covered(make(tmp_path, layers=()), rule).why


@pytest.mark.parametrize("rule", [SMALL, DRIFT, EVAL])
def test_a_healthy_norm(tmp_path, rule):
    run = make(tmp_path, layers=NET)
    assert covered(run, rule).status == "ran"
    assert not found(run, rule)


# -- bias ----------------------------------------------------------------------------------------------------


def test_a_bias_right_before_a_batch_norm(tmp_path):
    (one,) = found(make(tmp_path, layers=NET), BIAS)
    assert (one.severity, one.where) == ("info", ("layers.0.bias",))
    assert "layers.0.bias does nothing" in one.summary
    assert "20 numbers are trained in vain" in one.summary
    assert one.remedies[1].apply == "auscult.treat.fold_bias"


def test_a_norm_without_an_activation_between_counts_too(tmp_path):
    plain = [layer("layers.0", activation=None), norm("bn", "layers.0"), layer("layers.1", "bn")]
    assert found(make(tmp_path, layers=plain), BIAS)
    shared = [*plain, layer("past", "layers.0")]  # something else hears the bias
    assert not found(make(tmp_path, layers=shared), BIAS)


@pytest.mark.parametrize("operation", ["layer-norm", "group-norm"])
def test_norms_that_do_not_take_it_away(tmp_path, operation):
    kept = [
        layer("layers.0", norm=operation),
        norm("n", "layers.0", operation=operation),
        layer("layers.1", "layers.0"),
    ]
    assert not found(make(tmp_path, layers=kept), BIAS)


def test_an_activation_or_fixed_statistics_between_keep_it(tmp_path):
    behind = [layer("layers.0"), norm("bn", "layers.0"), layer("layers.1", "bn")]
    assert not found(make(tmp_path, layers=behind), BIAS)
    assert not found(make(tmp_path, layers=NET, columns={(q.NORM_TRAINS, "bn"): 0.0}), BIAS)


def test_without_a_trained_bias_there_is_nothing_to_judge(tmp_path):
    assert covered(make(tmp_path, layers=stack(2, bias=None)), BIAS).status == "skipped"
    fixed = [parameter(n, trainable="bias" not in n) for n in LAYERS]
    assert covered(make(tmp_path, layers=NET, parameters=fixed), BIAS).status == "skipped"


def by_hand(bias, weight=0.1):
    return {(q.GRAD_NORM, "layers.0.bias"): bias, (q.GRAD_NORM, "layers.0.weight"): weight}


def test_a_norm_by_hand_is_known_by_the_gradient(tmp_path):
    (one,) = found(make(tmp_path, columns=by_hand(1e-9)), BIAS)
    assert (one.severity, one.where) == ("info", ("layers.0.bias",))
    assert "layers.0.bias gets no gradient but rounding" in one.summary
    assert one.evidence[0].margin > 100


@pytest.mark.parametrize(
    ("bias", "weight"),
    [(1e-6, 0.1), (0.0, 0.0), (np.where(np.arange(N) % 4, 1e-9, 0.1), 0.1), (np.nan, 0.1), (np.inf, 0.1)],
)
def test_a_bias_that_has_a_gradient_now_and_then_or_none_to_hold_it_against(tmp_path, bias, weight):
    assert not found(make(tmp_path, columns=by_hand(bias, weight)), BIAS)


def test_four_gradients_do_not_tell(tmp_path):
    assert covered(make(tmp_path, steps=np.arange(4), columns=by_hand(1e-9)), BIAS).status == "cannot-judge"


# -- small batches -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("values", "flagged"), [(2, 1), (8, 1), (9, 0), (16, 0), (64, 0), (np.nan, 0)])
def test_how_many_values_a_variance_takes(tmp_path, values, flagged):
    assert len(found(make(tmp_path, layers=NET, columns={(q.NORM_VALUES, "bn"): values}), SMALL)) == flagged


def test_it_says_what_few_values_do(tmp_path):
    (one,) = found(make(tmp_path, layers=NET, columns={(q.NORM_VALUES, "bn"): 4}), SMALL)
    assert (one.severity, one.where, one.first_step) == ("warning", ("bn",), 0)
    assert one.summary == ("bn estimates the variance of a channel from 4 values, which is off by about 82% by chance.")
    assert one.remedies[0].apply == "auscult.compare_norms"
    (single,) = found(make(tmp_path, layers=NET, columns={(q.NORM_VALUES, "bn"): 1}), SMALL)
    assert "from 1 value, which says nothing" in single.summary


@pytest.mark.parametrize(
    ("images", "values", "severity"),
    [(4, 196, "warning"), (5, 245, ""), (2, 98, "warning"), (2, 8192, "info"), (32, 512, "")],
)
def test_an_image_counts_for_two_values(tmp_path, images, values, severity):
    columns = {(q.NORM_VALUES, "bn"): values, (q.UNIT_EXAMPLES, "conv"): images}
    said = found(make(tmp_path, layers=IMAGES, columns=columns), SMALL)
    assert [f.severity for f in said] == ([severity] if severity else [])
    assert all(f"of {images} images" in f.summary for f in said)


def test_norms_with_fixed_statistics_or_other_norms_are_skipped(tmp_path):
    fixed = {(q.NORM_VALUES, "bn"): 2, (q.NORM_TRAINS, "bn"): 0.0}
    assert covered(make(tmp_path, layers=NET, columns=fixed), SMALL).status == "skipped"
    assert covered(make(tmp_path), SMALL).status == "skipped"


# -- drift ---------------------------------------------------------------------------------------------------


def drifting(mean=0.1, variance=0.05):
    return {(q.NORM_MEAN_DRIFT, "bn"): mean, (q.NORM_VAR_DRIFT, "bn"): variance}


def test_running_statistics_that_are_off_at_the_end(tmp_path):
    (one,) = found(make(tmp_path, layers=NET, columns=drifting(mean=np.where(STEPS < 1000, 0.1, 2.0))), DRIFT)
    assert (one.severity, one.where) == ("warning", ("bn",))
    assert one.first_step == int(STEPS[STEPS >= 1000][0])
    assert "The running means of bn are off by 2 standard deviations" in one.summary
    assert one.remedies[0].apply == "auscult.treat.calibrate_norms"
    (two,) = found(make(tmp_path, layers=NET, columns=drifting(variance=1.0)), DRIFT)
    assert "variances of bn are off by a factor of 10" in two.summary
    assert two.evidence[0].margin == pytest.approx(10 ** (1 - np.hypot(0.2, 2.5 * 0.4343 * (2 / 64) ** 0.5)), rel=0.01)


@pytest.mark.parametrize(
    "columns",
    [
        drifting(mean=0.5),  # .4, and two and a half times 1/√64, as independent errors add up
        drifting(mean=np.where(STEPS < 1000, 5.0, 0.1), variance=np.where(STEPS < 1000, 2.0, 0.1)),
        drifting(mean=np.where(np.arange(N) % 3, 0.1, 9.0)),  # single batches
        drifting(mean=np.where(STEPS < 1000, np.inf, 0.1), variance=np.nan),
    ],
)
def test_what_chance_makes_and_what_has_passed_is_healthy(tmp_path, columns):
    assert not found(make(tmp_path, layers=NET, columns=columns), DRIFT)


def test_an_average_that_cannot_keep_up(tmp_path):
    steps = looked_at(400)
    slow = {"steps": steps, "layers": NET, "columns": drifting(mean=3 * 0.997**steps)}
    (one,) = found(make(tmp_path, **slow), DRIFT)
    assert one.severity == "warning"
    assert "the average is too slow, and would need about" in one.summary
    more = int(one.summary.split("about ")[1].split()[0])
    assert more == pytest.approx(np.log(one.evidence[0].margin) / -np.log(0.997), rel=0.3)


def test_batches_of_one_class_each(tmp_path):
    seen = np.log(np.minimum(np.arange(N) + 1.0, 10))  # a class more at each look
    columns = {(q.TASK_LOSS_BASE, ""): seen, (q.TASK_EXAMPLES, ""): 64.0, **drifting()}
    (one,) = found(make(tmp_path, layers=NET, columns=columns), DRIFT)
    assert (one.severity, one.first_step, one.where) == ("warning", 0, ("bn",))
    columns[q.TASK_LOSS_BASE, ""] = np.maximum(seen, 0.1)  # the first batch had two
    assert not found(make(tmp_path, layers=NET, columns=columns), DRIFT)


def test_a_short_run_has_not_forgotten_its_start(tmp_path):
    run = make(tmp_path, steps=np.arange(60), layers=NET, columns=drifting(mean=3.0))
    assert covered(run, DRIFT).status == "cannot-judge"


def test_statistics_that_are_fixed_on_purpose_may_be_off(tmp_path):
    fixed = {**drifting(mean=3.0), (q.NORM_TRAINS, "bn"): np.where(STEPS < 500, 1.0, 0.0)}
    assert covered(make(tmp_path, layers=NET, columns=fixed), DRIFT).status == "skipped"


def evaluating(mean, variance=0.05, subject="bn", examples=1000.0):
    values = {q.EVAL_MEAN_DRIFT: mean, q.EVAL_VAR_DRIFT: variance, q.EVAL_VALUES: examples, q.EVAL_EXAMPLES: examples}
    return {(quantity, subject): value for quantity, value in values.items()}


def test_evaluations_tell_more_than_batches(tmp_path):
    off = {**drifting(), **evaluating(np.where(STEPS < 1000, 0.1, 0.5))}
    (one,) = found(make(tmp_path, layers=NET, columns=off), DRIFT)
    assert (one.severity, one.where) == ("warning", ("bn",))
    assert one.first_step == int(STEPS[STEPS >= 1000][0])
    assert "bn are off by 0.5 standard deviations of the data that are evaluated" in one.summary
    assert "They fit the batches of training" in one.summary
    (both,) = found(make(tmp_path, layers=NET, columns={**drifting(mean=0.45), **evaluating(0.6)}), DRIFT)
    assert "Either the average" in both.summary
    assert not found(make(tmp_path, layers=NET, columns={**drifting(mean=2.0), **evaluating(0.1)}), DRIFT)


@pytest.mark.parametrize(
    "columns",
    [
        evaluating(0.35, 0.28),
        evaluating(0.55, 0.35, examples=30.0),  # by chance, of so few
        evaluating(np.where(STEPS < 1000, 5.0, np.nan)),  # no evaluation since
        evaluating(np.where(STEPS < 1000, 5.0, 0.1)),
    ],
)
def test_evaluations_that_tell_nothing(tmp_path, columns):
    assert not found(make(tmp_path, layers=NET, columns={**drifting(), **columns}), DRIFT)


def test_a_copy_whose_statistics_nobody_keeps(tmp_path):
    copied = evaluating(0.1, 1.0, subject=q.copy_of("bn"))
    (one,) = found(make(tmp_path, layers=NET, columns={**drifting(), **evaluating(0.1), **copied}), DRIFT)
    assert one.where == ("bn",)
    assert "of the copy of bn are off by a factor of 10" in one.summary
    assert "averaged weights" in one.summary


# -- eval mode -----------------------------------------------------------------------------------------------


def since(*changes):
    return [(step, q.EVAL_MODE, {"modules": names}) for step, names in changes]


def test_eval_mode_after_the_first_validation(tmp_path):
    (one,) = found(make(tmp_path, events=since((500, ["bn", "drop"]))), EVAL)
    assert (one.severity, one.where, one.first_step) == ("warning", ("bn", "drop"), 500)
    assert "bn, drop are in eval mode since step 500, for 75% of the steps" in one.summary
    assert one.evidence[0].margin == pytest.approx(7.5)


@pytest.mark.parametrize(
    "changes",
    [((500, ["bn"]), (600, [])), ((1995, ["bn"]),), ((0, []),), ((5, ["bn"]), (6, []), (900, ["bn"]), (905, []))],
)
def test_a_short_while_in_eval_mode_is_no_ailment(tmp_path, changes):
    assert not found(make(tmp_path, events=since(*changes)), EVAL)


def test_frozen_norms_of_trained_weights_are_meant(tmp_path):
    frozen = [parameter("back.weight", shape=(500, 500), trainable=False), *(parameter(n) for n in LAYERS)]
    (one,) = found(make(tmp_path, parameters=frozen, events=since((0, ["bn"]))), EVAL)
    assert one.severity == "info"
    (late,) = found(make(tmp_path, parameters=frozen, events=since((500, ["bn"]))), EVAL)
    assert late.severity == "warning"


def test_the_modules_of_a_frozen_part_belong_in_eval_mode(tmp_path):
    fixed = [parameter("back.bn.weight", trainable=False), *(parameter(n) for n in LAYERS)]
    events = since((0, ["back.bn", "back.drop"]))
    assert not found(make(tmp_path, parameters=fixed, events=events), EVAL)


def test_it_is_seen_by_what_the_norms_use_too(tmp_path):
    uses = {(q.NORM_TRAINS, "bn"): np.where(STEPS < 1000, 1.0, 0.0)}
    (one,) = found(make(tmp_path, layers=NET, columns=uses), EVAL)
    assert one.where == ("bn",)
    assert one.first_step == int(STEPS[STEPS >= 1000][0])


@pytest.mark.parametrize(("uses", "first"), [(0.0, 0), (np.where(STEPS < 1, 1.0, 0.0), 1)])
def test_what_is_told_after_the_first_step_may_have_been_so_in_it(tmp_path, uses, first):
    (one,) = found(
        make(tmp_path, layers=NET, columns={(q.NORM_TRAINS, "bn"): uses}, events=since((1, ["bn", "drop"]))), EVAL
    )
    assert one.first_step == first


def test_three_steps_are_too_short(tmp_path):
    assert not found(make(tmp_path, steps=[0, 1, 2], events=since((0, ["bn"]))), EVAL)


def test_what_is_not_watched_at_all_is_not_trained(tmp_path):
    head = [parameter("head.0.weight"), parameter("head.0.bias")]
    given = {"events": [(1, q.EVAL_MODE, {"modules": ["backbone.1", "backbone.5"]})], "parameters": head}
    assert not found(make(tmp_path, layers=[layer("head.0")], **given), EVAL)
    beside = [*head, parameter("backbone.0.weight")]
    assert found(make(tmp_path, layers=[layer("head.0")], **{**given, "parameters": beside}), EVAL)
