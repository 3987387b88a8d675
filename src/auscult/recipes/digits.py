"""Handwritten digits of 8 × 8 pixels, 1,797 of them, that come with scikit-learn: a real training in seconds."""

from __future__ import annotations

import click
import torch
import torch.nn.functional as F  # noqa: N812 - as everyone writes it
from torch import Tensor
from torch.utils.data import TensorDataset

from auscult.errors import AuscultError
from auscult.learner import accuracy
from auscult.learner.task import Task
from auscult.recipes.command import FitOptions, fit_options, main
from auscult.recipes.resnet import ResNet

TRAIN, VALID = 0.6, 0.2  # shares; the rest is to test


def read_digits() -> tuple[Tensor, Tensor]:
    """Pictures (1797, 1, 8, 8), float32 from 0 to 16, and the digits they are (1797,), int64.

    Raises AuscultError where scikit-learn is not installed.
    """
    try:
        from sklearn.datasets import load_digits
    except ModuleNotFoundError:
        raise AuscultError(
            "scikit-learn is not installed, the digits come with it; pip install auscult[demo]"
        ) from None
    values, labels = load_digits(return_X_y=True)  # (1797, 64), (1797,)
    return torch.from_numpy(values).float().view(-1, 1, 8, 8), torch.from_numpy(labels).long()


def split(labels: Tensor, seed: int) -> tuple[Tensor, Tensor, Tensor]:
    """Indices to train, to validate, to test: of every class the same shares, drawn by the seed."""
    g = torch.Generator().manual_seed(seed)
    parts: tuple[list[Tensor], ...] = ([], [], [])
    for label in labels.unique():
        of_class = torch.nonzero(labels == label).flatten()
        of_class = of_class[torch.randperm(len(of_class), generator=g)]
        first, second = round(TRAIN * len(of_class)), round((TRAIN + VALID) * len(of_class))
        for part, indices in zip(parts, of_class.tensor_split([first, second]), strict=True):
            part.append(indices)
    train, valid, test = (torch.cat(part) for part in parts)
    return train, valid, test


def task(seed: int = 0) -> Task:
    """Which digit is it? 1,078 pictures to train, 360 to validate, 359 to test.

    seed: of the split. Pictures have mean 0 and spread 1 over the training part.
    """
    pictures, labels = read_digits()
    train, valid, test = split(labels, seed)
    pictures = (pictures - pictures[train].mean()) / pictures[train].std()
    parts = [TensorDataset(pictures[part], labels[part]) for part in (train, valid, test)]
    return Task("digits", *parts, model=ResNet, loss=F.cross_entropy, metrics=(accuracy,))


@click.command()
@fit_options
def command(fit: FitOptions) -> None:
    """Train a small residual network on scikit-learn's digits, with the one-cycle policy.

    1,797 handwritten digits of 8 × 8 pixels; three epochs take a few seconds.

    \b
    python -m auscult.recipes.digits
    python -m auscult.recipes.digits --opt Momentum --lr 0.1 --epochs 5
    auscult run -m auscult.recipes.digits
    """
    fit.run(task())


if __name__ == "__main__":
    main(command, "digits")
