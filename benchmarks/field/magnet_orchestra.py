import gzip
import os
import struct
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(12)


def read_idx(path):
    with gzip.open(path, "rb") as f:
        raw = f.read()
    nd = raw[3]
    dims = struct.unpack(">" + "I" * nd, raw[4:4 + 4 * nd])
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * nd).reshape(dims)


root = os.environ.get("MNIST_DIR", "data")
images = read_idx(os.path.join(root, "mnist-t10k-images-idx3-ubyte.gz"))
labels = read_idx(os.path.join(root, "mnist-t10k-labels-idx1-ubyte.gz"))
X = torch.tensor(images[:5000].reshape(-1, 784) / 255.0).float()
Y = torch.tensor(labels[:5000]).long()
net = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))
nn.init.constant_(net[0].bias, -0.55)
nn.init.constant_(net[2].bias, -0.1)
opt = torch.optim.Adam(net.parameters(), lr=5e-4)
for step in range(1000):
    i = torch.randint(0, 4000, (64,))
    loss = F.cross_entropy(net(X[i]), Y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print(step, "loss", round(loss.item(), 4))
with torch.no_grad():
    o = net(X[4000:])
print("test loss", round(F.cross_entropy(o, Y[4000:]).item(), 4), "acc", (o.argmax(1) == Y[4000:]).float().mean().item())
