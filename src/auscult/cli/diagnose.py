"""`auscult diagnose`: what is wrong, where, and what to change."""

from __future__ import annotations

import json

import click

from auscult.cli._options import baseline_option, dir_option, run_argument


@click.command()
@run_argument
@dir_option
@baseline_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.option("--margins", is_flag=True, help="Also print how near each rule came to a finding.")
def command(run: str, dir: str | None, baseline: str | None, as_json: bool, margins: bool) -> int:
    """Say what ails a training: the findings, ordered by cause, with evidence and remedies.

    Exits 0 where nothing of severity warning or worse was found, 1 where something was, 2 where the run cannot be read.
    A training that still goes on can be diagnosed too. With a baseline, a training of your own that went well, it also
    says what was set differently, and what differs first by more than another seed makes.

    \b
    auscult diagnose
    auscult diagnose last --json
    auscult diagnose last --baseline 7k3q
    auscult diagnose --margins
    """
    import auscult

    page = auscult.diagnose(run, dir, baseline)
    if as_json:
        print(json.dumps(page.as_dict(), indent=2, allow_nan=False))
    else:
        from rich.console import Console

        from auscult.views import print_diagnosis, print_margins

        console = Console()
        print_diagnosis(page.run, page.diagnosis, console)
        if margins:
            print_margins(page.diagnosis, console)
    return 0 if page.clean else 1
