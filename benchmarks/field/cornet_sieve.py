import gzip
import os
import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(2)


def load_mnist(count):
    d = os.environ.get("MNIST_DIR", "data")
    with gzip.open(d + "/mnist-t10k-images-idx3-ubyte.gz") as f:
        x = np.frombuffer(f.read(), dtype=np.uint8, offset=16).reshape(-1, 784)
    with gzip.open(d + "/mnist-t10k-labels-idx1-ubyte.gz") as f:
        y = np.frombuffer(f.read(), dtype=np.uint8, offset=8)
    pick = np.random.RandomState(0).permutation(len(x))[:count]
    return torch.tensor(x[pick] / 255.0, dtype=torch.float32), torch.tensor(y[pick], dtype=torch.long)


X, Y = load_mnist(5000)
Xt, Yt, Xv, Yv = X[:4000], Y[:4000], X[4000:], Y[4000:]
model = nn.Sequential(nn.Linear(784, 200), nn.ReLU(), nn.Linear(200, 100), nn.ReLU(), nn.Linear(100, 10))
opt = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=1.0)
for ep in range(12):
    tot = 0
    for idx in torch.randperm(4000).split(50):
        opt.zero_grad()
        l = F.cross_entropy(model(Xt[idx]), Yt[idx])
        l.backward()
        opt.step()
        tot += l.item() * len(idx)
    with torch.no_grad():
        out = model(Xv)
        print("epoch", ep, "train", round(tot / 4000, 4), "val", round(F.cross_entropy(out, Yv).item(), 4), "acc", (out.argmax(1) == Yv).float().mean().item())
