import copy
import gzip
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


class Res(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.n = nn.GroupNorm(4, c)
        self.c1 = nn.Conv2d(c, c, 3, padding=1)
        self.c2 = nn.Conv2d(c, c, 3, padding=1)

    def forward(self, x):
        return x + self.c2(F.relu(self.c1(F.relu(self.n(x)))))


def build():
    return nn.Sequential(nn.Conv2d(1, 16, 3, 2, 1), Res(16), nn.Conv2d(16, 24, 3, 2, 1), Res(24), nn.ReLU(), nn.Flatten(), nn.Linear(24 * 16, 10))


def test(net, x, y):
    net.eval()
    with torch.no_grad():
        o = net(x)
    net.train()
    return f"{F.cross_entropy(o, y).item():.4f} acc {(o.argmax(1) == y).float().mean().item():.4f}"


torch.manual_seed(2)
d = os.environ["MNIST_DIR"]
x = np.frombuffer(gzip.open(d + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
y = np.frombuffer(gzip.open(d + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)
x = F.avg_pool2d(torch.tensor((x - 33.0) / 78.0).float(), 2)
y = torch.tensor(y.astype(np.int64))
p = torch.randperm(len(x))
x, y = x[p], y[p]
net = build()
ema = copy.deepcopy(net)
for q in ema.parameters():
    q.requires_grad_(False)
opt = torch.optim.SGD(net.parameters(), lr=0.03, momentum=0.9, weight_decay=5e-4)
n = 0
for epoch in range(5):
    for b in torch.randperm(8000).split(64):
        loss = F.cross_entropy(net(x[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        n += 1
        w = min(0.99, (1 + n) / (10 + n))
        with torch.no_grad():
            for e, q in zip(ema.parameters(), net.parameters()):
                e.lerp_(q, 1 - w)
    print(f"epoch {epoch} batch {loss.item():.4f} raw {test(net, x[8000:], y[8000:])} averaged {test(ema, x[8000:], y[8000:])}")
