"""`auscult examine`: a script up to its first update, and what its network is like there."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from auscult.cli._options import dir_option
from auscult.errors import LaunchError

if TYPE_CHECKING:
    from auscult.observe.launch import Program, Session


@click.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option("-m", "module", metavar="MODULE", help="Run a module, as python -m does.")
@dir_option
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="SCRIPT [ARGS]...")
def command(module: str | None, dir: str | None, arguments: tuple[str, ...]) -> Callable[[], None]:
    """Stop a training script before its first update, and say how it starts.

    The first loss against that of a guess, and for each layer the spread of what it hands on and of the gradient that
    comes back, dead and saturated units, and the factor its weights should be multiplied by. Exits with 1 where
    something is wrong with the start.

    \b
    auscult examine train.py
    auscult examine train.py --hidden 512
    """
    from auscult.observe.launch import Program, Session
    from auscult.settings import settings

    if module is None and not arguments:
        raise LaunchError("there is nothing to examine; give a script, as in `auscult examine train.py`")
    program = Program(module, arguments, True) if module is not None else Program(arguments[0], arguments[1:])
    program.check()
    session = Session(settings(dir=dir, eager=True), f"{program.title}-start", only_start=True)
    return lambda: _run(program, session)


def _run(program: Program, session: Session) -> None:
    from auscult.observe.launch import execute, show_only_the_scripts_frames

    execute(program, session)
    sys.stdout.flush()
    if session.error is not None:
        show_only_the_scripts_frames()
        raise session.error
    if not session.runs:
        print(f"auscult: {program.name} ended without a first update; give the script that trains", file=sys.stderr)
        sys.exit(2)
    from rich.console import Console

    from auscult.rules import judge
    from auscult.runs import Run
    from auscult.views import InitPage

    run = Run(session.runs[-1])
    page = InitPage(run, judge(run))
    page.print_to(Console())
    sys.exit(0 if page.clean else 1)
