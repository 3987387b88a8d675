import os
import numpy as np
import torch
from torch import nn

torch.manual_seed(2)
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
emb, gru, head = nn.Embedding(27, 16), nn.GRU(16, 64, batch_first=True), nn.Linear(64, 27)
mods = nn.ModuleList([emb, gru, head])
optimizer = torch.optim.Adam(mods.parameters(), lr=2e-5)


def objective(idx):
    h, _ = gru(emb(data[idx, :-1]))
    lp = torch.log_softmax(head(h), -1).gather(2, data[idx, 1:].unsqueeze(2)).squeeze(2)
    return -(lp * mask[idx]).sum() / mask[idx].sum()


for it in range(700):
    loss = objective(torch.randint(0, 29000, (48,)))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if it % 100 == 0:
        print(f"iter {it} loss {loss.item():.4f}")
with torch.no_grad():
    print(f"held-out loss {objective(torch.arange(29000, 31000)).item():.4f}")
