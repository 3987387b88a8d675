import math, torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(0)


def real(n):
    a = torch.rand(n) * 2 * math.pi
    r = 1 + 0.05 * torch.randn(n)
    return torch.stack([r * a.cos(), r * a.sin()], 1)


G = nn.Sequential(nn.Linear(4, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 2))
D = nn.Sequential(nn.Linear(2, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))
og = torch.optim.Adam(G.parameters(), lr=5e-4, betas=(0.5, 0.99))
od = torch.optim.Adam(D.parameters(), lr=5e-4, betas=(0.5, 0.99))

for it in range(1, 3001):
    x = real(128)
    fake = G(torch.randn(128, 4))
    ld = F.softplus(-D(x)).mean() + F.softplus(D(fake.detach())).mean()
    od.zero_grad()
    ld.backward()
    od.step()
    lg = F.softplus(-D(fake)).mean()
    og.zero_grad()
    lg.backward()
    og.step()
    if it % 500 == 0:
        with torch.no_grad():
            z = G(torch.randn(2000, 4))
            r = z.norm(dim=1)
            sectors = torch.histc(torch.atan2(z[:, 1], z[:, 0]), 8, -math.pi, math.pi)
        print(it, f"D {ld.item():.3f} G {lg.item():.3f} radius {r.mean():.3f} +- {r.std():.3f} fewest/most per sector {int(sectors.min())}/{int(sectors.max())}")
