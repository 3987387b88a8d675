import os
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1337)
block = 4
lines = open(os.environ['NAMES_FILE']).read().splitlines()[::3]
chars = ['.'] + sorted(set(''.join(lines)))
ix = {c: i for i, c in enumerate(chars)}
xs, ys = [], []
for l in lines:
    c = [0] * block
    for ch in l + '.':
        xs.append(c); ys.append(ix[ch]); c = c[1:] + [ix[ch]]
xs, ys = torch.tensor(xs), torch.tensor(ys)
p = torch.randperm(len(xs)); xs, ys = xs[p], ys[p]
ntr = int(len(xs) * .9)

OUT_MULT = 100.0


class MLP(nn.Module):
    def __init__(self, emb=12, hid=128):
        super().__init__()
        self.emb = nn.Embedding(len(chars), emb)
        self.h1 = nn.Linear(block * emb, hid)
        self.h2 = nn.Linear(hid, hid)
        self.readout = nn.Parameter(torch.randn(hid, len(chars)) * 0.1 / hid ** 0.5 / OUT_MULT)

    def forward(self, i):
        z = self.emb(i).flatten(1)
        z = torch.tanh(self.h1(z))
        z = torch.tanh(self.h2(z))
        return OUT_MULT * (z @ self.readout)


m = MLP()
opt = torch.optim.Adam(m.parameters(), lr=3e-3)
for t in range(2000):
    b = torch.randint(0, ntr, (64,))
    loss = F.cross_entropy(m(xs[b]), ys[b])
    opt.zero_grad(); loss.backward(); opt.step()
with torch.no_grad():
    print('train', F.cross_entropy(m(xs[:ntr]), ys[:ntr]).item(), 'dev', F.cross_entropy(m(xs[ntr:]), ys[ntr:]).item())
