import os, random
import torch
import torch.nn as nn
import torch.nn.functional as F

random.seed(1); torch.manual_seed(1)
names = open(os.environ['NAMES_FILE']).read().splitlines()
random.shuffle(names)
names = [n for n in names if len(n) <= 10]
enc = lambda s: [0] + [ord(c) - 96 for c in s] + [0]
T = 12
def tensorise(ns):
    x = torch.zeros(len(ns), T, dtype=torch.long)
    y = torch.full((len(ns), T), -100)
    for i, n in enumerate(ns):
        e = enc(n)
        x[i, :len(e) - 1] = torch.tensor(e[:-1])
        y[i, :len(e) - 1] = torch.tensor(e[1:])
    return x, y
xtr, ytr = tensorise(names[:12000])
xva, yva = tensorise(names[12000:13000])

class Cell(nn.Module):
    def __init__(self, v, h):
        super().__init__()
        self.h = h
        self.wx = nn.Parameter(torch.full((v, h), 0.1))
        self.wh = nn.Parameter(torch.full((h, h), 0.5 / h))
        self.b = nn.Parameter(torch.zeros(h))
        self.out = nn.Parameter(torch.full((h, v), 1.0 / h))
        self.ob = nn.Parameter(torch.zeros(v))

    def forward(self, x):
        h = x.new_zeros(x.size(0), self.h, dtype=torch.float)
        res = []
        for t in range(x.size(1)):
            h = torch.tanh(self.wx[x[:, t]] + h @ self.wh + self.b)
            res.append(h @ self.out + self.ob)
        return torch.stack(res, 1)

net = Cell(27, 96)
opt = torch.optim.Adam(net.parameters(), 3e-3)
def lossfn(x, y):
    return F.cross_entropy(net(x).reshape(-1, 27), y.reshape(-1), ignore_index=-100)
for step in range(700):
    j = torch.randint(0, len(xtr), (64,))
    loss = lossfn(xtr[j], ytr[j])
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 100 == 0: print(step, loss.item())
with torch.no_grad():
    print('train', lossfn(xtr[:1500], ytr[:1500]).item(), 'val', lossfn(xva, yva).item())
