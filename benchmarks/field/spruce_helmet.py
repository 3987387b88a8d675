import copy
import torch
import torch.nn as nn
from sklearn.datasets import make_moons

torch.set_num_threads(1)
torch.manual_seed(28)
STEPS = 50
betas = torch.linspace(1e-3, 0.15, STEPS)
abar = torch.cumprod(1 - betas, 0)


class Eps(nn.Module):
    def __init__(self, h=96):
        super().__init__()
        self.t = nn.Embedding(STEPS, 24)
        self.f = nn.Sequential(nn.Linear(26, h), nn.SiLU(), nn.Linear(h, h), nn.SiLU(), nn.Linear(h, h), nn.SiLU(), nn.Linear(h, 2))

    def forward(self, x, t):
        return self.f(torch.cat([x, self.t(t)], 1))


X, _ = make_moons(8000, noise=0.05, random_state=1)
X = torch.tensor(X).float()
X = (X - X.mean(0)) / X.std(0)


@torch.no_grad()
def generate(model, n):
    x = torch.randn(n, 2)
    for k in reversed(range(STEPS)):
        e = model(x, torch.full((n,), k))
        x = (x - betas[k] / (1 - abar[k]).sqrt() * e) / (1 - betas[k]).sqrt()
        if k:
            x = x + betas[k].sqrt() * torch.randn_like(x)
    return x


net = Eps()
ema = copy.deepcopy(net)
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
run = 0.0
for it in range(1, 4001):
    x0 = X[torch.randint(0, len(X), (128,))]
    t = torch.randint(0, STEPS, (128,))
    n = torch.randn_like(x0)
    a = abar[t][:, None]
    loss = (net(a.sqrt() * x0 + (1 - a).sqrt() * n, t) - n).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    with torch.no_grad():
        for p, q in zip(ema.parameters(), net.parameters()):
            p.lerp_(q, 0.005)
    run += loss.item() / 400
    if it % 400 == 0:
        s = generate(ema, 1000)
        near = torch.cdist(s, X).min(1).values
        print(f'{it}: noise mse {run:.4f}, median distance of samples to data {near.median().item():.4f}')
        run = 0.0
