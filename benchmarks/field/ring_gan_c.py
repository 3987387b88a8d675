import torch, torch.nn as nn, math
torch.manual_seed(14)
def real(n):
    a = torch.rand(n) * 2 * math.pi
    return torch.stack([a.cos(), a.sin()], 1) + 0.05 * torch.randn(n, 2)
G = nn.Sequential(nn.Linear(4, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 2))
D = nn.Sequential(nn.Linear(2, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))
og = torch.optim.Adam(G.parameters(), lr=5e-4, betas=(0.5, 0.99))
od = torch.optim.Adam(D.parameters(), lr=5e-4, betas=(0.5, 0.99))
bce = nn.functional.binary_cross_entropy_with_logits
for it in range(1500):
    x = real(128); z = torch.randn(128, 4)
    f = G(z)
    ld = bce(D(x), torch.full((128, 1), 0.9)) + bce(D(f.detach()), torch.zeros(128, 1))
    od.zero_grad(); ld.backward(); od.step()
    lg = bce(D(f), torch.ones(128, 1))
    og.zero_grad(); lg.backward(); og.step()
    if it % 250 == 249:
        with torch.no_grad():
            r = G(torch.randn(1000, 4)).norm(dim=1)
        print(it + 1, "d %.3f g %.3f" % (ld.item(), lg.item()), "radius %.3f +- %.3f" % (r.mean().item(), r.std().item()))
