import math
import torch
import torch.nn as nn

torch.manual_seed(15)


def real(n):
    k = torch.randint(0, 6, (n,))
    a = 2 * math.pi * k / 6
    return torch.stack([a.cos(), a.sin()], 1) * 1.5 + 0.1 * torch.randn(n, 2)


def mlp(i, o):
    return nn.Sequential(nn.Linear(i, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, o))


G, D = mlp(8, 2), mlp(2, 1)
og = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.99))
od = torch.optim.Adam(D.parameters(), lr=2e-3, betas=(0.5, 0.99))


def penalty(x):
    x = x.detach().requires_grad_(True)
    g, = torch.autograd.grad(D(x).sum(), x, create_graph=True)
    return (g ** 2).sum(1).mean()


for it in range(2500):
    x, z = real(128), torch.randn(128, 8)
    fake = G(z).detach()
    d_loss = nn.functional.softplus(-D(x)).mean() + nn.functional.softplus(D(fake)).mean() + 0.1 * penalty(x)
    od.zero_grad()
    d_loss.backward()
    od.step()
    g_loss = nn.functional.softplus(-D(G(torch.randn(128, 8)))).mean()
    og.zero_grad()
    g_loss.backward()
    og.step()
    if it % 250 == 249:
        with torch.no_grad():
            s = G(torch.randn(2000, 8))
            centres = torch.stack([torch.tensor([math.cos(2 * math.pi * k / 6), math.sin(2 * math.pi * k / 6)]) for k in range(6)]) * 1.5
            dist, near = torch.cdist(s, centres).min(1)
            share = torch.bincount(near[dist < 0.4], minlength=6) / 2000
        print(f"it {it + 1} critic {d_loss.item():.3f} generator {g_loss.item():.3f} near {(dist < 0.4).float().mean().item():.3f} shares {[round(v, 2) for v in share.tolist()]}")
