"""Handwritten digits of 28 × 28 pixels, from the files in which MNIST and its like come."""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from pathlib import Path

import click
import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - as everyone writes it
from torch import Tensor
from torch.utils.data import TensorDataset

from auscult.errors import AuscultError
from auscult.learner import accuracy
from auscult.learner.task import Task
from auscult.recipes.command import FitOptions, fit_options, main
from auscult.recipes.resnet import ResNet

# the third byte of an IDX file (yann.lecun.com/exdb/mnist); numbers are big-endian
IDX_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


def read_idx(path: str | Path) -> Tensor:
    """The tensor in an IDX file, plain or gzipped, with the file's own type and shape.

    The file is two zero bytes, one for the type, one for the number of dimensions, these as uint32, then the values.
    Raises AuscultError where it cannot be read, is of another format, or is longer or shorter than it says.
    """
    data = _read(Path(path))
    if len(data) < 4 or data[:2] != b"\0\0" or data[2] not in IDX_TYPES:
        raise AuscultError(
            f"{path} is no IDX file: it begins with the bytes {data[:4].hex(' ') or '(none)'}, not 00 00, a type and "
            "the number of dimensions; give one such as t10k-images-idx3-ubyte.gz"
        )
    dtype, dimensions = np.dtype(IDX_TYPES[data[2]]), data[3]
    begin = 4 + 4 * dimensions
    if len(data) < begin:
        raise AuscultError(f"{path} ends within its header, at {len(data)} of {begin} bytes; get it anew")
    shape = struct.unpack(f">{dimensions}I", data[4:begin])
    size = begin + math.prod(shape) * dtype.itemsize
    if len(data) != size:
        raise AuscultError(
            f"{path} says {' × '.join(map(str, shape))} values of {dtype.itemsize} bytes, {size:,} bytes in all, and "
            f"has {len(data):,}; get it anew"
        )
    values = np.frombuffer(data, dtype, offset=begin).reshape(shape)
    return torch.from_numpy(values.astype(dtype.newbyteorder("=")))


def task(
    images: str | Path, labels: str | Path, train: int = 8000, valid: int = 2000, test: int = 0, seed: int = 0
) -> Task:
    """Which class is it? So many pictures to train, to validate, to test, of those in two IDX files.

    images: uint8 (n, h, w). labels: integers (n,). seed: of the split; the pictures are shuffled first, because the
    second half of MNIST's test files is harder than the first. Pictures have mean 0 and spread 1 over the training
    part. Raises AuscultError where the files do not fit together, or hold fewer pictures than asked for.
    """
    pictures, targets = read_idx(images), read_idx(labels)
    if pictures.ndim != 3 or targets.ndim != 1 or len(pictures) != len(targets) or targets.is_floating_point():
        raise AuscultError(
            f"{images} holds {_told(pictures)} and {labels} {_told(targets)}; give pictures (n, height, width) and one "
            "integer label for each"
        )
    if min(train, valid) < 1 or test < 0 or train + valid + test > len(pictures):
        raise AuscultError(
            f"{images} holds {len(pictures):,} pictures, not {train:,} to train, {valid:,} to validate and {test:,} to "
            "test; ask for fewer, and for one at least to train and to validate"
        )
    targets = targets.long()
    if targets.min() < 0:
        raise AuscultError(f"{labels} holds the label {int(targets.min())}; classes are numbered from 0")
    order = torch.randperm(len(pictures), generator=torch.Generator().manual_seed(seed))
    first, second, third = order[: train + valid + test].split([train, valid, test])
    mean, std = pictures[first].double().mean(), pictures[first].double().std()
    if not std > 0:
        raise AuscultError(f"every pixel in {images} is the same; give pictures that differ")

    def part(indices: Tensor) -> TensorDataset:
        normalised = ((pictures[indices].float() - mean.float()) / std.float()).unsqueeze(1)  # (n, 1, h, w)
        return TensorDataset(normalised, targets[indices])

    classes = int(targets.max()) + 1
    return Task(
        "mnist", part(first), part(second), part(third) if test else None,
        model=lambda: ResNet(classes=classes), loss=F.cross_entropy, metrics=(accuracy,),
    )  # fmt: skip


def _read(path: Path) -> bytes:
    try:
        data = path.read_bytes()
        return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    except (gzip.BadGzipFile, EOFError, zlib.error) as e:
        raise AuscultError(f"{path} is damaged: {e}; get it anew") from None
    except OSError as e:
        raise AuscultError(f"cannot read {path}: {e.strerror}; give an IDX file, plain or gzipped") from None


def _told(values: Tensor) -> str:
    return f"{str(values.dtype).removeprefix('torch.')} of shape {tuple(values.shape)}"


@click.command()
@click.argument("images", type=click.Path())
@click.argument("labels", type=click.Path())
@click.option(
    "--train", metavar="N", type=click.IntRange(1), default=8000, show_default=True, help="Pictures to train on."
)
@click.option(
    "--valid", metavar="N", type=click.IntRange(1), default=2000, show_default=True, help="Pictures to validate on."
)
@click.option(
    "--test", metavar="N", type=click.IntRange(0), default=0, show_default=True, help="Pictures to test on at the end."
)
@fit_options
def command(fit: FitOptions, images: str, labels: str, train: int, valid: int, test: int) -> None:
    """Train a small residual network on MNIST's digits, with the one-cycle policy.

    IMAGES and LABELS are IDX files, gzipped or not: those of MNIST, Fashion-MNIST and their like. Three epochs of
    8,000 pictures take about a minute.

    \b
    python -m auscult.recipes.mnist train-images-idx3-ubyte.gz \\
        train-labels-idx1-ubyte.gz --test 10000
    """
    fit.run(task(images, labels, train, valid, test))


if __name__ == "__main__":
    main(command, "mnist")
