import os
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(3)


class NameModel(nn.Module):
    """Character-level GRU with the output projection tied to the embedding."""

    def __init__(self, vocab, dim):
        super().__init__()
        self.emb = nn.Embedding(vocab, dim)
        self.rnn = nn.GRU(dim, dim, batch_first=True)
        self.norm = nn.LayerNorm(dim)
        self.out = nn.Linear(dim, vocab, bias=False)
        self.out.weight = self.emb.weight

    def forward(self, x):
        h, _ = self.rnn(self.emb(x))
        return self.out(self.norm(h))


def encode(words, T=12):
    x = torch.zeros(len(words), T, dtype=torch.long)
    for i, w in enumerate(words):
        w = w[:T - 2]
        x[i, 1:len(w) + 1] = torch.tensor([ord(c) - 95 for c in w])
        x[i, len(w) + 1] = 1
    return x


def main():
    words = open(os.environ['NAMES_FILE']).read().split()[:8000]
    data = encode(words)
    train, test = data[:7000], data[7000:]
    model = NameModel(28, 128)
    opt = torch.optim.Adam(model.parameters(), lr=1e-3)
    crit = nn.CrossEntropyLoss(ignore_index=0)
    loader = DataLoader(TensorDataset(train), batch_size=64, shuffle=True)
    for epoch in range(3):
        for (b,) in loader:
            loss = crit(model(b[:, :-1]).flatten(0, 1), b[:, 1:].flatten())
            opt.zero_grad()
            loss.backward()
            opt.step()
        with torch.no_grad():
            v = crit(model(test[:, :-1]).flatten(0, 1), test[:, 1:].flatten())
        print(f'epoch {epoch} train {loss.item():.4f} held-out {v.item():.4f}')


if __name__ == '__main__':
    main()
