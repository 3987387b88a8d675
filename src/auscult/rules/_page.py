"""The pages of the rules: what each says of itself, how often it was right, what it has to do with the others.

`auscult explain` shows them; docs/rules holds them, with links.
"""

from __future__ import annotations

import difflib
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from auscult.errors import RuleError
from auscult.rules._causes import CAUSES
from auscult.rules._judge import RULES
from auscult.rules._measured import Gallery, Measured, Share, Shares, gallery
from auscult.rules._rule import figure

_FIGURES = {
    "recall": "its fault is named",
    "first": "and told before all else",
    "precision": "its warnings are right",
    "alarmed": "healthy runs it warns of",
}
_READING = (
    "A warning is right where the training has the rule's fault, or one that is known to bring it about. In brackets "
    "are 95 % intervals, which count cases and not runs, since the seeds of one are alike. Thresholds may be set by "
    "the trainings of `setting`; those of `unseen` are of other families, by which none was set."
)


@dataclass(frozen=True)
class Line:
    """A rule in a list: what it flags, how often its fault is named in each half, how many healthy runs it warns of."""

    name: str
    flags: str
    setting: str
    unseen: str
    alarmed: str


def lines() -> tuple[Line, ...]:
    """All rules, in the order they are asked."""
    return tuple(_lines(gallery()))


def explain(name: str) -> str:
    """The page of a rule, in Markdown. RuleError, naming what was probably meant, where there is no such rule."""
    if name in RULES:
        return _page(name, gallery())
    close = difflib.get_close_matches(name, RULES, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(close)}?" if close else f"the rules are {', '.join(RULES)}"
    raise RuleError(f"no rule {name!r}; {hint}")


def pages() -> dict[str, str]:
    """The files of docs/rules: an index, and the page of every rule, with links from each to the others."""
    measured = gallery()
    files = {"README.md": _index(measured)} | {f"{name}.md": _page(name, measured) for name in RULES}
    named = re.compile(f"`({'|'.join(RULES)})`")
    return {file: named.sub(r"[`\1`](\1.md)", text) for file, text in files.items()}


def _page(name: str, measured: Gallery) -> str:
    of = measured.rules.get(name)
    return "\n\n".join([
        RULES[name].page().strip(),
        "## Measured",
        *(_measured(of, measured) if of else ["Not yet."]),
        "## Causes and consequences",
        *_neighbours(name),
    ]) + "\n"  # fmt: skip


def _measured(of: Measured, measured: Gallery) -> Iterator[str]:
    yield _filled(_gallery(measured))
    yield _table(["", *of.shares], _shares(of.shares, _counted))
    yield _filled(_READING)
    told = {"the healthy": of.healthy, "those with its fault": of.sick}
    rows = [[who, str(m.runs), *map(figure, m.at)] for who, m in told.items() if m.runs]
    if rows:
        yield "How many times past its threshold they lie, 1 being just at it; what is only information counts too:"
        yield _table(["", "runs", "least", "5 %", "median", "95 %", "most"], rows)
    silent = [who for who, margins in told.items() if not margins.runs]
    if silent:
        yield f"How near {' and '.join(silent)} come was not measured."


def _gallery(measured: Gallery) -> str:
    halves = measured.halves.values()
    seeds = f"{measured.seeds} seed{'s' if measured.seeds > 1 else ''}"
    return (
        f"The gallery (`benchmarks/faults`) holds {sum(h.faults for h in halves)} trainings with one fault each and "
        f"{sum(h.healthy for h in halves)} healthy ones, each run with {seeds}."
    )


def _neighbours(name: str) -> Iterator[str]:
    causes = CAUSES.get(name, {})
    follow = {other: found[name] for other, found in CAUSES.items() if name in found}
    if causes:
        yield "What may bring it about, the more telling first:"
        yield _table(["cause", "how"], ([f"`{cause}`", how] for cause, how in causes.items()))
    if follow:
        yield "What it may bring about:"
        yield _table(["consequence", "how"], ([f"`{other}`", how] for other, how in follow.items()))
    if not causes and not follow:
        yield "It brings none of the others about, nor do they it."


def _index(measured: Gallery) -> str:
    halves = measured.halves
    numbers = {
        "families": [", ".join(h.families) for h in halves.values()],
        "trainings with a fault": [str(h.faults) for h in halves.values()],
        "healthy trainings": [str(h.healthy) for h in halves.values()],
    }
    brought = {name: [other for other, found in CAUSES.items() if name in found] for name in RULES}
    return "\n\n".join([
        "# The rules",
        _filled(
            "What each flags, why it matters, where its thresholds come from, what it cannot see, what to do, and how "
            "often it is right. `auscult explain RULE` shows the same pages."
        ),
        _table(
            ["rule", "flags", "names its fault: `setting`", "`unseen`", "healthy runs it warns of"],
            ([f"`{x.name}`", x.flags, x.setting, x.unseen, x.alarmed] for x in _lines(measured)),
        ),
        "## How they are measured",
        _filled(
            f"{_gallery(measured)} The [healthy ones](../../benchmarks/faults/controls.py) have odd ones among them; a "
            "[fault](../../benchmarks/faults/cases.py) is one of them with one thing wrong. All are run as a user "
            "would. A fault is named where its rule gives a warning or worse; where it does no clear harm, information "
            f"is enough. {_READING} What is said wrongly of them was seen while they were written, though."
        ),
        _table(
            ["", *halves],
            [[what, *row] for what, row in numbers.items()] + list(_shares(measured.shares, str)),
        ),
        "`python benchmarks/accuracy.py --publish` measures all of it anew and writes these pages.",
        "## What brings about what",
        _filled(
            "A finding is told under its cause where that was found too and began no later. Of several causes the one "
            "named first is taken; of two that may bring each other about, the earlier. How each comes about is "
            "said on the pages."
        ),
        _table(
            ["rule", "is brought about by", "brings about"],
            ([f"`{name}`", _listed(CAUSES.get(name, ())), _listed(effects)] for name, effects in brought.items()),
        ),
    ]) + "\n"  # fmt: skip


def _lines(measured: Gallery) -> Iterator[Line]:
    for name, rule in RULES.items():
        of = measured.rules.get(name)
        setting, unseen = (str(of.shares[half]["recall"]) if of else "–" for half in ("setting", "unseen"))
        yield Line(name, rule.summary(), setting, unseen, of.alarmed if of else "–")


def _shares(shares: Shares, told: Callable[[Share], str]) -> Iterator[list[str]]:
    """The rows of a table, a column for each half."""
    for key, what in _FIGURES.items():
        yield [what, *(told(half[key]) for half in shares.values())]


def _counted(share: Share) -> str:
    return f"{share}: {share.right} of {share.of}" if share.of else "–"


def _listed(rules: Iterable[str]) -> str:
    return ", ".join(rules) or "–"


def _filled(text: str) -> str:
    return textwrap.fill(text, 120, break_long_words=False, break_on_hyphens=False)


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (titles, ["---"] * len(titles), *rows))
