"""A stream of rows that layers add to, across rows and within them, and in the end a digit (MLP-Mixer)."""

from torch import nn

from data import load
from training import ACTIVATIONS, classify, options, train


class Mix(nn.Module):
    """Two perceptrons, one across the rows and one within each, added to what came in."""

    def __init__(self, args, rows):
        super().__init__()
        width, made = args.width, ACTIVATIONS[args.activation]
        self.norm1, self.norm2 = (nn.Identity() if args.norm == "none" else nn.LayerNorm(width) for _ in range(2))
        self.across = nn.Sequential(nn.Linear(rows, 2 * rows), made(), nn.Linear(2 * rows, rows))
        self.within = nn.Sequential(nn.Linear(width, 2 * width), made(), nn.Linear(2 * width, width))

    def forward(self, x):
        """(batch, rows, width) to the same."""
        x = x + self.across(self.norm1(x).transpose(1, 2)).transpose(1, 2)
        return x + self.within(self.norm2(x))


class Mixer(nn.Module):
    """(batch, 8, 8) to scores."""

    def __init__(self, args, classes):
        super().__init__()
        self.stem = nn.Linear(8, args.width)
        self.blocks = nn.Sequential(*[Mix(args, 8) for _ in range(args.depth)])
        self.norm = nn.Identity() if args.norm == "none" else nn.LayerNorm(args.width)
        self.head = nn.Linear(args.width, classes)

    def forward(self, x):
        """(batch, rows, features) to (batch, classes)."""
        return self.head(self.norm(self.blocks(self.stem(x))).mean(1))


args = options(data="rows", width=32, depth=2, norm="layer", activation="gelu", steps=300)
data = load(args)
train(args, Mixer(args, data.classes), data, classify(args))
