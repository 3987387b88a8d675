import os
import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(28)
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


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(27, 20)
        self.gru = nn.GRU(20, 80, batch_first=True)
        self.proj = nn.Linear(80, 27)

    def forward(self, x):
        h, _ = self.gru(self.embed(x))
        return torch.softmax(self.proj(h), dim=-1)


gen = Generator()
ce = nn.CrossEntropyLoss(reduction="none")
opt = torch.optim.AdamW(gen.parameters(), lr=3e-3)


def batch_loss(rows):
    p = gen(data[rows, :-1])
    return (ce(p.transpose(1, 2), data[rows, 1:]) * mask[rows]).sum() / mask[rows].sum()


for step in range(700):
    loss = batch_loss(torch.randint(0, 29000, (50,)))
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 70 == 0:
        print("step", step, "loss %.4f" % loss.item())
with torch.no_grad():
    print("val loss %.4f" % batch_loss(torch.arange(29000, 30500)).item())
