import copy
import math
import torch
from torch import nn
from sklearn.datasets import make_moons

torch.manual_seed(3)
pts = torch.tensor(make_moons(4000, noise=0.05, random_state=0)[0]).float()
pts = (pts - pts.mean(0)) / pts.std(0)
STEPS = 100
beta = torch.linspace(1e-4, 0.06, STEPS)
abar = torch.cumprod(1 - beta, 0)
freq = torch.exp(torch.linspace(0, math.log(1000), 16))


class Eps(nn.Module):
    def __init__(self, h=96):
        super().__init__()
        self.inp, self.t = nn.Linear(2, h), nn.Linear(32, h)
        self.mid = nn.Sequential(nn.SiLU(), nn.Linear(h, h), nn.SiLU(), nn.Linear(h, h), nn.SiLU())
        self.out = nn.Linear(h, 2)

    def forward(self, x, t):
        a = (t.float() / STEPS).unsqueeze(1) * freq
        return self.out(self.mid(self.inp(x) + self.t(torch.cat([a.sin(), a.cos()], 1))))


net = Eps()
ema = copy.deepcopy(net)
opt = torch.optim.AdamW(net.parameters(), lr=2e-3)


def dloss(model, x):
    t = torch.randint(0, STEPS, (len(x),))
    e = torch.randn_like(x)
    a = abar[t].unsqueeze(1)
    return (model(a.sqrt() * x + (1 - a).sqrt() * e, t) - e).pow(2).mean()


for step in range(3000):
    loss = dloss(net, pts[torch.randint(0, 3500, (128,))])
    opt.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    with torch.no_grad():
        for a, b in zip(ema.parameters(), net.parameters()):
            a.lerp_(b, 0.005)
    if step % 300 == 299:
        with torch.no_grad():
            v = dloss(ema, pts[3500:].repeat(8, 1))
        print(f'{step + 1} loss {loss.item():.4f} ema val {v.item():.4f}')
