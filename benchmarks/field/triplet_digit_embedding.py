import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(227)
X, y = load_digits(return_X_y=True)
X, y = torch.tensor(X / 16.).float(), torch.tensor(y)
perm = torch.randperm(len(y))
tr, te = perm[:1300], perm[1300:]
groups = {c: tr[y[tr] == c] for c in range(10)}
net = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 8))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)


def dist(a, b):
    return torch.sqrt(((a - b) ** 2).sum(1))


def accuracy():
    with torch.no_grad():
        a, b = net(X[tr]), net(X[te])
        near = torch.cdist(b, a).argmin(1)
    return (y[tr][near] == y[te]).float().mean().item()


for step in range(900):
    a = tr[torch.randint(0, len(tr), (48,))]
    pos = torch.stack([groups[int(c)][torch.randint(0, len(groups[int(c)]), (1,))[0]] for c in y[a]])
    neg = tr[torch.randint(0, len(tr), (48,))]
    keep = y[neg] != y[a]
    ea, ep, en = net(X[a]), net(X[pos]), net(X[neg])
    loss = (torch.relu(dist(ea, ep) - dist(ea, en) + 0.5) * keep).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 90 == 0:
        print(step, 'loss', round(loss.item(), 4))
print('nearest neighbour accuracy', round(accuracy(), 4), 'last loss', round(loss.item(), 4))
