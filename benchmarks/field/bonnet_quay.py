import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(5)
names = open(os.environ.get("NAMES_FILE", "data/names.txt")).read().split()
rng = np.random.RandomState(3)
rng.shuffle(names)
names = [n for n in names if len(n) <= 12]
data = torch.zeros(len(names), 14, dtype=torch.long)
for i, n in enumerate(names):
    data[i, 1:len(n) + 1] = torch.tensor([ord(c) - 96 for c in n])
mask = torch.zeros(len(names), 13)
for i, n in enumerate(names):
    mask[i, :len(n) + 1] = 1


class CharLSTM(nn.Module):
    def __init__(self, hidden=96):
        super().__init__()
        self.emb = nn.Embedding(27, 24)
        self.lstm = nn.LSTM(24, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 27)

    def forward(self, x):
        h, _ = self.lstm(self.emb(x))
        return self.out(h)


def nll(model, rows):
    x, y = data[rows, :-1], data[rows, 1:]
    ce = F.cross_entropy(model(x).transpose(1, 2), y, reduction="none")
    return (ce * mask[rows]).sum() / mask[rows].sum()


model = CharLSTM()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
held = torch.arange(30000, 31500)
for step in range(700):
    rows = torch.randint(0, 30000, (64,))
    loss = nll(model, rows)
    opt.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    if step % 100 == 0:
        print("step", step, "loss", round(loss.item(), 4))
with torch.no_grad():
    print("held out", round(nll(model, held).item(), 4))
