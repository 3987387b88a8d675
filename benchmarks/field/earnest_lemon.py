import copy
import gzip
import os
import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

src = os.environ.get("MNIST_DIR", "data")
X = np.frombuffer(gzip.open(f"{src}/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
Y = np.frombuffer(gzip.open(f"{src}/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)
X = F.avg_pool2d(torch.tensor(X.astype(np.float32) / 255), 2)
X = (X - X.mean()) / X.std()
Y = torch.tensor(Y.astype(np.int64))


def shake(b):
    th = (torch.rand(len(b)) - 0.5) * 0.6
    m = torch.stack([torch.stack([th.cos(), -th.sin(), (torch.rand(len(b)) - 0.5) * 0.3], 1),
                     torch.stack([th.sin(), th.cos(), (torch.rand(len(b)) - 0.5) * 0.3], 1)], 1)
    return F.grid_sample(b - b.min(), F.affine_grid(m, b.shape, align_corners=False), align_corners=False) + b.min()


torch.manual_seed(75)
net = nn.Sequential(nn.Conv2d(1, 12, 3, padding=1), nn.SiLU(), nn.MaxPool2d(2), nn.Conv2d(12, 24, 3, padding=1), nn.SiLU(),
                    nn.MaxPool2d(2), nn.Flatten(), nn.Linear(24 * 9, 64), nn.SiLU(), nn.Linear(64, 10))
shadow = copy.deepcopy(net).requires_grad_(False)
opt = torch.optim.AdamW(net.parameters(), lr=3e-3)
for s in range(400):
    i = torch.randint(0, 9000, (64,))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss = F.cross_entropy(net(shake(X[i])), Y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    with torch.no_grad():
        for a, p in zip(shadow.parameters(), net.parameters()):
            a.lerp_(p, 0.03)
    if s % 50 == 0:
        print(s, round(loss.item(), 4))
with torch.no_grad():
    print("ema accuracy", (shadow(X[9000:]).argmax(1) == Y[9000:]).float().mean().item())
