"""The rules of the first look: overconfident-init, weight-scale, symmetric-init, inputs, and what the loss is fed."""

from dataclasses import replace

import numpy as np
import pytest
from rule_runs import (
    CLASSES,
    LAYERS,
    covered,
    falling,
    flat,
    found,
    layer,
    looked_at,
    make,
    norm,
    parameter,
    stack,
    straight,
)

from auscult.runs import Task
from auscult.runs import quantities as q

SURE, SCALE, COPIES = "overconfident-init", "weight-scale", "symmetric-init"
INPUTS, FED = "unscaled-inputs", "softmax-before-cross-entropy"
STEPS = looked_at()
N = len(STEPS)
NAN = np.full(N, np.nan)
NAMES = Task("cross-entropy", 27, 3.2958)


@pytest.mark.parametrize("rule", [SURE, SCALE, COPIES, INPUTS])
def test_a_run_without_layers_is_not_judged(tmp_path, rule):
    verdict = covered(make(tmp_path, layers=()), rule)
    assert verdict.status == "cannot-judge"
    assert verdict.why.startswith("nothing inside the network was recorded")


# -- overconfident-init --------------------------------------------------------------------------------------


def beginning(loss, task=NAMES, spread=15.0):
    """The columns and the task of a training that begins at a loss."""
    columns = {(q.TASK_LOSS, ""): loss, (q.LOGIT_STD, ""): spread, (q.OUTPUT_STD, "layers.2"): spread}
    return {"columns": columns, "task": task}


def test_the_lectures_first_loss(tmp_path):
    loss = np.where(STEPS < 12, 27.88 - STEPS * 2.4, 2.5)  # 3.88 at step 10, 1.48 at 11
    (one,) = found(make(tmp_path, **beginning(loss)), SURE)
    assert (one.severity, one.where, one.first_step) == ("warning", ("layers.2",), 0)
    assert "The first loss is 27.9, where a guess that knows nothing has 3.3" in one.summary
    assert "It took the first 11 steps to come down" in one.summary
    assert one.evidence[0].margin == pytest.approx((27.88 - 3.2958) / 3.0, rel=1e-3)
    assert one.remedies[0].apply == "auscult.treat.initialise"
    assert "by about 0.009 " in one.remedies[0].action  # √.02 / 15


def test_a_loss_that_never_came_down_to_the_guess(tmp_path):
    (one,) = found(make(tmp_path, **beginning(9.0)), SURE)
    assert "had not come down to that by step 1,999" in one.summary


@pytest.mark.parametrize(("first", "flagged"), [(3.3221, 0), (3.6, 0), (6.25, 0), (6.35, 1)])
def test_how_far_above_the_guess(tmp_path, first, flagged):
    assert len(found(make(tmp_path, **beginning(first)), SURE)) == flagged


def test_two_classes_are_held_against_their_own_guess(tmp_path):
    two = Task("binary-cross-entropy", None, float(np.log(2)))
    assert not found(make(tmp_path, **beginning(1.2, two)), SURE)
    assert found(make(tmp_path, **beginning(1.5, two)), SURE)


@pytest.mark.parametrize(
    ("own", "down", "severity"),
    [(15.0, 100, "warning"), (8.0, 100, "warning"), (7.0, 100, "info"), (7.0, 600, "warning")],
)
def test_logits_made_wide_by_a_factor_behind_the_output_layer(tmp_path, own, down, severity):
    given = beginning(np.where(down > STEPS, 9.0, 2.0))
    given["columns"][q.OUTPUT_STD, "layers.2"] = own
    (one,) = found(make(tmp_path, **given), SURE)
    assert one.severity == severity
    assert ("a factor behind it" in one.summary) == (own == 7.0)


@pytest.mark.parametrize(
    ("head", "spread", "later", "severity"),
    [(0.3, 0.19, 1, "info"), (0.3, 0.19, 8, "warning"), (1.0, 0.19, 1, "warning"), (0.3, 0.129, 1, "warning")],
)
def test_a_fresh_output_layer_on_trained_layers(tmp_path, head, spread, later, severity):
    layers = [*stack(2)[:2], layer("layers.2", "layers.1", activation=None, is_output=True, weight_std=head)]
    given = beginning(9.0)
    given["columns"] |= {
        (q.DATA_STD, f"layers.{i}.weight"): spread * (0.8 if i and spread > 0.15 else 1) for i in (0, 1)
    }
    given["columns"][q.TASK_LOSS, ""] = np.where(STEPS < 20, 9.0, later)
    (one,) = found(make(tmp_path, layers=layers, **given), SURE)
    assert one.severity == severity


def test_an_output_layer_that_cannot_be_seen_may_be_what_is_too_wide(tmp_path):
    hidden = [layer("layers.0", hidden="checkpointed"), layer("layers.1", "layers.0")]
    assert found(make(tmp_path, layers=hidden, **beginning(9.0)), SURE)[0].severity == "warning"
    scaled = np.where(STEPS < 100, 9.0, 2.0)  # it comes down early
    assert found(make(tmp_path, layers=stack(2)[:2], **beginning(scaled)), SURE)[0].severity == "info"


def test_a_weighted_loss_is_high_with_small_logits(tmp_path):
    assert not found(make(tmp_path, **beginning(9.0, spread=0.3)), SURE)


@pytest.mark.parametrize(("largest", "flagged"), [(9.0, True), (2.0, False)])
def test_one_sure_answer_for_all(tmp_path, largest, flagged):
    task = Task("binary-cross-entropy", None, 0.6931, "", 1)
    columns = {(q.TASK_LOSS, ""): 3.9, (q.LOGIT_STD, ""): 0.2, (q.LOGIT_MAX, ""): largest}
    said = found(make(tmp_path, task=task, columns=columns), SURE)
    assert bool(said) == flagged
    if flagged:
        assert "the bias makes it" in said[0].summary
        assert said[0].remedies[0].action.startswith("Set the bias of the output layer to zero")


def test_from_frozen_weights_it_is_information(tmp_path):
    frozen = [parameter("back.weight", shape=(500, 500), trainable=False), *(parameter(n) for n in LAYERS)]
    (one,) = found(make(tmp_path, parameters=frozen, **beginning(9.0)), SURE)
    assert one.severity == "info"


REGRESSION = Task("squared-error", None, float("nan"))


@pytest.mark.parametrize(("loss", "spread", "severity"), [(400, 20, "warning"), (400, 0.5, "info"), (99, 9, "")])
def test_a_regression_is_held_against_the_spread_of_its_targets(tmp_path, loss, spread, severity):
    fell = np.where(STEPS < 100, loss, 0.5)
    columns = {(q.TASK_LOSS, ""): fell, (q.TASK_LOSS_BASE, ""): 1.0, (q.OUTPUT_STD, "layers.2"): spread}
    said = found(make(tmp_path, columns=columns, task=REGRESSION), SURE)
    assert [f.severity for f in said] == ([severity] if severity else [])
    if severity == "info":
        assert "the targets lie far from zero" in said[0].summary
        still = make(tmp_path, columns={**columns, (q.TASK_LOSS, ""): loss}, task=REGRESSION)
        assert found(still, SURE)[0].severity == "warning"
        rising = {**columns, (q.TASK_LOSS, ""): loss + STEPS}
        assert found(make(tmp_path, columns=rising, task=REGRESSION), SURE)[0].severity == "info"


def test_a_loss_that_never_came_below_that_of_the_mean_began_too_high_from_ten_times_it_on(tmp_path):
    columns = {(q.TASK_LOSS_BASE, ""): 1.0, (q.OUTPUT_STD, "layers.2"): 0.5}
    for first, end, flagged in ((20, 1.5, 1), (20, 0.5, 0), (9, 1.5, 0), (2, 1.5, 0)):
        run = make(tmp_path, columns=columns | {(q.TASK_LOSS, ""): np.where(STEPS < 100, first, end)}, task=REGRESSION)
        assert ["the targets lie far from zero" in f.summary for f in found(run, SURE)] == [True] * flagged
    quiet = columns | {(q.TASK_LOSS, ""): np.where(STEPS < 100, 9, 1.5), (q.OUTPUT_STD, "layers.2"): 0.4}
    assert "the targets lie far from zero" in found(make(tmp_path, columns=quiet, task=REGRESSION), SURE)[0].summary
    wide = columns | {(q.TASK_LOSS, ""): np.where(STEPS < 100, 20, 1.5), (q.OUTPUT_STD, "layers.2"): 4.0}
    assert "spread 4 times as widely" in found(make(tmp_path, columns=wide, task=REGRESSION), SURE)[0].summary


@pytest.mark.parametrize(("first", "end", "flagged"), [(2.0, 1.5, 1), (2.0, 0.9, 0), (1.5, 1.2, 0), (11.0, 0.5, 1)])
def test_an_absolute_error_is_held_to_the_roots(tmp_path, first, end, flagged):
    columns = {(q.TASK_LOSS_BASE, ""): 1.0, (q.OUTPUT_STD, "layers.2"): 0.1}
    columns |= {(q.TASK_LOSS, ""): np.where(STEPS < 100, first, end)}
    said = found(make(tmp_path, columns=columns, task=Task("absolute-error", None, float("nan"))), SURE)
    assert ["the median of the targets" in f.summary for f in said] == [True] * flagged


def test_an_error_that_is_a_small_part_of_the_loss_is_not_what_is_learned(tmp_path):
    of_codebook = np.where(STEPS < 100, 0.05, 0.004)
    columns = {(q.TASK_LOSS, ""): of_codebook, (q.TASK_LOSS_BASE, ""): 0.0001, (q.OUTPUT_STD, "layers.2"): 0.2}
    assert covered(make(tmp_path, columns=columns, task=REGRESSION), SURE).status == "cannot-judge"
    assert found(make(tmp_path, loss=of_codebook, columns=columns, task=REGRESSION), SURE)
    assert found(make(tmp_path, loss=64 * of_codebook, columns=columns, task=REGRESSION), SURE)  # but a sum of it


def test_targets_that_are_all_equal_have_no_spread_to_hold_against(tmp_path):
    still = {(q.TASK_LOSS, ""): 1.0, (q.TASK_LOSS_BASE, ""): 0.0}
    assert not found(make(tmp_path, columns=still, task=REGRESSION), SURE)


@pytest.mark.parametrize("loss", [NAN, np.full(N, np.inf)])
def test_a_first_loss_that_is_not_finite_is_not_judged(tmp_path, loss):
    assert covered(make(tmp_path, **beginning(loss)), SURE).status == "cannot-judge"


@pytest.mark.parametrize("task", [None, Task("unknown")])
def test_an_unknown_loss_is_not_judged(tmp_path, task):
    assert "could not be seen" in covered(make(tmp_path, task=task), SURE).why


def test_one_step_is_enough_for_the_first_loss(tmp_path):
    assert found(make(tmp_path, steps=[0], columns={(q.TASK_LOSS, ""): 27.9, (q.LOGIT_STD, ""): 15}, task=NAMES), SURE)


# -- weight-scale --------------------------------------------------------------------------------------------


def deep(gain, activations, gradients, activation="tanh"):
    """Hidden layers with weights of a gain, their activations and gradients."""
    columns = {}
    for i, (a, g) in enumerate(zip(activations, gradients, strict=True)):
        columns[q.ACTIVATION_STD, f"layers.{i}"] = a
        columns[q.ACTIVATION_GRAD_STD, f"layers.{i}"] = g
    hidden = stack(len(activations), weight_std=gain / 20**0.5, activation=activation)
    return {"layers": hidden, "columns": columns}


FADES = deep(0.5, [0.41, 0.20, 0.10, 0.05, 0.02], np.geomspace(1.9e-5, 3.05e-4, 5))


def test_the_lectures_small_gain(tmp_path):
    (one,) = found(make(tmp_path, loss=flat, **FADES), SCALE)
    assert one.severity == "warning"
    assert one.where == tuple(f"layers.{i}" for i in range(5))
    assert "the signal shrinks 21 times from layers.0 to layers.4: 0.41 to 0.02" in one.summary
    assert "about 3.3 times too small" in one.summary
    assert [round(e.value) for e in one.evidence] == [21, 16]  # times: of the signal, of the gradient
    assert "layers.0 by 3.3" in one.remedies[0].action
    assert [r.apply for r in one.remedies] == [f"auscult.treat.{n}" for n in ("initialise", "lsuv", "gains")]


def test_where_the_loss_came_down_all_the_same_it_is_information(tmp_path):
    nearly = deep(0.7, [0.5, 0.3, 0.2, 0.1, 0.04], np.full(5, 1e-3))
    (one,) = found(make(tmp_path, loss=lambda s: falling(s, 2.3, 0.05), **nearly), SCALE)
    assert one.severity == "info"
    by_heart = nearly | {"columns": nearly["columns"] | {(q.LOGGED, "valid_loss"): 2.1}}
    (one,) = found(make(tmp_path, loss=lambda s: falling(s, 2.3, 0.05), **by_heart), SCALE)
    assert one.severity == "warning"
    (far,) = found(make(tmp_path, loss=lambda s: falling(s, 2.3, 0.05), **FADES), SCALE)  # 3.3 times too small
    assert far.severity == "warning"


@pytest.mark.parametrize(
    ("gain", "activations", "gradients"),
    [
        (5 / 3, [0.75, 0.69, 0.67, 0.66, 0.66], np.geomspace(4.2e-4, 3.05e-4, 5)),
        (1.0, [0.62, 0.48, 0.41, 0.35, 0.32], np.geomspace(1.75e-4, 3.05e-4, 5)),
        (0.7, [0.5, 0.3, 0.2, 0.1, 0.051], np.full(5, 1e-3)),  # 9.8 times
        (5 / 3, [0.41, 0.2, 0.1, 0.05, 0.02], np.full(5, 1e-3)),  # the weights are as they should be
    ],
)
def test_what_is_no_matter_of_the_weights(tmp_path, gain, activations, gradients):
    assert not found(make(tmp_path, loss=flat, **deep(gain, activations, gradients)), SCALE)


@pytest.mark.parametrize(("between", "flagged"), [("identity", True), ("layer-norm", False)])
def test_behind_a_norm_small_weights_let_no_signal_fade(tmp_path, between, flagged):
    """As in a transformer whose weights are drawn with a spread of .02, whatever their number."""
    small = {"weight_std": 0.02, "activation": None}
    none = {"operation": between, "weight": None, "bias": None, "fan_in": None, "activation": None, "weight_std": None}
    layers = [
        layer("a", **small), layer("n", "a", **none), layer("b", "n", **small | {"units": 30}),
        layer("m", "b", **none), layer("c", "m", **small), layer("out", "c", is_output=True, activation=None),
    ]  # fmt: skip
    fades = {(q.OUTPUT_STD, name): spread for name, spread in zip("abc", (0.5, 0.1, 0.01), strict=True)}
    assert bool(found(make(tmp_path, loss=flat, layers=layers, columns=fades), SCALE)) == flagged


def test_the_gradient_of_a_sigmoid_fades_whatever_its_weights(tmp_path):
    assert not found(make(tmp_path, loss=flat, **deep(0.5, [0.1] * 5, np.geomspace(1e-7, 1e-3, 5), "sigmoid")), SCALE)


def test_where_a_guess_had_been_better_at_first_the_loss_has_not_got_over_it(tmp_path):
    (one,) = found(make(tmp_path, loss=lambda s: falling(s, 60, 3.0), **FADES), SCALE)
    assert one.severity == "warning"


def test_a_signal_that_grows(tmp_path):
    (one,) = found(make(tmp_path, loss=flat, **deep(5.0, [1, 4, 16.0], [1e-1, 2e-2, 1e-3], "relu")), SCALE)
    assert "the gradient grows 100 times from layers.2 to layers.0" in one.summary
    assert "times too large" in one.summary


def test_the_weights_pytorch_draws_train_all_the_same(tmp_path):
    by_default = 3**-0.5
    fading = lambda last: deep(by_default, np.geomspace(0.3, 0.02, 6), np.geomspace(1e-3 / last, 1e-3, 6), "relu")  # noqa: E731
    assert not found(make(tmp_path, loss=flat, **fading(440)), SCALE)
    assert found(make(tmp_path, loss=flat, **fading(2000)), SCALE)


@pytest.mark.parametrize(
    "changes", [{"norm": "layer-norm"}, {"units": 4}, {"activation": None}, {"hidden": "checkpointed"}]
)
def test_layers_that_are_not_compared(tmp_path, changes):
    hidden = [layer("a", **changes), layer("b", "a", **changes), layer("c", "b", is_output=True, activation=None)]
    columns = {(q.ACTIVATION_STD, "a"): 0.5, (q.ACTIVATION_STD, "b"): 0.001}
    verdict = covered(make(tmp_path, layers=hidden, columns=columns), SCALE)
    assert verdict.status == "skipped"


def test_residual_layers_another_activation_and_another_length_begin_anew(tmp_path):
    columns = {(q.ACTIVATION_STD, "a"): 0.5, (q.ACTIVATION_STD, "b"): 0.001}
    for after, changes, examples in ((("a", "z"), {}, 64), ("a", {"activation": "relu"}, 64), ("a", {}, 1)):
        hidden = [layer("a", weight_std=0.1), layer("b", after, weight_std=0.1, **changes)]
        run = make(tmp_path, loss=flat, layers=hidden, columns={**columns, (q.UNIT_EXAMPLES, "b"): examples})
        assert covered(run, SCALE).status == "skipped"
    hidden = [layer("a", weight_std=0.1), layer("b", "a", weight_std=0.1)]
    assert found(make(tmp_path, loss=flat, layers=hidden, columns=columns), SCALE)


@pytest.mark.parametrize(("off", "left", "flagged"), [(6, 0.05, 1), (3, 0.05, 0), (6, 0.2, 0)])
def test_small_weights_that_let_the_signal_fade_whatever_lies_between(tmp_path, off, left, flagged):
    small = {"weight_std": 5 / 3 / 20**0.5 / off}
    hidden = [layer("a", **small), layer("b", "a", activation=None, **small), layer("c", "b", **small)]
    output = layer("d", "c", activation=None, is_output=True, weight_std=0.02)
    signal = {(q.ACTIVATION_STD, "a"): 1.0, (q.OUTPUT_STD, "b"): 0.3, (q.ACTIVATION_STD, "c"): left}
    one = found(make(tmp_path, loss=flat, layers=[*hidden, output], columns=signal), SCALE)
    assert len(one) == flagged
    assert all(f.where == ("a", "c") and "of the signal at a 1/20 is left at c" in f.summary for f in one)
    branch = [hidden[0], hidden[1], replace(hidden[2], after=("a", "b")), output]
    assert not found(make(tmp_path, loss=flat, layers=branch, columns=signal), SCALE)


def test_orthogonal_weights_of_a_layer_that_widens_are_no_smaller_than_meant(tmp_path):
    drawn = {"fan_in": 4, "units": 64, "weight_std": 5 / 3 / 64**0.5 / 2}
    hidden = [layer("a", **drawn), layer("b", "a", **drawn, activation="relu"), layer("c", "b", fan_in=64)]
    output = layer("d", "c", activation=None, is_output=True, weight_std=0.02)
    signal = {(q.ACTIVATION_STD, "a"): 1.0, (q.ACTIVATION_STD, "c"): 0.05}
    assert not _of_scale(tmp_path, [*hidden, output], signal)
    small = [replace(x, fan_in=64) for x in hidden[:2]]  # of as many inputs as units they are as much too small
    smaller = [replace(x, weight_std=x.weight_std / 3) for x in small]
    assert not _of_scale(tmp_path, [*small, hidden[2], output], signal)
    assert _of_scale(tmp_path, [*smaller, hidden[2], output], signal)


def test_small_logits_of_a_policy_are_its_end_and_no_signal_that_fades(tmp_path):
    small = {"weight_std": 5 / 3 / 20**0.5 / 10}
    logits = layer("b", "a", activation=None, **small)
    signal = {(q.ACTIVATION_STD, "a"): 1.0, (q.OUTPUT_STD, "b"): 0.05, (q.ACTIVATION_STD, "c"): 0.05}
    assert not _of_scale(tmp_path, [layer("a", **small), logits], signal)
    assert _of_scale(tmp_path, [layer("a", **small), logits, layer("c", "b", **small)], signal)


def _of_scale(tmp_path, layers, signal):
    return found(make(tmp_path, loss=flat, layers=layers, columns=signal), SCALE)


def test_one_layer_has_no_depth(tmp_path):
    assert covered(make(tmp_path, layers=stack(1)), SCALE).status == "skipped"


def test_a_first_look_that_saw_nothing_of_the_layers_is_not_judged(tmp_path):
    columns = {
        (quantity, f"layers.{i}"): value
        for i in range(2)
        for quantity, value in ((q.ACTIVATION_STD, np.inf), (q.ACTIVATION_GRAD_STD, NAN), (q.OUTPUT_GRAD_STD, NAN))
    }
    assert covered(make(tmp_path, columns=columns), SCALE).status == "cannot-judge"


# -- symmetric-init ------------------------------------------------------------------------------------------


def copies(values, name="layers.0", **changes):
    return {"columns": {(q.COPIED, name): values}, **changes}


def test_units_that_stay_copies(tmp_path):
    (one,) = found(make(tmp_path, **copies(1.0)), COPIES)
    assert (one.severity, one.where, one.first_step) == ("critical", ("layers.0",), 0)
    assert "100% of the units of layers.0 are copies of each other and still are at step 1,999" in one.summary
    (half,) = found(make(tmp_path, **copies(0.5)), COPIES)
    assert half.severity == "warning"


def test_factors_that_stay_copies(tmp_path):
    tables = [layer("users", operation="embedding", bias=None, activation=None, units=8)]
    (one,) = found(make(tmp_path, layers=tables, **copies(1.0, "users")), COPIES)
    assert one.where == ("users",)
    assert not found(make(tmp_path, layers=tables, **copies(np.where(STEPS == 0, 1.0, 0.0), "users")), COPIES)


@pytest.mark.parametrize("values", [np.where(STEPS == 0, 1.0, 0.0), np.full(N, 0.49), np.where(STEPS > 900, 0.0, 1.0)])
def test_units_that_part_are_healthy(tmp_path, values):
    assert not found(make(tmp_path, **copies(values)), COPIES)


def test_an_output_layer_of_zeros_and_fixed_filters_are_healthy(tmp_path):
    assert not found(make(tmp_path, **copies(1.0, "layers.2")), COPIES)
    fixed = [parameter(n, trainable=n != "layers.0.weight") for n in LAYERS]
    assert not found(make(tmp_path, **copies(1.0), parameters=fixed), COPIES)


def test_weights_that_all_begin_at_one_value(tmp_path):
    norms = {(q.DATA_STD, "layers.0.weight"): np.where(STEPS == 0, 0.0, 0.1), (q.DATA_NORM, "layers.0.weight"): 5.0}
    (one,) = found(make(tmp_path, columns=norms, loss=straight), COPIES)
    assert (one.severity, one.where) == ("warning", ("layers.0",))
    norms[q.DATA_NORM, "layers.0.weight"] = np.where(STEPS == 0, 0.0, 5.0)  # zeros, as half an adapter
    assert not found(make(tmp_path, columns=norms, loss=straight), COPIES)


def test_where_no_layer_is_seen_two_matrices_of_equal_weights_tell(tmp_path):
    def begins(*names):
        found = {(q.DATA_STD, n): np.where(STEPS == 0, 0.0, 0.1) for n in names}
        return {**found, **{(q.DATA_NORM, n): 5.0 for n in names}}

    two = begins("layers.0.weight", "layers.1.weight")
    (one,) = found(make(tmp_path, layers=[], columns=two, loss=straight), COPIES)
    assert (one.severity, one.where) == ("warning", ("layers.0.weight", "layers.1.weight"))
    alone = make(tmp_path, layers=[], columns=begins("layers.0.weight"), loss=straight)
    assert covered(alone, COPIES).status == "cannot-judge"


def test_one_unit_cannot_be_a_copy(tmp_path):
    assert covered(make(tmp_path, layers=[layer("layers.0", units=1)], **copies(1.0)), COPIES).status == "skipped"


def test_three_steps_do_not_tell_whether_units_part(tmp_path):
    verdict = covered(make(tmp_path, steps=[0, 1, 2], **copies(1.0)), COPIES)
    assert verdict.status == "cannot-judge"
    assert "too few steps tell" in verdict.why
    assert covered(make(tmp_path, steps=[0, 1, 2]), COPIES).status == "ran"


def test_units_whose_share_is_unknown(tmp_path):
    unknown = {(q.COPIED, f"layers.{i}"): NAN for i in range(3)}
    assert covered(make(tmp_path, columns=unknown), COPIES).status == "skipped"


# -- unscaled-inputs -----------------------------------------------------------------------------------------


def fed(mean, std, low, high, spread=0.5, subject="input"):
    quantities = (q.INPUT_MEAN, q.INPUT_STD, q.INPUT_MIN, q.INPUT_MAX, q.INPUT_SPREAD)
    return {(n, subject): value for n, value in zip(quantities, (mean, std, low, high, spread), strict=True)}


def test_images_from_0_to_255(tmp_path):
    (one,) = found(make(tmp_path, columns=fed(33.3, 78.6, 0, 255)), INPUTS)
    assert (one.severity, one.where) == ("warning", ("layers.0",))
    assert "The inputs lie between 0 and 255" in one.summary
    assert "divide images from 0 to 255 by 255 first" in one.remedies[0].action
    assert one.evidence[0].margin == pytest.approx(8.5, rel=0.01)


@pytest.mark.parametrize(
    ("inputs", "flagged"),
    [
        (fed(0, 1, -4, 4), 0),
        (fed(0.13, 0.31, 0, 1, spread=4.4), 0),  # images from 0 to 1 with dark borders
        (fed(0.04, 0.19, 0, 1, spread=0.2), 0),  # one-hot
        (fed(1e-4, 0.01, 0, 1, spread=3.5), 0),  # a bag of rare words
        (fed(0.05, 1.2, 0, 80, spread=2.0), 0),  # counts
        (fed(0, 9.9, -50, 50), 0),
        (fed(0, 10.1, -50, 50), 1),
        (fed(288, 10, 250, 310), 1),  # degrees
        (fed(5e-4, 1e-3, 0, 1 / 255), 1),  # divided twice
        (fed(0, 5, -20, 20, spread=2.9), 0),
        (fed(0, 5, -20, 20, spread=3.1), 1),
        (fed(100, 0, 100, 100), 0),  # a constant
        (fed(np.nan, np.inf, np.nan, np.nan), 0),
    ],
)
def test_which_inputs_hurt(tmp_path, inputs, flagged):
    assert len(found(make(tmp_path, columns=inputs), INPUTS)) == flagged


def test_features_a_thousandfold_apart_say_so(tmp_path):
    (one,) = found(make(tmp_path, columns=fed(0, 5, -20, 20, spread=4)), INPUTS)
    assert "features whose spread differs 10000 times" in one.summary
    assert one.evidence[0].margin == pytest.approx(10)


@pytest.mark.parametrize(("every", "flagged"), [(4, 1), (10, 0)])
def test_a_meter_that_fails_at_times(tmp_path, every, flagged):
    fails = np.arange(len(looked_at())) % every == 1
    std, high = np.where(fails, 30.0, 1.0), np.where(fails, 650.0, 2.5)
    told = found(make(tmp_path, columns=fed(0, std, -2.5, high)), INPUTS)
    assert [f.severity for f in told] == ["warning"] * flagged
    assert all("values of up to 650 in some batches, where others lie between -2.5 and 2.5" in f.summary for f in told)


def test_what_meets_a_normalisation_or_an_embedding_first_is_fine(tmp_path):
    large = fed(100, 80, 0, 255)
    for first in (
        layer("a", norm="batch-norm"), norm("a", (), operation="layer-norm"),
        layer("a", operation="embedding", activation=None),
    ):  # fmt: skip
        run = make(tmp_path, layers=[first, layer("b", "a")], columns=large)
        assert covered(run, INPUTS).status == "skipped"
    assert found(make(tmp_path, layers=[layer("a"), layer("b", "a")], columns=large), INPUTS)


def test_of_two_inputs_the_one_at_fault_is_named(tmp_path):
    hidden = [layer("left"), layer("right"), layer("both", ("left", "right"))]
    two = {**fed(0, 1, -3, 3, subject="input of left"), **fed(500, 300, 0, 900, subject="input of right")}
    (one,) = found(make(tmp_path, layers=hidden, columns=two), INPUTS)
    assert one.where == ("right",)
    assert one.summary.startswith("The input of right lie")


def test_no_input_was_seen(tmp_path):
    nothing = dict.fromkeys(fed(0, 0, 0, 0))
    assert covered(make(tmp_path, columns=nothing), INPUTS).status == "cannot-judge"


# -- softmax-before-cross-entropy ----------------------------------------------------------------------------


def test_probabilities_fed_to_a_cross_entropy(tmp_path):
    (one,) = found(make(tmp_path, task=Task("cross-entropy", 10, 2.3026, "softmax")), FED)
    assert (one.severity, one.where) == ("warning", ("layers.2",))
    assert "It cannot come below 1.46" in one.summary
    (two,) = found(make(tmp_path, task=Task("binary-cross-entropy", None, 0.693, "sigmoid")), FED)
    assert "cannot come below 0.313" in two.summary


def test_probabilities_without_a_logarithm_have_no_such_floor(tmp_path):
    below = lambda s: falling(s, -0.1, -0.9)  # noqa: E731
    (one,) = found(make(tmp_path, loss=below, task=Task("cross-entropy", 10, 2.3026, "softmax")), FED)
    assert "cannot come below" not in one.summary


def test_logits_are_fine_and_other_losses_skipped(tmp_path):
    assert covered(make(tmp_path, task=CLASSES), FED).status == "ran"
    assert not found(make(tmp_path, task=CLASSES), FED)
    assert covered(make(tmp_path, task=REGRESSION), FED).status == "skipped"
    assert covered(make(tmp_path, task=None), FED).status == "cannot-judge"
    assert covered(make(tmp_path, layers=()), FED).status == "cannot-judge"
