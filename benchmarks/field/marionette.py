import torch, torch.nn as nn, torch.nn.functional as F
torch.manual_seed(6)
def real(n):
    t = 6.2832 * torch.rand(n); r = 1.3 + 0.1 * torch.randn(n)
    return torch.stack([r * torch.cos(t), r * torch.sin(t)], 1)
G = nn.Sequential(nn.Linear(4, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2))
D = nn.Sequential(nn.Linear(2, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))
og = torch.optim.Adam(G.parameters(), lr=0.002, betas=(0.5, 0.99))
od = torch.optim.Adam(D.parameters(), lr=0.002, betas=(0.5, 0.99))
for s in range(2000):
    x, z = real(128), torch.randn(128, 4)
    ld = F.softplus(-D(x)).mean() + F.softplus(D(G(z).detach())).mean()
    od.zero_grad(); ld.backward(); od.step()
    lg = F.softplus(-D(G(torch.randn(128, 4)))).mean()
    og.zero_grad(); lg.backward(); og.step()
    if s % 200 == 0: print(s, 'd %.4f g %.4f' % (ld.item(), lg.item()))
with torch.no_grad():
    f = G(torch.randn(2000, 4)); r = f.norm(dim=1)
    def mmd(a, b):
        k = lambda u, v: torch.exp(-torch.cdist(u, v) ** 2 / 0.5).mean()
        return (k(a, a) + k(b, b) - 2 * k(a, b)).item()
    print('radius mean %.3f std %.3f mmd train %.5f held-out %.5f' % (r.mean(), r.std(), mmd(f, real(2000)), mmd(f, real(2000))))
