import math
import torch
from torch import nn
torch.manual_seed(5)
def real(n):
    k = torch.randint(0, 8, (n,)).float() * math.pi / 4
    return torch.stack([k.cos(), k.sin()], 1) * 1.4 + 0.08 * torch.randn(n, 2)
G = nn.Sequential(nn.Linear(8, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2))
D = nn.Sequential(nn.Linear(2, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))
og = torch.optim.Adam(G.parameters(), lr=5e-4, betas=(0.5, 0.99))
od = torch.optim.Adam(D.parameters(), lr=5e-4, betas=(0.5, 0.99))
bce = nn.BCEWithLogitsLoss()
one, zero = torch.ones(128, 1), torch.zeros(128, 1)
for step in range(2500):
    x = real(128)
    fake = G(torch.randn(128, 8))
    ld = bce(D(x), one * 0.9) + bce(D(fake.detach()), zero)
    od.zero_grad(); ld.backward(); od.step()
    fake = G(torch.randn(128, 8))
    lg = bce(D(fake), one)
    og.zero_grad(); lg.backward(); og.step()
    if step % 500 == 499:
        with torch.no_grad():
            s = G(torch.randn(2000, 8))
            print(step + 1, 'D', ld.item(), 'G', lg.item(), 'radius', s.norm(dim=1).mean().item(), 'near a mode', ((torch.cdist(s, torch.stack([torch.arange(8.).mul(math.pi/4).cos(), torch.arange(8.).mul(math.pi/4).sin()],1)*1.4).min(1).values) < 0.3).float().mean().item())
