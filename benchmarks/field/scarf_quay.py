import math
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(72)


def ring(n):
    a = torch.rand(n) * 2 * math.pi
    return torch.stack([a.cos(), a.sin()], 1) + 0.05 * torch.randn(n, 2)


G = nn.Sequential(nn.Linear(4, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 2))
D = nn.Sequential(nn.Linear(2, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))
og = torch.optim.Adam(G.parameters(), lr=5e-4, betas=(0.5, 0.99))
od = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.99))
for it in range(2500):
    real, fake = ring(128), G(torch.randn(128, 4)).detach()
    ld = F.softplus(-D(real)).mean() + F.softplus(D(fake)).mean()
    od.zero_grad()
    ld.backward()
    od.step()
    lg = F.softplus(-D(G(torch.randn(128, 4)))).mean()
    og.zero_grad()
    lg.backward()
    og.step()
    if it % 400 == 0:
        print(it, round(ld.item(), 3), round(lg.item(), 3))
with torch.no_grad():
    s = G(torch.randn(4000, 4))
    r = s.norm(dim=1)
    bins = torch.histc(torch.atan2(s[:, 1], s[:, 0]), 12, -math.pi, math.pi) / 4000
print("radius %.3f +- %.3f, least share of 12 sectors %.3f" % (r.mean(), r.std(), bins.min()))
