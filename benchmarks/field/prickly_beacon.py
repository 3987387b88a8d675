import torch
from torch import nn

torch.manual_seed(54)
NU, NI, R = 400, 300, 4
gu, gi = torch.randn(NU, R), torch.randn(NI, R)
n = 40000
u, i = torch.randint(0, NU, (n,)), torch.randint(0, NI, (n,))
y = 0.5 * (gu[u] * gi[i]).sum(1) + 0.3 * torch.randn(n)


class MF(nn.Module):
    def __init__(self):
        super().__init__()
        self.u = nn.Embedding(NU, 8, sparse=True)
        self.i = nn.Embedding(NI, 8, sparse=True)
        for e in (self.u, self.i):
            nn.init.normal_(e.weight, std=0.2)

    def forward(self, a, b):
        return (self.u(a) * self.i(b)).sum(1)


mf = MF()
opt = torch.optim.SparseAdam(mf.parameters(), lr=5e-3)
for ep in range(10):
    tot = 0
    for b in torch.randperm(36000).split(256):
        loss = (mf(u[b], i[b]) - y[b]).pow(2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(b)
    print("epoch", ep, "mse", round(tot / 36000, 4))
with torch.no_grad():
    print("test mse", round((mf(u[36000:], i[36000:]) - y[36000:]).pow(2).mean().item(), 4), "variance", round(y.var().item(), 4))
