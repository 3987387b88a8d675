"""`auscult report`: a run with pictures, as one file."""

from __future__ import annotations

from pathlib import Path

import click

from auscult.cli._options import baseline_option, dir_option, run_argument


@click.command()
@run_argument
@dir_option
@baseline_option
@click.option("-o", "--output", metavar="FILE", help="Where to write it. [default: report.html in the run's folder]")
def command(run: str, dir: str | None, baseline: str | None, output: str | None) -> None:
    """Draw a run: findings, loss, update ratios, gradients, distances, and what listening cost.

    One HTML file that needs no network. Its path is printed.

    \b
    auscult report
    auscult report last -o report.html
    """
    import auscult

    path = auscult.report(run, Path(output) if output else None, dir, baseline)
    print(path)
