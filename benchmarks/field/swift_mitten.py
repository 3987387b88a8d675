import copy
import math
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(103)


def real(n):
    k = torch.randint(0, 8, (n,)).float() * math.pi / 4
    return torch.stack([k.cos(), k.sin()], 1) * 1.5 + 0.15 * torch.randn(n, 2)


def mlp(i, o):
    return nn.Sequential(nn.Linear(i, 96), nn.LeakyReLU(0.2), nn.Linear(96, 96), nn.LeakyReLU(0.2), nn.Linear(96, o))


G, D = mlp(4, 2), mlp(2, 1)
ema = copy.deepcopy(G)
g_opt = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.0, 0.99))
d_opt = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.0, 0.99))
for step in range(2000):
    x = real(128).requires_grad_(True)
    fake = G(torch.randn(128, 4)).detach()
    dr = D(x)
    grad, = torch.autograd.grad(dr.sum(), x, create_graph=True)
    d_loss = F.softplus(-dr).mean() + F.softplus(D(fake)).mean() + 0.1 * grad.pow(2).sum(1).mean()
    d_opt.zero_grad()
    d_loss.backward()
    d_opt.step()

    g_loss = F.softplus(-D(G(torch.randn(128, 4)))).mean()
    g_opt.zero_grad()
    g_loss.backward()
    g_opt.step()
    with torch.no_grad():
        for p, q in zip(ema.parameters(), G.parameters()):
            p.lerp_(q, 0.01)
    if step % 200 == 0:
        print(f"{step} d {d_loss.item():.3f} g {g_loss.item():.3f}")


def energy_distance(a, b):
    return (2 * torch.cdist(a, b).mean() - torch.cdist(a, a).mean() - torch.cdist(b, b).mean()).item()


with torch.no_grad():
    s = ema(torch.randn(2000, 4))
print(f"final d {d_loss.item():.3f} g {g_loss.item():.3f} energy distance {energy_distance(s, real(2000)):.4f}")
