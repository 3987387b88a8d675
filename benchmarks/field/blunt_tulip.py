import copy
import torch
from torch import nn
from sklearn.datasets import make_moons

torch.manual_seed(121)
pts, _ = make_moons(4000, noise=0.05, random_state=0)
X = torch.tensor(pts, dtype=torch.float32)
X = (X - X.mean(0)) / X.std(0)
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


def ddpm_loss(m, x):
    t = torch.randint(0, T, (len(x),))
    e = torch.randn_like(x)
    a = abar[t][:, None]
    return ((m(a.sqrt() * x + (1 - a).sqrt() * e, t) - e) ** 2).mean()


@torch.no_grad()
def sample(m, n):
    x = torch.randn(n, 2)
    for t in reversed(range(T)):
        e = m(x, torch.full((n,), t))
        x = (x - beta[t] / (1 - abar[t]).sqrt() * e) / (1 - beta[t]).sqrt()
        if t:
            x = x + beta[t].sqrt() * torch.randn_like(x)
    return x


model = Eps()
ema = copy.deepcopy(model)
opt = torch.optim.AdamW(model.parameters(), lr=3e-3)
run = 1.0
for it in range(1, 3001):
    loss = ddpm_loss(model, X[torch.randint(0, 3500, (128,))])
    opt.zero_grad()
    loss.backward()
    opt.step()
    with torch.no_grad():
        for a, b in zip(ema.parameters(), model.parameters()):
            a.lerp_(b, 0.01)
    run = 0.99 * run + 0.01 * loss.item()
    if it % 500 == 0:
        s, v = sample(ema, 500), X[3500:]
        ed = 2 * torch.cdist(s, v).mean() - torch.cdist(s, s).mean() - torch.cdist(v, v).mean()
        print(f"{it} loss {run:.4f} energy distance {ed.item():.4f}")
