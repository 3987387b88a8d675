import math
import torch
from torch import nn

torch.manual_seed(61)
zeta, omega = 0.2, 2.0


class PINN(nn.Module):
    def __init__(self, h=40):
        super().__init__()
        self.f = nn.Sequential(nn.Linear(1, h), nn.Tanh(), nn.Linear(h, h), nn.Tanh(), nn.Linear(h, 1))

    def forward(self, t):
        return 1.0 + t ** 2 * self.f((t - 1.5) / 0.87)


def residual(net, t):
    t = t.requires_grad_(True)
    u = net(t)
    du = torch.autograd.grad(u.sum(), t, create_graph=True)[0]
    d2 = torch.autograd.grad(du.sum(), t, create_graph=True)[0]
    return d2 + 2 * zeta * omega * du + omega ** 2 * u


net = PINN()
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 2000, eta_min=1e-5)
for it in range(2000):
    loss = residual(net, torch.rand(64, 1) * 3).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if it % 250 == 0:
        print(it, loss.item())
t = torch.linspace(0, 3, 200)[:, None]
wd = omega * math.sqrt(1 - zeta ** 2)
exact = torch.exp(-zeta * omega * t) * (torch.cos(wd * t) + zeta * omega / wd * torch.sin(wd * t))
with torch.no_grad():
    print("max error", (net(t) - exact).abs().max().item())
