"""The lecture's deep net on names: five hidden layers of tanh and an output layer, with or without batch norm."""

import random

import torch
import torch.nn.functional as F

EMBEDDING, HIDDEN, CONTEXT, VOCABULARY = 10, 100, 3, 27


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
        self.mean, self.var, self.training = torch.zeros(dim), torch.ones(dim), True

    def __call__(self, x):
        if self.training:
            mean, var = x.mean(0, keepdim=True), x.var(0, keepdim=True)
            with torch.no_grad():
                self.mean = 0.9 * self.mean + 0.1 * mean
                self.var = 0.9 * self.var + 0.1 * var
        else:
            mean, var = self.mean, self.var
        return self.gamma * (x - mean) / torch.sqrt(var + 1e-5) + self.beta

    def parameters(self):
        return [self.gamma, self.beta]


class Tanh:
    def __call__(self, x):
        return torch.tanh(x)

    def parameters(self):
        return []


def splits(path):
    """Contexts and the letters that follow, for training and for validation."""
    words = path.read_text().splitlines()
    letters = {c: i + 1 for i, c in enumerate(sorted(set("".join(words))))} | {".": 0}
    random.Random(42).shuffle(words)
    n1, n2 = int(0.8 * len(words)), int(0.9 * len(words))
    return [examples(words[:n1], letters), examples(words[n1:n2], letters)]


def examples(words, letters):
    contexts, following = [], []
    for word in words:
        context = [0] * CONTEXT
        for letter in word + ".":
            contexts.append(context)
            following.append(letters[letter])
            context = [*context[1:], letters[letter]]
    return torch.tensor(contexts), torch.tensor(following)


class DeepNet:
    def __init__(self, norm=False, gain=5 / 3):
        self.g = g = torch.Generator().manual_seed(2147483647)
        self.table = torch.randn((VOCABULARY, EMBEDDING), generator=g)
        self.layers = []
        for i in range(5):
            self.layers.append(Linear(EMBEDDING * CONTEXT if i == 0 else HIDDEN, HIDDEN, g, bias=not norm))
            if norm:
                self.layers.append(BatchNorm(HIDDEN))
            self.layers.append(Tanh())
        self.layers.append(Linear(HIDDEN, VOCABULARY, g, bias=not norm))
        if norm:
            self.layers.append(BatchNorm(VOCABULARY))
        with torch.no_grad():
            if norm:
                self.layers[-1].gamma *= 0.1
            else:
                self.layers[-1].weight *= 0.1
                for layer in self.layers[:-1]:
                    if isinstance(layer, Linear):
                        layer.weight *= gain
        self.parameters = [self.table] + [p for layer in self.layers for p in layer.parameters()]
        for p in self.parameters:
            p.requires_grad = True

    def names(self):
        """A name for each parameter: C, then W0 b0 and so on, g and n for those of a batch norm."""
        named, depth = {"C": self.table}, -1
        for layer in self.layers:
            depth += isinstance(layer, Linear)
            for letter, p in zip("gn" if isinstance(layer, BatchNorm) else "Wb", layer.parameters(), strict=False):
                named[f"{letter}{depth}"] = p
        return named

    def loss(self, x, y):
        h = self.table[x].view(len(x), -1)
        for layer in self.layers:
            h = layer(h)
        return F.cross_entropy(h, y)

    def train(self, x, y, steps, lr=0.1):
        for _ in range(steps):
            at = torch.randint(0, len(x), (32,), generator=self.g)
            loss = self.loss(x[at], y[at])
            for p in self.parameters:
                p.grad = None
            loss.backward()
            for p in self.parameters:
                p.data += -lr * p.grad

    def evaluate(self, x, y):
        for layer in self.layers:
            layer.training = False
        with torch.no_grad():
            return self.loss(x, y).item()
