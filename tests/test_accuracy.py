"""The table of faults and healthy trainings is sound, and the judge that runs it can tell one from the other."""

import json
from functools import partial
from pathlib import Path

import pytest

import field
import publish
import rates
import score
from auscult import rules
from cases import CASES, CONSEQUENCES, FAULTS, FOLDER, HALVES
from controls import CONTROLS
from record import Trial, import_all, in_forks, judge, record


def test_every_rule_has_faults_in_both_halves_and_every_fault_a_control():
    assert set(FAULTS) == set(rules.names())
    assert min(len(faults) for faults in FAULTS.values()) >= 6
    assert len(CONTROLS) >= 100
    assert {(c.half, c.cause) for c in CASES.values()} >= {(half, rule) for half in HALVES for rule in FAULTS}
    assert all(c.control in CONTROLS and (FOLDER / f"{c.script}.py").exists() for c in CASES.values())
    assert set(CONSEQUENCES) == set(FAULTS)
    assert {name for also in CONSEQUENCES.values() for name in also} <= set(rules.names())


def test_the_scripts_of_the_field_have_labels_and_no_word_of_auscult(tmp_path):
    of_field = field.cases()
    assert {field.script_of(case) for case in of_field} == set(field.FIELD.glob("*.py"))
    assert {case.cause for case in of_field} - {None} == set(rules.names())
    assert {name for case in of_field for name in case.also} <= set(rules.names())
    assert not [c.name for c in of_field if "auscult" in field.script_of(c).read_text()]
    (case,) = field.cases(["spiral_d"])
    field.record(Trial(case, 0, tmp_path))
    judge(Trial(case, 0, tmp_path))
    verdict = Trial(case, 0, tmp_path).read(Trial(case, 0, tmp_path).verdict_name)
    assert verdict["steps"] > 100


def test_what_readme_says_of_scripts_by_others_is_what_was_first_said_of_them():
    before = field.as_first_judged(field.cases())
    sizes = [78, 78, 74, 104, 104, 105, 106, 106, 75, 81, 87, 88, 88, 105, 81, 86, 93]
    assert [len(some) for some in before.values()] == [*sizes, sum(sizes)]
    assert {f.rule for o in before["all"] for f in o.findings} <= set(rules.names())
    figures = score.figures(before["all"])
    row = " | ".join(str(figures[name]).replace("0.", ".") for name in field.COLUMNS)
    assert f"| scripts by others, first judged | {row} |" in (Path(__file__).parent.parent / "README.md").read_text()


def test_faults_that_are_to_be_warned_of_do_harm():
    times = json.loads((FOLDER / "harm.json").read_text())
    expected = {c.name for c in CASES.values() if c.cause and not c.mild}
    assert expected <= set(times)
    assert not [name for name in expected if times[name] is not None and times[name] < score.CLEARLY]


@pytest.mark.filterwarnings("default")  # the scripts are anyone's
def test_a_fault_is_told_from_its_control(tmp_path):
    fault = CASES["softmax-before-cross-entropy/binary-digits-momentum/softmax-sigmoid"]
    trials = [Trial(case, 0, tmp_path) for case in (fault, CASES[f"healthy/{fault.control}"])]
    import_all()
    assert in_forks(((t.case.name, partial(_both, t)) for t in trials), 2) == []
    outcomes = [score.outcome(t.case, t.seed, t.read(t.verdict_name), t.read("made.json")) for t in trials]
    figures = score.figures(outcomes)
    assert (figures["recall"].value, figures["first"].value, figures["alarmed"].value) == (1, 1, 0)
    assert score.harm(outcomes)[fault.name] > score.CLEARLY
    assert all(t.is_recorded(again=False) for t in trials)
    told = publish.measured(outcomes)["rules"][fault.cause]["shares"][fault.half]
    assert told["recall"] | {"low": 0} == {"right": 1, "of": 1, "cases": 1, "low": 0, "high": 1}


def _both(trial):
    record(trial)
    judge(trial)


def test_a_rate_is_good_or_not_by_what_the_held_out_loss_came_to():
    ends = [1.0, 0.99, 0.9, 0.7, 0.3, 0.12, 0.1, 0.15, 0.4, 0.8, None, 5.0, None]  # over rising rates
    outcomes = [
        score.outcome(case, 0, {"findings": [], "coverage": [], "steps": 100}, {"before": 1.0, "after": end})
        for case, end in zip(rates.sweep_of("mlp"), ends, strict=True)
    ]
    found = rates.judged("mlp", outcomes)
    assert [r.truth for r in found] == (["too low"] * 4 + ["between"] + ["good"] * 3 + ["between"] + ["too high"] * 4)
    assert found[6].won == 1
    assert [r.outcome.case.options[-1] for r in found[:2]] == ["1e-07", "1e-06"]
    nothing_won = [
        score.outcome(r.outcome.case, 0, {"findings": [], "coverage": [], "steps": 100}, {"before": 1.0, "after": 2.0})
        for r in found
    ]
    assert rates.judged("mlp", nothing_won) == []
