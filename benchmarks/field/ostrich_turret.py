import math
import torch
import torch.nn as nn

torch.manual_seed(88)


def tasks(n, m=10, q=16):
    a, ph = torch.rand(n, 1) * 2 + 0.5, torch.rand(n, 1) * math.pi
    f = lambda x: a * torch.sin(1.5 * x + ph)
    xc, xq = torch.rand(n, m) * 6 - 3, torch.rand(n, q) * 6 - 3
    return xc, f(xc), xq, f(xq)


class Hyper(nn.Module):
    H = 12

    def __init__(self, d=64):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(2, d), nn.ReLU(), nn.Linear(d, d), nn.ReLU())
        self.gen = nn.Sequential(nn.Linear(d, d), nn.ReLU(), nn.Linear(d, 3 * self.H + 1))

    def forward(self, xc, yc, xq):
        w = self.gen(self.enc(torch.stack([xc, yc], -1)).mean(1))
        w1, b1, w2, b2 = w.split([self.H, self.H, self.H, 1], 1)
        h = torch.tanh(xq[..., None] * (w1[:, None] + torch.linspace(0.3, 1.8, self.H)) + b1[:, None] + torch.linspace(-3, 3, self.H))
        return (h * w2[:, None]).sum(-1) + b2


net = Hyper()
opt = torch.optim.Adamax(net.parameters(), lr=4e-3)
warm = torch.optim.lr_scheduler.LinearLR(opt, 0.05, 1.0, 100)
for step in range(2500):
    xc, yc, xq, yq = tasks(64)
    loss = (net(xc, yc, xq) - yq).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    warm.step()
    if step % 400 == 0:
        print(step, round(loss.item(), 4))
with torch.no_grad():
    xc, yc, xq, yq = tasks(1000)
    print("test mse %.4f variance %.4f" % ((net(xc, yc, xq) - yq).pow(2).mean(), yq.var()))
