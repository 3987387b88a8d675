"""A recurrent network says how a curve goes on, from what is seen of it."""

from torch import nn
from torch.nn import functional as F

from data import load
from training import options, train


class Forecast(nn.Module):
    """What was seen of a curve in, the next value out."""

    def __init__(self, args):
        super().__init__()
        kind = {"gru": nn.GRU, "lstm": nn.LSTM, "rnn": nn.RNN}[args.kind]
        self.recurrent = kind(1, args.width, num_layers=args.depth, batch_first=True)
        self.head = nn.Linear(args.width, 1)

    def forward(self, x):
        """(batch, time, 1) to (batch, 1)."""
        return self.head(self.recurrent(x)[0][:, -1])


args = options(data="curve-ahead", kind="gru", width=24, depth=1, steps=250, batch=32, lr=5e-3)
data = load(args)
train(args, Forecast(args), data, F.mse_loss)
