import torch, torch.nn as nn, torch.nn.functional as F
from sklearn.datasets import load_digits
torch.manual_seed(502)
d = load_digits(); X = torch.tensor((d.data - d.data.mean()) / d.data.std()).float(); Y = torch.tensor(d.target)
f = nn.Sequential(nn.Linear(64, 96), nn.LayerNorm(96), nn.GELU(), nn.Linear(96, 32))
opt = torch.optim.AdamW(f.parameters(), lr=1e-3)
def aug(x): return x * (torch.rand_like(x) > 0.2) + 0.3 * torch.randn_like(x)
def nce(x):
    a, b = F.normalize(f(aug(x)), dim=1), F.normalize(f(aug(x)), dim=1)
    s = a @ b.T / 0.2; t = torch.arange(len(x)); return (F.cross_entropy(s, t) + F.cross_entropy(s.T, t)) / 2
for s in range(500):
    l = nce(X[torch.randint(0, 1400, (96,))]); opt.zero_grad(); l.backward(); opt.step()
    if s % 50 == 49:
        with torch.no_grad():
            z, q = F.normalize(f(X[:1400]), dim=1), F.normalize(f(X[1400:]), dim=1); acc = (Y[:1400][(q @ z.T).argmax(1)] == Y[1400:]).float().mean().item()
            print(s + 1, "%.4f" % l.item(), "held-out nce %.4f 1-nn %.4f" % (nce(X[1400:1496]).item(), acc))
