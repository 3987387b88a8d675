import torch, torch.nn as nn, torch.nn.functional as F
from sklearn.datasets import load_digits
torch.set_num_threads(1); torch.manual_seed(18)
d = load_digits(); X, Y = torch.tensor(d.data / 8 - 1).float(), torch.tensor(d.target)
p = torch.randperm(len(X)); X, Y = X[p], Y[p]
enc = nn.Sequential(nn.Linear(64, 128, bias=False), nn.BatchNorm1d(128), nn.ReLU(), nn.Linear(128, 64, bias=False), nn.BatchNorm1d(64, affine=False))
prd = nn.Sequential(nn.Linear(64, 24, bias=False), nn.BatchNorm1d(24), nn.ReLU(), nn.Linear(24, 64))
def aug(x): return x * (torch.rand_like(x) > .2) + .2 * torch.randn_like(x)
opt = torch.optim.SGD([*enc.parameters(), *prd.parameters()], lr=.05, momentum=.9, weight_decay=1e-4)
def D(a, b): return -F.cosine_similarity(a, b.detach(), dim=1).mean()
for it in range(500):
    x = X[torch.randint(0, 1400, (128,))]; z1, z2 = enc(aug(x)), enc(aug(x))
    l = .5 * (D(prd(z1), z2) + D(prd(z2), z1)); opt.zero_grad(); l.backward(); opt.step()
    if it % 100 == 0: print(it, l.item())
enc.eval()
with torch.no_grad(): Z = enc(X)
w = nn.Linear(64, 10); o2 = torch.optim.Adam(w.parameters(), lr=1e-2)
for it in range(300):
    k = torch.randint(0, 1400, (100,)); q = F.cross_entropy(w(Z[k]), Y[k]); o2.zero_grad(); q.backward(); o2.step()
with torch.no_grad():
    o = w(Z[1400:]); print("train ssl", l.item(), "probe train", q.item(), "probe test", F.cross_entropy(o, Y[1400:]).item(), "acc", (o.argmax(1) == Y[1400:]).float().mean().item())
