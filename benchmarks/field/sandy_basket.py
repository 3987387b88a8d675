import gzip, os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(63)
root = os.environ.get("MNIST_DIR", "data")
X = np.frombuffer(gzip.open(root + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
Y = np.frombuffer(gzip.open(root + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8).astype(np.int64)
X, Y = torch.tensor(X / 255.0 * 2 - 0.26, dtype=torch.float32), torch.tensor(Y)
low, high = Y < 5, Y >= 5
xa, ya, xb, yb = X[low], Y[low], X[high], Y[high] - 5

trunk = nn.Sequential(nn.Conv2d(1, 12, 5, 2), nn.ReLU(), nn.Conv2d(12, 24, 3, 2), nn.ReLU(), nn.Flatten(), nn.Linear(600, 64), nn.ReLU())


def fit(head, params, x, y, epochs, lr):
    opt = torch.optim.Adam(params, lr=lr)
    for e in range(epochs):
        for b in torch.randperm(len(x)).split(64):
            loss = F.cross_entropy(head(trunk(x[b])), y[b])
            opt.zero_grad()
            loss.backward()
            opt.step()
        print("epoch", e, round(loss.item(), 4))


first = nn.Linear(64, 5)
fit(first, list(trunk.parameters()) + list(first.parameters()), xa[:4000], ya[:4000], 2, 1e-3)
for p in trunk.parameters():
    p.requires_grad = False
second = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 5))
fit(second, second.parameters(), xb[:3800], yb[:3800], 6, 2e-3)
with torch.no_grad():
    print("accuracy on 5-9:", (second(trunk(xb[3800:])).argmax(1) == yb[3800:]).float().mean().item())
