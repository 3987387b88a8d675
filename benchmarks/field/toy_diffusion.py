import math
import torch
import torch.nn as nn

torch.manual_seed(29)
T = 100
beta = torch.linspace(1e-4, 0.06, T)
abar = torch.cumprod(1 - beta, 0)

def shape(n):
    t = torch.rand(n) * 2 * math.pi
    r = 1 + 0.35 * torch.cos(3 * t)
    return torch.stack([r * t.cos(), r * t.sin()], 1) * 1.2 + 0.03 * torch.randn(n, 2)

class Eps(nn.Module):
    def __init__(self, h=96):
        super().__init__()
        self.t = nn.Embedding(T, h)
        self.x = nn.Linear(2, h)
        self.l1 = nn.Linear(h, h)
        self.l2 = nn.Linear(h, h)
        self.o = nn.Linear(h, 2)
    def forward(self, x, t):
        h = torch.nn.functional.silu(self.x(x) + self.t(t))
        h = h + torch.nn.functional.silu(self.l1(h))
        h = h + torch.nn.functional.silu(self.l2(h))
        return self.o(h)

def ddpm_loss(net, n):
    x0 = shape(n)
    t = torch.randint(0, T, (n,))
    e = torch.randn_like(x0)
    a = abar[t][:, None]
    return ((net(a.sqrt() * x0 + (1 - a).sqrt() * e, t) - e) ** 2).mean()

net = Eps()
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
B = 2
avg = None
for it in range(5000):
    loss = ddpm_loss(net, B)
    opt.zero_grad()
    loss.backward()
    opt.step()
    avg = loss.item() if avg is None else 0.99 * avg + 0.01 * loss.item()
    if it % 500 == 499:
        with torch.no_grad():
            print(it + 1, f'running {avg:.4f} check {ddpm_loss(net, 8000).item():.4f}')
