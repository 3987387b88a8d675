"""Trials on disk: found by what was asked, whole or not there."""

import json

import numpy as np
import pytest

from auscult.errors import RunError
from auscult.runs.trials import Trials, key_of

ASKED = {"batch": 32, "lr": 0.1, "options": {"b": 1, "a": [1, 2]}}


def test_a_trial_is_found_by_what_was_asked_in_any_order(tmp_path):
    trials = Trials(tmp_path)
    assert trials.get(ASKED) is None
    trials.add(ASKED, {"loss": 1.5, "bad": float("nan"), "n": np.int64(3)}, {"a/b": np.arange(4.0)}, 2.5)
    again = Trials(tmp_path).get({"options": {"a": [1, 2], "b": 1}, "lr": 0.1, "batch": 32})
    assert again.numbers == {"loss": 1.5, "bad": None, "n": 3}
    assert again.arrays["a/b"].tolist() == [0, 1, 2, 3]
    assert (again.seconds, again.error) == (2.5, None)
    assert trials.get({**ASKED, "batch": 64}) is None
    assert key_of(ASKED) != key_of({**ASKED, "lr": 0.2})


def test_a_later_one_takes_the_place_of_a_failed_one(tmp_path):
    trials = Trials(tmp_path)
    trials.add(ASKED, error="ValueError: no")
    assert [t.error for t in trials] == ["ValueError: no"]
    assert trials.get(ASKED).arrays == {}
    trials.add(ASKED, {"loss": 1.0})
    assert [(t.error, t.numbers) for t in trials] == [(None, {"loss": 1.0})]


def test_what_is_half_written_is_not_there(tmp_path):
    trials = Trials(tmp_path)
    part = tmp_path / "trials" / f".{key_of(ASKED)}.99"
    part.mkdir(parents=True)
    (part / "arrays.npz").write_bytes(b"half")
    assert trials.get(ASKED) is None
    assert list(trials) == []


@pytest.mark.parametrize("damage", [b"", b"[1]", b'{"config": {}}', b'{"config": {}, "numbers": {}, "seconds": "x"}'])
def test_damage_is_one_clear_error(tmp_path, damage):
    trials = Trials(tmp_path)
    made = trials.add(ASKED, {}, {"a": np.ones(3)})
    (made.folder / "trial.json").write_bytes(damage)
    with pytest.raises(RunError, match="damaged"):
        trials.get(ASKED)


def test_damaged_arrays_and_pickles_are_refused(tmp_path):
    trials = Trials(tmp_path)
    made = trials.add(ASKED, {}, {"a": np.ones(3)})
    np.savez(made.folder / "arrays.npz", a=np.array([{}], object))
    with pytest.raises(RunError, match="damaged"):
        _ = trials.get(ASKED).arrays
    with pytest.raises(ValueError, match="allow_pickle"):
        trials.add(ASKED, {}, {"a": np.array([{}], object)})


def test_what_was_asked_is_kept(tmp_path):
    with pytest.raises(RunError, match="study's folder"):
        _ = Trials(tmp_path).asked
    Trials(tmp_path).ask({"kind": "batch-size", "batches": (1, 2)})
    assert Trials(tmp_path).asked == {"kind": "batch-size", "batches": [1, 2]}
    assert json.loads((tmp_path / "study.json").read_text())["kind"] == "batch-size"
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="cannot write"):
        Trials(tmp_path / "file").add(ASKED, {})
