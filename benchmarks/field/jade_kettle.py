import math, torch
from torch import nn


class ActNorm(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.s, self.b, self.ready = nn.Parameter(torch.zeros(d)), nn.Parameter(torch.zeros(d)), False

    def forward(self, x):
        if not self.ready:
            with torch.no_grad():
                self.b.copy_(-x.mean(0)); self.s.copy_(-x.std(0).log())
            self.ready = True
        return (x + self.b) * self.s.exp(), self.s.sum()


class Half(nn.Module):
    def __init__(self, d, h=40):
        super().__init__()
        self.n = nn.Sequential(nn.Linear(d // 2, h), nn.ReLU(), nn.Linear(h, h), nn.ReLU(), nn.Linear(h, d))
        nn.init.zeros_(self.n[-1].weight); nn.init.zeros_(self.n[-1].bias)

    def forward(self, x):
        a, b = x.chunk(2, 1)
        s, t = self.n(a).chunk(2, 1)
        s = torch.tanh(s)
        return torch.cat([b * s.exp() + t, a], 1), s.sum(1)


def sample(n):
    k = torch.randint(0, 2, (n, 1)).float() * 2 - 1
    z = torch.randn(n, 4)
    return torch.cat([2 * k + 0.4 * z[:, :1], 0.5 * z[:, 1:2] + z[:, :1] ** 2 * 0.5, k * 1.5 * z[:, 1:2] + 0.3 * z[:, 2:3], 0.7 * z[:, 3:]], 1)


torch.manual_seed(41)
steps = nn.ModuleList([m for _ in range(5) for m in (ActNorm(4), Half(4))])


def log_prob(x):
    total = x.new_zeros(len(x))
    for m in steps:
        x, ld = m(x)
        total = total + ld
    return total - 0.5 * x.square().sum(1) - 2 * math.log(2 * math.pi)


test = sample(3000)
log_prob(sample(512))
opt = torch.optim.Adamax(steps.parameters(), lr=3e-3)
for it in range(1501):
    loss = -log_prob(sample(128)).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 300 == 0:
        with torch.no_grad():
            print(it, "nats", round(loss.item(), 4), "test", round(-log_prob(test).mean().item(), 4))
