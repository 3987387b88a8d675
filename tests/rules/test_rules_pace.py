"""learning-rate-too-high and learning-rate-too-low, on runs made by hand."""

import numpy as np
import pytest
from rule_runs import (
    LAYERS,
    covered,
    falling,
    flat,
    found,
    layer,
    looked_at,
    make,
    noise,
    parameter,
    stack,
    straight,
    units,
)

from auscult import rules
from auscult.rules._case import Case
from auscult.runs import Optimizer, Task
from auscult.runs import quantities as q
from auscult.runs.facts import POLICY

HIGH, LOW, APART = "learning-rate-too-high", "learning-rate-too-low", "layers-disagree"


def test_how_near_a_rate_came(tmp_path):
    fast = covered(make(tmp_path, ratio=-1.5), HIGH).nearest  # no harm: short of what needs none
    assert (fast.threshold, fast.margin) == (-1.0, pytest.approx(10**-0.5, rel=0.1))
    rising = make(tmp_path, ratio=-2.7, loss=lambda s: straight(s, 2.3, 4.0, 0.05))
    harmed = covered(rising, HIGH).nearest
    assert (harmed.threshold, harmed.margin) == (-2.2, pytest.approx(10**-0.5, rel=0.1))
    borne = covered(make(tmp_path, ratio=-2.2 + 0.02), HIGH).nearest  # fast enough, but the loss fell
    assert borne.margin < 0.1


# -- too low -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("loss", [flat, straight])
def test_too_low_says_by_how_much_and_names_the_rate(tmp_path, loss):
    (one,) = found(make(tmp_path, loss=loss, ratio=-5.0, lr=0.001), LOW)
    assert one.severity == "warning"
    assert one.where == LAYERS[:3]
    assert one.summary == (
        "The weights move by 10^-5.0 of their size each step: the learning rate 0.001 is about 200 times too low."
    )
    assert one.evidence[0].value == pytest.approx(-5.0, abs=0.05)
    assert one.remedies[0].action.startswith("Set the learning rate of SGD[0] to about 0.2 (it is 0.001)")


@pytest.mark.parametrize(("ratio", "loss", "flagged"), [(-0.5, straight, 1), (-1.5, straight, 0), (-5.0, flat, 0)])
def test_a_group_of_embeddings_alone_can_only_be_too_fast(tmp_path, ratio, loss, flagged):
    tables = [parameter(n, kind="embedding", optimizer="Adam") for n in LAYERS[:2]]
    run = make(tmp_path, parameters=tables, layers=[], ratio=ratio, loss=loss, optimizer="Adam")
    assert ["the embeddings of Adam[0]" in f.evidence[0].quantity for f in found(run, HIGH)] == [True] * flagged
    assert not found(run, LOW)
    soon = np.interp(looked_at(), [0, 30, 40, 2000], [ratio, ratio, -2.5, -2.5])  # drawn small: fast at first
    drawn = make(tmp_path, parameters=tables, layers=[], ratio=soon, loss=lambda s: flat(s) - (s < 5), optimizer="Adam")
    assert not found(drawn, HIGH)
    among = [*tables, parameter(LAYERS[2], optimizer="Adam")]
    beside = make(tmp_path, parameters=among, layers=[], ratio={LAYERS[0]: ratio}, loss=loss, optimizer="Adam")
    assert not found(beside, HIGH)


@pytest.mark.parametrize(
    ("examples", "said"), [(1.0, "the gradient of one"), (2.0, "the gradient of two"), (3.0, None)]
)
def test_of_few_examples_more_would_help_too(tmp_path, examples, said):
    columns = {(q.TASK_EXAMPLES, ""): examples, (q.BATCH, ""): examples, (q.TASK_LOSS_BASE, ""): 9.0}
    (one,) = found(make(tmp_path, loss=lambda s: flat(s, 2.3), ratio=-1.3, columns=columns), HIGH)
    of_examples = [remedy.action for remedy in one.remedies if "average more examples" in remedy.action]
    assert len(of_examples) == (said is not None)
    assert all(said in action for action in of_examples)


@pytest.mark.parametrize(("norm", "flagged"), [(3.0, 0), (0.5, 1), (np.linspace(0.5, 3.0, len(looked_at())), 0)])
def test_matrices_drawn_small_are_held_against_their_usual_size(tmp_path, norm, flagged):
    """PyTorch draws a matrix of 20 × 20 with a norm of 2.6."""
    norms = {(q.DATA_NORM, name): norm for name in LAYERS[:3]}
    slow = make(tmp_path, loss=straight, ratio=-2.9, optimizer="Adam", lr=1e-5, columns=norms)
    said = found(slow, LOW)
    assert len(said) == flagged
    assert all("the size that such weights usually have" in f.summary for f in said)


def test_adaptive_optimizers_have_a_band_of_their_own(tmp_path):
    def slowing(steps):  # a quarter of its fall in the second half
        return 2.3 - 0.3 * (1 - np.exp(-steps / 900)) + noise(steps, 0.005)

    ratio = -3.85  # between the two bands
    assert found(make(tmp_path, loss=slowing, ratio=ratio, optimizer="AdamW"), LOW)
    assert not found(make(tmp_path, loss=slowing, ratio=ratio, optimizer="SGD"), LOW)


@pytest.mark.parametrize(("ratio", "lows"), [(-3.1, 1), (-2.9, 0)])
def test_half_of_the_loss_is_left_and_it_falls_as_before(tmp_path, ratio, lows):
    assert len(found(make(tmp_path, loss=straight, ratio=ratio), LOW)) == lows
    fast = np.interp(looked_at(), [0, 30, 2000], [-2.0, -2.0, ratio])  # slow only after it had been fast
    assert not found(make(tmp_path, steps=looked_at(), loss=straight, ratio=fast), LOW)


@pytest.mark.parametrize(("lr", "lows"), [(lambda s: 0.05 * (1 + np.cos(np.pi * s / s[-1])), 1), (0.1, 0)])
def test_a_schedules_decay_is_not_taken_for_a_loss_that_settles(tmp_path, lr, lows):
    def slowing(steps):  # by a quarter in the second half of the steps, and by half in that of a cosine's rates
        return 2.3 - 0.6 * np.sin(np.pi * steps / steps[-1] / 2) ** 0.75 + noise(steps, 0.003)

    assert len(found(make(tmp_path, loss=slowing, lr=lr, ratio=-3.1), LOW)) == lows


def test_a_loop_without_an_optimizer_is_told_a_factor_where_its_rate_is_unknown(tmp_path):
    parameters = [parameter(n, optimizer=None, group=None) for n in LAYERS]
    run = make(tmp_path, loss=flat, ratio=-5.0, lr=np.nan, optimizer="none", parameters=parameters)
    (one,) = found(run, LOW)
    assert one.remedies[0].action.startswith("Multiply the learning rate of none[0] by about 200")


def test_what_was_fast_at_a_lower_rate_is_not_slow_for_its_rate(tmp_path):
    rising, dying = ([0, 1500, 1501, 2000], [0.01, 0.01, 0.3, 0.3]), ([0, 1500, 1501, 2000], [-2.1, -2.1, -5.0, -5.0])
    given = {"loss": flat, "lr": np.interp(looked_at(), *rising)}
    assert not found(make(tmp_path, ratio=np.interp(looked_at(), *dying), **given), LOW)
    slow = np.interp(looked_at(), rising[0], [-5.0, -5.0, -4.0, -4.0])
    assert found(make(tmp_path, ratio=slow, **given), LOW)


def test_where_one_matrix_has_a_good_pace_the_rate_is_not_too_low(tmp_path):
    slow = dict.fromkeys(LAYERS, -4.5)
    assert found(make(tmp_path, loss=straight, ratio=slow), LOW)
    good = slow | {LAYERS[2]: -2.5}
    assert not found(make(tmp_path, loss=straight, ratio=good), LOW)
    assert found(make(tmp_path, loss=straight, ratio=good, columns={(q.DATA_NORM, LAYERS[2]): 0.1}), LOW)
    for norm in (0.1, 3.0):  # of a usual size is one that began or ended so
        grown = {(q.DATA_NORM, LAYERS[2]): np.linspace(norm, 3.0, len(looked_at()))}
        assert not found(make(tmp_path, loss=straight, ratio=good, columns=grown), LOW)


@pytest.mark.parametrize(("first", "held", "flagged"), [(2.3, True, 1), (30.0, True, 0), (2.3, False, 0)])
def test_a_loss_that_stands_still_is_harm_where_much_is_left_and_most_is_trained(tmp_path, first, held, flagged):
    steps = looked_at()
    loss = np.where(steps < 1, first, np.where(steps < 60, 2.3, 1.9)) + noise(steps, 0.01)
    owner = {"optimizer": "Adam", "group": 0} if held else {"optimizer": None, "group": None}
    parameters = [parameter(n, **(owner if "0" in n or "1" in n else {"optimizer": "Adam"})) for n in LAYERS]
    run = make(
        tmp_path, loss=loss, ratio=-1.3, optimizer="Adam", parameters=parameters, columns={(q.TASK_LOSS_BASE, ""): 9.0}
    )
    assert len(found(run, HIGH)) == flagged


def test_small_steps_after_the_loss_has_settled_are_no_ailment(tmp_path):
    steps = looked_at()
    shrinking = np.interp(steps, [0, 200, 2000], [-2.5, -4.5, -6.0])
    assert rules.judge(make(tmp_path, loss=falling, ratio=shrinking)).findings == ()


def creeping(steps):
    """A noisy loss that fell a third, most of it at first, and may or may not fall still."""
    return 3.3 - 0.3 * np.log10(1 + steps) + 0.1 * np.random.default_rng(3).standard_normal(len(steps))


def test_slow_from_the_start_and_not_settled_is_too_low(tmp_path):
    assert found(make(tmp_path, loss=creeping, ratio=-4.2), LOW)
    assert not found(make(tmp_path, loss=creeping, ratio=-3.9), LOW)
    assert not found(make(tmp_path, loss=lambda s: falling(s, 3.3, 2.3, scatter=0.003), ratio=-4.2), LOW)


def test_slow_steps_do_not_explain_a_loss_that_rose(tmp_path):
    assert not found(make(tmp_path, ratio=-5.0, loss=lambda s: straight(s, 2.3, 4.0)), LOW)


def test_warm_up_and_decay_are_left_out(tmp_path):
    steps = looked_at()
    lr = np.interp(steps, [0, 400, 800, 2000], [1e-5, 0.1, 0.1, 1e-5])
    run = make(tmp_path, loss=lambda s: straight(s, 4.0), ratio=-2.5 + np.log10(lr / 0.1), lr=lr)
    assert rules.judge(run).findings == ()


def test_fine_tuning_is_information_only(tmp_path):
    trained = {(q.DATA_STD, name): 0.155 + 0.035 * i for i, name in enumerate(LAYERS)}
    (one,) = found(make(tmp_path, loss=lambda s: flat(s, 0.4, 0.002), ratio=-5.0, columns=trained), LOW)
    assert one.severity == "info"
    assert "trained weights" in one.summary
    frozen = [parameter("backbone.weight", shape=(500, 500), trainable=False), *(parameter(n) for n in LAYERS)]
    (one,) = found(make(tmp_path, loss=flat, ratio=-5.0, parameters=frozen), LOW)
    assert one.severity == "info"


def test_a_low_loss_alone_does_not_look_like_fine_tuning(tmp_path):
    (one,) = found(make(tmp_path, loss=lambda s: flat(s, 0.4, 0.002), ratio=-5.0, lr=1e-3), LOW)
    assert one.severity == "warning"


@pytest.mark.parametrize(("lr", "severity"), [(0.01, "warning"), (0.02, "info")])
def test_a_rate_that_nothing_is_trained_at_is_no_remedy(tmp_path, lr, severity):
    run = make(tmp_path, loss=flat, ratio=-5.0, lr=lr)  # 180 times higher would be right
    (one,) = found(run, LOW)
    assert one.severity == severity
    assert ("it is the gradients that are small" in one.summary) == (severity == "info")
    (stuck,) = found(run, "no-progress")
    assert stuck.severity == ("info" if severity == "warning" else "warning")


def test_weight_decay_alone_is_no_slow_training(tmp_path):
    decayed = [Optimizer("SGD", "SGD", ({"lr": 0.1, "weight_decay": 1e-4},))]
    exact = {(q.RATIO, name): -5.0 for name in LAYERS}
    still = {(q.GRAD_NORM, name): 0.0 for name in LAYERS}
    run = make(tmp_path, loss=flat, ratio=-5.0, optimizers=decayed, columns={**exact, **still})
    assert covered(run, LOW).why == "weight decay alone moves the matrices, no gradient does"
    (one,) = found(run, "frozen-parameters")
    assert "never moved in 60 steps looked at but for weight decay" in one.summary
    fed = make(tmp_path / "fed", loss=flat, ratio=-5.0, optimizers=decayed, columns=exact)
    assert not found(fed, "frozen-parameters")


def test_where_there_are_only_embeddings_the_rows_touched_count(tmp_path):
    shapes = {"users": (300, 8), "items": (200, 8), "bias": (300, 1)}
    tables = [parameter(n, kind="embedding", shape=shape) for n, shape in shapes.items()]
    rows = {(q.RATIO_TOUCHED, n): -2.0 if n == "bias" else -5.5 for n in shapes}
    kinds = {"parameters": tables, "ratio": dict.fromkeys(shapes, -6.0), "loss": flat, "lr": 1e-4}
    (one,) = found(make(tmp_path, columns=rows, **kinds), LOW)
    assert one.where == ("users", "items")
    assert "embeddings of SGD[0], steady" in one.evidence[0].quantity
    quick = {**rows, (q.RATIO_TOUCHED, "users"): -2.5, (q.RATIO_TOUCHED, "items"): -2.5}
    assert not found(make(tmp_path / "quick", columns=quick, **kinds), LOW)


@pytest.mark.parametrize(
    ("end", "optimizer", "ratio", "lows"),
    [
        (2.3, "SGD", -3.7, 1),
        (2.3, "SGD", -3.5, 0),
        (2.3, "Adam", -3.4, 1),
        (2.3, "Adam", -3.2, 0),
        (1.9, "Adam", -3.4, 1),
    ],
)
def test_single_losses_that_scatter_do_not_hide_a_rate_that_is_too_low(tmp_path, end, optimizer, ratio, lows):
    scattered = {"loss": lambda s: straight(s, 2.3, end, 1.0), "ratio": ratio, "optimizer": optimizer, "lr": 1e-4}
    run = make(tmp_path, steps=looked_at(600), **scattered)
    assert not Case(run).loss.stalled
    assert len(found(run, LOW)) == lows


def test_every_group_must_be_slow(tmp_path):
    parameters = [parameter(n, group=i % 2) for i, n in enumerate(LAYERS)]
    two = [Optimizer("SGD", "SGD", ({"lr": 0.1}, {"lr": 0.1}))]
    rates = {(q.LR, "SGD[1]"): np.full(len(looked_at()), 0.1)}
    slow = dict.fromkeys(LAYERS, -5.0)
    kinds = {"loss": straight, "parameters": parameters, "optimizers": two, "columns": rates}
    (one,) = found(make(tmp_path, ratio=slow, **kinds), LOW)
    assert set(one.where) == set(LAYERS[:3])
    assert len(one.remedies) == 2
    assert not found(make(tmp_path, ratio={**slow, LAYERS[1]: -2.5}, **kinds), LOW)


def test_biases_and_embeddings_do_not_count(tmp_path):
    parameters = [parameter("embed", kind="embedding"), *(parameter(n) for n in LAYERS)]
    run = make(
        tmp_path, loss=lambda s: straight(s, 4.0), ratio={"embed": -6.0, "layers.0.bias": -7.0}, parameters=parameters
    )
    assert rules.judge(run).findings == ()


# -- too high ------------------------------------------------------------------------------------------------


def test_too_high_and_the_loss_rose(tmp_path):
    run = make(tmp_path, loss=lambda s: straight(s, 2.3, 9.0, 0.2), ratio=-1.0, lr=3.0)
    (one,) = found(run, HIGH)
    assert one.severity == "critical"
    assert "the loss rose: the learning rate 3 is about 20 times too high" in one.summary
    assert one.remedies[0].action.startswith("Set the learning rate of SGD[0] to about 0.2 (it is 3)")


def test_a_high_ratio_that_does_no_harm_is_no_ailment(tmp_path):
    assert rules.judge(make(tmp_path, ratio=-1.3)).findings == ()


@pytest.mark.parametrize("loss", [flat, lambda s: straight(s, 2.3, 9.0, 0.2)])
@pytest.mark.parametrize("layers", [1, 2])
def test_a_single_layer_may_be_at_its_floor_after_a_few_steps(tmp_path, loss, layers):
    parameters = [parameter(f"layers.{i}.weight") for i in range(layers)]
    said = found(make(tmp_path, loss=loss, ratio=-1.3, parameters=parameters), HIGH)
    assert bool(said) == (layers > 1 or loss is not flat)


def test_an_extreme_ratio_is_one_without_harm_too(tmp_path):
    (one,) = found(make(tmp_path, ratio=-0.6), HIGH)
    assert one.severity == "warning"


def test_a_moderate_ratio_does_not_explain_a_rising_loss(tmp_path):
    run = make(tmp_path, loss=lambda s: straight(s, 2.3, 4.0), ratio=-2.6)
    assert [(f.rule, f.caused_by) for f in rules.judge(run).findings] == [
        ("diverging-loss", None),
        ("no-progress", "diverging-loss"),
    ]


def test_a_network_thrown_out_at_the_start_is_too_high_though_it_hardly_moves_now(tmp_path):
    steps = looked_at()
    loss = np.where((steps > 0) & (steps < 10), 500.0 / (steps + 1), 2.3) + noise(steps, 0.01)
    ratio = np.where(steps < 10, -0.2, -6.0)
    run = make(tmp_path, loss=loss, ratio=ratio, optimizer="Adam", lr=1.0)
    rules_found = [(f.rule, f.caused_by) for f in rules.judge(run).findings]
    assert rules_found == [(HIGH, None), ("no-progress", HIGH)]


def test_a_wrecked_network_may_still_learn_how_frequent_the_labels_are(tmp_path):
    steps = looked_at()
    loss = np.where((steps > 0) & (steps < 10), 500.0 / (steps + 1), 1.9) + noise(steps, 0.01)
    loss[0] = 2.3
    ratio = np.where(steps < 10, -0.2, -6.0)
    (one,) = rules.judge(make(tmp_path, loss=loss, ratio=ratio, optimizer="Adam", lr=1.0)).findings
    assert (one.rule, one.severity) == (HIGH, "critical")
    assert "the network has stood still since" in one.summary
    recovered = np.where(steps < 10, loss, falling(steps, 2.3, 0.1))
    assert rules.judge(make(tmp_path, loss=recovered, ratio=ratio, optimizer="Adam", lr=1.0)).findings == ()


def test_a_loss_that_breaks_after_a_few_wild_steps(tmp_path):
    steps = np.arange(6)
    loss = np.array([2.3, 4.0, 80.0, 1e6, 1e20, np.inf])
    run = make(
        tmp_path, steps=steps, loss=loss, ratio=np.array([-1, -0.5, 0, 1, 3, 5.0]), events=[(5, q.NONFINITE_LOSS)]
    )
    assert [(f.rule, f.caused_by) for f in rules.judge(run).findings] == [(HIGH, None), ("non-finite", HIGH)]


def test_a_calm_run_that_breaks_is_not_blamed_on_the_rate(tmp_path):
    steps = looked_at()
    loss = np.where(steps > 1000, np.nan, falling(steps))
    run = make(tmp_path, steps=steps, loss=loss, events=[(1001, q.NONFINITE_LOSS)])
    assert [f.rule for f in rules.judge(run).findings] == ["non-finite"]


def test_adversaries_are_only_judged_by_the_extreme(tmp_path):
    other = {(q.LOSS, "critic"): np.linspace(1, 5, len(looked_at()))}
    kinds = {"loss": lambda s: straight(s, 1, 5), "columns": other}
    assert not found(make(tmp_path, ratio=-1.5, **kinds), HIGH)
    assert found(make(tmp_path, ratio=-0.5, **kinds), HIGH)
    assert covered(make(tmp_path, ratio=-1.5, **kinds), LOW).status == "cannot-judge"


def test_where_the_loss_tells_nothing_a_rate_is_too_low_that_leaves_the_weights_as_they_were_drawn(tmp_path):
    adversaries = {"loss": lambda s: straight(s, 1, 5), "columns": {(q.LOSS, "critic"): np.linspace(1, 5, 60)}}
    policy = {"loss": lambda s: straight(s, 1, 5), "task": Task(POLICY)}
    for kinds in (adversaries, policy):
        (one,) = found(make(tmp_path, ratio=-5.0, lr=1e-3, **kinds), LOW)
        assert one.severity == "warning"
        assert "of where they were drawn" in one.summary
        assert one.evidence[-1].value < one.evidence[-1].threshold == -1
        for ratio in (-3.5, -3.0):  # the steps add up to more than a tenth, or are none that are too small
            assert covered(make(tmp_path, ratio=ratio, **kinds), LOW).status == "cannot-judge"
    weights = parameter("b.weight")
    large = {(q.DATA_NORM, weights.name): 1e3, (q.DISTANCE, weights.name): 1.0}  # of weights drawn too large, nothing
    run = make(tmp_path, ratio=-5.0, parameters=[weights], task=Task(POLICY), columns=large)
    assert covered(run, LOW).status == "cannot-judge"


@pytest.mark.parametrize("rule", [HIGH, LOW, APART])
def test_a_short_run_is_not_judged(tmp_path, rule):
    run = make(tmp_path, steps=np.arange(25), loss=flat, ratio=-5.0)
    verdict = covered(run, rule)
    assert verdict.status == "cannot-judge"
    assert verdict.why.startswith("25 steps, 25 of them looked at, are too few")
    assert not found(run, rule)


@pytest.mark.parametrize("rule", [HIGH, LOW, APART])
def test_without_matrices_the_rules_are_skipped(tmp_path, rule):
    assert covered(make(tmp_path, parameters=[parameter("b.bias")]), rule).status == "skipped"


def test_the_first_steps_of_adagrad_are_large_at_any_rate(tmp_path):
    wears_off = -0.6 - 0.7 * np.log10(looked_at() + 1)
    climbs = {"loss": lambda s: straight(s, 2.3, 4.0), "ratio": wears_off}
    assert found(make(tmp_path, optimizer="RMSprop", **climbs), HIGH)
    assert not found(make(tmp_path, optimizer="Adagrad", **climbs), HIGH)
    assert found(make(tmp_path, optimizer="Adagrad", **climbs | {"ratio": wears_off + 1.0}), HIGH)


def test_an_optimizer_that_searches_its_steps_may_take_large_ones(tmp_path):
    assert found(make(tmp_path, ratio=-0.8), HIGH)
    assert not found(make(tmp_path, ratio=-0.8, optimizer="LBFGS"), HIGH)
    assert found(make(tmp_path, ratio=-0.8, optimizer="LBFGS", loss=lambda s: straight(s, 2.3, 4.0)), HIGH)


# -- weights that were thrown out ------------------------------------------------------------------------------


def thrown(ratio, grown, loss=falling, **more):
    """A training whose weights moved by that ratio in the second step and ended so many times as large."""
    steps = looked_at()
    norms = {(q.DATA_NORM, name): np.interp(steps, [0, 10], [3.0, 3.0 * grown]) for name in LAYERS[:3]}
    moves = np.where(steps == 1, ratio, -2.5)
    return {"loss": loss, "ratio": dict.fromkeys(LAYERS, moves), "columns": norms, **more}


@pytest.mark.parametrize(
    ("ratio", "grown", "flagged"), [(-0.3, 9.0, 1), (-0.3, 2.0, 0), (-1.3, 9.0, 0), (-0.3, 3.0, 0)]
)
def test_weights_that_large_steps_have_thrown_out(tmp_path, ratio, grown, flagged):
    said = found(make(tmp_path, **thrown(ratio, grown, lambda s: falling(s, 2.3, 0.8))), HIGH)
    assert len(said) == flagged
    if said:
        assert said[0].first_step == 1
        assert f"of weights that grew {grown:g} times" in said[0].evidence[0].quantity


def test_weights_thrown_out_are_no_ailment_where_the_network_has_learned(tmp_path):
    assert not found(make(tmp_path, **thrown(-0.3, 9.0, lambda s: falling(s, 2.3, 0.3))), HIGH)


@pytest.mark.parametrize(("killed", "flagged"), [(7, 0), (9, 1), (20, 1)])
def test_a_network_that_learned_with_the_units_that_the_first_steps_left(tmp_path, killed, flagged):
    alive = np.full(20, 1999)
    alive[:killed] = 30
    lost = [(q.UNITS, "layers.1", units(looked_at(), alive))]
    run = make(tmp_path, **thrown(-0.3, 9.0, lambda s: falling(s, 2.3, 0.3)), arrays=lost)
    assert len(found(run, HIGH)) == flagged


def test_less_is_enough_where_the_loss_has_far_to_go(tmp_path):
    assert found(make(tmp_path, **thrown(-0.3, 3.0, lambda s: falling(s, 2.3, 1.8))), HIGH)
    assert not found(make(tmp_path, **thrown(-0.3, 2.0, lambda s: falling(s, 2.3, 1.8))), HIGH)
    unknown = thrown(-0.3, 3.0, lambda s: falling(s, 2.3, 1.8), task=None)  # how far it has to go is not known
    assert not found(make(tmp_path, **unknown), HIGH)


def test_weights_thrown_out_are_not_told_where_the_loss_is_no_measure_of_progress(tmp_path):
    assert found(make(tmp_path, **thrown(-0.3, 9.0, flat)), HIGH)
    assert not found(make(tmp_path, **thrown(-0.3, 9.0, flat, task=Task(POLICY))), HIGH)


def test_small_weights_may_grow_to_what_is_usual(tmp_path):
    given = thrown(-0.3, 9.0)
    given["columns"] = {key: norms / 9 for key, norms in given["columns"].items()}  # 20 x 20 are usually drawn at 2.6
    assert not found(make(tmp_path, **given), HIGH)


def test_weights_before_a_norm_may_grow(tmp_path):
    normed = [*stack(2, norm="batch-norm")[:2], layer("layers.2", "layers.1", activation=None, is_output=True)]
    given = thrown(-0.3, 9.0)
    del given["columns"][(q.DATA_NORM, "layers.2.weight")]
    assert not found(make(tmp_path, layers=normed, **given), HIGH)


def test_a_rate_that_decays_at_once(tmp_path):
    steps = looked_at()
    gone = 0.1 * 0.1 ** (steps // 10)
    run = make(tmp_path, lr=gone, ratio=-2.5 + np.log10(gone / 0.1), loss=lambda s: flat(s, 1.8) + 0.3 * (s < 10))
    (one,) = found(run, LOW)
    assert one.first_step == 70  # the first look after step 30
    assert "fell from 0.1 to below a hundredth of that by step 70" in one.summary
    late = np.where(steps < 1200, 0.1, 1e-4)
    assert not found(make(tmp_path, lr=late, loss=lambda s: flat(s, 1.8) + 0.3 * (s < 10)), LOW)
    spike = np.where(steps == 5, 100.0, 0.1)  # a single step of a high rate is no schedule
    assert not found(make(tmp_path, lr=spike, loss=lambda s: flat(s, 1.8) + 0.3 * (s < 10)), LOW)


def test_a_schedule_that_is_stepped_at_every_batch(tmp_path):
    steps = looked_at(875)
    gone = 0.02 * 0.7 ** steps.astype(float)
    run = make(tmp_path, steps=steps, lr=gone, ratio=-2.5 + np.log10(gone / 0.02), loss=lambda s: flat(s, 2.27))
    (one,) = found(run, LOW)
    assert one.first_step == 13  # .7^13 is below a hundredth


def test_a_rate_that_decays_at_once_costs_a_loss_that_was_half_way_too(tmp_path):
    gone = 0.1 * 0.1 ** (looked_at() // 10)
    half, done = (make(tmp_path, lr=gone, loss=lambda s, to=to: flat(s, to) + (2 - to) * (s < 10)) for to in (0.8, 0.1))
    assert found(half, LOW)
    assert not found(done, LOW)
