"""A small transformer: names letter by letter, or digits row by row."""

import torch
from torch import nn
from torch.nn import functional as F

from data import load
from training import ACTIVATIONS, options, train


class Block(nn.Module):
    """Attention and two layers, each added to what came in; norms before them, or none."""

    def __init__(self, args, causal):
        super().__init__()
        width = args.width
        self.norm1, self.norm2 = (nn.Identity() if args.norm == "none" else nn.LayerNorm(width) for _ in range(2))
        self.mixed, self.back = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)
        self.activation, self.dropout, self.causal = ACTIVATIONS[args.activation](), nn.Dropout(args.dropout), causal

    def forward(self, x):
        """(batch, time, width) to the same."""
        q, k, v = (t.unflatten(-1, (4, -1)).transpose(1, 2) for t in self.mixed(self.norm1(x)).chunk(3, -1))
        heads = F.scaled_dot_product_attention(q, k, v, is_causal=self.causal)
        x = x + self.dropout(self.back(heads.transpose(1, 2).flatten(2)))
        return x + self.dropout(self.down(self.activation(self.up(self.norm2(x)))))


class Transformer(nn.Module):
    """Letters to the scores of the next, or rows to those of the digit."""

    def __init__(self, args, letters, classes):
        super().__init__()
        self.letters = nn.Embedding(27, args.width) if letters else nn.Linear(8, args.width)
        self.places = nn.Parameter(0.02 * torch.randn(13, args.width))
        self.blocks = nn.Sequential(*[Block(args, causal=letters) for _ in range(args.depth)])
        self.norm = nn.LayerNorm(args.width)
        self.head = nn.Linear(args.width, classes, bias=False)
        self.read_letters = letters
        if letters:
            nn.init.normal_(self.letters.weight, 0, args.spread)
            if args.tied:
                self.head.weight = self.letters.weight

    def forward(self, x):
        """(batch, time, …) to (batch, classes, time), or of the whole to (batch, classes)."""
        h = self.norm(self.blocks(self.letters(x) + self.places[: x.shape[1]]))
        return self.head(h).transpose(1, 2) if self.read_letters else self.head(h.mean(1))


args = options(
    data="names", width=32, depth=2, norm="layer", activation="gelu", tied=0, spread=0.02, steps=250, batch=32
)
data = load(args)
model = Transformer(args, not data.x.is_floating_point(), data.classes)
train(args, model, data, lambda scores, y: F.cross_entropy(scores, y, ignore_index=-1, label_smoothing=args.smoothing))
