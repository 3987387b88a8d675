"""The terminal: 80 columns, with and without colours, causes before consequences, no markup from outside."""

import io

import pytest
from rich.cells import cell_len
from rich.console import Console
from view_runs import EVIL, disagree, make_diagnosis, no_progress, too_high

from auscult.runs import Run
from auscult.views import print_diagnosis, print_margins, print_rule, print_rules, print_run, print_runs
from auscult.views.words import names

ALL = ["healthy", "undefined", "empty", "wide", "failed", "evil"]


def printed(what, *args: object, width: int = 80, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding)
    what(*args, Console(file=file, width=width))
    file.flush()
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("which", ALL)
def test_no_line_is_wider_than_80(which: str, request: pytest.FixtureRequest, wide: Run) -> None:
    run = request.getfixturevalue(which)
    names = [p.name for p in wide.parameters]
    diagnosis = make_diagnosis(run, too_high(names), no_progress(), disagree())
    for text in (
        printed(print_diagnosis, run, diagnosis),
        printed(print_margins, diagnosis),
        printed(print_run, run),
        printed(print_runs, [run, wide]),
    ):
        assert text.strip()
        assert max(cell_len(line) for line in text.splitlines()) <= 80
        assert "\x1b" not in text  # what is no terminal gets no colours


def test_findings_come_causes_first_consequences_indented(healthy: Run) -> None:
    lines = printed(
        print_diagnosis, healthy, make_diagnosis(healthy, too_high(), disagree(), no_progress())
    ).splitlines()
    rules = [line for line in lines if "  since step" in line]
    assert [r.split("  ")[0] for r in rules] == ["critical", "", "warning"]
    assert rules[1].strip().startswith("follows: warning  no-progress")


def test_a_finding_shows_where_evidence_and_remedy(healthy: Run) -> None:
    text = printed(print_diagnosis, healthy, make_diagnosis(healthy, too_high()))
    assert "in layers.0.weight, layers.1.weight, layers.2.weight" in text
    assert "log10 update-to-data ratio: −0.81, threshold −2, 16× past it, step 120" in text
    assert "→ Set the learning rate of group SGD[0]" in text


def test_the_run_in_one_line_coverage_and_bill(healthy: Run) -> None:
    lines = printed(print_diagnosis, healthy, make_diagnosis(healthy)).splitlines()
    assert lines[0].startswith("a2bc-names  finished · 3,000 steps · loss 3.")
    assert "update ratio 10^−3." in lines[0]
    assert "Nothing wrong was found: 4 rules looked; 1 could not judge." in lines
    assert lines[-3].startswith("4 rules judged, 1 skipped, 1 could not: overfitting (no validation")
    assert lines[-1] == "Listened to 3,000 of 3,000 steps, 2.3 % of wall time."


def test_how_near_each_rule_came_the_nearest_first(healthy: Run) -> None:
    lines = printed(print_margins, make_diagnosis(healthy, too_high())).splitlines()
    assert [line.split() for line in lines[2:6:2]] == [
        ["learning-rate-too-high", "█" * 30, "found"],
        ["layers-disagree", "█" * 8, "0.25"],
    ]
    assert lines[5] == "  log10 update-to-data ratio: 0.9, threshold 1.5"
    assert lines[6] == "without a measure of that: learning-rate-too-low, non-finite."


def test_a_failed_run_says_why(failed: Run) -> None:
    assert "The training failed: ValueError: batch 51 is <empty>" in printed(
        print_diagnosis, failed, make_diagnosis(failed)
    )


def test_names_are_not_read_as_markup(evil: Run) -> None:
    text = printed(print_run, evil, width=120)
    assert "[red]w[/red]" in text
    assert EVIL in text


def test_undefined_and_unmoved_are_told_apart(undefined: Run, healthy: Run) -> None:
    assert "no update" in printed(print_run, undefined, width=120)
    assert "no update" not in printed(print_run, healthy, width=120)


def test_a_list_of_runs_has_a_line_each(healthy: Run, failed: Run) -> None:
    text = printed(print_runs, [healthy, failed], width=100)
    assert [w in text for w in ("a2bc-names", "f6ai-broke", "3,000", "failed")] == [True] * 4
    assert "auscult run" in printed(print_runs, [])


def test_a_terminal_without_unicode_gets_ascii(healthy: Run) -> None:
    diagnosis = make_diagnosis(healthy, too_high())
    text = printed(print_diagnosis, healthy, diagnosis, encoding="ascii")
    assert "-> Set the learning rate" in text
    assert printed(print_run, healthy, encoding="ascii").isascii()


def test_rules_are_listed_with_their_figures() -> None:
    figures = ("1.00 (.78–1.00)", "0 (0–.04)", "12 of 3456")
    lines = printed(print_rules, [("softmax-before-cross-entropy", "Units " + 20 * "dead ", *figures)]).splitlines()
    assert max(map(cell_len, lines)) <= 80
    assert all(figure in lines[1] for figure in figures)


def test_a_rule_is_shown_as_its_page() -> None:
    text = printed(print_rule, "dead-units", "Units that never turn on.\n\n## Remedies\n- Lower the learning rate.")
    assert text.splitlines()[0].strip() == "dead-units"
    assert "##" not in text
    assert "Lower the learning rate." in text


def test_a_mere_number_is_said_to_be_a_layer():
    assert names(("6", "0.weight", "head")) == ("layer 6", "0.weight", "head")
