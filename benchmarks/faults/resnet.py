"""A small residual network that tells digits apart."""

from torch import nn
from torch.nn import functional as F

from data import load
from training import ACTIVATIONS, classify, has_bias, norm, options, train


class Block(nn.Module):
    """Two convolutions and a way around them."""

    def __init__(self, args, inputs, outputs):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1, bias=has_bias(args))
        self.norm1 = nn.Sequential(*norm(args, outputs, pictures=True))
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=has_bias(args))
        self.norm2 = nn.Sequential(*norm(args, outputs, pictures=True))
        self.around = nn.Identity() if inputs == outputs else nn.Conv2d(inputs, outputs, 1)
        self.activation = ACTIVATIONS[args.activation]()
        if args.zero_branch and args.norm != "none":
            nn.init.zeros_(self.norm2[0].weight)

    def forward(self, x):
        """(batch, inputs, side, side) to (batch, outputs, side, side)."""
        inner = self.norm2(self.conv2(self.activation(self.norm1(self.conv1(x)))))
        return self.activation(inner + self.around(x))


class Residual(nn.Module):
    """Blocks, pooled in between, and an output layer."""

    def __init__(self, args, classes):
        super().__init__()
        widths = [args.width * 2 ** min(i, 1) for i in range(args.depth)]
        self.stem = nn.Conv2d(1, args.width, 3, padding=1)
        self.blocks = nn.ModuleList(Block(args, a, b) for a, b in zip([args.width, *widths[:-1]], widths, strict=True))
        self.dropout = nn.Dropout(args.dropout)
        self.head = nn.Linear(widths[-1], classes)

    def forward(self, x):
        """Pictures (batch, 1, side, side) to scores (batch, classes)."""
        x = self.stem(x)
        for i, block in enumerate(self.blocks):
            x = block(x)
            if i == 0:
                x = F.max_pool2d(x, 2)
        return self.head(self.dropout(x.mean((2, 3))))


args = options(data="pictures", width=8, depth=2, norm="batch", zero_branch=0, steps=300, batch=32)
data = load(args)
train(args, Residual(args, data.classes), data, classify(args))
