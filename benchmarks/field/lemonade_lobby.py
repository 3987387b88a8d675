import copy, math
import torch
import torch.nn as nn

torch.manual_seed(76)
T = 60
beta = torch.linspace(1e-3, 0.16, T)
abar = torch.cumprod(1 - beta, 0)


def data(n):
    a = 2 * math.pi * torch.rand(n)
    r = torch.where(torch.rand(n) < 0.5, 0.6, 1.6)
    return torch.stack([r * a.cos(), r * a.sin()], 1) + 0.04 * torch.randn(n, 2)


class Eps(nn.Module):
    def __init__(self, h=128):
        super().__init__()
        self.register_buffer("freq", 2.0 ** torch.arange(4) * math.pi / 2)
        self.net = nn.Sequential(nn.Linear(10, h), nn.SiLU(), nn.Linear(h, h), nn.SiLU(), nn.Linear(h, h), nn.SiLU(), nn.Linear(h, 2))

    def forward(self, x, t):
        u = (t.float() / T)[:, None] * self.freq
        return self.net(torch.cat([x, u.sin(), u.cos()], 1))


net = Eps()
ema = copy.deepcopy(net).requires_grad_(False)
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for it in range(5000):
    x, t, e = data(256), torch.randint(0, T, (256,)), torch.randn(256, 2)
    a = abar[t][:, None]
    loss = (net(a.sqrt() * x + (1 - a).sqrt() * e, t) - e).square().mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    with torch.no_grad():
        for p, q in zip(ema.parameters(), net.parameters()):
            p.lerp_(q, 0.005)
    if it % 500 == 0:
        print(it, round(loss.item(), 4))
with torch.no_grad():
    x = torch.randn(2000, 2)
    for t in reversed(range(T)):
        e = ema(x, torch.full((2000,), t))
        x = (x - beta[t] / (1 - abar[t]).sqrt() * e) / (1 - beta[t]).sqrt()
        if t:
            x = x + beta[t].sqrt() * torch.randn_like(x)
    r = x.norm(dim=1)
    near = torch.minimum((r - 0.6).abs(), (r - 1.6).abs())
print("mean distance to the rings %.4f, share inner %.3f" % (near.mean(), (r < 1.1).float().mean()))
