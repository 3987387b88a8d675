"""`auscult explain`: what a rule looks for, why, and how often it is right."""

from __future__ import annotations

import click


@click.command()
@click.argument("rule", required=False)
def command(rule: str | None) -> None:
    """Explain a rule: what it flags, why it matters, where its thresholds come from, how often it is right.

    Without a rule, list them all.

    \b
    auscult explain
    auscult explain learning-rate-too-high
    """
    from rich.console import Console

    from auscult import rules
    from auscult.views import print_rule, print_rules

    if rule is None:
        print_rules([(x.name, x.flags, x.setting, x.unseen, x.alarmed) for x in rules.lines()], Console())
    else:
        print_rule(rule, rules.explain(rule), Console())
