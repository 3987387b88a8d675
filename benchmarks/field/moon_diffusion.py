import torch
import torch.nn as nn
from sklearn.datasets import make_moons

torch.manual_seed(421)
X = torch.tensor(make_moons(4000, noise=0.05, random_state=0)[0], dtype=torch.float32)
X = (X - X.mean(0)) / X.std(0)
T = 50
beta = torch.linspace(1e-3, 0.15, T)
abar = torch.cumprod(1 - beta, 0)


class Eps(nn.Module):
    def __init__(self):
        super().__init__()
        self.t = nn.Embedding(T, 16)
        self.f = nn.Sequential(nn.Linear(18, 96), nn.SiLU(), nn.Linear(96, 96), nn.SiLU(), nn.Linear(96, 2))

    def forward(self, x, t):
        return self.f(torch.cat([x, self.t(t)], 1))


net = Eps()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
ema = None
for it in range(2000):
    x = X[torch.randint(0, 4000, (128,))]
    t = torch.randint(0, T, (128,))
    e = torch.randn_like(x)
    xt = abar[t].sqrt()[:, None] * x + (1 - abar[t]).sqrt()[:, None] * e
    loss = (net(xt, t) - e).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    ema = loss.item() if ema is None else 0.98 * ema + 0.02 * loss.item()
    if it % 200 == 0:
        print(it, 'smoothed loss', round(ema, 4))
s = torch.randn(1000, 2)
with torch.no_grad():
    for k in reversed(range(T)):
        eps = net(s, torch.full((1000,), k))
        s = (s - beta[k] / (1 - abar[k]).sqrt() * eps) / (1 - beta[k]).sqrt()
        if k:
            s = s + beta[k].sqrt() * torch.randn_like(s)
print('distance of samples to data', round(torch.cdist(s, X).min(1).values.mean().item(), 4))
