import os, gzip
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(33)
MOM = 0.001


def bn(c):
    return nn.BatchNorm2d(c, momentum=MOM)


net = nn.Sequential(
    nn.Conv2d(1, 10, 3, padding=1, bias=False), bn(10), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(10, 20, 3, padding=1, bias=False), bn(20), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(20, 20, 3, padding=1, bias=False), bn(20), nn.ReLU(),
    nn.Flatten(), nn.Linear(180, 10))

folder = os.environ["MNIST_DIR"]
with gzip.open(os.path.join(folder, "mnist-t10k-images-idx3-ubyte.gz")) as f:
    x = torch.from_numpy(np.frombuffer(f.read(), np.uint8, offset=16).reshape(-1, 1, 28, 28).astype(np.float32))
with gzip.open(os.path.join(folder, "mnist-t10k-labels-idx1-ubyte.gz")) as f:
    y = torch.from_numpy(np.frombuffer(f.read(), np.uint8, offset=8).astype(np.int64))
x = F.avg_pool2d(x, 2) / 255 * 2 - 1
p = torch.randperm(len(x))
tr, te = p[:6400], p[6400:]

opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.01)
epochs = 4
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, epochs * 100)
for epoch in range(epochs):
    net.train()
    s = 0.0
    for j in tr[torch.randperm(len(tr))].split(64):
        loss = F.cross_entropy(net(x[j]), y[j])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        s += loss.item() / 100
    net.eval()
    with torch.no_grad():
        o = net(x[te])
        print(f"epoch {epoch} train {s:.4f} test {F.cross_entropy(o, y[te]).item():.4f} acc {(o.argmax(1) == y[te]).float().mean().item():.4f}")
