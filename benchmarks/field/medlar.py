import torch
from torch import nn
from sklearn.datasets import make_moons
torch.manual_seed(17)
pts, _ = make_moons(4000, noise=0.05, random_state=0)
pts = torch.tensor(pts, dtype=torch.float32)
pts = (pts - pts.mean(0)) / pts.std(0)
STEPS = 50
beta = torch.linspace(1e-3, 0.15, STEPS)
abar = torch.cumprod(1 - beta, 0)
class Denoiser(nn.Module):
    def __init__(self, h=96):
        super().__init__()
        self.t = nn.Embedding(STEPS, 24)
        self.f = nn.Sequential(nn.Linear(26, h), nn.SiLU(), nn.Linear(h, h), nn.SiLU(), nn.Linear(h, 2))
    def forward(self, x, t): return self.f(torch.cat([x, self.t(t)], 1))
net = Denoiser()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
rec = []
for it in range(2500):
    x0 = pts[torch.randint(0, 3600, (128,))]
    t = torch.randint(0, STEPS, (128,))
    eps = torch.randn_like(x0)
    xt = abar[t, None].sqrt() * x0 + (1 - abar[t, None]).sqrt() * eps
    loss = ((net(xt, t) - eps) ** 2).mean()
    opt.zero_grad(); loss.backward(); opt.step()
    rec.append(loss.item())
    if it % 500 == 499: print(it + 1, sum(rec[-300:]) / 300)
with torch.no_grad():
    x = torch.randn(500, 2)
    for t in reversed(range(STEPS)):
        e = net(x, torch.full((500,), t))
        x = (x - beta[t] / (1 - abar[t]).sqrt() * e) / (1 - beta[t]).sqrt() + (beta[t].sqrt() * torch.randn_like(x) if t else 0)
    print('train', sum(rec[-300:]) / 300, 'distance of samples to data', torch.cdist(x, pts).min(1).values.mean().item())
