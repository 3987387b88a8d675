"""Pictures from files: found in a folder of classes, decoded one by one when they are asked for, cropped by chance."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset, Sampler

from auscult.errors import AuscultError

try:
    from PIL import Image, ImageOps
except ModuleNotFoundError:
    raise AuscultError("Pillow is not installed, which reads pictures; pip install auscult[demo]") from None

# of ImageNet's pictures, red, green and blue from 0 to 1 (pytorch.org/vision/stable/models.html)
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
AREA, ASPECT, TRIES = (0.35, 1.0), (3 / 4, 4 / 3), 10  # of a crop by chance, as fastai's RandomResizedCrop
CENTRE = 224 / 256  # of the shorter side: the crop to validate on
_DAMAGED = (OSError, SyntaxError, ValueError, Image.DecompressionBombError)  # what Pillow raises for bad files
Box = tuple[float, float, float, float]  # left, upper, right, lower, in pixels


@dataclass(frozen=True)
class Files:
    """Picture files and their classes, and the files in the class folders that are no pictures, which are left out."""

    paths: tuple[Path, ...]
    labels: tuple[int, ...]
    skipped: tuple[Path, ...]


def class_names(folder: Path) -> list[str]:
    """The names of the folders in a folder, sorted. Raises AuscultError where there are none."""
    try:
        found = sorted(p.name for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))
    except OSError as e:
        raise AuscultError(f"cannot read {folder}: {e.strerror}; give a folder with one of pictures a class") from None
    if not found:
        raise AuscultError(f"{folder} has no folders in it; give one that has a folder of pictures for each class")
    return found


def find_pictures(folder: Path, classes: Sequence[str]) -> Files:
    """The pictures of folder/CLASS/*, sorted; what Pillow does not know as a picture is skipped.

    A picture whose header is whole and whose data is not is found when it is read. Raises AuscultError where a class
    has no picture, or the folder has another class.
    """
    unknown = sorted(set(class_names(folder)) - set(classes))
    if unknown:
        raise AuscultError(f"{folder} has a class {unknown[0]} that is not trained on; the classes are {_few(classes)}")
    paths, labels, skipped = [], [], []
    for label, name in enumerate(classes):
        files = sorted(p for p in (folder / name).glob("*") if p.is_file() and not p.name.startswith("."))
        there = [path for path in files if _is_picture(path)]
        if not there:
            raise AuscultError(f"{folder / name} holds no picture; put some there, or remove the class")
        paths += there
        labels += [label] * len(there)
        skipped += sorted(set(files) - set(there))
    return Files(tuple(paths), tuple(labels), tuple(skipped))


class Pictures(Dataset[tuple[Tensor, int]]):
    """Pictures (3, size, size), float32, normalised as ImageNet's are, with their classes.

    random: crop and flip by chance. An index alone draws from torch's stream, a worker's own in a DataLoader's workers;
    (index, draw) goes by the number `draw` and nothing else, so the same pair is the same picture in any process.
    Otherwise the middle of the picture, by an index alone.

    Raises AuscultError where a picture is damaged.
    """

    def __init__(self, files: Files, size: int, random: bool = False) -> None:
        self.files, self.size, self.random = files, size, random

    def __len__(self) -> int:
        return len(self.files.paths)

    def __getitem__(self, at: int | tuple[int, int]) -> tuple[Tensor, int]:
        index, draw = at if isinstance(at, tuple) else (at, None)
        picture = read_rgb(self.files.paths[index])
        flip = False
        if self.random:
            g = torch.Generator().manual_seed(int(torch.randint(2**62, ())) if draw is None else draw)
            box, flip = random_crop(*picture.size, g), bool(torch.rand((), generator=g) < 0.5)
        else:
            box = centre_crop(*picture.size)
        picture = picture.resize((self.size, self.size), Image.Resampling.BILINEAR, box, reducing_gap=2.0)
        values = torch.from_numpy(np.array(picture)).permute(2, 0, 1).float() / 255  # (3, size, size)
        values = (values - torch.tensor(MEAN).view(3, 1, 1)) / torch.tensor(STD).view(3, 1, 1)
        return values.flip(2) if flip else values, self.files.labels[index]

    def order(self, generator: torch.Generator) -> Sampler[Any]:
        """A random order, and for each picture a number by which to crop it where that is by chance."""
        return Draws(len(self), generator)


class Draws(Sampler[tuple[int, int]]):
    """(index, draw) in a random order: what is random about an example is decided here, whichever process reads it."""

    def __init__(self, size: int, generator: torch.Generator) -> None:
        self.size, self.generator = size, generator

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[tuple[int, int]]:
        order = torch.randperm(self.size, generator=self.generator).tolist()
        draws = torch.randint(2**62, (self.size,), generator=self.generator).tolist()
        return iter(list(zip(order, draws, strict=True)))


def read_rgb(path: Path) -> Image.Image:
    """A picture file in red, green and blue, upright as its EXIF data says, what is transparent on white.

    Raises AuscultError where it cannot be decoded to the end.
    """
    try:
        with Image.open(path) as picture:
            picture.load()
            return _rgb(ImageOps.exif_transpose(picture))
    except _DAMAGED as e:
        raise AuscultError(f"cannot read the picture {path}: {e}; get it anew, or remove it") from None


def random_crop(width: int, height: int, generator: torch.Generator) -> Box:
    """A box of an area and an aspect ratio drawn from AREA and, evenly in its log, ASPECT, anywhere in the picture.

    Where TRIES such boxes do not fit, the largest square in the middle.
    """
    for _ in range(TRIES):
        a, b, x, y = torch.rand(4, generator=generator).tolist()
        area = width * height * (AREA[0] + a * (AREA[1] - AREA[0]))
        aspect = math.exp(math.log(ASPECT[0]) + b * (math.log(ASPECT[1]) - math.log(ASPECT[0])))
        w, h = math.sqrt(area * aspect), math.sqrt(area / aspect)
        if w <= width and h <= height:
            left, upper = x * (width - w), y * (height - h)
            return left, upper, min(left + w, width), min(upper + h, height)
    return centre_crop(width, height, 1.0)


def centre_crop(width: int, height: int, share: float = CENTRE) -> Box:
    """The square in the middle, as long as that share of the shorter side."""
    side = share * min(width, height)
    left, upper = (width - side) / 2, (height - side) / 2
    return left, upper, left + side, upper + side


def _rgb(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):  # 16 bits of grey: Pillow would cut every value off at 255
        return Image.fromarray((np.asarray(picture) >> 8).clip(0, 255).astype(np.uint8)).convert("RGB")
    if picture.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    return picture.convert("RGB")


def _is_picture(path: Path) -> bool:
    try:
        with Image.open(path):
            return True
    except _DAMAGED as e:
        if isinstance(e, OSError) and e.errno is not None:  # the file's own trouble, not its content's
            raise AuscultError(f"cannot read {path}: {e.strerror}; make it readable, or remove it") from None
        return False


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
