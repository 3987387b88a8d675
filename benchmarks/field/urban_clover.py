import torch
import torch.nn as nn

torch.manual_seed(111)
U, I, K = 250, 180, 4
tu, ti = torch.randn(U, K), torch.randn(I, K)
ub = 0.5 * torch.randn(U)
u, i = torch.randint(0, U, (40000,)), torch.randint(0, I, (40000,))
r = torch.tanh((tu[u] * ti[i]).sum(1) * 0.7) * 1.5 + ub[u] + 0.25 * torch.randn(40000)
cut = 36000


class TwoTower(nn.Module):
    def __init__(self, d=6):
        super().__init__()
        self.ue = nn.Embedding(U, d, sparse=True)
        self.ie = nn.Embedding(I, d, sparse=True)
        nn.init.normal_(self.ue.weight, std=0.3)
        nn.init.normal_(self.ie.weight, std=0.3)
        self.tower = nn.Sequential(nn.Linear(3 * d, 48), nn.GELU(), nn.Linear(48, 1))

    def forward(self, u, i):
        a, b = self.ue(u), self.ie(i)
        return self.tower(torch.cat([a, b, a * b], 1)).squeeze(1)


net = TwoTower()
sp = torch.optim.SparseAdam(list(net.ue.parameters()) + list(net.ie.parameters()), lr=1e-2)
de = torch.optim.Adam(net.tower.parameters(), lr=2e-3)
scheds = [torch.optim.lr_scheduler.CosineAnnealingLR(o, 2200, eta_min=1e-4) for o in (sp, de)]
mse = nn.MSELoss()
for step in range(2200):
    k = torch.randint(0, cut, (128,))
    loss = mse(net(u[k], i[k]), r[k])
    sp.zero_grad()
    de.zero_grad()
    loss.backward()
    sp.step()
    de.step()
    for s in scheds:
        s.step()
    if step % 220 == 0:
        print(f"{step} {loss.item():.4f}")
with torch.no_grad():
    print(f"final train {mse(net(u[:cut], i[:cut]), r[:cut]).item():.4f} held-out {mse(net(u[cut:], i[cut:]), r[cut:]).item():.4f} (noise 0.0625)")
