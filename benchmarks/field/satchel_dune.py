import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(31)
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


class LM(nn.Module):
    def __init__(self, d=40):
        super().__init__()
        self.tok = nn.Embedding(27, d)
        self.pos = nn.Parameter(torch.zeros(13, d))
        layer = nn.TransformerEncoderLayer(d, 4, 120, dropout=0.0, batch_first=True, norm_first=True)
        self.enc = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.out = nn.Linear(d, 27)
        self.register_buffer("causal", torch.triu(torch.full((13, 13), float("-inf")), 1))

    def forward(self, x):
        return self.out(self.enc(self.tok(x) + self.pos, mask=self.causal))


lm = LM()
opt = torch.optim.AdamW(lm.parameters(), lr=0.4)


def loss_on(r):
    ce = F.cross_entropy(lm(data[r, :-1]).flatten(0, 1), data[r, 1:].flatten(), reduction="none")
    return (ce * mask[r].flatten()).sum() / mask[r].sum()


for s in range(500):
    opt.zero_grad()
    loss = loss_on(torch.randint(0, 29000, (48,)))
    loss.backward()
    opt.step()
    if s % 50 == 0:
        print(s, f"{loss.item():.3f}")
lm.eval()
with torch.no_grad():
    print("eval", f"{loss_on(torch.arange(29000, 30000)).item():.3f}")
