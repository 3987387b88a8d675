import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(18)
X, y = load_digits(return_X_y=True)
perm = torch.randperm(len(X))
X, y = torch.tensor(X).float()[perm] / 16, torch.tensor(y)[perm]
net = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 8))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)


def dist(a, b):
    return ((a - b) ** 2).sum(1).sqrt()


idx = [torch.where(y[:1400] == c)[0] for c in range(10)]
for step in range(1000):
    A, P, N = [], [], []
    for _ in range(48):
        c, d = torch.randperm(10)[:2].tolist()
        A.append(idx[c][torch.randint(len(idx[c]), ())])
        P.append(idx[c][torch.randint(len(idx[c]), ())])
        N.append(idx[d][torch.randint(len(idx[d]), ())])
    za, zp, zn = (net(X[torch.stack(k)]) for k in (A, P, N))
    loss = torch.relu(dist(za, zp) - dist(za, zn) + 1.0).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print(step, loss.item())
with torch.no_grad():
    z = net(X)
    near = torch.cdist(z[1400:], z[:1400]).argmin(1)
print("loss", loss.item(), "1-nn accuracy", (y[:1400][near] == y[1400:]).float().mean().item())
