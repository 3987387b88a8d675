"""vanishing-gradients and exploding-gradients, on runs made by hand."""

from dataclasses import replace

import numpy as np
import pytest
from rule_runs import LAYERS, covered, falling, flat, found, layer, looked_at, make, noise, parameter, stack, straight

from auscult import rules
from auscult.runs import quantities as q

FADE, GROW = "vanishing-gradients", "exploding-gradients"
STEPS = looked_at()
N = len(STEPS)
MATRICES = LAYERS[:3]


def along(first, last=1e-3, units=20):
    """Four hidden layers, and the gradient at the first and the last of them."""
    each = zip(range(4), np.geomspace(first, last, 4), strict=True)
    return {
        "layers": stack(4, units=units),
        "columns": {(q.ACTIVATION_GRAD_STD, f"layers.{i}"): value for i, value in each},
    }


@pytest.mark.parametrize("rule", [FADE, GROW])
def test_a_run_without_layers_is_not_judged(tmp_path, rule):
    assert "nothing inside the network" in covered(make(tmp_path, layers=()), rule).why


# -- vanishing -----------------------------------------------------------------------------------------------


def test_a_gradient_that_fades_on_its_way_back(tmp_path):
    (one,) = found(make(tmp_path, loss=flat, **along(1e-3 / 390)), FADE)
    assert one.severity == "warning"
    assert one.where == ("layers.0", "layers.1", "layers.2", "layers.3")
    assert "Of the gradient at layers.3 only 1/390 reaches layers.0, 3 layers before it" in one.summary
    assert one.evidence[0].margin == pytest.approx(3.9, rel=1e-3)


@pytest.mark.parametrize(("first", "loss", "flagged"), [
    (1e-3 / 90, flat, 0), (1e-3 / 110, flat, 1), (1e-3 / 390, falling, 0), (1e-3 / 1100, falling, 1),
])  # fmt: skip
def test_how_far_it_may_fade_depends_on_the_loss(tmp_path, first, loss, flagged):
    assert len(found(make(tmp_path, loss=loss, **along(first)), FADE)) == flagged


def test_adam_makes_up_for_it_while_the_loss_falls(tmp_path):
    assert not found(make(tmp_path, loss=falling, optimizer="Adam", **along(1e-7)), FADE)
    assert found(make(tmp_path, loss=flat, optimizer="Adam", **along(1e-7)), FADE)


@pytest.mark.parametrize(("left", "until", "flagged"), [(0.7, 1500, 1), (0.4, 1500, 0), (0.7, 300, 0)])
def test_adam_does_not_make_up_for_it_where_far_is_left_to_go(tmp_path, left, until, flagged):
    given = along(1e-7)
    given["columns"][q.ACTIVATION_GRAD_STD, "layers.0"] = np.where(until > STEPS, 1e-7, 1e-3)
    run = make(tmp_path, loss=falling(STEPS, 2.3, 2.3 * left), optimizer="Adam", **given)
    assert len(found(run, FADE)) == flagged


def test_a_gradient_that_comes_back_is_healthy(tmp_path):
    given = along(1e-7)
    given["columns"][q.ACTIVATION_GRAD_STD, "layers.0"] = np.where(STEPS < 50, 1e-7, 1e-3)
    assert not found(make(tmp_path, **given), FADE)


def test_what_fades_through_the_calls_of_a_recurrent_layer(tmp_path):
    calls = [layer(f"h{k}", ("x", f"h{k - 1}"), weight="layers.0.weight") for k in range(3)]
    columns = {(q.ACTIVATION_GRAD_STD, x.name): 1e-3 ** (3 - k) for k, x in enumerate(calls)}
    (one,) = found(make(tmp_path, layers=calls, columns=columns, loss=straight, optimizer="Adam"), FADE)
    assert (one.severity, one.where) == ("warning", ("h0",))
    assert found(make(tmp_path, layers=calls, columns=columns), FADE)[0].severity == "info"  # it learned
    guess = make(tmp_path, layers=calls, columns=columns, loss=lambda s: falling(s, 6.0, 2.3))
    assert found(guess, FADE)[0].severity == "warning"  # it came down to what a constant guess has
    parallel = [layer(x.name, "x", weight=x.weight) for x in calls]
    assert not found(make(tmp_path, layers=parallel, columns=columns, loss=straight), FADE)


@pytest.mark.parametrize(("half_way", "flagged"), [(1e-3, True), (1e-1, False)])
def test_what_grows_with_each_call_and_what_few_sequences_reach(tmp_path, half_way, flagged):
    calls = [layer(f"h{k}", ("x", f"h{k - 1}"), weight="layers.0.weight") for k in range(5)]
    gradients = np.interp(range(5), [0, 2, 4], np.log10([0.2, half_way, 1e-5]))
    columns = {(q.ACTIVATION_GRAD_STD, x.name): 10**g for x, g in zip(calls, gradients, strict=True)}
    assert bool(found(make(tmp_path, layers=calls, columns=columns), GROW)) == flagged


@pytest.mark.parametrize(("thrown", "flagged"), [(0.5, True), (-0.5, False)])
def test_what_grew_until_an_update_made_another_network_of_it(tmp_path, thrown, flagged):
    calls = [layer(f"h{k}", ("x", f"h{k - 1}"), weight="layers.0.weight") for k in range(5)]
    columns = {
        (q.ACTIVATION_GRAD_STD, x.name): np.where(STEPS < 2, 10.0 ** -(2 * k), 1e-9) for k, x in enumerate(calls)
    }
    ratio = {"layers.0.weight": np.where(STEPS == 1, thrown, -2.5)}
    assert bool(found(make(tmp_path, layers=calls, columns=columns, ratio=ratio), GROW)) == flagged


def test_where_the_weights_shrink_to_nothing_that_is_no_progress(tmp_path):
    gone = {(n, name): np.maximum(0.9**STEPS, 1e-9) for n in (q.DATA_NORM, q.GRAD_NORM) for name in MATRICES}
    run = make(tmp_path, loss=flat, columns=gone)
    assert not found(run, FADE)
    assert "shrunk to nothing" in covered(run, FADE).why
    assert "The weights have shrunk to 1e-09" in found(run, "no-progress")[0].summary


def test_wider_layers_have_smaller_gradients_at_each_unit(tmp_path):
    wide = [layer("a", units=2000), layer("b", "a", units=20), layer("c", "b", is_output=True, activation=None)]
    columns = {(q.ACTIVATION_GRAD_STD, "a"): 5e-6, (q.ACTIVATION_GRAD_STD, "b"): 1e-3}
    assert not found(make(tmp_path, loss=flat, layers=wide, columns=columns), FADE)  # 1/200, but 1/20 as a norm


def convolutions(given):
    """The same with convolutions."""
    return given | {"layers": [replace(x, operation="convolution") for x in given["layers"]]}


def test_what_convolutions_hand_on_is_not_compared(tmp_path):
    assert not found(make(tmp_path, loss=flat, **convolutions(along(1e-9))), FADE)


@pytest.mark.parametrize(
    ("shares", "loss", "flagged"),
    [
        ((1, 7, 40, 200), flat, 1),
        ((1, 7, 40, 90), flat, 0),
        ((1, 7, 40, 200), falling, 0),
        ((1, 40, 7, 200), flat, 0),
        ((1.5, 1, 40, 300), flat, 1),  # hardly more than the one behind it
    ],
)
def test_the_gradients_of_the_weights_fade_layer_by_layer(tmp_path, shares, loss, flagged):
    given = convolutions(along(1e-9))
    given["columns"] = {(q.GRAD_NORM, f"layers.{i}.weight"): share * 1e-4 for i, share in enumerate(shares)}
    parameters = [parameter(f"layers.{i}.weight") for i in range(5)]
    said = found(make(tmp_path, loss=loss, parameters=parameters, **given), FADE)
    assert [f.where for f in said] == [("layers.0", "layers.1", "layers.2", "layers.3")] * flagged
    if said:
        assert "layers.0 gets 1/200 of the gradient that layers.3 gets" in said[0].summary
    given["layers"] = [replace(x, activation=None if i % 2 else x.activation) for i, x in enumerate(given["layers"])]
    assert len(found(make(tmp_path / "bare", loss=loss, parameters=parameters, **given), FADE)) == flagged


def gone(since=200, names=MATRICES, left=1e-6):
    return {(q.GRAD_NORM, name): np.where(since <= STEPS, left, 1.0) for name in names}


def test_gradients_that_collapse_while_the_loss_is_high(tmp_path):
    (one,) = found(make(tmp_path, loss=flat, columns=gone()), FADE)
    assert one.where == MATRICES
    assert one.first_step == int(STEPS[STEPS >= 200][0])
    assert "The gradients of 3 of 3 matrices have shrunk to 1/1,000,000 of what they were" in one.summary
    (zero,) = found(make(tmp_path, loss=flat, columns=gone(left=0.0)), FADE)
    assert "to nothing of what they were" in zero.summary


def test_a_converged_training_has_small_gradients(tmp_path):
    assert not found(make(tmp_path, loss=falling, columns=gone()), FADE)


def test_one_matrix_of_three_and_a_hundredth_are_no_collapse(tmp_path):
    assert not found(make(tmp_path, loss=flat, columns=gone(names=MATRICES[:1])), FADE)
    assert not found(make(tmp_path, loss=flat, columns=gone(left=0.01)), FADE)


def test_the_collapse_is_seen_without_layers_too(tmp_path):
    assert found(make(tmp_path, loss=flat, layers=(), columns=gone()), FADE)


def test_a_short_run_shows_no_collapse(tmp_path):
    short = np.arange(8)
    columns = {(q.GRAD_NORM, n): np.where(short > 3, 1e-9, 1.0) for n in MATRICES}
    assert not found(make(tmp_path, steps=short, loss=flat, columns=columns), FADE)


def test_gradients_that_are_not_finite_or_not_there_are_not_judged(tmp_path):
    for value in (np.nan, np.inf):
        columns = {(q.GRAD_NORM, n): value for n in (*LAYERS, "")}
        verdict = covered(make(tmp_path, layers=stack(1), columns=columns), FADE)
        assert verdict.status == "cannot-judge"


# -- exploding -----------------------------------------------------------------------------------------------


def test_a_gradient_that_grows_on_its_way_back(tmp_path):
    (one,) = found(make(tmp_path, loss=flat, **along(0.5)), GROW)
    assert one.severity == "warning"
    assert "The gradient at layers.0 is 500 times that at layers.3" in one.summary
    (borne,) = found(make(tmp_path, loss=falling, **along(0.5)), GROW)
    assert borne.severity == "info"


@pytest.mark.parametrize(
    ("begin", "end", "severity"),
    [(600, 1.5, "warning"), (600, 0.3, "warning"), (10, 0.3, "info"), (2, 1.5, "warning")],
)
def test_it_grows_and_the_loss_began_far_above_a_guess_or_stayed_above_half_of_it(tmp_path, begin, end, severity):
    run = make(tmp_path, loss=lambda s: falling(s, begin, end), **along(0.5))
    assert [f.severity for f in found(run, GROW)] == [severity]


@pytest.mark.parametrize(("times", "loss", "severity"), [(30, flat, "warning"), (30, falling, "info"), (10, flat, "")])
def test_a_gradient_that_grows_along_the_blocks_of_a_stream(tmp_path, times, loss, severity):
    stem, out = layer("stem", activation=None), layer("out", after=("stem", "b2.2"), activation=None, is_output=True)
    blocks, before = [], ("stem",)
    for i in range(3):
        inner = layer(f"b{i}.0", after=before, activation="relu")
        blocks += [inner, layer(f"b{i}.2", after=inner.name, activation=None)]
        before = (*before, f"b{i}.2")
    columns = {(q.ACTIVATION_GRAD_STD, f"b{i}.0"): times ** (1 - i / 2) for i in range(3)}
    for name in ("stem", "b0.2", "b1.2", "b2.2"):  # a stack of which nothing was seen hides no other
        columns |= {(q.ACTIVATION_GRAD_STD, name): None, (q.OUTPUT_GRAD_STD, name): None}
    said = found(make(tmp_path, loss=loss, layers=[stem, *blocks, out], columns=columns), GROW)
    assert [f.severity for f in said] == ([severity] if severity else [])
    if said:
        assert said[0].where == ("b0.0", "b1.0", "b2.0")
        assert f"is {times} times that at b2.0 at the start: it grows with each block" in said[0].summary


@pytest.mark.parametrize("first", [1e-3, 0.013, 0.099])
def test_a_gradient_that_grows_a_little_is_healthy(tmp_path, first):
    assert not found(make(tmp_path, loss=flat, **along(first)), GROW)


def jumping(at, to=1000.0):
    values = np.full(N, 1.0)
    values[at] = to
    return values


def thrown(steps):
    return np.where(steps < STEPS[30], flat(steps), straight(steps, 2.3, 9.0, 0.2))


def test_a_jump_that_the_loss_did_not_survive(tmp_path):
    (one,) = found(make(tmp_path, loss=thrown, columns={(q.GRAD_NORM, ""): jumping(30)}), GROW)
    assert (one.severity, one.first_step) == ("warning", int(STEPS[30]))
    assert "jumped to 1000 at step" in one.summary
    assert "1000 times its median of 1, and the loss did not come out of it" in one.summary
    assert one.evidence[0].margin == pytest.approx(10)


def test_a_jump_before_the_loss_broke_is_critical(tmp_path):
    loss = np.where(STEPS > 1000, np.nan, falling(STEPS))
    norm = np.where(STEPS > 900, 1e4, 1.0)
    run = make(tmp_path, loss=loss, columns={(q.GRAD_NORM, ""): norm}, events=[(1001, q.NONFINITE_LOSS)])
    (one,) = found(run, GROW)
    assert one.severity == "critical"
    assert [f.caused_by for f in rules.judge(run).findings if f.rule == "non-finite"] == [GROW]


@pytest.mark.parametrize("at", [slice(30, 31), slice(0, 3)])
def test_jumps_that_do_no_harm(tmp_path, at):
    assert not found(make(tmp_path, columns={(q.GRAD_NORM, ""): jumping(at)}), GROW)


@pytest.mark.parametrize("norm", [100.0 ** -(STEPS / 300), np.where(STEPS < 300, 1e-4, 1.0), 0.0])
def test_a_training_that_converges_or_leaves_a_plateau_has_no_jumps(tmp_path, norm):
    assert not found(make(tmp_path, columns={(q.GRAD_NORM, ""): norm}), GROW)


def test_jumps_again_and_again_are_told(tmp_path):
    often = {(q.GRAD_NORM, ""): jumping([25, 35, 45])}
    (one,) = found(make(tmp_path, columns=often), GROW)
    assert one.severity == "info"
    clipped = {(q.GRAD_NORM, ""): 1.0, (q.GRAD_NORM_BEFORE_CLIP, ""): jumping([25, 35, 45])}
    assert not found(make(tmp_path, columns=clipped), GROW)
    converged = {(q.GRAD_NORM, ""): np.where(STEPS[3] > STEPS, 1e5, jumping([25, 35, 45]))}
    assert not found(make(tmp_path, columns=converged), GROW)
    (harmed,) = found(make(tmp_path, loss=thrown, columns=clipped), GROW)
    assert "before clipping" in harmed.summary


def test_less_than_a_hundred_times_is_no_jump(tmp_path):
    norm = {(q.GRAD_NORM, ""): np.exp(noise(STEPS, 1.0)) * jumping(30, 20)}
    assert not found(make(tmp_path, loss=thrown, columns=norm), GROW)


def test_a_short_run_is_not_judged(tmp_path):
    short = {"steps": np.arange(6), "layers": stack(1), "columns": {(q.GRAD_NORM, ""): [1, 1, 1, 1, 1, 1e9]}}
    assert covered(make(tmp_path, **short), GROW).status == "cannot-judge"
