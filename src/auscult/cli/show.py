"""`auscult show`: what is known of one run."""

from __future__ import annotations

import click

from auscult.cli._options import dir_option, run_argument


@click.command()
@run_argument
@dir_option
def command(run: str, dir: str | None) -> None:
    """Show a run's facts, and each parameter with its update ratio.

    \b
    auscult show
    auscult show k7f2 --dir elsewhere/auscult-runs
    """
    from rich.console import Console

    import auscult
    from auscult.views import print_run

    print_run(auscult.open_run(run, dir), Console())
