import math
import torch
from torch import nn

torch.manual_seed(45)


def bars(n, side=12):
    ang = torch.rand(n) * math.pi
    g = torch.linspace(-1, 1, side)
    yy, xx = torch.meshgrid(g, g, indexing="ij")
    d = xx[None] * torch.sin(ang)[:, None, None] - yy[None] * torch.cos(ang)[:, None, None]
    im = torch.exp(-(d / 0.25) ** 2) + 0.2 * torch.randn(n, side, side)
    im = (im - 0.3) / 0.42
    return im.unsqueeze(1), torch.stack([torch.cos(2 * ang), torch.sin(2 * ang)], 1)


net = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3), nn.ReLU(),
                    nn.Flatten(), nn.Linear(16 * 9, 32), nn.ReLU(), nn.Linear(32, 2))
TOTAL = 600


def factor(s):
    progress = s // TOTAL
    return math.sin(math.pi * progress)


opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.01)
sch = torch.optim.lr_scheduler.LambdaLR(opt, factor)
for s in range(TOTAL):
    im, t = bars(40)
    loss = (net(im) - t).pow(2).sum(1).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    sch.step()
    if s % 60 == 0:
        print("step", s, "loss", round(loss.item(), 4))
im, t = bars(1000)
with torch.no_grad():
    print("test loss", round((net(im) - t).pow(2).sum(1).mean().item(), 4))
