import math
import torch
from torch import nn

torch.manual_seed(13)


def make_clouds(n, pts=24):
    kinds = torch.randint(0, 12, (n,))
    u = torch.rand(n, pts) * 2 * math.pi
    freq = (kinds % 4 + 2).float()[:, None]
    amp = (kinds // 4).float()[:, None] * 0.2 + 0.15
    r = 1 + amp * torch.cos(freq * u)
    rot = torch.rand(n, 1) * 2 * math.pi
    xy = torch.stack([r * torch.cos(u + rot), r * torch.sin(u + rot)], -1)
    return xy + 0.02 * torch.randn_like(xy), kinds


class SetNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.phi = nn.Sequential(nn.Linear(2, 64), nn.GELU(), nn.Linear(64, 128), nn.GELU())
        self.rho = nn.Sequential(nn.Linear(256, 96), nn.GELU(), nn.Linear(96, 12), nn.Softmax(dim=-1))

    def forward(self, x):
        h = self.phi(x)
        return self.rho(torch.cat([h.mean(1), h.amax(1)], -1))


class Trainer:
    def __init__(self, net, train, test):
        self.net, self.train, self.test = net, train, test
        self.criterion = nn.CrossEntropyLoss()
        self.opt = torch.optim.NAdam(net.parameters(), lr=2e-3)

    def fit(self, steps, bs=64):
        x, y = self.train
        for s in range(steps):
            i = torch.randint(0, len(x), (bs,))
            loss = self.criterion(self.net(x[i]), y[i])
            self.opt.zero_grad()
            loss.backward()
            self.opt.step()
            if s % 100 == 0:
                print("step", s, "loss", f"{loss.item():.3f}")

    @torch.no_grad()
    def report(self):
        x, y = self.test
        acc = (self.net(x).argmax(-1) == y).float().mean().item()
        tr = self.criterion(self.net(self.train[0][:1500]), self.train[1][:1500]).item()
        print(f"train loss {tr:.4f} test accuracy {acc:.4f}")


t = Trainer(SetNet(), make_clouds(6000), make_clouds(1500))
t.fit(900)
t.report()
