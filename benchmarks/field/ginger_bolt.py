import os
import gzip
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, d, depth):
        super().__init__()
        self.up = nn.Linear(d, d)
        self.down = nn.Linear(d, d)
        nn.init.kaiming_normal_(self.up.weight)
        nn.init.kaiming_normal_(self.down.weight)
        self.scale = 1.0

    def forward(self, h):
        return h + self.scale * self.down(F.relu(self.up(h)))


class Deep(nn.Module):
    def __init__(self, d=64, depth=16):
        super().__init__()
        self.stem = nn.Linear(784, d)
        self.blocks = nn.Sequential(*[Block(d, depth) for _ in range(depth)])
        self.head = nn.Linear(d, 10)

    def forward(self, x):
        return self.head(self.blocks(self.stem(x)))


def main():
    torch.manual_seed(71)
    d = os.environ["MNIST_DIR"]
    x = np.frombuffer(gzip.open(d + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 784)
    y = np.frombuffer(gzip.open(d + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)
    x, y = torch.tensor((x - 33.3) / 78.6).float(), torch.tensor(y).long()
    p = torch.randperm(len(x))
    net = Deep()
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    n = 0
    for epoch in range(4):
        for j in p[:8000][torch.randperm(8000)].split(64):
            loss = F.cross_entropy(net(x[j]), y[j])
            opt.zero_grad()
            loss.backward()
            opt.step()
            n += 1
            if n % 50 == 1:
                print(f"update {n} loss {loss.item():.4f}")
        with torch.no_grad():
            out = net(x[p[8000:]])
            print(f"epoch {epoch} test {F.cross_entropy(out, y[p[8000:]]).item():.4f} acc {(out.argmax(1) == y[p[8000:]]).float().mean().item():.4f}")


main()
