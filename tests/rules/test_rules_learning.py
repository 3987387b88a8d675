"""labels-unrelated and overfitting, on runs made by hand."""

import numpy as np
import pytest
from rule_runs import CLASSES, LAYERS, covered, falling, flat, found, looked_at, make, noise, parameter, straight

from auscult import rules
from auscult.runs import Optimizer, Task
from auscult.runs import quantities as q

APART, HEART = "labels-unrelated", "overfitting"
STEPS = looked_at()
N = len(STEPS)


# -- labels --------------------------------------------------------------------------------------------------


def test_a_loss_that_stays_at_a_constant_guess(tmp_path):
    run = make(tmp_path, loss=flat)
    (one,) = found(run, APART)
    assert one.severity == "warning"
    assert "After 2,000 steps the loss is 2.3, that of knowing only the frequencies of the classes (2.3)" in one.summary
    assert all(e.margin >= 1 for e in one.evidence)
    assert [f.rule for f in rules.judge(run).findings] == [APART, "no-progress"]
    assert rules.judge(run).findings[1].caused_by == APART


def test_a_loss_that_comes_down_to_the_guess_and_no_further(tmp_path):
    down = 2.3 + np.where(STEPS < 300, 1.0, 0.0) + noise(STEPS, 0.02)
    assert found(make(tmp_path, loss=down, columns={(q.TASK_LOSS_BASE, ""): 2.3}), APART)


def test_a_loss_that_is_on_its_way_to_the_guess_is_not_judged(tmp_path):
    down = np.interp(STEPS, [0, 400, 2000], [3.3, 2.7, 2.3]) + noise(STEPS, 0.01)
    assert covered(make(tmp_path, loss=down, columns={(q.TASK_LOSS_BASE, ""): 2.3}), APART).status == "cannot-judge"


@pytest.mark.parametrize(
    ("total", "ratio", "flagged"), [(400, -2.6, 1), (400, -3.1, 0), (200, -2.0, 0), (600, -3.1, 1)]
)
def test_few_steps_are_enough_where_the_weights_came_far(tmp_path, total, ratio, flagged):
    run = make(tmp_path, steps=looked_at(total), loss=flat, ratio=ratio)
    assert len(found(run, APART)) == flagged


@pytest.mark.parametrize(("level", "flagged"), [(2.3, 1), (2.29, 1), (2.26, 0), (1.0, 0), (2.6, 1), (2.8, 0), (9.0, 0)])
def test_how_near_the_guess(tmp_path, level, flagged):
    assert len(found(make(tmp_path, loss=lambda s: flat(s, level, 0.005)), APART)) == flagged


def test_a_loss_that_begins_to_fall_late_has_learned(tmp_path):
    late = np.where(STEPS < 1200, 2.3, 2.0) + noise(STEPS, 0.01)
    assert not found(make(tmp_path, loss=late), APART)


@pytest.mark.parametrize(("power", "end", "flagged"), [(20, 0.03, 0), (20, 0.008, 1), (2, 0.03, 1)])
def test_a_loss_that_has_just_begun_to_leave_its_plateau_is_not_judged(tmp_path, power, end, flagged):
    steps = np.arange(2000)
    loss = 2.3 * (1 - end * (steps / 2000) ** power) + noise(steps, 0.01)
    run = make(tmp_path, steps=steps, loss=loss, columns={(q.TASK_LOSS_BASE, ""): 2.3})
    assert len(found(run, APART)) == flagged
    assert flagged or covered(run, APART).status == "cannot-judge"


@pytest.mark.parametrize(("won", "flagged"), [(0.0, 1), (0.03, 0)])
def test_a_guess_that_is_held_against_the_same_labels_tells_a_little_that_was_won(tmp_path, won, flagged):
    chance = 2.3 * (1 + noise(STEPS, 0.2))
    columns = {
        (q.TASK_LOSS, ""): chance * (1 - won) + noise(STEPS, 0.03, seed=1),
        (q.TASK_LOSS_BASE, ""): 2.3,
        (q.TASK_LOSS_GUESS, ""): chance,
    }
    scattering = columns[q.TASK_LOSS, ""]
    unpaired = {**columns, (q.TASK_LOSS_GUESS, ""): None}
    assert "scatters" in covered(make(tmp_path, loss=scattering, columns=unpaired), APART).why
    run = make(tmp_path, loss=scattering, columns=columns)
    assert covered(run, APART).status == "ran"
    assert len(found(run, APART)) == flagged


def test_the_chance_of_the_labels_the_guess_is_made_of_counts(tmp_path):
    few = {(q.TASK_LOSS_BASE, ""): 2.3, (q.TASK_LOSS, ""): flat(STEPS, 2.3)}
    guess = np.where(np.arange(N) % 12 == 0, 2.3 + noise(STEPS, 0.4), np.nan)
    run = make(tmp_path, loss=flat, columns={**few, (q.TASK_LOSS_GUESS, ""): guess})
    assert "scatters" in covered(run, APART).why


def by_heart(power, end, at=2.3, scatter=0.004):
    """A loss that leaves a constant guess's with a power of the steps, and how far it comes."""
    return at * (1 - end * (STEPS / STEPS[-1]) ** power) + noise(STEPS, scatter)


@pytest.mark.parametrize(
    ("power", "end", "flagged"),
    [(1.5, 0.15, 1), (2.2, 0.2, 1), (1.8, 0.6, 0), (0.5, 0.2, 0), (6.0, 0.3, 0)],
)
def test_what_is_learned_by_heart_leaves_the_guess_slowly(tmp_path, power, end, flagged):
    said = found(make(tmp_path, loss=by_heart(power, end)), APART)
    assert len(said) == flagged
    if said:
        assert said[0].severity == "warning"
        assert "as it does where examples are learned by heart" in said[0].summary
        assert all(e.margin >= 1 for e in said[0].evidence)
    slow = {"ratio": -3.0, "lr": 0.01}  # then what can be learned leaves it as slowly
    assert not found(make(tmp_path, loss=by_heart(power, end), **slow), APART)


@pytest.mark.parametrize(("quantity", "examples", "flagged"), [
    (q.DATA_EXAMPLES, 2000, True), (q.DATA_EXAMPLES, 60_000, False), (q.DATA_EXAMPLES_LEAST, 60_000, False),
])  # fmt: skip
def test_what_was_met_too_seldom_is_not_learned_by_heart(tmp_path, quantity, examples, flagged):
    """Of 64 examples a step, 2,000 steps go 64 times through 2,000, and twice through 60,000."""
    share = STEPS / STEPS[-1]
    slowly = 2.3 * (1 - 0.2 * share**1.8) + noise(STEPS, 0.01)
    columns = {(q.DATA_BATCH, ""): 64.0, (quantity, ""): float(examples)}
    assert bool(found(make(tmp_path, loss=slowly, columns=columns), APART)) == flagged


def test_a_validation_loss_that_is_never_below_the_guess(tmp_path):
    fell = by_heart(2.2, 0.6)
    held = {(q.LOGGED, "valid_loss"): 2.31 + 0.4 * STEPS / STEPS[-1] + noise(STEPS, 0.003)}
    said = rules.judge(make(tmp_path, loss=fell, columns=held)).findings
    assert [f.rule for f in said] == [APART, HEART]
    assert said[1].caused_by == APART
    assert "valid_loss never came below" in said[0].summary
    better = {(q.LOGGED, "valid_loss"): np.where(STEPS < 900, 2.1, 2.6) + noise(STEPS, 0.003)}
    assert not found(make(tmp_path, loss=fell, columns=better), APART)
    learned = 2.3 * 0.5 ** (STEPS / 100)  # what falls at once is no matter of labels, as where examples are few
    assert not found(make(tmp_path, loss=learned, columns=held), APART)


@pytest.mark.parametrize(
    ("held", "end", "flagged"),
    [(2.35, 2.0, 1), (2.25, 2.17, 0), (2.1, 1.9, 0), (2.35, 0.9, 0)],  # won for all, or far more than that
)
def test_one_validation_at_the_end_that_is_not_below_the_guess(tmp_path, held, end, flagged):
    columns = {(q.LOGGED, q.HEARD): np.where(STEPS[-1] == STEPS, held, np.nan)}
    run = make(tmp_path, loss=falling(STEPS, 2.3, end, 60, 0.003), columns=columns)
    assert len(found(run, APART)) == flagged


@pytest.mark.parametrize(("gradient", "judged"), [(10.0, 1), (100.0, 0)])
def test_a_loss_that_noise_holds_up_at_the_guess(tmp_path, gradient, judged):
    noisy = {(q.GRAD_NORM, name): gradient for name in LAYERS}  # at 100 it holds up .3 of the loss
    run = make(tmp_path, loss=flat, columns=noisy)
    assert len(found(run, APART)) == judged
    if not judged:
        assert "noise of the steps may hold the loss up" in covered(run, APART).why


def test_the_mean_of_the_targets(tmp_path):
    (one,) = found(make(tmp_path, loss=flat, task=Task("squared-error", None, None)), APART)
    assert "the mean of the targets" in one.summary


@pytest.mark.parametrize(("ratio", "said"), [(-5.0, "hardly move"), (-1.0, "move so fast")])
def test_a_pace_that_explains_it(tmp_path, ratio, said):
    verdict = covered(make(tmp_path, loss=flat, ratio=ratio), APART)
    assert verdict.status == "skipped"
    assert said in verdict.why


def test_a_ladder_of_looks_is_enough(tmp_path):
    ladder = np.unique(np.concatenate([np.arange(20), 20 * 1.1 ** np.arange(46)]).astype(int))  # to step 1,458
    (one,) = found(make(tmp_path, steps=ladder, loss=flat), APART)
    assert one.severity == "warning"
    few = np.where(
        np.arange(len(ladder)) % 3 == 0, flat(ladder), np.nan
    )  # the loss is read at all, what it is made of at some
    columns = {(q.TASK_LOSS, ""): few, (q.TASK_LOSS_BASE, ""): np.where(np.isfinite(few), 2.3, np.nan)}
    assert found(make(tmp_path, steps=ladder, loss=flat, columns=columns), APART)
    other = {**columns, (q.TASK_LOSS, ""): few / 2, (q.TASK_LOSS_BASE, ""): few / 2}  # trained on the sum of two
    assert covered(make(tmp_path, steps=ladder, loss=flat, columns=other), APART).status == "cannot-judge"


def test_labels_that_are_noise_shake_the_weights_but_the_rate_is_right(tmp_path):
    run = make(tmp_path, loss=flat, ratio=-1.9)
    assert [f.rule for f in rules.judge(run).findings] == [APART, "no-progress"]
    above = make(tmp_path, loss=lambda s: flat(s, 2.8), ratio=-1.9)
    assert "learning-rate-too-high" in [f.rule for f in rules.judge(above).findings]


def test_what_is_not_judged(tmp_path):
    assert "nothing inside" in covered(make(tmp_path, layers=()), APART).why
    assert "too few" in covered(make(tmp_path, steps=np.arange(200), loss=flat), APART).why
    assert "too few" in covered(make(tmp_path, steps=np.arange(0, 2000, 250), loss=flat), APART).why
    assert "scatters" in covered(make(tmp_path, loss=lambda s: flat(s, 2.3, 1.0)), APART).why
    assert "several" in covered(make(tmp_path, task=Task("cross-entropy", 10, 2.3, losses=2)), APART).why
    assert "several" in covered(make(tmp_path, task=None), APART).why
    assert "all the same" in covered(make(tmp_path, columns={(q.TASK_LOSS_BASE, ""): 0.0}), APART).why
    assert "too few" in covered(make(tmp_path, columns={(q.TASK_LOSS_BASE, ""): np.inf}), APART).why


def test_where_each_prediction_meets_all_targets_the_rate_is_not_to_blame(tmp_path):
    stuck = {"loss": flat, "ratio": np.where(looked_at() < 5, -0.8, -2.0), "optimizer": "RMSprop"}
    assert found(make(tmp_path, **stuck), "learning-rate-too-high")
    crossed = make(tmp_path, task=Task("squared-error", fed="broadcast"), **stuck)
    assert "all targets" in covered(crossed, "learning-rate-too-high").why
    assert "(n, n)" in found(crossed, APART)[0].summary


def test_probabilities_explain_it(tmp_path):
    fed = Task(CLASSES.kind, CLASSES.classes, CLASSES.uniform, "softmax")
    (one,) = found(make(tmp_path, loss=flat, task=fed), APART)
    assert one.caused_by == "softmax-before-cross-entropy"


# -- overfitting ---------------------------------------------------------------------------------------------

# every fourth step looked at has a validation
WHEN = np.arange(N) % 4 == 0


def validation(values, name="valid_loss"):
    return {(q.LOGGED, name): np.where(WHEN, values, np.nan)}


def turning(end=1.2, low=0.8, at=600, scatter=0.01):
    return np.interp(STEPS, [0, at, 1999], [2.3, low, end]) + noise(STEPS, scatter)


def learning(steps):
    return straight(steps, 2.3, 0.1, 0.02)


@pytest.mark.parametrize("name", ["valid_loss", "val/loss", "loss_validation", "test_nll", "eval perplexity"])
def test_a_validation_loss_that_rises(tmp_path, name):
    (one,) = found(make(tmp_path, loss=learning, columns=validation(turning(), name)), HEART)
    assert one.severity == "warning"
    assert 400 <= one.first_step <= 800
    assert f"{name} was lowest, 0." in one.summary
    assert one.evidence[0].value == pytest.approx(0.28, abs=0.05)
    assert "saved 6" in one.remedies[0].action or "saved 7" in one.remedies[0].action


@pytest.mark.parametrize(
    "values",
    [
        turning(end=0.85),  # 6 %
        turning(end=0.6),
        turning(scatter=0.5),  # mostly noise
        np.where(STEPS > 1900, 2.0, falling(STEPS)),  # one bad validation at the end
        np.where(STEPS[40] == STEPS, 0.01, falling(STEPS, end=0.8, scatter=0.01)),  # one lucky one
        np.interp(STEPS, [0, 500, 1200, 1999], [2.3, 0.8, 1.3, 0.5]),  # a second descent
    ],
)
def test_what_is_no_overfitting(tmp_path, values):
    run = make(tmp_path, loss=learning, columns=validation(values))
    assert covered(run, HEART).status == "ran"
    assert not found(run, HEART)


def test_where_the_training_loss_rises_too_it_is_divergence(tmp_path):
    assert not found(make(tmp_path, loss=turning(), columns=validation(turning())), HEART)


def test_a_training_loss_that_was_noisy_when_the_validation_turned(tmp_path):
    def by_heart(steps):
        return np.where(steps < 1500, 0.6 * (1 + 0.6 * np.sin(7.0 * np.arange(N))), 0.001)

    assert found(make(tmp_path, loss=by_heart, columns=validation(turning(low=0.8))), HEART)
    still = make(tmp_path, loss=lambda s: 0.6 * (1 + 0.6 * np.sin(7.0 * np.arange(N))), columns=validation(turning()))
    assert not found(still, HEART)


def test_where_the_accuracy_is_as_good_as_ever_it_is_information(tmp_path):
    steady = {**validation(turning()), **validation(np.interp(STEPS, [0, 600, 1999], [0.1, 0.8, 0.82]), "valid_acc")}
    (one,) = found(make(tmp_path, loss=learning, columns=steady), HEART)
    assert one.severity == "info"
    assert "valid_acc is as good as ever" in one.summary
    worse = {**validation(turning()), **validation(np.interp(STEPS, [0, 600, 1999], [0.1, 0.8, 0.7]), "valid_acc")}
    assert found(make(tmp_path, loss=learning, columns=worse), HEART)[0].severity == "warning"


def test_a_value_logged_at_every_step_is_one_validation(tmp_path):
    held = np.repeat(np.where(WHEN, turning(), 0)[WHEN], 4)[:N]
    (one,) = found(make(tmp_path, loss=learning, columns={(q.LOGGED, "valid_loss"): held}), HEART)
    assert one.severity == "warning"


@pytest.mark.parametrize(
    ("held_out", "train", "told"),
    [
        ([1.8, 1.82, 1.79, 1.83], 0.001, True),  # of a guess's 2.3
        ([1.8, 1.82, 1.79, 1.83], 0.1, False),  # a twentieth of it
        ([0.9, 0.91, 0.9, 0.92], 0.001, False),  # most was won for others too
        ([2.1, 1.9, 1.7, 1.5], 0.001, False),  # and more is
        ([2.5, 2.51, 2.5, 2.49], 0.001, False),  # no guess's: something else is wrong
        ([1.8, 1.82], 0.001, False),
    ],
)
def test_examples_learned_by_heart_before_the_validation_loss_could_rise(tmp_path, held_out, train, told):
    values = np.full(N, np.nan)
    values[N // 2 :: 4][: len(held_out)] = held_out
    columns = {(q.LOGGED, "valid_loss"): values, (q.TASK_LOSS_BASE, ""): 2.3}
    run = make(tmp_path, loss=lambda s: np.maximum(train, 2.3 * 0.98**s) + noise(s, train / 20), columns=columns)
    assert [f.severity for f in found(run, HEART)] == ["warning"] * told
    assert not told or "valid_loss is 1.82, no lower than half way" in found(run, HEART)[0].summary


def test_what_cannot_be_judged(tmp_path):
    assert covered(make(tmp_path), HEART).status == "skipped"
    assert covered(make(tmp_path, columns=validation(turning(), "train_loss")), HEART).status == "skipped"
    assert covered(make(tmp_path, columns=validation(turning(), "interval_loss")), HEART).status == "skipped"
    four = {(q.LOGGED, "val_loss"): np.where(np.arange(N) % 16 == 0, turning(), np.nan)}
    assert "there were 4" in covered(make(tmp_path, columns=four), HEART).why
    assert covered(make(tmp_path, columns=validation(np.inf)), HEART).status == "skipped"
    unknown = make(tmp_path, loss=np.full(N, np.nan), columns=validation(turning()))
    assert "no training loss" in covered(unknown, HEART).why


def test_an_embedding_that_drowns_the_inputs_explains_it(tmp_path):
    parameters = [parameter("places", kind="embedding"), *(parameter(n) for n in LAYERS)]
    for ratio, said in ((-5.0, 0), (-4.0, 1)):
        run = make(tmp_path, loss=flat, parameters=parameters, ratio={"places": ratio})
        assert len(found(run, APART)) == said


def test_where_decay_takes_the_weights_away_the_labels_are_not_to_blame(tmp_path):
    decaying = [Optimizer("AdamW", "AdamW", ({"lr": 0.003, "weight_decay": 30.0, "decoupled_weight_decay": True},))]
    given = {"loss": lambda s: flat(s, 2.3), "ratio": -1.1, "lr": 0.003, "optimizer": "AdamW"}
    assert found(make(tmp_path, **given | {"ratio": -2.0}), APART)
    run = make(tmp_path, **given, optimizers=decaying)
    assert covered(run, APART).why == "weight decay takes the weights away as fast as they can learn"
    (stuck,) = found(run, "no-progress")
    assert "Weight decay takes 10^-1.0 of the weights in a step" in stuck.summary
    assert "Lower the weight decay" in str(stuck.remedies[0])


def test_where_the_weights_shrink_to_nothing_the_labels_are_not_to_blame(tmp_path):
    gone = {(q.DATA_NORM, name): np.maximum(0.9**STEPS, 1e-9) for name in LAYERS[:3]}
    run = make(tmp_path, loss=lambda s: flat(s, 2.3), columns=gone)
    assert "shrunk to nothing" in covered(run, APART).why


def test_of_a_loss_with_other_parts_the_known_one_tells_nothing(tmp_path):
    error = Task("squared-error")
    alone = {(q.TASK_LOSS, ""): 1.15 + noise(STEPS, 0.005)}
    half = make(tmp_path, task=error, columns={**alone, (q.TASK_LOSS_BASE, ""): 1.15}, loss=2 * alone[q.TASK_LOSS, ""])
    assert found(half, APART)  # twice what it is made of is no other part
    parts = make(tmp_path, task=error, columns={**alone, (q.TASK_LOSS_BASE, ""): 1.15}, loss=lambda s: falling(s, 5, 1))
    assert "other parts" in covered(parts, APART).why
