"""The page a person gets from a diagnosis, and that reading needs neither torch nor, for text, Plotly."""

import subprocess
import sys

import pytest
from view_runs import make_diagnosis, too_high

from auscult import views
from auscult.findings import Evidence, Finding
from auscult.runs import Run
from auscult.views import InitPage, Page
from auscult.views.causes import branches
from auscult.views.words import label, margin, number, sparkline


def test_a_page_prints_as_the_terminal_and_shows_as_the_report(healthy: Run) -> None:
    page = Page(healthy, make_diagnosis(healthy, too_high()))
    assert str(page) == repr(page)
    assert "learning-rate-too-high" in str(page)
    assert "\x1b" not in str(page)
    assert not page.clean
    assert page.findings[0].rule == "learning-rate-too-high"
    assert page.as_dict() == page.diagnosis.as_dict()
    html = page._repr_html_()
    assert html.startswith("<iframe")
    assert html.count("<") == 2  # the report inside is an attribute, escaped


def test_the_start_has_a_page_of_its_own(deep: Run, healthy: Run) -> None:
    page = InitPage(deep, make_diagnosis(deep, too_high()))
    assert str(page) == repr(page)
    assert str(page).startswith("Before step 1")
    assert "learning-rate-too-high" in str(page)
    assert page.start is not None
    assert page.start.loss == pytest.approx(27.2)
    assert not page.clean
    assert page.findings == page.diagnosis.findings
    assert page.as_dict() == page.diagnosis.as_dict()
    assert page._repr_html_().count("<") == 2
    assert str(InitPage(healthy, make_diagnosis(healthy))).startswith("The run holds no look inside")


@pytest.mark.parametrize(("reads", "unloaded"), [("str(page)", "torch plotly"), ("page._repr_html_()", "torch")])
def test_reading_leaves_torch_unloaded(healthy: Run, reads: str, unloaded: str) -> None:
    code = f"""
import sys
from auscult.findings import Diagnosis, Overhead
from auscult.runs import Run
from auscult.views import InitPage, Page
page = Page(Run({str(healthy.path)!r}), Diagnosis("r", "finished", 1, (), (), Overhead(0, 1)))
assert len({reads}) > 40
print([name for name in {unloaded!r}.split() if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_public_names() -> None:
    assert sorted(views.__all__) == [
        "Band", "ComparisonPage", "InitPage", "Page", "Picture", "compare", "pictures", "print_comparison",
        "print_diagnosis", "print_margins", "print_rule", "print_rules", "print_run", "print_runs", "print_start",
        "render_report", "write_report",
    ]  # fmt: skip
    assert all(getattr(views, name).__doc__ for name in views.__all__)
    with pytest.raises(AttributeError, match=r"auscult\.views has no 'nothing'"):
        _ = views.nothing  # type: ignore[attr-defined]


def finding(rule: str, caused_by: str | None) -> Finding:
    return Finding(rule, "warning", (), 0, rule, (Evidence("loss", 1, 1, 1),), (), caused_by)


def shape(*findings: Finding) -> list:
    def told(branch) -> object:
        return [branch.finding.rule, *map(told, branch.consequences)] if branch.consequences else branch.finding.rule

    return [told(b) for b in branches(findings)]


def test_findings_become_a_tree_and_none_is_lost() -> None:
    assert shape(finding("a", None), finding("b", "a"), finding("c", "b"), finding("d", "a")) == [
        ["a", ["b", "c"], "d"]
    ]
    assert shape(finding("b", "a"), finding("c", None)) == ["b", "c"]  # a cause that was not found
    assert shape(finding("a", "a")) == ["a"]
    assert shape(finding("a", "b"), finding("b", "a")) == [["a", "b"]]  # a circle


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0.0, "0"), (3.2958, "3.3"), (-2.06, "−2.06"), (0.001, "0.001"), (1.5e-5, "1.50e−5"),
        (12345.6, "12,346"),
        (2e7, "2.00e7"), (float("nan"), "undefined"), (float("-inf"), "−∞"), (None, "undefined"),
    ],
)  # fmt: skip
def test_numbers_read_well(x: float | None, text: str) -> None:
    assert number(x) == text


def test_margins_and_sparklines_survive_what_is_not_finite() -> None:
    assert margin(float("inf")) == ""
    assert margin(15.5) == "16× past it"
    assert sparkline([1, 2, 3, 4], 4) == "▁▃▆█"
    assert sparkline([1, float("nan"), float("-inf"), 2], 4) == "▁··█"
    assert sparkline([float("nan")] * 5, 4) == sparkline([], 4) == ""


def test_recorded_names_are_put_in_words_inside_sentences() -> None:
    assert label("median update_to_data_log10 of the matrices") == "median log10 update-to-data ratio of the matrices"
    assert label("share of the loss lost") == "share of the loss lost"
