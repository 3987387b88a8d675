import torch, torch.nn as nn
torch.manual_seed(230)
U, I = 400, 300
pu, pi = torch.randn(U, 4) / 2, torch.randn(I, 4)
u, i = torch.randint(0, U, (30000,)), torch.randint(0, I, (30000,))
r = (pu[u] * pi[i]).sum(1) + 0.2 * torch.randn(30000)
class MF(nn.Module):
    def __init__(self):
        super().__init__()
        self.u, self.i = nn.Embedding(U, 6, sparse=True), nn.Embedding(I, 6, sparse=True)
        nn.init.normal_(self.u.weight, std=0.3); nn.init.normal_(self.i.weight, std=0.3)
        self.mix = nn.Linear(6, 1)
    def forward(self, a, b): return self.mix(self.u(a) * self.i(b)).squeeze(1)
m = MF()
o1 = torch.optim.SparseAdam([m.u.weight, m.i.weight], lr=1e-2); o2 = torch.optim.Adam(m.mix.parameters(), lr=1e-2)
for s in range(1200):
    k = torch.randint(0, 25000, (256,))
    l = nn.functional.mse_loss(m(u[k], i[k]), r[k])
    o1.zero_grad(); o2.zero_grad(); l.backward(); o1.step(); o2.step()
    if s % 150 == 149:
        with torch.no_grad(): print(s + 1, l.item(), "test", nn.functional.mse_loss(m(u[25000:], i[25000:]), r[25000:]).item())
