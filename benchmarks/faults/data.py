"""The data the scripts train on: small real sets, and what can be wrong with them."""

import gzip
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor


@dataclass
class Data:
    """Examples to train on, and others to be judged by; `classes` is 0 where the targets are numbers."""

    x: Tensor  # (examples, …)
    y: Tensor  # (examples,) classes, or (examples, targets)
    held_x: Tensor
    held_y: Tensor
    classes: int = 0


def load(args):
    """The set that `args.data` names, spoiled as `args` says."""
    data = SETS[args.data]()
    data.x, data.y = data.x[: args.examples], data.y[: args.examples]
    if data.x.is_floating_point():
        scale = torch.full(data.x.shape[1:], args.input_scale)
        if args.input_spread:  # features of very different scale
            scale = scale.flatten() * torch.logspace(0, args.input_spread, scale.numel())
            scale = scale.view(data.x.shape[1:])
        data.x, data.held_x = data.x * scale + args.input_shift, data.held_x * scale + args.input_shift
        data.x[torch.randperm(len(data.x))[: args.missing], ..., 0] = torch.nan
    data.y, data.held_y = data.y + args.target_shift, data.held_y + args.target_shift
    if args.target_scale != 1:
        data.y, data.held_y = data.y * args.target_scale, data.held_y * args.target_scale
    wrong = torch.randperm(len(data.y))[: round(args.shuffled * len(data.y))]
    data.y[wrong] = data.y[wrong[torch.randperm(len(wrong))]]
    return data


def _table(name, classes=0):
    from sklearn import datasets

    found = getattr(datasets, f"load_{name}")()
    x, y = torch.tensor(found.data).float(), torch.tensor(found.target)
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(0))
    x, y = x[order], y[order]
    split = len(x) * 4 // 5
    if name == "digits":
        x = (x - 4.9) / 6.0
    else:
        x = (x - x[:split].mean(0)) / x[:split].std(0)
    if classes > 2:
        y = y.long()
    else:
        y = y.float().unsqueeze(1)
        y = y if classes else (y - y[:split].mean()) / y[:split].std()
    return Data(x[:split], y[:split], x[split:], y[split:], classes)


def _digits_as(*shape):
    def read():
        data = _table("digits", 10)
        data.x, data.held_x = data.x.view(-1, *shape), data.held_x.view(-1, *shape)
        return data

    return read


def _bright_digits():
    """Pixels from 0 to 1."""
    data = _table("digits", 10)
    data.x, data.held_x = (data.x * 6 + 4.9) / 16, (data.held_x * 6 + 4.9) / 16
    return data


def _curves():
    """A function of ten features, with noise: Friedman's first."""
    g = torch.Generator().manual_seed(0)
    x = torch.rand(2500, 10, generator=g)
    y = 10 * torch.sin(torch.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2 + 10 * x[:, 3] + 5 * x[:, 4]
    y = (y + torch.randn(2500, generator=g)).unsqueeze(1)
    x, y = (x - 0.5) * 12**0.5, (y - y.mean()) / y.std()
    return Data(x[:2000], y[:2000], x[2000:], y[2000:])


def _ratings():
    """Pairs of one of 100 users and one of 60 things, and what the one thinks of the other."""
    g = torch.Generator().manual_seed(0)
    x = torch.stack([torch.randint(0, n, (12000,), generator=g) for n in (100, 60)], 1)
    users, things = torch.randn(100, 2, generator=g), torch.randn(60, 2, generator=g)
    y = (users[x[:, 0]] * things[x[:, 1]]).sum(1) / 2**0.5 + 0.2 * torch.randn(12000, generator=g)
    return Data(x[:10000], y[:10000], x[10000:], y[10000:])


def _waves(speed=False):
    """Waves of four kinds, of any speed and beginning, with noise: (2400, 1, 64); or how fast each is."""
    g = torch.Generator().manual_seed(0)
    y, rate = torch.randint(0, 4, (2400,), generator=g), 2 + 6 * torch.rand(2400, generator=g)
    turn = rate[:, None] * torch.arange(64) / 64 + torch.rand(2400, 1, generator=g)
    kinds = torch.stack([(2 * torch.pi * turn).sin() * 2**0.5, (turn % 1 < 0.5) * 2.0 - 1, (turn % 1 - 0.5) * 12**0.5,
                         (4 * (turn % 1 - 0.5).abs() - 1) * 3**0.5])  # fmt: skip
    x = (kinds[y, torch.arange(2400)] + 0.5 * torch.randn(2400, 64, generator=g)).unsqueeze(1)
    if speed:
        y = ((rate - 5) / 3**0.5).unsqueeze(1)
    return Data(x[:2000], y[:2000], x[2000:], y[2000:], 0 if speed else 4)


def _curve_ahead():
    """Windows of 24 values of a curve made of two waves, and the value three steps after each."""
    t = torch.arange(3000)
    curve = (2 * torch.pi * t / 17).sin() + (2 * torch.pi * t / 29).sin()
    curve = curve + 0.1 * torch.randn(3000, generator=torch.Generator().manual_seed(0))
    x, y = curve[:-3].unfold(0, 24, 1)[:2900], curve[26:][:2900]
    return Data(x[:2400, :, None], y[:2400, None], x[2400:, :, None], y[2400:, None])


def _mnist():
    """Ten thousand handwritten digits, read from the folder that MNIST_DIR names."""
    images, labels = (
        gzip.decompress(next(Path(os.environ["MNIST_DIR"]).glob(f"*t10k-{part}-ubyte.gz")).read_bytes())
        for part in ("images-idx3", "labels-idx1")
    )
    x = torch.tensor(np.frombuffer(images, np.uint8, offset=16).reshape(-1, 1, 28, 28) / 255 - 0.13).float() / 0.31
    y = torch.tensor(np.frombuffer(labels, np.uint8, offset=8)).long()
    return Data(x[:8000], y[:8000], x[8000:], y[8000:], 10)


def read_names():
    """First names, one a line of the file that NAMES_FILE names, or those of the package `names`."""
    if "NAMES_FILE" in os.environ:
        return Path(os.environ["NAMES_FILE"]).read_text().split()
    import names

    lists = [Path(names.FILES[f"first:{sex}"]).read_text().splitlines() for sex in ("male", "female")]
    return sorted({line.split()[0].lower() for lines in lists for line in lines})


def _names(context=None):
    """Letters and the one that follows: windows of `context`, or whole names of up to 12 letters, padded with -1."""
    words = read_names()
    words = [words[i] for i in torch.randperm(len(words), generator=torch.Generator().manual_seed(0))][:3000]
    x, y = [], []
    for word in words:
        ids = [ord(c) - 96 for c in word[:12]]
        if context is None:
            x.append([0, *ids] + [0] * (12 - len(ids)))
            y.append([*ids, 0] + [-1] * (12 - len(ids)))
        else:
            padded = [0] * context + ids + [0]
            x += [padded[i : i + context] for i in range(len(ids) + 1)]
            y += padded[context:]
    x, y = torch.tensor(x), torch.tensor(y)
    split = len(x) * 4 // 5
    return Data(x[:split], y[:split], x[split:], y[split:], 27)


SETS = {
    "digits": lambda: _table("digits", 10),
    "bright-digits": _bright_digits,
    "wine": lambda: _table("wine", 3),
    "cancer": lambda: _table("breast_cancer", 2),
    "diabetes": lambda: _table("diabetes"),
    "curves": _curves,
    "pictures": _digits_as(1, 8, 8),
    "rows": _digits_as(8, 8),
    "pixels": _digits_as(64, 1),
    "ratings": _ratings,
    "names": _names,
    "letters": lambda: _names(3),
    "waves": _waves,
    "wave-speed": lambda: _waves(speed=True),
    "curve-ahead": _curve_ahead,
    "mnist": _mnist,
}
