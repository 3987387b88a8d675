import torch
from torch import nn
torch.set_num_threads(1); torch.manual_seed(6)
def real(n): return (torch.randint(0, 2, (n, 1)) * 2 - 1) * 1.5 + 0.3 * torch.randn(n, 1)
G = nn.Sequential(nn.Linear(4, 32), nn.LeakyReLU(.2), nn.Linear(32, 32), nn.LeakyReLU(.2), nn.Linear(32, 1))
D = nn.Sequential(nn.Linear(1, 32), nn.LeakyReLU(.2), nn.Linear(32, 32), nn.LeakyReLU(.2), nn.Linear(32, 1))
og = torch.optim.Adam(G.parameters(), 1e-3, betas=(.5, .9)); od = torch.optim.Adam(D.parameters(), 1e-3, betas=(.5, .9))
b = nn.functional.binary_cross_entropy_with_logits
for it in range(2000):
    x, f = real(64), G(torch.randn(64, 4))
    ld = b(D(x), torch.ones(64, 1)) + b(D(f.detach()), torch.zeros(64, 1))
    od.zero_grad(); ld.backward(); od.step()
    lg = b(D(G(torch.randn(64, 4))), torch.ones(64, 1))
    og.zero_grad(); lg.backward(); og.step()
    if it % 400 == 0: print(it, ld.item(), lg.item())
with torch.no_grad():
    a, c = G(torch.randn(5000, 4)).sort(0)[0], real(5000).sort(0)[0]
    print("train d-loss", ld.item(), "g-loss", lg.item(), "wasserstein-1", (a - c).abs().mean().item())
