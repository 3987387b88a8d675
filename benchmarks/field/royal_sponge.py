import math
import torch
from torch import nn

torch.manual_seed(55)


def real(n):
    k = torch.randint(0, 8, (n,)).float() * math.pi / 4
    return 1.4 * torch.stack([k.cos(), k.sin()], 1) + 0.1 * torch.randn(n, 2)


G = nn.Sequential(nn.Linear(8, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 2))
D = nn.Sequential(nn.Linear(2, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))
og = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.99))
od = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.99))
sp = nn.functional.softplus
for it in range(3000):
    x = real(128)
    fake = G(torch.randn(128, 8))
    xr = x.detach().requires_grad_(True)
    dr = D(xr)
    gp = torch.autograd.grad(dr.sum(), xr, create_graph=True)[0].pow(2).sum(1).mean()
    d_loss = sp(-dr).mean() + sp(D(fake.detach())).mean() + 0.05 * gp
    od.zero_grad()
    d_loss.backward()
    od.step()
    g_loss = sp(-D(fake)).mean()
    og.zero_grad()
    g_loss.backward()
    og.step()
    if it % 300 == 0:
        print(it, "d", round(d_loss.item(), 3), "g", round(g_loss.item(), 3))
with torch.no_grad():
    s = G(torch.randn(4000, 8))
    k = torch.arange(8).float() * math.pi / 4
    modes = 1.4 * torch.stack([k.cos(), k.sin()], 1)
    d, which = torch.cdist(s, modes).min(1)
    share = torch.bincount(which[d < 0.4], minlength=8) / 4000
    print("share near a mode", round(share.sum().item(), 3), "rarest", round(share.min().item(), 3))
