"""`auscult ls`: the runs there are."""

from __future__ import annotations

import sys

import click

from auscult.cli._findings import in_a_line
from auscult.cli._options import dir_option


@click.command()
@dir_option
@click.option("--findings", is_flag=True, help="Judge each run too, and say what is wrong with it.")
def command(dir: str | None, findings: bool) -> None:
    """List the runs, the newest first.

    \b
    auscult ls
    auscult ls --findings
    auscult ls --dir elsewhere/auscult-runs
    """
    from rich.console import Console

    from auscult.runs import list_runs
    from auscult.settings import runs_folder
    from auscult.views import print_runs

    folder = runs_folder(dir)
    runs = list_runs(folder)
    if not runs:
        print(f"no runs in {folder} yet; make one with `auscult run script.py`", file=sys.stderr)
        return
    console = Console()
    print_runs(runs, console)
    for run in runs if findings else ():
        console.print(f"{run.id}: {in_a_line(run) or 'nothing wrong was found'}", highlight=False, markup=False)
