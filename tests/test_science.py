"""The published figures of the deep net on names: update ratios, layer by layer, in three settings."""

import random

import numpy as np
import pytest
import torch
import torch.nn.functional as F

import auscult
from auscult.runs import quantities as q

EMBEDDING, HIDDEN, CONTEXT, VOCABULARY = 10, 100, 3, 27

# mean of the last 100 of 1,000 steps, log10: the embedding, five hidden layers, the output layer
FIGURES = {
    "gain 5/3, lr .1": (False, 0.1, [-2.961, -2.519, -2.338, -2.409, -2.420, -2.485, -1.490]),
    "gain 5/3, lr .001": (False, 0.001, [-5.474, -5.037, -4.831, -4.938, -5.000, -5.134, -2.734]),
    "batch norm, lr .1": (True, 0.1, [-3.105, -2.294, -2.140, -2.210, -2.232, -2.259, -1.959]),
}


class Linear:
    def __init__(self, fan_in, fan_out, g, bias):
        self.weight = torch.randn((fan_in, fan_out), generator=g) / fan_in**0.5
        self.bias = torch.zeros(fan_out) if bias else None

    def __call__(self, x):
        x = x @ self.weight
        return x if self.bias is None else x + self.bias

    def parameters(self):
        return [self.weight] + ([] if self.bias is None else [self.bias])


class BatchNorm:
    def __init__(self, dim):
        self.gamma = torch.ones(dim)
        self.beta = torch.zeros(dim)

    def __call__(self, x):
        normal = (x - x.mean(0, keepdim=True)) / torch.sqrt(x.var(0, keepdim=True) + 1e-5)
        return self.gamma * normal + self.beta

    def parameters(self):
        return [self.gamma, self.beta]


class Tanh:
    def __call__(self, x):
        return torch.tanh(x)

    def parameters(self):
        return []


def training_examples(path):
    words = path.read_text().splitlines()
    letters = {c: i + 1 for i, c in enumerate(sorted(set("".join(words))))} | {".": 0}
    random.Random(42).shuffle(words)
    contexts, following = [], []
    for word in words[: int(0.8 * len(words))]:
        context = [0] * CONTEXT
        for letter in word + ".":
            contexts.append(context)
            following.append(letters[letter])
            context = [*context[1:], letters[letter]]
    return torch.tensor(contexts), torch.tensor(following)


def deep_net(norm):
    g = torch.Generator().manual_seed(2147483647)
    table = torch.randn((VOCABULARY, EMBEDDING), generator=g)
    layers = []
    for i in range(5):
        layers.append(Linear(EMBEDDING * CONTEXT if i == 0 else HIDDEN, HIDDEN, g, bias=not norm))
        if norm:
            layers.append(BatchNorm(HIDDEN))
        layers.append(Tanh())
    layers.append(Linear(HIDDEN, VOCABULARY, g, bias=not norm))
    if norm:
        layers.append(BatchNorm(VOCABULARY))
    with torch.no_grad():
        if norm:
            layers[-1].gamma *= 0.1
        else:
            layers[-1].weight *= 0.1
            for layer in layers[:-1]:
                if isinstance(layer, Linear):
                    layer.weight *= 5 / 3
    parameters = [table] + [p for layer in layers for p in layer.parameters()]
    for p in parameters:
        p.requires_grad = True
    return g, table, layers, parameters


@pytest.mark.parametrize(("norm", "lr", "figures"), FIGURES.values(), ids=FIGURES.keys())
def test_update_ratios_of_the_deep_net(names_file, norm, lr, figures):
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    x, y = training_examples(names_file)
    assert len(x) == 182_625
    g, table, layers, parameters = deep_net(norm)
    assert sum(p.numel() for p in parameters) == (47_024 if norm else 46_497)
    with auscult.watch({str(i): p for i, p in enumerate(parameters)}, every=1) as recorder:
        for _ in range(1000):
            at = torch.randint(0, len(x), (32,), generator=g)
            h = table[x[at]].view(32, -1)
            for layer in layers:
                h = layer(h)
            loss = F.cross_entropy(h, y[at])
            for p in parameters:
                p.grad = None
            loss.backward()
            for p in parameters:
                p.data += -lr * p.grad
    run = recorder.run
    matrices = [p.name for p in run.parameters if p.kind in ("matrix", "embedding")]
    for quantity in (q.RATIO, q.RATIO_LECTURE):
        got = [run.series(quantity, name).values[-100:].mean() for name in matrices]
        np.testing.assert_allclose(got, figures, atol=0.01, err_msg=quantity)
    torch.set_num_threads(threads)
