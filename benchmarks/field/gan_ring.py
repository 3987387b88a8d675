import torch
from torch import nn
import math

torch.manual_seed(9)
N_MODES = 8


def real(n):
    a = torch.randint(0, N_MODES, (n,)).float() * 2 * math.pi / N_MODES
    return torch.stack([a.cos(), a.sin()], 1) * 1.5 + 0.1 * torch.randn(n, 2)


G = nn.Sequential(nn.Linear(8, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 2))
D = nn.Sequential(nn.Linear(2, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))
og = torch.optim.Adam(G.parameters(), lr=5e-4, betas=(0.5, 0.99))
od = torch.optim.Adam(D.parameters(), lr=5e-4, betas=(0.5, 0.99))
sp = nn.functional.softplus

for step in range(2500):
    x = real(128).requires_grad_()
    fake = G(torch.randn(128, 8))
    dr = D(x)
    gp = torch.autograd.grad(dr.sum(), x, create_graph=True)[0].pow(2).sum(1).mean()
    d_loss = sp(-dr).mean() + sp(D(fake.detach())).mean() + 0.1 * gp
    od.zero_grad()
    d_loss.backward()
    od.step()

    g_loss = sp(-D(fake)).mean()
    og.zero_grad()
    g_loss.backward()
    og.step()
    if step % 250 == 0 or step == 2499:
        with torch.no_grad():
            s = G(torch.randn(1000, 8))
            r = s.norm(dim=1)
        print(f'step {step} D {d_loss.item():.3f} G {g_loss.item():.3f} radius {r.mean():.3f} +- {r.std():.3f}')
