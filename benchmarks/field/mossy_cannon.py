import torch, torch.nn as nn
from sklearn.datasets import make_moons
torch.manual_seed(111)
X = torch.tensor(make_moons(4000, noise=0.05, random_state=0)[0]).float()
X = (X - X.mean(0)) / X.std(0)
T = 50
beta = torch.linspace(1e-3, 0.2, T)
ab = torch.cumprod(1 - beta, 0)


class Eps(nn.Module):
    def __init__(self):
        super().__init__()
        self.t = nn.Embedding(T, 32)
        self.a = nn.Linear(2, 32)
        self.net = nn.Sequential(nn.Linear(64, 128), nn.SiLU(), nn.Linear(128, 128), nn.SiLU(), nn.Linear(128, 2))

    def forward(self, x, t):
        return self.net(torch.cat([self.a(x), self.t(t)], 1))


m = Eps()
opt = torch.optim.AdamW(m.parameters(), lr=2e-3)
sch = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 2500)
avg = 0
for step in range(2500):
    x0 = X[torch.randint(0, len(X), (128,))]
    t = torch.randint(0, T, (128,))
    e = torch.randn_like(x0)
    xt = ab[t].sqrt()[:, None] * x0 + (1 - ab[t]).sqrt()[:, None] * e
    loss = ((m(xt, t) - e) ** 2).mean()
    opt.zero_grad(); loss.backward(); opt.step(); sch.step()
    avg = 0.99 * avg + 0.01 * loss.item()
with torch.no_grad():
    x = torch.randn(1000, 2)
    for t in reversed(range(T)):
        e = m(x, torch.full((1000,), t))
        x = (x - beta[t] / (1 - ab[t]).sqrt() * e) / (1 - beta[t]).sqrt()
        if t:
            x = x + beta[t].sqrt() * torch.randn_like(x)
    print('smoothed loss', avg, 'sample distance to data', torch.cdist(x, X).min(1).values.mean().item())
