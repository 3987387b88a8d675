import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(18)
S = 16
gy, gx = torch.meshgrid(torch.arange(S).float(), torch.arange(S).float(), indexing='ij')

def pictures(n):
    y = torch.randint(0, 4, (n,))
    cx, cy = 5 + 6 * torch.rand(2, n, 1, 1)
    r = 2.5 + 2 * torch.rand(n, 1, 1)
    dx, dy = (gx - cx).abs(), (gy - cy).abs()
    disc = (dx ** 2 + dy ** 2 < r ** 2).float()
    ring = disc - (dx ** 2 + dy ** 2 < (0.6 * r) ** 2).float()
    square = ((dx < r * 0.9) & (dy < r * 0.9)).float()
    cross = (((dx < 1) & (dy < r)) | ((dy < 1) & (dx < r))).float()
    img = torch.stack([disc, ring, square, cross], 1)[torch.arange(n), y]
    return (img * (0.5 + torch.rand(n, 1, 1)) + 0.25 * torch.randn(n, S, S))[:, None], y

def build(depth=9, c=16):
    layers = []
    for i in range(depth):
        layers += [nn.Conv2d(1 if i == 0 else c, c, 3, stride=2 if i in (2, 5) else 1, padding=1, bias=False), nn.BatchNorm2d(c), nn.ReLU()]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(c, 4))

xtr, ytr = pictures(3000)
xte, yte = pictures(600)
net = build().eval()
with torch.no_grad():
    assert net(xte[:2]).shape == (2, 4)
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
for step in range(500):
    i = torch.randint(0, 3000, (32,))
    loss = F.cross_entropy(net(xtr[i]), ytr[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 50 == 49:
        mode = net.training
        net.eval()
        with torch.no_grad():
            o = net(xte)
        net.train(mode)
        print(step + 1, f'loss {loss.item():.3f} test {F.cross_entropy(o, yte).item():.3f} acc {(o.argmax(1) == yte).float().mean().item():.3f}')
