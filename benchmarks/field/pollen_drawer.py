import math
import torch
from torch import nn

torch.manual_seed(0)


def real(n):
    a = torch.rand(n, 1) * 2 * math.pi
    r = 1 + 0.05 * torch.randn(n, 1)
    return torch.cat([r * a.cos(), r * a.sin()], 1)


G = nn.Sequential(nn.Linear(4, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 2))
D = nn.Sequential(nn.Linear(2, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))
og = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.99))
od = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.99))
bce = nn.BCEWithLogitsLoss()
ones, zeros = torch.ones(128, 1), torch.zeros(128, 1)

for it in range(3000):
    fake = G(torch.randn(128, 4))
    d_loss = bce(D(real(128)), ones) + bce(D(fake.detach()), zeros)
    od.zero_grad()
    d_loss.backward()
    od.step()

    g_loss = bce(D(fake), ones)
    og.zero_grad()
    g_loss.backward()
    og.step()
    if it % 300 == 0 or it == 2999:
        with torch.no_grad():
            r = G(torch.randn(2000, 4)).norm(dim=1)
        print(f"it {it} d {d_loss.item():.3f} g {g_loss.item():.3f} radius {r.mean():.3f} +- {r.std():.3f}")
