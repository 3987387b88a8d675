"""`auscult compare`: runs side by side."""

from __future__ import annotations

import json

import click

from auscult.cli._options import dir_option


@click.command()
@click.argument("runs", nargs=-1, required=True, metavar="RUN...")
@dir_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.option("-o", "--output", metavar="FILE", help="Also write a report that shows the runs side by side.")
def command(runs: tuple[str, ...], dir: str | None, as_json: bool, output: str | None) -> None:
    """Hold runs side by side: losses, update ratios, saturated and dead units, findings.

    The first run is the one the others are held against: which of its findings went away, and which are new.

    \b
    auscult compare 7k3q last
    auscult compare before after -o compared.html
    """
    from rich.console import Console

    import auscult

    page = auscult.compare(*runs, dir=dir)
    if as_json:
        print(json.dumps(page.as_dict(), indent=2))
    else:
        page.print_to(Console())
    if output is not None:
        path = page.report(output)
        if not as_json:
            print(f"\n{path}")
