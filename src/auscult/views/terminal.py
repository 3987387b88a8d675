"""A diagnosis and a rule's page on the terminal; readable at 80 columns and without colours."""

from __future__ import annotations

import inspect
import math
from collections.abc import Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.text import Text

from auscult.findings import Baseline, Diagnosis, Evidence
from auscult.runs import Run
from auscult.views import apart
from auscult.views.causes import Branch, branches, verdict
from auscult.views.coverage import judged, measure
from auscult.views.digest import loss_from_to, typical_ratio
from auscult.views.facts import bill_line, unseen_line
from auscult.views.words import count, magnitude, margin, names, number, places

STYLES = {"critical": "bold red", "warning": "bold yellow", "info": "bold blue"}
_BAR = 30  # characters of a bar
_FAR = 0.01  # of the way to a finding: a rule that did not come so near is told by name only
_ASCII = str.maketrans({
    "−": "-", "→": "->", "·": ".", "×": "x", "–": "-", "—": "-", "‖": "|", "θ": "theta", "₀": "0", "₂": "2",
    "∞": "inf", "…": "...", "“": '"', "”": '"', "’": "'", "─": "-", "━": "-", "█": "#", "•": "*",
    **dict(zip("▁▂▃▄▅▆▇", "_.-=+*#", strict=True)),
})  # fmt: skip


def print_diagnosis(run: Run, diagnosis: Diagnosis, console: Console) -> None:
    """Print what was found, causes first, with evidence and remedies; what was not judged; and the bill."""
    parts: list[RenderableType] = [_headline(run, diagnosis)]
    if diagnosis.error == "KeyboardInterrupt":
        parts.append(Text("The training was interrupted.", style="yellow"))
    elif diagnosis.error:
        parts.append(Text(f"The training failed: {diagnosis.error}", style="red"))
    if diagnosis.status == "lost":
        parts.append(Text("The program ended without closing this run; what it had recorded is here.", style="yellow"))
    if diagnosis.baseline is not None:
        parts += [Text(), *_apart(diagnosis.baseline)]
    if not diagnosis.findings:
        parts += [Text(), Text(verdict(diagnosis), style="green" if diagnosis.steps else "")]
    for branch in branches(diagnosis.findings):
        parts.append(Text())
        parts += _finding(branch, 0, diagnosis.baseline)
    if not run.fact("examined"):  # most rules need a training
        parts += [Text(), *_coverage(diagnosis), Text(bill_line(run, diagnosis).capitalize() + ".", style="dim")]
    if unseen := unseen_line(run):
        parts.append(Text(f"{unseen[0].upper()}{unseen[1:]}.", style="dim"))
    show(Group(*parts), console)


def print_margins(diagnosis: Diagnosis, console: Console) -> None:
    """Print how near each rule that judged came to a finding, the nearest first."""
    parts: list[RenderableType] = [Text(), Text("How near each rule came to a finding, which begins at 1:", "dim")]
    rows = [row for row in judged(diagnosis) if row.status == "ran"]
    near = [row for row in rows if row.share >= _FAR]
    for row in near:
        bar, style = "█" * round(_BAR * row.share), "yellow" if row.share == 1 else "dim"
        parts.append(Text.assemble(f"{row.rule:28}  ", (f"{bar:{_BAR}}", style), f"  {row.near}"))
        parts.append(Padding(Text(row.told, "dim"), (0, 0, 0, 2), expand=False))
    far = [row.rule for row in rows if row.margin is not None and row not in near]
    untold = [row.rule for row in rows if row.margin is None]
    parts += [
        Text(f"{what}: {', '.join(rules)}.", "dim")
        for what, rules in ((f"below {_FAR}", far), ("without a measure of that", untold))
        if rules
    ]
    show(Group(*parts), console)


def print_rule(name: str, text: str, console: Console) -> None:
    """Print a rule's page, which is Markdown: its name, and what stands below it."""
    heading = Text(name, style="bold")
    page = Markdown(inspect.cleandoc(text).removeprefix(f"# {name}"))
    show(Group(heading, Text("─" * len(name), style="dim"), page), console)


def print_rules(rules: Sequence[tuple[str, str, str, str, str]], console: Console) -> None:
    """Print a list of rules.

    Of each its name, what it flags, how often its fault is named by the two halves of what was measured, and how many
    healthy runs it warns of.
    """
    parts: list[RenderableType] = [Text(_row("rule", "names its fault", "unseen families", "false alarms"), "dim")]
    for name, flags, *figures in rules:
        parts += [Text(_row(name, *figures), "bold"), Padding(Text(flags), (0, 0, 0, 2), expand=False)]
    parts += [
        Text(),
        Text(
            "How often a rule names its fault, with 95 % intervals, in trainings that thresholds may be set by and in "
            "other families; and how many healthy runs it warns of. auscult explain RULE says more.",
            "dim",
        ),
    ]
    show(Group(*parts), console)


def _row(name: str, *figures: str) -> str:
    return f"{name:28}" + "".join(f"  {figure:>15}" for figure in figures)


def show(content: RenderableType, console: Console) -> None:
    """Print to the console; where that takes only ASCII, with the nearest ASCII characters."""
    if not console.options.ascii_only:
        console.print(content, highlight=False)
        return
    with console.capture() as captured:
        console.print(content, highlight=False)
    text = captured.get().translate(_ASCII)
    console.file.write(text.encode("ascii", "replace").decode("ascii"))


def _headline(run: Run, diagnosis: Diagnosis) -> Text:
    loss = loss_from_to(run)
    if run.fact("examined"):
        parts = ["examined before its first update"]
        parts += [f"loss {number(loss[0])}"] if loss else []
        return Text.assemble((diagnosis.run, "bold"), "  ", " · ".join(parts))
    parts = [diagnosis.status, count(diagnosis.steps, "step")]
    if loss:
        parts.append(f"loss {number(loss[0])} → {number(loss[1])}")
    ratio = typical_ratio(run)
    if ratio == ratio:
        parts.append("no update" if ratio == -math.inf else f"update ratio 10^{magnitude(ratio)}")
    return Text.assemble((diagnosis.run, "bold"), "  ", " · ".join(parts))


def _apart(b: Baseline) -> Iterator[RenderableType]:
    yield Text(f"{apart.named(b)}:", style="bold")
    for s in b.settings:
        said = Text.assemble((f"set differently  {s.what}: ", "dim"), s.here, (f" (baseline: {s.there})", "dim"))
        yield Padding(said, (0, 0, 0, 2), expand=False)
    for d in apart.told(b):
        yield Padding(
            Text.assemble(("since step ", "dim"), f"{d.first_step:,}  {apart.how(d)}"), (0, 0, 0, 2), expand=False
        )
    for line in (apart.rest(b), *(f"{c.capitalize()}." for c in b.cautions)):
        if line:
            yield Padding(Text(line, style="dim"), (0, 0, 0, 2), expand=False)


def _finding(branch: Branch, depth: int, baseline: Baseline | None) -> Iterator[RenderableType]:
    f, inside = branch.finding, 2 + 2 * depth
    arrow = "follows: " if depth else ""
    head = Text.assemble((arrow, "dim"), (f.severity, STYLES[f.severity]), "  ", (f.rule, "bold"))
    head.append(f"  since step {f.first_step:,}", "dim")
    yield Padding(head, (0, 0, 0, 2 * depth), expand=False)
    yield Padding(Text(f.summary), (0, 0, 0, inside), expand=False)
    if f.where:
        yield Padding(Text(f"in {places(names(f.where))}", style="dim"), (0, 0, 0, inside), expand=False)
    if apart.is_shared(baseline, f):
        yield Padding(Text(apart.TOO), (0, 0, 0, inside), expand=False)
    for e in f.evidence:
        yield Padding(Text(_evidence(e), style="dim"), (0, 0, 0, inside), expand=False)
    for r in f.remedies:
        action = Text.assemble(("→ ", "green"), r.action)
        if r.apply:
            action.append(f" ({r.apply})", "dim")
        yield Padding(action, (0, 0, 0, inside), expand=False)
    for consequence in branch.consequences:
        yield from _finding(consequence, depth + 1, baseline)


def _evidence(e: Evidence) -> str:
    parts = [measure(e)]
    parts += [margin(e.margin)] if margin(e.margin) else []
    return ", ".join(parts + ([] if e.step is None else [f"step {e.step:,}"]))


def _coverage(diagnosis: Diagnosis) -> Iterator[RenderableType]:
    unable = [c for c in diagnosis.coverage if c.status == "cannot-judge"]
    skipped = sum(c.status == "skipped" for c in diagnosis.coverage)
    ran = sum(c.status == "ran" for c in diagnosis.coverage)
    line = f"{count(ran, 'rule')} judged"
    if skipped:
        line += f", {skipped} skipped"
    if unable:
        reasons: dict[str, list[str]] = {}
        for c in unable:
            reasons.setdefault(c.why or "no reason given", []).append(c.rule)
        told = [f"{', '.join(rules)} ({why})" for why, rules in list(reasons.items())[:3]]
        more = len(reasons) - len(told)
        line += f", {len(unable)} could not: {'; '.join(told)}" + (
            f"; and {count(more, 'other reason')}" if more else ""
        )
    yield Text(line + ".", style="dim")
