import math
import torch
import torch.nn as nn

torch.manual_seed(353)


def real(n):
    a = torch.rand(n) * 2 * math.pi
    r = 1.5 + 0.1 * torch.randn(n)
    return torch.stack([r * a.cos(), r * a.sin()], 1)


G = nn.Sequential(nn.Linear(4, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 2))
D = nn.Sequential(nn.Linear(2, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))
og = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.99))
od = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.99))
bce = nn.functional.binary_cross_entropy_with_logits
one, zero = torch.ones(64, 1), torch.zeros(64, 1)
for it in range(1500):
    x, z = real(64), torch.randn(64, 4)
    ld = bce(D(x), one * 0.9) + bce(D(G(z).detach()), zero)
    od.zero_grad()
    ld.backward()
    od.step()
    lg = bce(D(G(torch.randn(64, 4))), one)
    og.zero_grad()
    lg.backward()
    og.step()
    if it % 150 == 0:
        print(it, 'd', round(ld.item(), 3), 'g', round(lg.item(), 3))
with torch.no_grad():
    r = G(torch.randn(2000, 4)).norm(dim=1)
print('radius of samples', round(r.mean().item(), 3), '+-', round(r.std().item(), 3))
