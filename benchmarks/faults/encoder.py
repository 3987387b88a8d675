"""PyTorch's own transformer encoder, with its norms behind the branches, reads digits row by row."""

import torch
from torch import nn

from data import load
from training import classify, options, train


class Reader(nn.Module):
    """Rows in, the scores of the digits out."""

    def __init__(self, args, classes):
        super().__init__()
        self.stem = nn.Linear(8, args.width)
        self.places = nn.Parameter(0.02 * torch.randn(8, args.width))
        layer = nn.TransformerEncoderLayer(
            args.width, 4, 2 * args.width, args.dropout, args.activation, batch_first=True, norm_first=bool(args.first)
        )
        self.encoder = nn.TransformerEncoder(layer, args.depth, enable_nested_tensor=False)
        self.head = nn.Linear(args.width, classes)

    def forward(self, x):
        """(batch, 8, 8) to (batch, classes)."""
        return self.head(self.encoder(self.stem(x) + self.places).mean(1))


args = options(data="rows", width=32, depth=2, steps=250, first=0, activation="relu", batch=32)
data = load(args)
train(args, Reader(args, data.classes), data, classify(args))
