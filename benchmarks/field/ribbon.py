import torch, torch.nn as nn, math
torch.manual_seed(28)
def moons(n):
    t = torch.rand(n) * math.pi; k = (torch.rand(n) < 0.5).float()
    x = torch.stack([torch.cos(t) * (1 - 2 * k) + k, torch.sin(t) * (1 - 2 * k) + 0.5 * k], 1) + 0.1 * torch.randn(n, 2)
    return (x - torch.tensor([0.5, 0.25])) / torch.tensor([0.87, 0.5])
class Coup(nn.Module):
    def __init__(self, f):
        super().__init__(); self.f = f; self.n = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 2)); nn.init.zeros_(self.n[4].weight); nn.init.zeros_(self.n[4].bias)
    def forward(self, x):
        a, b = (x[:, :1], x[:, 1:]) if self.f else (x[:, 1:], x[:, :1])
        s, t = self.n(a).chunk(2, 1); s = torch.tanh(s) * 2; b = b * s.exp() + t
        return (torch.cat([a, b], 1) if self.f else torch.cat([b, a], 1)), s[:, 0]
fl = nn.ModuleList([Coup(k % 2 == 0) for k in range(6)]); opt = torch.optim.Adam(fl.parameters(), lr=0.008)
sch = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 900)
def nll(x):
    ld = 0
    for c in fl: x, s = c(x); ld = ld + s
    return (0.5 * x.square().sum(1) + math.log(2 * math.pi) - ld).mean()
for s in range(900):
    l = nll(moons(128)); opt.zero_grad(); l.backward(); opt.step(); sch.step()
    if s % 90 == 0: print(s, 'nll %.4f' % l.item())
with torch.no_grad(): print('train %.4f held-out %.4f' % (nll(moons(4000)), nll(moons(4000))))
