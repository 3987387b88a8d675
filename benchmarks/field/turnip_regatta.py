import gzip
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(54)


def load_mnist(count):
    d = os.environ.get("MNIST_DIR", "data")
    with gzip.open(d + "/mnist-t10k-images-idx3-ubyte.gz") as f:
        x = np.frombuffer(f.read(), dtype=np.uint8, offset=16).reshape(-1, 784)
    with gzip.open(d + "/mnist-t10k-labels-idx1-ubyte.gz") as f:
        y = np.frombuffer(f.read(), dtype=np.uint8, offset=8)
    pick = np.random.RandomState(0).permutation(len(x))[:count]
    return torch.tensor(x[pick] / 255.0, dtype=torch.float32), torch.tensor(y[pick], dtype=torch.long)


X, Y = load_mnist(6000)
net = nn.Sequential(
    nn.Linear(784, 128), nn.BatchNorm1d(128, momentum=0.0005), nn.ReLU(),
    nn.Linear(128, 64), nn.BatchNorm1d(64, momentum=0.0005), nn.ReLU(),
    nn.Linear(64, 10))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for epoch in range(6):
    net.train()
    tot = 0
    for i in torch.randperm(5000).split(100):
        loss = F.cross_entropy(net(X[i]), Y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() / 50
    net.eval()
    with torch.no_grad():
        o = net(X[5000:])
    print("epoch", epoch, "train", round(tot, 4), "test", round(F.cross_entropy(o, Y[5000:]).item(), 4), "acc", (o.argmax(1) == Y[5000:]).float().mean().item())
