"""First names, as examples for a model of characters: which letter follows these three?"""

from __future__ import annotations

import random
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import torch
from torch import Tensor

from auscult.errors import AuscultError

ALPHABET = ".abcdefghijklmnopqrstuvwxyz"  # the point begins and ends a name
CONTEXT = 3  # letters a prediction sees


@dataclass(frozen=True)
class Split:
    """Examples: contexts (n, CONTEXT) and the letters that follow (n,), both int64 indices into ALPHABET."""

    x: Tensor
    y: Tensor


def read_names(path: str | Path | None = None) -> list[str]:
    """The names of a file, one a line; without one, the first names of the US census that the `names` package holds.

    Raises AuscultError where neither is there.
    """
    if path is not None:
        try:
            return Path(path).read_text(encoding="utf-8").split()
        except OSError as e:
            raise AuscultError(
                f"cannot read the names in {path}: {e.strerror}; give a file with one name a line"
            ) from None
    try:
        files = [resources.files("names") / f"dist.{who}.first" for who in ("female", "male")]
    except ModuleNotFoundError:
        raise AuscultError(
            "the names package is not installed; `pip install auscult[demo]`, or give a file of names"
        ) from None
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return list(dict.fromkeys(line.split()[0].lower() for line in lines))


def split_names(names: list[str], seed: int = 42) -> tuple[Split, Split, Split]:
    """Shuffle the names and split them 80/10/10 into examples to train, to validate, to test."""
    shuffled = list(names)
    random.Random(seed).shuffle(shuffled)
    first, second = int(0.8 * len(shuffled)), int(0.9 * len(shuffled))
    return examples(shuffled[:first]), examples(shuffled[first:second]), examples(shuffled[second:])


def examples(names: list[str]) -> Split:
    """Every letter of every name, and its end, with the CONTEXT letters before it."""
    index = {letter: i for i, letter in enumerate(ALPHABET)}
    contexts, following = [], []
    for name in names:
        context = [0] * CONTEXT
        for letter in f"{name}.":
            contexts.append(context)
            following.append(index[letter])
            context = [*context[1:], index[letter]]
    return Split(torch.tensor(contexts), torch.tensor(following))
