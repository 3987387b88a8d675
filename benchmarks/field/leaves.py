import math
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(3)
S = 16
yy, xx = torch.meshgrid(torch.arange(S).float(), torch.arange(S).float(), indexing='ij')

def textures(n):
    c = torch.randint(0, 6, (n,))
    ang = c.float() * math.pi / 6 + 0.12 * torch.randn(n)
    f = 0.9 + 0.4 * torch.rand(n)
    ph = 2 * math.pi * torch.rand(n)
    img = torch.sin(f[:, None, None] * (xx * ang.cos()[:, None, None] + yy * ang.sin()[:, None, None]) + ph[:, None, None])
    return 1.5 * (img + 0.8 * torch.randn(n, S, S))[:, None] + 1.5, c

def block(i, o, stride):
    return nn.Sequential(nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o, momentum=0.0002), nn.ReLU())

net = nn.Sequential(block(1, 16, 1), block(16, 24, 2), block(24, 32, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 6))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
xt, ct = textures(800)
for step in range(1, 501):
    net.train()
    x, c = textures(48)
    loss = F.cross_entropy(net(x), c)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 50 == 0:
        net.eval()
        with torch.no_grad():
            o = net(xt)
        print(f'step {step} train {loss.item():.3f} test {F.cross_entropy(o, ct).item():.3f} acc {(o.argmax(1) == ct).float().mean().item():.3f}')
