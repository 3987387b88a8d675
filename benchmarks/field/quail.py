import torch, torch.nn as nn, math
from sklearn.datasets import make_moons
torch.set_num_threads(1); torch.manual_seed(16)
X = torch.tensor(make_moons(8000, noise=.06, random_state=0)[0]).float()
X = (X - X.mean(0)) / X.std(0) * 0.5
class Coup(nn.Module):
    def __init__(self, f):
        super().__init__(); self.f = f
        self.n = nn.Sequential(nn.Linear(1, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 2))
        self.n[-1].weight.data.mul_(.1)
    def forward(self, x):
        a, b = (x[:, :1], x[:, 1:]) if self.f else (x[:, 1:], x[:, :1])
        s, t = self.n(a).chunk(2, 1); s = 2 * torch.tanh(s / 2); b = b * s.exp() + t
        return torch.cat([a, b] if self.f else [b, a], 1), s[:, 0]
fl = nn.ModuleList([Coup(i % 2) for i in range(6)])
def nll(x):
    ld = 0
    for c in fl: x, s = c(x); ld = ld + s
    return -(-.5 * (x ** 2).sum(1) - math.log(2 * math.pi) + ld).mean()
opt = torch.optim.Adam(fl.parameters(), lr=2e-3)
for it in range(900):
    l = nll(X[torch.randint(0, 7000, (100,))]); opt.zero_grad(); l.backward(); nn.utils.clip_grad_norm_(fl.parameters(), 5.); opt.step()
    if it % 150 == 0: print(it, l.item())
with torch.no_grad(): print("train nll", nll(X[:7000]).item(), "held-out nll", nll(X[7000:]).item())
