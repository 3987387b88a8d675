import torch, torch.nn as nn
from sklearn.datasets import load_digits
torch.set_num_threads(1); torch.manual_seed(15)
X = torch.tensor(load_digits().data / 16).float(); X = X[torch.randperm(len(X))]
class VAE(nn.Module):
    def __init__(self, z=6):
        super().__init__()
        self.e = nn.Sequential(nn.Linear(64, 64), nn.ReLU()); self.m = nn.Linear(64, z); self.v = nn.Linear(64, z)
        self.d = nn.Sequential(nn.Linear(z, 64), nn.ReLU(), nn.Linear(64, 64))
    def nelbo(self, x):
        h = self.e(x); m, v = self.m(h), self.v(h)
        o = self.d(m + torch.randn_like(m) * (v / 2).exp())
        return nn.functional.binary_cross_entropy_with_logits(o, x, reduction="none").sum(1).mean() + .5 * (m ** 2 + v.exp() - v - 1).sum(1).mean()
m = VAE(); opt = torch.optim.Adam(m.parameters(), lr=2e-3)
for it in range(1000):
    l = m.nelbo(X[torch.randint(0, 1400, (50,))]); opt.zero_grad(); l.backward(); opt.step()
    if it % 200 == 0: print(it, l.item())
with torch.no_grad(): print("train", m.nelbo(X[:1400]).item(), "held-out", m.nelbo(X[1400:]).item())
