import numpy as np
import torch
from torch import nn
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(70)
X, y = load_digits(return_X_y=True)
X = torch.tensor(X / 16, dtype=torch.float32)
y = torch.tensor(y)
p = torch.randperm(len(X))
X, y = X[p], y[p]

embed = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 8))
opt = torch.optim.Adam(embed.parameters(), lr=1e-3)


def distances(z):
    d2 = ((z[:, None] - z[None]) ** 2).sum(-1)
    return torch.sqrt(d2)


def contrastive(z, lab, margin=2.0):
    d = distances(z)
    same = (lab[:, None] == lab[None]).float()
    pull = (d * same).sum() / same.sum()
    push = (torch.relu(margin - d) * (1 - same)).sum() / (1 - same).sum()
    return pull + push


def knn_accuracy():
    with torch.no_grad():
        a, b = embed(X[:1400]), embed(X[1400:])
        return (y[:1400][torch.cdist(b, a).argmin(1)] == y[1400:]).float().mean().item()


for it in range(1, 1501):
    idx = torch.randint(0, 1400, (64,))
    loss = contrastive(embed(X[idx]), y[idx])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 150 == 0 or it < 4:
        print(it, 'loss', np.round(loss.item(), 4), '1-nn accuracy', np.round(knn_accuracy(), 3))
