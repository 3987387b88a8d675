import math
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(16)

def real(n):
    k = torch.randint(0, 8, (n,)).float() * math.pi / 4
    return torch.stack([k.cos(), k.sin()], 1) * 1.5 + 0.1 * torch.randn(n, 2)

G = nn.Sequential(nn.Linear(8, 96), nn.ReLU(), nn.Linear(96, 96), nn.ReLU(), nn.Linear(96, 2))
D = nn.Sequential(nn.Linear(2, 96), nn.LeakyReLU(0.2), nn.Linear(96, 96), nn.LeakyReLU(0.2), nn.Linear(96, 1))
og = torch.optim.Adam(G.parameters(), lr=5e-4, betas=(0.5, 0.99))
od = torch.optim.Adam(D.parameters(), lr=5e-4, betas=(0.5, 0.99))

def quality():
    with torch.no_grad():
        g, r = G(torch.randn(1000, 8)), real(1000)
        return (2 * torch.cdist(g, r).mean() - torch.cdist(g, g).mean() - torch.cdist(r, r).mean()).item()

for step in range(2500):
    r = real(64)
    f = G(torch.randn(64, 8))
    d_loss = F.softplus(-D(r)).mean() + F.softplus(D(f.detach())).mean()
    if step % 4 == 0:
        rr = r.clone().requires_grad_()
        gr, = torch.autograd.grad(D(rr).sum(), rr, create_graph=True)
        d_loss = d_loss + 0.2 * gr.square().sum(1).mean()
    od.zero_grad(); d_loss.backward(); od.step()
    g_loss = F.softplus(-D(G(torch.randn(64, 8)))).mean()
    og.zero_grad(); g_loss.backward(); og.step()
    if step % 250 == 0 or step == 2499:
        print(step, f'D {d_loss.item():.3f} G {g_loss.item():.3f} energy distance {quality():.4f}')
