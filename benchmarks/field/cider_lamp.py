import torch
import torch.nn as nn

torch.manual_seed(43)


class Mixture(nn.Module):
    def __init__(self, n=4, d=3, h=24):
        super().__init__()
        self.gate = nn.Sequential(nn.Linear(d, 24), nn.Tanh(), nn.Linear(24, n))
        self.experts = nn.ModuleList([nn.Sequential(nn.Linear(d, h), nn.ReLU(), nn.Linear(h, 1)) for _ in range(n)])

    def forward(self, x):
        w = self.gate(x).softmax(1)
        return (torch.cat([e(x) for e in self.experts], 1) * w).sum(1), w


def sample(n):
    x = torch.randn(n, 3)
    left = x[:, 0] < 0
    up = x[:, 1] > 0
    y = torch.where(left & up, 2 * x[:, 2], torch.where(left, -x[:, 2] + 1, torch.where(up, torch.sin(2 * x[:, 2]), x[:, 2] ** 2 - 1)))
    return x, y + 0.05 * torch.randn(n)


m = Mixture()
opt = torch.optim.Adam(m.parameters(), lr=1e-2)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 2500, eta_min=1e-4)
tx, ty = sample(3000)
for step in range(2500):
    x, y = sample(128)
    out, w = m(x)
    loss = (out - y).pow(2).mean() + 0.01 * (w.mean(0) * 4 - 1).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 250 == 249:
        with torch.no_grad():
            print(f"step {step + 1} loss {loss.item():.4f} test {(m(tx)[0] - ty).pow(2).mean().item():.4f} use {[round(v, 2) for v in m(tx)[1].mean(0).tolist()]} var {ty.var().item():.2f}")
