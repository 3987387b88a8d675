import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(147)
S = 16
yy, xx = torch.meshgrid(torch.arange(S).float(), torch.arange(S).float(), indexing="ij")


def scenes(n):
    c = torch.rand(n, 3, 2, 1, 1) * S
    r = torch.rand(n, 3, 1, 1) * 2 + 1.5
    mask = (((xx - c[:, :, 0]) ** 2 + (yy - c[:, :, 1]) ** 2) < r ** 2).any(1).float()
    img = mask + 0.6 * torch.randn(n, S, S)
    return ((img - 0.25) / 0.7)[:, None], mask[:, None]


def conv(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.BatchNorm2d(o), nn.ReLU())


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.d1, self.d2, self.mid = conv(1, 12), conv(12, 24), conv(24, 24)
        self.u1, self.u2 = conv(48, 16), conv(28, 12)
        self.out = nn.Conv2d(12, 1, 1)

    def forward(self, x):
        a = self.d1(x)
        b = self.d2(F.max_pool2d(a, 2))
        m = self.mid(F.max_pool2d(b, 2))
        b = self.u1(torch.cat([F.interpolate(m, scale_factor=2), b], 1))
        a = self.u2(torch.cat([F.interpolate(b, scale_factor=2), a], 1))
        return self.out(a)


def criterion(z, m):
    pr = torch.sigmoid(z)
    dice = 1 - (2 * (pr * m).sum((1, 2, 3)) + 1) / (pr.sum((1, 2, 3)) + m.sum((1, 2, 3)) + 1)
    return F.binary_cross_entropy_with_logits(z, m) + dice.mean()


net = UNet()
opt = torch.optim.AdamW(net.parameters(), lr=4e-3, weight_decay=1e-2)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, 4e-3, total_steps=400)
net.train()
for step in range(400):
    x, m = scenes(32)
    loss = criterion(net(x), m)
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 40 == 0:
        print(step, round(loss.item(), 4))
net.eval()
with torch.no_grad():
    x, m = scenes(600)
    z = net(x)
    iou = (((z > 0) & (m > 0)).sum() / ((z > 0) | (m > 0)).sum()).item()
    print("final train", round(loss.item(), 4), "fresh", round(criterion(z, m).item(), 4), "iou", round(iou, 4))
