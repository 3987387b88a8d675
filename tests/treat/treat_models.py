"""Badly initialised networks to treat, and what must not change when a remedy is refused."""

import copy
import itertools
import random

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from auscult.recipes.names import examples, read_names, split_names

SEED = 2147483647


def badly(model, std=1.0):
    """Every matrix from N(0, std²), every vector of a layer from N(0, 1)."""
    for module in model.modules():
        if isinstance(module, (nn.modules.batchnorm._NormBase, nn.LayerNorm)):
            continue
        for p in module.parameters(recurse=False):
            nn.init.normal_(p, 0.0, std if p.ndim > 1 else 1.0)
    return model


def mlp(sizes=(20, 32, 32, 5), activation=nn.Tanh, norm=None):
    layers = []
    for i, o in itertools.pairwise(sizes[:-1]):
        layers += [nn.Linear(i, o), *([norm(o)] if norm else []), activation()]
    return nn.Sequential(*layers, nn.Linear(*sizes[-2:]))


def cnn(norm):
    def block(i, o):
        return [nn.Conv2d(i, o, 3, padding=1), *([nn.BatchNorm2d(o)] if norm else []), nn.ReLU()]

    return nn.Sequential(
        *block(3, 16), *block(16, 32), nn.MaxPool2d(2), *block(32, 32), nn.Flatten(), nn.Linear(32 * 36, 10)
    )


class LanguageModel(nn.Module):
    def __init__(self, tied=False, norm_first=False, dropout=0.1):
        super().__init__()
        layer = nn.TransformerEncoderLayer(
            32, 4, 64, dropout, activation="gelu", batch_first=True, norm_first=norm_first
        )
        self.token, self.place = nn.Embedding(30, 32), nn.Embedding(16, 32)
        self.encoder = nn.TransformerEncoder(layer, 3, enable_nested_tensor=False)
        self.output = nn.Linear(32, 30)
        if tied:
            self.output.weight = self.token.weight

    def forward(self, x):
        mask = nn.Transformer.generate_square_subsequent_mask(x.shape[1])
        x = self.token(x) + self.place(torch.arange(x.shape[1]))
        return self.output(self.encoder(x, mask=mask, is_causal=True))


def by_token(outputs, targets):
    return F.cross_entropy(outputs.flatten(0, 1), targets.flatten())


def tokens(n=8, seed=0):
    g = torch.Generator().manual_seed(seed)
    return torch.randint(0, 30, (n, 16), generator=g), torch.randint(0, 30, (n, 16), generator=g)


def points(n=64, features=20, classes=5, seed=0, dtype=torch.float32):
    g = torch.Generator().manual_seed(seed)
    return torch.randn(n, features, generator=g, dtype=dtype), torch.randint(0, classes, (n,), generator=g)


def images(n=64, seed=0):
    g = torch.Generator().manual_seed(seed)
    return torch.randn(n, 3, 12, 12, generator=g), torch.randint(0, 10, (n,), generator=g)


def bad_char_mlp():
    """The lecture's network as it first is: everything from randn."""
    g = torch.Generator().manual_seed(SEED)
    shapes = {"C": (27, 10), "W1": (30, 200), "b1": (200,), "W2": (200, 27), "b2": (27,)}
    return {name: torch.randn(shape, generator=g).requires_grad_() for name, shape in shapes.items()}


def char_loss(parameters, x, y):
    C, W1, b1, W2, b2 = parameters.values()
    return F.cross_entropy(torch.tanh(C[x].flatten(1) @ W1 + b1) @ W2 + b2, y)


def train_split(names_file):
    """All training examples of the lecture's split, and its first batch of 32."""
    train, _, _ = split_names(read_names(names_file))
    g = torch.Generator().manual_seed(SEED)
    at = torch.randint(0, len(train.x), (32,), generator=g)
    return train, (train.x[at], train.y[at])


def few_names():
    return examples(["emma", "olivia", "ava", "isabella", "sophia"])


def everything(model):
    """All that a refused remedy must leave bit-identical."""
    tensors = dict(model.named_parameters()) if isinstance(model, nn.Module) else dict(model)
    buffers = dict(model.named_buffers()) if isinstance(model, nn.Module) else {}
    flags = [m.training for m in model.modules()] if isinstance(model, nn.Module) else []
    return copy.deepcopy(
        {
            "tensors": {n: (t.detach().clone(), t.requires_grad, t.grad) for n, t in tensors.items()},
            "buffers": {n: b.clone() for n, b in buffers.items()},
            "flags": flags,
            "torch": torch.get_rng_state(),
            "numpy": np.random.get_state()[1].tolist(),
            "python": random.getstate(),
        }
    ) | {"ids": [id(t) for t in (*tensors.values(), *buffers.values())]}


def assert_same(one, other):
    assert one.keys() == other.keys()
    for key, mine in one.items():
        assert_equal(mine, other[key], key)


def assert_equal(mine, theirs, where):
    if isinstance(mine, torch.Tensor):
        assert mine.dtype == theirs.dtype, where
        assert torch.equal(mine.nan_to_num(nan=77.0), theirs.nan_to_num(nan=77.0)), where
    elif isinstance(mine, dict):
        assert mine.keys() == theirs.keys(), where
        for key in mine:
            assert_equal(mine[key], theirs[key], f"{where}.{key}")
    elif isinstance(mine, (list, tuple)):
        assert len(mine) == len(theirs), where
        for a, b in zip(mine, theirs, strict=True):
            assert_equal(a, b, where)
    else:
        assert mine == theirs, where
