"""layers-disagree, on runs made by hand."""

import numpy as np
import pytest
from rule_runs import (
    LAYERS,
    NORM,
    SPREAD,
    covered,
    found,
    looked_at,
    make,
    parameter,
)

from auscult.runs import Optimizer
from auscult.runs import quantities as q

APART = "layers-disagree"


@pytest.mark.parametrize(("offset", "word"), [(2.0, "faster"), (-2.0, "slower")])
def test_a_layer_that_stands_out(tmp_path, offset, word):
    (one,) = found(make(tmp_path, ratio={"layers.2.weight": -2.5 + offset}), APART)
    assert one.where == ("layers.2.weight",)
    assert f"layers.2.weight moves 100 times {word}" in one.summary
    assert one.evidence[0].value == pytest.approx(offset, abs=0.1)
    assert one.evidence[0].margin == pytest.approx(10**0.8, rel=0.3)


@pytest.mark.parametrize(("offset", "severity"), [(0.7, None), (1.1, "info"), (-1.1, "info"), (1.4, "warning")])
def test_how_far_a_layer_stands_out(tmp_path, offset, severity):
    said = found(make(tmp_path, ratio={"layers.2.weight": -2.5 + offset}), APART)
    assert [f.severity for f in said] == ([severity] if severity else [])


def test_a_layer_on_its_way_to_the_others_does_not_stand_out(tmp_path):
    nearing = np.interp(looked_at(), [0, 2000], [0.3, -1.5])
    assert not found(make(tmp_path, ratio={"layers.2.weight": nearing}), APART)


@pytest.mark.parametrize(("side", "flagged"), [(3, 0), (20, 1)])
def test_a_slight_table_that_is_no_layers_weight_may_move_at_a_pace_of_its_own(tmp_path, side, flagged):
    parameters = [*(parameter(n) for n in LAYERS), parameter("mix", shape=(side, side))]
    said = found(make(tmp_path, parameters=parameters, ratio={"mix": -4.5}), APART)
    assert [f.where for f in said] == [("mix",)] * flagged


def test_where_half_of_the_layers_stand_apart_it_is_the_slower_half(tmp_path):
    parameters = [parameter(n) for n in (*LAYERS[:3], "layers.3.weight")]
    slow = {"layers.0.weight": -4.4, "layers.1.weight": -4.4}
    (one,) = found(make(tmp_path, parameters=parameters, ratio=slow), APART)
    assert (one.severity, set(one.where)) == ("warning", slow.keys())


def test_two_matrices_have_no_middle(tmp_path):
    two = [parameter(n) for n in LAYERS[:2]]
    assert covered(make(tmp_path, parameters=two, ratio={LAYERS[0]: 0.0}), APART).status == "skipped"


@pytest.mark.parametrize(("slow", "fast", "flagged"), [
    (-5.0, -2.5, True), (-5.0, -4.0, False), (-3.8, -1.2, False),
    (np.interp(looked_at(), [0, 2000], [-7.0, -2.5]), -2.5, False),
])  # fmt: skip
def test_of_two_matrices_one_may_stand_still(tmp_path, slow, fast, flagged):
    two = {"parameters": [parameter(n) for n in LAYERS[:2]], "ratio": {LAYERS[0]: slow, LAYERS[1]: fast}}
    said = found(make(tmp_path, **two), APART)
    assert [(f.severity, f.where) for f in said] == ([("warning", (LAYERS[0],))] if flagged else [])


@pytest.mark.parametrize(("came", "drawn", "flagged"), [(0.02, 1, 1), (0.06, 1, 0), (0.02, 4, 0)])
def test_a_layer_that_ends_where_it_was_drawn(tmp_path, came, drawn, flagged):
    columns = {(q.DISTANCE, LAYERS[1]): came * drawn * NORM, (q.DATA_NORM, LAYERS[1]): drawn * NORM}
    said = found(make(tmp_path, columns=columns), APART)
    assert [(f.severity, f.where) for f in said] == [("warning", (LAYERS[1],))] * flagged
    assert all("ended within 2 % of where it was drawn" in f.summary for f in said)


def test_where_no_layer_has_come_far_none_was_left_behind(tmp_path):
    short = {(q.DISTANCE, name): 0.05 * NORM for name in LAYERS[:3]} | {(q.DISTANCE, LAYERS[1]): 0.003 * NORM}
    assert not found(make(tmp_path, columns=short), APART)


@pytest.mark.parametrize(
    ("rates", "first", "kind", "spread", "flagged"),
    [
        ((10.0, 0.1), -0.4, "matrix", 0.1, 1),
        ((10.0, 0.1), -0.4, "embedding", 0.3, 1),
        ((10.0, 0.1), -0.4, "embedding", 0.01, 0),
        ((10.0, 0.1), -0.4, "matrix", 0.01, 0),
        ((10.0, 0.1), -1.2, "matrix", 0.1, 0),
        ((1.0, 0.1), -0.4, "matrix", 0.1, 0),
    ],
)
def test_a_group_that_its_rate_makes_anew(tmp_path, rates, first, kind, spread, flagged):
    parameters = [parameter("fast", kind=kind), *(parameter(n, group=1) for n in LAYERS)]
    two = [Optimizer("SGD", "SGD", ({"lr": rates[0]}, {"lr": rates[1]}))]
    columns = {(q.LR, f"SGD[{i}]"): rate for i, rate in enumerate(rates)}
    columns |= {(q.DATA_STD, "fast"): spread, (q.DATA_NORM, "fast"): np.where(looked_at() < 10, spread, SPREAD) * 20}
    ratio = {"fast": np.where(looked_at() < 10, first, -2.5)}
    said = found(make(tmp_path, parameters=parameters, optimizers=two, ratio=ratio, columns=columns), APART)
    assert [(f.severity, f.where) for f in said] == [("warning", ("fast",))] * flagged
    assert all("the rate 10 is 100 times that of SGD[1]" in f.summary for f in said)


@pytest.mark.parametrize(("spread", "ratio", "flagged"), [(30, -4.3, 1), (30, -3.9, 0), (1, -4.3, 0)])
def test_an_embedding_drawn_so_large_that_it_stands_still(tmp_path, spread, ratio, flagged):
    parameters = [*(parameter(n) for n in LAYERS), parameter("table", kind="embedding")]
    run = make(tmp_path, parameters=parameters, ratio={"table": ratio}, columns={(q.DATA_STD, "table"): spread})
    said = found(run, APART)
    assert [f.where for f in said] == [("table",)] * flagged
    if said:
        assert "table was drawn with a spread of 30 and moves 70 times slower" in said[0].summary


@pytest.mark.parametrize(("matrices", "flagged"), [(2, 1), (1, 1), (0, 0)])
def test_few_matrices_are_enough_to_tell_an_embedding_that_stands_still(tmp_path, matrices, flagged):
    parameters = [*(parameter(n) for n in LAYERS[:matrices]), parameter("table", kind="embedding")]
    run = make(tmp_path, parameters=parameters, ratio={"table": -4.3}, columns={(q.DATA_STD, "table"): 30})
    assert [f.where for f in found(run, APART)] == [("table",)] * flagged


def test_a_matrix_drawn_from_a_plain_normal_may_be_slower(tmp_path):
    plain = {(q.DATA_STD, "layers.2.weight"): 1.0}
    slow, slower = ({"layers.2.weight": ratio} for ratio in (-3.8, -4.2))
    assert not found(make(tmp_path, ratio=slow, columns=plain), APART)
    assert found(make(tmp_path, ratio=slow), APART)
    assert found(make(tmp_path, ratio=slower, columns=plain), APART)


def test_a_matrix_that_was_drawn_small_may_be_faster_once_it_has_grown(tmp_path):
    grown = {(q.DATA_STD, "layers.2.weight"): np.interp(looked_at(), [0, 2000], [0.003, 0.03])}
    still = {(q.DATA_STD, "layers.2.weight"): 0.003}
    fast, faster = ({"layers.2.weight": ratio} for ratio in (-1.2, -0.8))
    assert not found(make(tmp_path, ratio=fast, columns=grown), APART)
    assert found(make(tmp_path, ratio=fast, columns=still), APART)
    assert found(make(tmp_path, ratio=faster, columns=grown), APART)


@pytest.mark.parametrize(
    ("ratio", "rate", "frozen", "severity"),
    [
        (-5.5, 1e-6, 0, "warning"),
        (-5.5, 1e-6, 1, "info"),
        (-3.9, 1e-6, 0, ""),
        (-4.1, 1e-6, 0, "warning"),
        (-5.5, 0.01, 0, ""),
    ],
)
def test_a_group_whose_rate_leaves_it_standing(tmp_path, ratio, rate, frozen, severity):
    parameters = [parameter(n, group=int(i == 0)) for i, n in enumerate(LAYERS)]
    parameters += [parameter("back.weight", shape=(500, 500), trainable=False)] * frozen
    two = [Optimizer("SGD", "SGD", ({"lr": 0.1}, {"lr": rate}))]
    given = {"parameters": parameters, "optimizers": two, "columns": {(q.LR, "SGD[1]"): rate}}
    said = found(make(tmp_path, ratio={"layers.0.weight": ratio}, **given), APART)
    assert [(f.severity, f.where) for f in said] == ([(severity, ("layers.0.weight",))] if severity else [])
    if said:
        assert "the rate 1e-06 leaves them standing" in said[0].summary
