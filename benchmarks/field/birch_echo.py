import math, torch
from torch import nn
torch.manual_seed(101)


def real(n):
    a = torch.randint(0, 8, (n,)) * (2 * math.pi / 8)
    return torch.stack([a.cos(), a.sin()], 1) * 1.4 + 0.08 * torch.randn(n, 2)


G = nn.Sequential(nn.Linear(8, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 2))
D = nn.Sequential(nn.Linear(2, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))
og = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.99))
od = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.99))
bce = nn.BCEWithLogitsLoss()
for step in range(1800):
    z = torch.randn(128, 8)
    fake = G(z)
    ld = bce(D(real(128)), torch.full((128, 1), 0.9)) + bce(D(fake.detach()), torch.zeros(128, 1))
    od.zero_grad(); ld.backward(); od.step()
    lg = bce(D(fake), torch.ones(128, 1))
    og.zero_grad(); lg.backward(); og.step()
with torch.no_grad():
    s = G(torch.randn(2000, 8))
    r = s.norm(dim=1)
    modes = ((torch.atan2(s[:, 1], s[:, 0]) / (2 * math.pi / 8)).round() % 8).unique().numel()
    print('d loss', ld.item(), 'g loss', lg.item(), 'mean radius', r.mean().item(), 'std', r.std().item(), 'modes', modes)
