"""`auscult ls`: the runs there are."""

from __future__ import annotations

import sys

import click

from auscult.cli._options import dir_option


@click.command()
@dir_option
def command(dir: str | None) -> None:
    """List the runs, the newest first.

    \b
    auscult ls
    auscult ls --dir elsewhere/auscult-runs
    """
    from rich.console import Console

    from auscult.runs import list_runs
    from auscult.settings import runs_folder
    from auscult.views import print_runs

    folder = runs_folder(dir)
    runs = list_runs(folder)
    if runs:
        print_runs(runs, Console())
    else:
        print(f"no runs in {folder} yet; make one with `auscult run script.py`", file=sys.stderr)
