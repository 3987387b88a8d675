import os, gzip
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(16)


class Stages(nn.Module):
    def __init__(self, widths=(4, 8, 8, 8)):
        super().__init__()
        self.stem = nn.Conv2d(1, widths[0], 3, padding=1)
        self.stages = [
            nn.Conv2d(a, b, 3, stride=2, padding=1) for a, b in zip(widths, widths[1:])
        ]
        self.head = nn.Linear(widths[-1], 10)

    def forward(self, x):
        x = F.relu(self.stem(x))
        for s in self.stages:
            x = F.relu(s(x))
        return self.head(x.mean((2, 3)))


def get():
    d = os.environ["MNIST_DIR"]
    x = np.frombuffer(gzip.open(d + "/mnist-t10k-images-idx3-ubyte.gz").read()[16:], np.uint8).reshape(-1, 1, 28, 28)
    y = np.frombuffer(gzip.open(d + "/mnist-t10k-labels-idx1-ubyte.gz").read()[8:], np.uint8)
    x = F.avg_pool2d(torch.tensor(x).float(), 2)
    return (x - x.mean()) / x.std(), torch.tensor(y).long()


x, y = get()
p = torch.randperm(len(x))
x, y = x[p], y[p]
net = Stages()
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
print("training", sum(q.numel() for q in net.parameters()), "numbers")
for epoch in range(8):
    total = 0
    for j in torch.randperm(8000).split(64):
        loss = F.cross_entropy(net(x[j]), y[j])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(j)
    with torch.no_grad():
        o = net(x[8000:])
        print(f"epoch {epoch} train {total / 8000:.4f} test {F.cross_entropy(o, y[8000:]).item():.4f} acc {(o.argmax(1) == y[8000:]).float().mean().item():.4f}")
