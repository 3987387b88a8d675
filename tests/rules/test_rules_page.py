"""What the rules say of how often they are right, and docs/rules, which shows it."""

from pathlib import Path

import pytest

from auscult import rules
from auscult.rules._causes import CAUSES
from auscult.rules._measured import gallery

DOCS = Path(__file__).parents[2] / "docs" / "rules"


def test_the_pages_in_docs_are_those_of_the_rules():
    written = {path.name: path.read_text() for path in DOCS.iterdir()}
    assert written == rules.pages(), "python benchmarks/faults/publish.py writes them anew"


@pytest.mark.parametrize("name", rules.names())
def test_every_rule_shows_its_figures_and_its_neighbours(name):
    of = gallery().rules[name]
    measured, neighbours = rules.explain(name).split("\n## ")[-2:]
    for half in of.shares.values():
        assert all(share.low <= share.right / share.of <= share.high for share in half.values() if share.of)
        assert all(half[figure].of for figure in ("recall", "first", "alarmed"))
        assert f"{half['recall']}: {half['recall'].right} of {half['recall'].of}" in measured
    assert of.healthy.runs == of.sick.runs == 0 or "times past its threshold" in measured
    for cause, how in CAUSES.get(name, {}).items():
        assert f"| `{cause}` | {how} |" in neighbours
        assert f"| `{name}` | {how} |" in rules.explain(cause)
