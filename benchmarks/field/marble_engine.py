import math
import torch
from torch import nn, autograd

torch.set_num_threads(1)
torch.manual_seed(4)


def real(n):
    k = torch.randint(0, 8, (n,))
    a = k * (2 * math.pi / 8)
    return torch.stack([a.cos(), a.sin()], 1) * 2 + torch.randn(n, 2) * 0.15


G = nn.Sequential(nn.Linear(4, 96), nn.ReLU(), nn.Linear(96, 96), nn.ReLU(), nn.Linear(96, 2))
D = nn.Sequential(nn.Linear(2, 96), nn.LeakyReLU(0.2), nn.Linear(96, 96), nn.LeakyReLU(0.2), nn.Linear(96, 1))
og = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.99))
od = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.99))
sp = nn.functional.softplus


@torch.no_grad()
def quality():
    s = G(torch.randn(2000, 4))
    a = torch.arange(8) * (2 * math.pi / 8)
    centres = torch.stack([a.cos(), a.sin()], 1) * 2
    d, k = torch.cdist(s, centres).min(1)
    hits = torch.bincount(k[d < 0.45], minlength=8)
    return (d < 0.45).float().mean().item(), (hits > 60).sum().item()


for it in range(1, 3001):
    x = real(128).requires_grad_(True)
    fake = G(torch.randn(128, 4)).detach()
    out = D(x)
    gp = autograd.grad(out.sum(), x, create_graph=True)[0].pow(2).sum(1).mean()
    ld = sp(-out).mean() + sp(D(fake)).mean() + 0.1 * gp
    od.zero_grad()
    ld.backward()
    od.step()
    lg = sp(-D(G(torch.randn(128, 4)))).mean()
    og.zero_grad()
    lg.backward()
    og.step()
    if it % 300 == 0:
        q, modes = quality()
        print(f'{it}: D {ld.item():.3f} G {lg.item():.3f} share near a mode {q:.3f} modes {modes}')
