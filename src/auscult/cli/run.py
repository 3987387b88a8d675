"""`auscult run`: any script, unchanged, listened to."""

from __future__ import annotations

import sys
from collections.abc import Callable
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from auscult.cli._findings import in_a_line
from auscult.cli._options import dir_option
from auscult.errors import LaunchError, RunError

if TYPE_CHECKING:
    from auscult.observe.launch import Program, Session

_PASS_ON = {"ignore_unknown_options": True, "allow_interspersed_args": False}


@click.command(context_settings=_PASS_ON)
@click.option("-m", "module", metavar="MODULE", help="Run a module, as python -m does.")
@dir_option
@click.option("--name", help="Name of the run. [default: the script's]")
@click.option("--budget", type=float, help="Share of wall time that listening may cost. [default: 0.03]")
@click.option("--every", type=int, help="Look at every N-th step, whatever it costs, instead of keeping a budget.")
@click.option(
    "--updates", type=int, help="Measure the update of every parameter at every N-th step, whatever it costs."
)
@click.option("--eager", is_flag=True, default=None, help="See into compiled code by running it uncompiled on looks.")
@click.option("--quiet", is_flag=True, help="Say nothing but errors.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="SCRIPT [ARGS]...")
def command(
    module: str | None,
    dir: str | None,
    name: str | None,
    budget: float | None,
    every: int | None,
    updates: int | None,
    eager: bool | None,
    quiet: bool,
    arguments: tuple[str, ...],
) -> Callable[[], None]:
    """Run a training script, unchanged, and listen to it.

    The script gets its arguments, its output and its exit code as if run by python; what auscult says goes to stderr.
    At the end you read what it found.

    \b
    auscult run train.py --lr 0.1
    auscult run -m mypackage.train
    auscult run --updates 1 train.py
    auscult run --every 1 train.py
    """
    from auscult.observe.launch import Program, Session
    from auscult.settings import settings

    if module is None and not arguments:
        raise LaunchError("there is nothing to run; give a script, as in `auscult run train.py`")
    if module is None and arguments[0].startswith("-"):
        context = click.get_current_context()
        known = [name for option in context.command.params for name in option.opts]
        raise click.NoSuchOption(arguments[0], possibilities=get_close_matches(arguments[0], known), ctx=context)
    program = Program(module, arguments, True) if module is not None else Program(arguments[0], arguments[1:])
    program.check()
    chosen = settings(dir=dir, budget=budget, every=every, updates=updates, eager=eager)
    session = Session(chosen, name or program.title)
    return lambda: _run(program, session, quiet)


def _run(program: Program, session: Session, quiet: bool) -> None:
    from auscult.cli._title import Title
    from auscult.observe.launch import execute, show_only_the_scripts_frames

    with Title(lambda: _progress(session), enabled=not quiet and sys.stderr.isatty()):
        execute(program, session)
    sys.stdout.flush()
    error = session.error
    if session.runs:
        if not quiet:
            _summarise(session)
    elif error is None or (isinstance(error, SystemExit) and not error.code):
        print(
            f"auscult: nothing was recorded, {program.name} never trained: no optimizer stepped, and no loop moved "
            "anything after backward",
            file=sys.stderr,
        )
    if error is not None:
        show_only_the_scripts_frames()
        raise error


def _progress(session: Session) -> str:
    recorder = session.recorders[-1] if session.recorders else None
    if recorder is None or recorder.path is None:
        return f"auscult: waiting for {session.title} to train"
    if recorder.closed:
        return f"auscult: {len(session.recorders):,} trainings heard, {session.passed_over:,} passed over"
    return f"auscult: {recorder.path.name}, {recorder.now}"


def _summarise(session: Session) -> None:
    from rich.console import Console

    from auscult.rules import judge
    from auscult.runs import Run
    from auscult.views import print_diagnosis, print_runs

    console = Console(stderr=True)
    try:
        runs = [Run(path) for path in session.runs]
        if len(runs) > 1:
            print_runs(runs, console)
            for run in runs[:-1]:
                if found := in_a_line(run):
                    console.print(f"{run.id}: {found}; more by: auscult diagnose {run.id}", highlight=False)
        if session.passed_over:
            console.print(
                f"{session.passed_over:,} more trainings were passed over: so short are they that listening to each "
                "would have taken more than a tenth of the program's time. With --every N each is heard.",
                highlight=False,
            )
        print_diagnosis(runs[-1], judge(runs[-1]), console)
        console.print(f"[dim]Pictures: auscult report {runs[-1].id}[/dim]", highlight=False)
    except RunError as e:  # the folder was deleted, say: the script's own end matters more
        print(f"auscult: {e}", file=sys.stderr)
