"""Photographs in folders of classes, as Imagenette's archive has them: train/CLASS/*.JPEG and val/CLASS/*.JPEG."""

from __future__ import annotations

from pathlib import Path

import click
import torch.nn.functional as F  # noqa: N812 - as everyone writes it

from auscult.errors import AuscultError
from auscult.learner import accuracy
from auscult.learner.task import Task
from auscult.recipes.command import FitOptions, fit_options, main
from auscult.recipes.resnet import ResNet


def task(folder: str | Path, size: int = 128) -> Task:
    """Which class is it? The pictures of folder/train/CLASS to train on, those of folder/val/CLASS to validate on.

    Each picture is decoded when it is asked for, and scaled to size × size: of those to train a crop and a flip by
    chance, of those to validate the middle. Files that are no pictures are left out: `task.train.files.skipped`.
    Raises AuscultError where the folder is not such a one, or Pillow is not installed.
    """
    from auscult.recipes.pictures import Pictures, class_names, find_pictures

    root = Path(folder)
    for part in ("train", "val"):
        if not (root / part).is_dir():
            raise AuscultError(f"there is no folder {root / part}; give the one that has train/CLASS and val/CLASS")
    classes = class_names(root / "train")
    return Task(
        root.resolve().name,
        Pictures(find_pictures(root / "train", classes), size, random=True),
        Pictures(find_pictures(root / "val", classes), size),
        None,
        model=lambda: ResNet(3, len(classes), width=32, depth=(2, 2, 2, 2), stride=4 if size >= 96 else 1),
        loss=F.cross_entropy,
        metrics=(accuracy,),
    )


@click.command()
@click.argument("folder", type=click.Path())
@click.option("--size", metavar="N", type=click.IntRange(16), default=128, show_default=True, help="Pixels of a side.")
@click.option(
    "--workers", metavar="N", type=click.IntRange(0), default=0, show_default=True, help="Processes that read pictures."
)
@fit_options
def command(fit: FitOptions, folder: str, size: int, workers: int) -> None:
    """Train a residual network on a folder of photographs, with the one-cycle policy.

    FOLDER has train/CLASS/*.JPEG and val/CLASS/*.JPEG, as Imagenette unpacked has. Any format that Pillow reads will
    do; files that are no pictures are left out, and counted.

    \b
    python -m auscult.recipes.imagenette imagenette2-160 --workers 4
    """
    pictures = task(folder, size)
    skipped = [path for part in (pictures.train, pictures.valid) for path in part.files.skipped]  # type: ignore[attr-defined]
    if skipped:
        several = f"{len(skipped)} files are no pictures and left out, the first"
        click.echo(f"{several if len(skipped) > 1 else '1 file is no picture and left out:'} {skipped[0]}")
    fit.run(pictures, workers)


if __name__ == "__main__":
    main(command, "imagenette")
