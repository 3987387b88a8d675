import numpy as np
import torch
import torch.nn as nn

TAUS = torch.tensor([0.1, 0.5, 0.9])


def sample(n, rng):
    x = rng.uniform(-3, 3, size=(n, 2))
    base = np.sin(2 * x[:, 0]) * 2 + np.cos(x[:, 1] * 1.5)
    y = base + rng.gumbel(size=n) * (0.1 + 0.2 * np.abs(x[:, 1]))
    return torch.as_tensor(x, dtype=torch.float32), torch.as_tensor(y, dtype=torch.float32)


def pinball(pred, y):
    e = y[:, None] - pred
    return torch.maximum(TAUS * e, (TAUS - 1) * e).sum(1).mean()


class QuantileNet(nn.Module):
    def __init__(self, hidden=40):
        super().__init__()
        self.l1 = nn.Linear(2, hidden)
        self.l2 = nn.Linear(hidden, hidden)
        self.l3 = nn.Linear(hidden, 3)
        for l in (self.l1, self.l2, self.l3):
            nn.init.constant_(l.weight, 1.0 / hidden)
            nn.init.constant_(l.bias, 0.0)

    def forward(self, x):
        x = nn.functional.elu(self.l1(x))
        x = nn.functional.elu(self.l2(x))
        return self.l3(x)


class Fit:
    def __init__(self):
        rng = np.random.default_rng(5)
        self.x, self.y = sample(3000, rng)
        self.xv, self.yv = sample(1000, rng)
        self.net = QuantileNet()
        self.opt = torch.optim.NAdam(self.net.parameters(), lr=2e-3)

    def epoch(self):
        for b in torch.randperm(3000).split(50):
            self.opt.zero_grad()
            pinball(self.net(self.x[b]), self.y[b]).backward()
            self.opt.step()

    @torch.no_grad()
    def score(self):
        q = self.net(self.xv)
        return pinball(q, self.yv).item(), ((self.yv > q[:, 0]) & (self.yv < q[:, 2])).float().mean().item()


torch.manual_seed(5)
f = Fit()
for e in range(30):
    f.epoch()
    if (e + 1) % 5 == 0:
        print("epoch %d held-out pinball %.4f coverage %.3f" % (e + 1, *f.score()))
