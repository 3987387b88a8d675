import math
import torch
import torch.nn as nn
from sklearn.datasets import make_moons

torch.manual_seed(50)


class Coupling(nn.Module):
    def __init__(self, flip):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(1, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 2))

    def forward(self, x):
        a, b = x[:, :1], x[:, 1:]
        if self.flip:
            a, b = b, a
        s, t = self.net(a).chunk(2, 1)
        s = torch.tanh(s) * 1.5
        b = b * s.exp() + t
        out = torch.cat([b, a], 1) if self.flip else torch.cat([a, b], 1)
        return out, s.squeeze(1)


layers = nn.ModuleList(Coupling(k % 2 == 1) for k in range(6))


def nll(x):
    ld = 0
    for l in layers:
        x, s = l(x)
        ld = ld + s
    return (0.5 * (x ** 2).sum(1) + math.log(2 * math.pi) - ld).mean()


def sample(n, seed):
    return torch.tensor(make_moons(n, noise=0.08, random_state=seed)[0]).float()


train, val = sample(5000, 0), sample(2000, 1)
opt = torch.optim.Adam(layers.parameters(), lr=2e-3)
for it in range(1200):
    loss = nll(train[torch.randint(0, 5000, (200,))])
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(layers.parameters(), 5.0)
    opt.step()
    if it % 150 == 0 or it == 1199:
        with torch.no_grad():
            print(it, "train %.4f" % loss.item(), "val %.4f" % nll(val).item())
