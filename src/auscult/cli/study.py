"""`auscult study`: experiments of many trainings."""

from __future__ import annotations

from typing import Any

import click


@click.group()
def command() -> None:
    """Experiments of many trainings: what does one choice do?

    \b
    auscult study batch-size digits
    """


def _options(pairs: tuple[str, ...], what: str) -> dict[str, Any]:
    import json

    options: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not (name and equals):
            raise click.BadParameter(f"{pair!r} is not NAME=VALUE.", param_hint=what)
        try:
            options[name] = json.loads(value)
        except ValueError:
            options[name] = value
    return options


_count = {"metavar": "N", "type": click.IntRange(1)}


@command.command("batch-size")
@click.argument("spec")
@click.option("--batch", "batches", multiple=True, help="A batch size; repeat it. [default: 32, 256]", **_count)
@click.option("--lr", "lrs", metavar="X", multiple=True, type=float, help="A learning rate; repeat it. [default: 0.01]")
@click.option("--epochs", default=20, show_default=True, help="Of each training.", **_count)
@click.option("--seeds", default=3, show_default=True, help="Trainings of each kind.", **_count)
@click.option("--optimizer", metavar="SPEC", default="torch.optim:SGD", show_default=True, help="module:class.")
@click.option("--with", "task_options", metavar="NAME=VALUE", multiple=True, help="An argument of SPEC; repeat it.")
@click.option("--optimizer-with", "optimizer_options", metavar="NAME=VALUE", multiple=True, help="Of the optimizer.")
@click.option("--no-scaling", is_flag=True, help="Leave out trainings at scaled learning rates.")
@click.option("--no-switch", is_flag=True, help="Leave out the one that changes its batch half way.")
@click.option("--no-minima", is_flag=True, help="Leave out sharpness, lines and surfaces.")
@click.option(
    "--points", metavar="N", type=click.IntRange(0), default=21, show_default=True, help="Of a surface's side."
)
@click.option(
    "--norm",
    type=click.Choice(["data", "eval"]),
    default="data",
    show_default=True,
    help="Batch norms around the ends: by statistics of the whole data, or those of the training.",
)
@click.option("--workers", help="Processes. [default: one a core]", **_count)
@click.option("--ray", "address", metavar="ADDRESS", help="Run on a Ray cluster; `auto` for the one there is.")
@click.option("--dir", "dir", metavar="DIR", help="Folder of the study. [default: among the runs, by SPEC]")
@click.option("-o", "--output", metavar="FILE", help="Where to write the page. [default: in the study's folder]")
def batch_size(
    spec: str, batches: tuple[int, ...], lrs: tuple[float, ...], epochs: int, seeds: int, optimizer: str,
    task_options: tuple[str, ...], optimizer_options: tuple[str, ...], no_scaling: bool, no_switch: bool,
    no_minima: bool, points: int, norm: Any, workers: int | None, address: str | None, dir: str | None,
    output: str | None,
) -> None:  # fmt: skip
    """What does the batch size do to a training, and which should you use?

    Trains SPEC at each batch size, several times, and measures updates, distances, the gradients' noise
    and what the trainings come to. SPEC is a recipe (digits, mnist, imagenette, names), or module:function
    of a function that gives an auscult.learner.Task.

    Broken off, the same command goes on where it was. At the end stands the path of a page with pictures.

    \b
    auscult study batch-size digits --batch 16 --batch 256 --lr 0.05
    auscult study batch-size mnist --with images=t10k-images-idx3-ubyte.gz --with labels=t10k-labels-idx1-ubyte.gz
    auscult study batch-size mymodule:task --optimizer torch.optim:AdamW --lr 0.001
    """
    from rich.console import Console

    from auscult import studies

    executor = (
        studies.Ray(None if address == "auto" else address) if address is not None else studies.Processes(workers)
    )
    try:
        page = studies.batch_size(
            spec, batches or (32, 256), lrs or 0.01, epochs, seeds, optimizer=optimizer,
            task_options=_options(task_options, "--with"),
            optimizer_options=_options(optimizer_options, "--optimizer-with"),
            scaling=not no_scaling, switch=not no_switch, minima=not no_minima, points=points, norm=norm, dir=dir,
            executor=executor,
        )  # fmt: skip
    except KeyboardInterrupt:
        click.echo("Broken off; the same command goes on where it was.", err=True)
        raise
    page.print_to(Console())
    print(f"\n{page.report(output).resolve()}")
