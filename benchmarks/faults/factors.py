"""Users and things as embeddings: what does this one think of that?"""

import torch
from torch import nn
from torch.nn import functional as F

from data import load
from training import options, perceptron, train


class Factors(nn.Module):
    """The product of two embeddings, or a perceptron of both."""

    def __init__(self, args):
        super().__init__()
        self.users = nn.Embedding(100, args.code, sparse=args.optimizer == "sparse-adam")
        self.things = nn.Embedding(60, args.code, sparse=args.optimizer == "sparse-adam")
        self.layers = perceptron(args, 2 * args.code, 1) if args.mixed else None
        for table in (self.users, self.things):
            nn.init.normal_(table.weight, 0, args.spread)

    def forward(self, x):
        """Pairs (batch, 2) to ratings (batch,)."""
        users, things = self.users(x[:, 0]), self.things(x[:, 1])
        if self.layers is None:
            return (users * things).sum(1)
        return self.layers(torch.cat([users, things], 1)).squeeze(1)


args = options(data="ratings", code=8, mixed=1, spread=0.3, steps=500, batch=128, lr=0.01, width=32)
data = load(args)
train(args, Factors(args), data, F.mse_loss)
