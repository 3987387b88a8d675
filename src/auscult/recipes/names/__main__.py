"""`python -m auscult.recipes.names`: train the model of names with an optimizer, and let it make up some."""

from __future__ import annotations

import click

from auscult.recipes.command import FitOptions, fit_options, main
from auscult.recipes.names import sample, task


@click.command()
@fit_options
@click.option("--names", metavar="FILE", help="One name a line. [default: the census names of the `names` package]")
@click.option(
    "--hidden", metavar="N", type=click.IntRange(1), multiple=True, help="Units of a hidden layer; repeat it. [200]"
)
@click.option(
    "--norm",
    type=click.Choice(["none", "batch", "scratch"]),
    default="none",
    show_default=True,
    help="Before each tanh: nothing, torch's batch norm, or one written from scratch.",
)
def command(fit: FitOptions, names: str | None, hidden: tuple[int, ...], norm: str) -> None:
    """Train a model of first names, letter by letter, with the one-cycle policy.

    It reads three letters and predicts the fourth. At the end stand the loss of every split and ten names it makes up.

    \b
    python -m auscult.recipes.names
    python -m auscult.recipes.names --hidden 100 --hidden 100 --norm batch --batch 256
    auscult run -m auscult.recipes.names --opt AdamW
    """
    learner = fit.run(task(names, hidden=hidden or (200,), norm=norm))
    for split in ("train", "valid"):
        print(learner.evaluate(split))
    print(f"\nmade up: {', '.join(sample(learner.model.cpu(), 10))}")


if __name__ == "__main__":
    main(command, "names")
