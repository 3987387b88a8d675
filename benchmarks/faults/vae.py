"""A variational autoencoder of digits: the error of what it draws, and how far its codes are from a normal one's."""

import torch
from torch import nn

from data import load
from training import options, perceptron, train


class Variational(nn.Module):
    """A perceptron to mean and log variance of a code, and one back."""

    def __init__(self, args):
        super().__init__()
        self.down, self.up = perceptron(args, 64, 2 * args.code), perceptron(args, args.code, 64)

    def forward(self, x):
        """(batch, 64) to what is drawn, (batch, 64), and mean and log variance, (batch, code)."""
        mean, log_var = self.down(x).chunk(2, 1)
        return self.up(mean + (0.5 * log_var).exp() * torch.randn_like(mean)), mean, log_var


def loss(out, x):
    """Minus the bound on the log likelihood, a digit."""
    drawn, mean, log_var = out
    far = 0.5 * (mean.square() + log_var.exp() - 1 - log_var).sum(1).mean()
    return 0.5 * (drawn - x).square().sum(1).mean() + far


args = options(code=6, width=64, depth=1, steps=400, lr=2e-3)
data = load(args)
data.y, data.held_y, data.classes = data.x, data.held_x, 0
if args.shuffled:  # each is asked to draw another one
    data.y = data.y[torch.randperm(len(data.y))]
train(args, Variational(args), data, loss)
