import math
import torch
from torch import nn

torch.manual_seed(81)


def spiral(n):
    a = 3 * math.pi * torch.rand(n).sqrt()
    return torch.stack([a * a.cos(), a * a.sin()], 1) / 4.6 + 0.02 * torch.randn(n, 2)


class Net(nn.Module):
    def __init__(self, h=96):
        super().__init__()
        self.inp = nn.Linear(2 + 8, h)
        self.mid1 = nn.Linear(h, h)
        self.mid2 = nn.Linear(h, h)
        self.out = nn.Linear(h, 2)

    def forward(self, x, s):
        f = torch.log(s) * torch.tensor([0.5, 1.0, 2.0, 4.0])
        z = torch.relu(self.inp(torch.cat([x, f.sin(), f.cos()], 1)))
        z = torch.relu(self.mid1(z))
        z = torch.relu(self.mid2(z))
        return self.out(z)


net = Net()
mult = {"inp": 0.0005, "mid1": 0.0005, "mid2": 0.0005, "out": 1.0}
buf = {n: torch.zeros_like(p) for n, p in net.named_parameters()}
lr = 0.02
avg = 1.0
for it in range(2500):
    x = spiral(128)
    s = torch.exp(torch.rand(128, 1) * 3 - 3)
    e = torch.randn_like(x)
    loss = (net((x + s * e) / (1 + s ** 2).sqrt(), s) - e).pow(2).mean()
    net.zero_grad()
    loss.backward()
    with torch.no_grad():
        for n, p in net.named_parameters():
            buf[n].mul_(0.9).add_(p.grad)
            p -= lr * mult[n.split(".")[0]] * buf[n]
    avg = 0.99 * avg + 0.01 * loss.item()
    if it % 250 == 0:
        print(it, round(avg, 4))
print("smoothed loss", round(avg, 4))
