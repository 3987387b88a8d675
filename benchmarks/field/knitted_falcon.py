import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(86)
dg = load_digits()
X = torch.tensor(dg.data, dtype=torch.float32) / 8 - 1
Y = torch.tensor(dg.target)
perm = torch.randperm(len(X))
Xt, Yt, Xv, Yv = X[perm[:1400]], Y[perm[:1400]], X[perm[1400:]], Y[perm[1400:]]
embed = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 8))


def dist(a, b):
    return ((a - b) ** 2).sum(1).sqrt()


def pairs(n):
    i = torch.randint(0, 1400, (n,))
    j = torch.randint(0, 1400, (n,))
    half = n // 2
    for k in range(half):
        pool = (Yt == Yt[i[k]]).nonzero().squeeze(1)
        at = (pool == i[k]).nonzero()[0, 0]
        j[k] = pool[(at + torch.randint(1, len(pool), (1,))) % len(pool)]
    return i, j


def contrastive(d, same, margin=2.0):
    return (same * d ** 2 + (1 - same) * torch.relu(margin - d) ** 2).mean()


opt = torch.optim.RMSprop(embed.parameters(), lr=1e-3)
for it in range(700):
    i, j = pairs(32)
    same = (Yt[i] == Yt[j]).float()
    d = dist(embed(Xt[i]), embed(Xt[j]))
    loss = contrastive(d, same)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 25 == 24:
        with torch.no_grad():
            zt, zv = embed(Xt), embed(Xv)
            nn_idx = torch.cdist(zv, zt).argmin(1)
            acc = (Yt[nn_idx] == Yv).float().mean()
        print(f"iter {it + 1} loss {loss.item():.4f} 1-nn acc {acc.item():.4f}")
