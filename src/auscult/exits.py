"""How a command of auscult's ends where it cannot do its work: one line on stderr, exit 2."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from auscult.errors import AuscultError


def call(command: click.Command, name: str) -> Any:
    """What the command gives, called with the program's arguments; exits where it fails.

    name: what one types to call it. Exits 2 after one line for an AuscultError or bad arguments, 130 where it was
    interrupted, 0 where nobody reads on (`auscult ls | head`). Any other exception is raised.
    """
    try:
        return command.main(prog_name=name, standalone_mode=False)
    except AuscultError as e:
        _fail(str(e))
    except click.exceptions.NoArgsIsHelpError as e:
        print(e.format_message(), file=sys.stderr)
        sys.exit(2)
    except click.ClickException as e:
        where = e.ctx.command_path if isinstance(e, click.UsageError) and e.ctx else name
        _fail(f"{e.format_message()} Try `{where} --help`.")
    except click.Abort:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _fail(message: str) -> None:
    print(f"auscult: {message}", file=sys.stderr)
    sys.exit(2)
