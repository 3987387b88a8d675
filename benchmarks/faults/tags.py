"""Several questions about each digit: is it even, large, prime, round?"""

import torch
from torch.nn import functional as F

from data import load
from training import options, perceptron, train

args = options(depth=3, steps=400)
data = load(args)


def answers(y):
    """(batch,) digits to (batch, 4) yes or no."""
    sets = ((0, 2, 4, 6, 8), (5, 6, 7, 8, 9), (2, 3, 5, 7), (0, 3, 6, 8, 9))
    return torch.stack([torch.isin(y, torch.tensor(s)) for s in sets], 1).float()


data.y, data.held_y, data.classes = answers(data.y), answers(data.held_y), 2
train(args, perceptron(args, 64, 4), data, F.binary_cross_entropy_with_logits)
