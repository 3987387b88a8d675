import math
import torch
from torch import nn
from sklearn.datasets import make_moons

torch.manual_seed(122)
x = torch.tensor(make_moons(4000, noise=0.08, random_state=1)[0], dtype=torch.float32)
x = (x - x.mean(0)) / x.std(0)
xt, xv = x[:3400], x[3400:]


class Coupling(nn.Module):
    def __init__(self, flip):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(1, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 2))
        nn.init.zeros_(self.net[-1].weight)
        nn.init.zeros_(self.net[-1].bias)

    def forward(self, x):
        a, b = x.chunk(2, 1)
        if self.flip:
            a, b = b, a
        s, t = self.net(a).chunk(2, 1)
        s = 2 * torch.tanh(s)
        b = b * s.exp() + t
        return torch.cat([b, a] if self.flip else [a, b], 1), s[:, 0]


flow = nn.ModuleList([Coupling(k % 2 == 1) for k in range(6)])


def nll(x):
    ld = 0
    for f in flow:
        x, d = f(x)
        ld = ld + d
    return (0.5 * (x ** 2).sum(1) + math.log(2 * math.pi) - ld).mean()


opt = torch.optim.Adam(flow.parameters(), lr=8e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 1500, eta_min=1e-4)
for i in range(1, 1501):
    loss = nll(xt[torch.randint(0, 3400, (128,))])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if i % 150 == 0:
        with torch.no_grad():
            print(i, f"nll {loss.item():.4f} val {nll(xv).item():.4f}")
