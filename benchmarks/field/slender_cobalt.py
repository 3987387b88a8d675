import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(77)
D = load_digits()
X = torch.tensor(D.data, dtype=torch.float32) / 8 - 1
y = torch.tensor(D.target)
p = torch.randperm(len(X))
Xtr, ytr, Xte, yte = X[p[:1300]], y[p[:1300]], X[p[1300:]], y[p[1300:]]
by_class = [torch.where(ytr == c)[0] for c in range(10)]

embed = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 16))
opt = torch.optim.Adam(embed.parameters(), lr=1e-3)


def pick(c):
    ids = by_class[c]
    return ids[torch.randint(0, len(ids), (1,))]


def distance(a, b):
    return ((a - b) ** 2).sum(1).sqrt()


def triplets(n):
    cls = torch.randint(0, 10, (n,))
    other = (cls + torch.randint(1, 10, (n,))) % 10
    a = torch.cat([pick(c) for c in cls])
    pos = torch.cat([pick(c) for c in cls])
    neg = torch.cat([pick(c) for c in other])
    return Xtr[a], Xtr[pos], Xtr[neg]


for step in range(700):
    a, pos, neg = (embed(v) for v in triplets(48))
    loss = torch.relu(distance(a, pos) - distance(a, neg) + 1.0).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 70 == 0:
        print(step, "triplet", round(loss.item(), 4))
with torch.no_grad():
    d = torch.cdist(embed(Xte), embed(Xtr))
    acc = (ytr[d.argmin(1)] == yte).float().mean().item()
    print("final loss", round(loss.item(), 4), "nearest neighbour acc", round(acc, 4))
