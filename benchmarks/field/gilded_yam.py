import math
import torch
from torch import nn
import torch.nn.functional as F


class Lion(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self, closure=None):
        for g in self.param_groups:
            for p in g["params"]:
                if p.grad is None:
                    continue
                st = self.state[p]
                if not st:
                    st["m"] = torch.zeros_like(p)
                b1, b2 = g["betas"]
                u = (st["m"] * b1 + p.grad * (1 - b1)).sign_()
                p.mul_(1 - g["lr"] * g["weight_decay"]).add_(u, alpha=-g["lr"])
                st["m"].mul_(b2).add_(p.grad, alpha=1 - b2)


torch.manual_seed(110)


def gen(n, T=48):
    y = torch.randint(0, 4, (n,))
    t = torch.linspace(0, 1, T)[None]
    ph = 2 * math.pi * torch.rand(n, 1)
    f = (2 + 2 * y)[:, None].float()
    return (torch.sin(2 * math.pi * f * t + ph) + 0.7 * torch.randn(n, T)).unsqueeze(1), y


net = nn.Sequential(nn.Conv1d(1, 16, 9, padding=4), nn.ReLU(), nn.MaxPool1d(2), nn.Conv1d(16, 24, 5, padding=2), nn.ReLU(), nn.AdaptiveAvgPool1d(4), nn.Flatten(), nn.Linear(96, 4))
STEPS = 900
opt = Lion(net.parameters(), lr=1e-3, weight_decay=0.1)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, STEPS)
xv, yv = gen(600)
for s in range(1, STEPS + 1):
    x, y = gen(48)
    loss = F.cross_entropy(net(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if s % 100 == 0:
        with torch.no_grad():
            o = net(xv)
        print(f"{s}: {loss.item():.4f} val {F.cross_entropy(o, yv).item():.4f} acc {(o.argmax(1) == yv).float().mean().item():.4f}")
