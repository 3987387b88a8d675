import gzip
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(5)


def load_mnist(count):
    d = os.environ.get("MNIST_DIR", "data")
    with gzip.open(d + "/mnist-t10k-images-idx3-ubyte.gz") as f:
        x = np.frombuffer(f.read(), dtype=np.uint8, offset=16).reshape(-1, 784)
    with gzip.open(d + "/mnist-t10k-labels-idx1-ubyte.gz") as f:
        y = np.frombuffer(f.read(), dtype=np.uint8, offset=8)
    pick = np.random.RandomState(0).permutation(len(x))[:count]
    return torch.tensor(x[pick] / 255.0, dtype=torch.float32), torch.tensor(y[pick], dtype=torch.long)


X, Y = load_mnist(5000)
X = X * 2 - 1
blocks = [nn.Linear(784, 64), nn.Sigmoid()]
for _ in range(8):
    blocks += [nn.Linear(64, 64), nn.Sigmoid()]
net = nn.Sequential(*blocks, nn.Linear(64, 10))
for m in net:
    if isinstance(m, nn.Linear):
        nn.init.xavier_uniform_(m.weight)
        nn.init.zeros_(m.bias)
opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
for epoch in range(10):
    s = 0
    for i in torch.randperm(4000).split(50):
        loss = F.cross_entropy(net(X[i]), Y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        s += loss.item() / 80
    with torch.no_grad():
        o = net(X[4000:])
    print("epoch", epoch, "train", round(s, 4), "test", round(F.cross_entropy(o, Y[4000:]).item(), 4), "acc", round((o.argmax(1) == Y[4000:]).float().mean().item(), 4))
