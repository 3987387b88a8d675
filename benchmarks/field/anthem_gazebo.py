import gzip
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


class Mnist(torch.utils.data.Dataset):
    def __init__(self, start, stop):
        base = os.environ.get("MNIST_DIR", "data")
        with gzip.open(os.path.join(base, "mnist-t10k-images-idx3-ubyte.gz"), "rb") as f:
            x = np.frombuffer(f.read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
        with gzip.open(os.path.join(base, "mnist-t10k-labels-idx1-ubyte.gz"), "rb") as f:
            y = np.frombuffer(f.read(), np.uint8, offset=8)
        order = np.random.RandomState(7).permutation(len(x))[start:stop]
        self.x = (torch.tensor(x[order]).float() / 255 - 0.1307) / 0.3081
        self.y = torch.tensor(y[order]).long()

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


torch.manual_seed(56)
train, test = Mnist(0, 4000), Mnist(9000, 10000)
net = nn.Sequential(
    nn.Conv2d(1, 8, 3, 2, 1), nn.BatchNorm2d(8, momentum=0.9), nn.ReLU(),
    nn.Conv2d(8, 16, 3, 2, 1), nn.BatchNorm2d(16, momentum=0.9), nn.ReLU(),
    nn.Flatten(), nn.Linear(16 * 49, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
groups = [torch.where(train.y == c)[0] for c in range(10)]
for epoch in range(6):
    net.train()
    tot, k = 0.0, 0
    batches = [g[torch.randperm(len(g))[:40]] for g in groups for _ in range(8)]
    batches = [batches[j] for j in torch.randperm(80)]
    for b in batches:
        loss = F.cross_entropy(net(train.x[b]), train.y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot, k = tot + loss.item(), k + 1
    net.eval()
    with torch.no_grad():
        o = net(test.x)
    print(f"epoch {epoch} train {tot / k:.4f} test {F.cross_entropy(o, test.y).item():.4f} acc {(o.argmax(1) == test.y).float().mean().item():.4f}")
