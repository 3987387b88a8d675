import math
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(107)
centers = torch.tensor([[math.cos(2 * math.pi * k / 8), math.sin(2 * math.pi * k / 8)] for k in range(8)]) * 1.5


def real(n):
    return centers[torch.randint(0, 8, (n,))] + 0.15 * torch.randn(n, 2)


G = nn.Sequential(nn.Linear(8, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 2))
D = nn.Sequential(nn.Linear(2, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))
og = torch.optim.Adam(G.parameters(), lr=1.2e-3, betas=(0.5, 0.99))
od = torch.optim.Adam(D.parameters(), lr=2.4e-3, betas=(0.5, 0.99))


def energy(a, b):
    return (2 * torch.cdist(a, b).mean() - torch.cdist(a, a).mean() - torch.cdist(b, b).mean()).item()


for it in range(1, 4001):
    x, z = real(96), torch.randn(96, 8)
    fake = G(z)
    ld = F.softplus(-D(x)).mean() + F.softplus(D(fake.detach())).mean()
    od.zero_grad()
    ld.backward()
    od.step()
    lg = F.softplus(-D(G(torch.randn(96, 8)))).mean()
    og.zero_grad()
    lg.backward()
    og.step()
    if it % 400 == 0:
        with torch.no_grad():
            s = G(torch.randn(800, 8))
            near = (torch.cdist(s, centers).min(1).values < 0.45).float().mean()
            modes = torch.cdist(s, centers).argmin(1).unique().numel()
            print(f"{it} D {ld.item():.3f} G {lg.item():.3f} energy {energy(s, real(800)):.4f} near {near:.3f} modes {modes}")
