"""Two noisy views of a digit are to be found among those of others (InfoNCE)."""

import torch
from torch.nn import functional as F

from data import load
from training import options, perceptron, train

args = options(code=16, steps=400, temperature=0.2, noise=0.5)
data = load(args)


def views(x, y):
    """(batch, 64) to two views of each, (2 batch, 64); no labels are needed."""
    noise = args.noise * x.std()
    return torch.cat([x + noise * torch.randn_like(x), x + noise * torch.randn_like(x)]), y


def loss(codes, _):
    """How badly the other view of each is found."""
    one, other = (F.normalize(half, dim=1) for half in codes.chunk(2))
    if args.shuffled:
        other = other[torch.randperm(len(other))]
    return F.cross_entropy(one @ other.T / args.temperature, torch.arange(len(one)))


train(args, perceptron(args, data.x.shape[1], args.code), data, loss, prepare=views)
