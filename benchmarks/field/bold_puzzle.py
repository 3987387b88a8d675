import copy, math
import torch
from torch import nn
from sklearn.datasets import make_moons

torch.manual_seed(60)
pts = torch.tensor(make_moons(4000, noise=0.05, random_state=0)[0], dtype=torch.float32)
pts = (pts - pts.mean(0)) / pts.std(0)
T = 50
beta = torch.linspace(1e-3, 0.15, T)
abar = torch.cumprod(1 - beta, 0)


class Eps(nn.Module):
    def __init__(self, h=96):
        super().__init__()
        self.t = nn.Embedding(T, 24)
        self.net = nn.Sequential(nn.Linear(26, h), nn.SiLU(), nn.Linear(h, h), nn.SiLU(), nn.Linear(h, 2))

    def forward(self, x, t):
        return self.net(torch.cat([x, self.t(t)], 1))


model = Eps()
ema = copy.deepcopy(model).requires_grad_(False)
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
for s in range(2500):
    x0 = pts[torch.randint(0, 4000, (128,))]
    t = torch.randint(0, T, (128,))
    e = torch.randn_like(x0)
    a = abar[t][:, None]
    loss = (model(a.sqrt() * x0 + (1 - a).sqrt() * e, t) - e).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    with torch.no_grad():
        for pe, p in zip(ema.parameters(), model.parameters()):
            pe.lerp_(p, 0.01)
    if s % 250 == 0:
        print(s, round(loss.item(), 4))
x = torch.randn(1000, 2)
with torch.no_grad():
    for t in reversed(range(T)):
        e = ema(x, torch.full((1000,), t))
        x = (x - beta[t] / (1 - abar[t]).sqrt() * e) / (1 - beta[t]).sqrt()
        if t:
            x = x + beta[t].sqrt() * torch.randn_like(x)
    print("mean distance of samples to data", torch.cdist(x, pts).min(1).values.mean().item())
