import gzip
import os
import struct
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(21)


def read_idx(path):
    with gzip.open(path, "rb") as f:
        raw = f.read()
    nd = raw[3]
    dims = struct.unpack(">" + "I" * nd, raw[4:4 + 4 * nd])
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * nd).reshape(dims)


root = os.environ.get("MNIST_DIR", "data")
images = read_idx(os.path.join(root, "mnist-t10k-images-idx3-ubyte.gz"))
labels = read_idx(os.path.join(root, "mnist-t10k-labels-idx1-ubyte.gz"))
x_all = torch.tensor(images[:6000]).float().div(255).unsqueeze(1)
y_all = torch.tensor(labels[:6000]).long()
low = y_all < 5
trunk = nn.Sequential(nn.Conv2d(1, 8, 5, stride=2), nn.ReLU(), nn.Conv2d(8, 16, 5, stride=2), nn.ReLU(), nn.Flatten(), nn.Linear(256, 48), nn.ReLU())


def fit(head, params, x, y, steps, tag):
    opt = torch.optim.Adam(params, lr=2e-3)
    n = len(x) - 500
    for s in range(steps):
        i = torch.randint(0, n, (64,))
        loss = F.cross_entropy(head(trunk(x[i])), y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        if s % 100 == 0:
            print(tag, s, f"{loss.item():.4f}")
    with torch.no_grad():
        acc = (head(trunk(x[n:])).argmax(1) == y[n:]).float().mean().item()
    print(tag, "loss", f"{loss.item():.4f}", "accuracy", round(acc, 4))


head_a = nn.Linear(48, 5)
fit(head_a, list(trunk.parameters()) + list(head_a.parameters()), x_all[low], y_all[low], 400, "source")

# keep the features, only learn a new read-out for the other five digits
for p in trunk.parameters():
    p.requires_grad_(False)
head_b = nn.Sequential(nn.Linear(48, 64), nn.ReLU(), nn.Linear(64, 5))
fit(head_b, head_b.parameters(), x_all[~low], y_all[~low] - 5, 500, "target")
