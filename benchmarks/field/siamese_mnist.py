import gzip
import numpy as np
import torch
from torch import nn

torch.manual_seed(34)
rng = np.random.default_rng(34)
load = lambda f, o: np.frombuffer(gzip.open('data/' + f).read(), np.uint8, offset=o).copy()
X = load('mnist-t10k-images-idx3-ubyte.gz', 16).reshape(-1, 28, 28)[:, ::2, ::2].reshape(-1, 196)
X = torch.tensor((X / 255 - 0.13) / 0.31, dtype=torch.float32)
y = load('mnist-t10k-labels-idx1-ubyte.gz', 8)
by_class = [np.where(y[:9000] == c)[0] for c in range(10)]


def pairs(n):
    a = rng.integers(0, 9000, n)
    same = rng.random(n) < 0.5
    b = np.where(same, [rng.choice(by_class[y[k]]) for k in a], rng.integers(0, 9000, n))
    return torch.tensor(a), torch.tensor(b), torch.tensor(y[a] == y[b]).float()


tower = nn.Sequential(nn.Linear(196, 128), nn.ReLU(), nn.Linear(128, 32))
opt = torch.optim.Adam(tower.parameters(), lr=1e-3)


def distance(u, v):
    return torch.sqrt(((u - v) ** 2).sum(1))


def knn_accuracy():
    with torch.no_grad():
        g, q = tower(X[:2000]), tower(X[9000:9500])
        near = torch.cdist(q, g).argmin(1).numpy()
    return (y[:2000][near] == y[9000:9500]).mean()


for it in range(1500):
    a, b, s = pairs(8)
    dist = distance(tower(X[a]), tower(X[b]))
    loss = (s * dist ** 2 + (1 - s) * torch.relu(2.0 - dist) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 150 == 149:
        print(f'iter {it + 1}: loss {loss.item():.4f}, 1-nn accuracy {knn_accuracy():.3f}')
