import math
import torch
from torch import nn

torch.manual_seed(62)


def sample(n):
    a = torch.randn(n)
    b = 0.5 * torch.randn(n) + 0.6 * a ** 2 - 0.6
    return torch.stack([a, b], 1)


class Coupling(nn.Module):
    def __init__(self, flip):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 2))
        nn.init.zeros_(self.net[-1].weight)
        nn.init.zeros_(self.net[-1].bias)

    def forward(self, x):
        a, b = x[:, :1], x[:, 1:]
        if self.flip:
            a, b = b, a
        s, t = self.net(a).chunk(2, 1)
        s = torch.tanh(s)
        b = b * s.exp() + t
        return torch.cat([b, a] if self.flip else [a, b], 1), s.squeeze(1)


flow = nn.ModuleList(Coupling(k % 2 == 1) for k in range(4))


def nll(x):
    logdet = 0
    for c in flow:
        x, ld = c(x)
        logdet = logdet + ld
    return (0.5 * x.pow(2).sum(1) + math.log(2 * math.pi) - logdet).mean()


opt = torch.optim.Adam(flow.parameters(), lr=2e-3)
for s in range(1500):
    loss = nll(sample(128))
    opt.zero_grad()
    loss.backward()
    opt.step()
    if s % 200 == 0:
        print(s, round(loss.item(), 4))
h = math.log(2 * math.pi * math.e) + math.log(0.5)
with torch.no_grad():
    print("nll", round(nll(sample(5000)).item(), 4), "entropy", round(h, 4))
