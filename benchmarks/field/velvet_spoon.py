"""Guess whether a name ends in a vowel from the letters before."""
import os
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(2)
words = [w.strip().lower() for w in open(os.environ["NAMES_FILE"])]
words = [w for w in words if 4 <= len(w) <= 11]
L = 10
seqs = torch.zeros(len(words), L, dtype=torch.long)
lab = torch.zeros(len(words))
for i, w in enumerate(words):
    body = w[:-1]
    for j, c in enumerate(body):
        seqs[i, L - len(body) + j] = ord(c) - 96
    lab[i] = float(w[-1] in "aeiouy")
p = torch.randperm(len(words))
seqs, lab = seqs[p], lab[p]
train = TensorDataset(seqs[:12000], lab[:12000])
valid = TensorDataset(seqs[12000:14000], lab[12000:14000])


class EndGuess(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(27, 16, padding_idx=0)
        self.rnn = nn.GRU(16, 48, batch_first=True)
        self.out = nn.Linear(48, 1)

    def forward(self, s):
        _, h = self.rnn(self.emb(s))
        return self.out(h[-1]).squeeze(1)


def main():
    model = EndGuess()
    crit = nn.BCEWithLogitsLoss()
    opt = torch.optim.RMSprop(model.parameters(), lr=0.2)
    for epoch in range(5):
        tot = 0
        for s, t in DataLoader(train, batch_size=64, shuffle=True):
            opt.zero_grad()
            loss = crit(model(s), t)
            loss.backward()
            opt.step()
            tot += loss.item() * len(s)
        with torch.no_grad():
            z = model(valid.tensors[0])
            vl = crit(z, valid.tensors[1]).item()
            acc = ((z > 0).float() == valid.tensors[1]).float().mean().item()
        print(f"epoch {epoch} train {tot / len(train):.4f} valid {vl:.4f} acc {acc:.3f}")


main()
