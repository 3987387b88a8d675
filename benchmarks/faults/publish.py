"""What package and documentation say of how often the rules are right: `rules/measured.json`, and docs/rules.

Run by itself, it writes the pages anew, from the rules' docstrings and the figures that are there.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import score
from auscult import rules
from cases import CASES, FAULTS, HALVES

ROOT = Path(__file__).parents[2]
FIGURES = ROOT / "src" / "auscult" / "rules" / "measured.json"
PAGES = ROOT / "docs" / "rules"
SHARES = ("recall", "first", "precision", "alarmed")
QUANTILES = (0, 0.05, 0.5, 0.95, 1)


def publish(outcomes: Sequence[score.Outcome]) -> None:
    """Write what was measured, and the pages."""
    text = json.dumps(measured(outcomes), indent=1, ensure_ascii=False)
    FIGURES.write_text(re.sub(r"[{[][^][{}]*[]}]", lambda leaf: " ".join(leaf[0].split()), text) + "\n")
    write_pages()


def write_pages() -> None:
    """Write docs/rules."""
    shutil.rmtree(PAGES, ignore_errors=True)
    PAGES.mkdir(parents=True)
    for name, text in rules.pages().items():
        (PAGES / name).write_text(text)


def measured(outcomes: Sequence[score.Outcome]) -> dict:
    """What `auscult.rules` reads of it."""
    halves = {half: [o for o in outcomes if o.case.half == half] for half in HALVES}
    cases = {half: {o.case.name for o in some} for half, some in halves.items()}
    return {
        "seeds": len({o.seed for o in outcomes}),
        "halves": {
            half: {
                "families": families,
                "faults": sum(CASES[name].cause is not None for name in cases[half]),
                "healthy": sum(CASES[name].cause is None for name in cases[half]),
            }
            for half, families in HALVES.items()
        },
        "shares": {half: _shares(some) for half, some in halves.items()},
        "rules": {
            rule: {
                "shares": {half: _shares(some, rule) for half, some in halves.items()},
                "margins": {who: _margins(values) for who, values in score.margins(outcomes, rule).items()},
            }
            for rule in FAULTS
        },
    }


def _shares(outcomes: Sequence[score.Outcome], rule: str | None = None) -> dict:
    found = score.figures(outcomes, rule)
    return {name: _share(found[name]) for name in SHARES}


def _share(share: score.Share) -> dict:
    low, high = (round(end, 3) for end in share.interval)
    return {"right": int(share.right), "of": share.of, "cases": share.cases, "low": low, "high": high}


def _margins(ascending: Sequence[float]) -> dict:
    last = len(ascending) - 1
    at = [float(f"{ascending[round(share * last)]:.3g}") for share in QUANTILES] if ascending else []
    return {"runs": len(ascending), "at": at}


if __name__ == "__main__":
    write_pages()
