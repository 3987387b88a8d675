import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(65)
S = 16
gy, gx = torch.meshgrid(torch.arange(S), torch.arange(S), indexing="ij")


def shapes(n):
    k = torch.randint(0, 4, (n,))
    c = torch.randint(5, 11, (n, 2, 1, 1)).float()
    r = torch.randint(2, 5, (n, 1, 1)).float()
    dx, dy = (gx - c[:, 0]).abs(), (gy - c[:, 1]).abs()
    disc = (dx ** 2 + dy ** 2 <= r ** 2)
    square = torch.maximum(dx, dy) <= r
    diamond = dx + dy <= r + 1
    cross = ((dx <= 1) | (dy <= 1)) & square
    im = torch.stack([disc, square, diamond, cross], 1)[torch.arange(n), k].float()
    return (im + 0.4 * torch.randn(n, S, S))[:, None] - 0.2, k


def stage(i, o, stride):
    return nn.Sequential(nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o), nn.ReLU())


net = nn.Sequential(
    stage(1, 12, 1), stage(12, 16, 2), stage(16, 16, 1), stage(16, 24, 2), stage(24, 24, 1), stage(24, 24, 1),
    nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(24, 4))
xv, kv = shapes(1500)
net.eval()
with torch.no_grad():
    print("before training", round(F.cross_entropy(net(xv), kv).item(), 4))

opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-4)
for step in range(500):
    x, k = shapes(48)
    loss = F.cross_entropy(net(x), k)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 50 == 0:
        print("step", step, "loss", round(loss.item(), 4))
net.eval()
with torch.no_grad():
    out = net(xv)
print("final", round(loss.item(), 4), "held-out", round(F.cross_entropy(out, kv).item(), 4), "acc", round((out.argmax(1) == kv).float().mean().item(), 4))
