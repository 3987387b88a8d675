import math, torch, torch.nn as nn
torch.set_num_threads(1); torch.manual_seed(22)
def ring(n): a = torch.rand(n) * 2 * math.pi; return torch.stack([a.cos(), a.sin()], 1) * 1.2 + .05 * torch.randn(n, 2)
T = 60; b = torch.linspace(1e-3, .12, T); ab = torch.cumprod(1 - b, 0)
class E(nn.Module):
    def __init__(self):
        super().__init__(); self.t = nn.Embedding(T, 32); self.n = nn.Sequential(nn.Linear(34, 96), nn.SiLU(), nn.Linear(96, 96), nn.SiLU(), nn.Linear(96, 2))
    def forward(self, x, t): return self.n(torch.cat([x, self.t(t)], 1))
m = E(); opt = torch.optim.Adam(m.parameters(), lr=2e-3)
def loss(n):
    x = ring(n); t = torch.randint(0, T, (n,)); e = torch.randn_like(x)
    return (m(ab[t].sqrt()[:, None] * x + (1 - ab[t]).sqrt()[:, None] * e, t) - e).pow(2).mean()
for it in range(2500):
    l = loss(128); opt.zero_grad(); l.backward(); opt.step()
    if it % 500 == 0: print(it, l.item())
with torch.no_grad():
    x = torch.randn(1000, 2)
    for t in reversed(range(T)):
        x = (x - b[t] / (1 - ab[t]).sqrt() * m(x, torch.full((1000,), t))) / (1 - b[t]).sqrt() + (b[t].sqrt() * torch.randn(1000, 2) if t else 0)
    print("train", l.item(), "held-out", loss(4000).item(), "radius", x.norm(dim=1).mean().item(), "sd", x.norm(dim=1).std().item())
