"""The command line: one file a command, imported when it is called."""

from __future__ import annotations

import importlib
import sys

import click

from auscult.exits import call

_COMMANDS = ("run", "examine", "diagnose", "report", "ls", "show", "compare", "explain", "demo", "study")


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order a newcomer meets them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, from its own file."""
        if cmd_name not in _COMMANDS:
            return None
        return importlib.import_module(f"auscult.cli.{cmd_name}").command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="auscult", message="auscult %(version)s")
def auscult() -> None:
    """Listen to a network while it trains, and say what ails it.

    \b
    auscult demo                 see it work, in two minutes
    auscult run train.py         run your script, unchanged, and listen
    auscult diagnose last        what is wrong, where, and what to change
    auscult report last          the same with pictures, as one HTML file
    auscult compare 7k3q last    two runs side by side: did it help?

    A RUN is a run's folder, its id or the first letters of it, its name (the latest of that name), or "last". Runs lie
    in auscult-runs/, or where --dir or AUSCULT_DIR says.
    """


def main() -> None:
    """Run the command line and exit: 0 well, 1 where `diagnose` found something, 2 where it could not do its work."""
    outcome = call(auscult, "auscult")
    if callable(outcome):  # `run` hands over here, outside click, which would catch the script's own exceptions
        outcome()
    elif isinstance(outcome, int):
        sys.exit(outcome)
