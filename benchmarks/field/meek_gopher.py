import math
import torch
from torch import nn

torch.manual_seed(82)


def target(n):
    a = torch.rand(n) * 2 * math.pi
    r = 1 + 0.12 * torch.randn(n)
    return torch.stack([r * a.cos(), 0.7 * r * a.sin()], 1) / 0.62


class Affine(nn.Module):
    def __init__(self, order, h=32):
        super().__init__()
        self.order = order
        self.f = nn.Sequential(nn.Linear(1, h), nn.ReLU(), nn.Linear(h, h), nn.ReLU(), nn.Linear(h, 2))

    def forward(self, x):
        x = x[:, self.order]
        s, t = self.f(x[:, :1]).chunk(2, 1)
        s = 1.5 * torch.tanh(s / 1.5)
        return torch.cat([x[:, :1], (x[:, 1:] - t) * torch.exp(-s)], 1), -s.sum(1)


layers = nn.ModuleList([Affine([0, 1]), Affine([1, 0]), Affine([1, 0]), Affine([1, 0]), Affine([1, 0]), Affine([1, 0])])


def neg_log_density(x):
    total = 0.0
    for l in layers:
        x, ld = l(x)
        total = total + ld
    return (0.5 * x.square().sum(1) + math.log(2 * math.pi) - total).mean()


optimizer = torch.optim.AdamW(layers.parameters(), lr=0.1, weight_decay=1e-4)
for it in range(1500):
    loss = neg_log_density(target(128))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if it % 150 == 0:
        print("iteration", it, "nll", round(loss.item(), 4))
with torch.no_grad():
    print("final nll", round(neg_log_density(target(5000)).item(), 4))
