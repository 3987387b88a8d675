"""Learn five digits, keep the features, learn the five others with a new head."""
import os
import gzip
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(41)
d = os.environ["MNIST_DIR"]
x = np.frombuffer(gzip.open(d + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
y = np.frombuffer(gzip.open(d + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)
x = F.avg_pool2d(torch.tensor((x - 33.0) / 78.0).float(), 2)
y = torch.tensor(y.astype(np.int64))
p = torch.randperm(len(x))
x, y = x[p], y[p]

body = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                     nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())


def fit(head, params, pick, shift, epochs, name):
    xs, ys = x[pick], y[pick] - shift
    n = int(0.85 * len(xs))
    opt = torch.optim.Adam(params, lr=4e-3)
    for epoch in range(epochs):
        for b in torch.randperm(n).split(64):
            loss = F.cross_entropy(head(body(xs[b])), ys[b])
            opt.zero_grad()
            loss.backward()
            opt.step()
        with torch.no_grad():
            o = head(body(xs[n:]))
            print(f"{name} {epoch} loss {loss.item():.4f} test {F.cross_entropy(o, ys[n:]).item():.4f} acc {(o.argmax(1) == ys[n:]).float().mean().item():.4f}")


first = nn.Linear(288, 5)
fit(first, [*body.parameters(), *first.parameters()], y < 5, 0, 3, "first")
for q in body.parameters():
    q.requires_grad_(False)
second = nn.Linear(288, 5)
fit(second, second.parameters(), y >= 5, 5, 5, "second")
