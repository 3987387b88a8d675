import torch
from torch import nn

torch.manual_seed(130)


def sets(n, m=20):
    mu, sd = torch.randn(n, 1) * 1.5, torch.rand(n, 1) * 1.5 + 0.2
    return (mu + sd * torch.randn(n, m))[..., None], torch.log(sd)


class DeepSet(nn.Module):
    def __init__(self, h=48):
        super().__init__()
        self.phi = nn.Sequential(nn.Linear(1, h), nn.ReLU(), nn.Linear(h, h))
        self.rho = nn.Sequential(nn.Linear(h, h), nn.ReLU(), nn.Linear(h, 1))

    def forward(self, x):
        return self.rho(self.phi(x).mean(1))


m = DeepSet()
opt = torch.optim.Adam(m.parameters(), lr=6e-3)
sched = torch.optim.lr_scheduler.MultiStepLR(opt, [1400, 1800], 0.3)
huber = nn.HuberLoss()
xv, yv = sets(800)
for s in range(1, 2001):
    x, y = sets(64)
    loss = huber(m(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if s % 200 == 0:
        with torch.no_grad():
            v = m(xv)
            print(f"step {s} loss {loss.item():.5f} val {huber(v, yv).item():.5f} corr {torch.corrcoef(torch.cat([v, yv], 1).T)[0, 1].item():.4f}")
