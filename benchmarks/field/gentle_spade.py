import numpy as np
import torch
from torch import nn

rng = np.random.default_rng(99)
U, M, R = 400, 250, 4
pu, qm = rng.normal(0, 0.7, (U, R)), rng.normal(0, 0.7, (M, R))
bu, bm = rng.normal(0, 0.3, U), rng.normal(0, 0.4, M)
n = 40000
u, m = rng.integers(0, U, n), rng.integers(0, M, n)
r = 3.5 + bu[u] + bm[m] + (pu[u] * qm[m]).sum(1) + rng.normal(0, 0.5, n)
u, m, r = torch.tensor(u), torch.tensor(m), torch.tensor(r, dtype=torch.float32)
ntr = 34000


class Factors(nn.Module):
    def __init__(self, k=4):
        super().__init__()
        self.p, self.q = nn.Embedding(U, k), nn.Embedding(M, k)
        self.bu, self.bm = nn.Embedding(U, 1), nn.Embedding(M, 1)
        self.mean = nn.Parameter(torch.tensor(3.5))
        for e in (self.p, self.q):
            nn.init.normal_(e.weight, std=0.1)
        for e in (self.bu, self.bm):
            nn.init.zeros_(e.weight)

    def forward(self, u, m):
        return self.mean + (self.bu(u) + self.bm(m)).squeeze(1) + (self.p(u) * self.q(m)).sum(1)


torch.manual_seed(0)
f = Factors()
opt = torch.optim.Adagrad(f.parameters(), lr=0.2)
for epoch in range(14):
    s = 0.0
    for b in torch.randperm(ntr).split(128):
        err = (f(u[b], m[b]) - r[b]).pow(2).mean()
        reg = 0.02 * (f.p(u[b]).pow(2).sum(1) + f.q(m[b]).pow(2).sum(1)).mean()
        opt.zero_grad()
        (err + reg).backward()
        opt.step()
        s += err.item() * len(b)
    with torch.no_grad():
        print(f"epoch {epoch} train mse {s / ntr:.4f} test mse {(f(u[ntr:], m[ntr:]) - r[ntr:]).pow(2).mean().item():.4f} (noise 0.25)")
