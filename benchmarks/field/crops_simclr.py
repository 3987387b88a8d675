import gzip
import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(52)
rd = lambda f, o: np.frombuffer(gzip.open('data/' + f).read(), np.uint8, offset=o).copy()
X = torch.tensor(rd('mnist-t10k-images-idx3-ubyte.gz', 16)).view(-1, 1, 28, 28).float()[:5000, :, ::2, ::2]
X = (X / 255 - 0.13) / 0.31
y = torch.tensor(rd('mnist-t10k-labels-idx1-ubyte.gz', 8)).long()[:5000]


def augment(x):
    dx, dy = torch.randint(-2, 3, (2,)).tolist()
    x = torch.roll(x, (dx, dy), (2, 3)) * (0.8 + 0.4 * torch.rand(len(x), 1, 1, 1))
    return x + 0.2 * torch.randn_like(x)


enc = nn.Sequential(nn.Conv2d(1, 16, 3, 2, 1), nn.GELU(), nn.Conv2d(16, 32, 3, 2, 1), nn.GELU(), nn.Flatten(), nn.Linear(512, 64), nn.LayerNorm(64))
proj = nn.Sequential(nn.Linear(64, 64), nn.GELU(), nn.Linear(64, 32))
opt = torch.optim.AdamW([*enc.parameters(), *proj.parameters()], lr=5e-4, weight_decay=1e-3)
TAU = 0.3


def nt_xent(a, b):
    z = F.normalize(torch.cat([a, b]), dim=1)
    sim = (z @ z.T / TAU).fill_diagonal_(-1e9)
    n = len(a)
    return F.cross_entropy(sim, torch.cat([torch.arange(n, 2 * n), torch.arange(n)]))


for it in range(500):
    x = X[torch.randint(0, 4000, (64,))]
    loss = nt_xent(proj(enc(augment(x))), proj(enc(augment(x))))
    opt.zero_grad(); loss.backward(); opt.step()
    if it % 50 == 49:
        print(f'pretrain {it + 1} nt-xent {loss.item():.4f}')

for p in enc.parameters():
    p.requires_grad = False
probe = nn.Linear(64, 10)
po = torch.optim.Adam(probe.parameters(), lr=1e-2)
for it in range(600):
    i = torch.randint(0, 4000, (100,))
    loss = F.cross_entropy(probe(enc(X[i])), y[i])
    po.zero_grad(); loss.backward(); po.step()
    if it % 100 == 99:
        with torch.no_grad():
            o = probe(enc(X[4000:]))
        print(f'probe {it + 1} loss {loss.item():.4f} val {F.cross_entropy(o, y[4000:]).item():.4f} acc {(o.argmax(1) == y[4000:]).float().mean().item():.3f}')
