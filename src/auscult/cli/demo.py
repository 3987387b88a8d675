"""`auscult demo`: one small model trained several times, one thing changed each time."""

from __future__ import annotations

from pathlib import Path

import click

from auscult.cli._options import dir_option


@click.command()
@click.argument("story", type=click.Choice(["rates", "names"]), default="rates")
@dir_option
@click.option("--steps", type=click.IntRange(100), default=20_000, show_default=True, help="Steps of each training.")
@click.option("--names", type=click.Path(), help="A file with one name a line, instead of the census names.")
@click.option("-o", "--output", metavar="FILE", help="Where to write the report. [default: among the runs]")
def command(story: str, dir: str | None, steps: int, names: str | None, output: str | None) -> None:
    """Train a small model of first names several times, and say of each training what is wrong.

    The model predicts the next letter of a name: 12,000 parameters, moved by a plain loop without
    an optimizer. At the end you get the path of a report that shows the trainings side by side.

    \b
    rates   three learning rates: too low, about right, too high (half a minute)
    names   a bad start, mended step by step: confident first guesses, saturated units,
            weights scaled by rule, batch norm; with the names each model makes up (a minute)

    \b
    auscult demo
    auscult demo names
    auscult demo names --steps 200000 --names names.txt
    """
    import torch
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    import auscult
    from auscult.recipes.names import STORIES, read_names, split_names
    from auscult.settings import settings

    torch.set_num_threads(1)  # tensors this small are slower on several
    folder = Path(settings(dir=dir).dir)
    console = Console()
    told = STORIES[story]
    splits = split_names(read_names(names))
    console.print(f"[bold]{told.title}.[/bold] {len(splits[0].x):,} examples, {steps:,} steps each.\n", highlight=False)
    recorders = []
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    ) as progress:
        for stage in told.stages:
            bar = progress.add_task(stage.said, total=steps)

            def on_step(step: int, bar=bar) -> None:
                if step % 200 == 199:
                    progress.update(bar, completed=step + 1)

            recorders.append(stage.run(splits, steps, folder, on_step))
            progress.update(bar, completed=steps)
    page = auscult.compare(*recorders)
    for stage, one in zip(told.stages, page.pages, strict=True):
        console.rule(f"{stage.name}: {stage.said}", align="left")
        one.print_to(console)
        console.print()
    console.rule("side by side", align="left")
    page.print_to(console)
    path = page.report(Path(output) if output else folder / f"demo-{story}.html")
    console.print("\nThe same in a browser:", highlight=False)
    console.print(str(path.resolve()), style="bold", highlight=False, soft_wrap=True)
