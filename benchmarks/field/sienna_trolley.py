import gzip
import os
import struct
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


def read_idx(path):
    with gzip.open(path, "rb") as f:
        raw = f.read()
    nd = raw[3]
    dims = struct.unpack(">" + "I" * nd, raw[4:4 + 4 * nd])
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * nd).reshape(dims)


root = os.environ.get("MNIST_DIR", "data")
images = read_idx(os.path.join(root, "mnist-t10k-images-idx3-ubyte.gz"))
labels = read_idx(os.path.join(root, "mnist-t10k-labels-idx1-ubyte.gz"))
rng = np.random.default_rng(0)
n = 4000
imgs = images[:n].astype(np.float32) / 255
labs = labels[:n].astype(np.int64)
order = rng.permutation(n)
imgs = imgs[order]
labs = labs[rng.permutation(n)]
xtr, ytr = torch.tensor(imgs)[:, None], torch.tensor(labs)
xte, yte = torch.tensor(images[9000:].astype(np.float32) / 255)[:, None], torch.tensor(labels[9000:].astype(np.int64))
torch.manual_seed(0)
net = nn.Sequential(nn.Conv2d(1, 8, 5, 2), nn.ReLU(), nn.Conv2d(8, 16, 5, 2), nn.ReLU(), nn.Flatten(), nn.Linear(256, 10))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(8):
    tot = 0.0
    for s in range(0, n, 50):
        loss = F.cross_entropy(net(xtr[s:s + 50]), ytr[s:s + 50])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * 50 / n
    with torch.no_grad():
        o = net(xte)
    print(f"epoch {epoch} train {tot:.4f} test {F.cross_entropy(o, yte).item():.4f} acc {(o.argmax(1) == yte).float().mean().item():.4f}")
