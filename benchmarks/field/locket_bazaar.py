import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(13)
X, y = load_digits(return_X_y=True)
perm = np.random.RandomState(13).permutation(len(X))
X, y = torch.tensor(X[perm] / 16).float(), torch.tensor(y[perm])
enc = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, 96), nn.ReLU(), nn.Linear(96, 16))
opt = torch.optim.SGD(enc.parameters(), lr=30.0, momentum=0.9)
by_class = [torch.where(y[:1400] == c)[0] for c in range(10)]


def pick(c):
    return by_class[c][torch.randint(0, len(by_class[c]), (1,))]


def knn():
    with torch.no_grad():
        z = F.normalize(enc(X), dim=1)
        near = (z[1400:] @ z[:1400].T).argmax(1)
    return (y[:1400][near] == y[1400:]).float().mean().item()


recent = []
for step in range(800):
    ia = torch.cat([pick(c) for c in range(10)])
    ib = torch.cat([pick(c) for c in range(10)])
    za, zb = F.normalize(enc(X[ia]), dim=1), F.normalize(enc(X[ib]), dim=1)
    loss = F.cross_entropy(za @ zb.T / 0.1, torch.arange(10))
    recent = (recent + [loss.item()])[-100:]
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 80 == 0:
        print("step", step, "loss %.4f" % loss.item())
print("mean of the last losses %.4f" % np.mean(recent), "nearest neighbour accuracy %.4f" % knn())
