"""Options several commands take."""

from __future__ import annotations

import click

run_argument = click.argument("run", default="last", metavar="[RUN]")
dir_option = click.option("--dir", "dir", metavar="DIR", help="Folder of the runs. [default: auscult-runs]")
baseline_option = click.option("--baseline", metavar="RUN", help="A run that went well, to be held against.")
