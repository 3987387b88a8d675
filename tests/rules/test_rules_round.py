"""All rules together: the registry, their pages, coverage, the order of findings, and rules that fail."""

import json
from graphlib import TopologicalSorter

import numpy as np
import pytest
from rule_runs import flat, healthy, layer, looked_at, make, norm, stack, units

from auscult import rules
from auscult.errors import RuleError
from auscult.findings import Evidence, Finding
from auscult.rules import _judge
from auscult.rules._causes import CAUSES, ordered
from auscult.rules._rule import SECTIONS, Clean, Rule, above, below, lacking, nearest
from auscult.runs import Task
from auscult.runs import quantities as q

NAMES = (
    "overconfident-init",
    "weight-scale",
    "symmetric-init",
    "unscaled-inputs",
    "softmax-before-cross-entropy",
    "learning-rate-too-high",
    "learning-rate-too-low",
    "layers-disagree",
    "frozen-parameters",
    "gradients-not-zeroed",
    "saturated-units",
    "dead-units",
    "vanishing-gradients",
    "exploding-gradients",
    "bias-before-norm",
    "small-batch-norm",
    "norm-statistics-drift",
    "eval-mode-in-training",
    "batch-too-small",
    "batch-too-large",
    "non-finite",
    "diverging-loss",
    "no-progress",
    "labels-unrelated",
    "overfitting",
)


def test_the_rules_there_are():
    assert rules.names() == NAMES
    assert set(CAUSES) | {c for causes in CAUSES.values() for c in causes} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_has_a_whole_page(name):
    page = rules.explain(name)
    assert page.startswith(f"# {name}\n\n")
    assert page.split("\n\n")[1].endswith(".")
    parts = page.split("\n## ")[1:]
    assert [part.split("\n", 1)[0] for part in parts] == [*SECTIONS, "Measured", "Causes and consequences"]
    assert all(len(part.split("\n", 1)[1].split()) >= 8 for part in parts)
    assert "{" not in page


def test_an_unknown_rule_names_what_was_meant():
    with pytest.raises(RuleError, match=r"no rule 'lr-too-hi'.*learning-rate-too-high"):
        rules.explain("lr-too-hi")
    with pytest.raises(RuleError, match="did you mean learning-rate-too-low"):
        rules.explain("learning-rate-to-low")


def test_a_healthy_run_is_clean_and_every_rule_ran(tmp_path):
    found = rules.judge(make(tmp_path))
    assert found.findings == ()
    assert found.clean
    assert [c.rule for c in found.coverage] == list(NAMES)
    skipped = {c.rule for c in found.coverage if c.status == "skipped"}  # no norms, no validation
    assert skipped == {"small-batch-norm", "norm-statistics-drift", "overfitting"}
    assert {c.status for c in found.coverage} == {"ran", "skipped"}
    assert (found.steps, found.overhead.sampled_steps) == (2000, 60)
    assert found.overhead.share == pytest.approx(0.01, rel=0.01)  # the writer adds its own


@pytest.mark.parametrize("optimizer", ["SGD", "Adam", "none"])
@pytest.mark.parametrize("ratio", [-3.2, -2.5, -2.0, -1.5])
def test_healthy_paces_are_clean(tmp_path, optimizer, ratio):
    found = rules.judge(make(tmp_path, optimizer=optimizer, ratio=ratio))
    assert found.findings == ()
    near = [c.nearest.margin for c in found.coverage if c.nearest]
    assert len(near) > 15
    assert all(0 <= margin < 1 for margin in near)


def test_what_is_past_its_threshold_and_no_finding_is_excused():
    verdict = nearest([below("fall", 0.9, 0.1), lacking(above("rise", 8.0, 2.0), above("rise, in errors", 3.0, 2.0))])
    assert isinstance(verdict, Clean)
    assert (verdict.nearest.quantity, verdict.nearest.value) == ("rise, in errors, excused", 3.0)
    assert verdict.nearest.margin < 1
    assert nearest([above("rise", float("nan"), 2.0)]) == ()


def test_the_json_has_the_keys_of_the_contract(tmp_path):
    shown = json.loads(json.dumps(rules.judge(make(tmp_path, loss=flat, ratio=-5.0)).as_dict()))
    assert {"schema", "run", "status", "steps", "findings", "coverage", "overhead"} <= set(shown)
    finding = shown["findings"][0]
    assert set(finding) == {
        "rule", "severity", "where", "first_step", "summary", "evidence", "remedies", "caused_by",
    }  # fmt: skip
    assert set(finding["evidence"][0]) == {"quantity", "value", "threshold", "margin", "step"}
    assert set(finding["remedies"][0]) == {"action", "apply"}
    assert set(shown["coverage"][0]) == {"rule", "status", "why"}


def test_a_consequence_follows_its_cause(tmp_path):
    found = rules.judge(make(tmp_path, loss=flat, ratio=-5.0, lr=1e-3)).findings
    assert [(f.rule, f.caused_by) for f in found] == [
        ("learning-rate-too-low", None),
        ("no-progress", "learning-rate-too-low"),
    ]


def test_a_chain_of_causes(tmp_path):
    steps = looked_at()
    rising = np.concatenate([np.full(30, 2.3), np.linspace(2.3, 40, len(steps) - 30)])
    climbing = np.concatenate([np.full(10, -2.5), np.linspace(-2.5, -0.3, len(steps) - 10)])
    run = make(tmp_path, steps=steps, loss=rising, ratio=climbing, columns={(q.GRAD_CARRIED, ""): np.ones(len(steps))})
    found = rules.judge(run).findings
    assert [(f.rule, f.caused_by) for f in found] == [
        ("gradients-not-zeroed", None),
        ("diverging-loss", "gradients-not-zeroed"),
        ("learning-rate-too-high", "gradients-not-zeroed"),
        ("no-progress", "gradients-not-zeroed"),
    ]
    assert [f.severity for f in found[2:]] == ["info", "info"]  # for the remedy of the first may do for them


def _finding(rule, step, severity="warning"):
    return Finding(rule, severity, (), step, "", ())


def test_a_cause_begins_no_later_and_is_no_mere_information():
    late = ordered([_finding("non-finite", 10), _finding("learning-rate-too-high", 50)])
    assert [(f.rule, f.caused_by) for f in late] == [("non-finite", None), ("learning-rate-too-high", None)]
    told = ordered([_finding("no-progress", 99), _finding("learning-rate-too-low", 0, "info")])
    assert [(f.rule, f.caused_by) for f in told] == [("no-progress", None), ("learning-rate-too-low", None)]


def test_what_is_cut_off_has_a_cause_and_what_no_optimizer_holds_has_none():
    def frozen(why):
        evidence = Evidence(f"samples without movement ({why})", 40, 10, 4.0, 0)
        return Finding("frozen-parameters", "critical", (), 0, "", (evidence,))

    for cause in ("dead-units", "unscaled-inputs", "saturated-units"):
        told = ordered([frozen("zero gradient"), _finding(cause, 0)])
        assert [(f.rule, f.severity) for f in told] == [(cause, "warning"), ("frozen-parameters", "info")]
    assert ordered([frozen("zero gradient")])[0].severity == "critical"
    assert ordered([frozen("in no optimizer"), _finding("dead-units", 0)])[-1].severity == "critical"


@pytest.mark.parametrize(
    ("cause", "consequence"),
    [("unscaled-inputs", "overconfident-init"), ("saturated-units", "dead-units"), ("layers-disagree", "no-progress"),
     ("learning-rate-too-low", "no-progress")],
)  # fmt: skip
def test_what_another_ailment_makes_is_information_beside_it(cause, consequence):
    told = ordered([_finding(consequence, 0), _finding(cause, 0)])
    assert [(f.rule, f.severity) for f in told] == [(cause, "warning"), (consequence, "info")]


def test_what_a_cause_explains_is_information():
    told = ordered([_finding("labels-unrelated", 0), _finding("dead-units", 40)])
    assert [(f.rule, f.severity) for f in told] == [("dead-units", "warning"), ("labels-unrelated", "info")]
    assert ordered([_finding("labels-unrelated", 0)])[0].severity == "warning"
    assert ordered([_finding("no-progress", 0), _finding("dead-units", 0)])[1].severity == "info"
    assert ordered([_finding("no-progress", 0), _finding("frozen-parameters", 0)])[1].severity == "warning"
    wrecked = ordered(
        [_finding(rule, 0) for rule in ("no-progress", "diverging-loss", "layers-disagree", "dead-units")]
    )
    assert [f.rule for f in wrecked if f.severity == "info"] == ["layers-disagree", "no-progress"]
    three = ordered([_finding(rule, 0) for rule in ("no-progress", "learning-rate-too-low", "dead-units")])
    assert [(f.rule, f.caused_by) for f in three] == [
        ("dead-units", None), ("learning-rate-too-low", "dead-units"), ("no-progress", "dead-units"),
    ]  # fmt: skip


def test_the_earliest_comes_first_and_nothing_is_lost():
    given = [
        _finding("frozen-parameters", 30), _finding("layers-disagree", 60), _finding("diverging-loss", 40),
        _finding("learning-rate-too-high", 20), _finding("frozen-parameters", 5, "info"),
    ]  # fmt: skip
    told = ordered(given)
    assert [f.rule for f in told] == [
        "learning-rate-too-high", "diverging-loss", "layers-disagree", "frozen-parameters", "frozen-parameters",
    ]  # fmt: skip
    assert told[-1].severity == "info"


def test_a_rule_that_fails_could_not_judge_and_stops_no_other(tmp_path, monkeypatch):
    class Broken(Rule):
        """Fails."""

        name = "no-progress"

        def examine(self, case):
            raise ZeroDivisionError("odd\ndata")

    monkeypatch.setitem(_judge.RULES, "no-progress", Broken())
    found = rules.judge(make(tmp_path, loss=flat, ratio=-5.0))
    assert [f.rule for f in found.findings] == ["learning-rate-too-low"]
    coverage = {c.rule: c for c in found.coverage}
    assert coverage["no-progress"].status == "cannot-judge"
    assert coverage["no-progress"].why == "the rule failed on this run: ZeroDivisionError: odd data"


def test_no_rule_fails_on_runs_that_hold_next_to_nothing(tmp_path):
    steps = looked_at()
    nan = np.full(len(steps), np.nan)
    odd = [
        make(tmp_path, steps=[0]),
        make(tmp_path, steps=[0, 1]),
        make(tmp_path, parameters=[]),
        make(tmp_path, loss=nan),
        make(tmp_path, loss=np.full(len(steps), np.inf)),
        make(tmp_path, ratio=np.nan),
        make(tmp_path, ratio=-np.inf),
        make(tmp_path, ratio=np.inf),
        make(tmp_path, lr=nan),
        make(tmp_path, lr=0.0),
        make(tmp_path, loss=np.zeros(len(steps))),
        make(tmp_path, loss=np.full(len(steps), 1e38)),
    ]
    for run in odd:
        assert [c for c in rules.judge(run).coverage if "failed" in c.why] == []


NORMED = [
    layer("layers.0", norm="batch-norm"), norm("bn", "layers.0"), layer("layers.1", "layers.0"),
    layer("layers.2", "layers.1", activation=None, is_output=True),
]  # fmt: skip


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 0.0, 1e38])
def test_no_rule_fails_on_odd_numbers_from_inside(tmp_path, value):
    steps = looked_at()
    every = dict.fromkeys(healthy(steps, NORMED, np.zeros(len(steps))), value)
    kinds = [None, Task("cross-entropy", 10, 2.3), Task("squared-error"), Task("binary-cross-entropy", fed="sigmoid")]
    for task in kinds:
        run = make(tmp_path, layers=NORMED, columns=every, task=task)
        assert [c for c in rules.judge(run).coverage if "failed" in c.why] == []


def test_no_rule_fails_on_odd_layers(tmp_path):
    steps = looked_at()
    empty = dict.fromkeys(healthy(steps, stack(), steps))
    odd = [
        make(tmp_path, columns=empty),
        make(tmp_path, layers=stack(0)),
        make(tmp_path, layers=[layer("a", "a"), layer("b", "nowhere")]),
        make(tmp_path, layers=stack(3, units=None, fan_in=None, weight=None, bias=None, weight_std=None)),
        make(tmp_path, layers=[layer("a", hidden="checkpointed"), layer("b", "a", hidden="checkpointed")]),
        make(tmp_path, layers=stack(), steps=[0]),
        make(tmp_path, layers=NORMED, steps=[5, 6]),
        make(tmp_path, arrays=[(q.UNITS, "layers.0", np.zeros(3, np.int64))]),
    ]
    for run in odd:
        assert [c for c in rules.judge(run).coverage if "failed" in c.why] == []


def test_evidence_of_a_finding_lies_past_its_threshold(tmp_path):
    steps = looked_at()
    sick = [
        make(tmp_path, loss=flat, ratio=-5.0),
        make(tmp_path, loss=flat, ratio=-0.5),
        make(tmp_path, loss=np.linspace(1, 9, len(steps))),
        make(tmp_path, ratio={"layers.2.weight": -0.5}),
        make(tmp_path, ratio={"layers.0.weight": -np.inf}),
        make(tmp_path, columns={(q.GRAD_CARRIED, ""): np.ones(len(steps))}),
        make(tmp_path, columns={(q.TASK_LOSS, ""): 27.0, (q.LOGIT_STD, ""): 15.0}),
        make(tmp_path, loss=flat, layers=stack(2, weight_std=0.01), columns={(q.ACTIVATION_STD, "layers.1"): 1e-3}),
        make(tmp_path, columns={(q.COPIED, "layers.0"): 1.0, (q.SATURATED, "layers.0"): 0.9}),
        make(tmp_path, arrays=[(q.UNITS, "layers.0", units(steps, np.full(20, 5)))]),
        make(tmp_path, loss=flat, columns={(q.ACTIVATION_GRAD_STD, "layers.0"): 1e-9}),
        make(tmp_path, loss=flat, columns={(q.ACTIVATION_GRAD_STD, "layers.0"): 10.0}),
        make(tmp_path, layers=NORMED, columns={(q.NORM_VALUES, "bn"): 1.0, (q.NORM_VAR_DRIFT, "bn"): 9.0}),
        make(tmp_path, layers=NORMED, columns={(q.NORM_TRAINS, "bn"): 0.0}),
        make(tmp_path, task=Task("cross-entropy", 10, 2.3, "softmax")),
        make(tmp_path, columns={(q.INPUT_MAX, "input"): 255.0, (q.INPUT_STD, "input"): 80.0}),
    ]
    for run in sick:
        found = rules.judge(run).findings
        assert found
        assert all(e.margin >= 1 for f in found for e in f.evidence)
        assert all(f.remedies and f.evidence for f in found)
        assert {r.apply for f in found for r in f.remedies} <= {None, *APPLY}


APPLY = (
    "auscult.treat.gains", "auscult.treat.initialise", "auscult.treat.lsuv", "auscult.treat.calibrate_norms",
    "auscult.treat.fold_bias", "auscult.treat.suggest_lr", "auscult.compare_norms",
)  # fmt: skip


def test_causes_run_in_no_circle():
    causes = {rule: set(found) for rule, found in CAUSES.items()}
    causes["diverging-loss"].remove("non-finite")  # these two may follow each other, the earlier one first
    causes["learning-rate-too-high"].remove("exploding-gradients")  # and these
    causes["learning-rate-too-high"].remove("saturated-units")  # which is so where these were there from the first
    causes["overconfident-init"].remove("exploding-gradients")  # which is so at the first step only
    causes["exploding-gradients"].remove("diverging-loss")  # and these, where it came well before
    causes["learning-rate-too-high"].remove("layers-disagree")  # which is so of rates only, and these have no cause
    assert set(TopologicalSorter(causes).static_order()) <= set(NAMES)
    both = ordered([_finding("non-finite", 10), _finding("diverging-loss", 10)])
    assert [(f.rule, f.caused_by) for f in both] == [("non-finite", None), ("diverging-loss", None)]
    later = ordered([_finding("non-finite", 10), _finding("diverging-loss", 9)])
    assert [(f.rule, f.caused_by) for f in later] == [("diverging-loss", None), ("non-finite", "diverging-loss")]
    risen = ordered([_finding("exploding-gradients", 100), _finding("diverging-loss", 80)])
    assert [(f.rule, f.severity, f.caused_by) for f in risen] == [
        ("diverging-loss", "warning", None),
        ("exploding-gradients", "info", "diverging-loss"),
    ]
    overflow = ordered([_finding("non-finite", 0, "critical"), _finding("weight-scale", 0)])
    assert [(f.rule, f.caused_by) for f in overflow] == [("weight-scale", None), ("non-finite", "weight-scale")]
    born = ordered([_finding("saturated-units", 0), _finding("learning-rate-too-high", 9)])
    assert [(f.severity, f.caused_by) for f in born] == [("warning", None), ("info", "saturated-units")]
    driven = ordered([_finding("saturated-units", 5), _finding("learning-rate-too-high", 9)])
    assert [(f.severity, f.caused_by) for f in driven] == [("warning", None)] * 2
    burst = ordered([_finding("exploding-gradients", 100), _finding("diverging-loss", 95)])
    assert [f.severity for f in burst] == ["warning", "warning"]
    jump = ordered([_finding("learning-rate-too-high", 10, "critical"), _finding("exploding-gradients", 10)])
    assert [(f.rule, f.caused_by) for f in jump] == [
        ("exploding-gradients", None),
        ("learning-rate-too-high", "exploding-gradients"),
    ]


def test_a_rate_that_is_many_times_the_others_is_why_it_is_too_high():
    high, wrecked = _finding("learning-rate-too-high", 1), _finding("dead-units", 3)
    evidence = Evidence("learning rate of Adam[0] over that of Adam[1]", 1000.0, 30.0, 33.0)
    of_rates = Finding("layers-disagree", "warning", (), 5, "", (evidence,))
    assert [(f.rule, f.severity, f.caused_by) for f in ordered([high, wrecked, of_rates])] == [
        ("layers-disagree", "warning", None),
        ("learning-rate-too-high", "warning", "layers-disagree"),
        ("dead-units", "info", "learning-rate-too-high"),
    ]
    for step, cause in ((0, None), (1, high.rule), (5, high.rule)):  # layers that move apart for another reason
        told = {f.rule: f.caused_by for f in ordered([high, _finding("layers-disagree", step)])}
        assert told == {high.rule: None, "layers-disagree": cause}


def test_what_a_network_was_born_with_explains_what_was_seen_before_it(tmp_path):
    late = Finding("overconfident-init", "warning", (), 1, "", ())
    apart = Finding("layers-disagree", "warning", (), 0, "", ())
    assert [(f.rule, f.caused_by) for f in ordered([apart, late])] == [
        ("overconfident-init", None),
        ("layers-disagree", "overconfident-init"),
    ]
