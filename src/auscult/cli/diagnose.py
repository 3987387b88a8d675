"""`auscult diagnose`: what is wrong, where, and what to change."""

from __future__ import annotations

import json

import click

from auscult.cli._options import dir_option, run_argument


@click.command()
@run_argument
@dir_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
def command(run: str, dir: str | None, as_json: bool) -> int:
    """Say what ails a training: the findings, ordered by cause, with evidence and remedies.

    Exits 0 where nothing of severity warning or worse was found, 1 where something was, 2 where the run cannot be read.
    A training that still goes on can be diagnosed too.

    \b
    auscult diagnose
    auscult diagnose last --json
    """
    import auscult

    page = auscult.diagnose(run, dir)
    if as_json:
        print(json.dumps(page.as_dict(), indent=2, allow_nan=False))
    else:
        from rich.console import Console

        from auscult.views import print_diagnosis

        print_diagnosis(page.run, page.diagnosis, Console())
    return 0 if page.clean else 1
