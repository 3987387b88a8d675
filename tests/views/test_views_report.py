"""The report: one file, no network, sound links, sound JSON, nothing unescaped, nothing lost silently."""

import base64
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from view_runs import EVIL, disagree, make_diagnosis, make_run, no_progress, too_high

from auscult.errors import RunError
from auscult.findings import Finding, Remedy
from auscult.runs import Run, RunWriter
from auscult.runs import quantities as q
from auscult.views import render_report, write_report


class Page(HTMLParser):
    """What a page links to, what can be linked to, its scripts' text and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.references: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.data = ""
        self.words = ""
        self.plots: list[str] = []
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.references += [given[k] or "" for k in ("src", "href", "srcset", "data", "poster") if k in given]
        self.ids += [given["id"] or ""] if "id" in given else []
        self.plots += [given["data-figure"] or ""] if "data-figure" in given else []
        self._inside = given.get("id") or tag if tag in ("script", "style") else ""

    def handle_endtag(self, tag: str) -> None:
        self._inside = "" if tag in ("script", "style") else self._inside

    def handle_data(self, data: str) -> None:
        if self._inside == "data":
            self.data += data
        elif not self._inside:
            self.words += data


def page_of(run: Run, *findings: Finding) -> Page:
    return Page(render_report([(run, make_diagnosis(run, *findings))]))


def figures(page: Page) -> dict:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} in the JSON")

    return json.loads(page.data, parse_constant=refuse)


def test_is_one_file_that_needs_no_network(healthy: Run) -> None:
    text = render_report([(healthy, make_diagnosis(healthy, too_high(), no_progress()))])
    page = Page(text)
    assert page.references
    assert all(r.startswith("#") for r in page.references)
    assert "link" not in page.tags
    styles = "".join(re.findall(r"<style>(.*?)</style>", text, re.DOTALL))
    assert styles
    assert "@import" not in styles
    assert "url(" not in styles


def test_links_lead_somewhere_and_ids_are_unique(healthy: Run, failed: Run) -> None:
    pairs = [
        (healthy, make_diagnosis(healthy, too_high(), disagree())),
        (failed, make_diagnosis(failed, too_high())),
    ]
    page = Page(render_report(pairs))
    assert {r[1:] for r in page.references} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_a_finding_links_to_the_figure_that_shows_it(healthy: Run) -> None:
    page = page_of(healthy, too_high(), no_progress(), disagree())
    assert "#r0-update-ratio" in page.references
    assert "#r0-loss" in page.references
    assert "#r0-ratio-heatmap" in page.references


def test_a_command_in_a_remedy_is_set_as_code(healthy: Run) -> None:
    one = replace(too_high(), remedies=(Remedy("Measure it: `auscult study <SPEC>`."),))
    assert "Measure it: <code>auscult study &lt;SPEC&gt;</code>." in render_report(
        [(healthy, make_diagnosis(healthy, one))]
    )


def test_every_place_for_a_figure_has_its_figure(healthy: Run) -> None:
    page = page_of(healthy)
    assert set(page.plots) == set(figures(page)["figures"])
    wanted = "loss logged update-ratio ratio-heatmap ratio-histogram gradient-ratio gradient-norm distance "
    wanted += "learning-rate step-time"
    assert page.plots == [f"r0-{key}" for key in wanted.split()]


@pytest.mark.parametrize("which", ["healthy", "undefined", "empty", "wide", "failed", "evil"])
def test_the_embedded_json_is_json_without_nan(which: str, request: pytest.FixtureRequest) -> None:
    page = page_of(request.getfixturevalue(which))
    assert "figures" in figures(page)
    assert "<" not in page.data


def test_arrays_are_stored_once_and_found_again(healthy: Run) -> None:
    packed = figures(page_of(healthy))
    ratio = [t for t in packed["figures"]["r0-update-ratio"]["data"] if t.get("meta")]
    assert len({t["x"]["$"] for t in ratio}) == 1
    array = packed["arrays"][ratio[0]["y"]["$"]]
    values = np.frombuffer(base64.b64decode(array["bdata"]), array["dtype"])
    assert np.isfinite(values).all()
    assert -5 < values.mean() < -1


def test_consequences_are_folded_under_their_cause(healthy: Run) -> None:
    text = render_report([(healthy, make_diagnosis(healthy, too_high(), disagree(), no_progress()))])
    cause, consequence, other = (
        text.index(f"<h4>{r}</h4>") for r in ("learning-rate-too-high", "no-progress", "layers-disagree")
    )
    assert cause < text.index("Follows from it: no-progress") < consequence < other


def test_names_from_outside_are_escaped(evil: Run) -> None:
    text = render_report([(evil, make_diagnosis(evil, too_high([EVIL])))])
    assert EVIL not in text
    assert EVIL in Page(text).words
    names = [t["name"] for t in figures(Page(text))["figures"]["r0-update-ratio"]["data"]]
    assert names[0] == EVIL.replace("<", "&lt;").replace(">", "&gt;")  # Plotly reads entities


def test_a_failed_run_says_why(failed: Run) -> None:
    page = page_of(failed)
    assert "The training failed: ValueError: batch 51 is <empty>" in page.words


def test_a_run_without_a_step_is_a_page(empty: Run) -> None:
    page = page_of(empty)
    assert "Nothing to judge: no step was recorded." in page.words
    assert page.plots == []


def test_what_is_undefined_is_counted(undefined: Run) -> None:
    words = page_of(undefined).words
    assert "150 undefined, 150 without update, of 300" in words
    assert "not finite at 300 steps, first at step 0" in words


def test_coverage_and_bill_are_stated(healthy: Run) -> None:
    words = page_of(healthy).words
    assert "no validation loss was logged" in words
    assert "3,000 of 3,000" in words
    assert words.index("0.25") < words.index("log10 update-to-data ratio: 0.9, threshold 1.5")


def test_several_runs_stand_side_by_side(healthy: Run, wide: Run, empty: Run) -> None:
    page = Page(render_report([(r, make_diagnosis(r)) for r in (healthy, wide, empty)], title="Three"))
    assert page.plots[:4] == ["all-loss", "all-logged-0", "all-logged-1", "all-update-ratio"]
    both = figures(page)["figures"]["all-update-ratio"]["data"]
    assert [t["name"] for t in both] == ["a2bc-names", "gpt"]  # two runs are called names
    assert {"r0", "r1", "r2"} <= set(page.ids)


def test_many_parameters_and_steps_stay_small(wide: Run) -> None:
    page = page_of(wide)
    assert len(page.data) < 3_000_000
    lines = [t for t in figures(page)["figures"]["r0-update-ratio"]["data"] if t.get("meta", {}).get("parameter")]
    assert len(lines) == 150
    shown = [t for t in lines if t["visible"] is True]
    assert len(shown) == 75  # matrices and embeddings; biases and gains wait in the legend
    assert not any(t["showlegend"] for t in lines)


def test_writes_the_file_and_says_where(healthy: Run, tmp_path: Path) -> None:
    path = write_report([(healthy, make_diagnosis(healthy))], tmp_path / "new" / "r.html")
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="choose another file"):
        write_report([(healthy, make_diagnosis(healthy))], tmp_path / "file" / "r.html")
    with pytest.raises(ValueError, match="at least one run"):
        render_report([])


def test_a_fault_of_our_own_is_shown(tmp_path: Path) -> None:
    def break_down(writer: RunWriter) -> None:
        writer.event(12, q.FAULT, error="KeyError: w")

    run = make_run(tmp_path / "r", steps=20, also=break_down)
    assert "0: KeyError: w (step 12)" in page_of(run).words
