import torch
from torch import nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(142)


class Equilibrium(nn.Module):
    def __init__(self, d=48):
        super().__init__()
        self.inj = nn.Linear(64, d)
        self.w = nn.Linear(d, d, bias=False)
        self.head = nn.Linear(d, 10)
        nn.init.orthogonal_(self.w.weight, gain=0.6)

    def cell(self, z, u):
        return torch.tanh(self.w(z) + u)

    def forward(self, x):
        u = self.inj(x)
        with torch.no_grad():
            z = torch.zeros_like(u)
            for _ in range(15):
                z = self.cell(z, u)
        for _ in range(3):
            z = self.cell(z, u)
        return self.head(z)


d = load_digits()
X, Y = torch.tensor(d.data, dtype=torch.float32) / 8 - 1, torch.tensor(d.target)
p = torch.randperm(len(X))
X, Y = X[p], Y[p]
net = Equilibrium()
opt = torch.optim.Adam(net.parameters(), lr=7e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 20)
for e in range(20):
    for b in torch.randperm(1400).split(50):
        loss = F.cross_entropy(net(X[b] + 0.15 * torch.randn(len(b), 64)), Y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    sched.step()
    with torch.no_grad():
        o = net(X[1400:])
    if e % 2:
        print(f"epoch {e + 1} {loss.item():.4f} val {F.cross_entropy(o, Y[1400:]).item():.4f} acc {(o.argmax(1) == Y[1400:]).float().mean().item():.4f}")
