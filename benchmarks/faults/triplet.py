"""Digits become points: those of one kind are to lie nearer to each other than to any other, by a margin."""

import torch
from torch.nn import functional as F

from data import load
from training import options, perceptron, train

args = options(code=8, steps=400, margin=1.0)
data = load(args)


def loss(points, y):
    """The margin that a triple of each with one of its kind and one of another kind lacks."""
    gaps = torch.cdist(points, points)
    alike = y[:, None] == y[None, :]
    near = torch.where(alike, gaps, 0.0).sum(1) / alike.sum(1)
    far = torch.where(alike, gaps.max().detach() + 1, gaps).min(1).values
    return F.relu(near - far + args.margin).mean()


train(args, perceptron(args, 64, args.code), data, loss)
