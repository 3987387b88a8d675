"""`auscult explain`: what a rule looks for, and why."""

from __future__ import annotations

import click


@click.command()
@click.argument("rule", required=False)
def command(rule: str | None) -> None:
    """Explain a rule: what it flags, why it matters, where its thresholds come from, how to mend it.

    Without a rule, list them all.

    \b
    auscult explain
    auscult explain learning-rate-too-high
    """
    from rich.console import Console

    from auscult import rules
    from auscult.views import print_rule

    if rule is None:
        for name in rules.names():
            first = next(line for line in rules.explain(name).splitlines() if line and not line.startswith("#"))
            print(f"{name:26} {first}")
    else:
        print_rule(rule, rules.explain(rule), Console())
