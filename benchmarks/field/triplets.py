import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(71)
d = load_digits()
X = torch.tensor(d.data, dtype=torch.float32) / 8 - 1
y = torch.tensor(d.target)
perm = torch.randperm(len(X))
X, y = X[perm], y[perm]
xtr, ytr, xte, yte = X[:1300], y[:1300], X[1300:], y[1300:]
groups = [torch.nonzero(ytr == c)[:, 0] for c in range(10)]

def triplets(n):
    c = torch.randint(0, 10, (n,))
    o = (c + torch.randint(1, 10, (n,))) % 10
    pick = lambda k: torch.stack([groups[i][torch.randint(0, len(groups[i]), ())] for i in k.tolist()])
    return pick(c), pick(c), pick(o)

net = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, 16))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)

def dist(a, b):
    return torch.sqrt(((a - b) ** 2).sum(1))

def knn_acc():
    with torch.no_grad():
        a, b = net(xtr), net(xte)
        nn_ = torch.cdist(b, a).argmin(1)
    return (ytr[nn_] == yte).float().mean().item()

for step in range(1501):
    a, p, n = triplets(32)
    za, zp, zn = net(xtr[a]), net(xtr[p]), net(xtr[n])
    loss = torch.relu(dist(za, zp) - dist(za, zn) + 1.0).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 0:
        print(f'step {step} loss {loss.item():.4f} 1-nn {knn_acc():.3f}')
