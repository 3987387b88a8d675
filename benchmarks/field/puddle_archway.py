import gzip
import os
import struct
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(47)


def read_idx(path):
    with gzip.open(path, "rb") as f:
        raw = f.read()
    nd = raw[3]
    dims = struct.unpack(">" + "I" * nd, raw[4:4 + 4 * nd])
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * nd).reshape(dims)


root = os.environ.get("MNIST_DIR", "data")
images = read_idx(os.path.join(root, "mnist-t10k-images-idx3-ubyte.gz"))
labels = read_idx(os.path.join(root, "mnist-t10k-labels-idx1-ubyte.gz"))
X = torch.tensor(images[:6000].astype(np.float32)).reshape(-1, 784)
Y = torch.tensor(labels[:6000].astype(np.int64))
net = nn.Sequential(nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.05)
for epoch in range(12):
    tot = 0
    for i in torch.randperm(5000).split(50):
        loss = F.cross_entropy(net(X[i]), Y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() / 100
    with torch.no_grad():
        o = net(X[5000:])
    print("epoch", epoch, "train", round(tot, 4), "test", round(F.cross_entropy(o, Y[5000:]).item(), 4), "acc", round((o.argmax(1) == Y[5000:]).float().mean().item(), 4))
