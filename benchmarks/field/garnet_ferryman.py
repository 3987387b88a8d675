import numpy as np
import torch
from torch import nn
from sklearn.datasets import make_moons

torch.manual_seed(14)
pts = torch.tensor(make_moons(4000, noise=0.05, random_state=0)[0]).float()
pts = (pts - pts.mean(0)) / pts.std(0)
T = 50
betas = torch.linspace(1e-3, 0.15, T)
abar = torch.cumprod(1 - betas, 0)


class Eps(nn.Module):
    def __init__(self):
        super().__init__()
        self.t = nn.Embedding(T, 32)
        self.f = nn.Sequential(nn.Linear(34, 128), nn.SiLU(), nn.Linear(128, 128), nn.SiLU(), nn.Linear(128, 2))

    def forward(self, x, t):
        return self.f(torch.cat([x, self.t(t)], 1))


model = Eps()
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
avg = 0
for step in range(2500):
    x0 = pts[torch.randint(0, 4000, (256,))]
    t = torch.randint(0, T, (256,))
    e = torch.randn_like(x0)
    a = abar[t][:, None]
    loss = ((model(a.sqrt() * x0 + (1 - a).sqrt() * e, t) - e) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    avg = loss.item() if step == 0 else 0.98 * avg + 0.02 * loss.item()
    if step % 250 == 0 or step == 2499:
        print("step %d loss %.4f" % (step, avg))
