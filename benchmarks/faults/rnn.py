"""A recurrent network: digits read row by row or pixel by pixel, or names letter by letter."""

from torch import nn
from torch.nn import functional as F

from data import load
from training import options, train

KINDS = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM, "relu": lambda *a, **k: nn.RNN(*a, nonlinearity="relu", **k)}


class Recurrent(nn.Module):
    """Letters or rows in, scores out: after each letter, or after the last row."""

    def __init__(self, args, inputs, classes, letters):
        super().__init__()
        self.letters = nn.Embedding(27, args.width // 2) if letters else None
        inputs = args.width // 2 if letters else inputs
        self.recurrent = KINDS[args.kind](inputs, args.width, num_layers=args.depth, batch_first=True)
        self.dropout = nn.Dropout(args.dropout)
        self.head = nn.Linear(args.width, classes)

    def forward(self, x):
        """(batch, time) letters or (batch, time, features) to (batch, classes) or (batch, classes, time)."""
        if self.letters is not None:
            return self.head(self.dropout(self.recurrent(self.letters(x))[0])).transpose(1, 2)
        return self.head(self.dropout(self.recurrent(x)[0][:, -1]))


args = options(data="rows", kind="gru", width=32, depth=1, steps=300)
data = load(args)
model = Recurrent(args, data.x.shape[-1], data.classes, letters=not data.x.is_floating_point())
train(args, model, data, lambda scores, y: F.cross_entropy(scores, y, ignore_index=-1, label_smoothing=args.smoothing))
