import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(65)


def scenes(n, s=24):
    g = torch.arange(s).float()
    yy, xx = torch.meshgrid(g, g, indexing="ij")
    m = torch.zeros(n, s, s)
    for _ in range(2):
        c = torch.rand(n, 2, 1, 1) * (s - 8) + 4
        r = torch.rand(n, 1, 1) * 2.5 + 2
        m = torch.maximum(m, ((xx - c[:, 0]) ** 2 + (yy - c[:, 1]) ** 2 < r ** 2).float())
    im = m * 1.5 + 0.8 * torch.randn(n, s, s) + 0.5 * torch.sin(xx / 4)
    return ((im - 0.3) / 1.05)[:, None], m[:, None]


def cbr(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU())


class UNet(nn.Module):
    def __init__(self, c=8):
        super().__init__()
        self.d1, self.d2, self.mid = cbr(1, c), cbr(c, 2 * c), cbr(2 * c, 2 * c)
        self.u2, self.u1, self.out = cbr(4 * c, c), cbr(2 * c, c), nn.Conv2d(c, 1, 1)

    def forward(self, x):
        a = self.d1(x)
        b = self.d2(F.max_pool2d(a, 2))
        m = self.mid(F.max_pool2d(b, 2))
        y = self.u2(torch.cat([F.interpolate(m, scale_factor=2), b], 1))
        y = self.u1(torch.cat([F.interpolate(y, scale_factor=2), a], 1))
        return self.out(y)


net = UNet()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for s in range(300):
    net.train()
    im, m = scenes(16)
    o = net(im)
    p = o.sigmoid()
    dice = 1 - (2 * (p * m).sum() + 1) / (p.sum() + m.sum() + 1)
    loss = F.binary_cross_entropy_with_logits(o, m) + dice
    opt.zero_grad()
    loss.backward()
    opt.step()
    if s % 40 == 0:
        print(s, round(loss.item(), 4))
net.eval()
with torch.no_grad():
    im, m = scenes(200)
    p = net(im) > 0
    print("IoU", ((p & (m > 0)).sum() / (p | (m > 0)).sum()).item())
