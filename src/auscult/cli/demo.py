"""`auscult demo`: one model, three learning rates."""

from __future__ import annotations

from pathlib import Path

import click

from auscult.cli._options import dir_option

LEARNING_RATES = {"too-low": 0.0001, "about-right": 0.1, "too-high": 20.0}


@click.command()
@dir_option
@click.option("--steps", type=click.IntRange(100), default=20_000, show_default=True, help="Steps of each training.")
@click.option("--names", type=click.Path(), help="A file with one name a line, instead of the census names.")
@click.option("-o", "--output", metavar="FILE", help="Where to write the report. [default: demo.html among the runs]")
def command(dir: str | None, steps: int, names: str | None, output: str | None) -> None:
    """Train a small model of first names at three learning rates, and say of each what is wrong.

    The model predicts the next letter of a name: 12,000 parameters, moved by a plain loop without
    an optimizer. At the end you get the path of a report that shows the three side by side.

    \b
    auscult demo
    auscult demo --steps 5000 --names names.txt
    """
    import torch
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    import auscult
    from auscult.recipes.char_mlp import loss_of, make_parameters, train
    from auscult.recipes.names import read_names, split_names
    from auscult.settings import settings
    from auscult.views import print_diagnosis, write_report

    torch.set_num_threads(1)  # tensors this small are slower on several
    folder = settings(dir=dir).dir
    console = Console()
    training, validation, _ = split_names(read_names(names))
    console.print(
        f"[bold]One model of first names, three learning rates.[/bold] {len(training.x):,} examples, "
        f"{steps:,} steps each.\n",
        highlight=False,
    )
    pages = []
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    ) as progress:
        for name, lr in LEARNING_RATES.items():
            bar = progress.add_task(f"learning rate {lr:g}", total=steps)
            parameters = make_parameters()
            with auscult.watch(parameters, dir=folder, name=f"demo-{name}") as recorder:
                train(
                    parameters,
                    training,
                    lr,
                    steps,
                    on_step=lambda step, bar=bar: (
                        progress.update(bar, completed=step + 1) if step % 200 == 199 else None
                    ),
                )
                with torch.no_grad():
                    recorder.log(valid_loss=loss_of(parameters, validation.x, validation.y).item())
            progress.update(bar, completed=steps)
            pages.append(auscult.diagnose(recorder))
    for (_, lr), page in zip(LEARNING_RATES.items(), pages, strict=True):
        console.rule(f"learning rate {lr:g}", align="left")
        print_diagnosis(page.run, page.diagnosis, console)
        console.print()
    path = write_report([(p.run, p.diagnosis) for p in pages], Path(output) if output else Path(folder) / "demo.html")
    console.print("The three side by side, in a browser:", highlight=False)
    console.print(str(path.resolve()), style="bold", highlight=False, soft_wrap=True)
